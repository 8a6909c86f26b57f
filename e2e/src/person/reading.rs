//! How somebody reads the conversation: scrolls, goes back, sees whether it moves.

use protocol::{Label, Lang};
use serde_json::json;
use thirtyfour::prelude::*;

use super::Person;

impl Person {
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
}
