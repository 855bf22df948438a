//! The `Extensions` structure that certificates, OCSP and CRLs share (RFC 5280, section 4.1).

use super::der::{DerError, Element, Reader, tag};
use super::oid::Oid;

/// One extension.
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// What it is.
    pub oid: Oid<'a>,
    /// Whether who does not understand it must refuse the whole structure.
    pub critical: bool,
    /// The octets of its value; DER by convention.
    value: Element<'a>,
}

impl<'a> Extension<'a> {
    /// The octets of its value.
    pub fn value(&self) -> &'a [u8] {
        self.value.contents
    }

    /// A reader of the value.
    pub(crate) fn reader(&self) -> Reader<'a> {
        self.value.reader()
    }

    /// The only element of the value, which must have this tag.
    pub(crate) fn only(&self, tag: u8) -> Result<Element<'a>, DerError> {
        let mut reader = self.reader();
        let element = reader.expect(tag)?;
        reader.finish()?;
        Ok(element)
    }

    /// The error of an extension that its standard does not allow.
    pub(crate) fn forbidden(&self, what: &'static str) -> DerError {
        self.value.forbidden(what)
    }
}

/// The extensions of a structure, in the order received.
///
/// After an error the iterator ends.
#[derive(Clone, Debug)]
pub struct Extensions<'a> {
    rest: Option<Reader<'a>>,
}

impl<'a> Extensions<'a> {
    /// A structure without extensions.
    pub(crate) const NONE: Self = Self { rest: None };

    /// Reads the `SEQUENCE OF Extension`, which may not be empty.
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self, DerError> {
        let list = reader.expect(tag::SEQUENCE)?;
        match list.contents {
            [] => Err(list.forbidden("empty list of extensions")),
            _ => Ok(Self {
                rest: Some(list.reader()),
            }),
        }
    }

    /// Reads the optional explicitly tagged `[number] Extensions`.
    pub(crate) fn read_tagged(reader: &mut Reader<'a>, number: u8) -> Result<Self, DerError> {
        let Some(wrapper) = reader.optional(tag::context_constructed(number))? else {
            return Ok(Self::NONE);
        };
        let mut inner = wrapper.reader();
        let extensions = Self::read(&mut inner)?;
        inner.finish()?;
        Ok(extensions)
    }
}

impl<'a> Iterator for Extensions<'a> {
    type Item = Result<Extension<'a>, DerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let reader = self.rest.as_mut().filter(|reader| !reader.is_empty())?;
        let extension = read(reader);
        if extension.is_err() {
            self.rest = None;
        }
        Some(extension)
    }
}

/// `Extension ::= SEQUENCE { extnID, critical DEFAULT FALSE, extnValue }`
///
/// DER leaves a default out; issuers that write it nevertheless are common, and it is harmless.
fn read<'a>(reader: &mut Reader<'a>) -> Result<Extension<'a>, DerError> {
    let mut fields = reader.expect(tag::SEQUENCE)?.reader();
    let oid = Oid(fields.expect(tag::OID)?.contents);
    let critical = match fields.optional(tag::BOOLEAN)? {
        Some(critical) => critical.boolean()?,
        None => false,
    };
    let value = fields.expect(tag::OCTET_STRING)?;
    fields.finish()?;
    Ok(Extension {
        oid,
        critical,
        value,
    })
}

/// Stores what an extension says, once: a second one of the same kind is refused, since RFC 5280
/// (section 4.2) allows one and two readers could pick differently.
pub(crate) fn once<T>(
    slot: &mut Option<T>,
    extension: &Extension<'_>,
    value: Result<T, DerError>,
) -> Result<(), DerError> {
    match slot.replace(value?) {
        None => Ok(()),
        Some(_) => Err(extension.forbidden("an extension that occurs twice")),
    }
}
