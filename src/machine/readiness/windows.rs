//! Version and edition of Windows.

use serde::Serialize;

use super::finding::{Basis, Certainty, Effect, Matter};
use super::reader::{Reader, Reading, Rule, at, machine, quiet_text};
use crate::error::PeerText;
use crate::machine::registry::Key;

pub(super) const CURRENT_VERSION: Key = machine(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion");
const RULE: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Unverified);

/// The Windows that the registry belongs to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Windows {
    /// The number of the build: 17134 is version 1803. `None` if it cannot be told.
    pub build: Option<u32>,
    /// The edition. `None` if it cannot be told.
    pub edition: Option<Edition>,
}

/// An edition of Windows, as far as it matters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Edition {
    /// Home, in each of its variants. The feature is not documented for it.
    Home,
    /// Pro, Business, Enterprise or Education, which the feature is documented for.
    Managed(PeerText),
    /// Any other.
    Other(PeerText),
}

impl Windows {
    /// The first build of Windows 7.
    const SEVEN: u32 = 7600;
    /// The build of Windows 8.1.
    const EIGHT_ONE: u32 = 9600;
    /// Version 1803.
    const FIRST_WITH_LINK: u32 = 17134;

    /// Whether it is Windows 7, 8 or 8.1, where the reset is an add-in.
    pub fn takes_add_in(&self) -> bool {
        self.build
            .is_some_and(|build| (Self::SEVEN..=Self::EIGHT_ONE).contains(&build))
    }

    /// Whether it is older than the first version with the link, if that is known.
    pub(super) fn is_before_link(&self) -> Option<bool> {
        self.build.map(|build| build < Self::FIRST_WITH_LINK)
    }
}

/// Reads both. What is missing or makes no sense is a finding.
pub(super) fn read(reader: &mut Reader<'_>) -> Windows {
    Windows {
        build: build(reader),
        edition: edition(reader),
    }
}

/// Whether the link is there on such a Windows.
pub(super) fn judge(reader: &mut Reader<'_>, windows: &Windows) {
    const JUDGED: Rule = Rule::new(Effect::BlocksBuiltIn, Basis::Instructions);
    if let Some(build) = windows.build
        && windows.is_before_link() == Some(true)
    {
        let place = at(&CURRENT_VERSION, "CurrentBuild");
        let found = build.to_string();
        reader.add(
            JUDGED,
            Certainty::Certain,
            Matter::WindowsTooOld,
            place,
            &found,
        );
    }
    let (certainty, matter) = match &windows.edition {
        Some(Edition::Home) => (Certainty::Certain, Matter::HomeEdition),
        Some(Edition::Other(_)) => (Certainty::Possible, Matter::OtherEdition),
        Some(Edition::Managed(_)) | None => return,
    };
    let found = quiet_text(reader.view, &CURRENT_VERSION, "EditionID").unwrap_or_default();
    reader.add(
        JUDGED,
        certainty,
        matter,
        at(&CURRENT_VERSION, "EditionID"),
        &found,
    );
}

fn build(reader: &mut Reader<'_>) -> Option<u32> {
    for name in ["CurrentBuild", "CurrentBuildNumber"] {
        match reader.text(RULE, &CURRENT_VERSION, name) {
            Reading::Absent => {}
            Reading::Unknown => return None,
            Reading::Is(text) => {
                let build = text.parse().ok();
                if build.is_none() {
                    let (unclear, place) = (Certainty::Undetermined, at(&CURRENT_VERSION, name));
                    reader.add(RULE, unclear, Matter::UnknownContent, place, &text);
                }
                return build;
            }
        }
    }
    not_told(reader, "CurrentBuild");
    None
}

fn edition(reader: &mut Reader<'_>) -> Option<Edition> {
    match reader.text(RULE, &CURRENT_VERSION, "EditionID") {
        Reading::Is(id) if !id.is_empty() => Some(of_id(&id)),
        Reading::Is(_) | Reading::Absent => {
            not_told(reader, "EditionID");
            None
        }
        Reading::Unknown => None,
    }
}

fn not_told(reader: &mut Reader<'_>, name: &str) {
    let place = at(&CURRENT_VERSION, name);
    reader.add(RULE, Certainty::Undetermined, Matter::NotTold, place, "");
}

/// The identifiers of editions have suffixes: `CoreSingleLanguage`, `ProfessionalN`, `EnterpriseS`.
fn of_id(id: &str) -> Edition {
    const MANAGED: [&str; 5] = [
        "professional",
        "business",
        "enterprise",
        "iotenterprise",
        "education",
    ];
    let lower = id.to_ascii_lowercase();
    if lower.starts_with("core") || lower.starts_with("home") {
        Edition::Home
    } else if MANAGED.iter().any(|name| lower.starts_with(name)) {
        Edition::Managed(PeerText::new(id))
    } else {
        Edition::Other(PeerText::new(id))
    }
}
