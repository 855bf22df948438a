//! What a page asks, and what a browser would send: without any meaning.
//!
//! ```text
//!  bytes ─▶ document (a tree) ─▶ collect ─▶ Page: Form, Control, Element, Image, Link
//!                 ▲                              │ submission
//!  Delta ─▶ apply ┘                              ▼
//!                                   entries ─▶ Request
//! ```

mod apply;
mod choice;
mod collect;
mod control;
mod delta;
mod document;
mod element;
mod entries;
mod fault;
mod form;
mod form_list;
mod label;
mod link;
mod page;
mod post_back;
mod submission;
mod value;
mod wiped;

pub use control::{Choice, Control, ControlKind};
pub use delta::{Applied, Delta, Record, RecordKind};
pub use element::{Element, Image, Link};
pub use fault::{DeltaFault, FormFault, PageFault, PageLimit};
pub use form::{Form, FormMethod};
pub use page::Page;
pub use post_back::PostBack;
pub use submission::Submission;
