//! Row D6: answers that never come. What may have set a password is never sent again.

use sspr::{Privacy, Sent};

use crate::desk::{
    applying, current, finish, is_changed, is_unknown, opened, password, signed_in, user,
};
use crate::script::{BEGIN, END, LOGIN, OPEN, POLL, Reply, Script};

#[tokio::test]
async fn d6_the_answer_to_begin_is_lost() {
    let script = Script::with(BEGIN, Reply::Lost(Sent::Maybe));
    let mut reset = signed_in(&script).await;
    reset.set_password(password()).await.unwrap();
    assert!(is_unknown(reset.step()));
    assert!(reset.cause().is_some());
    assert_eq!(script.seen().len(), 3, "nothing is sent afterwards");
    assert!(reset.set_password(password()).await.is_err());
    assert_eq!(script.seen().len(), 3);
}

#[tokio::test]
async fn a_begin_that_never_left() {
    let script = Script::with(BEGIN, Reply::Lost(Sent::Nothing));
    let mut reset = signed_in(&script).await;
    reset.set_password(password()).await.unwrap_err();
    assert_eq!(reset.step().id(), "new-password");
    finish(&mut reset).await.unwrap();
    assert!(is_changed(reset.step()));
}

#[tokio::test]
async fn the_answer_to_end_is_lost() {
    let script = Script::with(END, Reply::Lost(Sent::Maybe));
    let mut reset = applying(&script).await;
    reset.wait().await.unwrap();
    assert!(is_unknown(reset.step()));
    assert_eq!(script.seen_at(END).len(), 1);
}

#[tokio::test]
async fn an_end_that_never_left() {
    let script = Script::with(END, Reply::Lost(Sent::Nothing));
    let mut reset = applying(&script).await;
    reset.wait().await.unwrap_err();
    assert_eq!(reset.step().id(), "applying");
    reset.wait().await.unwrap();
    assert!(is_changed(reset.step()));
    assert_eq!(script.seen_at(POLL).len(), 1, "the job has ended");
}

#[tokio::test]
async fn the_answer_to_a_poll_is_lost() {
    for sent in [Sent::Nothing, Sent::Maybe] {
        let script = Script::with(POLL, Reply::Lost(sent));
        let mut reset = applying(&script).await;
        reset.wait().await.unwrap_err();
        assert_eq!(reset.step().id(), "applying");
        reset.wait().await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn the_answer_to_the_sign_in_is_lost() {
    for sent in [Sent::Nothing, Sent::Maybe] {
        let script = Script::with(LOGIN, Reply::Lost(sent));
        let mut reset = opened(&script, Privacy::Hide).await;
        reset.enter_current_password(current()).await.unwrap_err();
        assert_eq!(reset.step().id(), "enter-current-password");
        assert_eq!(script.seen_at(LOGIN).len(), 1, "it spends an attempt");
        finish(&mut reset).await.unwrap();
        assert!(is_changed(reset.step()));
    }
}

#[tokio::test]
async fn the_first_page_is_lost() {
    let script = Script::with(OPEN, Reply::Lost(Sent::Maybe));
    let started = script.client(Privacy::Hide).start(user()).await;
    assert!(started.is_err());
}
