//! The same without an async runtime.

use sspr::mock::PortalPolicy;
use sspr::protocol::{Goal, MethodId};
use sspr::{CaptchaSolution, Privacy, Step, blocking};

use crate::desk::{
    ANSWERS, MANNERS, PASSWORD, USER, answers, client, is_changed, password, tenant, user,
};

#[test]
fn a_picture_a_goal_and_questions() {
    let policy = PortalPolicy::default().captcha().offer_unlock();
    let tenant = tenant(policy);
    let client = client(&tenant, MANNERS[0], Privacy::Hide);
    let client = blocking::ResetClient::new(client).unwrap();
    let mut reset = client.start(user()).unwrap();
    let first = reset.step().clone();
    reset.another_picture().unwrap();
    assert!(matches!(first, Step::Captcha { .. }) && *reset.step() != first);
    let read = tenant.captcha_answer().unwrap();
    reset.solve_captcha(CaptchaSolution::new(read)).unwrap();
    reset.choose_goal(Goal::Reset).unwrap();
    let questions = MethodId::new("security-questions");
    reset.choose_method(questions).unwrap();
    reset.answer_questions(answers(ANSWERS)).unwrap();
    reset.set_password(password()).unwrap();
    assert!(is_changed(reset.step()), "{:?}", reset.step());
    assert!(tenant.password_is(USER, PASSWORD));
}
