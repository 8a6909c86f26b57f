//! Whether the page is connected, and when it tries again.
//!
//! Owns the states and the moves between them. Must not know sockets, clocks or randomness: the time
//! (`now_ms`, in milliseconds since 1970) and a random number (`chance`, from 0 up to 1) come in as
//! arguments.

use protocol::close;

/// How long a try may take, up to the server's welcome. A tunnel swallows packets without a word, and
/// a browser would wait for minutes.
const CONNECT_WAIT_MS: i64 = 10_000;
/// The shortest wait before a try.
const BACKOFF_MS_MIN: i64 = 500;
/// The longest wait before the first try again; it doubles with each try that fails.
const BACKOFF_MS_FIRST: i64 = 2_000;
/// The longest wait before any try: a person who sees the bar waits this long, not longer.
const BACKOFF_MS_MAX: i64 = 20_000;

/// Where the connection stands. `attempt` counts the tries since it was last up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connection {
    /// A socket was opened, and the server has not said welcome yet. Given up at `until_ms`.
    Connecting {
        /// Which try this is; 0 is the page's first.
        attempt: u32,
        /// When this try counts as failed.
        until_ms: i64,
    },
    /// The server said welcome.
    Connected,
    /// The connection went. The next try is at `until_ms`.
    Waiting {
        /// Which try is waited for.
        attempt: u32,
        /// When it is.
        until_ms: i64,
    },
    /// It is over until the reader does something about it.
    Ended(Ending),
}

/// Why a connection is not tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Page and server don't understand each other: the page has to be loaded again.
    Outdated,
    /// The reader said goodbye.
    Left,
}

impl Connection {
    /// The page's first try.
    #[must_use]
    pub fn first(now_ms: i64) -> Self {
        Self::Connecting { attempt: 0, until_ms: now_ms + CONNECT_WAIT_MS }
    }

