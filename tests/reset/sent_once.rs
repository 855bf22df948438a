//! The password is submitted once, wherever the connection breaks: never a false success, never a second submission.

use std::time::Duration;

use sspr::mock::{Endpoint, Fault as Ordered, Tenant};
use sspr::{Fault, NewPassword, ResetClient, Sent, Stage};

use crate::desk::{
    PASSWORD, USER, at_new_password, client_for, finish, is_changed, is_unknown, mailed_code, pass,
    password, patient_tenant,
};
use crate::script::SUBMIT;

fn submits(tenant: &Tenant) -> usize {
    let requests = tenant.traffic().requests;
    let is_submit = |raw: &[u8]| String::from_utf8_lossy(raw).contains("new_password=");
    // A request of which only a part was read has no path yet, but it came.
    requests
        .iter()
        .filter(|request| request.path().ends_with(SUBMIT) || is_submit(&request.raw))
        .count()
}

/// How many bytes a submit of this client has, head included.
async fn length_of_a_submit(client: &ResetClient, tenant: &Tenant) -> usize {
    let mut reset = at_new_password(client, tenant).await;
    reset
        .set_password(NewPassword::new("First-Snow-1"))
        .await
        .unwrap();
    tenant.traffic().requests.last().unwrap().raw.len()
}

#[tokio::test]
async fn a_connection_closed_at_any_byte_of_the_request() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let length = length_of_a_submit(&client, &tenant).await;
    assert!(length > 300, "{length} bytes");
    let before = (submits(&tenant), tenant.password_changes(USER));
    let mut reset = at_new_password(&client, &tenant).await;
    for (index, bytes) in (0..=length).enumerate() {
        tenant.order(Ordered::at(Endpoint::Submit).close_after_request_bytes(bytes));
        reset.set_password(password()).await.unwrap();
        assert!(
            is_unknown(reset.step()),
            "{bytes} bytes: {:?}",
            reset.step()
        );
        let cause = reset.cause().unwrap();
        assert!(
            matches!(cause.fault(), Fault::Closed { .. }),
            "{bytes} bytes: {cause:?}"
        );
        assert_eq!(cause.sent(), Sent::Maybe);
        assert_eq!(submits(&tenant), before.0 + index + 1, "{bytes} bytes");
        reset = at_new_password(&client, &tenant).await;
    }
    assert_eq!(tenant.password_changes(USER), before.1);
}

#[tokio::test]
async fn a_connection_closed_at_any_byte_of_the_answer() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut cut = 0;
    loop {
        let fresh = NewPassword::new(format!("Winter-Snow-{cut}"));
        let mut reset = at_new_password(&client, &tenant).await;
        tenant.order(Ordered::at(Endpoint::Submit).close_after_response_bytes(cut));
        reset.set_password(fresh).await.unwrap();
        assert_eq!(submits(&tenant), cut + 1, "{cut} bytes");
        assert_eq!(
            tenant.password_changes(USER),
            cut + 1,
            "the tenant has acted"
        );
        if !is_unknown(reset.step()) {
            // The answer was whole.
            assert_eq!(reset.step().id(), "applying");
            reset.wait().await.unwrap();
            assert!(is_changed(reset.step()));
            break;
        }
        assert!(matches!(
            reset.cause().unwrap().fault(),
            Fault::Closed { .. }
        ));
        cut += 1;
    }
    assert!(cut > 150, "an answer has more than {cut} bytes");
}

