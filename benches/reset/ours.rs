//! A reset with this crate.

use sspr::proxy::Explicit;
use sspr::{Code, NativeV1, NewPassword, Outcome, ResetClient, RootScope, Step, Trust, Username};

use crate::Result;
use crate::peer::{PASSWORD, Peer, USER};

pub(crate) async fn connect(peer: &Peer) -> Result<ResetClient> {
    let protocol = NativeV1::new(&peer.authority, &peer.client_id)?;
    let trust = Trust::new().added_root(RootScope::Authorities, peer.root.clone());
    let client = ResetClient::builder(protocol)
        .way(Explicit::Direct)
        .trust(trust)
        .build()?;
    client.warm_up().await?;
    Ok(client)
}

pub(crate) async fn steps(client: &ResetClient, peer: &Peer) -> Result<()> {
    let mut reset = client.start(Username::parse(USER)?).await?;
    reset.enter_code(Code::new(peer.code()?)).await?;
    reset.set_password(NewPassword::new(PASSWORD)).await?;
    while let Step::Applying { .. } = reset.step() {
        reset.wait().await?;
    }
    match reset.step() {
        Step::Finished(Outcome::PasswordChanged { .. }) => Ok(()),
        other => Err(format!("{other:?}").into()),
    }
}
