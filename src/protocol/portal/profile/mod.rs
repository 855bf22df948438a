//! What the pages of a portal mean, as data.

mod check;
pub(super) mod mark;
pub(super) mod view;

use serde::Deserialize;

use self::mark::Control;
use self::view::View;
use crate::protocol::PasswordPolicy;

const ENTRA: &str = include_str!("entra.json");

/// What the pages of one portal mean: which view a page shows, what it wants of the person, and which control takes the
/// answer. Data in JSON that an integrator ships, so that no guess is in code.
///
/// A profile is strict: a key that is not listed here is refused, and so is a profile that could never work. What a page
/// shows that the profile does not know ends in [`Step::UseBrowser`](crate::Step::UseBrowser).
///
/// ```
/// use sspr::protocol::portal::Profile;
///
/// // The pages of Django's contrib.auth behind the link in a mail.
/// let profile = Profile::from_json(r##"{
///     "version": 1,
///     "name": "django-auth",
///     "password": { "min_classes": 1 },
///     "views": [
///         {
///             "name": "new password",
///             "after": ["start"],
///             "when": { "path": "/reset/*/set-password/", "has": ["new_password1"] },
///             "refused": [
///                 { "in": ".errorlist", "words": ["too short"], "means": "password-too-short" },
///                 { "in": ".errorlist", "words": ["too common"], "means": "password-banned" },
///                 { "in": ".errorlist", "means": "other" }
///             ],
///             "means": { "new-password": { "password": "new_password1", "confirm": "new_password2" } }
///         },
///         {
///             "name": "done",
///             "after": ["new password"],
///             "when": { "path": "/reset/done/" },
///             "means": { "end": { "outcome": "password-changed" } }
///         }
///     ]
/// }"##)?;
/// assert_eq!(profile.name(), "django-auth");
/// # Ok::<(), sspr::protocol::portal::ProfileFault>(())
/// ```
///
/// # How things on a page are named
///
/// | | written | means |
/// |---|---|---|
/// | control | `"login"` | the control of this name |
/// | | `"#id_login"` | the control (or link) with this id |
/// | | `"method=email"` | the radio button or button of this name and value |
/// | numbered controls | `"Answer*"` | all whose names begin so, in the order of the page |
/// | region | `"#note"`, `".errorlist"` | the element with this id, those of this class |
/// | | `"alert"` | those with `role=alert` or `aria-live=assertive` |
/// | path | `"/reset/*/done/"` | the path of an address; a segment `*` is any one segment |
///
/// Only what can be seen counts, and of controls only what is not disabled; hidden fields are named by `fields`,
/// `view_name` and `needs`. Words are looked for without regard to small and capital letters.
///
/// # The profile
///
/// | key | | |
/// |---|---|---|
/// | `version` | required | the version of this format: 1 |
/// | `name` | required | for logs |
/// | `views` | required | in the order in which they are tried: the first whose marks are all there is the view |
/// | `view_name` | | the hidden control whose value names the view, as `CurrentViewName` does |
/// | `needs` | | names of hidden fields that the form of every answer must hold, such as `__VIEWSTATE` |
/// | `partial` | | `{"manager": …, "panel": …}`: answers go as partial posts of this script manager and update panel (their names) |
/// | `language` | | the parameter of the first address that chooses a language, such as `mkt` |
/// | `password` | | `{"min_length": 8, "max_length": 256, "min_classes": 3}`, each with this default: what the new password must look like; printable ASCII in any case |
///
/// # A view
///
/// | key | | |
/// |---|---|---|
/// | `name` | required | for `after`, and for logs |
/// | `when` | required | its marks, at least one; all must be there |
/// | `after` | required | the names of the views it may follow, with `"start"` for the beginning; or `"any"`, for views that take no answer. A view may always follow itself. **Out of this order nothing is answered**, and the person is led to a browser |
/// | `means` | required | one of the meanings below |
/// | `refused` | | complaints, the first that fits counts: `in` (a region), `words` (one of them is enough; without any, whatever the region says), `means` |
///
/// Marks (`when`):
///
/// | key | |
/// |---|---|
/// | `view` | what the field of `view_name` says: a word, or a list of which one is enough |
/// | `path` | the path of the page |
/// | `action` | the path that a form of the page is sent to |
/// | `has`, `lacks` | lists of controls |
/// | `shows` | a list of regions |
/// | `says` | a list of `{"in": region, "words": […]}`, as in `refused` |
/// | `fields` | hidden fields with their values: `{"step": "2"}` |
///
/// What a complaint means: `unknown-account`, `wrong-solution` (of a picture), `wrong-contact`, `wrong-code`,
/// `wrong-answers`, `not-approved`, `password-too-short`, `password-too-long`, `password-too-weak`,
/// `password-recently-used`, `password-banned`, `password-contains-name`, `password-not-complex`, `password-invalid`,
/// `not-applied`, or `other`, which tells the words of the page. A view that comes again without a complaint that fits is
/// refused with the words of its alerts.
///
/// # Meanings
///
/// `press` is the button or link that sends the answer. Without one the form's first button is, as the Enter key does. `back` leads
/// to the choice before. `kind` is one of `email`, `mobile-sms`, `mobile-call`, `office-call`, `app-notification`,
/// `app-code`, `security-questions`. Of a `hint` region the word is taken that is masked (with `*`, `•` or `●`).
///
/// | `means` | keys (✱ required) | |
/// |---|---|---|
/// | `identify` | `user`✱, `press`, `picture` | takes the user name. `picture` is `{"image"✱: "#id", "solution"✱: control, "another": control}`: where the page shows that image, the person is asked |
/// | `goal` | `reset`✱, `unlock`✱, `press` | radio buttons, or buttons |
/// | `methods` | `options`✱, `press`, `back`, `for_browser` |`options` are `{"kind"✱, "choose"✱: control, "hint": region}`; those that cannot be used are not offered. `choose` is a radio button, or a button. If the person has just chosen a method, and this view offers its kind as well (`Send the code`), it is pressed without asking again. `"for_browser": true`: the choice is shown, and nothing is sent for it |
/// | `contact` | `contact`✱, `send`✱, `back`✱, `hint` | takes the whole contact. `send` are `{"kind"✱, "press"✱}`, of which that of the chosen method is pressed |
/// | `code` | `code`✱, `press`, `resend`, `back`, `kind`, `hint`, `length` | takes a code |
/// | `approval` | `press`✱, `back`✱, `every`, `kind`, `hint` | waits for a call or an approval: `press` asks, every so many seconds (5; 1 to 30) |
/// | `questions` | `answers`✱ (numbered controls), `press`, `back` | takes an answer for each; their labels are the questions |
/// | `new-password` | `password`✱, `confirm`, `press` | takes the new password. The control must hide what is typed |
/// | `next` | `press`✱ | nothing is asked; it is pressed without asking |
/// | `end` | `outcome`✱, `code` | `password-changed`, `changed-cloud-pending` (both count only as the answer to a new password), `unlocked` (only where that was the goal), `needs-administrator`, `not-registered`, `blocked`, `expired`, `declined`, `try-later`, `cookies` (they are said to be off) |
/// | `"browser"` | | known to be for a browser only |
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    #[serde(rename = "version")]
    _version: u32,
    name: String,
    pub(super) views: Vec<View>,
    #[serde(default)]
    pub(super) view_name: Option<Control>,
    #[serde(default)]
    pub(super) needs: Vec<String>,
    #[serde(default)]
    pub(super) partial: Option<Partial>,
    #[serde(default)]
    pub(super) language: Option<String>,
    #[serde(default)]
    password: PasswordRules,
}

