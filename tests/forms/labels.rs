//! What a person reads of a control.

use crate::window::{control, form, page};

fn label(html: &str) -> String {
    let page = page(&format!("<form>{html}</form>"));
    control(&page, "x").label().to_owned()
}

#[test]
fn a_label_names_its_control() {
    for html in [
        "<label for=i>Your name</label><input id=i name=x>",
        "<input id=i name=x><label for=i>Your name</label>",
        "<label>Your name <input name=x></label>",
        "<label><input name=x> Your <b>name</b></label>",
        "<label for=i>Your</label><input id=i name=x><label for=i>name</label>",
        "<label for=i><span>Your</span> <span hidden>secret</span><br>name</label><input id=i name=x>",
        "<label for=i>Your<div>name</div></label><input id=i name=x>",
        "<label for=i> Your \n\t name </label><input id=i name=x>",
        "<label>Your<select name=x><option>not this</select>name</label>",
        "<label>Your <textarea name=x>not this</textarea>name</label>",
        "<input name=x aria-label=' Your  name '>",
        "<input name=x aria-labelledby='a nowhere b'><p id=a>Your</p><p id=b>name</p>",
        // What it names itself counts before its labels.
        "<label for=i>no</label><input id=i name=x aria-label='Your name'>",
        "<label for=i>no</label><input id=i name=x aria-labelledby=a aria-label=no><i id=a>Your name</i>",
        "<label for=i>Your name</label><input id=i name=x aria-label='' aria-labelledby=nowhere>",
        "<button name=x>Your <b>name</b></button>",
        "<button name=x><img src=a.png alt='Your name'></button>",
        "<input type=submit name=x value=' Your name'>",
        "<input type=image name=x alt='Your name' value=no>",
        "<label for=i>Your name</label><button id=i name=x>no</button>",
    ] {
        assert_eq!(label(html), "Your name", "{html}");
    }
}

#[test]
fn without_a_label_there_is_none() {
    for html in [
        "<label for=j>no</label><input id=i name=x>",
        "<input name=x value=no placeholder=no title=no>",
        "<label for=''>no</label><input id='' name=x>",
        "no <input name=x>",
        "<label for=j>no <input name=x></label>",
        "<label for=i>no</label><input type=hidden name=x>",
        "<input type=text name=x alt=no>",
        "<script>no</script><button name=x><script>no</script><style>no</style></button>",
    ] {
        assert_eq!(label(html), "", "{html}");
    }
}

#[test]
fn a_label_is_for_the_first_control_in_it() {
    let page = page(
        "<form><label>Two <input type=hidden name=h><input name=a><input name=b></label></form>",
    );
    assert_eq!(control(&page, "a").label(), "Two");
    assert_eq!(control(&page, "b").label(), "");
    assert_eq!(control(&page, "h").label(), "");
}

#[test]
fn of_two_elements_with_an_id_the_first_counts() {
    let page = page("<form><label for=i>Name</label><input id=i name=a><input id=i name=b></form>");
    assert_eq!(control(&page, "a").label(), "Name");
    assert_eq!(control(&page, "b").label(), "");
    assert_eq!(form(&page).control_by_id("i").unwrap().name(), "a");
    // Also if that is no control.
    let page = crate::window::page(
        "<p id=i></p><form><label for=i>Name</label><input id=i name=a></form>",
    );
    assert_eq!(control(&page, "a").label(), "");
}

#[test]
fn a_label_outside_of_the_form_counts() {
    let page = page("<label for=i>Name</label><form><input id=i name=a></form>");
    assert_eq!(control(&page, "a").label(), "Name");
}

#[test]
fn a_label_is_not_longer_than_one() {
    let words = "wörter ".repeat(1000);
    let page = page(&format!(
        "<form><label for=i>{words}</label><input id=i name=a><input name=b aria-label='{words}'>\
         <input name=c aria-labelledby='l l l l'><p id=l>{words}</p></form>"
    ));
    for name in ["a", "b", "c"] {
        let length = control(&page, name).label().chars().count();
        assert!((1000..=1024).contains(&length), "{name}: {length}");
    }
}
