//! Bad answers that only a real connection can bring, at every endpoint.

use std::time::Duration;

use serde_json::json;
use sspr::mock::{Fault as Ordered, Tenant};
use sspr::{Fault, NewPassword, Reset, ResetClient};

use crate::at::At;
use crate::desk::{Place, USER, client_for, is_unknown, mailed_code, pass, patient_tenant, user};

type Order = fn(Ordered) -> Ordered;
type IsExpected = fn(&Fault) -> bool;

const BAD_ANSWERS: [(&str, Order, IsExpected); 6] = [
    (
        "10 MB",
        |fault| fault.body("{}").padded_to(10 << 20),
        |fault| matches!(fault, Fault::TooLarge { .. }),
    ),
    (
        "10 MB in chunks",
        |fault| fault.body("{}").padded_to(10 << 20).chunked(),
        |fault| matches!(fault, Fault::TooLarge { .. }),
    ),
    (
        "a token of 1 MB",
        |fault| {
            let token = "x".repeat(1 << 20);
            fault.body(json!({ "continuation_token": token, "access_token": token }).to_string())
        },
        |fault| matches!(fault, Fault::TooLarge { .. }),
    ),
    (
        "not HTTP",
        |fault| fault.raw("SSH-2.0-OpenSSH_9.9\r\n"),
        |fault| matches!(fault, Fault::NotHttp { .. }),
    ),
    (
        "coded",
        |fault| fault.body("{}").header("Content-Encoding", "gzip"),
        |fault| matches!(fault, Fault::Encoded { .. }),
    ),
    (
        "moved",
        |fault| {
            fault
                .status(307)
                .header("Location", "https://evil.example/")
        },
        |fault| matches!(fault, Fault::RedirectRefused { .. }),
    ),
];

#[tokio::test]
async fn bad_answers_over_a_real_connection() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    for at in At::ALL {
        for (name, order, is_expected) in BAD_ANSWERS {
            let place = format!("{name} at {at:?}");
            if matches!(at, At::Start | At::Challenge) {
                tenant.order(order(Ordered::at(at.endpoint())));
                let error = client.start(user()).await.map(|_| ()).unwrap_err();
                assert!(is_expected(error.fault()), "{place}: {error:?}");
                continue;
            }
            let mut reset = standing_at(&client, &tenant, at.place()).await;
            let step = reset.step().clone();
            tenant.order(order(Ordered::at(at.endpoint())));
            let result = at.call(&mut reset, mailed_code(&tenant)).await;
            if at == At::Submit {
                assert!(is_unknown(reset.step()), "{place}");
                assert!(is_expected(reset.cause().unwrap().fault()), "{place}");
                continue;
            }
            let error = result.expect_err(&place);
            assert!(is_expected(error.fault()), "{place}: {error:?}");
            assert_eq!(reset.step(), &step, "{place}");
            pass(Duration::from_secs(2)).await;
            at.call(&mut reset, mailed_code(&tenant))
                .await
                .expect(&place);
        }
    }
}

async fn standing_at(client: &ResetClient, tenant: &Tenant, place: Place) -> Reset {
    let mut reset = client.start(user()).await.unwrap();
    if place != Place::EnterCode {
        reset.enter_code(mailed_code(tenant)).await.unwrap();
    }
    if matches!(place, Place::Applying | Place::Changed) {
        // Not the password of the round before.
        let fresh = format!("Winter-Snow-{}", tenant.password_changes(USER));
        reset.set_password(NewPassword::new(fresh)).await.unwrap();
    }
    if place == Place::Changed {
        reset.wait().await.unwrap();
    }
    reset
}
