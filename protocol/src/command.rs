//! The one table of commands. The parser, the help and the completion in the browser read it.
//!
//! A new command is a row in [`COMMANDS`], an arm in the chat core and a script in
//! `chat/transcripts/`.

use crate::limits::{HISTORY_LINES, HISTORY_LINES_MAX};
use crate::words::Arguments;
use crate::{Emoji, Lang, Name, RoomName, Text};

/// A command that was understood, its arguments parsed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Change the text of a message of one's own to this.
    Edit(String),
    /// Delete a message of one's own.
    Delete,
    /// React to a message like this, or no longer.
    React(Emoji),
    /// Which commands there are.
    Help,
    /// Be called so from now on.
    Name(Name),
    /// Tell one person alone.
    Only {
        /// Whom, as typed: it may be nobody's name.
        to: String,
        /// What, as typed.
        text: String,
    },
    /// How many clients are connected.
    Clients,
    /// What time it is on the server.
    Time,
    /// What day it is on the server.
    Date,
    /// Print the last lines of the room, so many.
    History(usize),
    /// Which messages have these words in them.
    Search(String),
    /// Go into this room.
    Room(RoomName),
    /// Which rooms there are.
    Rooms,
    /// Who is in the room.
    Here,
    /// Be told in this language from now on.
    Language(Lang),
    /// Goodbye.
    Quit,
}

/// One row of the table: how a command is written, what it does, and how its arguments are read.
#[derive(Debug)]
pub struct Spec {
    pt: Wording,
    en: Wording,
    read: fn(&Arguments<'_>) -> Result<Command, Text>,
}

/// A command's words in one language.
#[derive(Debug, PartialEq, Eq)]
pub struct Wording {
    /// What it is called, without the slash; the first is the one shown.
    pub names: &'static [&'static str],
    /// Its arguments as the help shows them, or nothing.
    pub arguments: &'static str,
    /// Such arguments, or nothing.
    pub example: &'static str,
    /// What it does, in a few words.
    pub about: &'static str,
}

/// Every command there is, in the order in which the help lists them.
pub const COMMANDS: &[Spec] = &[
    Spec {
        pt: Wording { names: &["nome"], arguments: "SeuNome", example: "Ana", about: "escolhe o seu nome" },
        en: Wording { names: &["name"], arguments: "YourName", example: "Ana", about: "chooses your name" },
        read: |arguments| {
            let name = arguments.first_word()?.and_then(|word| Name::parse(&word));
            name.map(Command::Name).ok_or(Text::NameRefused)
        },
    },
    Spec {
        pt: Wording {
            names: &["apenas"],
            arguments: "Destinatário mensagem",
            example: "Ana oi",
            about: "fala só com uma pessoa",
        },
        en: Wording {
            names: &["only", "msg"],
            arguments: "Recipient message",
            example: "Ana hello",
            about: "speaks to one person alone",
        },
        read: |arguments| {
            let (to, text) = arguments.word_and_rest().ok_or(Text::PrivateIncomplete)?;
            Ok(Command::Only { to, text })
        },
    },
    Spec {
        pt: Wording {
            names: &["editar"],
            arguments: "texto",
            example: "oi, gente",
            about: "muda a sua última mensagem",
        },
        en: Wording {
            names: &["edit"],
            arguments: "text",
            example: "hello, all",
            about: "changes your last message",
        },
        read: |arguments| {
            let text = arguments.all();
            if text.is_empty() { Err(Text::EditWords) } else { Ok(Command::Edit(text)) }
        },
    },
    Spec {
        pt: Wording { names: &["apagar"], arguments: "", example: "", about: "apaga a sua última mensagem" },
        en: Wording { names: &["delete"], arguments: "", example: "", about: "deletes your last message" },
        read: |arguments| arguments.none_needed(Command::Delete),
    },
    Spec {
        pt: Wording {
            names: &["reagir"],
            arguments: "emoji",
            example: "👍",
            about: "reage à última mensagem de outra pessoa; de novo, retira a reação",
        },
        en: Wording {
            names: &["react"],
            arguments: "emoji",
            example: "👍",
            about: "reacts to somebody else's last message; again, takes it back",
        },
        read: |arguments| {
            let emoji = arguments.first_word()?.and_then(|word| Emoji::parse(&word));
            emoji.map(Command::React).ok_or(Text::ReactWords)
        },
    },
    Spec {
        pt: Wording {
            names: &["clientes"],
            arguments: "",
            example: "",
            about: "diz quantos clientes estão conectados",
        },
        en: Wording {
            names: &["clients"],
            arguments: "",
            example: "",
            about: "says how many clients are connected",
        },
        read: |arguments| arguments.none_needed(Command::Clients),
    },
    Spec {
        pt: Wording {
            names: &["horas"], arguments: "", example: "", about: "diz que horas são no servidor"
        },
        en: Wording {
            names: &["time"],
            arguments: "",
            example: "",
            about: "says what time it is on the server",
        },
        read: |arguments| arguments.none_needed(Command::Time),
    },
    Spec {
        pt: Wording { names: &["data"], arguments: "", example: "", about: "diz que dia é no servidor" },
        en: Wording {
            names: &["date"],
            arguments: "",
            example: "",
            about: "says what day it is on the server",
        },
        read: |arguments| arguments.none_needed(Command::Date),
    },
    Spec {
        pt: Wording {
            names: &["historico", "histórico"],
            arguments: "[N]",
            example: "20",
            about: "mostra as últimas N linhas da sala",
        },
        en: Wording {
            names: &["history"],
            arguments: "[N]",
            example: "20",
            about: "shows the last N lines of the room",
        },
        read: |arguments| {
            let Some(word) = arguments.first_word()? else { return Ok(Command::History(HISTORY_LINES)) };
            let count = word.parse().ok().filter(|count| (1..=HISTORY_LINES_MAX).contains(count));
            count.map(Command::History).ok_or(Text::HistoryCount)
        },
    },
    Spec {
        pt: Wording {
            names: &["buscar"],
            arguments: "palavras",
            example: "aula",
            about: "busca no que foi dito",
        },
        en: Wording {
            names: &["search"],
            arguments: "words",
            example: "lesson",
            about: "searches what was said",
        },
        read: |arguments| Ok(Command::Search(arguments.all())),
    },
    Spec {
        pt: Wording { names: &["sala"], arguments: "NomeDaSala", example: "obras", about: "entra numa sala" },
        en: Wording { names: &["room"], arguments: "RoomName", example: "works", about: "goes into a room" },
        read: |arguments| {
            let room = arguments.first_word()?.and_then(|word| RoomName::parse(&word));
            room.map(Command::Room).ok_or(Text::RoomRefused)
        },
    },
    Spec {
        pt: Wording { names: &["salas"], arguments: "", example: "", about: "lista as salas" },
        en: Wording { names: &["rooms"], arguments: "", example: "", about: "lists the rooms" },
        read: |arguments| arguments.none_needed(Command::Rooms),
    },
    Spec {
        pt: Wording { names: &["quem"], arguments: "", example: "", about: "diz quem está na sala" },
        en: Wording { names: &["who"], arguments: "", example: "", about: "says who is in the room" },
        read: |arguments| arguments.none_needed(Command::Here),
    },
    Spec {
        pt: Wording { names: &["idioma"], arguments: "pt|en", example: "en", about: "muda o idioma" },
        en: Wording { names: &["lang"], arguments: "pt|en", example: "pt", about: "changes the language" },
        read: |arguments| {
            let lang = arguments.first_word()?.and_then(|word| Lang::parse(&word));
            lang.map(Command::Language).ok_or(Text::LanguageUnknown)
        },
    },
    Spec {
        pt: Wording { names: &["ajuda"], arguments: "", example: "", about: "lista os comandos" },
        en: Wording { names: &["help"], arguments: "", example: "", about: "lists the commands" },
        read: |arguments| arguments.none_needed(Command::Help),
    },
    Spec {
        pt: Wording { names: &["sair"], arguments: "", example: "", about: "encerra a sua sessão" },
        en: Wording { names: &["quit"], arguments: "", example: "", about: "ends your session" },
        read: |arguments| arguments.none_needed(Command::Quit),
    },
];

