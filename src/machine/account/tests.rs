use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::*;

/// A computer in memory, shared between what a test looks at and what a keeper works on.
#[derive(Clone, Default)]
struct Computer(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    /// By name: SID, and whether it is enabled.
    accounts: BTreeMap<String, (String, bool)>,
    hidden: Vec<String>,
    recorded: BTreeMap<String, String>,
    processes: usize,
    privileged: bool,
    made: usize,
    /// The operation that fails.
    fails: Option<Operation>,
    /// Whatever was done to accounts, in its order.
    log: Vec<String>,
}

impl Computer {
    fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.0.lock().unwrap())
    }

    fn step(&self, operation: Operation) -> Result<(), AccountFault> {
        self.with(|state| match state.fails {
            Some(fails) if fails == operation => Err(AccountFault::System { operation, code: 5 }),
            _ => Ok(()),
        })
    }

    fn is_empty(&self) -> bool {
        self.with(|state| {
            state.accounts.is_empty() && state.hidden.is_empty() && state.recorded.is_empty()
        })
    }
}

impl Accounts for Computer {
    fn password_policy(&self) -> Result<PasswordPolicy, AccountFault> {
        self.step(Operation::ReadPolicy)?;
        Ok(PasswordPolicy::new(14, true))
    }

    fn add_disabled(&self, name: &str, password: &AccountPassword) -> Result<(), AccountFault> {
        self.step(Operation::Add)?;
        assert!(PasswordPolicy::new(14, true).allows(password.expose_secret(), name));
        self.with(|state| {
            assert!(
                state.hidden.contains(&name.to_owned()),
                "hidden before it exists"
            );
            state.made += 1;
            let sid = format!("S-1-5-21-1-2-3-{}", 1000 + state.made);
            state.accounts.insert(name.to_owned(), (sid, false));
            Ok(())
        })
    }

    fn set_enabled(&self, name: &str, enabled: bool) -> Result<(), AccountFault> {
        self.step(Operation::Enable)?;
        self.with(|state| {
            let account = state.accounts.get_mut(name).unwrap();
            account.1 = enabled;
            assert!(
                !enabled || state.recorded.contains_key(&account.0),
                "recorded before"
            );
            state.log.push(format!("enabled {enabled}"));
            Ok(())
        })
    }

    fn is_privileged(&self, _: &str) -> Result<bool, AccountFault> {
        self.step(Operation::ReadRights)?;
        Ok(self.with(|state| state.privileged))
    }

    fn sid_of(&self, name: &str) -> Result<Option<String>, AccountFault> {
        self.step(Operation::LookUp)?;
        Ok(self.with(|state| state.accounts.get(name).map(|(sid, _)| sid.clone())))
    }

    fn name_of(&self, sid: &str) -> Result<Option<String>, AccountFault> {
        self.step(Operation::LookUp)?;
        Ok(self.with(|state| {
            let mut accounts = state.accounts.iter();
            accounts
                .find(|(_, account)| account.0 == sid)
                .map(|(name, _)| name.clone())
        }))
    }

    fn processes_of(&self, _: &str) -> Result<usize, AccountFault> {
        self.step(Operation::ListProcesses)?;
        Ok(self.with(|state| state.processes))
    }

    fn delete_profile(&self, _: &str) -> Result<(), AccountFault> {
        self.step(Operation::DeleteProfile)?;
        self.with(|state| state.log.push("profile deleted".into()));
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), AccountFault> {
        self.step(Operation::Delete)?;
        self.with(|state| {
            state.accounts.remove(name).unwrap();
            state.log.push("deleted".into());
        });
        Ok(())
    }

    fn set_hidden(&self, name: &str, hidden: bool) -> Result<(), AccountFault> {
        self.with(|state| {
            state.hidden.retain(|other| other != name);
            if hidden {
                state.hidden.push(name.to_owned());
            }
            Ok(())
        })
    }

    fn record(&self, sid: &str, name: &str) -> Result<(), AccountFault> {
        self.step(Operation::Record)?;
        self.with(|state| state.recorded.insert(sid.to_owned(), name.to_owned()));
        Ok(())
    }

    fn forget(&self, sid: &str) -> Result<(), AccountFault> {
        self.with(|state| state.recorded.remove(sid));
        Ok(())
    }

    fn recorded(&self) -> Result<Vec<(String, String)>, AccountFault> {
        Ok(self.with(|state| state.recorded.clone().into_iter().collect()))
    }
}

#[test]
fn an_account_is_gone_when_it_is_removed_or_dropped() {
    let computer = Computer::default();
    let keeper = Keeper::start(computer.clone());
    let account = keeper.create().unwrap();
    assert!(account.name().starts_with(PREFIX));
    assert!(
        computer.with(|state| state.accounts[account.name()].1),
        "enabled"
    );
    assert!(!format!("{account:?}").contains(account.password().expose_secret()));
    account.remove().unwrap();
    assert!(computer.is_empty());
    let log = computer.with(|state| std::mem::take(&mut state.log));
    assert_eq!(
        log,
        [
            "enabled true",
            "enabled false",
            "profile deleted",
            "deleted"
        ]
    );
    drop(keeper.create().unwrap());
    assert!(computer.is_empty());
}

