//! Accepts connections: bounded in number, patient with none that dawdles over its request, and ended
//! in order when the server stops.

use std::io;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use protocol::limits::{
    ACCEPT_REST, CONNECTIONS_MAX, REQUEST_HEAD_BYTES_MAX, REQUEST_HEAD_WAIT, SHUTDOWN_WAIT,
};
use rustix::net::sockopt::set_tcp_nodelay;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::hub::HubHandle;
use crate::routes::{self, Place};
use crate::session::Shared;
use crate::upgrade::Doorway;
use crate::{Pace, Store};

/// Serves the chat on `listener` until `stop`; then closes every session with 1001 (going away) and
/// returns, at the latest after [`SHUTDOWN_WAIT`].
///
/// # Errors
/// Where the store can't be read.
pub async fn serve(
    listener: TcpListener,
    store: Store,
    pace: Pace,
    stop: impl Future<Output = ()>,
) -> rusqlite::Result<()> {
    hold_nothing_back(&listener);
    let (hub, hub_thread) = HubHandle::start(store)?;
    let shared = Arc::new(Shared { hub, pace, stop: CancellationToken::new() });
    let tracker = TaskTracker::new();
    let routes = routes::routes(Arc::clone(&shared), tracker.clone());
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    // A task as the connections are: it hands them to its own thread, which costs no wake-up.
    let accepting = tokio::spawn({
        let (routes, tracker, stop) = (routes.clone(), tracker.clone(), shared.stop.clone());
        async move {
            loop {
                let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
                let connection = accept(&listener).await;
                tracker.spawn(connect(connection, place, routes.clone(), stop.clone()));
            }
        }
    });
    stop.await;
    accepting.abort();
    // With its listener.
    let _ = accepting.await;
    shared.stop.cancel();
    tracker.close();
    let goodbye = async {
        shared.hub.wake_all().await;
        tracker.wait().await;
    };
    if tokio::time::timeout(SHUTDOWN_WAIT, goodbye).await.is_err() {
        tracing::warn!(left = tracker.len(), "stopped before every client had said goodbye");
        return Ok(());
    }
    // Nobody is left to ask the hub for anything: it ends, and closes its store.
    drop((routes, shared));
    let _ = tokio::task::spawn_blocking(|| hub_thread.join()).await;
    Ok(())
}

/// Has the kernel send small frames of all connections at once, where it would wait for more (RFC 896): they have it
/// from their listener.
fn hold_nothing_back(listener: &TcpListener) {
    let _ = set_tcp_nodelay(listener, true);
}

/// The next connection. Rests where there is none to be had, as when file descriptors run out.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((connection, _)) => return connection,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "can't accept connections now, trying again");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
}

/// Whether the connection went away before it was accepted, which says nothing about the next.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves HTTP on one connection, until it ends or becomes a session.
async fn connect(
    connection: TcpStream,
    place: OwnedSemaphorePermit,
    routes: BoxedFilter<(Response,)>,
    stop: CancellationToken,
) {
    let place: Place = Arc::new(place);
    let filter = TowerToHyperService::new(warp::service(routes));
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(Arc::clone(&place));
        hyper::service::Service::call(&filter, request)
    });
    let http = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_HEAD_WAIT)
        .max_buf_size(REQUEST_HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Doorway::from(connection)), service)
        .with_upgrades();
    let mut http = std::pin::pin!(http);
    // How a connection fails is its client's affair alone.
    let _ = tokio::select! {
        result = &mut http => result,
        () = stop.cancelled() => {
            http.as_mut().graceful_shutdown();
            http.await
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_connection_holds_nothing_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        hold_nothing_back(&listener);
        let _client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        assert!(accept(&listener).await.nodelay().unwrap());
    }
}
