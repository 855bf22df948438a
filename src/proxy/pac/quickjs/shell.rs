//! Shell expressions, for the ordinary case that needs no regular expression.

/// The most steps that a match may take here.
const STEPS: usize = 1 << 20;

/// Whether `text` matches `pattern`, in which `*` is any text and `?` any one character. `None` if the pattern holds
/// marks that mean something in a regular expression, or the two are too unusual or too long to be matched here.
pub(super) fn matches(text: &str, pattern: &str) -> Option<bool> {
    let ordinary = pattern
        .bytes()
        .all(|b| matches!(b, b' '..=b'~') && !br"\^$+()[]{}|".contains(&b));
    // A character outside ASCII may be two to `?`, and a dot matches no end of line.
    let plain = text.bytes().all(|b| matches!(b, b' '..=b'~'));
    let short = text.len().saturating_mul(pattern.len()) <= STEPS;
    (ordinary && plain && short).then(|| glob(text.as_bytes(), pattern.as_bytes()))
}

/// Goes along both; at a mismatch, lets the last `*` take one byte more.
fn glob(mut text: &[u8], mut pattern: &[u8]) -> bool {
    let mut last_star: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', after)), _) => {
                pattern = after;
                last_star = Some((after, text));
            }
            (Some((wanted, pattern_rest)), Some((byte, text_rest)))
                if *wanted == b'?' || wanted == byte =>
            {
                (pattern, text) = (pattern_rest, text_rest);
            }
            (None, None) => return true,
            _ => {
                let Some((after, [_, rest @ ..])) = last_star else {
                    return false;
                };
                (pattern, text) = (after, rest);
                last_star = Some((after, rest));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (text, pattern, expected) in [
            ("http://home.contoso.com/a", "*/home.contoso.com/*", true),
            ("contoso.com", "*.contoso.com", false),
            ("a.contoso.com", "*.contoso.com", true),
            ("axcontoso.com", "*.contoso.com", false),
            ("abc", "a?c", true),
            ("ac", "a?c", false),
            ("abc", "abc", true),
            ("abcd", "abc", false),
            ("", "", true),
            ("", "*", true),
            ("a", "", false),
            ("aab", "*ab", true),
            ("abab", "*a*b", true),
            ("abac", "*a*b", false),
            ("abc", "***", true),
        ] {
            assert_eq!(matches(text, pattern), Some(expected), "{text} {pattern}");
        }
    }

    #[test]
    fn what_is_not_ordinary_is_left_to_regular_expressions() {
        assert_eq!(matches("a", "(a|b)"), None);
        assert_eq!(matches("a", "[ab]"), None);
        assert_eq!(matches("ä", "*"), None);
        assert_eq!(matches("a\nb", "*"), None);
        assert_eq!(matches(&"a".repeat(2048), &"*".repeat(2048)), None);
    }
}