/// The script manager of a WebForms page, and the update panel that its buttons stand in: their names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Partial {
    pub(super) manager: String,
    pub(super) panel: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct PasswordRules {
    min_length: usize,
    max_length: usize,
    min_classes: usize,
}

impl Default for PasswordRules {
    fn default() -> Self {
        let PasswordPolicy {
            min_length,
            max_length,
            min_classes,
        } = PasswordPolicy::ENTRA;
        Self {
            min_length,
            max_length,
            min_classes,
        }
    }
}

/// Why a profile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProfileFault {
    /// It is larger than [`Profile::LIMIT`].
    #[error("the profile has more than {} bytes", Profile::LIMIT)]
    TooLarge,
    /// It is not JSON of this format.
    #[error("not a profile: {0}")]
    Format(String),
    /// It is of another version of the format.
    #[error(
        "a profile of version {found} cannot be read, only of version {}",
        Profile::VERSION
    )]
    Version {
        /// The version it names.
        found: u32,
    },
    /// Two views have the same name, or one has none, or `start`.
    #[error("the name {name:?} does not name one view")]
    Name {
        /// The name.
        name: String,
    },
    /// `after` names a view that there is none of.
    #[error("the view {view:?} is said to follow {name:?}, which is not a view")]
    After {
        /// The view that says it.
        view: String,
        /// The name that is none.
        name: String,
    },
    /// A view takes an answer, and does not say after which views.
    #[error("the view {view:?} takes an answer, so it must say after which views")]
    Order {
        /// The view.
        view: String,
    },
    /// A view has no mark by which to recognise it.
    #[error("the view {view:?} has no mark")]
    NoMark {
        /// The view.
        view: String,
    },
    /// A view is recognised by the field that names views, and the profile does not say which that is.
    #[error("the view {view:?} is known by its name, but there is no view_name")]
    NoViewName {
        /// The view.
        view: String,
    },
    /// A value is outside of what is possible.
    #[error("the value of {key} cannot be used")]
    Value {
        /// The key.
        key: &'static str,
    },
    /// No view may come first.
    #[error("no view may come first")]
    NoStart,
}

impl Profile {
    /// The version of the format.
    pub const VERSION: u32 = 1;

    /// The most bytes of a profile.
    pub const LIMIT: usize = 256 * 1024;

    /// Reads a profile and checks that it can be followed.
    ///
    /// # Errors
    /// [`ProfileFault`], which says what is wrong and where.
    pub fn from_json(text: &str) -> Result<Self, ProfileFault> {
        if text.len() > Self::LIMIT {
            return Err(ProfileFault::TooLarge);
        }
        check::version(text)?;
        let profile: Self = serde_json::from_str(text).map_err(|error| check::format(&error))?;
        check::check(&profile)?;
        Ok(profile)
    }

    /// What is publicly known of the portal of Microsoft Entra, seen in a few public programs: its first page, the names
    /// of some views, and the choice of a method. The choice is shown, and then only a browser can go on: nothing is known
    /// about what follows. Experimental.
    pub fn entra() -> Self {
        // It can be read: a test sees to that. If it could not be, a browser could go on.
        Self::from_json(ENTRA).unwrap_or_else(|_| Self {
            _version: Self::VERSION,
            name: "entra".to_owned(),
            views: Vec::new(),
            view_name: None,
            needs: Vec::new(),
            partial: None,
            language: None,
            password: PasswordRules::default(),
        })
    }

    /// Its name, for logs.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn policy(&self) -> PasswordPolicy {
        let rules = self.password;
        PasswordPolicy {
            min_length: rules.min_length,
            max_length: rules.max_length,
            min_classes: rules.min_classes,
        }
    }
}
