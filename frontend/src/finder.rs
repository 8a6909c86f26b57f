//! What the reader looks for in what was said, what was found, and the place in a conversation that a find
//! leads to.
//!
//! Owns the questions to the server about it: one at a time, the latest. A place is a part of a log without
//! gaps, beside the end of it that `span` has: neither knows the other. Must not know how it looks.

use protocol::limits::PAGE_EVENTS;
use protocol::{ClientFrame, Cursor, Hit, Message, RoomName, Search, Seq};

/// Messages around a find that the page keeps; beyond them it lets go of those at the far end.
pub const PLACE_MESSAGES_MAX: usize = 500;
/// Finds that the page shows: who has not found it among so many looks for something else.
pub const HITS_MAX: usize = 500;

/// The search, as far as the page has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Finder {
    open: bool,
    search: Search,
    answered: bool,
    hits: Vec<Hit>,
    more: Option<u64>,
    place: Option<Place>,
    /// What was asked and has no answer yet, and whether this session was sent it.
    asked: Option<(ClientFrame, bool)>,
}

/// A place in a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The room's name for the reader.
    pub room: RoomName,
    /// The message to which the find leads.
    pub found: Cursor,
    /// Those around it, oldest first, without gaps: all that were said after the event `from`.
    pub messages: Vec<Message>,
    from: Seq,
    /// Whether there may be newer ones.
    pub goes_on: bool,
}

impl Place {
    /// Whether there are older messages than those it has.
    #[must_use]
    pub fn has_past(&self) -> bool {
        !self.messages.is_empty() && self.from > 0
    }

    /// Takes in what was said after a position, where it joins on to what there is.
    fn join(&mut self, after: Seq, page: Vec<Message>) {
        match self.messages.last().map(|last| last.seq) {
            Some(last) if last != after => {
                let from = std::mem::replace(&mut self.from, after);
                self.messages.splice(0..0, page.into_iter().filter(|it| it.seq <= from));
                self.goes_on |= self.messages.len() > PLACE_MESSAGES_MAX;
                self.messages.truncate(PLACE_MESSAGES_MAX);
            }
            last => {
                self.from = if last.is_none() { after } else { self.from };
                self.goes_on = page.len() as u64 == PAGE_EVENTS;
                self.messages.extend(page);
                let over = self.messages.len().saturating_sub(PLACE_MESSAGES_MAX);
                if let Some(forgotten) = self.messages.drain(..over).next_back() {
                    self.from = forgotten.seq;
                }
            }
        }
    }
}

impl Finder {
    /// Whether the reader has the search before their eyes.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// What is looked for.
    #[must_use]
    pub fn search(&self) -> &Search {
        &self.search
    }

