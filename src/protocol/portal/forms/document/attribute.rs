//! The attributes that say something about a form.

use html5ever::{LocalName, local_name};

macro_rules! attributes {
    ($($name:ident = $text:tt,)*) => {
        /// An attribute that is kept. All others are dropped while the page is read.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(in crate::protocol::portal::forms) enum Attribute {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Attribute {
            pub(super) fn of(name: &LocalName) -> Option<Self> {
                $(if *name == local_name!($text) {
                    return Some(Self::$name);
                })*
                None
            }
        }
    };
}

attributes! {
    Class = "class",
    Id = "id",
    Type = "type",
    Name = "name",
    Value = "value",
    Href = "href",
    Style = "style",
    For = "for",
    Action = "action",
    Alt = "alt",
    AriaLabel = "aria-label",
    AriaLabelledby = "aria-labelledby",
    AriaLive = "aria-live",
    AcceptCharset = "accept-charset",
    Autocomplete = "autocomplete",
    Checked = "checked",
    Content = "content",
    Dir = "dir",
    Dirname = "dirname",
    Disabled = "disabled",
    Enctype = "enctype",
    Form = "form",
    Formaction = "formaction",
    Formenctype = "formenctype",
    Formmethod = "formmethod",
    Hidden = "hidden",
    Inputmode = "inputmode",
    Label = "label",
    Maxlength = "maxlength",
    Method = "method",
    Multiple = "multiple",
    Onclick = "onclick",
    Open = "open",
    Placeholder = "placeholder",
    Readonly = "readonly",
    Required = "required",
    Role = "role",
    Selected = "selected",
    Size = "size",
    Src = "src",
}