impl Spec {
    /// The words in `lang`.
    #[must_use]
    pub fn wording(&self, lang: Lang) -> &Wording {
        lang.pick(&self.pt, &self.en)
    }

    /// All names of the command, those of `lang` first.
    pub fn names(&self, lang: Lang) -> impl Iterator<Item = &'static str> {
        let other = lang.pick(&self.en, &self.pt);
        self.wording(lang).names.iter().chain(other.names).copied()
    }

    /// One line of the help, such as `/nome SeuNome (/name): escolhe o seu nome`.
    fn help(&self, lang: Lang) -> String {
        let Wording { arguments, about, .. } = self.wording(lang);
        let mut names = self.names(lang).map(|name| format!("/{name}"));
        let shown = names.by_ref().take(1).chain([(*arguments).to_owned()]).collect::<Vec<_>>().join(" ");
        let others = names.collect::<Vec<_>>().join(", ");
        format!("{} ({others}): {about}", shown.trim_end())
    }
}

/// All commands, one line each.
pub(crate) fn help(lang: Lang) -> String {
    COMMANDS.iter().map(|spec| spec.help(lang)).collect::<Vec<_>>().join("\n")
}

/// Reads a command by its name (in any language and case) and what follows it.
///
/// # Errors
/// What to tell the person who typed it.
pub(crate) fn read(name: &str, arguments: &Arguments<'_>) -> Result<Command, Text> {
    let name = name.to_ascii_lowercase();
    match COMMANDS.iter().find(|spec| spec.names(Lang::default()).any(|known| known == name)) {
        Some(spec) => (spec.read)(arguments),
        // Quotes that do not close make a line no command at all, known or not.
        None => arguments.none_needed(()).and(Err(Text::CommandUnknown)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_name() {
        let mut names: Vec<_> = COMMANDS.iter().flat_map(|spec| spec.names(Lang::Pt)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn every_example_is_understood() {
        for (spec, lang) in COMMANDS.iter().flat_map(|spec| [(spec, Lang::Pt), (spec, Lang::En)]) {
            let Wording { names, arguments, example, .. } = spec.wording(lang);
            assert_eq!(arguments.is_empty(), example.is_empty());
            assert!(read(names[0], &Arguments::new(example)).is_ok(), "{names:?} {example}");
        }
    }

    #[test]
    fn the_help_has_a_line_for_each_command_in_both_languages() {
        for lang in [Lang::Pt, Lang::En] {
            assert_eq!(help(lang).lines().count(), COMMANDS.len());
        }
        assert!(help(Lang::Pt).contains("/nome SeuNome (/name): escolhe o seu nome\n"));
        assert!(
            help(Lang::En).contains("/only Recipient message (/msg, /apenas): speaks to one person alone\n")
        );
    }
}
