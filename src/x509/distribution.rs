//! Distribution points of CRLs, as certificates (RFC 5280, section 4.2.1.13) and CRLs (section
//! 5.2.5) name them.

use super::der::{DerError, Element, Reader, tag};
use super::extension::Extension;

/// Where the CRLs for a certificate are.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DistributionPoint<'a> {
    /// Its name; `None` if it is that of `crl_issuer`.
    pub name: Option<PointName<'a>>,
    /// Whether its CRLs cover only some reasons for a revocation.
    pub some_reasons_only: bool,
    /// Whether its CRLs are issued by someone else than the certificate's issuer.
    pub other_issuer: bool,
}

impl<'a> DistributionPoint<'a> {
    /// The addresses in its name, in order, with whatever scheme they have.
    ///
    /// # Errors
    /// The name is malformed.
    pub fn urls(&self) -> Result<Vec<&'a str>, DerError> {
        self.name.map_or(Ok(Vec::new()), |name| name.urls())
    }
}

/// The name of a distribution point.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum PointName<'a> {
    /// `GeneralNames`, each of which names it.
    Full(Reader<'a>),
    /// A fragment to be appended to the CRL issuer's name.
    RelativeToIssuer,
}

impl<'a> PointName<'a> {
    /// The addresses in the name, in order.
    pub(crate) fn urls(&self) -> Result<Vec<&'a str>, DerError> {
        let mut urls = Vec::new();
        if let Self::Full(mut names) = *self {
            while !names.is_empty() {
                urls.extend(general_name_uri(&names.any()?)?);
            }
        }
        Ok(urls)
    }

    /// Reads `[0] EXPLICIT DistributionPointName`, if it is next.
    pub(crate) fn read(fields: &mut Reader<'a>) -> Result<Option<Self>, DerError> {
        let Some(wrapper) = fields.optional(tag::context_constructed(0))? else {
            return Ok(None);
        };
        let mut inner = wrapper.reader();
        let name = inner.any()?;
        inner.finish()?;
        match name.tag {
            0xa0 => {
                let mut names = name.reader();
                if names.is_empty() {
                    return Err(name.forbidden("distribution point with an empty name"));
                }
                while !names.is_empty() {
                    names.any()?;
                }
                Ok(Some(Self::Full(name.reader())))
            }
            0xa1 => Ok(Some(Self::RelativeToIssuer)),
            _ => Err(wrapper.forbidden("distribution point with an unknown kind of name")),
        }
    }
}

/// `CRLDistributionPoints ::= SEQUENCE SIZE (1..MAX) OF DistributionPoint`
pub(super) fn points<'a>(
    extension: &Extension<'a>,
) -> Result<Vec<DistributionPoint<'a>>, DerError> {
    let mut points = Vec::new();
    let mut list = extension.only(tag::SEQUENCE)?.reader();
    while !list.is_empty() {
        let mut fields = list.expect(tag::SEQUENCE)?.reader();
        points.push(DistributionPoint {
            name: PointName::read(&mut fields)?,
            some_reasons_only: fields.optional(tag::context(1))?.is_some(),
            other_issuer: fields.optional(tag::context_constructed(2))?.is_some(),
        });
        fields.finish()?;
    }
    Ok(points)
}

/// The address in a `GeneralName`, if it is one.
pub(super) fn general_name_uri<'a>(name: &Element<'a>) -> Result<Option<&'a str>, DerError> {
    const UNIFORM_RESOURCE_IDENTIFIER: u8 = tag::context(6);
    if name.tag != UNIFORM_RESOURCE_IDENTIFIER {
        return Ok(None);
    }
    match std::str::from_utf8(name.contents) {
        Ok(uri) if uri.is_ascii() && !uri.contains(|c: char| c.is_ascii_control()) => Ok(Some(uri)),
        _ => Err(name.forbidden("address with characters that addresses do not have")),
    }
}

/// Whether two `GeneralName`s are the same: by their bytes, or two addresses that differ only in
/// the letter case of scheme and host (RFC 5280, section 7.4).
pub(crate) fn same_general_name(left: &Element<'_>, right: &Element<'_>) -> bool {
    if left.whole == right.whole {
        return true;
    }
    match (general_name_uri(left), general_name_uri(right)) {
        (Ok(Some(left)), Ok(Some(right))) => {
            let (left, right) = (split_authority(left), split_authority(right));
            left.0.eq_ignore_ascii_case(right.0) && left.1 == right.1
        }
        _ => false,
    }
}

/// Scheme and host of an address, and the rest.
fn split_authority(uri: &str) -> (&str, &str) {
    let host = uri.find("://").map_or(0, |at| at + 3);
    let end = uri
        .get(host..)
        .and_then(|rest| rest.find('/'))
        .map_or(uri.len(), |at| host + at);
    uri.split_at_checked(end).unwrap_or((uri, ""))
}
