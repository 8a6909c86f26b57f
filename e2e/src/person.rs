//! Somebody at a browser of their own.
//!
//! What they see is asked of the page in CSS selectors, which stand in this file alone.

use protocol::{GERAL_NAME, Label, Lang, ROOM_PATH};
use serde_json::json;
use thirtyfour::WindowHandle;
use thirtyfour::prelude::*;
use tokio::time::Instant;

use crate::driver::Driver;
use crate::{PATIENCE, Papo, screenshots, setting};

/// What somebody sits at.
#[derive(Clone, Copy, Debug)]
pub struct Device {
    /// Its window, in CSS pixels.
    pub size: (u32, u32),
    /// Whether it is a phone: touched rather than pointed at.
    pub phone: bool,
    /// Whether its owner likes it dark.
    pub dark: bool,
    /// The language of its browser.
    pub lang: &'static str,
}

impl Device {
    /// A desktop computer, light, in Portuguese.
    pub const DESKTOP: Self = Self { size: (1280, 800), phone: false, dark: false, lang: "pt-BR" };
    /// A phone, light, in Portuguese.
    pub const PHONE: Self = Self { size: (390, 844), phone: true, dark: false, lang: "pt-BR" };

    /// The same in the dark.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// The same in English.
    #[must_use]
    pub const fn english(self) -> Self {
        Self { lang: "en-US", ..self }
    }
}

/// Somebody at a browser. The browser ends with the test.
#[derive(Debug)]
pub struct Person {
    /// The browser, for what no helper says.
    pub browser: WebDriver,
    name: String,
    _driver: Driver,
}

impl Person {
    /// Opens the page at a desktop computer, and says who they are.
    pub async fn joins(papo: &Papo, name: &str) -> Self {
        let person = Self::opens(&papo.url(), name, Device::DESKTOP).await;
        person.says_who_they_are().await;
        person
    }

    /// Opens a page at some device.
    pub async fn opens(url: &str, name: &str, device: Device) -> Self {
        let driver = Driver::start();
        let mut capabilities = DesiredCapabilities::chrome();
        capabilities.set_binary(&setting("PAPO_CHROME")).unwrap();
        let (width, height) = device.size;
        for argument in [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            &format!("--window-size={width},{height}"),
            &format!("--lang={}", device.lang),
            &format!("--accept-lang={}", device.lang),
        ] {
            capabilities.add_arg(argument).unwrap();
        }
        let browser = WebDriver::new(format!("http://{}", driver.address()), capabilities).await.unwrap();
        // The browser ends with its driver, also when the test fails: it needs no goodbye of its own.
        browser.clone().leak().unwrap();
        let person = Self { browser, name: name.to_owned(), _driver: driver };
        person.sits_at(device).await;
        person.browser.goto(url).await.unwrap();
        person
    }

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

    /// Their browser lets the page notify them, once they want it to. What it tells is kept for the test.
    pub async fn allows_notifications(&self) {
        let permissions = json!({"permissions": ["notifications"]});
        self.browser.cdp().send_raw("Browser.grantPermissions", permissions).await.unwrap();
        let script = "window.told = []; const its = ServiceWorkerRegistration.prototype, show = its.showNotification; \
            its.showNotification = function (title, options) { \
                window.told.push([title, options.body]); \
                return show.call(this, title, options); \
            }";
        self.browser.execute(script, vec![]).await.unwrap();
    }

    /// The notifications that they have got, each with its title and its words.
    pub async fn notifications(&self) -> Vec<(String, String)> {
        self.browser.execute("return window.told", vec![]).await.unwrap().convert().unwrap()
    }

    /// Waits for a notification, the latest.
    pub async fn is_notified(&self, title: &str, words: &str) {
        self.until(&format!("{words:?} of {title}"), async || {
            let told = self.notifications().await;
            let is_it = told.last().is_some_and(|it| it.0 == title && it.1 == words);
            if is_it { Ok(()) } else { Err(format!("{told:?}")) }
        })
        .await;
    }

