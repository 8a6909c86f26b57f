//! Who gets what: a session for a WebSocket, the browser client for everything else.

use std::convert::Infallible;
use std::sync::Arc;

use protocol::Lang;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::task::TaskTracker;
use warp::filters::BoxedFilter;
use warp::path::FullPath;
use warp::reply::{Reply, Response};
use warp::{Filter, http::HeaderMap};

use crate::assets;
use crate::dialect::Dialect;
use crate::session::{self, Shared};
use crate::upgrade::{self, Handshake};

/// Where the browser client speaks the typed protocol. On every other path a WebSocket speaks the
/// plain-text one, as the tutorial's server did.
const TYPED_PATH: &str = "/ws";

/// A place among the connections that may be open at once, given back when its last holder is done.
pub(crate) type Place = Arc<OwnedSemaphorePermit>;

/// All routes. Sessions run as tasks of `tracker`.
pub(crate) fn routes(shared: Arc<Shared>, tracker: TaskTracker) -> BoxedFilter<(Response,)> {
    let websocket = upgrade::handshake()
        .and(warp::path::full())
        .and(warp::query::raw().or_else(|_| async { Ok::<_, Infallible>((String::new(),)) }))
        .and(warp::ext::get::<Place>())
        .map(move |handshake: Handshake, path: FullPath, query: String, place| {
            let dialect = if path.as_str() == TYPED_PATH { Dialect::Typed } else { Dialect::Plain };
            let (response, accepted) = handshake.accept();
            if let Some(accepted) = accepted {
                let (shared, lang) = (Arc::clone(&shared), lang(&query));
                tracker.spawn(async move {
                    // Not `if let`, which would keep room for it to the end.
                    let Some(accepted) = accepted.await else { return };
                    session::run(shared, accepted, dialect, lang).await;
                    drop::<Place>(place);
                });
            }
            response.into_response()
        });
    let page = warp::get()
        .or(warp::head())
        .unify()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .map(|path: FullPath, headers: HeaderMap| assets::respond(path.as_str(), &headers));
    websocket.or(page).unify().boxed()
}

/// The language asked for on the URL: `?lang=en`.
fn lang(query: &str) -> Lang {
    let tag = query.split('&').find_map(|pair| pair.strip_prefix("lang="));
    tag.and_then(Lang::parse).unwrap_or_default()
}
