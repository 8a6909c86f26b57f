//! What was said and who has heard it: every delivery is checked for its order, its content and its number,
//! and timed from the moment at which it was due.
//!
//! Timed from when it was due and not from when it was sent, a stall that keeps the load from sending counts
//! for every message that it held up (which is called coordinated omission where it is left out). It must not
//! know of sockets or of time but as numbers.

use std::fmt::{self, Write as _};

use anyhow::{Context, Result, ensure};
use hdrhistogram::Histogram;

/// Bytes of a text: a short sentence.
pub(crate) const TEXT_BYTES: usize = 128;

/// Digits kept of a delay: a thousandth of it.
const DELAY_DIGITS: u8 = 3;
/// The longest delay that is told from longer ones: a minute, after which nobody waits any more.
const DELAY_NS_MAX: u64 = 60_000_000_000;

/// A delivery is not the one that should have come next.
#[derive(Debug)]
pub(crate) struct WrongDelivery;

impl fmt::Display for WrongDelivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a delivery is wrong")
    }
}

/// The name of a member. All have the same length.
pub(crate) fn name(member: usize) -> String {
    format!("c{member:05}")
}

/// What one member has said.
#[derive(Default)]
struct Said {
    /// As it should arrive, each of the same length.
    lines: Vec<u8>,
    line_bytes: usize,
    /// When each was due, in nanoseconds.
    due_ns: Vec<u64>,
}

impl Said {
    fn line(&self, number: usize) -> Option<&[u8]> {
        self.lines.chunks_exact(self.line_bytes.max(1)).nth(number)
    }
}

/// How a room passes on what is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// To everybody but who said it.
    Others,
    /// To one after the other of them, in private.
    EachInTurn,
}

/// What is said in a room of so many members, and what each of them has heard of it.
pub(crate) struct Ledger {
    audience: Audience,
    members: usize,
    said: Vec<Said>,
    /// For each listener and each who speaks: the number of the message that is to come next.
    next: Vec<Option<usize>>,
    /// Listeners that need not hear anything.
    excused: Vec<bool>,
    delivered: u64,
    delay_ns: Histogram<u64>,
}

impl Ledger {
    /// A blank ledger for a room in which the first `speakers` members speak.
    pub(crate) fn new(audience: Audience, members: usize, speakers: usize) -> Self {
        let first = |listener: usize, speaker: usize| match audience {
            Audience::Others => (listener != speaker).then_some(0),
            Audience::EachInTurn => listener.checked_sub(1),
        };
        let pairs = (0..members).flat_map(|listener| (0..speakers).map(move |speaker| (listener, speaker)));
        Self {
            audience,
            members,
            said: (0..speakers).map(|_| Said::default()).collect(),
            next: pairs.map(|(listener, speaker)| first(listener, speaker)).collect(),
            excused: vec![false; members],
            delivered: 0,
            delay_ns: Histogram::new_with_max(DELAY_NS_MAX, DELAY_DIGITS)
                .expect("at most 5 digits, and a maximum over 2"),
        }
    }

    /// How many are in the room.
    pub(crate) fn members(&self) -> usize {
        self.members
    }

    /// From now on a member need not hear anything.
    pub(crate) fn excuse(&mut self, member: usize) {
        self.excused[member] = true;
    }

    /// Writes down that a member says something new, due at this time, and gives it as it is to be sent.
    pub(crate) fn say(&mut self, speaker: usize, due_ns: u64, text_bytes: usize) -> Vec<u8> {
        let said = &mut self.said[speaker];
        let number = said.due_ns.len();
        let text = text(speaker, number, due_ns, text_bytes);
        let author = name(speaker);
        let (line, sent) = match self.audience {
            Audience::Others => (format!("{author} >> {text}"), text),
            Audience::EachInTurn => {
                let recipient = name(1 + number % (self.members - 1));
                (format!("PRIVADO de {author} >> {text}"), format!("/apenas {recipient} {text}"))
            }
        };
        said.line_bytes = line.len();
        said.lines.extend_from_slice(line.as_bytes());
        said.due_ns.push(due_ns);
        sent.into_bytes()
    }

