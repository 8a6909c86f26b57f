//! What somebody does with the browser's windows and the network, the page aside: other devices, rooms by their address,
//! a reload, a second window, no network.

use protocol::{GERAL_NAME, ROOM_PATH};
use serde_json::json;
use thirtyfour::WindowHandle;

use super::Person;
use crate::Papo;
use crate::device::Device;

impl Person {
    /// Goes on at another device, or the same with a keyboard over half of it.
    pub async fn sits_at(&self, device: Device) {
        let tools = self.browser.cdp();
        let (width, height) = device.size;
        let metrics = json!({"width": width, "height": height, "mobile": device.phone,
            "deviceScaleFactor": if device.phone { 2 } else { 1 }});
        tools.send_raw("Emulation.setDeviceMetricsOverride", metrics).await.unwrap();
        let touch = json!({"enabled": device.phone});
        tools.send_raw("Emulation.setTouchEmulationEnabled", touch).await.unwrap();
        let scheme = if device.dark { "dark" } else { "light" };
        let media = json!({"features": [{"name": "prefers-color-scheme", "value": scheme}]});
        tools.send_raw("Emulation.setEmulatedMedia", media).await.unwrap();
    }

    /// Loads the page again. Where the server is gone, what they see then is what their browser has kept.
    pub async fn reloads(&self, papo: &Papo) {
        // Told as an error when there is no server.
        let _ = self.browser.goto(papo.url()).await;
    }

    /// Closes the page, as the tab that one goes on in: their browser keeps what it keeps.
    pub async fn closes_the_page(&self) {
        self.browser.goto("about:blank").await.unwrap();
    }

    /// Opens the page of a room by its address, and waits until they are in.
    pub async fn opens_the_room(&self, papo: &Papo, room: &str) {
        self.browser.goto(format!("http://{}{ROOM_PATH}{room}", papo.address())).await.unwrap();
        self.is_in(room).await;
    }

    /// Opens the page of a room by its address, whatever comes of it.
    pub async fn opens_the_room_as_it_is(&self, papo: &Papo, room: &str) {
        self.browser.goto(format!("http://{}{ROOM_PATH}{room}", papo.address())).await.unwrap();
    }

    /// Waits until they are in a room, by the page's word and by its address.
    pub async fn is_in(&self, room: &str) {
        self.is_connected().await;
        self.sees("#connection .room", room).await;
        let address = self.browser.current_url().await.unwrap();
        let is_geral = room == GERAL_NAME && address.path() == "/";
        assert!(is_geral || address.path() == format!("{ROOM_PATH}{room}"), "{address}");
    }

    /// Loads the page again, wherever it is.
    pub async fn refreshes(&self) {
        // Told as an error when there is no server.
        let _ = self.browser.refresh().await;
    }

    /// Presses the browser's back button.
    pub async fn goes_back(&self) {
        self.browser.back().await.unwrap();
    }

    /// Opens the page in another window of the same browser, and looks at that one. Says which they
    /// looked at before.
    pub async fn opens_another_window(&self, papo: &Papo) -> WindowHandle {
        let before = self.browser.window().await.unwrap();
        let another = self.browser.new_tab().await.unwrap();
        self.looks_at(&another).await;
        self.reloads(papo).await;
        before
    }

    /// Looks at another window.
    pub async fn looks_at(&self, window: &WindowHandle) {
        self.browser.switch_to_window(window.clone()).await.unwrap();
    }

    /// From now on, windows of this browser that load the page get no WebSocket; or they do again.
    pub async fn has_sockets(&self, some: bool) {
        let script =
            if some { "localStorage.removeItem('no-sockets')" } else { "localStorage['no-sockets'] = 1" };
        self.browser.execute(script, vec![]).await.unwrap();
        let break_them =
            "if (localStorage['no-sockets']) { WebSocket = class { constructor() { throw new Error() } } }";
        let source = json!({"source": break_them});
        self.browser.cdp().send_raw("Page.addScriptToEvaluateOnNewDocument", source).await.unwrap();
    }

    /// Their device tells the page that there is no network.
    pub async fn is_told_of_no_network(&self) {
        self.browser.execute("dispatchEvent(new Event('offline'))", vec![]).await.unwrap();
    }

    /// Goes to another window, which hides this one from their eyes and not from a test's; or comes back.
    pub async fn looks_elsewhere(&self, elsewhere: bool) {
        let script = "Object.defineProperty(document, 'hidden', {configurable: true, value: arguments[0]}); \
            document.dispatchEvent(new Event('visibilitychange'))";
        self.browser.execute(script, vec![json!(elsewhere)]).await.unwrap();
    }

    /// Waits until their browser would open the page without a network, too.
    pub async fn can_open_it_offline(&self) {
        self.until("a worker for the page", async || {
            let script = "return navigator.serviceWorker.controller?.state ?? 'none'";
            let state = self.browser.execute(script, vec![]).await.unwrap();
            let state: String = state.convert().unwrap();
            if state == "activated" { Ok(()) } else { Err(state) }
        })
        .await;
    }

    /// Waits until what their browser keeps of the page is what the server has now, and nothing else.
    pub async fn has_kept_only_what_the_page_names(&self) {
        self.until("the page of now, and its files", async || {
            let script = "const done = arguments[0]; (async () => { \
                const kept = await caches.open('papo'); \
                const old = await (await kept.match('/')).text(), now = await (await fetch('/')).text(); \
                const names = (await kept.keys()).map(it => new URL(it.url).pathname); \
                const strange = names.filter(it => it !== '/' && !now.includes(it) && !/news/.test(it)); \
                const hashed = names.filter(it => /-[0-9a-f]{10,}[._]/.test(it)); \
                done(old !== now ? 'another page' : hashed.length < 3 || strange.length ? names.join() : ''); \
                })()";
            let found = self.browser.execute_async(script, vec![]).await.unwrap();
            let found: String = found.convert().unwrap();
            if found.is_empty() { Ok(()) } else { Err(found) }
        })
        .await;
    }
}
