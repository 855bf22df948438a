//! Where no way can be decided, nothing is sent anywhere: going direct is no answer to an error.

use sspr::mock::Tenant;
use sspr::proxy::{Explicit, Sources, Survey, SurveyOptions, SurveySource, Unreadable, Ways};
use sspr::{
    Error, Fault, HostProblem, Message, ProxyResolutionFault, Remedy, Sent, ServerProblem, Stage,
    StoreProblem,
};
use url::Url;

use super::site::{Given, builder_for, user};

/// A computer whose files cannot be read.
struct Denied;

impl SurveySource for Denied {
    fn survey(&self) -> Survey {
        let mut sources = Sources::default();
        let unreadable = Unreadable::new("/etc/environment", StoreProblem::Denied);
        sources.linux = Some(Err(unreadable));
        Survey::take(&sources, &SurveyOptions::default())
    }
}

async fn refused(ways: Ways) -> ProxyResolutionFault {
    let tenant = Tenant::start().unwrap();
    let client = builder_for(&tenant).ways(ways).build().unwrap();
    let told = |error: Error| {
        assert_eq!(error.stage(), Stage::ProxyResolution);
        assert_eq!(error.sent(), Sent::Nothing);
        assert!(!error.message_id().is_empty());
        match error.fault() {
            Fault::ProxyResolution(fault) => fault.clone(),
            other => panic!("{other:?}"),
        }
    };
    let fault = told(client.warm_up().await.unwrap_err());
    assert_eq!(told(client.start(user()).await.unwrap_err()), fault);
    assert_eq!(told(client.plan().await.unwrap_err()), fault);
    assert_eq!(tenant.traffic().connections, 0);
    assert!(tenant.traffic().revocation.is_empty());
    fault
}

#[tokio::test]
async fn a_store_that_cannot_be_read() {
    let fault = refused(Ways::new(Denied)).await;
    assert!(
        matches!(fault, ProxyResolutionFault::Store { .. }),
        "{fault:?}"
    );
    assert_eq!(fault.remedy(), Remedy::CorrectProxySettings);
}

#[tokio::test]
async fn a_script_that_nobody_evaluates() {
    let url = Url::parse("http://127.0.0.1:1/proxy.pac").unwrap();
    let fault = refused(Ways::new(Given::new([Explicit::Script(url)]))).await;
    assert!(
        matches!(fault, ProxyResolutionFault::PacEngineMissing { .. }),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_list_without_a_usable_server() {
    use sspr::proxy::{BypassDialect, BypassList, Manual, ServerList};

    let none = BypassList::parse(BypassDialect::Gnome, "");
    let manual = Manual::new(ServerList::parse("p:99999"), none);
    let explicit = Explicit::Manual(Box::new(manual));
    let fault = refused(Ways::new(Given::new([explicit]))).await;
    assert!(
        matches!(
            fault,
            ProxyResolutionFault::NoUsableServer {
                problem: ServerProblem::BadPort,
                ..
            }
        ),
        "{fault:?}"
    );
}

#[tokio::test]
async fn a_host_that_cannot_be_one() {
    let long = ["abcdefghij"; 30].join(".");
    let channel = sspr::Channel::builder().way(Explicit::Direct).build();
    let url = Url::parse(&format!("https://{long}/")).unwrap();
    let error = channel.unwrap().warm_up(&url).await.unwrap_err();
    let problem = HostProblem::TooLong;
    let expected = ProxyResolutionFault::HostInvalid { problem };
    assert_eq!(*error.fault(), Fault::ProxyResolution(expected));
}
