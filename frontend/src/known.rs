//! Whom and which rooms the page has heard of: those whose names are more than words in a message.
//!
//! Owns the names and their bound. They only grow, so that what is drawn stays right. Must not know where one
//! was heard of.

use markup::Names;

/// Names that the page keeps of people: far more than one remembers. Past it, a new one is a word like others.
const PEOPLE_MAX: usize = 1_000;

/// The people and the rooms that the page has heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// What the reader is called.
    pub(crate) me: Option<String>,
    /// In order, to be found by halving.
    people: Vec<String>,
    rooms: Vec<String>,
}

impl Known {
    /// Whether that person is new, and there is room for them.
    pub(crate) fn lacks_person(&self, name: &str) -> bool {
        self.people.len() < PEOPLE_MAX && find(&self.people, name).is_err()
    }

    pub(crate) fn add_person(&mut self, name: &str) {
        add(&mut self.people, name);
    }

    /// Whether that room is new. They are bounded by those that one follows.
    pub(crate) fn lacks_room(&self, name: &str) -> bool {
        find(&self.rooms, name).is_err()
    }

    pub(crate) fn add_room(&mut self, name: &str) {
        add(&mut self.rooms, name);
    }

    /// The rooms, in the order of their names.
    #[must_use]
    pub fn rooms(&self) -> &[String] {
        &self.rooms
    }

    /// Whether the reader is called that.
    #[must_use]
    pub fn is_me(&self, name: &str) -> bool {
        self.me.as_deref() == Some(name)
    }
}

impl Names for Known {
    fn is_person(&self, name: &str) -> bool {
        self.is_me(name) || find(&self.people, name).is_ok()
    }

    fn is_room(&self, name: &str) -> bool {
        find(&self.rooms, name).is_ok()
    }
}

fn find(names: &[String], name: &str) -> Result<usize, usize> {
    names.binary_search_by(|known| known.as_str().cmp(name))
}

fn add(names: &mut Vec<String>, name: &str) {
    if let Err(at) = find(names, name) {
        names.insert(at, name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_known_once_heard_and_only_so_many() {
        let mut known = Known { me: Some("Ana".to_owned()), ..Known::default() };
        for number in 0..2 * PEOPLE_MAX {
            let name = number.to_string();
            if known.lacks_person(&name) {
                known.add_person(&name);
            }
        }
        known.add_room("obras");
        assert!(known.is_person("Ana") && known.is_me("Ana"));
        assert!(known.is_person("7") && !known.is_me("7"));
        assert!(!known.is_person(&PEOPLE_MAX.to_string()));
        assert!(known.is_room("obras") && !known.is_room("praça") && !known.lacks_room("obras"));
    }
}
