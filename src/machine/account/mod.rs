//! A throw-away account for a frontend that opens a web view: nobody else's profile, no rights, and gone afterwards.
//!
//! The reset itself needs no account. A web view does: it runs as somebody, and at the sign-in screen that must not be
//! LocalSystem. A [`Keeper`] makes accounts with a name prefix of their own ([`PREFIX`]) and a random password that
//! meets the local policy, hidden from the sign-in screen and in no local group. An account is removed when it is
//! dropped, and after a crash when the next keeper starts.
//!
//! Nothing is removed that was not recorded: only accounts whose SID a keeper wrote down when it made them, which still
//! bear their name, and in whose name no process runs any more. Windows' own `defaultuser…` are never touched.
//!
//! ```no_run
//! # #[cfg(windows)]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sspr::machine::account::Keeper;
//! use sspr::machine::live::LiveAccounts;
//!
//! let keeper = Keeper::start(LiveAccounts::new());
//! for (name, fault) in keeper.left_over() {
//!     eprintln!("{name} is still there: {fault}");
//! }
//! let account = keeper.create()?;
//! // Sign in with account.name() and account.password(), run the web view, wait for its processes to end.
//! account.remove()?;
//! # Ok(()) }
//! # #[cfg(not(windows))]
//! # fn main() {}
//! ```

mod fault;
mod name;
mod password;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use self::fault::{AccountFault, Operation};
pub use self::name::PREFIX;
pub use self::password::{AccountPassword, PasswordPolicy};

/// What a keeper does with the accounts of a computer: the seam between the rules and Windows.
///
/// Every function works on this computer only, and fails with [`AccountFault`] where the system does not do it.
#[allow(
    clippy::missing_errors_doc,
    reason = "the same for all of them: AccountFault if the system fails"
)]
pub trait Accounts: Send + Sync {
    /// What a password must be like.
    fn password_policy(&self) -> Result<PasswordPolicy, AccountFault>;
    /// Makes an account that is disabled, in no local group, and cannot change its password.
    fn add_disabled(&self, name: &str, password: &AccountPassword) -> Result<(), AccountFault>;
    /// Enables or disables an account.
    fn set_enabled(&self, name: &str, enabled: bool) -> Result<(), AccountFault>;
    /// Whether an account has more rights than any user.
    fn is_privileged(&self, name: &str) -> Result<bool, AccountFault>;
    /// The SID of an account, if it exists.
    fn sid_of(&self, name: &str) -> Result<Option<String>, AccountFault>;
    /// The name of an account, if it exists.
    fn name_of(&self, sid: &str) -> Result<Option<String>, AccountFault>;
    /// How many processes run in the name of an account.
    fn processes_of(&self, sid: &str) -> Result<usize, AccountFault>;
    /// Removes the profile of an account, if there is one.
    fn delete_profile(&self, sid: &str) -> Result<(), AccountFault>;
    /// Removes an account.
    fn delete(&self, name: &str) -> Result<(), AccountFault>;
    /// Hides an account from the sign-in screen, or forgets that.
    fn set_hidden(&self, name: &str, hidden: bool) -> Result<(), AccountFault>;
    /// Writes down, where only administrators can write, that this account was made here.
    fn record(&self, sid: &str, name: &str) -> Result<(), AccountFault>;
    /// Strikes it out.
    fn forget(&self, sid: &str) -> Result<(), AccountFault>;
    /// SID and name of every account that is written down.
    fn recorded(&self) -> Result<Vec<(String, String)>, AccountFault>;
}

/// Makes throw-away accounts, and removes what an earlier one left. One at a time on a computer: a second keeper would
/// take the accounts of the first for left over, as long as no process runs in their name.
pub struct Keeper {
    accounts: Arc<dyn Accounts>,
    left_over: Vec<(String, AccountFault)>,
}

