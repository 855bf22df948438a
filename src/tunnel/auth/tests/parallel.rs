//! Several connections at once: the first logs in, the others wait for its result.

use super::*;

const OFFER: &[&str] = &["Basic realm=a"];

/// Opens a connection through a proxy that takes one password.
async fn open(logins: &Logins, right: &str, refusals: &AtomicUsize) -> Result<(), ProxyFault> {
    let mut login = logins.begin(&secure(), settings());
    let right = format!("Basic {right}");
    loop {
        let said = says_or(&mut login).await?;
        tokio::task::yield_now().await;
        if said == right {
            login.accepted();
            return Ok(());
        }
        if !said.is_empty() {
            refusals.fetch_add(1, Ordering::SeqCst);
        }
        refuse(&mut login, OFFER).await?;
    }
}

async fn says_or(login: &mut Login) -> Result<String, ProxyFault> {
    let field = login.field(LINE).await?;
    Ok(field.map(|field| field.to_string()).unwrap_or_default())
}

async fn four(logins: &Logins, right: &str) -> (Vec<Result<(), ProxyFault>>, usize) {
    let refusals = AtomicUsize::new(0);
    let (a, b, c, d) = tokio::join!(
        open(logins, right, &refusals),
        open(logins, right, &refusals),
        open(logins, right, &refusals),
        open(logins, right, &refusals),
    );
    (vec![a, b, c, d], refusals.into_inner())
}

#[tokio::test]
async fn one_rejection_is_enough() {
    let logins = fresh(given());
    let (outcomes, refusals) = four(&logins, "other").await;
    assert_eq!(refusals, 1);
    for outcome in outcomes {
        assert_eq!(kind(outcome), "credentials-rejected");
    }
    let (_, refusals) = four(&logins, "other").await;
    assert_eq!(refusals, 0);
}

#[tokio::test]
async fn one_question_is_enough() {
    let person = Person::knows(&["right"]);
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    let (outcomes, refusals) = four(&logins, "YWRlbGU6cmlnaHQ=").await;
    assert!(outcomes.iter().all(Result::is_ok));
    assert_eq!((person.questions(), refusals), (1, 0));

    // So it is if nobody knows an answer; those who come later ask again.
    let person = Person::default();
    let logins = fresh(ProxyAccess::new().ask(person.clone()));
    for questions in 1..=2 {
        let (outcomes, _) = four(&logins, "").await;
        for outcome in outcomes {
            assert_eq!(kind(outcome), "credentials-missing");
        }
        assert_eq!(person.questions(), questions);
    }
}

/// Nobody knows whether the password was refused, so those who wait do not try it.
#[tokio::test]
async fn an_answer_that_breaks_off_is_one_for_all_who_wait() {
    let logins = fresh(given());
    let mut first = begin(&logins, &secure(), OFFER).await;
    says(&mut first).await;
    let mut second = logins.begin(&secure(), settings());
    let waits = async { says_or(&mut second).await };
    let breaks = async {
        tokio::task::yield_now().await;
        first.cut()
    };
    let (outcome, fault) = tokio::join!(waits, breaks);
    let ProxyFault::ClosedDuringAuth { scheme, .. } = &fault else {
        panic!("{fault:?}")
    };
    assert_eq!(*scheme, Some(AuthScheme::Basic));
    assert_eq!(outcome, Err(fault));
    // Those who come later may.
    begin(&logins, &secure(), OFFER).await;
}

#[tokio::test]
async fn a_login_that_was_dropped_makes_room() {
    let logins = fresh(given());
    let first = begin(&logins, &secure(), OFFER).await;
    let mut second = logins.begin(&secure(), settings());
    let waits = async {
        assert_eq!(says(&mut second).await, "");
        refuse(&mut second, OFFER).await
    };
    let leaves = async {
        tokio::task::yield_now().await;
        drop(first);
    };
    let (outcome, ()) = tokio::join!(waits, leaves);
    assert_eq!(outcome, Ok(Next::Anywhere));
}

#[tokio::test]
async fn another_proxy_is_not_waited_for() {
    let logins = fresh(given().allow_basic_over_plaintext(true));
    let _first = begin(&logins, &secure(), OFFER).await;
    begin(&logins, &plain(), OFFER).await;
}