    /// Whether all that was asked is answered, and something was.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.answered && self.asked.is_none()
    }

    /// What was found, the latest first.
    #[must_use]
    pub fn hits(&self) -> &[Hit] {
        &self.hits
    }

    /// Whether there may be older finds to be asked for.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.more.is_some() && self.hits.len() < HITS_MAX
    }

    /// The place that the reader looks at, once the page has it.
    #[must_use]
    pub fn place(&self) -> Option<&Place> {
        self.place.as_ref().filter(|place| !place.messages.is_empty())
    }

    /// The reader wants to search, for these words where there are any.
    pub fn open(&mut self, words: Option<String>) {
        self.open = true;
        self.place = None;
        if let Some(words) = words {
            self.ask(Search { words, ..Search::default() });
        }
    }

    /// The reader is done with it. What was found is still there when they come back.
    pub fn close(&mut self) {
        self.open = false;
        self.place = None;
        self.asked = None;
    }

    /// The reader looks for something else.
    pub fn ask(&mut self, search: Search) {
        let nothing = search.words.trim().is_empty() && search.author.is_none();
        self.search = search;
        self.place = None;
        if nothing && self.search.since_ms.is_none() && self.search.until_ms.is_none() {
            (self.hits, self.more, self.asked, self.answered) = (Vec::new(), None, None, false);
        } else {
            self.want(ClientFrame::Search(self.search.clone()));
        }
    }

    /// The reader wants older finds.
    pub fn ask_more(&mut self) {
        if self.has_more() {
            self.want(ClientFrame::Search(Search { before: self.more, ..self.search.clone() }));
        }
    }

    /// The reader wants to see where something that was found was said: half a page before, and after.
    pub fn go_to(&mut self, hit: usize) {
        let Some(hit) = self.hits.get(hit) else { return };
        let (room, found) = (hit.room.clone(), Cursor { epoch: hit.epoch, seq: hit.message.seq });
        self.show(room, found);
    }

    /// The reader wants to see a message where it was said.
    pub fn show(&mut self, room: RoomName, found: Cursor) {
        self.open = true;
        self.place = Some(Place { room, found, messages: Vec::new(), from: 0, goes_on: true });
        self.want_after(found.seq.saturating_sub(PAGE_EVENTS / 2 + 1));
    }

    /// The reader wants to see what was said before the place.
    pub fn look_back(&mut self) {
        if let Some(place) = self.place.as_ref().filter(|place| place.has_past()) {
            // No more events than a page has messages, so that they join on.
            self.want_after(place.from.saturating_sub(PAGE_EVENTS));
        }
    }

    /// The reader wants to see what was said after the place.
    pub fn look_on(&mut self) {
        if let Some(last) = self.place.as_ref().and_then(|place| place.messages.last()) {
            self.want_after(last.seq);
        }
    }

    /// The reader goes back to what was found.
    pub fn leave_place(&mut self) {
        self.place = None;
    }

    fn want_after(&mut self, seq: Seq) {
        if let Some(place) = &self.place {
            let epoch = place.found.epoch;
            self.want(ClientFrame::Passage { cursor: Cursor { epoch, seq } });
        }
    }

    fn want(&mut self, frame: ClientFrame) {
        if self.asked.as_ref().is_none_or(|(asked, _)| *asked != frame) {
            self.asked = Some((frame, false));
        }
    }

    /// A new session has been asked nothing.
    pub(crate) fn begin_session(&mut self) {
        if let Some((_, sent)) = &mut self.asked {
            *sent = false;
        }
    }

    /// What this session is to be asked now; it was, then.
    pub(crate) fn unsent(&self) -> Option<&ClientFrame> {
        self.asked.as_ref().filter(|(_, sent)| !sent).map(|(frame, _)| frame)
    }

    /// It was asked that.
    pub(crate) fn note_sent(&mut self) {
        if let Some((_, sent)) = &mut self.asked {
            *sent = true;
        }
    }

    /// Takes in the answer to a search.
    pub(crate) fn found(&mut self, search: Search, hits: Vec<Hit>, more: Option<u64>) {
        let goes_on = search.before.is_some();
        if self.settles(&ClientFrame::Search(search)) {
            if !goes_on {
                self.hits.clear();
            }
            self.hits.extend(hits);
            self.more = more;
            self.answered = true;
        }
    }

    /// Takes in what was said after a position.
    pub(crate) fn passage(&mut self, cursor: Cursor, messages: Vec<Message>) {
        if self.settles(&ClientFrame::Passage { cursor })
            && let Some(place) = &mut self.place
        {
            place.join(cursor.seq, messages);
        }
    }

    /// Whether that is what was asked last; it is no longer, then.
    fn settles(&mut self, frame: &ClientFrame) -> bool {
        self.asked.take_if(|(asked, _)| asked == frame).is_some()
    }
}

/// The part of a text in which its first mark stands, cut into what is marked and what is not. `marks` are
/// ranges of its characters, in order.
#[must_use]
pub fn excerpt(text: &str, marks: &[(usize, usize)]) -> Vec<(String, bool)> {
    /// Characters before the first mark, and in all: some lines on a phone.
    const BEFORE: usize = 40;
    const ALL: usize = 240;
    let chars: Vec<_> = text.chars().collect();
    let start = marks.first().map_or(0, |first| first.0.saturating_sub(BEFORE)).min(chars.len());
    let end = chars.len().min(start + ALL);
    let mut parts = Vec::new();
    let mut put = |from: usize, to: usize, marked| {
        if from < to {
            parts.push((chars[from..to].iter().collect::<String>(), marked));
        }
    };
    let mut at = start;
    for &(from, to) in marks {
        let (from, to) = (from.clamp(at, end), to.clamp(at, end));
        put(at, from, false);
        put(from, to, true);
        at = to.max(from);
    }
    put(at, end, false);
    if let Some((first, _)) = parts.first_mut().filter(|_| start > 0) {
        first.insert(0, '…');
    }
    if let Some((last, _)) = parts.last_mut().filter(|_| end < chars.len()) {
        last.push('…');
    }
    parts
}

#[cfg(test)]
mod tests {
    use protocol::{Epoch, Name};

    use super::*;

    fn message(seq: Seq) -> Message {
        let author = Name::parse("Ana").expect("a name");
        Message::new(seq, 0, author, "oi".to_owned(), None)
    }

    fn messages(numbers: std::ops::RangeInclusive<Seq>) -> Vec<Message> {
        numbers.map(message).collect()
    }

    fn at(seq: Seq) -> Cursor {
        Cursor { epoch: Epoch(7), seq }
    }

    fn asks(words: &str) -> Search {
        Search { words: words.to_owned(), ..Search::default() }
    }

    fn hit(seq: Seq) -> Hit {
        Hit { room: RoomName::geral(), epoch: Epoch(7), message: message(seq), marks: vec![(0, 2)] }
    }