    /// Checks what a member hears at a time.
    ///
    /// # Errors
    /// [`WrongDelivery`] when that is not exactly what it should hear next of who said it.
    pub(crate) fn hear(&mut self, listener: usize, line: &[u8], at_ns: u64) -> Result<()> {
        self.check(listener, line, at_ns).context(WrongDelivery)
    }

    fn check(&mut self, listener: usize, line: &[u8], at_ns: u64) -> Result<()> {
        if self.excused[listener] {
            return Ok(());
        }
        let speakers = self.said.len();
        let speaker = self.speaker(line).with_context(|| unexpected(listener, line))?;
        let stride = self.stride();
        let next = &mut self.next[listener * speakers + speaker];
        let number = next.with_context(|| unexpected(listener, line))?;
        let said = &self.said[speaker];
        let expected = said.line(number).with_context(|| unexpected(listener, line))?;
        ensure!(
            line == expected,
            "{}; it should hear {:?}",
            unexpected(listener, line),
            String::from_utf8_lossy(expected)
        );
        *next = Some(number + stride);
        self.delivered += 1;
        self.delay_ns.saturating_record(at_ns.saturating_sub(said.due_ns[number]));
        Ok(())
    }

    fn stride(&self) -> usize {
        match self.audience {
            Audience::Others => 1,
            Audience::EachInTurn => self.members - 1,
        }
    }

    /// Who said a line.
    fn speaker(&self, line: &[u8]) -> Option<usize> {
        let names_at = match self.audience {
            Audience::Others => 0,
            Audience::EachInTurn => "PRIVADO de ".len(),
        };
        let digits = line.get(names_at + 1..names_at + 6)?;
        let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
        (number < self.said.len()).then_some(number)
    }

    /// Deliveries that were right. All others are errors.
    pub(crate) fn delivered(&self) -> u64 {
        self.delivered
    }

    /// Deliveries that there must be of what was said so far.
    pub(crate) fn owed(&self) -> u64 {
        let listeners = self.excused.iter().filter(|&&excused| !excused).count() as u64 - 1;
        let messages: usize = self.said.iter().map(|said| said.due_ns.len()).sum();
        match self.audience {
            Audience::Others => messages as u64 * listeners,
            Audience::EachInTurn => messages as u64,
        }
    }

    /// The delay that so many percent of the deliveries did not exceed, in nanoseconds.
    pub(crate) fn delay_ns(&self, percent: f64) -> f64 {
        self.delay_ns.value_at_percentile(percent) as f64
    }
}

fn unexpected(listener: usize, line: &[u8]) -> String {
    format!("{} heard what it should not: {:?}", name(listener), String::from_utf8_lossy(line))
}