#[test]
fn what_still_runs_is_disabled_and_removed_by_the_next_keeper() {
    let computer = Computer::default();
    let account = Keeper::start(computer.clone()).create().unwrap();
    let name = account.name().to_owned();
    computer.with(|state| state.processes = 2);
    assert_eq!(
        account.remove(),
        Err(AccountFault::StillRunning { processes: 2 })
    );
    assert!(!computer.with(|state| state.accounts[&name].1), "disabled");

    let keeper = Keeper::start(computer.clone());
    let still = AccountFault::StillRunning { processes: 2 };
    assert_eq!(keeper.left_over(), [(name, still)]);
    computer.with(|state| state.processes = 0);
    assert!(Keeper::start(computer.clone()).left_over().is_empty());
    assert!(computer.is_empty());
}

#[test]
fn a_crash_is_cleared_by_the_next_keeper() {
    let computer = Computer::default();
    std::mem::forget(Keeper::start(computer.clone()).create().unwrap());
    assert!(!computer.is_empty());
    Keeper::start(computer.clone());
    assert!(computer.is_empty());
}

#[test]
fn an_account_that_is_gone_already_leaves_no_trace() {
    let computer = Computer::default();
    std::mem::forget(Keeper::start(computer.clone()).create().unwrap());
    computer.with(|state| state.accounts.clear());
    assert!(Keeper::start(computer.clone()).left_over().is_empty());
    assert!(computer.is_empty());
}

#[test]
fn nothing_else_is_ever_removed() {
    let computer = Computer::default();
    let account = |name: &str, sid: &str| {
        computer.with(|state| state.accounts.insert(name.into(), (sid.into(), true)));
    };
    let record = |sid: &str, name: &str| computer.record(sid, name).unwrap();
    // Windows' own, even if somebody recorded them; and a stranger with our prefix, whose SID nobody recorded.
    account("defaultuser1", "S-1");
    record("S-1", "defaultuser1");
    account("sspr-web-aaaaaaaaaaa", "S-2");
    // A recorded one that was renamed, and a new one under a recorded name.
    account("Alice", "S-3");
    record("S-3", "sspr-web-bbbbbbbbbbb");
    account("sspr-web-ccccccccccc", "S-4");
    record("S-5", "sspr-web-ccccccccccc");
    let keeper = Keeper::start(computer.clone());
    let not_ours: Vec<_> = keeper.left_over().iter().map(|(_, fault)| fault).collect();
    assert_eq!(not_ours, [&AccountFault::NotOurs, &AccountFault::NotOurs]);
    computer.with(|state| {
        assert_eq!(state.accounts.len(), 4);
        assert!(state.accounts.values().all(|(_, enabled)| *enabled));
    });
}

#[test]
fn a_privileged_account_is_refused_and_removed() {
    let computer = Computer::default();
    computer.with(|state| state.privileged = true);
    let fault = Keeper::start(computer.clone()).create().unwrap_err();
    assert_eq!(fault, AccountFault::TooPrivileged);
    assert!(computer.is_empty());
}

#[test]
fn every_step_may_fail_and_no_usable_account_is_left() {
    for fails in [
        Operation::ReadPolicy,
        Operation::Add,
        Operation::LookUp,
        Operation::Record,
        Operation::ReadRights,
        Operation::Enable,
    ] {
        let computer = Computer::default();
        let keeper = Keeper::start(computer.clone());
        computer.with(|state| state.fails = Some(fails));
        assert!(keeper.create().is_err(), "{fails:?}");
        computer.with(|state| {
            assert!(
                state.accounts.values().all(|(_, enabled)| !enabled),
                "{fails:?}"
            );
            state.fails = None;
        });
        drop(Keeper::start(computer.clone()));
        let left = computer.with(|state| state.accounts.len());
        // Without a record it is not ours to remove.
        let unrecorded = matches!(fails, Operation::LookUp | Operation::Record);
        assert_eq!(left, usize::from(unrecorded), "{fails:?}");
    }
}

#[test]
fn a_profile_that_cannot_be_removed_keeps_the_record() {
    let computer = Computer::default();
    let account = Keeper::start(computer.clone()).create().unwrap();
    for fails in [
        Operation::DeleteProfile,
        Operation::ListProcesses,
        Operation::Delete,
    ] {
        computer.with(|state| state.fails = Some(fails));
        let keeper = Keeper::start(computer.clone());
        assert_eq!(keeper.left_over().len(), 1, "{fails:?}");
        assert!(computer.with(|state| !state.recorded.is_empty()));
    }
    computer.with(|state| state.fails = None);
    account.remove().unwrap();
    assert!(computer.is_empty());
}