impl Keeper {
    /// Removes the accounts that are recorded, and begins.
    pub fn start(accounts: impl Accounts + 'static) -> Self {
        let mut keeper = Self {
            accounts: Arc::new(accounts),
            left_over: Vec::new(),
        };
        match keeper.accounts.recorded() {
            Ok(recorded) => {
                for (sid, name) in recorded {
                    if let Err(fault) = remove(keeper.accounts.as_ref(), &sid, &name) {
                        keeper.left_over.push((name, fault));
                    }
                }
            }
            Err(fault) => keeper.left_over.push((String::new(), fault)),
        }
        keeper
    }

    /// Recorded accounts that could not be removed, and why. An empty name stands for the record itself.
    pub fn left_over(&self) -> &[(String, AccountFault)] {
        &self.left_over
    }

    /// Makes an account. It is disabled until its SID is recorded, so that a crash in between leaves nothing that can be
    /// used.
    ///
    /// # Errors
    /// [`AccountFault`] if any step fails; what was made is then removed, if it was recorded already.
    pub fn create(&self) -> Result<ThrowAway, AccountFault> {
        let accounts = self.accounts.as_ref();
        let name = name::random()?;
        let password = AccountPassword::generate(&accounts.password_policy()?, &name)?;
        accounts.set_hidden(&name, true)?;
        if let Err(fault) = accounts.add_disabled(&name, &password) {
            // The account does not exist; what hides it is litter.
            let _ = accounts.set_hidden(&name, false);
            return Err(fault);
        }
        let sid = match accounts.sid_of(&name) {
            Ok(Some(sid)) => sid,
            Ok(None) => return Err(AccountFault::NotRecorded { name }),
            Err(fault) => return Err(fault),
        };
        accounts.record(&sid, &name)?;
        // From here on, dropping removes it.
        let account = ThrowAway {
            accounts: Arc::clone(&self.accounts),
            sid,
            name,
            password,
            removed: false,
        };
        if accounts.is_privileged(&account.name)? {
            return Err(AccountFault::TooPrivileged);
        }
        accounts.set_enabled(&account.name, true)?;
        Ok(account)
    }
}

impl fmt::Debug for Keeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keeper")
            .field("left_over", &self.left_over)
            .finish_non_exhaustive()
    }
}

/// An account that is removed when this is dropped. If processes still run in its name then, it is disabled and waits
/// for the next keeper.
pub struct ThrowAway {
    accounts: Arc<dyn Accounts>,
    sid: String,
    name: String,
    password: AccountPassword,
    removed: bool,
}

impl ThrowAway {
    /// The name, of this computer and no domain.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The SID, as text.
    pub fn sid(&self) -> &str {
        &self.sid
    }

    /// The password.
    pub fn password(&self) -> &AccountPassword {
        &self.password
    }

    /// Removes it, and tells whether that worked.
    ///
    /// # Errors
    /// [`AccountFault`]; the next keeper tries again.
    pub fn remove(mut self) -> Result<(), AccountFault> {
        self.removed = true;
        remove(self.accounts.as_ref(), &self.sid, &self.name)
    }
}

impl Drop for ThrowAway {
    fn drop(&mut self) {
        if !self.removed {
            // The record stays if this fails, and the next keeper tells.
            let _ = remove(self.accounts.as_ref(), &self.sid, &self.name);
        }
    }
}

impl fmt::Debug for ThrowAway {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ThrowAway")
            .field("name", &self.name)
            .field("sid", &self.sid)
            .finish_non_exhaustive()
    }
}

/// Removes a recorded account with its profile. First of all it is disabled, so that no new process starts while its
/// processes are counted.
fn remove(accounts: &dyn Accounts, sid: &str, name: &str) -> Result<(), AccountFault> {
    if !name::is_ours(name) {
        return Err(AccountFault::NotOurs);
    }
    let exists = match accounts.name_of(sid)? {
        Some(current) if current.eq_ignore_ascii_case(name) => true,
        Some(_) => return Err(AccountFault::NotOurs),
        None => false,
    };
    if exists {
        accounts.set_enabled(name, false)?;
    }
    match accounts.processes_of(sid)? {
        0 => {}
        processes => return Err(AccountFault::StillRunning { processes }),
    }
    accounts.delete_profile(sid)?;
    if exists {
        accounts.delete(name)?;
    }
    accounts.set_hidden(name, false)?;
    accounts.forget(sid)
}
