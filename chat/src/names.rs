//! Which names are taken, and by whom.
//!
//! Two names that a reader would take for one another can't both be in use: they are compared by
//! shape (Unicode TR39 skeletons: `Аna` with a Cyrillic А looks like `Ana`), case apart.

use std::collections::HashMap;

use protocol::Name;
use unicode_security::confusable_detection::skeleton;

use crate::SessionId;

/// The names in use. Holds at most two shapes a session.
#[derive(Debug, Default)]
pub(crate) struct Names {
    of: HashMap<SessionId, Name>,
    holder: HashMap<String, SessionId>,
}

impl Names {
    /// What a session is called.
    pub(crate) fn of(&self, session: SessionId) -> Option<&Name> {
        self.of.get(&session)
    }

    /// The session that is called exactly so.
    pub(crate) fn holder(&self, name: &str) -> Option<SessionId> {
        let name = Name::parse(name)?;
        let holder = *shapes(&name).iter().find_map(|shape| self.holder.get(shape))?;
        (self.of(holder) == Some(&name)).then_some(holder)
    }

    /// Gives a session a name in place of the one it has. Refused when it is, or looks like, that of
    /// another session, and when it is the very name the session has.
    pub(crate) fn take(&mut self, session: SessionId, name: Name) -> bool {
        let shapes = shapes(&name);
        let others =
            shapes.iter().any(|shape| self.holder.get(shape).is_some_and(|&holder| holder != session));
        if others || self.of(session) == Some(&name) {
            return false;
        }
        self.free(session);
        self.holder.extend(shapes.map(|shape| (shape, session)));
        self.of.insert(session, name);
        true
    }

    /// Frees the name of a session.
    pub(crate) fn free(&mut self, session: SessionId) {
        if let Some(name) = self.of.remove(&session) {
            for shape in shapes(&name) {
                self.holder.remove(&shape);
            }
        }
    }
}

/// How a name looks, whatever its case: once folded and then drawn, once drawn and then folded, since
/// `I` looks like `l` only before it is folded to `i`. Runs of blanks look like one.
fn shapes(name: &Name) -> [String; 2] {
    let name = name.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    let drawn: String = skeleton(&name).collect();
    let folded = name.to_lowercase();
    [skeleton(&folded).collect(), drawn.to_lowercase()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANA: SessionId = 1;
    const BIA: SessionId = 2;

    fn name(raw: &str) -> Name {
        Name::parse(raw).expect("a name")
    }

    #[test]
    fn a_name_that_looks_like_one_in_use_is_refused() {
        for (taken, lookalike) in [
            ("Ana", "ana"),
            ("Ana", "\u{0410}na"),
            ("Alan", "AIan"),
            ("paypal", "pаypаl"),
            ("Ana Maria", "Ana  Maria"),
            ("Ana Maria", "Ana\u{a0}Maria"),
            ("José", "Jose\u{301}"),
        ] {
            let mut names = Names::default();
            assert!(names.take(ANA, name(taken)));
            assert!(!names.take(BIA, name(lookalike)), "{lookalike} beside {taken}");
            assert!(names.take(BIA, name("Bia")));
        }
    }

    #[test]
    fn names_that_read_differently_live_side_by_side() {
        let mut names = Names::default();
        for (session, raw) in ["Ana", "Anna", "Aná", "Bia", "Ana 2"].iter().enumerate() {
            assert!(names.take(session as SessionId, name(raw)), "{raw}");
        }
    }

    #[test]
    fn one_may_change_the_case_of_ones_own_name_but_not_take_it_twice() {
        let mut names = Names::default();
        assert!(names.take(ANA, name("ana")));
        assert!(!names.take(ANA, name("ana")));
        assert!(names.take(ANA, name("Ana")));
        assert_eq!(names.holder("Ana"), Some(ANA));
        assert_eq!(names.holder("ana"), None);
    }

    #[test]
    fn a_name_given_up_is_free_at_once() {
        let mut names = Names::default();
        assert!(names.take(ANA, name("Ana")));
        assert!(names.take(ANA, name("Outra")));
        assert!(names.take(BIA, name("Ana")));
        names.free(BIA);
        assert_eq!(names.holder("Ana"), None);
        assert!(names.take(ANA, name("Ana")));
    }
}