    fn sent(finder: &mut Finder) -> Option<ClientFrame> {
        let frame = finder.unsent().cloned();
        finder.note_sent();
        frame
    }

    fn numbers(finder: &Finder) -> Vec<Seq> {
        finder.place().expect("a place").messages.iter().map(|message| message.seq).collect()
    }

    #[test]
    fn only_the_answer_to_the_latest_question_counts_and_one_without_is_asked_again() {
        let mut finder = Finder::default();
        finder.open(Some("o".to_owned()));
        assert_eq!(sent(&mut finder), Some(ClientFrame::Search(asks("o"))));
        assert_eq!(sent(&mut finder), None);
        finder.ask(asks("oi"));
        finder.found(asks("o"), vec![hit(1)], None);
        assert_eq!(finder.hits(), []);
        assert_eq!(sent(&mut finder), Some(ClientFrame::Search(asks("oi"))));
        finder.begin_session();
        assert_eq!(sent(&mut finder), Some(ClientFrame::Search(asks("oi"))));
        finder.found(asks("oi"), vec![hit(9)], Some(5));
        finder.ask_more();
        let more = Search { before: Some(5), ..asks("oi") };
        assert_eq!(sent(&mut finder), Some(ClientFrame::Search(more.clone())));
        finder.found(more, vec![hit(3)], None);
        assert_eq!((finder.hits(), finder.has_more()), (&[hit(9), hit(3)][..], false));
        finder.ask(asks(" "));
        assert_eq!(sent(&mut finder), None);
        assert_eq!((finder.hits(), finder.is_answered()), (&[][..], false));
    }

    #[test]
    fn a_find_leads_to_its_place_which_grows_both_ways_without_gaps() {
        let mut finder = Finder::default();
        finder.open(Some("oi".to_owned()));
        finder.found(asks("oi"), vec![hit(100)], None);
        finder.go_to(0);
        assert_eq!(sent(&mut finder), Some(ClientFrame::Passage { cursor: at(74) }));
        finder.passage(at(74), messages(75..=124));
        assert!(numbers(&finder).into_iter().eq(75..=124));
        finder.look_back();
        assert_eq!(sent(&mut finder), Some(ClientFrame::Passage { cursor: at(24) }));
        finder.passage(at(24), messages(25..=74));
        finder.look_on();
        assert_eq!(sent(&mut finder), Some(ClientFrame::Passage { cursor: at(124) }));
        finder.passage(at(124), messages(125..=130));
        assert!(numbers(&finder).into_iter().eq(25..=130));
        let place = finder.place().unwrap();
        assert!(place.has_past() && !place.goes_on);
        // The first page overlaps; and not every event is a message.
        finder.look_back();
        finder.passage(at(0), [messages(1..=9), messages(20..=50)].concat());
        assert!(numbers(&finder).into_iter().eq((1..=9).chain(20..=130)));
        assert!(!finder.place().unwrap().has_past());
    }

    #[test]
    fn a_place_keeps_a_bounded_number_of_messages_and_no_gaps() {
        let mut place =
            Place { room: RoomName::geral(), found: at(5_000), messages: Vec::new(), from: 0, goes_on: true };
        place.join(5_000, messages(5_001..=5_050));
        for page in 1..=20 {
            let after = 5_000 - 50 * page;
            place.join(after, messages(after + 1..=after + 50));
        }
        assert!(place.messages.iter().map(|it| it.seq).eq(4_001..=4_500) && place.goes_on);
        for page in 0..20 {
            let after = 4_500 + 50 * page;
            place.join(after, messages(after + 1..=after + 50));
        }
        assert!(place.messages.iter().map(|it| it.seq).eq(5_001..=5_500) && place.has_past());
    }

    #[test]
    fn an_excerpt_shows_what_was_found_and_some_around() {
        let shown = |text: &str, marks: &[(usize, usize)]| {
            let parts = excerpt(text, marks).into_iter();
            parts.map(|(text, marked)| if marked { format!("[{text}]") } else { text }).collect::<String>()
        };
        assert_eq!(shown("Uma ação já", &[(4, 8)]), "Uma [ação] já");
        assert_eq!(shown("oi oi", &[(0, 2), (3, 5)]), "[oi] [oi]");
        assert_eq!(shown("", &[]), "");
        let long = format!("{}ação{}", "x".repeat(1_000), "y".repeat(1_000));
        let expected = format!("…{}[ação]{}…", "x".repeat(40), "y".repeat(196));
        assert_eq!(shown(&long, &[(1_000, 1_004)]), expected);
        // Whatever a server sends.
        assert_eq!(shown("oi", &[(5, 1), (0, 900)]), "oi");
    }
}
