//! Taking the new password.

use super::super::audit;
use super::super::users::User;
use super::call::Call;
use super::error::PortalError;
use super::fields::{CONFIRM_PASSWORD, Fields, NEW_PASSWORD};
use super::language::Text;
use super::session::{End, Session, Step};
use super::text;

/// Parts of a name that are shorter are not looked for, as documented.
const SHORTEST_NAME: usize = 4;

impl Call<'_> {
    /// `ordered` is what goes wrong on-premises, if a test has said so.
    pub(super) fn finish(
        &mut self,
        session: &mut Session,
        fields: &Fields,
        ordered: Option<PortalError>,
    ) {
        if !matches!(session.step, Step::NewPassword) {
            return;
        }
        let Some(user) = self.user(session) else {
            return self.refuse(session, PortalError::ServiceError);
        };
        let password = fields.control(NEW_PASSWORD);
        if password.is_empty() {
            return session.object(text::PASSWORD_MISSING);
        }
        if password != fields.control(CONFIRM_PASSWORD) {
            return session.object(text::PASSWORDS_DIFFER);
        }
        let policy = &self.state.settings.policy;
        let verdict = policy.judge(password, user.password.as_deref());
        let complaint = match verdict {
            Err(suberror) => Some((suberror, complaint(suberror))),
            Ok(()) if names(password, &user) => {
                Some(("password_names_user", text::PASSWORD_NAMES_USER))
            }
            Ok(()) => None,
        };
        if let Some((detail, words)) = complaint {
            self.record(audit::RESET, &user.name, false, detail);
            return session.object(words);
        }
        let expected = ordered.or(user.portal_error);
        let writeback = expected.filter(|error| error.is_about_writeback());
        if writeback.is_none_or(|error| error == PortalError::OnPremisesSuccessCloudFailure)
            && let Some(user) = self.state.users.find_mut(&user.name)
        {
            user.password = Some(password.to_owned());
            user.changes += 1;
            user.locked = false;
        }
        if let Some(error) = writeback {
            return self.refuse(session, error);
        }
        let detail = "Successfully reset the password";
        self.record(audit::RESET, &user.name, true, detail);
        session.end(End::Reset);
    }
}

fn complaint(suberror: &str) -> Text {
    match suberror {
        "password_too_short" => text::PASSWORD_TOO_SHORT,
        "password_too_long" => text::PASSWORD_TOO_LONG,
        "password_is_invalid" => text::PASSWORD_INVALID,
        "password_banned" => text::PASSWORD_BANNED,
        "password_recently_used" => text::PASSWORD_RECENT,
        _ => text::PASSWORD_TOO_WEAK,
    }
}

/// Whether the password contains the user name, up to its `@`. Documented for names of people in general.
fn names(password: &str, user: &User) -> bool {
    let name = user.name.split('@').next().unwrap_or_default();
    name.len() >= SHORTEST_NAME
        && password
            .to_ascii_lowercase()
            .contains(&name.to_ascii_lowercase())
}
