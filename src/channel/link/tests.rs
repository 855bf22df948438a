//! What is known about a request when its connection breaks, and where its body goes.

use std::io;
use std::pin::Pin;
use std::sync::Mutex;
use std::task::{Context, Poll};

use tokio::io::{
    AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex,
};

use super::*;

fn prepared(body: &[u8]) -> Prepared {
    let mut request = Request::new(Method::POST, "https://host/x".parse().unwrap());
    request.body = Body::new(body.to_vec());
    Prepared::new(request, "host".into()).unwrap()
}

/// A connection to nobody in particular.
async fn open(wire: impl Wire + 'static) -> Link {
    Link::open(Box::new(wire), "host", None).await.unwrap()
}

async fn exchange(link: &mut Link, prepared: &Prepared) -> Result<Response, Broken> {
    let timeouts = Timeouts::default();
    link.exchange(prepared, &timeouts, end_of(timeouts.exchange))
        .await
}

/// A connection that has served one exchange, and its other end.
async fn used() -> (Link, DuplexStream) {
    let (ours, mut theirs) = duplex(1024);
    let mut link = open(ours).await;
    let (first, prepared) = (
        async {
            let mut request = [0; 512];
            let read = theirs.read(&mut request).await.unwrap();
            assert!(read > 0);
            theirs
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await
                .unwrap();
        },
        prepared(b"x"),
    );
    let (response, ()) = tokio::join!(exchange(&mut link, &prepared), first);
    assert_eq!(
        response
            .unwrap_or_else(|broken| panic!("{:?}", broken.error))
            .status,
        200
    );
    assert!(link.is_open());
    (link, theirs)
}

#[tokio::test]
async fn a_connection_that_ends_before_the_first_byte_has_sent_nothing() {
    let (mut link, theirs) = used().await;
    drop(theirs);
    let broken = exchange(&mut link, &prepared(b"x")).await.unwrap_err();
    assert_eq!(broken.sent, Sent::Nothing);
    for effect in [Effect::None, Effect::Counts, Effect::SetsPassword] {
        assert!(broken.may_repeat(effect));
    }
}

#[tokio::test]
async fn a_connection_that_ends_after_the_first_byte_may_have_sent_it() {
    let (mut link, mut theirs) = used().await;
    let prepared = prepared(b"x");
    let (broken, ()) = tokio::join!(exchange(&mut link, &prepared), async {
        theirs.read_u8().await.unwrap();
        drop(theirs);
    });
    let broken = broken.unwrap_err();
    assert_eq!(broken.sent, Sent::Maybe);
    assert!(broken.may_repeat(Effect::None));
    assert!(!broken.may_repeat(Effect::Counts) && !broken.may_repeat(Effect::SetsPassword));
}

#[tokio::test]
async fn a_closed_connection_is_not_open() {
    let (mut link, theirs) = used().await;
    drop(theirs);
    assert!(!link.is_open());
}

/// Notes from where in memory it is written, takes everything, and never answers.
struct Sink(Arc<Mutex<Vec<(usize, usize)>>>);

impl AsyncRead for Sink {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

impl AsyncWrite for Sink {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0
            .lock()
            .unwrap()
            .push((buf.as_ptr() as usize, buf.len()));
        Poll::Ready(Ok(buf.len()))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.0
            .lock()
            .unwrap()
            .extend(bufs.iter().map(|buf| (buf.as_ptr() as usize, buf.len())));
        Poll::Ready(Ok(bufs.iter().map(|buf| buf.len()).sum()))
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_body_is_written_from_where_it_lies() {
    let written = Arc::new(Mutex::new(Vec::new()));
    let mut link = open(Sink(written.clone())).await;
    let prepared = prepared(b"password=hush");
    let place = (prepared.body.as_ptr() as usize, prepared.body.len());
    let broken = exchange(&mut link, &prepared).await.unwrap_err();
    assert!(matches!(
        broken.error.fault(),
        Fault::TimedOut {
            phase: TimedPhase::Head,
            ..
        }
    ));
    assert!(written.lock().unwrap().contains(&place));
}

#[test]
fn a_growing_body_keeps_its_bytes() {
    let mut whole = Zeroizing::new(Vec::new());
    let mut expected = Vec::new();
    for length in [0, 1, 3, 8, 100, 7, 5000] {
        let data: Vec<_> = (0..length).map(|byte| byte as u8).collect();
        append(&mut whole, &data);
        expected.extend(data);
    }
    assert_eq!(*whole, expected);
}

#[test]
fn a_request_states_its_host_and_length_itself() {
    let mut request = Request::new(
        Method::GET,
        "https://Host.example:8443/a/../b?q=1#f".parse().unwrap(),
    );
    request
        .headers
        .insert(header::HOST, HeaderValue::from_static("other"));
    request
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from_static("7"));
    request.headers.insert(
        header::TRANSFER_ENCODING,
        HeaderValue::from_static("chunked"),
    );
    let prepared = Prepared::new(request, "host.example".into()).unwrap();
    assert_eq!(prepared.uri, "/b?q=1");
    assert_eq!(prepared.headers[header::HOST], "host.example:8443");
    assert_eq!(prepared.headers.len(), 1);
}
