//! The local accounts of the running Windows.

mod ledger;
mod processes;
mod sids;
mod users;

use super::wide::wide;
use crate::machine::account::{AccountFault, AccountPassword, Accounts, Operation, PasswordPolicy};
use ledger::Values;

/// Hides accounts from the sign-in screen: a `REG_DWORD` 0 with the name of the account.
const HIDDEN: Values =
    Values(r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList");
/// What keepers wrote down: a `REG_SZ` with the SID as its name, and the name of the account in it. Like the rest of
/// `HKLM\SOFTWARE`, only administrators may write it.
const RECORDED: Values = Values(r"SOFTWARE\sspr\Accounts");

/// The local accounts of the running Windows. Takes the rights of an administrator, or of LocalSystem.
///
/// The record of a [`Keeper`](crate::machine::account::Keeper) is `HKLM\SOFTWARE\sspr\Accounts`.
#[derive(Debug, Clone, Copy, Default)]
#[non_exhaustive]
pub struct LiveAccounts;

impl LiveAccounts {
    /// The local accounts.
    pub const fn new() -> Self {
        Self
    }
}

impl Accounts for LiveAccounts {
    fn password_policy(&self) -> Result<PasswordPolicy, AccountFault> {
        // Whether passwords must be complex is not told; those that are made here always are.
        users::min_password_length().map(|length| PasswordPolicy::new(length, true))
    }

    fn add_disabled(&self, name: &str, password: &AccountPassword) -> Result<(), AccountFault> {
        users::add_disabled(name, password)
    }

    fn set_enabled(&self, name: &str, enabled: bool) -> Result<(), AccountFault> {
        users::set_enabled(name, enabled)
    }

    fn is_privileged(&self, name: &str) -> Result<bool, AccountFault> {
        users::is_privileged(name)
    }

    fn sid_of(&self, name: &str) -> Result<Option<String>, AccountFault> {
        sids::sid_of(name)
    }

    fn name_of(&self, sid: &str) -> Result<Option<String>, AccountFault> {
        sids::name_of(sid)
    }

    fn processes_of(&self, sid: &str) -> Result<usize, AccountFault> {
        processes::count(sid)
    }

    fn delete_profile(&self, sid: &str) -> Result<(), AccountFault> {
        processes::delete_profile(sid)
    }

    fn delete(&self, name: &str) -> Result<(), AccountFault> {
        users::delete(name)
    }

    fn set_hidden(&self, name: &str, hidden: bool) -> Result<(), AccountFault> {
        if hidden {
            HIDDEN.set_number(name, 0)
        } else {
            HIDDEN.remove(name)
        }
    }

    fn record(&self, sid: &str, name: &str) -> Result<(), AccountFault> {
        RECORDED.set_text(sid, name)
    }

    fn forget(&self, sid: &str) -> Result<(), AccountFault> {
        RECORDED.remove(sid)
    }

    fn recorded(&self) -> Result<Vec<(String, String)>, AccountFault> {
        RECORDED.texts()
    }
}

/// The error of a function, by its number.
fn fault(operation: Operation, code: u32) -> AccountFault {
    use windows_sys::Win32::Foundation::{
        ERROR_ACCESS_DENIED, ERROR_CALL_NOT_IMPLEMENTED, ERROR_NOT_SUPPORTED,
    };
    match code {
        ERROR_ACCESS_DENIED => AccountFault::Denied { operation },
        ERROR_CALL_NOT_IMPLEMENTED | ERROR_NOT_SUPPORTED => {
            AccountFault::NotSupported { operation }
        }
        code => AccountFault::System { operation, code },
    }
}

/// The error that the last function left.
fn last_fault(operation: Operation) -> AccountFault {
    let code = std::io::Error::last_os_error().raw_os_error();
    fault(operation, code.unwrap_or_default().cast_unsigned())
}
