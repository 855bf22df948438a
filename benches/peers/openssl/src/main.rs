//! OpenSSL at the same work on the same bytes. It reads orders from its standard input and answers each with a number:
//!
//! * `rsa <file>` writes a new RSA key of 2,048 bits, in PKCS #8 (0);
//! * `ocsp <keys> <response> <times>` decodes and verifies a response (nanoseconds of all times);
//! * `look-up <list> <times>` decodes a list and looks a certificate up in it (the same);
//! * `check <list> <times>` verifies the list's signature as well (the same);
//! * `memory <list>` looks up once, after a short list (bytes by which the peak of this process's memory grew).
//!
//! Files are relative to the folder that the first argument names.

use std::error::Error;
use std::hint::black_box;
use std::io::BufRead;
use std::path::{Path, PathBuf};
use std::time::Instant;

use openssl::asn1::Asn1Integer;
use openssl::bn::BigNum;
use openssl::ocsp::{OcspFlag, OcspResponse};
use openssl::pkey::PKey;
use openssl::rsa::Rsa;
use openssl::stack::Stack;
use openssl::x509::store::X509StoreBuilder;
use openssl::x509::{CrlStatus, X509, X509Crl};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("no folder")?);
    for order in std::io::stdin().lock().lines() {
        let order = order?;
        let words: Vec<&str> = order.split(' ').collect();
        let number = match words.as_slice() {
            ["rsa", file] => {
                let key = PKey::from_rsa(Rsa::generate(2048)?)?;
                std::fs::write(folder.join(file), key.private_key_to_pkcs8()?)?;
                0
            }
            ["ocsp", keys, response, times] => ocsp(&folder.join(keys), response, times.parse()?)?,
            ["look-up", list, times] => {
                let list = List::read(&folder, list)?;
                timed(times.parse()?, || list.look_up().map(drop))?
            }
            ["check", list, times] => {
                let list = List::read(&folder, list)?;
                timed(times.parse()?, || list.check())?
            }
            ["memory", list] => {
                let (short, list) = (List::read(&folder, "list-100")?, List::read(&folder, list)?);
                short.look_up()?;
                let before = peak_resident()?;
                list.look_up()?;
                u128::from(peak_resident()? - before)
            }
            _ => return Err(format!("no such order: {order}").into()),
        };
        println!("{number}");
    }
    Ok(())
}

/// The certificates are decoded and in place; finding the certificate in the answer and judging its times is left out.
fn ocsp(keys: &Path, response: &str, times: u32) -> Result<u128> {
    let ca = X509::from_der(&std::fs::read(keys.join("ca.der"))?)?;
    let response = std::fs::read(keys.join(response))?;
    let mut store = X509StoreBuilder::new()?;
    store.add_cert(ca.clone())?;
    let store = store.build();
    let mut certificates = Stack::new()?;
    certificates.push(ca)?;
    timed(times, || {
        let basic = OcspResponse::from_der(&response)?.basic()?;
        basic.verify(&certificates, &store, OcspFlag::empty())?;
        Ok(())
    })
}

/// A list, and a certificate that is not on it.
struct List {
    der: Vec<u8>,
    issuer: X509,
    serial: Asn1Integer,
}

impl List {
    fn read(folder: &Path, name: &str) -> Result<Self> {
        let read = |name: &str| std::fs::read(folder.join(name));
        let leaf = X509::from_der(&read("p256/leaf.der")?)?;
        let serial: BigNum = leaf.serial_number().to_bn()?;
        Ok(Self {
            der: read(name)?,
            issuer: X509::from_der(&read("p256/ca.der")?)?,
            serial: Asn1Integer::from_bn(&serial)?,
        })
    }

    fn look_up(&self) -> Result<X509Crl> {
        let list = X509Crl::from_der(&self.der)?;
        match black_box(list.get_by_serial(&self.serial)) {
            CrlStatus::NotRevoked => {}
            _ => return Err("the certificate is on the list".into()),
        }
        Ok(list)
    }

    fn check(&self) -> Result<()> {
        let list = self.look_up()?;
        match list.verify(&*self.issuer.public_key()?)? {
            true => Ok(()),
            false => Err("the list's signature is wrong".into()),
        }
    }
}

fn timed(times: u32, mut work: impl FnMut() -> Result<()>) -> Result<u128> {
    let start = Instant::now();
    for _ in 0..times {
        work()?;
    }
    Ok(start.elapsed().as_nanos())
}

fn peak_resident() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib: u64 = line
        .ok_or("no VmHWM")?
        .trim_end_matches("kB")
        .trim()
        .parse()?;
    Ok(kib << 10)
}
