use super::*;

fn flaw(input: &[u8]) -> Flaw {
    Reader::new(input).any().unwrap_err().flaw
}

#[test]
fn lengths_in_every_form() {
    for size in [0usize, 1, 127, 128, 255, 256, 65_535, 65_536] {
        let (head, used) = header(tag::OCTET_STRING, size).unwrap();
        let mut der = head[..used].to_vec();
        der.resize(used + size, 0xaa);
        let element = Reader::only(&der, tag::OCTET_STRING).unwrap();
        assert_eq!((element.contents.len(), element.offset), (size, used));
        assert_eq!(element.whole, der);
    }
}

#[test]
fn what_der_forbids() {
    for (input, expected) in [
        (&[][..], Flaw::Truncated),
        (&[0x30], Flaw::Truncated),
        (&[0x30, 0x01], Flaw::Truncated),
        (&[0x30, 0x81], Flaw::Truncated),
        (&[0x30, 0x82, 0x01], Flaw::Truncated),
        (&[0x30, 0x80, 0x00, 0x00], Flaw::IndefiniteLength),
        (&[0x30, 0x81, 0x7f], Flaw::NonMinimalLength),
        (&[0x30, 0x82, 0x00, 0xff], Flaw::NonMinimalLength),
        (
            &[0x30, 0x84, 0x00, 0x01, 0x00, 0x00],
            Flaw::NonMinimalLength,
        ),
        (&[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], Flaw::Truncated),
        (
            &[0x30, 0x85, 0x01, 0x00, 0x00, 0x00, 0x00],
            Flaw::LengthTooLarge,
        ),
        (&[0x30, 0xff], Flaw::LengthTooLarge),
        (&[0x1f, 0x01, 0x00], Flaw::HighTagNumber),
        (&[0xbf, 0x81, 0x00, 0x00], Flaw::HighTagNumber),
    ] {
        assert_eq!(flaw(input), expected, "{input:02x?}");
    }
}

#[test]
fn truncated_at_every_byte() {
    let der = [0x30, 0x81, 0x83, 0x04, 0x81, 0x80]
        .into_iter()
        .chain([7; 128])
        .collect::<Vec<_>>();
    assert!(Reader::only(&der, tag::SEQUENCE).is_ok());
    for length in 0..der.len() {
        assert_eq!(flaw(&der[..length]), Flaw::Truncated);
    }
}

#[test]
fn errors_say_where() {
    let der = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x05, 0xff];
    let mut outer = Reader::new(&der);
    let mut inner = outer.expect(tag::SEQUENCE).unwrap().reader();
    let mut innermost = inner.expect(tag::SEQUENCE).unwrap().reader();
    assert_eq!(
        innermost.expect(tag::OID).unwrap_err(),
        DerError {
            offset: 4,
            flaw: Flaw::UnexpectedTag {
                expected: tag::OID,
                found: tag::INTEGER
            }
        }
    );
    assert_eq!(
        innermost.expect(tag::INTEGER).unwrap().contents,
        [5],
        "nothing was lost"
    );
    assert_eq!(
        innermost.expect(tag::OID).unwrap_err(),
        DerError {
            offset: 7,
            flaw: Flaw::Truncated
        }
    );
    assert!(innermost.finish().is_ok() && inner.finish().is_ok());
    assert_eq!(
        outer.finish().unwrap_err(),
        DerError {
            offset: 7,
            flaw: Flaw::TrailingData
        }
    );
}

#[test]
fn optional_elements_stay_where_they_are() {
    let mut reader = Reader::new(&[0x02, 0x01, 0x05]);
    assert!(reader.optional(tag::OID).unwrap().is_none());
    assert_eq!(reader.peek(), Some(tag::INTEGER));
    assert!(reader.optional(tag::INTEGER).unwrap().is_some());
    assert!(reader.is_empty() && reader.optional(tag::INTEGER).unwrap().is_none());
}

#[test]
fn nesting_costs_nothing() {
    const LEVELS: usize = 10_000;
    let mut heads = Vec::new();
    let mut size = 0;
    for _ in 0..LEVELS {
        let (head, used) = header(tag::SEQUENCE, size).unwrap();
        size += used;
        heads.push((head, used));
    }
    let der: Vec<u8> = heads
        .iter()
        .rev()
        .flat_map(|(head, used)| head[..*used].to_vec())
        .collect();

    let mut reader = Reader::new(&der);
    for _ in 0..LEVELS {
        reader = reader.expect(tag::SEQUENCE).unwrap().reader();
    }
    assert!(reader.is_empty());
}

#[test]
fn small_values() {
    let element = |tag: u8, contents: &'static [u8]| Element {
        tag,
        contents,
        whole: contents,
        offset: 0,
    };
    assert_eq!(element(tag::BOOLEAN, &[0xff]).boolean(), Ok(true));
    assert_eq!(element(tag::BOOLEAN, &[0x00]).boolean(), Ok(false));
    for contents in [&[][..], &[0x01], &[0x00, 0x00]] {
        assert!(element(tag::BOOLEAN, contents).boolean().is_err());
    }
    assert_eq!(element(tag::INTEGER, &[0x7f]).small_number(), Ok(127));
    for contents in [&[][..], &[0x80], &[0x00, 0x80]] {
        assert!(element(tag::INTEGER, contents).small_number().is_err());
    }
    assert_eq!(
        element(tag::BIT_STRING, &[0, 1, 2]).bit_string_octets(),
        Ok(&[1, 2][..])
    );
    for contents in [&[][..], &[1, 0xfe]] {
        assert!(
            element(tag::BIT_STRING, contents)
                .bit_string_octets()
                .is_err()
        );
    }
}
