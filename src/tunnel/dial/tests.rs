//! Which address is tried when.

use std::sync::Mutex;

use tokio::time::{Instant, sleep};

use super::*;

fn ips(texts: &[&str]) -> Vec<IpAddr> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[test]
fn families_take_turns_beginning_with_the_preferred_one() {
    let six_first = in_turn(ips(&["::1", "::2", "::3", "1.1.1.1", "1.1.1.2"]));
    assert_eq!(six_first, ips(&["::1", "1.1.1.1", "::2", "1.1.1.2", "::3"]));
    let four_first = in_turn(ips(&["1.1.1.1", "1.1.1.2", "::1"]));
    assert_eq!(four_first, ips(&["1.1.1.1", "::1", "1.1.1.2"]));
    assert_eq!(in_turn(Vec::new()), ips(&[]));
    assert_eq!(in_turn(vec![[1, 1, 1, 1].into(); 1000]).len(), ADDRESSES);
}

/// What an address does when it is tried: it answers or fails after so many milliseconds.
type Script = &'static [(u64, Result<(), io::ErrorKind>)];

/// Races the addresses of `script`. Gives the number of the winner, or how all failed, when each was tried, and how
/// long it took.
async fn raced(script: Script) -> (Result<u16, io::ErrorKind>, Vec<u64>, u64) {
    let start = Instant::now();
    let tried = Mutex::new(Vec::new());
    let addresses: Vec<_> = (0..script.len() as u16)
        .map(|number| ([127, 0, 0, 1], number).into())
        .collect();
    let outcome = race(&addresses, |address| {
        tried
            .lock()
            .unwrap()
            .push(start.elapsed().as_millis() as u64);
        let number = address.port();
        let (after, outcome) = script[usize::from(number)];
        Box::pin(async move {
            sleep(Duration::from_millis(after)).await;
            outcome.map(|()| number).map_err(io::Error::from)
        })
    })
    .await;
    let took = start.elapsed().as_millis() as u64;
    (
        outcome.map_err(|error| error.kind()),
        tried.into_inner().unwrap(),
        took,
    )
}

const REFUSED: Result<(), io::ErrorKind> = Err(io::ErrorKind::ConnectionRefused);
const NO_ROUTE: Result<(), io::ErrorKind> = Err(io::ErrorKind::NetworkUnreachable);
const NEVER: u64 = 1_000_000;

#[tokio::test(start_paused = true)]
async fn an_address_that_answers_in_time_is_the_only_one_tried() {
    assert_eq!(
        raced(&[(249, Ok(())), (0, Ok(()))]).await,
        (Ok(0), vec![0], 249)
    );
}

#[tokio::test(start_paused = true)]
async fn the_next_address_is_tried_when_the_one_before_is_slow_or_fails() {
    let slow: Script = &[(NEVER, Ok(())), (NEVER, Ok(())), (10, Ok(()))];
    assert_eq!(raced(slow).await, (Ok(2), vec![0, 250, 500], 510));
    let failing: Script = &[(10, REFUSED), (10, NO_ROUTE), (10, Ok(()))];
    assert_eq!(raced(failing).await, (Ok(2), vec![0, 10, 20], 30));
}

#[tokio::test(start_paused = true)]
async fn a_slow_address_may_still_win() {
    let script: Script = &[(300, Ok(())), (NEVER, Ok(())), (NEVER, Ok(()))];
    assert_eq!(raced(script).await, (Ok(0), vec![0, 250], 300));
    let script: Script = &[(2000, Ok(())), (100, REFUSED)];
    assert_eq!(raced(script).await, (Ok(0), vec![0, 250], 2000));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_says_more_than_a_missing_route() {
    let refused = Err(io::ErrorKind::ConnectionRefused);
    assert_eq!(raced(&[(1, REFUSED), (1, NO_ROUTE)]).await.0, refused);
    assert_eq!(raced(&[(1, NO_ROUTE), (1, REFUSED)]).await.0, refused);
    assert_eq!(
        raced(&[(1, NO_ROUTE)]).await.0,
        Err(io::ErrorKind::NetworkUnreachable)
    );
    assert_eq!(raced(&[]).await.0, Err(io::ErrorKind::AddrNotAvailable));
}

#[test]
fn a_destination_is_named_as_certificates_name_it() {
    for (url, name, port, shown) in [
        (
            "https://LOGIN.example",
            "login.example",
            443,
            "login.example:443",
        ),
        (
            "https://login.example.:8443/x",
            "login.example",
            8443,
            "login.example.:8443",
        ),
        (
            "https://パスワード.example/",
            "xn--zck6aw5jtc.example",
            443,
            "xn--zck6aw5jtc.example:443",
        ),
        ("https://127.1/", "127.0.0.1", 443, "127.0.0.1:443"),
        ("https://[::0001]:1/", "::1", 1, "[::1]:1"),
    ] {
        let destination = Destination::https(&Url::parse(url).unwrap()).unwrap();
        assert_eq!(destination.name(), name);
        assert_eq!(destination.port, port);
        assert_eq!(destination.to_string(), shown);
    }
}

#[test]
fn what_could_end_a_line_is_no_host() {
    let to = |name: &str| Destination {
        host: Host::Domain(name.into()),
        port: 443,
    };
    for name in [
        "",
        ".",
        "a b",
        "a\r\nX: y",
        "a:1",
        "a/b",
        "u@a",
        "ü.example",
        "a\0",
    ] {
        assert!(to(name).check().is_err(), "{name:?}");
    }
    for name in ["a", "a.example.", "a_b.example", "xn--bcher-kva.example"] {
        assert!(to(name).check().is_ok(), "{name:?}");
    }
}
