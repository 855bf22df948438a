//! The languages of the pages, and how one is chosen.

/// A language that the pages are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Japanese,
}

/// The same words in each language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) english: &'static str,
    pub(super) japanese: &'static str,
}

impl Text {
    pub(super) const fn new(english: &'static str, japanese: &'static str) -> Self {
        Self { english, japanese }
    }

    pub(super) fn read(self, language: Language) -> &'static str {
        match language {
            Language::English => self.english,
            Language::Japanese => self.japanese,
        }
    }
}

impl Language {
    /// `mkt` forces the language (documented). That an unknown one is English, that `DisplayCulture` remembers the last
    /// one and that `Accept-Language` is asked after both is *invented*.
    pub(super) fn choose(mkt: Option<&str>, cookie: Option<&str>, accepted: Option<&str>) -> Self {
        if let Some(mkt) = mkt {
            return Self::of(mkt).unwrap_or(Self::English);
        }
        let ranges = accepted.unwrap_or_default().split(',');
        let mut wanted = cookie.into_iter().chain(ranges);
        wanted.find_map(Self::of).unwrap_or(Self::English)
    }

    /// The tag, as `lang` and `DisplayCulture` carry it.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::English => "en-US",
            Self::Japanese => "ja-JP",
        }
    }

    fn of(range: &str) -> Option<Self> {
        let primary = range.trim().split(['-', '_', ';']).next()?;
        if primary.eq_ignore_ascii_case("ja") {
            Some(Self::Japanese)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::English)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Language::{self, English, Japanese};

    #[test]
    fn mkt_goes_before_the_cookie_and_the_browser() {
        let choose = Language::choose;
        assert_eq!(choose(Some("ja-JP"), Some("en-US"), Some("en")), Japanese);
        assert_eq!(choose(Some("JA"), None, None), Japanese);
        assert_eq!(choose(Some("xx"), Some("ja-JP"), Some("ja")), English);
        assert_eq!(choose(None, Some("ja-JP"), Some("en")), Japanese);
        assert_eq!(choose(None, None, Some("de, ja;q=0.8, en")), Japanese);
        assert_eq!(choose(None, Some("?"), None), English);
    }
}
