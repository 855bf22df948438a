//! Throw-away accounts on a running Windows, as far as it implements them. What Wine does not is told by a typed fault,
//! and these tests say which; on a real Windows the whole life of an account is asserted.
#![cfg(all(windows, feature = "account"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use sspr::machine::account::{
    AccountFault, AccountPassword, Accounts, Keeper, Operation, PREFIX, PasswordPolicy,
};
use sspr::machine::live::{LiveAccounts, LiveRegistry};
use sspr::machine::registry::{Key, RegistryView, Root, Value};

const RECORDED: &str = r"SOFTWARE\sspr\Accounts";
const HIDDEN: &str =
    r"SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList";
const NAME: &str = "sspr-web-testtesttes";

#[test]
fn the_policy_is_read_and_a_password_meets_it() {
    match LiveAccounts::new().password_policy() {
        Ok(policy) => {
            let password = AccountPassword::generate(&policy, NAME).unwrap();
            assert!(policy.allows(password.expose_secret(), NAME));
        }
        Err(fault) => assert_eq!(Some(fault), wines_limit()),
    }
}

#[test]
fn an_account_lives_as_long_as_the_system_allows() {
    let _turn = turn();
    let keeper = Keeper::start(LiveAccounts::new());
    match keeper.create() {
        Ok(account) => {
            assert!(!is_wine(), "Wine has learned this: assert more");
            let (name, sid) = (account.name().to_owned(), account.sid().to_owned());
            assert!(name.starts_with(PREFIX) && sid.starts_with("S-1-5-21-"));
            assert_eq!(value(RECORDED, &sid), Some(Value::text(&name)));
            assert_eq!(value(HIDDEN, &name), Some(Value::dword(0)));
            account.remove().unwrap();
            assert_eq!(value(RECORDED, &sid), None);
            assert_eq!(value(HIDDEN, &name), None);
        }
        Err(fault) => {
            println!("this system cannot: {fault}");
            assert_eq!(Some(fault), wines_limit());
        }
    }
    assert_eq!(LiveAccounts::new().recorded(), Ok(Vec::new()));
}

/// Wine keeps accounts in the memory of one process and gives them no SID, so that a keeper would refuse them. Nor can
/// it enable one: `NetUserSetInfo` ends the program, and so is not called.
#[test]
fn wine_makes_and_removes_an_account_step_by_step() {
    if !is_wine() {
        println!("skipped: this Windows does the whole");
        return;
    }
    let _turn = turn();
    let accounts = LiveAccounts::new();
    let password = AccountPassword::generate(&PasswordPolicy::new(14, true), NAME).unwrap();
    assert_eq!(accounts.add_disabled(NAME, &password), Ok(()));
    assert_eq!(accounts.is_privileged(NAME), Ok(false));
    assert_eq!(accounts.sid_of(NAME), Ok(None), "Wine has learned this");
    assert_eq!(accounts.delete(NAME), Ok(()));
    assert_eq!(accounts.delete(NAME), Ok(()), "as good as removed");
    let operation = Operation::DeleteProfile;
    assert_eq!(
        accounts.delete_profile("S-1-5-21-1-2-3-1004"),
        Err(AccountFault::NotSupported { operation })
    );
}

#[test]
fn what_is_recorded_is_read_again_and_forgotten() {
    let _turn = turn();
    let accounts = LiveAccounts::new();
    let sid = "S-1-5-21-1-2-3-4";
    accounts.forget(sid).unwrap();
    accounts.record(sid, NAME).unwrap();
    assert_eq!(value(RECORDED, sid), Some(Value::text(NAME)));
    assert_eq!(
        accounts.recorded(),
        Ok(vec![(sid.to_owned(), NAME.to_owned())])
    );
    accounts.forget(sid).unwrap();
    assert_eq!(accounts.recorded(), Ok(Vec::new()));
}

#[test]
fn what_no_keeper_wrote_hides_no_record() {
    let _turn = turn();
    let (accounts, sid) = (LiveAccounts::new(), "S-1-5-21-1-2-3-5");
    let reg = |verb: &str, words: &[&str]| {
        let key = format!("HKLM\\{RECORDED}");
        let mut reg = Command::new("reg");
        reg.args([verb, &key, "/v", "A long one", "/f"]).args(words);
        assert!(reg.status().unwrap().success(), "{verb}");
    };
    reg("add", &["/d", &"x".repeat(600)]);
    accounts.record(sid, NAME).unwrap();
    let recorded = accounts.recorded();
    accounts.forget(sid).unwrap();
    reg("delete", &[]);
    assert_eq!(recorded, Ok(vec![(sid.to_owned(), NAME.to_owned())]));
}

#[test]
fn an_account_is_hidden_as_reg_reads_it() {
    let _turn = turn();
    let accounts = LiveAccounts::new();
    accounts.set_hidden(NAME, true).unwrap();
    let query = Command::new("reg")
        .args(["query", &format!("HKLM\\{HIDDEN}"), "/v", NAME])
        .output()
        .unwrap();
    assert!(
        String::from_utf8_lossy(&query.stdout).contains("0x0"),
        "{query:?}"
    );
    accounts.set_hidden(NAME, false).unwrap();
    assert_eq!(value(HIDDEN, NAME), None);
    accounts.set_hidden(NAME, false).unwrap();
}

#[test]
fn the_accounts_of_windows_are_never_removed() {
    let _turn = turn();
    let accounts = LiveAccounts::new();
    let sid = "S-1-5-18";
    accounts.record(sid, "defaultuser1").unwrap();
    let keeper = Keeper::start(accounts);
    let not_ours = ("defaultuser1".to_owned(), AccountFault::NotOurs);
    assert_eq!(keeper.left_over(), [not_ours]);
    accounts.forget(sid).unwrap();
}

#[test]
fn sids_and_names_are_translated() {
    let accounts = LiveAccounts::new();
    assert!(accounts.name_of("S-1-5-18").unwrap().is_some());
    assert_eq!(accounts.name_of("S-1-5-21-1-2-3-1004"), Ok(None));
    let nonsense = accounts.name_of("no SID");
    assert!(
        matches!(
            nonsense,
            Err(AccountFault::System {
                operation: Operation::LookUp,
                ..
            })
        ),
        "{nonsense:?}"
    );
    assert_eq!(accounts.sid_of("sspr-web-nobodynobod"), Ok(None));
}

#[test]
fn an_account_that_does_not_exist_has_no_processes() {
    match LiveAccounts::new().processes_of("S-1-5-21-1-2-3-1004") {
        Ok(processes) => assert_eq!(processes, 0),
        Err(fault) => assert!(is_wine(), "{fault}"),
    }
}

/// Wine knows the policy for passwords at no level that holds their length: `NERR_InternalError`.
fn wines_limit() -> Option<AccountFault> {
    let operation = Operation::ReadPolicy;
    let code = 2140;
    is_wine().then_some(AccountFault::System { operation, code })
}

fn is_wine() -> bool {
    let wine = Key::new(Root::LocalMachine, r"SOFTWARE\Wine");
    LiveRegistry::new().subkeys(&wine).unwrap().is_some()
}

fn value(key: &'static str, name: &str) -> Option<Value> {
    LiveRegistry::new()
        .value(&Key::new(Root::LocalMachine, key), name)
        .unwrap()
}

/// The record is one for the whole computer.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}
