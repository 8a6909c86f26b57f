//! Which private messages went out lately, so that one sent twice is delivered once. What is said to the
//! room needs no such memory: the store knows it.

use std::collections::{HashSet, VecDeque};

use protocol::LineId;
use protocol::limits::RECENT_IDS_MAX;

/// The ids of the latest lines, oldest forgotten first.
#[derive(Debug, Default)]
pub(crate) struct Recent {
    order: VecDeque<LineId>,
    known: HashSet<LineId>,
}

impl Recent {
    /// Notes an id; says whether it is new.
    pub(crate) fn note(&mut self, id: &LineId) -> bool {
        if !self.known.insert(id.clone()) {
            return false;
        }
        self.order.push_back(id.clone());
        if self.order.len() > RECENT_IDS_MAX
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: usize) -> LineId {
        LineId::try_from(number.to_string()).expect("an id")
    }

    #[test]
    fn an_id_is_new_once() {
        let mut recent = Recent::default();
        assert!(recent.note(&id(1)));
        assert!(!recent.note(&id(1)));
    }

    #[test]
    fn the_oldest_id_is_forgotten_first() {
        let mut recent = Recent::default();
        for number in 0..=RECENT_IDS_MAX {
            assert!(recent.note(&id(number)));
        }
        assert!(!recent.note(&id(1)));
        assert!(recent.note(&id(0)));
        assert_eq!(recent.order.len(), recent.known.len());
    }
}
