//! The reply to a partial post, as the ScriptManager of ASP.NET writes it: records `length|type|id|content|`.
//!
//! Lengths count UTF-16 units, as .NET counts characters. The format and the order are public (the client script that
//! reads them is on every such page); that the portal has one panel around its views was seen, what it sends beside it
//! is *invented*.

use super::super::http::Response;
use super::fields::{Fields, PANEL};
use super::ordered::Ordered;
use super::page::{self, Page};

const VERSION: &str = "4";
/// Seconds after which the client script gives up on a partial post.
const TIMEOUT: &str = "90";

/// A reply before it is written.
#[derive(Debug)]
pub(super) struct Delta(Vec<Record>);

#[derive(Debug)]
struct Record {
    kind: String,
    id: String,
    content: String,
}

impl Delta {
    /// A version record stands first from version 4 of the framework on.
    fn begin(versioned: bool) -> Self {
        let delta = Self(Vec::new());
        if versioned {
            delta.with("#", "", VERSION)
        } else {
            delta
        }
    }

    /// What is on the page: the panel, and of the hidden fields those of the framework and those that are not as posted.
    pub(super) fn of(page: &Page, posted: &Fields, versioned: bool, ordered: &Ordered) -> Self {
        let panel_id = ordered.panel_id().unwrap_or(page::PANEL_ID);
        let mut delta = Self::begin(versioned).with("updatePanel", panel_id, &page.panel());
        for field in &page.hidden {
            if field.name.starts_with("__") || posted.get(&field.name) != field.value {
                delta = delta.with("hiddenField", &field.id(), &field.value);
            }
        }
        // From version 4 on a panel is named twice, as a control and as an element.
        let element = if versioned {
            format!(",{}", page::PANEL_ID)
        } else {
            String::new()
        };
        delta = delta
            .with("asyncPostBackControlIDs", "", "")
            .with("postBackControlIDs", "", "")
            .with("updatePanelIDs", "", &format!("t{PANEL}{element}"))
            .with("childUpdatePanelIDs", "", "")
            .with("panelsToRefreshIDs", "", &format!("{PANEL}{element}"))
            .with("asyncPostBackTimeout", "", TIMEOUT)
            .with("formAction", "", &page.action)
            .with("pageTitle", "", page.title());
        match page.script {
            Some(script) => delta.with("scriptStartupBlock", "ScriptContentNoTags", script),
            None => delta,
        }
    }

    /// Sends the browser elsewhere. From version 4 on the address is encoded as the value of a query is.
    pub(super) fn redirect(to: &str, versioned: bool) -> Self {
        let address = if versioned { encode(to) } else { to.to_owned() };
        Self::begin(versioned).with("pageRedirect", "", &address)
    }

    /// What a page says whose code has failed.
    pub(super) fn error(words: &str, versioned: bool) -> Self {
        Self::begin(versioned).with("error", "500", words)
    }

    pub(super) fn respond(mut self, status: u16, ordered: &Ordered) -> Response {
        for (kind, id, content) in ordered.records() {
            self = self.with(kind, id, content);
        }
        let records = self.0.iter().map(|record| record.write(ordered));
        let text: String = records.collect();
        let kept = text.chars().count().saturating_sub(ordered.cut());
        let text: String = text.chars().take(kept).collect();
        let mut response = Response::new(status, "text/plain; charset=utf-8", text.into_bytes());
        response.set_header("X-Content-Type-Options", "nosniff");
        response
    }

    fn with(mut self, kind: &str, id: &str, content: &str) -> Self {
        self.0.push(Record {
            kind: kind.to_owned(),
            id: id.to_owned(),
            content: content.to_owned(),
        });
        self
    }
}

impl Record {
    fn write(&self, ordered: &Ordered) -> String {
        let Self { kind, id, content } = self;
        let mut length = content.encode_utf16().count();
        if kind == "updatePanel" {
            let by = ordered.panel_length();
            length = length.saturating_add_signed(by.try_into().unwrap_or_default());
        }
        format!("{length}|{kind}|{id}|{content}|")
    }
}

/// As .NET encodes for a URL: hexadecimal digits are small.
fn encode(url: &str) -> String {
    let mut encoded = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!*()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02x}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(delta: Delta) -> String {
        let response = delta.respond(200, &Ordered::default());
        String::from_utf8(response.body).unwrap()
    }

    #[test]
    fn lengths_count_utf_16_units() {
        let delta = Delta::begin(true)
            .with("pageTitle", "", "パスワード")
            .with("updatePanel", "id", "𠮷|🔑")
            .with("focus", "", "");
        assert_eq!(
            written(delta),
            "1|#||4|5|pageTitle||パスワード|5|updatePanel|id|𠮷|🔑|0|focus|||"
        );
    }

    #[test]
    fn a_redirect_is_encoded_where_there_is_a_version() {
        let to = "/n/x?mkt=ja-JP&whr=日";
        assert_eq!(
            written(Delta::redirect(to, true)),
            "1|#||4|40|pageRedirect||%2fn%2fx%3fmkt%3dja-JP%26whr%3d%e6%97%a5|"
        );
        assert_eq!(
            written(Delta::redirect(to, false)),
            "20|pageRedirect||/n/x?mkt=ja-JP&whr=日|"
        );
    }
}
