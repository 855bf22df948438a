//! libcurl on the way to a server, through a proxy with a login: `curl_peer visit <way> <times>`, where the way is the name
//! of a scheme or `direct`. It takes the same arguments and environment as the benchmark's own program.

use std::error::Error;

use curl::easy::{Auth, Easy};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(2).collect();
    let [way, times] = arguments.as_slice() else {
        return Err("a way and a number of times".into());
    };
    let times: u32 = times.parse()?;
    let mut easy = Easy::new();
    let servers = std::env::var("BENCH_SERVERS")?;
    let server = servers.split(' ').next().ok_or("no server")?;
    easy.url(&format!("https://{server}/2"))?;
    easy.ssl_cainfo_blob(std::env::var("BENCH_ROOT")?.as_bytes())?;
    // As in this crate: no session is resumed, no connection used again.
    easy.ssl_sessionid_cache(false)?;
    easy.forbid_reuse(true)?;
    go(&mut easy, way)?;
    get(&mut easy)?;
    measured(|| (0..times).try_for_each(|_| get(&mut easy)))
}

/// Says by which way, and allows one scheme alone: who allows several first asks which the proxy offers.
fn go(easy: &mut Easy, way: &str) -> Result<()> {
    let schemes = ["none", "basic", "digest", "ntlm"];
    let proxies = std::env::var("BENCH_PROXIES")?;
    let known = schemes.into_iter().zip(proxies.split(' '));
    let Some((_, proxy)) = known.into_iter().find(|(scheme, _)| *scheme == way) else {
        easy.proxy("")?;
        return Ok(());
    };
    easy.proxy(&format!("http://{proxy}"))?;
    easy.http_proxy_tunnel(true)?;
    easy.noproxy("")?;
    if way != "none" {
        let mut auth = Auth::new();
        match way {
            "basic" => auth.basic(true),
            "digest" => auth.digest(true),
            _ => auth.ntlm(true),
        };
        easy.proxy_auth(&auth)?;
        easy.proxy_username(&std::env::var("BENCH_USER")?)?;
        easy.proxy_password(&std::env::var("BENCH_PASSWORD")?)?;
    }
    Ok(())
}

fn get(easy: &mut Easy) -> Result<()> {
    let mut length = 0;
    let mut transfer = easy.transfer();
    transfer.write_function(|data| {
        length += data.len();
        Ok(data.len())
    })?;
    transfer.perform()?;
    drop(transfer);
    match (easy.response_code()?, length) {
        (200, 2) => Ok(()),
        (status, length) => Err(format!("status {status}, {length} bytes").into()),
    }
}

/// What callgrind collects, by the name of this function.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    work()
}