/// Nothing of the password has left when no connection can be made: the step is kept.
#[tokio::test]
async fn without_a_connection_the_password_is_asked_for_again() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = at_new_password(&client, &tenant).await;
    let step = reset.step().clone();
    tenant.close_port().unwrap();
    tenant.drop_connections().unwrap();
    let error = reset.set_password(password()).await.unwrap_err();
    assert_eq!(
        (error.stage(), error.sent()),
        (Stage::Connect, Sent::Nothing)
    );
    assert_eq!(reset.step(), &step);
    tenant.open_port().unwrap();
    for garbage in ["", "HTTP/1.1 400 Bad Request\r\n\r\n"] {
        tenant.order(Ordered::at(Endpoint::Connect).raw(garbage).times(2));
        let error = reset.set_password(password()).await.unwrap_err();
        assert_eq!((error.stage(), error.sent()), (Stage::Tls, Sent::Nothing));
        assert_eq!(reset.step(), &step);
        tenant.cancel_orders();
    }
    assert_eq!(submits(&tenant), 0);
    reset.set_password(password()).await.unwrap();
    assert_eq!(submits(&tenant), 1);
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
    assert!(tenant.password_is(USER, PASSWORD));
}

/// The server hung up while the person was typing: the password goes out once, on a new connection.
#[tokio::test]
async fn a_connection_closed_while_the_person_typed_is_no_unknown() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = client.start(crate::desk::user()).await.unwrap();
    tenant.drop_connections().unwrap();
    reset.enter_code(mailed_code(&tenant)).await.unwrap();
    tenant.drop_connections().unwrap();
    reset.set_password(password()).await.unwrap();
    tenant.drop_connections().unwrap();
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(tenant.traffic().connections, 4);
    assert_eq!(submits(&tenant), 1);
}

/// So it is where the server announced it (RFC 9112, section 9.6) and said goodbye as TLS demands.
#[tokio::test]
async fn a_connection_that_was_said_to_close_is_not_used_again() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    for endpoint in [
        Endpoint::Start,
        Endpoint::Challenge,
        Endpoint::Continue,
        Endpoint::Submit,
    ] {
        tenant.order(Ordered::at(endpoint).header("Connection", "close"));
    }
    let mut reset = at_new_password(&client, &tenant).await;
    finish(&mut reset, || mailed_code(&tenant)).await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(tenant.traffic().connections, 5);
    assert_eq!(submits(&tenant), 1);
}

/// Idle connections die without a word: after 5 s a request with an effect goes out on a new one.
#[tokio::test]
async fn a_connection_that_was_silent_is_renewed_before_the_password_leaves() {
    let tenant = patient_tenant().start().unwrap();
    let client = client_for(&tenant);
    let mut reset = at_new_password(&client, &tenant).await;
    assert_eq!(tenant.traffic().connections, 1);
    pass(Duration::from_millis(5100)).await;
    reset.set_password(password()).await.unwrap();
    assert_eq!(tenant.traffic().connections, 2);
    // A poll does nothing to the world, so it may go out on an old one.
    pass(Duration::from_millis(5100)).await;
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(tenant.traffic().connections, 2);
    let connections: Vec<_> = tenant
        .traffic()
        .requests
        .iter()
        .map(|request| request.connection)
        .collect();
    assert_eq!(connections, [1, 1, 1, 2, 2]);
}

/// A tenant that acts and then gets stuck: the limit ends it, and it is not asked a second time.
#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_unknown() {
    let tenant = patient_tenant().start().unwrap();
    let mut timeouts = sspr::Timeouts::default();
    timeouts.response_head = Duration::from_millis(200);
    let client = crate::desk::builder_for(&tenant)
        .timeouts(timeouts)
        .build()
        .unwrap();
    let mut reset = at_new_password(&client, &tenant).await;
    let order = tenant.order(Ordered::at(Endpoint::Submit).hold());
    reset.set_password(password()).await.unwrap();
    assert_eq!(order.hits(), 1);
    order.release();
    assert!(is_unknown(reset.step()));
    assert!(matches!(
        reset.cause().unwrap().fault(),
        Fault::TimedOut { .. }
    ));
    assert_eq!(submits(&tenant), 1);
    assert!(
        tenant.password_is(USER, PASSWORD),
        "which is why the person is told to try it"
    );
}