    /// Chooses the notification from a room, which the browser hands to the worker of the page.
    pub async fn follows_the_notification(&self, room: &str) {
        let tools = self.browser.cdp();
        let targets = tools.send_raw("Target.getTargets", json!({})).await.unwrap();
        let is_worker = |target: &&serde_json::Value| target["type"] == "service_worker";
        let worker = targets["targetInfos"].as_array().unwrap().iter().find(is_worker).expect("a worker");
        let worker = json!({"targetId": worker["targetId"], "flatten": false});
        let session = tools.send_raw("Target.attachToTarget", worker).await.unwrap()["sessionId"].clone();
        let script = format!(
            "registration.getNotifications({{tag: {}}}).then(([notification]) => \
             dispatchEvent(new NotificationEvent('notificationclick', {{notification}})))",
            json!(format!("{ROOM_PATH}{room}"))
        );
        let message = json!({"id": 1, "method": "Runtime.evaluate", "params": {"expression": script}});
        let message = json!({"sessionId": session, "message": message.to_string()});
        tools.send_raw("Target.sendMessageToTarget", message).await.unwrap();
    }

    /// Listens from now on.
    pub async fn listens(&self) {
        let script = "window.heard = 0; const its = AudioScheduledSourceNode.prototype, start = its.start; \
            its.start = function (...when) { window.heard += 1; return start.apply(this, when); }";
        self.browser.execute(script, vec![]).await.unwrap();
    }

    /// How many sounds they have heard since.
    pub async fn has_heard(&self) -> usize {
        self.browser.execute("return window.heard", vec![]).await.unwrap().convert().unwrap()
    }

    /// Waits until their tab has this title, and the icon of news or the plain one.
    pub async fn sees_the_tab(&self, title: &str, news: bool) {
        self.until(&format!("a tab with {title:?}, {news}"), async || {
            let script = "return [document.title, document.querySelector('link[rel=icon]').href]";
            let tab = self.browser.execute(script, vec![]).await.unwrap();
            let (seen, icon): (String, String) = tab.convert().unwrap();
            let is_it = seen == title && icon.contains("favicon-news") == news;
            if is_it { Ok(()) } else { Err(format!("{seen:?}, {icon}")) }
        })
        .await;
    }

    /// Waits until an element stands in the upper half of what they see of the conversation.
    pub async fn sees_in_the_upper_half(&self, selector: &str) {
        self.until(&format!("{selector} in the upper half"), async || {
            let script = "const list = document.querySelector('#timeline').getBoundingClientRect(); \
                const it = document.querySelector(arguments[0])?.getBoundingClientRect(); \
                return it ? (it.top - list.top) / list.height : null";
            let stands = self.browser.execute(script, vec![json!(selector)]).await.unwrap();
            let stands: Option<f64> = stands.convert().unwrap();
            let is_there = stands.is_some_and(|stands| (0.0..0.5).contains(&stands));
            if is_there { Ok(()) } else { Err(format!("{stands:?}")) }
        })
        .await;
    }

    /// What they are called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Answers the page's question for a name, and waits until it is taken.
    pub async fn says_who_they_are(&self) {
        self.answers_the_question_for_a_name(&self.name).await;
        self.sees_none("#name-form").await;
        self.sees("#connection", &self.name).await;
    }

    /// Answers the page's question for a name, whatever comes of it.
    pub async fn answers_the_question_for_a_name(&self, name: &str) {
        self.is_connected().await;
        let field = self.element("#name-form input").await;
        field.clear().await.unwrap();
        field.send_keys(name).await.unwrap();
        field.send_keys(Key::Enter + "").await.unwrap();
    }

    /// Types into the input box, and leaves it there.
    pub async fn types(&self, text: impl Into<TypingData>) {
        self.element("#composer textarea").await.send_keys(text).await.unwrap();
    }

