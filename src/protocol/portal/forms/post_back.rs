//! What the script of ASP.NET WebForms sends for a link.

/// The names of the hidden fields that take a [`PostBack`].
pub(super) const TARGET_FIELD: &str = "__EVENTTARGET";
pub(super) const ARGUMENT_FIELD: &str = "__EVENTARGUMENT";

/// A call of the script `__doPostBack`, which fills in the two hidden fields `__EVENTTARGET` and `__EVENTARGUMENT` and
/// sends the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostBack {
    pub(super) target: String,
    pub(super) argument: String,
}

impl PostBack {
    /// The control that is pressed, by its name on the server.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What is said about it, usually nothing.
    pub fn argument(&self) -> &str {
        &self.argument
    }

    /// Reads a script that is one such call and nothing else: `javascript:__doPostBack('…','…')`, or the call with options
    /// where those send the form to its own address.
    pub(super) fn parse(script: &str) -> Option<Self> {
        let mut rest = script.trim_ascii();
        let scheme = "javascript:";
        if rest
            .get(..scheme.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
        {
            rest = rest.get(scheme.len()..)?.trim_ascii_start();
            // It would have to be decoded first.
            if rest.contains('%') {
                return None;
            }
        }
        let rest = rest.trim_end_matches([';', ' ', '\t', '\r', '\n']);
        if let Some(call) = rest.strip_prefix("__doPostBack") {
            let mut arguments = Arguments::open(call)?;
            let target = arguments.text()?;
            arguments.word(",")?;
            let argument = arguments.text()?;
            arguments.close(")")?;
            return Some(Self { target, argument });
        }
        let call = rest.strip_prefix("WebForm_DoPostBackWithOptions")?;
        let mut arguments = Arguments::open(call)?;
        arguments.word("new")?;
        arguments.word("WebForm_PostBackOptions")?;
        arguments.word("(")?;
        let target = arguments.text()?;
        arguments.word(",")?;
        let argument = arguments.text()?;
        arguments.word(",")?;
        arguments.truth()?;
        arguments.word(",")?;
        arguments.text()?; // what to validate
        arguments.word(",")?;
        let address = arguments.text()?;
        arguments.word(",")?;
        arguments.truth()?;
        arguments.word(",")?;
        let submits = arguments.truth()?;
        arguments.word(")")?;
        arguments.close(")")?;
        (submits && address.is_empty()).then_some(Self { target, argument })
    }
}

/// The longest text of a call.
const LENGTH: usize = 1024;

/// What is left of the arguments of a call.
struct Arguments<'a>(&'a str);

impl<'a> Arguments<'a> {
    fn open(call: &'a str) -> Option<Self> {
        let mut arguments = Self(call);
        arguments.word("(")?;
        Some(arguments)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.0 = self.0.trim_ascii_start().strip_prefix(word)?;
        Some(())
    }

    fn truth(&mut self) -> Option<bool> {
        if self.word("true").is_some() {
            return Some(true);
        }
        self.word("false").map(|()| false)
    }

    fn close(mut self, word: &str) -> Option<()> {
        self.word(word)?;
        self.0.trim_ascii().is_empty().then_some(())
    }

    /// A string of the script, with what stands behind a backslash (ECMAScript, section 12.9.4).
    fn text(&mut self) -> Option<String> {
        let rest = self.0.trim_ascii_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
        let mut text = String::new();
        let mut chars = rest.get(1..)?.char_indices();
        loop {
            let (at, c) = chars.next()?;
            match c {
                _ if text.len() > LENGTH => return None,
                c if c == quote => {
                    self.0 = rest.get(1 + at + 1..)?;
                    return Some(text);
                }
                '\n' | '\r' => return None,
                '\\' => match chars.next()?.1 {
                    'x' => text.push(hex(&mut chars, 2)?),
                    'u' => text.push(hex(&mut chars, 4)?),
                    c @ ('\'' | '"' | '\\' | '/' | '$') => text.push(c),
                    _ => return None,
                },
                c => text.push(c),
            }
        }
    }
}

fn hex(chars: &mut std::str::CharIndices<'_>, digits: u32) -> Option<char> {
    let mut code = 0;
    for _ in 0..digits {
        code = code * 16 + chars.next()?.1.to_digit(16)?;
    }
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(script: &str) -> Option<(String, String)> {
        PostBack::parse(script).map(|post| (post.target, post.argument))
    }

    #[test]
    fn a_call_is_read_with_its_target() {
        let expected = Some(("ctl00$Main$Next".to_owned(), "it's".to_owned()));
        for script in [
            r"javascript:__doPostBack('ctl00$Main$Next','it\'s')",
            r#"JavaScript: __doPostBack( "ctl00$Main$Next" , "it's" ) ; "#,
            r"__doPostBack('ctl00\x24Main\u0024Next','it\x27s')",
            r#"javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("ctl00$Main$Next", "it's", true, "group", "", false, true))"#,
        ] {
            assert_eq!(read(script), expected, "{script}");
        }
    }

    #[test]
    fn anything_else_is_not_read() {
        for script in [
            "",
            "javascript:",
            "javascript:void(0)",
            "https://a.example/__doPostBack('a','b')",
            "javascript:__doPostBack('a')",
            "javascript:__doPostBack('a','b','c')",
            "javascript:__doPostBack('a',b)",
            "javascript:__doPostBack('a','b'",
            "javascript:__doPostBack('a','b');alert(1)",
            "javascript:__doPostBack('a\\q','b')",
            "javascript:__doPostBack('a\\ud800','b')",
            "javascript:__doPostBack(%27a%27,%27b%27)",
            "javascript:if(x)__doPostBack('a','b')",
            // To another address, and without sending anything.
            r#"WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("a", "", true, "", "other.aspx", false, true))"#,
            r#"WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("a", "", true, "", "", false, false))"#,
        ] {
            assert_eq!(read(script), None, "{script}");
        }
        let long = format!("__doPostBack('{}','')", "a".repeat(LENGTH + 2));
        assert_eq!(read(&long), None);
    }
}
