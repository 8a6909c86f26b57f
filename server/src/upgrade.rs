//! The WebSocket handshake (RFC 6455 § 4.2), and the plain socket taken back out of warp.
//!
//! `warp::ws()` keeps 137 KiB for each idle connection, in buffers that have no knob; a socket of our
//! own keeps about a hundredth of that.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tungstenite::handshake::derive_accept_key;
use warp::http::{HeaderMap, Response, StatusCode, header};
use warp::{Filter, Rejection};

use crate::link::Link;

/// What a request for a WebSocket brings.
pub(crate) struct Handshake {
    accept_key: String,
    version_13: bool,
    on_upgrade: OnUpgrade,
}

/// Takes requests for a WebSocket, on any path; leaves all others to the next filter.
pub(crate) fn handshake() -> impl Filter<Extract = (Handshake,), Error = Rejection> + Clone {
    warp::get()
        .and(warp::header::exact_ignore_case("upgrade", "websocket"))
        .and(warp::header::value("sec-websocket-key"))
        .and(warp::header::headers_cloned())
        .and(warp::ext::get::<OnUpgrade>())
        .map(|key: header::HeaderValue, headers: HeaderMap, on_upgrade| Handshake {
            accept_key: derive_accept_key(key.as_bytes()),
            version_13: headers.get("sec-websocket-version").is_some_and(|version| version == "13"),
            on_upgrade,
        })
}

impl Handshake {
    /// The answer to the request, and the WebSocket; no WebSocket for a client of another version of the protocol.
    pub(crate) fn accept(self) -> (Response<&'static str>, Option<impl Future<Output = Option<Accepted>>>) {
        let mut response = Response::new("");
        let headers = response.headers_mut();
        if !self.version_13 {
            headers.insert(header::SEC_WEBSOCKET_VERSION, header::HeaderValue::from_static("13"));
            *response.status_mut() = StatusCode::UPGRADE_REQUIRED;
            return (response, None);
        }
        let accept = self.accept_key.parse().expect("base64 is fit for a header");
        headers.insert(header::SEC_WEBSOCKET_ACCEPT, accept);
        headers.insert(header::CONNECTION, header::HeaderValue::from_static("upgrade"));
        headers.insert(header::UPGRADE, header::HeaderValue::from_static("websocket"));
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        (response, Some(take_over(self.on_upgrade)))
    }
}

/// A WebSocket, and the answer to its handshake, which is still to be written, before all frames.
pub(crate) struct Accepted {
    pub(crate) tcp: TcpStream,
    pub(crate) link: Link,
    pub(crate) answer: Bytes,
}

/// The socket under an upgraded connection. None where the client went away meanwhile.
async fn take_over(on_upgrade: OnUpgrade) -> Option<Accepted> {
    let upgraded = on_upgrade.await.ok()?;
    let Parts { io, read_buf, .. } = upgraded.downcast::<TokioIo<Doorway>>().ok()?;
    let Doorway { tcp, held } = io.into_inner();
    Some(Accepted { tcp, link: Link::new(read_buf), answer: held.into() })
}

/// A connection until it is a WebSocket. All goes through it but the answer that makes it one: that is held back,
/// and goes out with the first frames. Each write costs as much as all else that a handshake does.
pub(crate) struct Doorway {
    tcp: TcpStream,
    held: Vec<u8>,
}

impl From<TcpStream> for Doorway {
    fn from(tcp: TcpStream) -> Self {
        Self { tcp, held: Vec::new() }
    }
}

impl Doorway {
    /// Whether this is of the answer that is held back, after which hyper writes nothing.
    fn holds(&self, bytes: &[u8]) -> bool {
        !self.held.is_empty() || bytes.starts_with(b"HTTP/1.1 101 ")
    }
}

impl AsyncRead for Doorway {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, bytes)
    }
}

impl AsyncWrite for Doorway {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match slices.iter().find(|slice| !slice.is_empty()) {
            Some(first) if self.holds(first) => {
                self.held.extend_from_slice(first);
                Poll::Ready(Ok(first.len()))
            }
            _ => Pin::new(&mut self.tcp).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}
