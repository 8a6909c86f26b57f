//! What somebody is told while they look elsewhere: notifications, sounds, the tab.

use protocol::ROOM_PATH;
use serde_json::json;

use super::Person;

impl Person {
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
}
