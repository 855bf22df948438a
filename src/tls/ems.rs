//! Whether a server acknowledges the extended master secret: the TLS library knows, and does not say.

/// The number of the extension (RFC 7627, section 5.1).
const EXTENDED_MASTER_SECRET: [u8; 2] = [0, 23];

/// Whether the ServerHello at the beginning of what a server sent names the extension; `None` if there is no whole
/// ServerHello.
///
/// In TLS 1.2 it travels in the clear (RFC 5246, section 7.4.1.3), and the end of the handshake vouches for it.
pub(super) fn is_acknowledged(received: &[u8]) -> Option<bool> {
    let (&[22, 3, _, _, _, 2], rest) = received.split_first_chunk()? else {
        return None;
    };
    let (&[_, high, low], rest) = rest.split_first_chunk()?;
    let hello = rest.get(..usize::from(u16::from_be_bytes([high, low])))?;
    // The version and the random bytes, then the session identifier, the cipher suite and the compression method.
    let rest = skip_vector(hello.get(34..)?)?;
    let Some((_, mut extensions)) = rest.get(3..)?.split_first_chunk::<2>() else {
        return Some(false);
    };
    while let Some((kind, rest)) = extensions.split_first_chunk::<2>() {
        if *kind == EXTENDED_MASTER_SECRET {
            return Some(true);
        }
        let (&length, rest) = rest.split_first_chunk()?;
        extensions = rest.get(usize::from(u16::from_be_bytes(length))..)?;
    }
    Some(false)
}

/// What follows a vector with a length of one byte.
fn skip_vector(bytes: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = bytes.split_first()?;
    rest.get(usize::from(length)..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(extensions: &[u8]) -> Vec<u8> {
        let mut body = vec![3, 3];
        body.extend([7; 32]);
        body.extend([2, 1, 2, 0xc0, 0x2f, 0]);
        body.extend(extensions);
        let mut message = vec![2, 0, 0, body.len() as u8];
        message.extend(body);
        let mut record = vec![22, 3, 3, 0, message.len() as u8];
        record.extend(message);
        record
    }

    #[test]
    fn the_extension_is_found_among_others() {
        let among = [0, 9, 0xff, 1, 0, 1, 0, 0, 23, 0, 0];
        assert_eq!(is_acknowledged(&hello(&among)), Some(true));
        assert_eq!(is_acknowledged(&hello(&[0, 4, 0, 23, 0, 0])), Some(true));
        assert_eq!(
            is_acknowledged(&hello(&[0, 5, 0xff, 1, 0, 1, 0])),
            Some(false)
        );
        assert_eq!(is_acknowledged(&hello(&[])), Some(false));
    }

    #[test]
    fn what_is_cut_off_says_nothing() {
        let whole = hello(&[0, 9, 0xff, 1, 0, 1, 0, 0, 23, 0, 0]);
        for length in 0..whole.len() {
            assert_eq!(is_acknowledged(&whole[..length]), None, "{length}");
        }
        assert_eq!(is_acknowledged(b"HTTP/1.1 400 Bad Request\r\n"), None);
    }
}
