//! What each step of a visit shows.

use super::super::users::User;
use super::control::{Controls, TextBox};
use super::fields::{
    ANSWER, Button, CAPTCHA_ANSWER, CODE, CONFIRM_PASSWORD, NEW_PASSWORD, PHONE, USER_ID,
};
use super::html::{Element, element};
use super::language::Text;
use super::method::{Method, Registered, Way};
use super::page::link;
use super::place::{PICTURE, Place};
use super::policy::PortalPolicy;
use super::session::{End, Note, Sent, Session, Step};
use super::text;

/// A view before it is put into its frame.
#[derive(Debug)]
pub(super) struct View {
    pub(super) name: &'static str,
    pub(super) heading: Text,
    pub(super) content: Vec<Element>,
    /// Whether a script may ask again after a while.
    pub(super) waits: bool,
    /// Whether buttons are pressed by script only.
    pub(super) links: bool,
}

/// `CurrentViewName`.
pub(super) fn name(session: &Session) -> &'static str {
    match &session.step {
        Step::UserId { .. } => "ViewUserIdentifierVerification",
        Step::ResetOrUnlock => "ViewResetOrUnlock",
        Step::Choose | Step::Prove(..) => "ViewMultigateUserControl",
        Step::NewPassword => "ViewNewPassword",
        Step::End(End::Reset) => "ViewFinished",
        Step::End(End::Unlocked) => "ViewUnlocked",
        Step::End(End::Cancelled) => "ViewCancelled",
        Step::End(End::Contacted) => "ViewAdministratorContacted",
        Step::End(End::Throttled { .. }) => "ViewThrottled",
        Step::End(End::Refused(error)) => error.view(),
    }
}

/// The view of a session, for the person it has found.
pub(super) fn of(
    session: &Session,
    user: Option<&User>,
    policy: &PortalPolicy,
    place: &Place,
) -> View {
    let controls = Controls::of(session, policy);
    let (heading, content) = match &session.step {
        Step::UserId { typed, .. } => (text::WHO, user_id(&controls, session, typed)),
        Step::ResetOrUnlock => (text::WHY, goals(&controls)),
        Step::Choose => (
            gate(session, user, policy),
            choice(&controls, session, user, policy),
        ),
        Step::Prove(way, sent) => {
            let method = user.and_then(|user| user.method_for(*way));
            let content = method.map(|method| proof(&controls, &method, sent, policy));
            (gate(session, user, policy), content.unwrap_or_default())
        }
        Step::NewPassword => (text::NEW_PASSWORD_STEP, new_password(&controls)),
        Step::End(end) => last(&controls, session, *end, place),
    };
    View {
        name: name(session),
        heading,
        content,
        waits: matches!(&session.step, Step::Prove(_, Sent::Question { .. })),
        links: policy.link_buttons,
    }
}

fn user_id(controls: &Controls, session: &Session, typed: &str) -> Vec<Element> {
    let error = match session.note {
        Some(Note::Error(words)) => controls.read(words),
        _ => "",
    };
    // Seen: the label is always there.
    let mut label = element("span")
        .with("id", "ContentPlaceholderMainContent_UserIdErrorLabel")
        .with("role", "alert")
        .say(error);
    if error.is_empty() {
        label = label.with("style", "display:none");
    }
    let name = TextBox::new(USER_ID, text::USER_ID)
        .value(typed)
        .fills_with("username")
        .hint(text::USER_ID_EXAMPLE);
    let mut content = vec![label, controls.text_box(&name)];
    let mut buttons = vec![(Button::Next, text::NEXT)];
    if let Some(captcha) = session.captcha() {
        let picture = element("img")
            .with("id", "RepMapVisualChallenge")
            .with("src", &format!("{PICTURE}?id={}", captcha.id))
            .with("alt", controls.read(text::PICTURE));
        content.push(element("p").hold(picture));
        let answer = TextBox::new(CAPTCHA_ANSWER, text::PICTURE_DIGITS).bare();
        content.push(controls.text_box(&answer));
        buttons.push((Button::OtherPicture, text::OTHER_PICTURE));
    }
    buttons.push((Button::Cancel, text::CANCEL));
    content.push(controls.buttons(&buttons));
    content
}

