//! People in a room, over the plain-text protocol that all entrants speak: they come, take a name, say what
//! they are told to, and check what they hear.
//!
//! It must not know what is measured with them.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use crate::figures::{Figures, Meter, Metric};
use crate::ledger::{Ledger, TEXT_BYTES, name};
use crate::load::{Heard, Load, Out, What};
use crate::server::Server;

/// Connections made at once: fewer than any server's queue of those it has yet to accept, which drops
/// what is more for a second.
const UNDER_WAY_MAX: usize = 100;
/// How long nothing may happen before a server counts as standing still.
const STANDSTILL: Duration = Duration::from_secs(10);
/// How long is listened whether something comes that should not, once all has come that should.
const LISTEN_ON: Duration = Duration::from_millis(50);
/// The path of the plain-text protocol.
const PATH: &str = "/";

/// A room full of people.
pub(crate) struct Crowd {
    load: Load,
    server: SocketAddr,
    members: usize,
    started: Instant,
}

impl Crowd {
    /// Has so many people connect, and each hear the server's greeting.
    ///
    /// # Errors
    /// When one can't, or the server stands still.
    pub(crate) fn greet(server: SocketAddr, members: usize) -> Result<Self> {
        let mut crowd = Self { load: Load::new()?, server, members, started: Instant::now() };
        let mut greeted = 0;
        let mut patience = Patience::new();
        while greeted < members {
            while crowd.load.len() < members.min(greeted + UNDER_WAY_MAX) {
                crowd.load.connect(server, PATH)?;
            }
            crowd.load.turn(|heard, _| {
                match heard.what {
                    What::Open => {}
                    What::Text(_) => greeted += 1,
                    What::Closed => bail!("the server closed the connection"),
                }
                Ok(())
            })?;
            patience.with(greeted as u64)?;
        }
        Ok(crowd)
    }

    /// Has so many people connect and take a name each.
    ///
    /// # Errors
    /// When one can't, or the server stands still.
    pub(crate) fn gather(server: SocketAddr, members: usize) -> Result<Self> {
        let mut crowd = Self::greet(server, members)?;
        crowd.take_names()?;
        Ok(crowd)
    }

    /// Has everybody take their name.
    ///
    /// # Errors
    /// When one is refused.
    pub(crate) fn take_names(&mut self) -> Result<()> {
        let mut asked = 0;
        let mut named = 0;
        let mut patience = Patience::new();
        while named < self.members {
            while asked < self.members.min(named + UNDER_WAY_MAX) {
                self.load.send(asked, format!("/nome {}", name(asked)).as_bytes())?;
                asked += 1;
            }
            self.load.turn(|heard, _| {
                let What::Text(answer) = heard.what else { bail!("the server closed the connection") };
                ensure!(is_named(answer), "no name but {:?}", String::from_utf8_lossy(answer));
                named += 1;
                Ok(())
            })?;
            patience.with(named as u64)?;
        }
        Ok(())
    }

    /// The members of the room, visitors not counted.
    pub(crate) fn members(&self) -> usize {
        self.members
    }

    /// Has another person come, who is no member: takes a name, and leaves.
    ///
    /// # Errors
    /// When file descriptors or ports have run out.
    pub(crate) fn visit(&mut self) -> Result<()> {
        self.load.connect(self.server, PATH).map(drop)
    }

    /// From now on a member reads nothing.
    pub(crate) fn stall(&mut self, member: usize) {
        self.load.stall(member);
    }

    /// Nanoseconds since the crowd came.
    pub(crate) fn now_ns(&self) -> u64 {
        self.started.elapsed().as_nanos() as u64
    }