    /// Types without looking where.
    pub async fn types_where_the_focus_is(&self, text: &str) {
        self.browser.action_chain().send_keys(text).perform().await.unwrap();
    }

    /// Opens the search by its keys, and waits for it.
    pub async fn opens_the_search(&self) {
        let keys = self.browser.action_chain().key_down(Key::Control).send_keys("k").key_up(Key::Control);
        keys.perform().await.unwrap();
        self.element("#search input:focus").await;
    }

    /// Goes down from where the focus is, and chooses what is there.
    pub async fn presses_arrow_down_and_enter(&self) {
        for key in [Key::Down, Key::Enter] {
            self.presses(key).await;
        }
    }

    /// Presses a button in the search.
    pub async fn presses_in_the_search(&self, button: &str) {
        self.until(&format!("the button {button:?}"), async || {
            let script = "const button = [...document.querySelectorAll('#search button')] \
                .find(it => it.innerText === arguments[0]); button?.click(); return !!button";
            let clicked = self.browser.execute(script, vec![json!(button)]).await.unwrap();
            if clicked.convert().unwrap() { Ok(()) } else { Err("none".to_owned()) }
        })
        .await;
    }

    /// Presses the button that connects again at once, if it is still there.
    pub async fn tries_now(&self) {
        if let Ok(button) = self.browser.find(By::Css("#connection button.retry")).await {
            // It may be gone by now, which is what it is for.
            let _ = button.click().await;
        }
    }

    /// Types a line and sends it.
    pub async fn says(&self, line: &str) {
        self.types(line).await;
        self.types(Key::Enter + "").await;
    }

    /// What stands in the input box.
    pub async fn has_typed(&self) -> String {
        self.element("#composer textarea").await.value().await.unwrap().unwrap_or_default()
    }

    /// Pastes into the input box: at once, not letter by letter.
    pub async fn pastes(&self, text: &str) {
        let script = "const box = document.querySelector('#composer textarea'); \
            box.setRangeText(arguments[0], box.selectionStart, box.selectionEnd, 'end'); \
            box.dispatchEvent(new InputEvent('input', {bubbles: true}))";
        self.browser.execute(script, vec![json!(text)]).await.unwrap();
    }

    /// Presses Enter to have their input method take the word that it composes.
    pub async fn presses_enter_while_composing(&self) {
        let script = "const how = {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}; \
            document.querySelector('#composer textarea').dispatchEvent(new KeyboardEvent('keydown', how))";
        self.browser.execute(script, vec![]).await.unwrap();
    }

    /// Waits until the menu above the input box has these in it, in this order, and nothing else.
    pub async fn sees_suggestions(&self, names: &[&str]) {
        self.until(&format!("{names:?} suggested"), async || {
            let seen = self.texts("#completion .name").await;
            if seen == names { Ok(()) } else { Err(format!("{seen:?}")) }
        })
        .await;
    }

    /// Waits until the menu is gone.
    pub async fn sees_no_suggestions(&self) {
        self.sees_none("#completion").await;
    }

    /// Waits until a message of `author` is there; gives how often it is.
    pub async fn sees_message(&self, author: &str, text: &str) -> usize {
        self.sees_row("message", &[author, text]).await
    }

    /// Waits until the list of rooms has one of that name, and goes there.
    pub async fn goes_to(&self, room: &str) {
        self.until(&format!("{room} in the list of rooms"), async || {
            let script = "const link = [...document.querySelectorAll('#rooms a')] \
                .find(it => it.dataset.room === arguments[0]); link?.click(); return !!link";
            let clicked = self.browser.execute(script, vec![json!(room)]).await.unwrap();
            if clicked.convert().unwrap() {
                Ok(())
            } else {
                Err(format!("{:?}", self.texts("#rooms a").await))
            }
        })
        .await;
        self.sees("#connection .room", room).await;
    }

