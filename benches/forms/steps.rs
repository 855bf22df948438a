//! The round trips that each protocol takes for a step: a whole reset against the mock tenant, over a connection that
//! stands.

use sspr::mock::{INITIAL_PASSWORD, Tenant, User};
use sspr::protocol::Protocol;
use sspr::protocol::portal::{Portal, Profile};
use sspr::proxy::Explicit;
use sspr::{
    Code, CurrentPassword, LoginChange, NativeV1, NativeV2, NewPassword, Outcome, ResetClient,
    RootScope, Step, Trust, Username,
};

use crate::Result;

const USER: &str = "adele@contoso.com";

pub(crate) fn measure() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        walk(|tenant| NativeV1::new(tenant.authority(), tenant.client_id())).await?;
        walk(|tenant| NativeV2::new(tenant.authority(), tenant.client_id())).await?;
        walk(|tenant| LoginChange::new(tenant.authority(), tenant.client_id())).await?;
        walk(|tenant| {
            let profile = Profile::from_json(tenant.portal_profile()).map_err(Box::new)?;
            Ok::<_, Box<dyn std::error::Error>>(Portal::new(tenant.portal_url(), profile)?)
        })
        .await
    })
}

/// Resets a password and prints, step by step, how many requests the answer to it took.
async fn walk<P, E>(protocol: impl FnOnce(&Tenant) -> std::result::Result<P, E>) -> Result<()>
where
    P: Protocol + 'static,
    E: Into<Box<dyn std::error::Error>>,
{
    let user = User::new(USER)
        .contact("adele@fabrikam.example")
        .password_expired();
    let tenant = Tenant::builder().user(user).start()?;
    let protocol = protocol(&tenant).map_err(Into::into)?;
    let name = protocol.name();
    let client = ResetClient::builder(protocol)
        .trust(Trust::new().added_root(RootScope::Authorities, tenant.ca_der()))
        .way(Explicit::Direct)
        .build()?;
    client.warm_up().await?;
    let mut reset = client.start(Username::parse(USER)?).await?;
    let mut seen = tenant.traffic().requests.len();
    println!("{name}: start {seen}");
    loop {
        let step = reset.step().id();
        match reset.step() {
            Step::ChooseMethod { methods, .. } => {
                let id = methods.first().ok_or("no method")?.id.clone();
                reset.choose_method(id).await?;
            }
            Step::EnterCode { .. } => {
                let mail = tenant.inbox().latest(USER).ok_or("no mail")?;
                reset.enter_code(Code::new(mail.code)).await?;
            }
            Step::EnterCurrentPassword { .. } => {
                reset
                    .enter_current_password(CurrentPassword::new(INITIAL_PASSWORD))
                    .await?;
            }
            Step::NewPassword { .. } => {
                reset
                    .set_password(NewPassword::new("Winter-Snow-9"))
                    .await?
            }
            Step::Applying { .. } => reset.wait().await?,
            Step::Finished(Outcome::PasswordChanged { .. }) => return Ok(()),
            other => return Err(format!("{other:?}").into()),
        }
        let now = tenant.traffic().requests.len();
        println!(
            "RATIO round-trips-{name}-{step} {} goal {}",
            now - seen,
            least(name, step)
        );
        seen = now;
    }
}

/// The fewest round trips that a step can take.
fn least(protocol: &str, step: &str) -> usize {
    match (protocol, step) {
        // The poll that says that it is done, and the end that the login wants to hear then.
        ("login-change", "applying") => 2,
        // The page of the portal takes a choice, and shows what is to be sent for it.
        ("portal", "choose-method") => 2,
        _ => 1,
    }
}
