//! One way, walked to its end or to what is in it.

use std::time::{Duration, SystemTime};

use http::Method;
use http::header::{ACCEPT, HeaderValue};
use tokio::time::{Instant, timeout_at};
use tracing::debug;

use super::problem::Severity;
use super::{Trail, accepted, service};
use crate::channel::Channel;
use crate::endpoint::RequiredEndpoint;
use crate::error::{
    Fault, PacError, PeerText, ProxyFault, ProxyResolutionFault, RevocationFault, Stage,
    TimedPhase, TlsFault,
};
use crate::exchange::{Request, Response};
use crate::tls::probe;
use crate::trail::Mark;

/// The most bytes of an answer.
const ANSWER: usize = 256 << 10;

/// The time for a probe.
const PROBE: Duration = Duration::from_secs(3);

/// What came of a way.
pub(super) struct Walked {
    pub(super) stations: Vec<Mark>,
    pub(super) faults: Vec<(Fault, Severity)>,
    pub(super) took: Duration,
}

/// Goes the way to `endpoint`. It ends when `budget` is over, counted from `start`.
pub(super) async fn walk(
    channel: &Channel,
    endpoint: &RequiredEndpoint,
    start: Instant,
    budget: Duration,
) -> Walked {
    let (trail, began, end) = (Trail::kept(), Instant::now(), start + budget);
    let faults = match timeout_at(end, channel.walk(question(endpoint), &trail)).await {
        Ok(Ok(response)) => {
            let faults = judged(endpoint, &response);
            let is_grave = |(_, severity): &&(Fault, Severity)| *severity == Severity::Blocks;
            let grave = faults.iter().find(is_grave);
            let stage = grave.map_or(Stage::Protocol, |(fault, _)| fault.stage());
            let station = trail.enter(stage, &endpoint.url);
            if grave.is_none() {
                station.passed();
            }
            faults
        }
        Ok(Err(error)) => {
            let fault = told_apart(channel, endpoint, error.fault(), end).await;
            vec![(fault, Severity::Blocks)]
        }
        Err(_) => vec![(overdue(endpoint, &trail, budget), Severity::Blocks)],
    };
    let stations = trail.stations();
    for Mark {
        stage,
        subject,
        passed,
        took,
        ..
    } in &stations
    {
        let ms = took.unwrap_or_default().as_millis() as u64;
        debug!(target: "sspr::diagnosis", %stage, %subject, passed, ms, "station");
    }
    Walked {
        stations,
        faults,
        took: began.elapsed(),
    }
}

fn question(endpoint: &RequiredEndpoint) -> Request {
    let mut request = Request::new(Method::GET, endpoint.url.clone());
    request.headers.insert(
        ACCEPT,
        HeaderValue::from_static("application/json, text/html;q=0.9, */*;q=0.1"),
    );
    request.response_limit = ANSWER;
    request
}

/// What is wrong although an answer came.
fn judged(endpoint: &RequiredEndpoint, response: &Response) -> Vec<(Fault, Severity)> {
    let mut faults = Vec::new();
    if let Some(report) = response.trust.report() {
        let accepted = accepted::faults(report).into_iter();
        faults.extend(accepted.map(|fault| (fault, Severity::Degrades)));
    }
    let has_clock = faults
        .iter()
        .any(|(fault, _)| matches!(fault, Fault::Clock(_)));
    if let Some(clock) = service::clock(response, SystemTime::now()).filter(|_| !has_clock) {
        faults.push((Fault::Clock(clock), Severity::Degrades));
    }
    faults.extend(service::fault(endpoint, response));
    faults
}

/// The same fault, or what a probe makes of it: some servers refuse an unknown version and unknown cipher suites alike.
async fn told_apart(
    channel: &Channel,
    endpoint: &RequiredEndpoint,
    fault: &Fault,
    end: Instant,
) -> Fault {
    let Fault::Tls(
        TlsFault::TooOld { host, chosen: None }
        | TlsFault::NoCommonParameters { host }
        | TlsFault::Alert { host, .. },
    ) = fault
    else {
        return fault.clone();
    };
    let probe = async {
        let wire = channel.open_way(&endpoint.url).await.ok()?;
        probe::ask(wire, host).await.ok()
    };
    match timeout_at(end.min(Instant::now() + PROBE), probe).await {
        Ok(Some(answer @ probe::Answer::Chose { version, .. })) if answer.is_too_old() => {
            Fault::Tls(TlsFault::TooOld {
                host: host.clone(),
                chosen: Some(version),
            })
        }
        _ => fault.clone(),
    }
}

/// What took too long: the station that was entered last.
fn overdue(endpoint: &RequiredEndpoint, trail: &Trail, after: Duration) -> Fault {
    let host = endpoint.url.host_str().unwrap_or_default().to_owned();
    let port = endpoint.url.port_or_known_default().unwrap_or_default();
    let stations = trail.stations();
    let last = stations.last().filter(|mark| !mark.passed);
    match last.map(|mark| (mark.stage, mark.subject.to_string())) {
        Some((Stage::ProxyResolution, _)) => {
            let error = PacError::FetchTimeout { limit: after };
            let place = String::new();
            Fault::ProxyResolution(ProxyResolutionFault::Pac { place, error })
        }
        Some((Stage::Dns, host)) => Fault::NameTimedOut { host, after },
        Some((Stage::Connect, _)) => Fault::ConnectTimedOut { host, port, after },
        Some((Stage::Proxy, proxy)) => Fault::Proxy(ProxyFault::TimedOut { proxy, after }),
        Some((Stage::Tls, _)) => Fault::Tls(TlsFault::TimedOut {
            host,
            received: 0,
            after,
        }),
        Some((Stage::Revocation, _)) => Fault::Revocation(RevocationFault::Unreachable {
            host,
            certificate: PeerText::default(),
            hosts: Vec::new(),
            attempts: Vec::new(),
        }),
        _ => Fault::TimedOut {
            host,
            phase: TimedPhase::Whole,
            after,
        },
    }
}
