//! Contact data of people: they register it themselves, or it is filled in for them, in the right form.

use super::{Piece, Undo};
use crate::cloud::Cloud;
use crate::error::PeerText;

/// Why contact data will not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContactProblem {
    /// A phone number does not begin with `+` and the code of a country, of one to three digits.
    #[error("no + and country code at the beginning")]
    CountryCode,
    /// There is not exactly one space after the code of the country.
    #[error("no single space after the country code")]
    Space,
    /// The number is no number: digits only, at least four, and at most fifteen with the country code (E.164).
    #[error("not a phone number after the country code")]
    Number,
    /// An extension, which is cut off before anybody is called.
    #[error("an extension, which is not dialled")]
    Extension,
    /// An address without a name, an `@` and a domain with a dot, or with characters that neither may hold.
    #[error("not an e-mail address")]
    Email,
}

/// Checks a phone number as the reset takes it: `+1 4251234567`.
///
/// # Errors
/// [`ContactProblem`] with the first thing that is wrong.
pub fn check_phone(text: &str) -> Result<(), ContactProblem> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let rest = text.strip_prefix('+').ok_or(ContactProblem::CountryCode)?;
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (code, rest) = rest.split_at_checked(digits).unwrap_or((rest, ""));
    let Some(number) = rest.strip_prefix(' ') else {
        // Without a space nobody can tell where the code of the country ends.
        let fits = (1..=3).contains(&digits) || digits > 3;
        return Err(if fits {
            ContactProblem::Space
        } else {
            ContactProblem::CountryCode
        });
    };
    if !(1..=3).contains(&code.len()) || code.starts_with('0') {
        return Err(ContactProblem::CountryCode);
    }
    if number.starts_with(' ') {
        return Err(ContactProblem::Space);
    }
    if let Some((before, after)) = number.split_once(['x', 'X'])
        && is_number(before.trim_end())
        && is_number(after)
    {
        return Err(ContactProblem::Extension);
    }
    if !is_number(number) || number.len() < 4 || code.len() + number.len() > 15 {
        return Err(ContactProblem::Number);
    }
    Ok(())
}

/// Checks whether a text may be an address for mail: parts with dots between them on both sides (RFC 5322, section 3.2.3,
/// and RFC 6531 for other scripts), of the lengths of RFC 5321, section 4.5.3.1. A name in quotes is none. Whether mail
/// arrives there, only mail can tell.
///
/// # Errors
/// [`ContactProblem::Email`]
pub fn check_email(text: &str) -> Result<(), ContactProblem> {
    const SYMBOLS: &str = "!#$%&'*+-/=?^_`{|}~";
    let letter = |c: char| c.is_ascii_alphanumeric() || (!c.is_ascii() && !c.is_whitespace());
    let is_part =
        |part: &str| !part.is_empty() && part.chars().all(|c| letter(c) || SYMBOLS.contains(c));
    let is_label = |label: &str| {
        let inside = label.chars().all(|c| letter(c) || c == '-');
        (1..=63).contains(&label.len())
            && inside
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let (name, domain) = text.split_once('@').ok_or(ContactProblem::Email)?;
    let good = text.len() <= 254
        && name.len() <= 64
        && name.split('.').all(is_part)
        && domain.contains('.')
        && domain.split('.').all(is_label)
        // Neither control characters nor marks of direction, which nobody sees.
        && PeerText::new(text).as_str() == text;
    good.then_some(()).ok_or(ContactProblem::Email)
}

/// How people register, and what may be filled in for them.
pub(super) fn registration(cloud: &Cloud) -> Piece {
    let page = match cloud.name.as_str() {
        "china" => "https://account.activedirectory.windowsazure.cn/",
        _ => "https://aka.ms/ssprsetup",
    };
    Piece {
        file: "registration.txt",
        purpose: "What people have to register before their first reset, or what to fill in for them.",
        content: format!(
            "In the Entra admin center, at least an Authentication Policy Administrator enables self-service password\n\
             reset for the tenant first.\n\
             Everybody registers once, signed in, at {page}\n\
             Whoever has registered nothing cannot reset a password, here or elsewhere.\n\n\
             Filled in beforehand, people need not register. With Entra Connect and its defaults:\n\
             \x20 telephoneNumber (Active Directory) becomes the office phone\n\
             \x20 mobile (Active Directory) becomes the mobile phone\n\
             Phone numbers have the form +COUNTRY NUMBER, with one space: +1 4251234567\n\
             Extensions (x123) are not dialled.\n\
             An alternate e-mail address is filled in in the cloud: name@contoso.com\n"
        ),
        undo: Undo::Step(
            "remove what was filled in, and each person's own methods under Authentication methods",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phone_numbers_have_one_form() {
        for (text, expected) in [
            ("+1 4251234567", Ok(())),
            ("+81 312345678", Ok(())),
            ("+358 401234567", Ok(())),
            ("4251234567", Err(ContactProblem::CountryCode)),
            ("+ 4251234567", Err(ContactProblem::CountryCode)),
            ("+0 4251234567", Err(ContactProblem::CountryCode)),
            ("+1234 4251234567", Err(ContactProblem::CountryCode)),
            ("", Err(ContactProblem::CountryCode)),
            ("+", Err(ContactProblem::CountryCode)),
            ("+14251234567", Err(ContactProblem::Space)),
            ("+1  4251234567", Err(ContactProblem::Space)),
            ("+1-4251234567", Err(ContactProblem::Space)),
            ("+1 4251234567X12345", Err(ContactProblem::Extension)),
            ("+1 4251234567 x123", Err(ContactProblem::Extension)),
            ("+1 (425) 123-4567", Err(ContactProblem::Number)),
            ("+1 425", Err(ContactProblem::Number)),
            ("+1 425123456789012", Err(ContactProblem::Number)),
            ("+1 \u{ff14}251234567", Err(ContactProblem::Number)),
        ] {
            assert_eq!(check_phone(text), expected, "{text}");
        }
    }

    #[test]
    fn addresses_have_a_name_and_a_domain() {
        let longest = format!("{}@{}.de", "a".repeat(64), "b".repeat(63));
        for text in [
            "adele@contoso.com",
            "a.b+c@sub.example.org",
            "o'brien@x-y.example",
            "ü@例え.jp",
            &longest,
        ] {
            assert_eq!(check_email(text), Ok(()), "{text}");
        }
        let name = format!("{}@b.de", "a".repeat(65));
        let label = format!("a@{}.de", "b".repeat(64));
        let whole = format!("a@{}de", "b.".repeat(126));
        for text in [
            "",
            "adele",
            "@contoso.com",
            "a@b",
            "a@b.",
            "a@.b",
            "a b@c.de",
            "a@b@c.de",
            "<a@b.de>",
            " a@b.de",
            "a@b.de\n",
            "a..b@c.de",
            ".a@b.de",
            "a.@b.de",
            "a@b..de",
            "a@-b.de",
            "a@b-.de",
            "a@b_c.de",
            "a@b.de:25",
            "\"a b\"@c.de",
            "a(b)@c.de",
            "a@[10.0.0.1]",
            "a\u{202e}@b.de",
            &name,
            &label,
            &whole,
        ] {
            assert_eq!(check_email(text), Err(ContactProblem::Email), "{text}");
        }
    }
}
