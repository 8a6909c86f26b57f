//! The browser client, inside the binary: found by path, compressed as the browser accepts, cached as
//! long as it is right.
//!
//! `cargo xtask build` puts the built client, and a `.br` and a `.gz` of each file beside it, into
//! `dist/`. Knows nothing of the chat.

use std::sync::LazyLock;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use protocol::ROOM_PATH;
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use warp::http::{HeaderMap, HeaderValue, StatusCode, header};
use warp::reply::{Reply, Response};

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Client;

/// The page itself, at `/` and at the address of each room.
const INDEX: &str = "index.html";

/// Says what to do when the server was built without the client.
const NO_CLIENT: &str = "This papo was built without its browser client. `cargo xtask build` builds both.\n";

/// The encodings there may be a file for, the best first: how they are asked for, how they are named.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

/// Answers a request for the page or one of its files.
pub(crate) fn respond(path: &str, request: &HeaderMap) -> Response {
    let is_page = path == "/" || path.starts_with(ROOM_PATH);
    let path = if is_page { INDEX } else { path.trim_start_matches('/') };
    let Some(plain) = Client::get(path) else { return missing(path) };
    let kind = content_type(&plain);
    let accepted = text_of(request, header::ACCEPT_ENCODING);
    let (encoding, file) = ENCODINGS
        .iter()
        .filter(|(encoding, _)| accepts(accepted, encoding))
        .find_map(|(encoding, ending)| Some((Some(*encoding), Client::get(&format!("{path}{ending}"))?)))
        .unwrap_or((None, plain));
    let mut response = body(path, &file, text_of(request, header::IF_NONE_MATCH));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, kind);
    if let Some(encoding) = encoding {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The file itself, or 304 where the browser has it already.
fn body(path: &str, file: &EmbeddedFile, known: &str) -> Response {
    let etag = format!("\"{}\"", BASE64_URL_SAFE_NO_PAD.encode(&file.metadata.sha256_hash()[..12]));
    let mut response = if known.split(',').any(|tag| tag.trim().trim_start_matches("W/") == etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Bytes::from_owner(file.data.clone()).into())
    };
    let cache = if is_hashed(path) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = response.headers_mut();
    headers.insert(header::ETAG, etag.parse().expect("base64 is fit for a header"));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}

fn missing(path: &str) -> Response {
    let (status, text) = if path == INDEX {
        (StatusCode::SERVICE_UNAVAILABLE, NO_CLIENT.to_owned())
    } else {
        (StatusCode::NOT_FOUND, "Nothing here. The chat is at /\n".to_owned())
    };
    warp::reply::with_status(text, status).into_response()
}

fn text_of(request: &HeaderMap, name: header::HeaderName) -> &str {
    request.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn content_type(file: &EmbeddedFile) -> HeaderValue {
    let kind = file.metadata.mimetype();
    let charset = if kind.starts_with("text/") { "; charset=utf-8" } else { "" };
    format!("{kind}{charset}").parse().expect("a media type is fit for a header")
}

/// Whether an `Accept-Encoding` such as `gzip, br;q=0.5` allows an encoding (RFC 9110 § 12.5.3).
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|item| {
        let (name, weight) = item.split_once(';').unwrap_or((item, ""));
        let weight = weight.trim().trim_start_matches("q=").parse();
        name.trim().eq_ignore_ascii_case(encoding) && weight.unwrap_or(1.0) > 0.0
    })
}

/// Whether trunk put the hash of its content into a file's name, so that a file of that name never
/// changes: up to 16 hexadecimal digits, since it writes no leading zeros.
fn is_hashed(path: &str) -> bool {
    path.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| (10..=16).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// What the page may do: run its own files and its inline scripts, known by their hashes (the one with which
/// trunk starts it, the one that sets its theme); talk to this server; nothing else.
static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let index = Client::get(INDEX).map(|file| file.data).unwrap_or_default();
    policy(&String::from_utf8_lossy(&index)).parse().expect("a policy is fit for a header")
});

fn policy(page: &str) -> String {
    let hashes: String = inline_scripts(page)
        .map(|script| format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script))))
        .collect();
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    )
}

/// What stands between the tags of each script of a page.
fn inline_scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (_, rest) = rest.split_once('>')?;
        let (script, _) = rest.split_once("</script>")?;
        (!script.is_empty()).then_some(script)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_is_accepted_when_named_and_not_weighed_away() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.5, gzip;q=1.0", "br"));
        assert!(accepts("BR", "br"));
        assert!(!accepts("gzip, br;q=0", "br"));
        assert!(!accepts("gzip", "br"));
        assert!(!accepts("", "gzip"));
    }

    #[test]
    fn only_names_with_a_hash_are_for_ever() {
        assert!(is_hashed("page-0a1b2c3d4e5f6071_bg.wasm"));
        assert!(is_hashed("style-a1b2c3d4e5f6071.css"));
        assert!(!is_hashed("index.html"));
        assert!(!is_hashed("favicon.svg"));
    }

    #[test]
    fn the_policy_names_inline_scripts_by_hash_and_allows_no_others() {
        let policy = policy("<script type=\"module\">alert(1)</script><script src=\"/a.js\"></script>");
        assert!(
            policy
                .contains("'self' 'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(policy.matches("sha256-").count(), 1);
    }
}