/// Text of exactly so many bytes, unlike any other: who, which, when, and letters that follow from these.
pub(crate) fn text(speaker: usize, number: usize, due_ns: u64, bytes: usize) -> String {
    let mut text = String::with_capacity(bytes);
    let _ = write!(text, "{speaker:05} {number:08} {due_ns:020} ");
    let mut state = (speaker as u64) << 32 | number as u64 | 1 << 63;
    while text.len() < bytes {
        // Marsaglia's xorshift64: all that is asked of it is that two texts differ.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push(char::from(b'a' + (state % 26) as u8));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a right server makes of it.
    fn passed_on(speaker: usize, sent: &[u8]) -> Vec<u8> {
        [name(speaker).as_bytes(), b" >> ", sent].concat()
    }

    fn room_with_two_said() -> (Ledger, Vec<u8>, Vec<u8>) {
        let mut ledger = Ledger::new(Audience::Others, 3, 2);
        let first = passed_on(0, &ledger.say(0, 1_000, TEXT_BYTES));
        let second = passed_on(0, &ledger.say(0, 2_000, TEXT_BYTES));
        (ledger, first, second)
    }

    #[test]
    fn a_text_has_its_length_and_is_like_no_other() {
        let texts = [(0, 0, 5), (0, 1, 5), (1, 0, 5), (0, 0, 6)].map(|(a, b, c)| text(a, b, c, TEXT_BYTES));
        assert!(texts.iter().all(|text| text.len() == TEXT_BYTES));
        assert!((1..4).all(|index| !texts[..index].contains(&texts[index])));
    }

    #[test]
    fn what_is_right_is_counted_and_timed_from_when_it_was_due() {
        let (mut ledger, first, second) = room_with_two_said();
        assert_eq!(ledger.owed(), 4);
        for listener in [1, 2] {
            ledger.hear(listener, &first, 5_000).unwrap();
            ledger.hear(listener, &second, 5_000).unwrap();
        }
        assert_eq!(ledger.delivered(), 4);
        assert!((3_000.0..3_003.0).contains(&ledger.delay_ns(50.0)));
        assert!((4_000.0..4_004.0).contains(&ledger.delay_ns(100.0)));
    }

    #[test]
    fn another_order_a_gap_and_a_double_are_errors() {
        let (mut ledger, first, second) = room_with_two_said();
        assert!(ledger.hear(1, &second, 0).unwrap_err().is::<WrongDelivery>());
        ledger.hear(1, &first, 0).unwrap();
        assert!(ledger.hear(1, &first, 0).is_err());
        ledger.hear(1, &second, 0).unwrap();
        assert!(ledger.hear(1, &second, 0).is_err());
    }

    #[test]
    fn any_other_content_is_an_error() {
        let (mut ledger, first, _) = room_with_two_said();
        for index in 0..first.len() {
            let mut wrong = first.clone();
            wrong[index] ^= 1;
            assert!(ledger.hear(1, &wrong, 0).is_err(), "byte {index}");
        }
        assert!(ledger.hear(1, &first[..first.len() - 1], 0).is_err());
        assert!(ledger.hear(1, &[&first[..], b"x"].concat(), 0).is_err());
        assert!(ledger.hear(1, b"", 0).is_err());
        assert_eq!(ledger.delivered(), 0);
    }

    #[test]
    fn nobody_hears_their_own_words() {
        let (mut ledger, first, _) = room_with_two_said();
        assert!(ledger.hear(0, &first, 0).is_err());
    }

    #[test]
    fn who_is_excused_owes_nothing() {
        let (mut ledger, first, second) = room_with_two_said();
        ledger.excuse(2);
        assert_eq!(ledger.owed(), 2);
        ledger.hear(2, &second, 0).unwrap();
        assert_eq!(ledger.delivered(), 0);
        ledger.hear(1, &first, 0).unwrap();
    }

    #[test]
    fn private_messages_go_to_one_after_the_other() {
        let mut ledger = Ledger::new(Audience::EachInTurn, 3, 1);
        let sent: Vec<_> = (0..3).map(|_| String::from_utf8(ledger.say(0, 0, TEXT_BYTES)).unwrap()).collect();
        assert!(sent[0].starts_with("/apenas c00001 ") && sent[1].starts_with("/apenas c00002 "));
        let arrives = |sent: &str| format!("PRIVADO de c00000 >> {}", &sent["/apenas c00001 ".len()..]);
        assert_eq!(ledger.owed(), 3);
        ledger.hear(2, arrives(&sent[1]).as_bytes(), 0).unwrap();
        assert!(ledger.hear(1, arrives(&sent[1]).as_bytes(), 0).is_err());
        ledger.hear(1, arrives(&sent[0]).as_bytes(), 0).unwrap();
        ledger.hear(1, arrives(&sent[2]).as_bytes(), 0).unwrap();
        assert!(ledger.hear(1, arrives(&sent[2]).as_bytes(), 0).is_err());
    }
}
