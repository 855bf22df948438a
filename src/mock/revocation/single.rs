//! SingleResponse: what an OCSP response says about one certificate.

use std::time::SystemTime;

use super::ocsp::{OcspAnswer, Times};
use super::ocsp_fault::{OcspFault, TimeForm};
use super::request::CertId;
use super::status::Status;
use crate::mock::pki::{der, extension, serial_number};

const MD5: &[u64] = &[1, 2, 840, 113_549, 2, 5];
const UNKNOWN_HASH: &[u64] = &[2, 999, 2];
const TIMESTAMPS: &[u64] = &[1, 3, 6, 1, 4, 1, 11129, 2, 4, 5];

impl OcspAnswer {
    pub(super) fn single(&self, id: &CertId, status: Status) -> Vec<u8> {
        let times: Times = self.times;
        let next_update = times
            .next_update()
            .map_or(Vec::new(), |time| der::tagged(0, &self.time(time)));
        der::sequence([
            self.name(id),
            self.status_value(status),
            self.time(times.this_update()),
            next_update,
            self.single_extensions(),
        ])
    }

    pub(super) fn has(&self, fault: OcspFault) -> bool {
        self.faults.contains(&fault)
    }

    /// GeneralizedTime, in whatever form was ordered.
    pub(super) fn time(&self, time: SystemTime) -> Vec<u8> {
        let form = self.faults.iter().find_map(|fault| match fault {
            OcspFault::TimeForm(form) => Some(*form),
            _ => None,
        });
        let digits = der::digits_of(time);
        let seconds = digits.trim_end_matches('Z');
        let text = match form {
            None => digits.clone(),
            Some(TimeForm::Fraction) => format!("{seconds}.5Z"),
            Some(TimeForm::WithoutSeconds) => format!("{}Z", &seconds[..12]),
            Some(TimeForm::Offset) => format!("{seconds}+0000"),
        };
        der::value(0x18, text.as_bytes())
    }

    fn name(&self, id: &CertId) -> Vec<u8> {
        let mut id = id.clone();
        for fault in &self.faults {
            match fault {
                OcspFault::WrongSerial => id.serial = serial_number(),
                OcspFault::WrongNameHash => id.name_hash.reverse(),
                OcspFault::WrongKeyHash => id.key_hash.reverse(),
                OcspFault::Md5CertId => {
                    id.algorithm = der::sequence([der::oid(MD5), der::null()]);
                    id.name_hash.truncate(16);
                    id.key_hash.truncate(16);
                }
                OcspFault::UnknownCertIdHash => {
                    id.algorithm = der::sequence([der::oid(UNKNOWN_HASH)])
                }
                _ => {}
            }
        }
        id.write()
    }

    fn status_value(&self, status: Status) -> Vec<u8> {
        match status {
            Status::Good => der::tagged_primitive(0, &[]),
            Status::Revoked { reason, time } => {
                let reason = reason.map_or(Vec::new(), |reason| {
                    der::tagged(0, &der::enumerated(reason as u8))
                });
                der::tagged(1, &[self.time(time), reason].concat())
            }
            Status::Unknown => der::tagged_primitive(2, &[]),
        }
    }

    fn single_extensions(&self) -> Vec<u8> {
        let mut extensions = Vec::new();
        if self.has(OcspFault::UnknownCriticalSingleExtension) {
            extensions.push(extension::unknown_critical());
        }
        if self.has(OcspFault::CriticalTimestamps) {
            // An empty list: two bytes of length.
            extensions.push(extension::extension(
                TIMESTAMPS,
                true,
                &der::octets(&[0, 0]),
            ));
        }
        if extensions.is_empty() {
            return extensions.concat();
        }
        der::tagged(1, &der::sequence(extensions))
    }
}
