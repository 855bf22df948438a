//! What schemes send in base64, behind their name (RFC 9110, section 11.4).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::error::AuthScheme;

/// The value of `Proxy-Authorization`. No buffer grows: a smaller one would be freed without being wiped.
pub(super) fn field(scheme: AuthScheme, data: &[u8]) -> Zeroizing<String> {
    let name = scheme.name();
    let size = name.len() + 1 + data.len().div_ceil(3) * 4;
    let mut field = Zeroizing::new(String::with_capacity(size));
    field.push_str(name);
    field.push(' ');
    STANDARD.encode_string(data, &mut field);
    field
}

/// What the token of a challenge holds, if it is base64.
pub(super) fn decode(token: &str) -> Option<Vec<u8>> {
    STANDARD.decode(token).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_buffer_has_the_size_of_the_field() {
        for size in 0..10 {
            let field = field(AuthScheme::Negotiate, &[0xff; 10][..size]);
            assert_eq!(field.len(), field.capacity());
        }
        assert_eq!(*field(AuthScheme::Ntlm, b"a"), "NTLM YQ==");
        assert_eq!(decode("YQ=="), Some(b"a".to_vec()));
        assert_eq!(decode("YQ"), None);
    }
}