    /// Waits until the list of rooms says so many messages are unread in one.
    pub async fn sees_unread(&self, room: &str, count: usize) {
        self.until(&format!("{count} unread in {room}"), async || {
            let script = "return [...document.querySelectorAll('#rooms a')].map(it => \
                [it.dataset.room, +(it.querySelector('.unread')?.innerText ?? 0)])";
            let rooms = self.browser.execute(script, vec![]).await.unwrap();
            let rooms: Vec<(String, usize)> = rooms.convert().unwrap();
            let seen = rooms.iter().any(|(name, unread)| name == room && *unread == count);
            if seen { Ok(()) } else { Err(format!("{rooms:?}")) }
        })
        .await;
    }

    /// Waits until an answer to a command is there; gives how often it is.
    pub async fn sees_reply(&self, text: &str) -> usize {
        self.sees_row("reply", &[text]).await
    }

    /// Waits until the last line that has no answer says that it waits.
    pub async fn sees_that_it_waits(&self) {
        self.until("a word about waiting", async || {
            let note = self.element(".outbox .row:last-child .note").await;
            if note.is_displayed().await.unwrap() { Ok(()) } else { Err("none".to_owned()) }
        })
        .await;
    }

    /// Waits until a row of this kind has all of these in it; gives how many such rows there are.
    pub async fn sees_row(&self, kind: &str, parts: &[&str]) -> usize {
        self.until(&format!("a {kind} with {parts:?}"), async || {
            let rows = self.rows(kind).await;
            let count = rows.iter().filter(|row| parts.iter().all(|part| row.contains(part))).count();
            if count > 0 { Ok(count) } else { Err(format!("{rows:?}")) }
        })
        .await
    }

    /// Scrolls the conversation to so many pixels from its top, and reads what is there.
    pub async fn reads_at(&self, top_px: u32) {
        let script = "document.querySelector('#timeline').scrollTop = arguments[0]";
        self.browser.execute(script, vec![json!(top_px)]).await.unwrap();
        self.reads_on().await;
    }

    /// Reads what is there.
    pub async fn reads_on(&self) {
        let script = "const list = document.querySelector('#timeline'); \
            const edge = list.getBoundingClientRect().top; \
            const place = row => row.getBoundingClientRect(); \
            const read = [...list.querySelectorAll('.row')].find(row => place(row).bottom > edge); \
            const stood = place(read).top, reading = {moved: 0}; \
            window.reading = reading; \
            const look = () => { \
                if (window.reading !== reading) return; \
                reading.moved = Math.max(reading.moved, Math.abs(place(read).top - stood)); \
            }; \
            new ResizeObserver(look).observe(list.firstElementChild);";
        self.browser.execute(script, vec![]).await.unwrap();
    }

    /// By how many pixels at most what they read has moved, in any frame since in which the list was
    /// another. It is looked at where a frame is painted from: after the layout, and after the page has
    /// been told of it.
    pub async fn has_seen_it_move_px(&self) -> f64 {
        let moved = self.browser.execute("return window.reading.moved", vec![]).await.unwrap();
        moved.convert().unwrap()
    }

    /// Waits until the oldest message that is there is another than this one, and gives it; or until the
    /// beginning is reached.
    pub async fn sees_an_older_one_than(&self, message: &str) -> Option<String> {
        let what = format!("what was said before {message:?}");
        self.until(&what, async || self.older_than(message).await).await
    }

    /// The same, pressing Home where the conversation has the focus. Again and again, as people do: browsers
    /// swallow a key that comes while the one before still scrolls.
    pub async fn presses_home_until_it_sees_an_older_one_than(&self, message: &str) -> Option<String> {
        let timeline = self.element("#timeline").await;
        self.until(&format!("what was said before {message:?}"), async || {
            timeline.send_keys(Key::Home + "").await.unwrap();
            self.older_than(message).await
        })
        .await
    }

