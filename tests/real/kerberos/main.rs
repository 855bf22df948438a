//! Kerberos by the library of the system, with a real key distribution center and a service that accepts the tickets.
//!
//! `tests/real/install/gssapi` installs both. Without them the tests say so and end; with `SSPR_REAL=require` they fail.
//! The library takes its settings from the environment, so every test runs itself once more in a process of its own.
#![cfg(target_os = "linux")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panic"
)]

mod stand;

use sspr::{Gssapi, KerberosProblem, Negotiate, NegotiateContext};

use stand::{Answer, Inside, Realm};

const NOBODY: &str = "nothing";

/// The first token for the proxy on this computer.
fn token(gssapi: &Gssapi) -> Result<Vec<u8>, KerberosProblem> {
    Ok(begun(gssapi, "localhost")?.1)
}

fn begun(
    gssapi: &Gssapi,
    host: &str,
) -> Result<(Box<dyn NegotiateContext>, Vec<u8>), KerberosProblem> {
    let mut context = gssapi.begin(host, None)?;
    let token = context.step(&[])?;
    Ok((context, token))
}

#[test]
fn the_ticket_of_a_person_is_accepted() {
    if let Some(inside) = Inside::get() {
        let (mut context, token) = begun(&Gssapi::new(), "localhost").unwrap();
        let answer = inside.show(&token);
        assert_eq!(answer.name(), "adele@CONTOSO.EXAMPLE");
        // The service proves itself as well, and then nothing is left to be said.
        assert!(!answer.token().is_empty());
        assert_eq!(context.step(answer.token()), Ok(vec![]));
        assert_eq!(context.step(answer.token()), Ok(vec![]));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("the_ticket_of_a_person_is_accepted")
        .tickets("tickets")
        .run();
}

#[test]
fn the_tickets_of_a_named_cache_are_accepted() {
    if let Some(inside) = Inside::get() {
        let cache = inside.path("tickets").display().to_string();
        let person = Gssapi::ticket_cache(cache);
        let answer = inside.show(&token(&person).unwrap());
        assert_eq!(answer.name(), "adele@CONTOSO.EXAMPLE");
        let other = person.principal("wanda@CONTOSO.EXAMPLE");
        assert_eq!(token(&other), Err(KerberosProblem::NoCredentials));
        let none = Gssapi::ticket_cache("FILE:nowhere\0");
        assert_eq!(token(&none), Err(KerberosProblem::NoCredentials));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("the_tickets_of_a_named_cache_are_accepted")
        .tickets(NOBODY)
        .run();
}

#[test]
fn a_computer_logs_in_by_its_key() {
    if let Some(inside) = Inside::get() {
        for (file, principal, expected) in [
            ("services.keytab", None, "host/ws1@CONTOSO.EXAMPLE"),
            ("accounts.keytab", None, "ws1$@CONTOSO.EXAMPLE"),
            ("services.keytab", Some("ws1$"), "ws1$@CONTOSO.EXAMPLE"),
            (
                "accounts.keytab",
                Some("host/ws1"),
                "host/ws1@CONTOSO.EXAMPLE",
            ),
        ] {
            let mut computer = Gssapi::keytab(inside.path(file));
            if let Some(principal) = principal {
                computer = computer.principal(principal);
            }
            // Twice: with the key, then with the tickets that it brought.
            for _ in 0..2 {
                let answer = inside.show(&token(&computer).unwrap());
                assert_eq!(answer.name(), expected, "{file} {principal:?}");
            }
        }
        let missing = Gssapi::keytab(inside.path("missing.keytab"));
        assert_eq!(token(&missing), Err(KerberosProblem::NoCredentials));
        let foreign = Gssapi::keytab(inside.path("accounts.keytab")).principal("ws2$");
        assert_eq!(token(&foreign), Err(KerberosProblem::NoCredentials));
        assert!(!inside.path(NOBODY).exists());
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.child("a_computer_logs_in_by_its_key").run();
}

#[test]
fn a_login_is_of_use_only_at_the_certificate_that_it_is_bound_to() {
    if let Some(inside) = Inside::get() {
        let (own, other) = ([7; 32], [8; 32]);
        let token = || {
            let mut context = Gssapi::new().begin("localhost", Some(&own)).unwrap();
            context.step(&[]).unwrap()
        };
        assert_eq!(
            inside.show_at(&own, &token()).name(),
            "adele@CONTOSO.EXAMPLE"
        );
        assert_eq!(inside.show_at(&other, &token()).name(), "nobody");
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("a_login_is_of_use_only_at_the_certificate_that_it_is_bound_to")
        .tickets("tickets")
        .run();
}

#[test]
fn without_a_ticket_there_are_no_credentials() {
    if Inside::get().is_some() {
        assert_eq!(token(&Gssapi::new()), Err(KerberosProblem::NoCredentials));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm
        .child("without_a_ticket_there_are_no_credentials")
        .run();
}

#[test]
fn a_proxy_that_the_domain_does_not_know_is_named() {
    if Inside::get().is_some() {
        let problem = begun(&Gssapi::new(), "proxy.contoso.example").err();
        let service = "HTTP/proxy.contoso.example".to_owned();
        assert_eq!(problem, Some(KerberosProblem::UnknownSpn { service }));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("a_proxy_that_the_domain_does_not_know_is_named")
        .tickets("tickets")
        .run();
}

#[test]
fn without_a_domain_controller_that_is_told() {
    if let Some(inside) = Inside::get() {
        assert_eq!(token(&Gssapi::new()), Err(KerberosProblem::NoKdc));
        let computer = Gssapi::keytab(inside.path("accounts.keytab"));
        assert_eq!(token(&computer), Err(KerberosProblem::NoKdc));
        let elsewhere = computer.principal("ws1$@ELSEWHERE.EXAMPLE");
        let none = KerberosProblem::NoCredentials;
        assert_eq!(token(&elsewhere), Err(none));
        return;
    }
    let Some(mut realm) = Realm::start() else {
        return;
    };
    realm.sign_in();
    realm.stop();
    realm
        .child("without_a_domain_controller_that_is_told")
        .tickets("tickets")
        .run();
}

#[test]
fn a_clock_that_is_wrong_is_told_by_the_domain_controller() {
    if let Some(inside) = Inside::get() {
        let computer = Gssapi::keytab(inside.path("accounts.keytab"));
        assert_eq!(token(&computer), Err(KerberosProblem::ClockSkew));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm
        .child("a_clock_that_is_wrong_is_told_by_the_domain_controller")
        .clock("+10m")
        .config("strict.conf")
        .run();
}

#[test]
fn a_clock_that_is_wrong_is_told_by_the_proxy() {
    if let Some(inside) = Inside::get() {
        let (mut context, token) = begun(&Gssapi::new(), "localhost").unwrap();
        let answer = inside.show_to_clock("+10m", &token);
        assert!(matches!(answer, Answer::Refuses { .. }));
        assert_eq!(
            context.step(answer.token()),
            Err(KerberosProblem::ClockSkew)
        );
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("a_clock_that_is_wrong_is_told_by_the_proxy")
        .tickets("tickets")
        .run();
}

#[test]
fn a_proxy_with_another_key_refuses() {
    if let Some(inside) = Inside::get() {
        let (mut context, token) = begun(&Gssapi::new(), "localhost").unwrap();
        let answer = inside.show(&token);
        assert_eq!(answer.name(), "nobody");
        let told = context.step(answer.token());
        let Err(KerberosProblem::Failed { detail, .. }) = told else {
            panic!("{told:?}");
        };
        assert_eq!(detail.as_str(), "Key version is not available");
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.change_key_of_service();
    realm.sign_in();
    realm
        .child("a_proxy_with_another_key_refuses")
        .tickets("tickets")
        .run();
}

#[test]
fn a_ticket_that_has_expired_is_told() {
    if Inside::get().is_some() {
        assert_eq!(token(&Gssapi::new()), Err(KerberosProblem::Expired));
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("a_ticket_that_has_expired_is_told")
        .clock("+3d")
        .tickets("tickets")
        .run();
}

#[test]
fn an_elevated_process_does_not_let_its_environment_choose() {
    if Inside::get().is_some() {
        let told = token(&Gssapi::new().elevated(true));
        let Err(KerberosProblem::Environment { variable }) = told else {
            panic!("{told:?}");
        };
        assert!(variable.starts_with("KRB5"), "{variable}");
        assert!(token(&Gssapi::new()).is_ok());
        return;
    }
    let Some(realm) = Realm::start() else { return };
    realm.sign_in();
    realm
        .child("an_elevated_process_does_not_let_its_environment_choose")
        .tickets("tickets")
        .run();
}
