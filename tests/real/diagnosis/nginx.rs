//! nginx, which answers every request alike.

use std::fs;

use url::Url;

use crate::stand::Port;
use crate::stand::certificates::Certificates;
use crate::stand::installed::has;
use crate::stand::place::Place;
use crate::stand::process::Process;

/// A running nginx. It ends when this is dropped.
pub(crate) struct Nginx {
    _process: Process,
    _traces: Traces,
    _place: Place,
    port: Port,
    /// The root of its certificate, which is for `localhost`, DER.
    pub(crate) root: Vec<u8>,
}

/// nginx with TLS, which answers with `answer`, a directive.
pub(crate) fn tls(answer: &str) -> Option<Nginx> {
    tls_at("", answer)
}

/// The same, which sees another time: an offset such as `-2d`.
pub(crate) fn tls_at(time: &str, answer: &str) -> Option<Nginx> {
    start(time, "ssl", answer)
}

/// nginx without TLS.
pub(crate) fn plain(answer: &str) -> Option<Nginx> {
    start("", "", answer)
}

fn start(time: &str, option: &str, answer: &str) -> Option<Nginx> {
    if !has("revocation", &["nginx", "faketime"]) {
        return None;
    }
    let (place, port, certificates) = (Place::new(), Port::reserve(), Certificates::new());
    place.write("server.pem", &certificates.proxy);
    let config = format!(
        "daemon off; master_process off; pid nginx.pid; error_log stderr;
         events {{}}
         http {{
             access_log off;
             client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
             uwsgi_temp_path uwsgi; scgi_temp_path scgi;
             server {{
                 listen 127.0.0.1:{port} {option};
                 ssl_certificate {folder}/server.pem;
                 ssl_certificate_key {folder}/server.pem;
                 {answer}
             }}
         }}",
        port = port.number(),
        folder = place.path("").display(),
    );
    place.write("nginx.conf", config);
    let mut command = match time {
        "" => place.command("nginx"),
        time => {
            let mut command = place.command("faketime");
            command.args(["-f", time, "nginx"]);
            command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
            command
        }
    };
    command
        .args(["-e", "stderr", "-c", "nginx.conf", "-p"])
        .arg(place.path(""));
    let process = Process::start(&place, &mut command, &port);
    let traces = Traces(process.id());
    Some(Nginx {
        _process: process,
        _traces: traces,
        _place: place,
        port,
        root: certificates.der,
    })
}

impl Nginx {
    pub(crate) fn port(&self) -> u16 {
        self.port.number()
    }

    pub(crate) fn url(&self, scheme: &str) -> Url {
        Url::parse(&format!("{scheme}://localhost:{}/", self.port())).unwrap()
    }
}

/// What `faketime` leaves of a process that it could not wait for.
struct Traces(u32);

impl Drop for Traces {
    fn drop(&mut self) {
        for kind in ["faketime_shm", "sem.faketime_sem"] {
            // There is none where the time was the true one.
            let _ = fs::remove_file(format!("/dev/shm/{kind}_{}", self.0));
        }
    }
}
