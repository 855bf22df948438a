//! Finding `$Config` in a page without reading HTML or running a script.

use memchr::memmem;

const OPENING: &[u8] = b"<script";
const CLOSING: &[u8] = b"</script";
const ASSIGNMENT: &[u8] = b"$Config=";

/// The most script elements of a page that are looked at; the known pages have a dozen.
const SCRIPTS: usize = 256;

/// What a script of the page assigns to `$Config`, from its first byte to the end of that script: a JSON object with
/// more script after it.
///
/// `None` if no script does, or more than one: what a browser would take is then not for this crate to guess. Time is
/// linear in the length of the page.
pub(super) fn config(page: &[u8]) -> Option<&[u8]> {
    let mut found = scripts(page).take(SCRIPTS).filter_map(assigned);
    let config = found.next()?;
    found.next().is_none().then_some(config)
}

/// The contents of the script elements.
fn scripts(page: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = page;
    std::iter::from_fn(move || {
        let tag = rest.get(memmem::find(rest, OPENING)? + OPENING.len()..)?;
        let content = tag.get(memchr::memchr(b'>', tag)? + 1..)?;
        let end = memmem::find(content, CLOSING)?;
        rest = content.get(end..)?;
        content.get(..end)
    })
}

/// The object that the script assigns first. Text before it that only looks like an assignment hides it, and there is
/// none then.
fn assigned(script: &[u8]) -> Option<&[u8]> {
    let begin = memmem::find(script, ASSIGNMENT)? + ASSIGNMENT.len();
    let value = script.get(begin..)?.trim_ascii_start();
    value.starts_with(b"{").then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Option<&str> {
        config(page.as_bytes()).map(|bytes| std::str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn the_assignment_of_one_script_is_found() {
        for page in [
            "<html><script>$Config={\"a\":1};//]]></script>",
            "<script>1</script><script type=\"text/javascript\">//<![CDATA[\n$Config={\"a\":1};//]]></script>",
            "<p>$Config={\"b\":2};</p><script nonce=x>$Config= {\"a\":1};//]]></script></html>",
        ] {
            assert_eq!(found(page), Some("{\"a\":1};//]]>"), "{page}");
        }
    }

    #[test]
    fn anything_else_is_none() {
        for page in [
            "",
            "$Config={}",
            "<script>$Config={};",
            "<script",
            "<script>$Config=1;</script>",
            "<script>$Config</script>={}",
            "<script>$Config={};</script><script>$Config={};</script>",
            "<script src=\"$Config={}\"></script>",
        ] {
            assert_eq!(found(page), None, "{page}");
        }
    }
}
