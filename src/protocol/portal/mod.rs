//! Reset pages with forms, as servers render them for browsers. Experimental, outside the semver promise: for the pages of
//! Entra, only the first step and the names of some views have public evidence.
//!
//! The upper layer gives them meaning: [`Portal`] is the protocol, and a [`Profile`], which is data, says which view a page
//! shows and what it wants. Everything that the profile does not know ends in a browser.
//!
//! ```text
//!  page ─▶ view ─▶ meaning ─▶ step ─▶ answer ─▶ submission ─┐
//!    ▲                 │                                    │
//!    └─────────────────┴─── goes on by itself ──────────────┘
//! ```
//!
//! The lower layer reads pages and says what a browser would send, without any meaning: [`Page`], [`Form`], [`Control`],
//! [`Submission`], and [`Delta`] for the partial answers of ASP.NET. Its rules are those of the HTML standard, its limits
//! stand in [`PageLimit`]. Nothing runs a script; a page that is made by script has no form.
//!
//! ```
//! use sspr::protocol::portal::Page;
//! use url::Url;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let url = Url::parse("https://reset.contoso.example/start")?;
//! let html = br#"<form method="post" action="/next"><input type="hidden" name="token" value="a b">
//!     <label for="user">Your name</label> <input id="user" name="user"> <button name="go">Next</button></form>"#;
//! let page = Page::parse(&url, Some("text/html; charset=utf-8"), html)?;
//!
//! let form = page.forms().first().ok_or("no form")?;
//! let user = form.control("user").ok_or("no box")?;
//! assert_eq!(user.label(), "Your name");
//! let next = form.control("go").ok_or("no button")?;
//! let request = page.submission(form).fill(user, "adele@contoso.com")?.press(next)?.request()?;
//! assert_eq!(request.url.as_str(), "https://reset.contoso.example/next");
//! assert_eq!(request.body.as_ref(), b"token=a+b&user=adele%40contoso.com&go=");
//! # Ok(()) }
//! ```

mod answering;
mod arriving;
mod filling;
mod flow;
mod forms;
mod profile;
mod protocol;
mod reading;
mod replies;
mod requests;
mod steps;

pub use forms::{
    Applied, Choice, Control, ControlKind, Delta, DeltaFault, Element, Form, FormFault, FormMethod,
    Image, Link, Page, PageFault, PageLimit, PostBack, Record, RecordKind, Submission,
};
pub use profile::{Profile, ProfileFault};
pub use protocol::Portal;
