//! Reading DER, as far as OCSP requests and the tenant's own values need it.

/// Takes the next value off `input`: its tag and its content.
pub(in crate::mock) fn read<'a>(input: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (tag, rest) = input.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            let length = digits
                .iter()
                .fold(0, |length, digit| length << 8 | usize::from(*digit));
            (length, rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *input = rest;
    Some((*tag, content))
}

#[cfg(test)]
mod tests {
    use super::super::der;
    use super::*;

    #[test]
    fn reads_what_is_written() {
        for length in [0, 1, 127, 128, 255, 256, 70_000] {
            let content = vec![7; length];
            let bytes = [der::octets(&content), der::null()].concat();
            let mut rest = bytes.as_slice();
            assert_eq!(read(&mut rest), Some((4, content.as_slice())));
            assert_eq!(read(&mut rest), Some((5, [].as_slice())));
            assert_eq!(read(&mut rest), None);
        }
    }

    #[test]
    fn refuses_what_is_not_there() {
        let refused: [&[u8]; 5] = [
            &[],
            &[4],
            &[4, 1],
            &[4, 0x80, 0, 0],
            &[4, 0x85, 0, 0, 0, 0, 0],
        ];
        for mut bytes in refused {
            assert_eq!(read(&mut bytes), None, "{bytes:?}");
        }
    }
}
