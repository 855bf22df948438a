//! How a profile points at something on a page.

use serde::Deserialize;

/// A control: `#id`, or its name, or `name=value` for a radio button or another button of that value.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Control {
    Id(String),
    Name(String),
    Value { name: String, value: String },
}

/// Controls that are numbered: what their names begin with, and `*`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Numbered(pub(crate) String);

/// A part of the page with words in it: `#id`, `.class`, or `alert` for what assistive technology would read out at once
/// (`role=alert`, `aria-live=assertive`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) enum Region {
    Id(String),
    Class(String),
    Alert,
}

/// The path of an address. A segment `*` stands for any one segment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Path(String);

/// No mark is longer.
const LENGTH: usize = 512;

impl Path {
    /// Whether `path` is one of those meant.
    pub(crate) fn fits(&self, path: &str) -> bool {
        let mut wanted = self.0.split('/');
        let mut found = path.split('/');
        loop {
            match (wanted.next(), found.next()) {
                (None, None) => return true,
                (Some("*"), Some(segment)) if !segment.is_empty() => {}
                (Some(wanted), Some(segment)) if wanted == segment => {}
                _ => return false,
            }
        }
    }
}

impl TryFrom<String> for Control {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = bounded(&text)?;
        if let Some(id) = text.strip_prefix('#') {
            return Ok(Self::Id(word(id)?));
        }
        match text.split_once('=') {
            Some((name, value)) => Ok(Self::Value {
                name: word(name)?,
                value: value.to_owned(),
            }),
            None => Ok(Self::Name(word(text)?)),
        }
    }
}

impl TryFrom<String> for Numbered {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let prefix = bounded(&text)?.strip_suffix('*');
        Ok(Self(word(
            prefix.ok_or("numbered controls end with an asterisk")?,
        )?))
    }
}

impl TryFrom<String> for Region {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = bounded(&text)?;
        match (text.strip_prefix('#'), text.strip_prefix('.')) {
            (Some(id), _) => Ok(Self::Id(word(id)?)),
            (_, Some(class)) => Ok(Self::Class(word(class)?)),
            _ if text == "alert" => Ok(Self::Alert),
            _ => Err("a region is #id, .class or alert"),
        }
    }
}

impl TryFrom<String> for Path {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = bounded(&text)?;
        match text.starts_with('/') && !text.contains(['?', '#']) {
            true => Ok(Self(text.to_owned())),
            false => Err("a path begins with a slash and has no query"),
        }
    }
}

fn bounded(text: &str) -> Result<&str, &'static str> {
    match text.len() <= LENGTH {
        true => Ok(text),
        false => Err("too long"),
    }
}

fn word(text: &str) -> Result<String, &'static str> {
    match text.is_empty() || text.chars().any(char::is_whitespace) {
        true => Err("empty, or with a blank in it"),
        false => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
        serde_json::from_value(serde_json::Value::from(text)).ok()
    }

    #[test]
    fn controls_are_named_in_three_ways() {
        let name = || "ctl00$Main$Method".to_owned();
        assert_eq!(read("#id_login"), Some(Control::Id("id_login".to_owned())));
        assert_eq!(read("ctl00$Main$Method"), Some(Control::Name(name())));
        let value = "AltEmailRadio".to_owned();
        let radio = Control::Value {
            name: name(),
            value,
        };
        assert_eq!(read("ctl00$Main$Method=AltEmailRadio"), Some(radio));
        for wrong in ["", "#", "a b", "#a b", "=x", &"a".repeat(513)] {
            assert_eq!(read::<Control>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbered_controls_have_an_asterisk() {
        assert_eq!(read("Answer*"), Some(Numbered("Answer".to_owned())));
        for wrong in ["Answer", "*", ""] {
            assert_eq!(read::<Numbered>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn regions_are_ids_classes_or_alerts() {
        assert_eq!(read("#note"), Some(Region::Id("note".to_owned())));
        assert_eq!(
            read(".errorlist"),
            Some(Region::Class("errorlist".to_owned()))
        );
        assert_eq!(read("alert"), Some(Region::Alert));
        for wrong in ["", "note", "#", ".a b", "ul.errorlist"] {
            assert_eq!(read::<Region>(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_path_may_leave_a_segment_open() {
        let path: Path = read("/reset/*/set-password/").unwrap();
        assert!(path.fits("/reset/MQ/set-password/"));
        for other in [
            "/reset/MQ/set-password",
            "/reset//set-password/",
            "/reset/a/b/set-password/",
            "/reset/MQ/set-password/x",
            "/",
            "",
        ] {
            assert!(!path.fits(other), "{other}");
        }
        assert!(read::<Path>("/").unwrap().fits("/"));
        for wrong in ["", "reset", "/a?b=c", "/a#b"] {
            assert_eq!(read::<Path>(wrong), None, "{wrong}");
        }
    }
}
