//! The lines that were entered and have had no answer, in the order in which they were entered.
//!
//! Owns their order, their bound, and which of them is under way. Must not know what an answer means, or how
//! lines outlive a reload: what was kept comes in as an argument.

use protocol::limits::PACE_BURST_LINES;
use protocol::{ClientFrame, Command, Epoch, Line, LineId, RoomName, Seq};
use serde::{Deserialize, Serialize};

use crate::room::Room;

/// Lines that wait at most: as many as a session may send at once, so that who comes back is never too
/// fast. In bytes: with `LINE_CHARS_MAX` at most 320 kB, of the 5 MB that browsers keep for a site.
pub(crate) const OUTBOX_LINES_MAX: usize = PACE_BURST_LINES as usize;

/// The lines on their way.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    lines: Vec<Pending>,
    /// The one that the session has been sent: the next goes when this has its answer. Were both sent at once,
    /// the first refused and that answer lost with the connection, it would be said after the second.
    under_way: Option<LineId>,
}

/// A line that was entered and has had no answer. It stays in the outbox until the server's echo or
/// answer comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// The same each time it is sent.
    pub id: LineId,
    /// The room in which it was entered, as it was called then.
    pub room: RoomName,
    /// The identity of its log, where that is known: a name may be somebody else's by the time it is sent.
    pub log: Option<Epoch>,
    /// The message that it is about, where it is about one.
    pub about: Option<Seq>,
    /// What was typed.
    pub line: String,
    /// When, in milliseconds since 1970 (UTC); a moment later where that keeps lines in their order.
    pub at_ms: i64,
    pub(crate) source: Source,
}

/// What is kept of a line through a reload, beside its id and when it was entered. In the browser as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The room in which it was entered.
    pub room: RoomName,
    /// The identity of its log, where that was known.
    pub epoch: Option<Epoch>,
    /// The message that it is about.
    #[serde(default)]
    pub about: Option<Seq>,
    /// What was typed.
    pub line: String,
}

/// What was typed, and the message that it is about.
pub(crate) type Entered = (String, Option<Seq>);

/// Where a line was entered, and so where its answer belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    Composer,
    NameForm,
}

impl Outbox {
    /// The lines that were kept when the page was last open, in whatever order.
    pub(crate) fn new(kept: Vec<Pending>) -> Self {
        let mut lines: Vec<Pending> = Vec::new();
        // Few, so they are put in their order by hand: sorting would cost the page 2 kB.
        for line in kept {
            let at = lines.partition_point(|it| (it.at_ms, it.id.as_str()) < (line.at_ms, line.id.as_str()));
            lines.insert(at, line);
        }
        lines.truncate(OUTBOX_LINES_MAX);
        Self { lines, under_way: None }
    }

    /// Whether nothing more can be entered in the composer.
    pub(crate) fn is_full(&self) -> bool {
        self.composed().count() >= OUTBOX_LINES_MAX
    }

    /// Adds a line at the end.
    pub(crate) fn enter(
        &mut self,
        id: LineId,
        room: &Room,
        (line, about): Entered,
        at_ms: i64,
        source: Source,
    ) {
        let latest = self.lines.last().map_or(i64::MIN, |last| last.at_ms);
        let at_ms = at_ms.max(latest.saturating_add(1));
        let (room, log) = (room.name.clone(), room.log());
        self.lines.push(Pending { id, room, log, about, line, at_ms, source });
    }

    /// What was entered under this name is for that log.
    pub(crate) fn found(&mut self, room: &RoomName, log: Epoch) {
        let unfound = self.lines.iter_mut().filter(|pending| pending.log.is_none() && pending.room == *room);
        unfound.for_each(|pending| pending.log = Some(log));
    }

    /// Lets go of what was entered in the form for a name.
    pub(crate) fn drop_name(&mut self) {
        if let Some(name) = self.lines.iter().find(|pending| pending.source == Source::NameForm) {
            self.settle(&name.id.clone());
        }
    }

    /// The lines that were entered in the composer.
    pub(crate) fn composed(&self) -> impl Iterator<Item = &Pending> {
        self.lines.iter().filter(|pending| pending.source == Source::Composer)
    }

    /// A new session began: it has been sent nothing.
    pub(crate) fn begin_session(&mut self) {
        self.under_way = None;
    }

    /// The frame that the session is to be sent now, if none is under way. Words wait until there is a name to
    /// say them under: the server would refuse them one by one.
    pub(crate) fn take_unsent(&mut self, named: bool) -> Option<ClientFrame> {
        if self.under_way.is_some() {
            return None;
        }
        let next = self.lines.iter().find(|pending| named || !pending.needs_name())?;
        self.under_way = Some(next.id.clone());
        Some(next.frame())
    }

    /// Takes a line that has its answer out of the outbox; none if it had it before.
    pub(crate) fn settle(&mut self, id: &LineId) -> Option<Pending> {
        self.under_way.take_if(|it| it == id);
        let at = self.lines.iter().position(|pending| pending.id == *id)?;
        Some(self.lines.remove(at))
    }
}

impl Pending {
    /// The frame that takes it to the server.
    fn frame(&self) -> ClientFrame {
        let Self { id, room, log: epoch, about, line, .. } = self.clone();
        ClientFrame::Line { id, room: room.to_string(), epoch, about, line }
    }

    /// What is to be kept of it through a reload.
    #[must_use]
    pub fn to_keep(&self) -> Kept {
        Kept { room: self.room.clone(), epoch: self.log, about: self.about, line: self.line.clone() }
    }

    /// A line of which that was kept when the page was last open.
    #[must_use]
    pub fn kept(id: LineId, Kept { room, epoch: log, about, line }: Kept, at_ms: i64) -> Self {
        Self { id, room, log, about, line, at_ms, source: Source::Composer }
    }

    /// Whether it is for that room.
    #[must_use]
    pub fn is_for(&self, room: &Room) -> bool {
        match (self.log, room.log()) {
            (Some(log), Some(other)) => log == other,
            _ => self.room == room.name,
        }
    }

    fn needs_name(&self) -> bool {
        self.is_change()
            || matches!(Line::read(&self.line), Line::Say(_) | Line::Command(Command::Only { .. }))
    }

    /// Whether it changes a message, and so is none itself.
    #[must_use]
    pub fn is_change(&self) -> bool {
        matches!(
            Line::read(&self.line),
            Line::Command(Command::Edit(_) | Command::Delete | Command::React(_))
        )
    }
}
