//! The HTTPS servers that are visited. Each can tell whether it was sent one byte of a request.

use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Stdio;

use crate::process::{Lines, Process, program};
use crate::site::Site;

/// A server that is visited.
pub(crate) trait Server {
    fn port(&self) -> u16;

    /// Waits until the visitor is gone, and tells whether it sent anything besides the handshake.
    fn was_asked(&mut self) -> bool;
}

/// The first words of every visitor.
const REQUEST: &str = "GET / HTTP/1.1";

/// `openssl s_server`, for one visit. What it receives, it prints; what comes in on its input, it sends.
pub(crate) struct OpenSsl {
    process: Process,
    lines: Lines,
    port: u16,
}

impl OpenSsl {
    pub(crate) fn start(site: &Site) -> Self {
        Self::start_with(site, &["-tls1_3"], None)
    }

    pub(crate) fn start_with(site: &Site, options: &[&str], staple: Option<&Path>) -> Self {
        let mut command = program("openssl");
        command
            .args(["s_server", "-accept", "127.0.0.1:0", "-naccept", "1"])
            .arg("-cert")
            .arg(&site.leaf.certificate)
            .arg("-key")
            .arg(&site.leaf.key)
            .arg("-cert_chain")
            .arg(&site.issuing.identity.certificate)
            .args(options);
        if let Some(staple) = staple {
            command.arg("-status_file").arg(staple);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = Process::start(command.stderr(Stdio::null()));

        let mut input = process.0.stdin.take().unwrap();
        let mut is_request = false;
        let lines = Lines::of(process.0.stdout.take().unwrap(), move |line| {
            is_request |= line.contains(REQUEST);
            if is_request && line.is_empty() {
                is_request = false;
                let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello";
                // The visitor may be gone; the test will tell.
                let _ = input.write_all(answer);
            }
        });
        Self {
            port: lines.port(),
            process,
            lines,
        }
    }

    /// Ends the server, which nobody may have visited.
    pub(crate) fn was_not_visited(mut self) {
        self.process.end();
        assert_eq!(self.lines.rest(), [""; 0]);
    }
}

impl Server for OpenSsl {
    fn port(&self) -> u16 {
        self.port
    }

    fn was_asked(&mut self) -> bool {
        let lines = self.lines.rest();
        assert!(
            lines.iter().any(|line| line == "CONNECTION CLOSED"),
            "{lines:#?}"
        );
        lines.iter().any(|line| line.contains("HTTP/"))
    }
}

/// nginx with one staple for all visits. Its log goes to its standard error.
pub(crate) struct Nginx {
    _process: Process,
    lines: Lines,
    port: u16,
}

impl Nginx {
    pub(crate) fn start(site: &Site, protocols: &str, staple: Option<&Path>) -> Self {
        // It does not choose a port by itself, so another program may be faster.
        (0..10)
            .find_map(|_| Self::try_start(site, protocols, staple))
            .unwrap()
    }

    fn try_start(site: &Site, protocols: &str, staple: Option<&Path>) -> Option<Self> {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let directory = site.scratch.0.join("nginx");
        fs::create_dir_all(&directory).unwrap();
        let stapling = staple.map_or(String::new(), |staple| {
            let staple = staple.display();
            format!("ssl_stapling on; ssl_stapling_file {staple};")
        });
        let config = format!(
            "daemon off; master_process off; pid nginx.pid; error_log stderr info;
             events {{}}
             http {{
                 log_format asked 'asked $request_length bytes: $request';
                 access_log /dev/stderr asked;
                 client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                 uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                 server {{
                     listen 127.0.0.1:{port} ssl;
                     ssl_protocols {protocols};
                     ssl_certificate {chain};
                     ssl_certificate_key {key};
                     {stapling}
                     return 200 hello;
                 }}
             }}",
            chain = site.chain().display(),
            key = site.leaf.key.display(),
        );
        let file = directory.join("nginx.conf");
        fs::write(&file, config).unwrap();
        let mut command = program("nginx");
        command.args(["-e", "stderr", "-p"]).arg(&directory);
        command.arg("-c").arg(&file).stderr(Stdio::piped());
        let mut process = Process::start(&mut command);
        let lines = Lines::of(process.0.stderr.take().unwrap(), |_| {});
        // It says so after it has begun to listen.
        match lines.find("getrlimit") {
            Ok(_) => Some(Self {
                _process: process,
                lines,
                port,
            }),
            Err(lines) => {
                let is_taken = |line: &String| line.contains("bind() to");
                assert!(lines.iter().any(is_taken), "{lines:#?}");
                None
            }
        }
    }
}

impl Server for Nginx {
    fn port(&self) -> u16 {
        self.port
    }

    fn was_asked(&mut self) -> bool {
        // "client … closed keepalive connection" after an answer, "… while waiting for request" without one.
        let lines = self.lines.until(" closed ");
        let is_asked = lines.iter().any(|line| line.contains("asked "));
        let is_idle = lines
            .iter()
            .any(|line| line.contains("while waiting for request"));
        assert!(is_asked != is_idle, "{lines:#?}");
        is_asked
    }
}
