//! Which way is found on which machine: the rows of the fault table that concern settings, through [`Survey::plan`].

mod scripts;
mod stores;
mod values;

use std::time::Duration;

use super::super::sources::{
    Context, Explicit, OnUnreadable, Sources, SurveyOptions, WindowsSources,
};
use super::super::{
    BypassDialect, BypassList, EnvironmentDialect, IgnoredBecause, PacFuture, PacSource,
    ServerList, Store, Unreadable, UserHive,
};
use super::*;
use crate::error::{
    BlobError, BlobField, HostProblem, PacPhase, PacUrlProblem, ServerProblem, StoreProblem,
};
use crate::machine::registry::{Key, RegistryError, RegistryMap, RegistryView, Root, Value, kind};

const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";
const POLICIES: &str = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings";
const PORTAL: &str = "https://passwordreset.microsoftonline.com/";

/// Where a value goes.
#[derive(Clone, Copy)]
enum At {
    Policy,
    Machine,
    MachineBlob,
    User,
    UserBlob,
    Default,
    System,
    WinHttp,
}

impl At {
    fn key(self) -> Key {
        let machine = Key::new(Root::LocalMachine, SETTINGS);
        let user = Key::new(Root::CurrentUser, SETTINGS);
        match self {
            Self::Policy => Key::new(Root::LocalMachine, POLICIES),
            Self::Machine => machine,
            Self::MachineBlob => machine.child("Connections"),
            Self::User => user,
            Self::UserBlob => user.child("Connections"),
            Self::Default => Key::new(Root::Users, "Default").child(SETTINGS),
            Self::System => Key::new(Root::Users, "S-1-5-18").child(SETTINGS),
            Self::WinHttp => machine.child("WinHttp"),
        }
    }
}

fn registry(values: &[(At, &str, Value)]) -> RegistryMap {
    let mut map = RegistryMap::new();
    for (at, name, value) in values {
        map.set(&at.key(), name, value.clone());
    }
    map
}

fn proxy_at(at: At, server: &str) -> [(At, &'static str, Value); 2] {
    [
        (at, "ProxyEnable", Value::dword(1)),
        (at, "ProxyServer", Value::text(server)),
    ]
}

fn blob(flags: u32, proxy: &str, bypass: &str, pac_url: &str) -> Value {
    let mut bytes = [0x46, 1, flags].map(u32::to_le_bytes).concat();
    for text in [proxy, bypass, pac_url] {
        bytes.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        bytes.extend(text.as_bytes());
    }
    Value::binary(bytes)
}

fn winhttp_blob(flags: u32, proxy: &str) -> Value {
    let mut bytes = [0x28, 0, flags, u32::try_from(proxy.len()).unwrap()]
        .map(u32::to_le_bytes)
        .concat();
    bytes.extend(proxy.as_bytes());
    bytes.extend([0; 4]);
    Value::binary(bytes)
}

fn windows(registry: &dyn RegistryView) -> Sources<'_> {
    Sources {
        windows: Some(WindowsSources {
            registry,
            user: Some(UserHive::current_user(registry)),
            default_profile: Some(Ok(UserHive::of_user(registry, "Default"))),
        }),
        ..Sources::default()
    }
}

struct Told {
    plan: Result<ProxyPlan, ProxyResolutionFault>,
    findings: Vec<Finding>,
}

impl Told {
    fn ways(&self) -> String {
        match &self.plan {
            Ok(plan) => {
                let ways: Vec<_> = plan.candidates.iter().map(ToString::to_string).collect();
                ways.join(" ")
            }
            Err(fault) => panic!("no way: {fault}"),
        }
    }

    fn store(&self) -> Option<Store> {
        self.plan
            .as_ref()
            .unwrap()
            .provenance
            .as_ref()
            .map(|p| p.store)
    }

    fn fault(&self) -> &ProxyResolutionFault {
        self.plan.as_ref().expect_err("a fault")
    }

    fn problem(&self) -> &StoreProblem {
        match self.fault() {
            ProxyResolutionFault::Store { problem, .. } => problem,
            other => panic!("not about a store: {other}"),
        }
    }

    fn ignored(&self, store: Store) -> Option<(String, IgnoredBecause)> {
        self.findings.iter().find_map(|finding| match finding {
            Finding::SetButIgnored {
                store: of,
                says,
                because,
                ..
            } if *of == store => Some((says.to_string(), *because)),
            _ => None,
        })
    }
}

async fn ask_for(url: &str, sources: &Sources<'_>, options: &SurveyOptions) -> Told {
    ask_script(url, sources, options, None).await
}

async fn ask_script(
    url: &str,
    sources: &Sources<'_>,
    options: &SurveyOptions,
    engine: Option<&dyn PacResolver>,
) -> Told {
    let survey = Survey::take(sources, options);
    let plan = survey.plan(&Url::parse(url).unwrap(), engine).await;
    let findings = match &plan {
        Ok(plan) => plan.findings.clone(),
        Err(_) => survey.findings,
    };
    Told { plan, findings }
}

async fn ask(registry: &RegistryMap) -> Told {
    ask_for(PORTAL, &windows(registry), &SurveyOptions::default()).await
}

fn login_page() -> PacError {
    PacError::NotAScript {
        looks_like_html: true,
        message: "unexpected token".into(),
        line: Some(1),
    }
}

/// Answers what it was given.
struct Script(Result<String, PacError>);

impl PacResolver for Script {
    fn resolve<'a>(&'a self, _: &'a PacSource, _: &'a Url) -> PacFuture<'a> {
        Box::pin(async { self.0.clone() })
    }
}