    async fn older_than(&self, message: &str) -> Result<Option<String>, String> {
        let script = "return [document.querySelector('.hint').innerText, \
            document.querySelector('.row[data-kind=message] .text')?.innerText ?? '']";
        let seen = self.browser.execute(script, vec![]).await.unwrap();
        let (hint, oldest): (String, String) = seen.convert().unwrap();
        if hint == Label::Beginning.in_lang(Lang::Pt) {
            Ok(None)
        } else if oldest != message {
            Ok(Some(oldest))
        } else {
            Err(format!("{oldest:?}, {hint:?}"))
        }
    }

    /// Scrolls through the conversation from its top to its end, and gives all the messages in it: only those
    /// near what one sees are in the page.
    pub async fn reads_all_of_it(&self) -> Vec<String> {
        let script = "const done = arguments[0], list = document.querySelector('#timeline'), seen = new Map(); \
            const read = () => { \
                for (const block of list.querySelectorAll('.block')) { \
                    const texts = block.querySelectorAll('.row[data-kind=message] .text'); \
                    if (texts.length) seen.set(+block.dataset.block, [...texts].map(it => it.innerText)); \
                } \
                const before = list.scrollTop; \
                list.scrollTop += list.clientHeight / 2; \
                if (list.scrollTop > before) requestAnimationFrame(() => requestAnimationFrame(read)); \
                else done([...seen].sort(([one], [other]) => one - other).flatMap(([, texts]) => texts)); \
            }; \
            list.scrollTop = 0; \
            requestAnimationFrame(() => requestAnimationFrame(read))";
        self.browser.execute_async(script, vec![]).await.unwrap().convert().unwrap()
    }

    /// Scrolls by so many pixels, so often, and says by how much at most a row went elsewhere than that far; none
    /// where something else than rows was seen meanwhile.
    pub async fn scrolls_by(&self, step_px: i32, times: usize) -> Option<f64> {
        let script = "const [step, times, done] = arguments, list = document.querySelector('#timeline'); \
            const {left, top, width, height} = list.getBoundingClientRect(); \
            const at = part => document.elementFromPoint(left + width / 2, top + height * part)?.closest('.block, .column > *'); \
            const row = () => [...list.querySelectorAll('.row')].find(it => it.getBoundingClientRect().top > top + height / 2); \
            let worst = 0, left_over = times; \
            const next = () => { \
                const read = row(), stood = read?.getBoundingClientRect().top, was = list.scrollTop; \
                if (!left_over-- || !read || was + step < 0) return done(worst); \
                list.scrollTop += step; \
                requestAnimationFrame(() => requestAnimationFrame(() => { \
                    if (!read.isConnected || [0.1, 0.5, 0.9].some(part => !at(part)?.childElementCount)) return done(null); \
                    worst = Math.max(worst, Math.abs(stood - step - read.getBoundingClientRect().top)); \
                    setTimeout(next); \
                })); \
            }; \
            setTimeout(next)";
        let moved = self.browser.execute_async(script, vec![json!(step_px), json!(times)]).await.unwrap();
        moved.convert().unwrap()
    }

    /// From now on, what changes in the conversation is noted: each time one or more changes, each with the row in
    /// which it is, or what it is, and whether screen readers are told.
    pub async fn watches_the_conversation(&self) {
        let script = "const tell = node => { \
                const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement; \
                const live = element.closest('[aria-live]')?.ariaLive ?? 'off'; \
                return [(element.closest('.row') ?? element).innerText ?? '', live]; \
            }; \
            window.watched?.disconnect(); \
            window.changes = []; \
            window.watched = new MutationObserver(all => window.changes.push(all.flatMap(({type, target, addedNodes}) => \
                type === 'childList' ? [...addedNodes].map(tell) : [tell(target)]))); \
            window.watched.observe(document.querySelector('#timeline'), \
                {childList: true, attributes: true, characterData: true, subtree: true})";
        self.browser.execute(script, vec![]).await.unwrap();
    }

    /// What has changed in it since.
    pub async fn has_seen_changes(&self) -> Vec<Vec<(String, String)>> {
        self.browser.execute("return window.changes", vec![]).await.unwrap().convert().unwrap()
    }

