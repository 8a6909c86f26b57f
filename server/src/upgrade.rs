//! The WebSocket handshake (RFC 6455 § 4.2), and the plain socket taken back out of warp.
//!
//! `warp::ws()` keeps 137 KiB for each idle connection, in buffers that have no knob; a socket of our
//! own keeps about a hundredth of that.

use hyper::upgrade::{OnUpgrade, Parts};
use hyper_util::rt::TokioIo;
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
    /// The answer to the request, and the WebSocket once that answer is out; no WebSocket for a client
    /// of another version of the protocol.
    pub(crate) fn accept(self) -> (Response<&'static str>, Option<impl Future<Output = Option<Link>>>) {
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

/// The socket under an upgraded connection. None where the client went away meanwhile.
async fn take_over(on_upgrade: OnUpgrade) -> Option<Link> {
    let upgraded = on_upgrade.await.ok()?;
    let Parts { io, read_buf, .. } = upgraded.downcast::<TokioIo<TcpStream>>().ok()?;
    Some(Link::new(io.into_inner(), read_buf))
}
