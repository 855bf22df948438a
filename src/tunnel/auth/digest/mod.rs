//! Digest (RFC 7616, and RFC 2069 for proxies that know no other): a hash over the password, the request and a number used
//! once.

mod algorithm;
mod demand;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use zeroize::Zeroizing;

pub(super) use self::demand::Demand;
use super::access::ProxyCredentials;
use super::login::RequestLine;

/// Answers with one nonce of the proxy: the first request that it was given for, and those after it.
#[derive(Debug)]
pub(super) struct Session {
    demand: Demand,
    /// The number used once of this side. It stays with that of the proxy: the variants `-sess` hash both into the
    /// session's key.
    cnonce: String,
    /// How many requests were answered.
    count: u32,
}

impl Session {
    pub(super) const fn new(demand: Demand, cnonce: String) -> Self {
        Self {
            demand,
            cnonce,
            count: 0,
        }
    }

    /// A number used once.
    ///
    /// # Errors
    /// The operating system has no random bytes.
    pub(super) fn cnonce() -> Result<String, getrandom::Error> {
        let mut random = [0; 16];
        getrandom::fill(&mut random)?;
        Ok(format!("{:032x}", u128::from_be_bytes(random)))
    }

    pub(super) const fn demand(&self) -> &Demand {
        &self.demand
    }

    /// The value of the field for the next request (RFC 7616, section 3.4).
    pub(super) fn answer(
        &mut self,
        credentials: &ProxyCredentials,
        line: RequestLine<'_>,
    ) -> Zeroizing<String> {
        self.count = self.count.saturating_add(1);
        let count = format!("{:08x}", self.count);
        let response = self.response(credentials, line, &count);

        let Self { demand, cnonce, .. } = self;
        let mut field = Field::new(&credentials.user, demand);
        field.quoted("realm", &demand.realm);
        field.quoted("nonce", &demand.nonce);
        field.quoted("uri", line.target);
        field.quoted("response", &response);
        if let Some(algorithm) = demand.algorithm {
            field.plain("algorithm", algorithm.name());
        }
        if demand.protects {
            field.plain("qop", "auth");
            field.plain("nc", &count);
        }
        if demand.protects || demand.algorithm().session {
            field.quoted("cnonce", cnonce);
        }
        if let Some(opaque) = &demand.opaque {
            field.quoted("opaque", opaque);
        }
        field.0
    }

    fn response(
        &self,
        credentials: &ProxyCredentials,
        line: RequestLine<'_>,
        count: &str,
    ) -> Zeroizing<String> {
        let Self { demand, cnonce, .. } = self;
        let algorithm = demand.algorithm();
        let password = credentials.password.expose_secret();
        let mut key = algorithm.hash(&[&credentials.user, &demand.realm, password]);
        if algorithm.session {
            key = algorithm.hash(&[&key, &demand.nonce, cnonce]);
        }
        let request = algorithm.hash(&[line.method, line.target]);
        if demand.protects {
            algorithm.hash(&[&key, &demand.nonce, count, cnonce, "auth", &request])
        } else {
            algorithm.hash(&[&key, &demand.nonce, &request])
        }
    }
}

/// The value of the field while it is written.
struct Field(Zeroizing<String>);

impl Field {
    /// With the user's name: hashed where the proxy wants it, and otherwise quoted. What ASCII does not have is told to have
    /// an encoding only where the proxy knows of that; all others look for the quoted name and read UTF-8. What may not be
    /// quoted has no other form.
    fn new(user: &str, demand: &Demand) -> Self {
        let mut field = Self(Zeroizing::new("Digest ".to_owned()));
        if demand.hashes_user {
            let hash = demand.algorithm().hash(&[user, &demand.realm]);
            field.quoted("username", &hash);
            field.plain("userhash", "true");
        } else if user.contains(char::is_control) || (demand.knows_utf8 && !user.is_ascii()) {
            field.plain("username*", &extended(user));
        } else {
            field.quoted("username", user);
        }
        field
    }

    fn plain(&mut self, name: &str, value: &str) {
        if !self.0.ends_with(' ') {
            self.0.push_str(", ");
        }
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(value);
    }

    fn quoted(&mut self, name: &str, value: &str) {
        self.plain(name, "\"");
        for c in value.chars() {
            if matches!(c, '"' | '\\') {
                self.0.push('\\');
            }
            self.0.push(c);
        }
        self.0.push('"');
    }
}

/// The form of a value that has other characters than ASCII (RFC 8187, section 3.2.1).
fn extended(text: &str) -> String {
    let mut extended = "UTF-8''".to_owned();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            extended.push(byte.into());
        } else {
            // Writing to a string cannot fail.
            let _ = write!(extended, "%{byte:02X}");
        }
    }
    extended
}
