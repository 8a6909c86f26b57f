//! The page as it is served: types, compression, caching, policy.

use e2e::{Device, Papo, Person};
use reqwest::header::{self, HeaderMap};
use reqwest::{Response, StatusCode};

async fn get(papo: &Papo, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
    let mut request = reqwest::Client::new().get(format!("{}{path}", papo.url()));
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    request.send().await.expect("an answer")
}

fn text<'a>(headers: &'a HeaderMap, name: &header::HeaderName) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().expect("ascii"))
}

/// The page's own files, as its HTML names them.
async fn files(papo: &Papo) -> Vec<String> {
    let page = get(papo, "", &[]).await.text().await.expect("html");
    let mut files: Vec<_> = page
        .split(['"', '\''])
        .filter(|part| part.starts_with('/') && part.contains('.') && !part.contains(' '))
        .map(str::to_owned)
        .collect();
    files.sort();
    files.dedup();
    assert!(files.len() >= 3, "{page}");
    files
}

#[tokio::test]
async fn the_page_is_revalidated_and_its_files_are_for_ever_where_their_names_tell_them_apart() {
    let papo = Papo::start().await;
    let page = get(&papo, "", &[]).await;
    assert_eq!(page.status(), StatusCode::OK);
    assert_eq!(text(page.headers(), &header::CONTENT_TYPE), "text/html; charset=utf-8");
    assert_eq!(text(page.headers(), &header::CACHE_CONTROL), "no-cache");
    for file in files(&papo).await.into_iter().chain(["/sw.js".to_owned()]) {
        let response = get(&papo, &file[1..], &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{file}");
        let kind = match file.rsplit('.').next() {
            Some("js") => "text/javascript; charset=utf-8",
            Some("css") => "text/css; charset=utf-8",
            Some("wasm") => "application/wasm",
            Some("svg") => "image/svg+xml",
            Some("png") => "image/png",
            Some("webmanifest") => "application/manifest+json",
            other => panic!("a file of kind {other:?}"),
        };
        assert_eq!(text(response.headers(), &header::CONTENT_TYPE), kind, "{file}");
        assert_eq!(text(response.headers(), &header::X_CONTENT_TYPE_OPTIONS), "nosniff", "{file}");
        let caching = text(response.headers(), &header::CACHE_CONTROL);
        let is_named_elsewhere =
            file.ends_with(".png") || file.ends_with(".webmanifest") || file.ends_with("sw.js");
        let lasts = if is_named_elsewhere { "no-cache" } else { "public, max-age=31536000, immutable" };
        assert_eq!(caching, lasts, "{file}");
    }
}

#[tokio::test]
async fn the_page_can_be_installed_as_an_app() {
    let papo = Papo::start().await;
    let manifest = get(&papo, "manifest.webmanifest", &[]).await.bytes().await.expect("a manifest");
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).expect("json");
    assert_eq!((&manifest["start_url"], &manifest["display"]), (&"/".into(), &"standalone".into()));
    let icons = manifest["icons"].as_array().expect("icons");
    assert!(icons.iter().any(|icon| icon["purpose"] == "maskable"));
    for icon in icons {
        let src = icon["src"].as_str().expect("an address");
        let response = get(&papo, &src[1..], &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{src}");
        assert_eq!(icon["type"], text(response.headers(), &header::CONTENT_TYPE), "{src}");
    }
    // Chromium itself finds nothing wrong with it.
    let ana = Person::opens(&papo.url(), "Ana", Device::PHONE).await;
    let errors = ana
        .browser
        .cdp()
        .send_raw("Page.getInstallabilityErrors", serde_json::json!({}))
        .await
        .expect("an answer");
    assert_eq!(errors["installabilityErrors"], serde_json::json!([]));
}

#[tokio::test]
async fn each_file_comes_as_small_as_the_browser_can_read_it() {
    let papo = Papo::start().await;
    let wasm = files(&papo).await.into_iter().find(|file| file.ends_with(".wasm")).expect("a wasm file");
    let mut sizes = Vec::new();
    for (accepted, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip"), ("br;q=0", ""), ("", "")] {
        let response = get(&papo, &wasm[1..], &[(header::ACCEPT_ENCODING, accepted)]).await;
        assert_eq!(text(response.headers(), &header::CONTENT_ENCODING), encoding, "{accepted}");
        assert_eq!(text(response.headers(), &header::VARY), "accept-encoding");
        sizes.push(response.bytes().await.expect("a body").len());
    }
    println!("{wasm}: brotli {}, gzip {}, plain {}", sizes[0], sizes[1], sizes[2]);
    assert!(sizes[0] < sizes[1] && sizes[1] < sizes[2]);
    assert!(sizes[0] <= 160_000, "{} bytes of wasm after brotli", sizes[0]);
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    let papo = Papo::start().await;
    for encoding in ["br", "gzip", "identity"] {
        let first = get(&papo, "", &[(header::ACCEPT_ENCODING, encoding)]).await;
        let etag = text(first.headers(), &header::ETAG).to_owned();
        let known = [(header::ACCEPT_ENCODING, encoding), (header::IF_NONE_MATCH, &etag)];
        let second = get(&papo, "", &known).await;
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED, "{encoding}");
        assert_eq!(text(second.headers(), &header::ETAG), etag);
        assert_eq!(second.bytes().await.expect("no body").len(), 0);
        let changed = [(header::ACCEPT_ENCODING, encoding), (header::IF_NONE_MATCH, "\"other\"")];
        assert_eq!(get(&papo, "", &changed).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_policy_allows_nothing_inline_but_the_two_scripts_of_the_page() {
    let papo = Papo::start().await;
    let page = get(&papo, "", &[]).await;
    let policy = text(page.headers(), &header::CONTENT_SECURITY_POLICY).to_owned();
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-"),
        "{policy}"
    );
    assert_eq!(policy.matches("'sha256-").count(), 2, "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
}

#[tokio::test]
async fn what_is_not_there_is_404_and_no_way_out_of_the_bundle() {
    let papo = Papo::start().await;
    for path in ["nothing", "..%2f..%2fCargo.toml", "%00", "index.html/x"] {
        assert_eq!(get(&papo, path, &[]).await.status(), StatusCode::NOT_FOUND, "{path}");
    }
    let post = reqwest::Client::new().post(papo.url()).send().await.expect("an answer");
    assert_eq!(post.status(), StatusCode::METHOD_NOT_ALLOWED);
}
