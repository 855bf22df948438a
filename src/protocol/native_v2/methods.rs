//! The methods that the server offers to prove who one is.

use serde_json::Value;
use url::Url;

use super::links;
use crate::error::{Error, Fault, PeerText};
use crate::protocol::json::word;
use crate::protocol::{Method, MethodId, MethodKind};

/// The most methods that are offered.
const LIMIT: usize = 16;

/// No identifier of a method is longer.
const ID_LIMIT: usize = 256;

/// A method, and where its challenge is asked for.
pub(super) struct Offer {
    pub(super) method: Method,
    pub(super) challenge: Url,
}

/// Reads `_embedded.methods`. Those without a challenge link are passed over, and so is the password, which is what the
/// person forgot.
///
/// # Errors
/// [`Fault::NoMethods`] if none is left, and whatever is wrong with a link.
pub(super) fn read(authority: &Url, embedded: Option<&Value>) -> Result<Vec<Offer>, Error> {
    let methods = embedded.and_then(|embedded| embedded.get("methods"));
    let methods = methods.and_then(Value::as_array).map(Vec::as_slice);
    let mut offers: Vec<Offer> = Vec::new();
    for (index, method) in methods.unwrap_or_default().iter().take(LIMIT).enumerate() {
        let link = method
            .get("_links")
            .and_then(|links| links.get("challenge"));
        let Some(challenge) = links::target(authority, link, "challenge")? else {
            continue;
        };
        let Some(kind) = kind(method.get("type"))? else {
            continue;
        };
        let is_taken = |id: &str| offers.iter().any(|offer| offer.method.id.as_str() == id);
        let id = method.get("id").and_then(Value::as_str);
        let id = match id.filter(|id| !id.is_empty() && id.len() <= ID_LIMIT && !is_taken(id)) {
            Some(id) => MethodId::new(id),
            None => MethodId::new(format!("method-{index}")),
        };
        let hint = word(method.get("hint"), "hint")?;
        offers.push(Offer {
            method: Method::new(id, kind, hint),
            challenge,
        });
    }
    if offers.is_empty() {
        return Err(Fault::NoMethods.into());
    }
    Ok(offers)
}

/// What the person does, by the server's word for it; `None` for the password.
pub(super) fn kind(value: Option<&Value>) -> Result<Option<MethodKind>, Error> {
    let word = word(value, "type")?.unwrap_or_default();
    // The vendor's client reads these words without regard to case.
    Ok(match word.to_ascii_lowercase().as_str() {
        "email" => Some(MethodKind::Email),
        "sms" => Some(MethodKind::MobileSms),
        "password" => None,
        _ => Some(MethodKind::Other(PeerText::clone(&word))),
    })
}
