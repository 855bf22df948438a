//! The two time types of PKIX, in the only form that RFC 5280 (section 4.1.2.5) and RFC 6960
//! allow: with seconds, without fractions, in UTC.

use std::time::Duration;

use rustls_pki_types::UnixTime;

use super::der::{DerError, Element, Reader, tag};

/// `Time`: a `UTCTime` or a `GeneralizedTime`.
pub(crate) fn time(reader: &mut Reader<'_>) -> Result<UnixTime, DerError> {
    match reader.optional(tag::UTC_TIME)? {
        Some(element) => utc_time(&element),
        None => generalized_time(reader),
    }
}

/// A `GeneralizedTime`.
pub(crate) fn generalized_time(reader: &mut Reader<'_>) -> Result<UnixTime, DerError> {
    let element = reader.expect(tag::GENERALIZED_TIME)?;
    let malformed = element.forbidden("GeneralizedTime not of the form YYYYMMDDHHMMSSZ");
    match element.contents {
        [y1, y2, y3, y4, rest @ ..] => {
            let year = digits(*y1, *y2).zip(digits(*y3, *y4)).ok_or(malformed)?;
            instant(year.0 * 100 + year.1, rest).ok_or(malformed)
        }
        _ => Err(malformed),
    }
}

fn utc_time(element: &Element<'_>) -> Result<UnixTime, DerError> {
    let malformed = element.forbidden("UTCTime not of the form YYMMDDHHMMSSZ");
    match element.contents {
        [y1, y2, rest @ ..] => {
            let year = digits(*y1, *y2).ok_or(malformed)?;
            let century = if year < 50 { 2000 } else { 1900 };
            instant(century + year, rest).ok_or(malformed)
        }
        _ => Err(malformed),
    }
}

/// The instant of `MMDDHHMMSSZ` in `year`; `None` for a date that does not exist or lies
/// before 1970.
fn instant(year: u64, rest: &[u8]) -> Option<UnixTime> {
    let &[m1, m2, d1, d2, h1, h2, n1, n2, s1, s2, b'Z'] = rest else {
        return None;
    };
    let (month, day) = (digits(m1, m2)?, digits(d1, d2)?);
    let (hour, minute, second) = (digits(h1, h2)?, digits(n1, n2)?, digits(s1, s2)?);
    let exists =
        (1..=days_in_month(year, month)?).contains(&day) && hour < 24 && minute < 60 && second < 60;
    if !exists || year < 1970 {
        return None;
    }
    let days = days_before_year(year) - days_before_year(1970)
        + (1..month)
            .filter_map(|month| days_in_month(year, month))
            .sum::<u64>()
        + (day - 1);
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
}

/// Days from the start of year 1 to the start of `year`, in the Gregorian calendar.
fn days_before_year(year: u64) -> u64 {
    let before = year - 1;
    before * 365 + before / 4 - before / 100 + before / 400
}

fn days_in_month(year: u64, month: u64) -> Option<u64> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

fn digits(tens: u8, ones: u8) -> Option<u64> {
    (tens.is_ascii_digit() && ones.is_ascii_digit())
        .then(|| u64::from(tens - b'0') * 10 + u64::from(ones - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tag: u8, text: &str) -> Result<u64, DerError> {
        let mut der = vec![tag, text.len() as u8];
        der.extend_from_slice(text.as_bytes());
        time(&mut Reader::new(&der)).map(|time| time.as_secs())
    }

    #[test]
    fn known_instants() {
        for (tag, text, seconds) in [
            (tag::GENERALIZED_TIME, "19700101000000Z", 0),
            (tag::GENERALIZED_TIME, "20170305000000Z", 1_488_672_000),
            (tag::GENERALIZED_TIME, "20240229235959Z", 1_709_251_199),
            (tag::GENERALIZED_TIME, "20500101000000Z", 2_524_608_000),
            (tag::GENERALIZED_TIME, "99991231235959Z", 253_402_300_799),
            (tag::UTC_TIME, "491231235959Z", 2_524_607_999),
            (tag::UTC_TIME, "700101000000Z", 0),
            (tag::UTC_TIME, "240301000000Z", 1_709_251_200),
        ] {
            assert_eq!(read(tag, text), Ok(seconds), "{text}");
        }
    }

    #[test]
    fn everything_but_the_strict_form_is_refused() {
        for text in [
            "",
            "2017",
            "201703050000Z",
            "20170305000000",
            "20170305000000.5Z",
            "20170305000000+0100",
            "20170305000000z",
            "20170229000000Z",
            "20171301000000Z",
            "20170300000000Z",
            "20170132000000Z",
            "20170305240000Z",
            "20170305006000Z",
            "20170305000060Z",
            "19691231235959Z",
            "21000229000000Z",
            "2017O305000000Z",
            "20170305000000ZZ",
            "00000101000000Z",
        ] {
            assert!(read(tag::GENERALIZED_TIME, text).is_err(), "{text}");
        }
        for text in [
            "1703050000Z",
            "170305000000+0000",
            "170305000000",
            "690101000000Z",
            "1",
        ] {
            assert!(read(tag::UTC_TIME, text).is_err(), "{text}");
        }
        assert!(read(tag::INTEGER, "20170305000000Z").is_err());
    }
}
