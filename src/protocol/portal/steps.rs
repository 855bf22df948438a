//! What a view asks the person.

use super::forms::{Control, ControlKind, Image, Page};
use url::Url;

use super::flow::{Chosen, PortalFlow, Why};
use super::profile::mark::Region;
use super::profile::view::{
    Choice, CodeBox, ContactBox, Identify, Kind, Meaning, Methods, PasswordBoxes,
};
use super::reading::{self, Placed, find, find_in};
use crate::error::{LinkProblem, PeerText};
use crate::protocol::{Method, MethodId, Privacy, Rejection, Step};

/// The most questions that are asked at a time.
const QUESTIONS: usize = 16;

/// A method that can be chosen on the page.
pub(super) struct Offer<'a> {
    pub(super) choice: &'a Choice,
    pub(super) placed: Placed<'a>,
    pub(super) method: Method,
}

impl PortalFlow {
    /// The step of the view; nothing if the page lacks what belongs to it.
    pub(super) fn step(&self, rejection: Option<Rejection>) -> Option<Step> {
        let page = self.page.as_ref()?;
        Some(match self.settings.meaning(self.at)? {
            Meaning::Identify(identify) => {
                let boxed = identify.picture.as_ref()?;
                let image = identify.image(page)?;
                let another = boxed.another.as_ref().and_then(|mark| find(page, mark));
                find(page, &boxed.solution)?;
                Step::Captcha {
                    picture: self.picture.clone()?,
                    description: words(image.alt.as_deref().unwrap_or_default()),
                    can_ask_for_another: another.is_some(),
                    rejection,
                }
            }
            Meaning::Goal(goals) => {
                find(page, &goals.reset)?;
                find(page, &goals.unlock)?;
                Step::ResetOrUnlock { rejection }
            }
            Meaning::Methods(methods) => self.methods_step(page, methods, rejection)?,
            Meaning::Contact(contact) => Step::ConfirmContact {
                method: self.contact_method(page, contact)?,
                rejection,
            },
            Meaning::Code(code) => self.code_step(page, code, rejection)?,
            Meaning::Approval(approval) => {
                let kind = self.chosen.as_ref().map(|chosen| chosen.kind);
                let kind = kind.or(approval.kind).unwrap_or(Kind::AppNotification);
                find(page, &approval.press)?;
                let hint = self.hint(page, approval.hint.as_ref());
                Step::Approve {
                    method: self.method(kind, kind.id().to_owned(), hint),
                    rejection,
                }
            }
            Meaning::Questions(questions) => {
                let (_, boxes) = reading::numbered(page, &questions.answers)?;
                let asked: Option<Vec<_>> = boxes.iter().map(|one| words(one.label())).collect();
                Step::Questions {
                    questions: asked.filter(|asked| asked.len() <= QUESTIONS)?,
                    can_go_back: can(page, questions.back.as_ref()),
                    rejection,
                }
            }
            Meaning::NewPassword(boxes) => {
                boxes.on(page)?;
                Step::NewPassword {
                    policy: self.settings.profile.policy(),
                    expires_in: None,
                    rejection,
                }
            }
            Meaning::Next(_) | Meaning::End(_) | Meaning::Browser => return None,
        })
    }

    fn methods_step(
        &self,
        page: &Page,
        methods: &Methods,
        rejection: Option<Rejection>,
    ) -> Option<Step> {
        let offers = self.offers(page, methods);
        // A call that was not taken, for instance: the page has nothing but the button for another one.
        if let ([offer], Some(chosen)) = (offers.as_slice(), &self.chosen)
            && self.by != Why::Back
            && methods.back.is_some()
            && offer.choice.kind == chosen.kind
            && chosen.kind.is_approved_elsewhere()
            && offer.placed.control.kind().sends()
        {
            return Some(Step::Approve {
                method: offer.method.clone(),
                rejection,
            });
        }
        let methods: Vec<_> = offers.into_iter().map(|offer| offer.method).collect();
        (!methods.is_empty()).then_some(Step::ChooseMethod { methods, rejection })
    }

    fn code_step(&self, page: &Page, code: &CodeBox, rejection: Option<Rejection>) -> Option<Step> {
        find(page, &code.code).filter(|found| found.control.kind().is_text())?;
        let chosen = self.chosen.as_ref();
        let kind = chosen.map(|chosen| chosen.kind).or(code.kind);
        let known = chosen.and_then(|chosen| chosen.method.hint.clone());
        Some(Step::EnterCode {
            kind: kind.map(Into::into),
            hint: self.hint(page, code.hint.as_ref()).or(known),
            code_length: code.length,
            can_resend: can(page, code.resend.as_ref()),
            can_go_back: can(page, code.back.as_ref()),
            rejection,
        })
    }

    /// The method whose contact is asked for: the one that was chosen, or the only one there is.
    fn contact_method(&self, page: &Page, contact: &ContactBox) -> Option<Method> {
        find(page, &contact.contact).filter(|found| found.control.kind().is_text())?;
        let kind = self.contact_kind(contact)?;
        let hint = self.hint(page, contact.hint.as_ref());
        Some(self.method(kind, kind.id().to_owned(), hint))
    }

