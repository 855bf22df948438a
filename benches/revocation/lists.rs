//! Looking a certificate up in a list of revoked ones.

use std::hint::black_box;
use std::path::Path;
use std::process::{Command, Stdio};

use rustls_pki_types::{CertificateDer, UnixTime};
use sspr::revocation::{Issuer, Settings, Standing, crl};
use sspr::x509::Certificate;
use webpki::{BorrowedCertRevocationList, CertRevocationList, OwnedCertRevocationList};

use crate::authority::Authority;
use crate::footprint::peak_resident;
use crate::openssl::Peer;
use crate::signature::algorithms;
use crate::stopwatch::{batch, multiple, race};
use crate::{Result, ratio};

/// Entries, how often each list is looked into at a time, and how many times.
const LISTS: [(u64, u32, u32); 3] = [(100, 200, 100), (10_000, 4, 60), (200_000, 1, 15)];

/// From how many entries on the goal counts.
const LONG: u64 = 10_000;

/// Who looks a certificate up in a process of its own.
const WHO: [&str; 3] = ["ours", "webpki", "webpki-borrowed"];

/// Makes lists in `folder` and looks a certificate up that is not on them.
pub(crate) fn measure(folder: &Path, program: &Path, peer: &mut Peer) -> Result<()> {
    let authority = Authority::root()?;
    let (leaf, _) = authority.server("login.contoso.example", "http://ocsp.contoso.example")?;
    std::fs::write(folder.join("p256/ca.der"), &authority.der)?;
    std::fs::write(folder.join("p256/leaf.der"), &leaf)?;
    let serial = Certificate::parse(&leaf)?.serial.to_vec();
    for (entries, times, rounds) in LISTS {
        let name = format!("list-{entries}");
        let list = authority.list(entries)?;
        std::fs::write(folder.join(&name), &list)?;

        let (look_up, whole) = (format!("look-up {name}"), format!("check {name}"));
        let [ours, webpki, borrowed, openssl] = {
            let alone = std::cell::RefCell::new(&mut *peer);
            race(
                rounds,
                [
                    &mut || batch(times, || find("ours", &list, &serial)),
                    &mut || batch(times, || find("webpki", &list, &serial)),
                    &mut || batch(times, || find("webpki-borrowed", &list, &serial)),
                    &mut || alone.borrow_mut().time(&look_up, times),
                ],
            )?
        };
        let now = UnixTime::now();
        let [checked, openssl_checked] = race(
            rounds,
            [
                &mut || batch(times, || check(&list, &leaf, &authority.der, now)),
                &mut || peer.time(&whole, times),
            ],
        )?;
        println!(
            "list of {entries} ({} bytes): decode and look-up {ours:?}, webpki {webpki:?} (borrowed {borrowed:?}), \
             OpenSSL {openssl:?}",
            list.len()
        );
        println!("  with its signature {checked:?}, OpenSSL {openssl_checked:?}");
        if entries >= LONG {
            let ratio_of = |what: &str, time, of| {
                ratio(
                    &format!("{what}-{entries}-per-openssl"),
                    multiple(time, of),
                    0.2,
                )
            };
            ratio_of("crl-look-up", ours, openssl);
            ratio_of("crl-check", checked, openssl_checked);
        }
        let [ours, webpki, borrowed] = WHO.map(|who| memory(who, &folder.join(&name), &serial));
        let openssl = Peer::start(program, folder)?.order(&format!("memory {name}"))?;
        println!(
            "  peak memory beyond the list: {} KiB, webpki {} KiB (borrowed {} KiB), OpenSSL {} KiB",
            ours? >> 10,
            webpki? >> 10,
            borrowed? >> 10,
            openssl >> 10
        );
    }
    Ok(())
}

/// The process that looks a certificate up once and tells by how much its peak memory grew. It has looked into a short
/// list before, so that the program itself is in memory.
pub(crate) fn look_up(who: &str, list: &str, serial: &str) -> Result<()> {
    let short = std::fs::read(Path::new(list).with_file_name("list-100"))?;
    let list = std::fs::read(list)?;
    let serial = u128::from_str_radix(serial, 16)?.to_be_bytes();
    find(who, &short, &serial)?;
    let before = peak_resident()?;
    find(who, &list, &serial)?;
    println!("{}", peak_resident()? - before);
    Ok(())
}

fn memory(who: &str, list: &Path, serial: &[u8]) -> Result<u64> {
    let serial: String = serial.iter().map(|octet| format!("{octet:02x}")).collect();
    let output = Command::new(std::env::current_exe()?)
        .args(["look-up", who])
        .arg(list)
        .arg(serial)
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Decodes a list and looks a serial number up in it.
fn find(who: &str, list: &[u8], serial: &[u8]) -> Result<()> {
    let list = black_box(list);
    let is_listed = match who {
        "ours" => crl::CertificateList::parse(list)?.find(serial)?.is_some(),
        "webpki" => {
            let list = CertRevocationList::from(OwnedCertRevocationList::from_der(list)?);
            list.find_serial(serial)?.is_some()
        }
        _ => {
            let list = CertRevocationList::from(BorrowedCertRevocationList::from_der(list)?);
            list.find_serial(serial)?.is_some()
        }
    };
    match is_listed {
        true => Err("the certificate is on the list".into()),
        false => Ok(()),
    }
}

/// The whole check, with the list's signature.
fn check(
    list: &[u8],
    leaf: &CertificateDer<'_>,
    ca: &CertificateDer<'_>,
    now: UnixTime,
) -> Result<()> {
    let mut profile = crl::Profile::leaf(algorithms());
    profile.max_size = Settings::LARGEST_CRL;
    let issuer = Issuer::from_certificate(ca)?;
    match crl::check(black_box(list), leaf, &issuer, now, &profile)?.standing() {
        Standing::Good => Ok(()),
        other => Err(format!("the list says {other:?}").into()),
    }
}
