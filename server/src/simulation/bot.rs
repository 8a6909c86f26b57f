//! A plain-text client that stays: it talks, and reads slowly. Without a cursor or ids, it loses what was
//! under way when the server dies.

use super::host::Host;
use super::page;
use super::wire::Wire;
use crate::dialect::Dialect;

pub(super) const BOT: &str = "Robô";

pub(super) struct Bot {
    wire: Wire,
    pub(super) heard: Vec<String>,
}

impl Bot {
    pub(super) fn connect(host: &mut Host, room: usize) -> Self {
        let wire = host.accept(Dialect::Plain, room);
        wire.way().send_up(format!("/nome {BOT}"));
        Self { wire, heard: Vec::new() }
    }

    pub(super) fn say(&self, line: String) {
        self.wire.way().send_up(line);
    }

    pub(super) fn hear(&mut self, count: usize) -> usize {
        for heard in 0..count {
            let Some(frame) = self.wire.way().down.pop_front() else { return heard };
            self.heard.push(page::text(&frame).to_owned());
        }
        count
    }

    /// What others said to it alone.
    pub(super) fn privates(&self) -> impl Iterator<Item = &str> {
        self.heard.iter().filter_map(|line| line.strip_prefix("PRIVADO de "))
    }

    /// What others said to the room, as `author >> text`.
    pub(super) fn messages(&self) -> impl Iterator<Item = &str> {
        let lines = self.heard.iter().map(String::as_str);
        lines.filter(|line| line.contains(" >> ") && !line.starts_with("PRIVADO de "))
    }
}