    /// How many rows are in the page.
    pub async fn rows_in_the_page(&self) -> usize {
        let script = "return document.querySelectorAll('.row').length";
        self.browser.execute(script, vec![]).await.unwrap().convert().unwrap()
    }

    /// What was said, as far as it is near what they see, in order.
    pub async fn messages(&self) -> Vec<String> {
        self.texts(".row[data-kind=message] .text").await
    }

    /// The texts of all rows of a kind, in order.
    pub async fn rows(&self, kind: &str) -> Vec<String> {
        self.texts(&format!(".row[data-kind={kind}]")).await
    }

    /// The texts of all elements that a selector finds.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(it => it.innerText)";
        let texts = self.browser.execute(script, vec![json!(selector)]).await.unwrap();
        texts.convert().unwrap()
    }

    /// Waits until these are listed as in the room, and nobody else.
    pub async fn sees_people(&self, people: &[&str]) {
        self.until(&format!("{people:?} in the room"), async || {
            let seen = self.texts("#people :is(.name, .others)").await;
            if seen == people { Ok(()) } else { Err(format!("{seen:?}")) }
        })
        .await;
    }

    /// Waits until the connection bar says that all is well.
    pub async fn is_connected(&self) {
        self.sees_connection("connected").await;
    }

    /// Waits until the connection bar is in this state.
    pub async fn sees_connection(&self, state: &str) {
        self.element(&format!("#connection[data-state={state}]")).await;
    }

    /// Waits until an element that a selector finds has this text in it.
    pub async fn sees(&self, selector: &str, text: &str) {
        self.until(&format!("{text:?} in {selector}"), async || {
            let texts = self.texts(selector).await;
            if texts.iter().any(|it| it.contains(text)) { Ok(()) } else { Err(format!("{texts:?}")) }
        })
        .await;
    }

    /// Waits until a selector finds nothing.
    pub async fn sees_none(&self, selector: &str) {
        self.until(&format!("no {selector}"), async || {
            let texts = self.texts(selector).await;
            if texts.is_empty() { Ok(()) } else { Err(format!("{texts:?}")) }
        })
        .await;
    }

    /// The first element that a selector finds, waited for.
    pub async fn element(&self, selector: &str) -> WebElement {
        self.until(selector, async || {
            self.browser.find(By::Css(selector)).await.map_err(|_| "nothing".to_owned())
        })
        .await
    }

    /// Whether nothing sticks out of the window, the input box is in it, and the bar keeps to two lines.
    pub async fn sees_all_of_it(&self) -> bool {
        let fits = "const root = document.scrollingElement; \
            const box = document.querySelector('#composer, #name-form').getBoundingClientRect(); \
            const bar = document.querySelector('#connection').getBoundingClientRect(); \
            const list = document.querySelector('.rooms'); \
            const menu = document.querySelector('#completion')?.getBoundingClientRect(); \
            return root.scrollWidth <= innerWidth && box.bottom <= innerHeight + 1 && box.top >= 0 \
                && bar.height <= 56 && (!list || list.offsetWidth > 200) \
                && (!menu || menu.top >= bar.bottom && menu.bottom <= box.top + 1)";
        self.browser.execute(fits, vec![]).await.unwrap().convert().unwrap()
    }

    /// Clicks the first element that a selector finds.
    pub async fn clicks(&self, selector: &str) {
        self.element(selector).await.click().await.unwrap();
    }

    /// Presses the button of those that a selector finds that is called so.
    pub async fn presses_button(&self, selector: &str, name: &str) {
        let script = "return [...document.querySelectorAll(arguments[0])] \
            .find(it => [it.innerText, it.ariaLabel].includes(arguments[1]))";
        let arguments = vec![json!(selector), json!(name)];
        self.until(&format!("a button {name}"), async || {
            let button = self.browser.execute(script, arguments.clone()).await.unwrap();
            let button = button.element().map_err(|_| "none".to_owned())?;
            button.click().await.map_err(|error| error.to_string())
        })
        .await;
    }

    /// Does something with the message of that text, by the button of that name.
    pub async fn does_with(&self, text: &str, button: &str) {
        let script = "return [...document.querySelectorAll('.row[data-kind=message]')] \
            .find(row => row.querySelector('.text').innerText === arguments[0])?.querySelector('.more')";
        self.until(&format!("a message {text}"), async || {
            let more = self.browser.execute(script, vec![json!(text)]).await.unwrap();
            let more = more.element().map_err(|_| "none".to_owned())?;
            // On a touch screen the row has to have the focus first.
            self.browser.execute("arguments[0].focus()", vec![more.to_json().unwrap()]).await.unwrap();
            more.click().await.map_err(|error| error.to_string())
        })
        .await;
        self.presses_button(".toolbar button", button).await;
    }

    /// Goes from the box back to the last message, and opens what can be done with it, by keys alone.
    pub async fn opens_what_can_be_done_by_keyboard(&self) {
        let chain = self.browser.action_chain().key_down(Key::Shift).send_keys(Key::Tab).key_up(Key::Shift);
        chain.send_keys(Key::Enter).perform().await.unwrap();
    }

    /// Presses a key, wherever the focus is.
    pub async fn presses(&self, key: Key) {
        self.browser.action_chain().send_keys(key).perform().await.unwrap();
    }

    /// Has axe look at the page as it is, and fails with what it finds.
    pub async fn is_shut_out_by_nothing(&self) {
        let axe = std::fs::read_to_string(setting("PAPO_AXE")).unwrap();
        self.browser.execute(&format!("window.axe ?? (() => {{ {axe} }})()"), vec![]).await.unwrap();
        let script = "const done = arguments[0]; axe.run({resultTypes: ['violations']}).then(it => done( \
            it.violations.map(fault => [fault.id, ...fault.nodes.map(node => node.target + ': ' + \
                [...node.any, ...node.all, ...node.none].map(check => check.message))].join('\\n  '))), \
            error => done([String(error)]))";
        let faults = self.browser.execute_async(script, vec![]).await.unwrap();
        let faults: Vec<String> = faults.convert().unwrap();
        assert!(faults.is_empty(), "axe finds for {}: {}", self.name, faults.join("\n"));
    }

    /// Opens the drawer of rooms, on a phone.
    pub async fn opens_the_rooms(&self) {
        self.element("#connection [popovertarget=rooms]").await.click().await.unwrap();
        self.element("#rooms:popover-open").await;
    }

    /// Opens the drawer of people, likewise.
    pub async fn opens_the_people(&self) {
        self.element("#connection [popovertarget=people]").await.click().await.unwrap();
        self.element("#people:popover-open").await;
    }

    /// Opens the menu of the bar.
    pub async fn opens_the_menu(&self) {
        self.element("#connection .menu").await.click().await.unwrap();
        self.element("#menu:popover-open").await;
    }

    /// Chooses in the menu of the bar: a language, a theme.
    pub async fn chooses(&self, of: &str, value: &str) {
        self.element(&format!("#menu [name={of}][value={value}]")).await.click().await.unwrap();
    }

    /// Leaves a picture of the window in `target/screenshots`.
    pub async fn takes_a_picture(&self, name: &str) {
        self.browser.screenshot(&screenshots().join(format!("{name}.png"))).await.unwrap();
    }

    /// Looks again and again until there is what is looked for, and fails with what was there instead.
    async fn until<T>(&self, what: &str, look: impl AsyncFn() -> Result<T, String>) -> T {
        let start = Instant::now();
        loop {
            match look().await {
                Ok(found) => return found,
                Err(instead) if start.elapsed() > PATIENCE => {
                    panic!("{} waited for {what}, and saw {instead}", self.name)
                }
                // Each look is a question to the browser, which is pause enough.
                Err(_) => {}
            }
        }
    }
}