    /// Begins to measure.
    ///
    /// # Errors
    /// When the server is gone.
    pub(crate) fn measure<'a>(&mut self, server: &'a Server) -> Result<Meter<'a>> {
        self.load.spare();
        Meter::start(server)
    }

    /// The part of its time since it came, or since this was asked or a measure begun, that the crowd had nothing to do.
    pub(crate) fn spare_percent(&mut self) -> f64 {
        self.load.spare() * 100.0
    }

    /// What was measured up to now, at the end of which all must have come; then listens a little longer, in
    /// case more comes.
    ///
    /// # Errors
    /// When more does come.
    pub(crate) fn measured(&mut self, meter: &Meter<'_>, ledger: &mut Ledger) -> Result<Figures> {
        let mut figures = meter.figures(ledger)?;
        figures.insert(Metric::LoadSpare, self.spare_percent());
        self.listen_for(ledger, LISTEN_ON)?;
        Ok(figures)
    }

    /// Has a member say something.
    ///
    /// # Errors
    /// When its connection is gone.
    pub(crate) fn say(&mut self, ledger: &mut Ledger, speaker: usize, due_ns: u64) -> Result<()> {
        self.load.send(speaker, &ledger.say(speaker, due_ns, TEXT_BYTES))
    }

    /// Has a member say so many things at once, each of so many bytes.
    ///
    /// # Errors
    /// When its connection is gone.
    pub(crate) fn say_all(
        &mut self,
        ledger: &mut Ledger,
        speaker: usize,
        count: usize,
        bytes: usize,
    ) -> Result<()> {
        let due_ns = self.now_ns();
        let texts: Vec<_> = (0..count).map(|_| ledger.say(speaker, due_ns, bytes)).collect();
        self.load.send_all(speaker, texts.iter().map(Vec::as_slice))
    }

    /// Takes what has come, without waiting: members check it, visitors take their name and leave.
    ///
    /// # Errors
    /// When something came that should not have.
    pub(crate) fn listen(&mut self, ledger: &mut Ledger) -> Result<()> {
        let (members, started) = (self.members, self.started);
        self.load.turn(|heard, out| match heard {
            Heard { client, what, .. } if client >= members => {
                receive_as_visitor(client, &what, out);
                Ok(())
            }
            Heard { client, at, what: What::Text(line) } => {
                ledger.hear(client, line, at.duration_since(started).as_nanos() as u64)
            }
            Heard { .. } => bail!("the server closed the connection"),
        })
    }

    /// Listens for so long.
    ///
    /// # Errors
    /// When something came that should not have.
    pub(crate) fn listen_for(&mut self, ledger: &mut Ledger, time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        while Instant::now() < until {
            self.listen(ledger)?;
        }
        Ok(())
    }

    /// Listens until all has come that is owed.
    ///
    /// # Errors
    /// When the server stands still, or something came that should not have.
    pub(crate) fn listen_to_the_end(&mut self, ledger: &mut Ledger) -> Result<()> {
        let mut patience = Patience::new();
        while ledger.delivered() < ledger.owed() {
            self.listen(ledger)?;
            patience.with(ledger.delivered())?;
        }
        Ok(())
    }
}

/// A visitor's whole life: is greeted, takes a name, leaves once it has it. Whatever else is said in the room
/// meanwhile it hears, too.
fn receive_as_visitor(client: usize, what: &What<'_>, out: &mut Out) {
    match what {
        What::Open => out.text(format!("/nome {}", name(client)).as_bytes()),
        What::Text(line) if is_named(line) => out.close(),
        What::Text(_) | What::Closed => {}
    }
}

fn is_named(answer: &[u8]) -> bool {
    answer.starts_with("Nome alterado com sucesso para ".as_bytes())
}

/// How long is waited for something to happen.
pub(crate) struct Patience {
    seen: u64,
    since: Instant,
}

impl Patience {
    pub(crate) fn new() -> Self {
        Self { seen: 0, since: Instant::now() }
    }

    /// Goes on as long as `progress` grows.
    ///
    /// # Errors
    /// When it has not grown for too long.
    pub(crate) fn with(&mut self, progress: u64) -> Result<()> {
        if progress != self.seen {
            *self = Self { seen: progress, since: Instant::now() };
        }
        ensure!(self.since.elapsed() < STANDSTILL, "the server stood still for {STANDSTILL:?}");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::ledger::Audience;
    use crate::peer::floor;

    /// A room on the floor.
    fn room(members: usize) -> Crowd {
        let listener = floor::listen().unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(|| floor::serve_on(listener));
        Crowd::gather(address, members).unwrap()
    }

    #[test]
    fn everybody_hears_everything_while_visitors_come_and_go() {
        let mut crowd = room(5);
        let mut ledger = Ledger::new(Audience::Others, 5, 5);
        for round in 0..20 {
            crowd.visit().unwrap();
            crowd.say_all(&mut ledger, round % 5, 3, 300).unwrap();
            crowd.listen_to_the_end(&mut ledger).unwrap();
        }
        assert_eq!(ledger.delivered(), 20 * 3 * 4);
    }

    #[test]
    fn what_a_stranger_says_is_found_out() {
        let mut crowd = room(3);
        let mut ledger = Ledger::new(Audience::Others, 3, 1);
        // The third is none of those who speak.
        crowd.load.send(2, b"oi").unwrap();
        let refusal = crowd.listen_for(&mut ledger, STANDSTILL);
        assert!(format!("{:#}", refusal.unwrap_err()).contains("c00002 >> oi"));
    }
}
