//! What becomes of what is said, where no store is: it is the next event of its log. A change is taken to be about
//! the first message where it does not say about which.

use chat::{Change, Changed, Event, Said, What};
use protocol::{Message, Seq};

pub(crate) fn stored(seq: Seq, said: Said) -> Event {
    let Said { log, at_ms, by, person, author, what, id } = said;
    let (about, text, changed) = match what {
        What::Message { text, .. } => {
            let message = Message::new(seq, at_ms, author, text, id);
            return Event { seq, log, by, person, change: None, message };
        }
        What::Edit(about, text) => (about, text, Changed::Edited),
        What::Delete(about) => (about, String::new(), Changed::Deleted),
        What::React(about, emoji) => (about, "oi".to_owned(), Changed::Reacted(emoji)),
    };
    let message = Message::new(about.unwrap_or(1), at_ms, author.clone(), text, None);
    Event { seq, log, by, person, change: Some(Change { author, id, what: changed }), message }
}
