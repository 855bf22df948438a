//! What a person enters.

use sspr::protocol::portal::FormFault;

use crate::window::{body, control, form, page, sent_by};

const PAGE: &str = "<form method=post>
    <input type=hidden name=token value=t>
    <input name=user value=before maxlength=8>
    <input type=password name=new>
    <textarea name=note maxlength=5></textarea>
    <input name=fixed value=f readonly>
    <input name=off disabled>
    <input type=checkbox name=keep value=yes>
    <input type=radio name=way value=mail checked>
    <input type=radio name=way value=text>
    <input type=radio name=way value=call disabled>
    <select name=country><option>de<option>jp<option disabled>xx</select>
    <select name=many multiple><option selected>1<option>2<option>3</select>
    <button name=go value=1>Go</button>
    <button type=button name=script>Script</button>
    <button name=never disabled>Never</button>
    </form>";

const REST: &str = "&fixed=f&way=mail&country=de&many=1";

#[test]
fn a_text_takes_the_place_of_the_value() {
    let page = page(PAGE);
    let form = form(&page);
    let submission = page.submission(form);
    let submission = submission.fill(control(&page, "user"), "Zoë 𝒳").unwrap();
    let submission = submission.fill(control(&page, "new"), "a&b=c").unwrap();
    let submission = submission.fill(control(&page, "note"), "1\n2").unwrap();
    let sent = body(&submission.request().unwrap());
    let expected = "token=t&user=Zo%C3%AB+%F0%9D%92%B3&new=a%26b%3Dc&note=1%0D%0A2";
    assert_eq!(sent, [expected, REST].concat());
    // Nothing of it stays on the page.
    assert_eq!(control(&page, "user").value(), "before");
    let again = body(&page.submission(form).request().unwrap());
    assert_eq!(again, ["token=t&user=before&new=&note=", REST].concat());
}

#[test]
fn what_is_entered_last_counts() {
    let page = page(PAGE);
    let user = control(&page, "user");
    let submission = page.submission(form(&page)).fill(user, "one").unwrap();
    let submission = submission.fill(user, "two").unwrap();
    assert!(body(&submission.request().unwrap()).contains("user=two&"));
}

#[test]
fn marks_and_choices_are_set() {
    let page = page(PAGE);
    let form = form(&page);
    let mail = form.radios("way").next().unwrap();
    let text = form.radios("way").nth(1).unwrap();
    let keep = control(&page, "keep");
    let submission = page.submission(form).check(text, true).unwrap();
    let submission = submission.check(keep, true).unwrap();
    let submission = submission.choose(control(&page, "country"), "jp").unwrap();
    let submission = submission.choose(control(&page, "many"), "3").unwrap();
    let sent = body(&submission.request().unwrap());
    let end = "&keep=yes&way=text&country=jp&many=1&many=3";
    assert!(sent.ends_with(end), "{sent}");

    let submission = submission.check(mail, true).unwrap();
    let submission = submission.check(keep, false).unwrap();
    let submission = submission.choose(control(&page, "country"), "de").unwrap();
    let sent = body(&submission.request().unwrap());
    assert!(
        sent.ends_with("&fixed=f&way=mail&country=de&many=1&many=3"),
        "{sent}"
    );
}

#[test]
fn a_control_takes_no_answer_of_another_kind() {
    let page = page(PAGE);
    let form = form(&page);
    let kind = |name: &str| Some(FormFault::Kind(name.into()));
    for name in ["token", "keep", "way", "country", "go", "script"] {
        let fault = page.submission(form).fill(control(&page, name), "x").err();
        assert_eq!(fault, kind(name));
    }
    for name in ["token", "user", "country", "go"] {
        let fault = page
            .submission(form)
            .check(control(&page, name), true)
            .err();
        assert_eq!(fault, kind(name));
    }
    for name in ["token", "user", "keep", "way", "country"] {
        let fault = page
            .submission(form)
            .choose(control(&page, name), "x")
            .err();
        assert_eq!(fault, kind(name));
    }
    for name in ["token", "user", "keep", "way", "country", "script"] {
        let fault = page.submission(form).press(control(&page, name)).err();
        assert_eq!(fault, kind(name));
    }
    // Nobody can take the mark from a radio button.
    let fault = page
        .submission(form)
        .check(control(&page, "way"), false)
        .err();
    assert_eq!(fault, kind("way"));
}

#[test]
fn what_cannot_be_used_is_not() {
    let page = page(PAGE);
    let form = form(&page);
    let disabled = |name: &str| Some(FormFault::Disabled(name.into()));
    for name in ["fixed", "off"] {
        let fault = page.submission(form).fill(control(&page, name), "x").err();
        assert_eq!(fault, disabled(name));
    }
    let call = form.radios("way").nth(2).unwrap();
    assert_eq!(
        page.submission(form).check(call, true).err(),
        disabled("way")
    );
    let country = control(&page, "country");
    assert_eq!(
        page.submission(form).choose(country, "xx").err(),
        disabled("country")
    );
    assert_eq!(sent_by(PAGE, "never").err(), disabled("never"));
}

#[test]
fn what_does_not_fit_is_refused() {
    let page = page(PAGE);
    let form = form(&page);
    let user = control(&page, "user");
    assert!(page.submission(form).fill(user, "12345678").is_ok());
    // Each of these counts twice.
    assert!(page.submission(form).fill(user, "𝒳𝒳𝒳𝒳").is_ok());
    let too_long = Some(FormFault::TooLong("user".into()));
    assert_eq!(
        page.submission(form).fill(user, "123456789").err(),
        too_long
    );
    assert_eq!(page.submission(form).fill(user, "𝒳𝒳𝒳𝒳1").err(), too_long);
    let line_end = Some(FormFault::LineEnd("user".into()));
    assert_eq!(page.submission(form).fill(user, "1\n2").err(), line_end);
    assert_eq!(page.submission(form).fill(user, "1\r").err(), line_end);
}

#[test]
fn a_control_of_another_form_is_refused() {
    let page =
        page("<form><input name=a></form><form><input name=a><button name=b>B</button></form>");
    let [one, other] = page.forms() else { panic!() };
    let fault = Some(FormFault::OtherForm);
    assert_eq!(
        page.submission(one)
            .fill(other.control("a").unwrap(), "x")
            .err(),
        fault
    );
    assert_eq!(
        page.submission(one)
            .press(other.control("b").unwrap())
            .err(),
        fault
    );
    let again = crate::window::page("<form><input name=a></form>");
    let strange = form(&again).control("a").unwrap();
    assert_eq!(page.submission(one).fill(strange, "x").err(), fault);
    assert_eq!(page.submission(one).check(strange, true).err(), fault);
    assert_eq!(page.submission(one).choose(strange, "x").err(), fault);
}

#[test]
fn nothing_that_was_entered_is_shown() {
    let page = page(PAGE);
    let submission = page.submission(form(&page));
    let submission = submission.fill(control(&page, "new"), "hush-hush").unwrap();
    assert!(!format!("{submission:?}").contains("hush"));
    assert!(!format!("{:?}", submission.request().unwrap()).contains("hush"));
    let shown = format!("{page:?}");
    assert!(
        !shown.contains("before") && !shown.contains("step=1"),
        "{shown}"
    );
}