fn goals(controls: &Controls) -> Vec<Element> {
    let goal = |value, label, hint| controls.goal(value, label, hint);
    let group = controls
        .group(text::WHY)
        .hold(goal("RadioReset", text::FORGOT, text::FORGOT_HINT))
        .hold(goal("RadioUnlock", text::LOCKED, text::LOCKED_HINT));
    let buttons = [(Button::Next, text::NEXT), (Button::Cancel, text::CANCEL)];
    [controls.note(), group, controls.buttons(&buttons)].into()
}

fn gate(session: &Session, user: Option<&User>, policy: &PortalPolicy) -> Text {
    let gates = user.map_or(policy.gates, |user| policy.gates_for(user));
    let passed = session
        .person
        .as_ref()
        .map_or(0, |person| person.passed.len());
    match (gates, passed) {
        (1, _) => text::STEP_ONLY,
        (_, 0) => text::STEP_ONE,
        _ => text::STEP_TWO,
    }
}

/// Seen: a row for each method there is, hidden where it is not available.
fn choice(
    controls: &Controls,
    session: &Session,
    user: Option<&User>,
    policy: &PortalPolicy,
) -> Vec<Element> {
    let offered = user.map(|user| policy.offered(user)).unwrap_or_default();
    let passed = session
        .person
        .as_ref()
        .map(|person| person.passed.clone())
        .unwrap_or_default();
    let rows = Way::ALL.into_iter().map(|way| {
        let available = offered.contains(&way) && !passed.contains(&way);
        controls.method_row(way, available)
    });
    let table = element("table")
        .with("id", "MultigateAuthenticationControl_RadioTable")
        .with("role", "presentation")
        .hold(element("tbody").hold_all(rows));
    let mut buttons = vec![(Button::Next, text::NEXT)];
    if policy.unlock && passed.is_empty() {
        buttons.push((Button::Back, text::BACK));
    }
    buttons.push((Button::Contact, text::CONTACT_ADMINISTRATOR));
    buttons.push((Button::Cancel, text::CANCEL));
    let group = controls.group(text::METHOD).hold(table);
    [controls.note(), group, controls.buttons(&buttons)].into()
}

fn proof(controls: &Controls, method: &Method, sent: &Sent, policy: &PortalPolicy) -> Vec<Element> {
    let code = TextBox::new(CODE, text::CODE).fills_with("one-time-code");
    let phone = TextBox::new(PHONE, text::PHONE_NUMBER)
        .kind("tel")
        .fills_with("tel");
    let target = |words| controls.target(words, &method.hint());
    let sent_label = || controls.label("CodeSentLabel", text::CODE_SENT);
    let (mut content, mut buttons) = match (method.way(), sent) {
        (Way::Email, Sent::Code(_)) => (
            vec![sent_label(), controls.text_box(&code)],
            vec![
                (Button::Next, text::NEXT),
                (Button::Email, text::SEND_AGAIN),
            ],
        ),
        (Way::Email, _) => (
            vec![target(text::EMAIL_WILL_GO)],
            vec![(Button::Email, text::EMAIL)],
        ),
        (Way::Phone, Sent::Code(_)) => (
            vec![sent_label(), controls.text_box(&code)],
            vec![(Button::Next, text::NEXT)],
        ),
        (Way::Phone, Sent::Nothing) => (
            vec![target(text::PHONE_HINT), controls.text_box(&phone)],
            vec![(Button::Text, text::TEXT), (Button::Call, text::CALL)],
        ),
        (Way::Phone | Way::OfficePhone, Sent::Question { .. }) => (
            vec![controls.label("CallingLabel", text::CALLING)],
            vec![(Button::Next, text::NEXT)],
        ),
        (Way::OfficePhone, _) => (
            vec![target(text::CALL_WILL_GO)],
            vec![(Button::Call, text::CALL)],
        ),
        (Way::AppApproval, Sent::Question { .. }) => (
            vec![controls.label("NotifiedLabel", text::NOTIFIED)],
            vec![(Button::Next, text::NEXT)],
        ),
        (Way::AppApproval, _) => (
            vec![controls.words(text::SEND_HINT)],
            vec![(Button::Send, text::SEND)],
        ),
        (Way::AppCode, _) => (
            vec![
                controls.label("AppCodeLabel", text::APP_CODE_HINT),
                controls.text_box(&code),
            ],
            vec![(Button::Next, text::NEXT)],
        ),
        (Way::Questions, _) => (
            questions(controls, method, policy),
            vec![(Button::Next, text::NEXT)],
        ),
    };
    buttons.extend([(Button::Back, text::BACK), (Button::Cancel, text::CANCEL)]);
    content.insert(0, controls.note());
    content.push(controls.buttons(&buttons));
    content
}