    /// Whether there should be a socket.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Connecting { .. } | Self::Connected)
    }

    /// The server said welcome.
    #[must_use]
    pub fn welcomed(self) -> Self {
        if self.is_open() { Self::Connected } else { self }
    }

    /// The connection went, or had to be given up. Waits for a random part of a time that doubles, so
    /// that a server that restarts is not met by everybody in the same moment ("full jitter").
    #[must_use]
    pub fn lost(self, now_ms: i64, chance: f64) -> Self {
        let attempt = match self {
            Self::Connecting { attempt, .. } => attempt.saturating_add(1),
            Self::Connected => 1,
            Self::Waiting { .. } | Self::Ended(_) => return self,
        };
        let doublings = (attempt - 1).min(BACKOFF_MS_MAX.ilog2());
        let longest = BACKOFF_MS_MAX.min(BACKOFF_MS_FIRST << doublings);
        let part = (longest - BACKOFF_MS_MIN) as f64 * chance;
        Self::Waiting { attempt, until_ms: now_ms + BACKOFF_MS_MIN + part as i64 }
    }

    /// The server closed the socket with a code of [`close`], or the network did with some other.
    #[must_use]
    pub fn closed(self, code: u16, now_ms: i64, chance: f64) -> Self {
        match code {
            close::OTHER_VERSION | close::NOT_UNDERSTOOD => Self::Ended(Ending::Outdated),
            _ => self.lost(now_ms, chance),
        }
    }

    /// The reader wants to be connected now.
    #[must_use]
    pub fn retried(self, now_ms: i64) -> Self {
        let until_ms = now_ms + CONNECT_WAIT_MS;
        match self {
            Self::Waiting { attempt, .. } => Self::Connecting { attempt, until_ms },
            Self::Ended(Ending::Left) => Self::first(now_ms),
            other => other,
        }
    }

    /// Something suggests that a try would work now: the network is back, the page is looked at.
    #[must_use]
    pub fn encouraged(self, now_ms: i64) -> Self {
        if matches!(self, Self::Waiting { .. }) { self.retried(now_ms) } else { self }
    }

    /// Time has passed.
    #[must_use]
    pub fn ticked(self, now_ms: i64, chance: f64) -> Self {
        match self {
            Self::Connecting { until_ms, .. } if now_ms >= until_ms => self.lost(now_ms, chance),
            Self::Waiting { until_ms, .. } if now_ms >= until_ms => self.retried(now_ms),
            other => other,
        }
    }

    /// The seconds until the next try, as a countdown shows them: never 0.
    #[must_use]
    pub fn seconds_left(self, now_ms: i64) -> Option<u64> {
        match self {
            Self::Waiting { until_ms, .. } => Some((until_ms - now_ms).max(1).unsigned_abs().div_ceil(1000)),
            _ => None,
        }
    }

    /// In how many milliseconds [`Connection::ticked`] or [`Connection::seconds_left`] has news.
    #[must_use]
    pub fn next_tick_ms(self, now_ms: i64) -> Option<u32> {
        let left_ms = match self {
            Self::Connecting { until_ms, .. } => until_ms - now_ms,
            // The number shown changes when a whole second is left.
            Self::Waiting { until_ms, .. } => (until_ms - now_ms - 1).rem_euclid(1000) + 1,
            Self::Connected | Self::Ended(_) => return None,
        };
        u32::try_from(left_ms.max(1)).ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW_MS: i64 = 1_409_400_000_000;

    fn wait_ms(connection: Connection) -> i64 {
        match connection {
            Connection::Waiting { until_ms, .. } => until_ms - NOW_MS,
            other => panic!("{other:?} does not wait"),
        }
    }

    #[test]
    fn the_longest_wait_doubles_up_to_20_seconds() {
        let mut connection = Connection::Connected;
        let longest_ms: Vec<_> = (0..6)
            .map(|_| {
                let waiting = connection.lost(NOW_MS, 1.0);
                connection = waiting.retried(NOW_MS);
                wait_ms(waiting)
            })
            .collect();
        assert_eq!(longest_ms, [2_000, 4_000, 8_000, 16_000, 20_000, 20_000]);
    }

    #[test]
    fn a_welcome_begins_the_waits_afresh() {
        let tired = Connection::Connecting { attempt: 9, until_ms: 0 };
        assert_eq!(wait_ms(tired.welcomed().lost(NOW_MS, 1.0)), 2_000);
    }

    #[test]
    fn one_failure_that_is_told_twice_counts_once() {
        let once = Connection::Connected.lost(NOW_MS, 0.5);
        assert_eq!(once.closed(1006, NOW_MS + 1, 0.9), once);
    }

    #[test]
    fn a_try_that_gets_no_answer_is_given_up() {
        let connecting = Connection::first(NOW_MS);
        assert_eq!(connecting.ticked(NOW_MS + 9_999, 0.0), connecting);
        assert!(matches!(connecting.ticked(NOW_MS + 10_000, 0.0), Connection::Waiting { attempt: 1, .. }));
    }

    #[test]
    fn the_countdown_runs_to_1_and_then_it_tries() {
        let waiting = Connection::Connected.lost(NOW_MS, 1.0);
        let mut now_ms = NOW_MS;
        let mut shown = Vec::new();
        while let Some(seconds) = waiting.ticked(now_ms, 0.0).seconds_left(now_ms) {
            shown.push(seconds);
            now_ms += i64::from(waiting.next_tick_ms(now_ms).unwrap());
        }
        assert_eq!(shown, [2, 1]);
        assert!(matches!(waiting.ticked(now_ms, 0.0), Connection::Connecting { attempt: 1, .. }));
    }

    #[test]
    fn now_means_now_and_good_news_too() {
        let waiting = Connection::Connected.lost(NOW_MS, 1.0);
        assert!(matches!(waiting.retried(NOW_MS), Connection::Connecting { .. }));
        assert!(matches!(waiting.encouraged(NOW_MS), Connection::Connecting { .. }));
        assert_eq!(Connection::Connected.encouraged(NOW_MS), Connection::Connected);
    }

    #[test]
    fn a_page_of_another_version_does_not_try_again() {
        for code in [close::OTHER_VERSION, close::NOT_UNDERSTOOD] {
            let ended = Connection::first(NOW_MS).closed(code, NOW_MS, 0.5);
            assert_eq!(ended, Connection::Ended(Ending::Outdated));
            assert_eq!(ended.retried(NOW_MS), ended);
            assert_eq!(ended.encouraged(NOW_MS), ended);
        }
    }

    #[test]
    fn who_left_comes_back_only_by_asking() {
        let left = Connection::Ended(Ending::Left);
        assert_eq!(left.encouraged(NOW_MS), left);
        assert_eq!(left.lost(NOW_MS, 0.5), left);
        assert_eq!(left.retried(NOW_MS), Connection::first(NOW_MS));
    }

    proptest! {
        #[test]
        fn every_wait_is_between_half_a_second_and_20(attempt: u32, chance in 0.0..1.0) {
            let connecting = Connection::Connecting { attempt, until_ms: NOW_MS };
            prop_assert!((500..=20_000).contains(&wait_ms(connecting.lost(NOW_MS, chance))));
        }
    }
}
