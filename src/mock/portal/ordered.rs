//! What a test can order at the portal.

use super::super::fault::Fault;
use super::error::PortalError;

/// Something about a page of the portal that is not as it should be, in an answer that is otherwise the tenant's own.
///
/// The tenant acts on the request as ever. What is about pages holds for whole pages and for replies to partial posts
/// alike; what is about deltas does nothing to a whole page.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PortalFault {
    /// The view has this name; its content is what was due.
    View(String),
    /// The hidden field of this name is left out of the page, and its record out of a reply.
    WithoutField(String),
    /// The form goes to this address.
    Action(String),
    /// The page for a new password, whatever was due. The visit stays where it is.
    PasswordPage,
    /// A page that shows nothing without script, and has no form.
    ScriptOnly,
    /// The browser is sent to this address: by status 302, or by the record `pageRedirect` alone.
    Redirect(String),
    /// No cookie is set with the answer: where one is due, the browser goes on without, or with the one before.
    WithoutCookies,
    /// The panel's record is about the element of this id.
    DeltaPanel(String),
    /// The panel's record says that it is longer by so many UTF-16 units, or shorter.
    DeltaLength(i32),
    /// The last characters of the delta, so many, are missing. The length of the body fits.
    DeltaCut(usize),
    /// One more record, after all others.
    DeltaRecord {
        /// The type, for instance `pageRedirect`, or one that nobody knows.
        kind: String,
        /// What it is about.
        id: String,
        /// What it says.
        content: String,
    },
}

impl Fault {
    /// Spoils a page of the portal; only at [`Endpoint::Portal`](super::super::Endpoint::Portal). Several combine.
    pub fn portal(mut self, fault: PortalFault) -> Self {
        self.portal.faults.push(fault);
        self
    }
}

/// What was ordered for one request.
#[derive(Clone, Debug, Default)]
pub(in crate::mock) struct Ordered {
    /// How the visit ends, whatever was asked.
    pub(in crate::mock) error: Option<PortalError>,
    faults: Vec<PortalFault>,
}

impl Ordered {
    pub(super) fn has(&self, fault: &PortalFault) -> bool {
        self.faults.contains(fault)
    }

    pub(super) fn leaves_out(&self, field: &str) -> bool {
        let out =
            |fault: &PortalFault| matches!(fault, PortalFault::WithoutField(name) if name == field);
        self.faults.iter().any(out)
    }

    pub(super) fn view(&self) -> Option<&str> {
        self.word(|fault| match fault {
            PortalFault::View(name) => Some(name),
            _ => None,
        })
    }

    pub(super) fn action(&self) -> Option<&str> {
        self.word(|fault| match fault {
            PortalFault::Action(url) => Some(url),
            _ => None,
        })
    }

    pub(super) fn redirect(&self) -> Option<&str> {
        self.word(|fault| match fault {
            PortalFault::Redirect(url) => Some(url),
            _ => None,
        })
    }

    pub(super) fn panel_id(&self) -> Option<&str> {
        self.word(|fault| match fault {
            PortalFault::DeltaPanel(id) => Some(id),
            _ => None,
        })
    }

    /// By how much the length of the panel is wrong.
    pub(super) fn panel_length(&self) -> i32 {
        let by = |fault: &PortalFault| match fault {
            PortalFault::DeltaLength(by) => *by,
            _ => 0,
        };
        self.faults.iter().map(by).fold(0, i32::saturating_add)
    }

    /// How many characters are missing.
    pub(super) fn cut(&self) -> usize {
        let missing = |fault: &PortalFault| match fault {
            PortalFault::DeltaCut(count) => *count,
            _ => 0,
        };
        self.faults
            .iter()
            .map(missing)
            .fold(0, usize::saturating_add)
    }

    /// Type, id and content of the records to add.
    pub(super) fn records(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.faults.iter().filter_map(|fault| match fault {
            PortalFault::DeltaRecord { kind, id, content } => {
                Some((kind.as_str(), id.as_str(), content.as_str()))
            }
            _ => None,
        })
    }

    fn word(&self, of: impl Fn(&PortalFault) -> Option<&String>) -> Option<&str> {
        self.faults.iter().find_map(of).map(String::as_str)
    }
}