    pub(super) fn contact_kind(&self, contact: &ContactBox) -> Option<Kind> {
        let kind = match (&self.chosen, contact.send.as_slice()) {
            (Some(chosen), _) => chosen.kind,
            (None, [only]) => only.kind,
            (None, _) => return None,
        };
        let is_sent = contact.send.iter().any(|press| press.kind == kind);
        is_sent.then_some(kind)
    }

    /// The method that was chosen, or one for a view that comes without a choice.
    fn method(&self, kind: Kind, id: String, hint: Option<PeerText>) -> Method {
        let known = self.chosen.as_ref();
        let known = known.filter(|chosen| chosen.kind == kind);
        let mut method = known.map_or_else(
            || Method::new(MethodId::new(id), kind.into(), None),
            |chosen| chosen.method.clone(),
        );
        if hint.is_some() {
            method.hint = hint;
        }
        method
    }

    /// What can be chosen on the page.
    pub(super) fn offers<'a>(&self, page: &'a Page, methods: &'a Methods) -> Vec<Offer<'a>> {
        let options = methods.options.iter().enumerate();
        let offered = options.filter_map(|(index, choice)| {
            let placed = find(page, &choice.choose)?;
            let control = placed.control;
            (control.kind() == ControlKind::Radio || control.kind().sends()).then(|| {
                let before = methods.options.iter().take(index);
                let same = before.filter(|other| other.kind == choice.kind).count();
                let id = match same {
                    0 => choice.kind.id().to_owned(),
                    same => format!("{}-{}", choice.kind.id(), same + 1),
                };
                let hint = self.hint(page, choice.hint.as_ref());
                let method = Method::new(MethodId::new(id), choice.kind.into(), hint);
                Offer {
                    choice,
                    placed,
                    method,
                }
            })
        });
        offered.collect()
    }

    /// Remembers what the person has chosen.
    pub(super) fn choose(&mut self, kind: Kind, method: Method) {
        self.chosen = Some(Chosen { kind, method });
    }

    /// Remembers where a code will go, which the view that asks for the code may not say again.
    pub(super) fn learn(&mut self) {
        let hint = match (&self.page, &self.chosen, self.settings.meaning(self.at)) {
            (Some(page), Some(_), Some(Meaning::Contact(contact))) => {
                self.hint(page, contact.hint.as_ref())
            }
            (Some(page), Some(chosen), Some(Meaning::Methods(methods))) => {
                let mut options = methods.options.iter();
                let choice = options.find(|choice| choice.kind == chosen.kind);
                self.hint(page, choice.and_then(|choice| choice.hint.as_ref()))
            }
            _ => None,
        };
        if let (Some(hint), Some(chosen)) = (hint, &mut self.chosen) {
            chosen.method.hint = Some(hint);
        }
    }

    /// A hint proves that there is an account.
    fn hint(&self, page: &Page, region: Option<&Region>) -> Option<PeerText> {
        match self.privacy {
            Privacy::Hide => None,
            Privacy::Tell => reading::hint(page, region),
        }
    }
}

impl Identify {
    pub(super) fn image(&self, page: &Page) -> Option<Image> {
        let Region::Id(id) = &self.picture.as_ref()?.image else {
            return None;
        };
        let mut images = page.images();
        images.find(|image| image.is_visible && image.id.as_ref() == Some(id))
    }

    /// Where the picture is, if the page shows one.
    pub(super) fn picture_on(&self, page: &Page) -> Option<Result<Url, LinkProblem>> {
        self.image(page).map(|image| image.source)
    }

    /// Whether there is a box for what a picture shows.
    pub(super) fn asks_for_solution(&self, page: &Page) -> bool {
        let boxed = self.picture.as_ref();
        boxed.is_some_and(|boxed| find(page, &boxed.solution).is_some())
    }
}

impl PasswordBoxes {
    /// The boxes for the new password and its repetition. They hide what is typed, are of one form, and are the only ones
    /// there that do: a page that wants another password as well is not known.
    pub(super) fn on<'p>(&self, page: &'p Page) -> Option<(Placed<'p>, Option<&'p Control>)> {
        let is_password = |control: &Control| control.kind() == ControlKind::Password;
        let first = find(page, &self.password).filter(|found| is_password(found.control))?;
        let second = match &self.confirm {
            Some(mark) => Some(find_in(first.form, mark).filter(|found| is_password(found))?),
            None => None,
        };
        let others = first.form.controls().iter().filter(|control| {
            is_password(control) && control.is_visible() && !control.is_disabled()
        });
        let count = 1 + usize::from(second.is_some());
        (others.count() == count).then_some((first, second))
    }
}

fn can(page: &Page, mark: Option<&super::profile::mark::Control>) -> bool {
    mark.is_some_and(|mark| find(page, mark).is_some())
}

fn words(text: &str) -> Option<PeerText> {
    Some(PeerText::new(text)).filter(|text| !text.is_empty())
}
