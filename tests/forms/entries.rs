//! Which entries a form sends (HTML, "constructing the entry list").

use crate::window::{page, sent, sent_by};

#[test]
fn only_successful_controls_are_sent() {
    let html = "<form method=post>
        <input name=a value=1>
        <input value='no name'>
        <input name='' value='empty name'>
        <input name=b value=2 disabled>
        <input type=checkbox name=c value=3>
        <input type=checkbox name=d value=4 checked>
        <input type=checkbox name=e checked>
        <input type=radio name=f value=5>
        <input type=radio name=f value=6 checked>
        <input type=submit name=g value=7>
        <input type=image name=h>
        <input type=reset name=i value=8>
        <input type=button name=j value=9>
        <button name=k value=10>Go</button>
        <input type=file name=l>
        <textarea name=m>11</textarea>
        <output name=n>12</output>
        <object name=o></object>
    </form>";
    assert_eq!(sent(html), "a=1&d=4&e=on&f=6&l=&m=11");
}

#[test]
fn a_file_is_sent_as_if_none_were_chosen() {
    let html = "<form method=post><input type=file name=l value=/etc/passwd>";
    assert_eq!(sent(html), "l=");
}

#[test]
fn the_button_that_is_pressed_is_sent_in_its_place() {
    let html = "<form method=post><input name=a value=1><button name=k value=v>Go</button><input name=b value=2>\
        <input type=submit name=s><input type=image name=i><input type=image id=bare></form>";
    assert_eq!(sent_by(html, "k").unwrap(), "a=1&k=v&b=2");
    assert_eq!(sent_by(html, "s").unwrap(), "a=1&b=2&s=");
    assert_eq!(sent_by(html, "i").unwrap(), "a=1&b=2&i.x=0&i.y=0");
    assert_eq!(sent_by(html, "").unwrap(), "a=1&b=2&x=0&y=0");
}

#[test]
fn of_a_list_the_chosen_are_sent() {
    let options = "<option value=1>one<option disabled selected>two<option selected>three<option selected value=4>four";
    assert_eq!(
        sent(&format!(
            "<form method=post><select name=s>{options}</select>"
        )),
        "s=4"
    );
    assert_eq!(
        sent(&format!(
            "<form method=post><select name=s multiple>{options}</select>"
        )),
        "s=three&s=4"
    );
}

#[test]
fn a_list_of_one_line_begins_with_its_first_choice() {
    for (list, expected) in [
        ("<select name=s><option>a<option>b</select>", "s=a"),
        ("<select name=s><option disabled>a<option>b</select>", "s=b"),
        ("<select name=s size=1><option>a</select>", "s=a"),
        ("<select name=s size=2><option>a</select>", ""),
        ("<select name=s multiple><option>a</select>", ""),
        ("<select name=s></select>", ""),
        ("<select name=s><option disabled>a</select>", ""),
        ("<select name=s disabled><option>a</select>", ""),
        (
            "<select name=s><optgroup disabled><option>a</optgroup><option>b</select>",
            "s=b",
        ),
        ("<select name=s><option> a \n b </select>", "s=a+b"),
        ("<select name=s><option label=shown>a</select>", "s=a"),
        ("<select name=s><option value=''>a</select>", "s="),
        // What is selected and disabled is not sent, and nothing else takes its place.
        (
            "<select name=s><option selected disabled>a<option>b</select>",
            "",
        ),
    ] {
        assert_eq!(
            sent(&format!("<form method=post>{list}")),
            expected,
            "{list}"
        );
    }
}

#[test]
fn of_a_group_the_last_checked_counts() {
    let html = "<form method=post><input type=radio name=r value=1 checked><input type=radio name=r value=2 checked>\
        <input type=radio name=q value=3 checked><input type=radio name=r value=4></form>";
    assert_eq!(sent(html), "r=2&q=3");
}

#[test]
fn what_a_group_disables_is_not_sent() {
    let html = "<form method=post><fieldset disabled>
        <legend><input name=a value=1><fieldset disabled><legend><input name=b value=1></legend><input name=c></fieldset></legend>
        <legend><input name=d></legend>
        <input name=e>
        <fieldset><legend><input name=f></legend><input name=g></fieldset>
        </fieldset><input name=h value=1></form>";
    assert_eq!(sent(html), "a=1&b=1&h=1");
    let nested = "<form method=post><fieldset disabled><div><legend><input name=a></legend></div></fieldset>";
    assert_eq!(sent(nested), "");
}

#[test]
fn what_a_list_of_suggestions_holds_is_not_sent() {
    assert_eq!(
        sent(
            "<form method=post><datalist><input name=a value=1><option>x</datalist><input name=b value=2>"
        ),
        "b=2"
    );
}

#[test]
fn line_ends_become_carriage_return_and_line_feed() {
    let html = "<form method=post><textarea name=a>\none\ntwo\r\nthree\rfour</textarea>\
        <input type=hidden name='b&#10;c' value='1&#10;2&#13;3'>\
        <input name=d value='1&#10;2&#13;&#10;3'></form>";
    assert_eq!(
        sent(html),
        "a=one%0D%0Atwo%0D%0Athree%0D%0Afour&b%0D%0Ac=1%0D%0A2%0D%0A3&d=123"
    );
}

#[test]
fn names_and_values_are_encoded() {
    let html = "<form method=post><input name='ctl00$a b' value='1+1=2&amp;3 %41 *-._~'>\
        <input name=パ value=𝒳></form>";
    assert_eq!(
        sent(html),
        "ctl00%24a+b=1%2B1%3D2%263+%2541+*-._%7E&%E3%83%91=%F0%9D%92%B3"
    );
}

#[test]
fn the_name_of_the_encoding_is_filled_in() {
    assert_eq!(
        sent(
            "<form method=post><input type=hidden name=_charset_ value=x><input name=_charset_ value=y>"
        ),
        "_charset_=UTF-8&_charset_=y"
    );
}

#[test]
fn the_direction_of_a_text_is_told_where_it_is_asked_for() {
    let html = "<html dir=rtl><form method=post><input name=a value=1 dirname=a.dir>\
        <div dir=LTR><textarea name=b dirname=b.dir></textarea></div>\
        <input type=checkbox checked name=c dirname=c.dir><input name=d dirname=''></form>";
    assert_eq!(sent(html), "a=1&a.dir=rtl&b=&b.dir=ltr&c=on&d=");
}

#[test]
fn values_are_cleaned_as_their_kind_demands() {
    let html = "<form method=post><input type=email name=a value=' a@b.example&#10; '><input type=url name=b value=' x '>\
        <input type=text name=c value=' x '><input type=password name=d value='&#10;x'>\
        <input type=hidden name=e value=' x '><input type=search name=f value='a&#13;b'>\
        <input type=unheard-of name=g value='a&#10;b'></form>";
    assert_eq!(sent(html), "a=a%40b.example&b=x&c=+x+&d=x&e=+x+&f=ab&g=ab");
}

#[test]
fn entries_come_in_the_order_of_the_page_whatever_form_they_stand_in() {
    let html = "<input form=f name=before value=1><form id=f method=post><input name=inside value=2></form>\
        <div><input form=f name=after value=3></div>";
    assert_eq!(sent(html), "before=1&inside=2&after=3");
}

#[test]
fn a_form_that_is_empty_sends_nothing() {
    assert_eq!(sent("<form method=post></form>"), "");
    assert!(page("<p>no form at all").forms().is_empty());
}
