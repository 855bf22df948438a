//! What controls are.

use sspr::protocol::portal::ControlKind;

use crate::window::{control, form, page};

#[test]
fn every_kind_is_known() {
    for (html, expected) in [
        ("<input name=x>", ControlKind::Text),
        ("<input name=x type=TEXT>", ControlKind::Text),
        ("<input name=x type=foo>", ControlKind::Text),
        ("<input name=x type=' text'>", ControlKind::Text),
        ("<input name=x type=Hidden>", ControlKind::Hidden),
        ("<input name=x type=search>", ControlKind::Search),
        ("<input name=x type=tel>", ControlKind::Tel),
        ("<input name=x type=url>", ControlKind::Url),
        ("<input name=x type=email>", ControlKind::Email),
        ("<input name=x type=password>", ControlKind::Password),
        ("<input name=x type=number>", ControlKind::Other),
        ("<input name=x type=datetime-local>", ControlKind::Other),
        ("<input name=x type=checkbox>", ControlKind::Checkbox),
        ("<input name=x type=radio>", ControlKind::Radio),
        ("<input name=x type=file>", ControlKind::File),
        ("<input name=x type=submit>", ControlKind::Submit),
        ("<input name=x type=image>", ControlKind::Image),
        ("<input name=x type=reset>", ControlKind::Reset),
        ("<input name=x type=button>", ControlKind::Button),
        ("<button name=x>", ControlKind::Submit),
        ("<button name=x type=foo>", ControlKind::Submit),
        ("<button name=x type=button>", ControlKind::Button),
        ("<button name=x type=RESET>", ControlKind::Reset),
        ("<textarea name=x></textarea>", ControlKind::TextArea),
        ("<select name=x></select>", ControlKind::Select),
        ("<select name=x multiple></select>", ControlKind::SelectMany),
    ] {
        let page = page(&format!("<form>{html}"));
        assert_eq!(control(&page, "x").kind(), expected, "{html}");
    }
}

#[test]
fn what_a_control_says_of_itself_is_there() {
    let page = page(
        "<form><input id=box name=x type=password value=v required maxlength=' 16px' autocomplete=New-Password \
         placeholder='At least 8' readonly><input name=y maxlength=-1><input name=z type=checkbox checked></form>",
    );
    let x = control(&page, "x");
    assert_eq!(x.id(), Some("box"));
    assert_eq!(x.value(), "v");
    assert!(x.is_required() && x.is_read_only() && !x.is_disabled() && !x.is_checked());
    assert_eq!(x.max_length(), Some(16));
    assert_eq!(x.autocomplete(), Some("new-password"));
    assert_eq!(x.placeholder(), Some("At least 8"));
    assert!(std::ptr::eq(form(&page).control_by_id("box").unwrap(), x));
    let y = control(&page, "y");
    assert!(!y.is_required() && !y.is_read_only());
    assert_eq!(
        (y.max_length(), y.id(), y.autocomplete()),
        (None, None, None)
    );
    assert!(control(&page, "z").is_checked());
    assert_eq!(control(&page, "z").value(), "on");
}

#[test]
fn the_choices_of_a_list_are_there() {
    let page = page(
        "<form><select name=x><option value=1>Eins &amp; <b>mehr</b><option label=Zwei>2\
         <optgroup label=G disabled><option>3</optgroup></select></form>",
    );
    let list = control(&page, "x");
    let choices: Vec<_> = list
        .choices()
        .iter()
        .map(|choice| {
            (
                choice.value(),
                choice.text(),
                choice.is_selected(),
                choice.is_disabled(),
            )
        })
        .collect();
    assert_eq!(
        choices,
        [
            ("1", "Eins & mehr", true, false),
            ("2", "Zwei", false, false),
            ("3", "3", false, true)
        ]
    );
    assert_eq!(list.value(), "1");
}

#[test]
fn radio_buttons_of_a_name_are_a_group_within_their_form() {
    let page = page(
        "<form><input type=radio name=a value=1 checked><input type=radio name=b value=2 checked>\
         <input name=a value=3></form><form><input type=radio name=a value=4 checked></form>",
    );
    let values = |form: usize, name| {
        let radios = page.forms()[form].radios(name);
        radios
            .map(|radio| (radio.value(), radio.is_checked()))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(0, "a"), [("1", true)]);
    assert_eq!(values(0, "b"), [("2", true)]);
    assert_eq!(values(1, "a"), [("4", true)]);
    assert_eq!(page.forms()[0].named("a").count(), 2);
}

#[test]
fn the_enter_key_presses_the_first_button_that_sends() {
    let page = page(
        "<form><button type=button name=a></button><input type=submit name=b><button name=c></button></form>",
    );
    assert_eq!(form(&page).default_button().unwrap().name(), "b");
    let page = crate::window::page("<form><input name=a></form>");
    assert!(form(&page).default_button().is_none());
}