fn questions(controls: &Controls, method: &Method, policy: &PortalPolicy) -> Vec<Element> {
    let Registered::Questions(questions) = &method.0 else {
        return Vec::new();
    };
    let asked = questions.iter().take(policy.questions).zip(1..);
    let boxes = asked
        .map(|((question, _), number)| controls.question(&format!("{ANSWER}{number}"), question));
    let hint = controls.words(text::QUESTIONS_HINT);
    std::iter::once(hint).chain(boxes).collect()
}

fn new_password(controls: &Controls) -> Vec<Element> {
    let password = |name, label| {
        TextBox::new(name, label)
            .kind("password")
            .fills_with("new-password")
    };
    let first = password(NEW_PASSWORD, text::NEW_PASSWORD).hint(text::PASSWORD_RULES);
    let second = password(CONFIRM_PASSWORD, text::CONFIRM_PASSWORD);
    let buttons = [
        (Button::Finish, text::FINISH),
        (Button::Cancel, text::CANCEL),
    ];
    [
        controls.note(),
        controls.text_box(&first),
        controls.text_box(&second),
        controls.buttons(&buttons),
    ]
    .into()
}

fn last(controls: &Controls, session: &Session, end: End, place: &Place) -> (Text, Vec<Element>) {
    use super::error::PortalError::OnPremisesSuccessCloudFailure as CloudPending;
    let (heading, words) = match end {
        End::Reset => (text::DONE, text::DONE_HINT),
        End::Unlocked => (text::UNLOCKED, text::UNLOCKED_HINT),
        End::Cancelled => (text::CANCELLED, text::CANCELLED_HINT),
        End::Contacted => (text::CONTACTED, text::CONTACTED_HINT),
        End::Throttled { .. } => (text::THROTTLED, text::THROTTLED_HINT),
        End::Refused(CloudPending) => (text::CHANGED_PARTLY, text::CLOUD_PENDING),
        End::Refused(error) => (text::REFUSED, error.text()),
    };
    let good = matches!(
        end,
        End::Reset | End::Unlocked | End::Cancelled | End::Contacted | End::Refused(CloudPending)
    );
    let role = if good { "status" } else { "alert" };
    let mut content = vec![controls.words(words).with("role", role)];
    if let End::Refused(error) = end {
        let name = error.code().map(|code| format!("{error:?} ({code})"));
        content.extend(name.map(|name| element("p").hold(element("code").say(&name))));
    }
    if !good {
        content.push(controls.words_with(text::SUPPORT_CODE, &session.correlation));
        let buttons = [(Button::Contact, text::CONTACT_ADMINISTRATOR)];
        content.push(controls.buttons(&buttons));
    }
    if let Some(url) = &place.return_to {
        content.push(link(url.as_str(), text::RETURN, session.language));
    }
    if end == End::Cancelled {
        content.push(link(&place.action, text::START_AGAIN, session.language));
    }
    (heading, content)
}
