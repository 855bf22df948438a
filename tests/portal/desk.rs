//! How the tests stand at the desk, in front of the mock's portal.

use std::time::Duration;

use sspr::mock::{Method, PortalPolicy, Tenant, TenantBuilder, User};
use sspr::protocol::portal::Profile;
use sspr::proxy::Explicit;
use sspr::{
    Code, Contact, NewPassword, Outcome, Portal, Privacy, Reset, ResetClient, RootScope,
    SecurityAnswer, Step, Trust, Username,
};

pub(crate) const USER: &str = "adele@contoso.com";
pub(crate) const PASSWORD: &str = "Winter-Snow-9";
pub(crate) const MOBILE: &str = "+1 4255550100";
pub(crate) const ANSWERS: [&str; 3] = ["Redmond", "Rex", "Kokoro"];

/// How the pages are asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    pub(crate) is_partial: bool,
    pub(crate) language: &'static str,
}

pub(crate) const MANNERS: [Manner; 4] = [
    Manner {
        is_partial: true,
        language: "en-US",
    },
    Manner {
        is_partial: true,
        language: "ja-JP",
    },
    Manner {
        is_partial: false,
        language: "en-US",
    },
    Manner {
        is_partial: false,
        language: "ja-JP",
    },
];

/// Somebody with every method.
pub(crate) fn adele() -> User {
    User::new(USER)
        .method(Method::email("adele@fabrikam.example"))
        .method(Method::mobile_phone(MOBILE))
        .method(Method::office_phone("+1 4255550199"))
        .method(Method::app_code(b"12345678901234567890".as_slice()))
        .method(Method::app_approval())
        .method(Method::security_questions([
            ("In which town did you first work?", ANSWERS[0]),
            ("What was your first pet called?", ANSWERS[1]),
            ("Which book do you like best?", ANSWERS[2]),
        ]))
}

pub(crate) fn tenant(policy: PortalPolicy) -> Tenant {
    builder(policy).start().unwrap()
}

pub(crate) fn builder(policy: PortalPolicy) -> TenantBuilder {
    Tenant::builder().user(adele()).portal(policy)
}

pub(crate) fn client(tenant: &Tenant, manner: Manner, privacy: Privacy) -> ResetClient {
    let profile = Profile::from_json(tenant.portal_profile()).unwrap();
    client_with(tenant, profile, manner, privacy)
}

pub(crate) fn client_with(
    tenant: &Tenant,
    profile: Profile,
    manner: Manner,
    privacy: Privacy,
) -> ResetClient {
    let portal = Portal::new(tenant.portal_url(), profile).unwrap();
    let portal = portal.language(manner.language);
    let portal = match manner.is_partial {
        true => portal,
        false => portal.whole_pages(),
    };
    let trust = Trust::new().added_root(RootScope::Authorities, tenant.ca_der());
    let builder = ResetClient::builder(portal).trust(trust).privacy(privacy);
    builder.way(Explicit::Direct).build().unwrap()
}

/// An attempt that tells everything.
pub(crate) async fn start(tenant: &Tenant, manner: Manner) -> Reset {
    let client = client(tenant, manner, Privacy::Tell);
    client.start(user()).await.unwrap()
}

pub(crate) fn user() -> Username {
    Username::parse(USER).unwrap()
}

pub(crate) fn password() -> NewPassword {
    NewPassword::new(PASSWORD)
}

pub(crate) fn answers(answers: [&str; 3]) -> Vec<SecurityAnswer> {
    answers.map(SecurityAnswer::new).into()
}

/// The ids of what can be chosen.
pub(crate) fn offered(reset: &Reset) -> Vec<String> {
    match reset.step() {
        Step::ChooseMethod { methods, .. } => methods
            .iter()
            .map(|method| method.id.as_str().to_owned())
            .collect(),
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn choose(reset: &mut Reset, id: &str) {
    let methods = match reset.step() {
        Step::ChooseMethod { methods, .. } => methods.clone(),
        other => panic!("{other:?}"),
    };
    let method = methods.into_iter().find(|method| method.id.as_str() == id);
    reset.choose_method(method.unwrap().id).await.unwrap();
}

/// Types the code that came last.
pub(crate) async fn type_code(tenant: &Tenant, reset: &mut Reset) {
    assert_eq!(reset.step().id(), "enter-code");
    let code = tenant.inbox().latest(USER).unwrap().code;
    reset.enter_code(Code::new(code)).await.unwrap();
}

pub(crate) async fn type_number(reset: &mut Reset) {
    assert_eq!(reset.step().id(), "confirm-contact");
    reset.confirm_contact(Contact::new(MOBILE)).await.unwrap();
}

/// Says yes, and lets the frontend ask.
pub(crate) async fn approve(tenant: &Tenant, reset: &mut Reset) {
    assert_eq!(reset.step().id(), "approve");
    assert!(tenant.approve(USER));
    ask(reset).await;
}

/// Asks once, after the time for it has passed.
pub(crate) async fn ask(reset: &mut Reset) {
    pass(Duration::from_secs(5)).await;
    reset.wait().await.unwrap();
}

/// Proves it by one method.
pub(crate) async fn prove(tenant: &Tenant, reset: &mut Reset, id: &str) {
    choose(reset, id).await;
    match id {
        "email" => type_code(tenant, reset).await,
        "mobile-sms" => {
            type_number(reset).await;
            type_code(tenant, reset).await;
        }
        "mobile-call" => {
            type_number(reset).await;
            approve(tenant, reset).await;
        }
        "office-call" | "app-notification" => approve(tenant, reset).await,
        "app-code" => {
            assert_eq!(reset.step().id(), "enter-code");
            let code = Code::new(tenant.app_code(USER).unwrap());
            reset.enter_code(code).await.unwrap();
        }
        "security-questions" => {
            assert_eq!(reset.step().id(), "questions");
            let answers = answers(ANSWERS);
            reset.answer_questions(answers).await.unwrap();
        }
        other => panic!("{other}"),
    }
}

/// Sets the password and sees the end.
pub(crate) async fn finish(tenant: &Tenant, reset: &mut Reset) {
    assert_eq!(reset.step().id(), "new-password");
    reset.set_password(password()).await.unwrap();
    assert!(is_changed(reset.step()), "{:?}", reset.step());
    assert!(tenant.password_is(USER, PASSWORD));
    assert_eq!(tenant.password_changes(USER), 1);
}

pub(crate) fn is_changed(step: &Step) -> bool {
    matches!(step, Step::Finished(Outcome::PasswordChanged { .. }))
}

/// Lets time pass for the client, while nothing is under way.
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
}
