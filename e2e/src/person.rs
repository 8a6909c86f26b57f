//! Somebody at a browser of their own.
//!
//! What they see is asked of the page in CSS selectors, which stand in this file and its folder alone.

use serde_json::json;
use thirtyfour::prelude::*;
use tokio::time::Instant;

use crate::device::Device;
use crate::driver::Driver;
use crate::{PATIENCE, Papo, screenshots, setting};

mod reading;
mod told;
mod window;

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

    /// Types the end of a line and sends it, before the page has had time to draw anything.
    pub async fn says_in_no_time(&self, end: &str) {
        let script = "const box = document.querySelector('#composer textarea'); \
            box.setRangeText(arguments[0], box.selectionStart, box.selectionEnd, 'end'); \
            box.dispatchEvent(new InputEvent('input', {bubbles: true})); \
            box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}))";
        self.browser.execute(script, vec![json!(end)]).await.unwrap();
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
