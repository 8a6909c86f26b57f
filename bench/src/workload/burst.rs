//! Everybody speaks at once.

use anyhow::Result;

use super::{Row, Rows, paced};
use crate::crowd::Crowd;
use crate::ledger::{Audience, Ledger, TEXT_BYTES};
use crate::server::Server;

pub(super) fn run(server: &Server, members: usize, messages: usize, rows: &mut Rows) -> Result<()> {
    let mut crowd = Crowd::gather(server.address(), members)?;
    paced::warm_up(&mut crowd)?;
    let mut ledger = Ledger::new(Audience::Others, members, members);
    let meter = crowd.measure(server)?;
    for speaker in 0..members {
        crowd.say_all(&mut ledger, speaker, messages, TEXT_BYTES)?;
    }
    crowd.listen_to_the_end(&mut ledger)?;
    let figures = crowd.measured(&meter, &mut ledger)?;
    rows.push((Row::Burst { members, messages }, figures));
    Ok(())
}
