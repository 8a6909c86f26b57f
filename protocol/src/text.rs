//! The one catalogue of what people are told. A row without both languages does not compile.
//!
//! [`Text`] is what the server says; it travels as data and becomes words in the reader's language. [`Deed`] is
//! what it tells plain-text clients alone.
//! [`Label`] is what stands on the page. Knows nothing of who is told, or when.

use serde::{Deserialize, Serialize};

use crate::limits::{
    HISTORY_LINES_MAX, LINE_CHARS_MAX, REACTIONS_MAX, ROOMS_MAX, ROOMS_OF_TWO_MAX, UNREAD_COUNTED_MAX,
};
use crate::room::{self, RoomSummary};
use crate::{Emoji, Lang, Name, Quote, command};

/// How a private message begins in the plain-text protocol, in each language.
pub(crate) const PRIVATE_PREFIXES: [&str; 2] = ["PRIVADO de ", "PRIVATE from "];

/// A number of unread messages as it is shown: more than [`UNREAD_COUNTED_MAX`] are not counted.
#[must_use]
pub fn counted(unread: u64) -> String {
    if unread > UNREAD_COUNTED_MAX { format!("{UNREAD_COUNTED_MAX}+") } else { unread.to_string() }
}

/// Names, one a line, and how many are left of so many.
fn here(names: &[Name], count: usize, lang: Lang) -> String {
    let others = count.saturating_sub(names.len());
    let mut lines: Vec<_> = names.iter().map(Name::to_string).collect();
    if others > 0 {
        lines.push(Label::OthersHere { count: others }.in_lang(lang));
    }
    lines.join("\n")
}

/// Makes an enum whose every row has its words in Portuguese and in English, in this order.
macro_rules! catalogue {
    (
        $(#[$outer:meta])* $kind:ident;
        $( $(#[$doc:meta])* $row:ident $({ $($field:ident: $type:ty),+ })? => $pt:expr, $en:expr; )+
    ) => {
        $(#[$outer])*
        pub enum $kind {
            $( $(#[$doc])* $row $({ $( #[doc = "Stands in the words."] $field: $type),+ })? ),+
        }

        impl $kind {
            /// The words in `lang`.
            #[must_use]
            pub fn in_lang(&self, lang: Lang) -> String {
                match self {
                    $( Self::$row $({ $($field),+ })? => match lang {
                        Lang::Pt => String::from($pt),
                        Lang::En => String::from($en),
                    } ),+
                }
            }
        }
    };
}

catalogue! {
    /// What the server tells one client. The Portuguese words are the tutorial's, to the letter.
    ///
    /// On the wire: `{"name_changed":{"name":"Ana"}}`, or `"greeting"` where nothing stands in the words.
    #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    Text;

    /// The first line of a plain-text session.
    Greeting =>
        "Bem vindo ao servidor de chat escrito em Rust com warp e WebSockets. Identifique-se com /nome SeuNome",
        "Welcome to the chat server written in Rust with warp and WebSockets. Say who you are with /name YourName";
    /// A message from somebody without a name.
    NameFirst =>
        "Identifique-se para enviar mensagens. Use o comando /nome SeuNome",
        "Say who you are before you send messages. Use the command /name YourName";
    /// The name is theirs now.
    NameChanged { name: String } =>
        format!("Nome alterado com sucesso para {name}"),
        format!("Name changed to {name}");
    /// No name, a name that can't be shown, or one that is (or looks like one) in use.
    NameRefused =>
        "Nome em uso ou inválido. Escolha um outro.",
        "Name in use or not valid. Choose another one.";
    /// The server's local time, `HH:MM:SS`.
    Time { time: String } =>
        format!("Hora atual: {time}"),
        format!("Time now: {time}");
    /// The server's local date, `DD/MM/YY`.
    Date { date: String } =>
        format!("Data atual: {date}"),
        format!("Date today: {date}");
    /// How many sessions are open. The words are the same for one.
    Clients { count: usize } =>
        format!("{count} clientes conectados"),
        format!("{count} clients connected");
    /// A private message without a recipient or without words.
    PrivateIncomplete =>
        "Comando incorreto. /apenas Destinatário mensagem",
        "Command incomplete. /only Recipient message";
    /// A private message to somebody who is not there, or to oneself.
    RecipientUnknown { name: String } =>
        format!("Destinatário {name} não encontrado. Mensagem não enviada."),
        format!("Recipient {name} not found. Message not sent.");
    /// A slash alone, or quotes that do not close.
    CommandInvalid =>
        "Comando inválido",
        "Command not valid";
    /// A command that is not in the table.
    CommandUnknown =>
        "Comando desconhecido",
        "Command unknown";
    /// A line over the limit.
    TooLong =>
        format!("Mensagem longa demais (máximo {LINE_CHARS_MAX} caracteres). Mensagem não enviada."),
        format!("Message too long (at most {LINE_CHARS_MAX} characters). Message not sent.");
    /// More lines than the pace allows.
    TooFast { seconds: u64 } =>
        format!("Devagar: espere {seconds} s. Mensagem não enviada."),
        format!("Slow down: wait {seconds} s. Message not sent.");
    /// The language is set.
    LanguageSet =>
        "Idioma: português. /idioma en muda para inglês.",
        "Language: English. /lang pt changes to Portuguese.";
    /// A language that Papo does not speak, or none.
    LanguageUnknown =>
        "Idiomas: pt, en. Use /idioma pt ou /idioma en",
        "Languages: pt, en. Use /lang pt or /lang en";
    /// A number of lines that can't be printed.
    HistoryCount =>
        format!("Quantas linhas? Use /historico N, com N de 1 a {HISTORY_LINES_MAX}"),
        format!("How many lines? Use /history N, with N from 1 to {HISTORY_LINES_MAX}");
    /// The answer to `/historico` on the page, which has the history above.
    HistoryAbove =>
        "O histórico está logo acima: role a conversa.",
        "The history is right above: scroll the conversation.";
    /// A change of one's message to nothing.
    EditWords =>
        "Mudar para quê? Use /editar texto",
        "Change it to what? Use /edit text";
    /// A reaction that is no emoji.
    ReactWords =>
        "Reagir como? Use /reagir 👍",
        "React how? Use /react 👍";
    /// A change of a message that is not there, that is deleted, or that is somebody else's.
    MessageUnknown =>
        "Mensagem não encontrada, ou não é sua. Nada mudou.",
        "Message not found, or not yours. Nothing has changed.";
    /// A reaction unlike those that a message has, while it has as many as it can have.
    ReactionsFull =>
        format!("Essa mensagem já tem reações demais (máximo {REACTIONS_MAX})."),
        format!("That message has too many reactions already (at most {REACTIONS_MAX}).");
    /// A search without words.
    SearchWords =>
        "Buscar o quê? Use /buscar palavras",
        "Search for what? Use /search words";
    /// The answer to `/buscar` on the page, which has a place for it.
    SearchAbove =>
        "A busca está no botão lá em cima, ou em Ctrl+K.",
        "Searching is behind the button at the top, or Ctrl+K.";
    /// A search has found nothing.
    NothingFound =>
        "Nada encontrado.",
        "Nothing found.";
    /// They are in this room now.
    RoomEntered { room: String } =>
        format!("Você está na sala {room}"),
        format!("You are in the room {room}");
    /// No room, or a name that can't be a room's.
    RoomRefused =>
        "Nome de sala inválido. Use /sala NomeDaSala",
        "Not a name for a room. Use /room RoomName";
    /// A room that is not there, while there are as many as there can be.
    RoomsFull =>
        format!("Já há salas demais (máximo {ROOMS_MAX}). /salas mostra as que existem."),
        format!("There are too many rooms already (at most {ROOMS_MAX}). /rooms shows those that exist.");
    /// A private message to somebody for the first time, while there are as many conversations as there can be.
    PrivateFull =>
        format!("Já há conversas privadas demais (máximo {ROOMS_OF_TWO_MAX}). Mensagem não enviada."),
        format!("There are too many private conversations already (at most {ROOMS_OF_TWO_MAX}). Message not sent.");
    /// Some rooms, the liveliest first, one line each.
    Rooms { rooms: Vec<RoomSummary> } =>
        room::list(rooms, Lang::Pt),
        room::list(rooms, Lang::En);
    /// Who is in the room: those with a name, one a line, and how many there are besides.
    Here { names: Vec<Name>, count: usize } =>
        here(names, *count, Lang::Pt),
        here(names, *count, Lang::En);
    /// The line could not be stored, so nobody was shown it.
    NotStored =>
        "O servidor não conseguiu guardar a mensagem. Mensagem não enviada.",
        "The server could not store the message. Message not sent.";
    /// All commands, one line each.
    Help =>
        command::help(Lang::Pt),
        command::help(Lang::En);
    /// How a private message reaches a plain-text client.
    Private { from: String, text: String } =>
        format!("{}{from} >> {text}", PRIVATE_PREFIXES[0]),
        format!("{}{from} >> {text}", PRIVATE_PREFIXES[1]);
}

catalogue! {
    /// What somebody has done to a message, as a plain-text client reads it: after their name.
    #[derive(Clone, Debug, PartialEq, Eq)]
    Deed;

    /// They have changed the text of one of theirs.
    Edited { text: String } =>
        format!("corrigiu: {text}"),
        format!("corrected: {text}");
    /// They have deleted one of theirs.
    Deleted =>
        "apagou uma mensagem",
        "deleted a message";
    /// What stands in place of one that was deleted before the reader came.
    WasDeleted =>
        "(mensagem apagada)",
        "(message deleted)";
    /// They react to one.
    Reacted { emoji: Emoji, to: Quote } =>
        format!("reagiu com {emoji} a {}: {}", to.author, to.text),
        format!("reacted with {emoji} to {}: {}", to.author, to.text);
    /// They do so no longer.
    TookBack { emoji: Emoji, to: Quote } =>
        format!("retirou {emoji} de {}: {}", to.author, to.text),
        format!("took {emoji} back from {}: {}", to.author, to.text);
}

catalogue! {
    /// What stands on the page.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    Label;

    /// The connection bar before the first connection, and while one is being made.
    Connecting => "Conectando…", "Connecting…";
    /// The connection bar while all is well.
    Connected => "Conectado", "Connected";
    /// The connection bar while it waits for the next try.
    Disconnected => "Sem conexão", "No connection";
    /// When the next try is, beside it.
    RetryIn { seconds: u64 } =>
        format!("Tentando em {seconds} s"),
        format!("Retrying in {seconds} s");
    /// The button that tries at once.
    RetryNow => "Tentar agora", "Try now";
    /// The connection bar when the server speaks another version of the protocol.
    PageOutdated =>
        "Esta página é de outra versão do servidor. Recarregue-a para continuar.",
        "This page is of another version than the server. Reload it to go on.";
    /// The button that reloads the page.
    Reload => "Recarregar", "Reload";
    /// The connection bar after `/sair`.
    Left => "Você saiu da conversa", "You have left the chat";
    /// The button that undoes it.
    ComeBack => "Voltar", "Come back";

    /// The button that opens the menu of the bar.
    Settings => "Preferências", "Preferences";
    /// In that menu.
    Language => "Idioma", "Language";
    /// In that menu, likewise.
    Theme => "Aparência", "Appearance";
    /// In that menu: whether the reader is told of what is new while they look elsewhere.
    Telling => "Avisos", "Notifications";
    /// They are not.
    TellingOff => "Desligados", "Off";
    /// They are.
    TellingOn => "Ligados", "On";
    /// In its place, where the browser lets the page tell nothing.
    TellingForbidden =>
        "O navegador não permite avisos desta página.",
        "The browser allows this page no notifications.";
    /// In that menu: of what in the room that they are in they are told.
    TellingHere => "Avisos desta sala", "Notifications from this room";
    /// Of everything.
    TellAll => "Tudo", "Everything";
    /// Of what names them.
    TellMentions => "Menções", "Mentions";
    /// Of nothing.
    TellNothing => "Nada", "Nothing";
    /// What a notification says of a room.
    NewMessages { count: u64 } =>
        if *count == 1 { "1 mensagem nova".to_owned() } else { format!("{} mensagens novas", counted(*count)) },
        if *count == 1 { "1 new message".to_owned() } else { format!("{} new messages", counted(*count)) };
    /// A theme: as the rest of the system.
    ThemeSystem => "Sistema", "System";
    /// Another.
    ThemeLight => "Clara", "Light";
    /// And another.
    ThemeDark => "Escura", "Dark";

    /// What the list of messages is called.
    Conversation => "Conversa", "Conversation";
    /// In place of the list while it is empty.
    NothingSaid =>
        "Ninguém disse nada aqui ainda. Comece você: oi! /ajuda mostra os comandos.",
        "Nobody has said anything here yet. Begin with a hello! /help shows the commands.";
    /// In its place while what was said is on its way.
    Loading => "Buscando a conversa…", "Fetching the conversation…";
    /// In its place as long as there has been no connection.
    LoadingOffline =>
        "Sem conexão com o servidor. O que você escrever fica guardado aqui e segue quando ela voltar.",
        "No connection to the server. What you write is kept here, and sent once it is back.";
    /// The line above the first message of a day.
    Today => "Hoje", "Today";
    /// The same, of the day before.
    Yesterday => "Ontem", "Yesterday";
    /// Beside a line that the server does not have yet.
    Waiting => "aguardando envio", "waiting to be sent";
    /// What the list of the rooms that one follows is called.
    YourRooms => "Suas salas", "Your rooms";
    /// What screen readers say of a room in that list, after its name.
    Unread { count: u64 } =>
        if *count == 1 { "1 não lida".to_owned() } else { format!("{} não lidas", counted(*count)) },
        format!("{} unread", counted(*count));
    /// What the list of those who are in the room is called.
    People => "Nesta sala", "In this room";
    /// The end of that list: those who are not in it.
    OthersHere { count: usize } =>
        if *count == 1 { "mais 1 pessoa".to_owned() } else { format!("mais {count} pessoas") },
        if *count == 1 { "1 more person".to_owned() } else { format!("{count} more people") };
    /// Behind the reader's own name in it.
    You => "você", "you";
    /// The line above the first message that is new.
    NewFromHere => "Novas mensagens", "New messages";
    /// The button over the end of the list, for who reads further up: how many messages are unread.
    NewBelow { count: u64 } =>
        if *count == 1 { "1 nova".to_owned() } else { format!("{} novas", counted(*count)) },
        format!("{} new", counted(*count));
    /// What it does, for screen readers.
    ToEnd => "Ir para o fim", "Go to the end";
    /// The button that puts a refused line back into the box.
    Edit => "Editar", "Edit";
    /// The button that does so with the command that was meant, most likely.
    Meant { command: &'static str } =>
        format!("Você quis dizer /{command}?"),
        format!("Did you mean /{command}?");
    /// The button that lets a refused line go.
    Discard => "Descartar", "Discard";
    /// Above what the page shows, when the server has another log than before: another database.
    OtherLog =>
        "O servidor recomeçou com outra conversa. O que foi dito antes não está mais aqui.",
        "The server began anew with another conversation. What was said before is no longer here.";
    /// Above what the page shows after a long absence.
    AwayTooLong =>
        "Você ficou muito tempo sem conexão. Daqui para baixo estão as últimas mensagens; as anteriores, acima.",
        "You were without a connection for long. From here on are the latest messages; earlier ones are above.";
    /// Above the oldest message, while older ones are on their way.
    OlderComing => "Buscando mensagens anteriores…", "Fetching earlier messages…";
    /// Above the very first message.
    Beginning => "Aqui começa a conversa.", "The conversation begins here.";
    /// Above the oldest message that the page shows, where it can't show older ones.
    OlderNotShown =>
        "Mensagens ainda mais antigas estão guardadas no servidor, mas não cabem nesta página.",
        "Even older messages are stored on the server, but do not fit on this page.";

    /// The button that shows what can be done with a message, and what these buttons are called.
    Actions => "O que fazer com a mensagem", "What to do with the message";
    /// The button that answers a message.
    Answer => "Responder", "Answer";
    /// The button that deletes one's own.
    Delete => "Apagar", "Delete";
    /// The question before it does.
    DeleteForGood => "Apagar de vez?", "Delete for good?";
    /// The answer to it that leaves all as it is.
    Keep => "Manter", "Keep";
    /// Below a message that its author has edited.
    Edited => "editada", "edited";
    /// In the place of one that its author has deleted.
    MessageDeleted => "Mensagem apagada", "Message deleted";
    /// Above the box, before the name and the message that one answers.
    Answering => "Respondendo a", "Answering";
    /// Likewise, before the message that one edits.
    Editing => "Editando a mensagem de", "Editing the message of";
    /// The button that ends either.
    Cancel => "Cancelar", "Cancel";

    /// The button that opens the search, its field, and what its panel is called.
    Search => "Buscar", "Search";
    /// In the field.
    SearchWords => "Buscar mensagens", "Search messages";
    /// Limits the search to the room that one is in.
    SearchHere => "Só nesta sala", "Only in this room";
    /// Limits it to who said it.
    SearchAuthor => "De quem", "By whom";
    /// Limits it to this day and later.
    SearchSince => "Desde", "Since";
    /// Limits it to this day and before.
    SearchUntil => "Até", "Until";
    /// Nothing was found.
    SearchNothing => "Nada encontrado", "Nothing found";
    /// How many messages are shown, for screen readers; more may be asked for.
    SearchFound { count: u64 } =>
        if *count == 1 { "1 mensagem".to_owned() } else { format!("{count} mensagens") },
        if *count == 1 { "1 message".to_owned() } else { format!("{count} messages") };
    /// The button for older messages.
    Older => "Mais antigas", "Older";
    /// The button for newer messages.
    Newer => "Mais novas", "Newer";
    /// The button that leads from a place back to what was found.
    BackToFound => "Resultados", "Results";
    /// The button that leads to the end of the conversation in which something was found.
    GoToPresent => "Ir para a sala", "Go to the room";
    /// The button that closes a panel.
    Close => "Fechar", "Close";

    /// Beside the field for one's name.
    YourName => "Qual é o seu nome?", "What is your name?";
    /// The button beside it.
    Join => "Entrar", "Join";
    /// What the box one writes in is called.
    Message => "Mensagem", "Message";
    /// Beneath it, where a line was not taken since too many are waiting.
    OutboxFull =>
        "Muitas mensagens já aguardam envio. Esta fica aqui: envie-a quando houver conexão.",
        "Many messages are already waiting to be sent. This one stays here: send it once there is a connection.";
    /// The button beside it.
    Send => "Enviar", "Send";
    /// Above it, while few more characters fit.
    CharactersLeft { count: usize } =>
        if *count == 1 { "resta 1 caractere".to_owned() } else { format!("restam {count} caracteres") },
        if *count == 1 { "1 character left".to_owned() } else { format!("{count} characters left") };
    /// In its place where they do not fit.
    CharactersOver { count: usize } =>
        if *count == 1 { "1 caractere a mais do que cabe".to_owned() } else { format!("{count} caracteres a mais do que cabem") },
        if *count == 1 { "1 character too many".to_owned() } else { format!("{count} characters too many") };
    /// What screen readers say when it comes to that.
    TooLongToSend => "Longa demais para enviar", "Too long to be sent";
    /// What the list of ways to go on with a word is called.
    Suggestions => "Sugestões", "Suggestions";
    /// What screen readers say when it opens.
    SuggestionsOpen { count: usize } =>
        if *count == 1 { "1 sugestão, setas para escolher".to_owned() } else { format!("{count} sugestões, setas para escolher") },
        if *count == 1 { "1 suggestion, arrows to choose".to_owned() } else { format!("{count} suggestions, arrows to choose") };

    /// The button that opens the list of shortcuts, and what it is called.
    Shortcuts => "Atalhos do teclado", "Keyboard shortcuts";
    /// In that list: what Shift+Enter does.
    BreaksTheLine => "Quebrar a linha", "Break the line";
    /// In that list: what it does in an empty box.
    EditsLast => "Edita a sua última mensagem", "Edits your last message";
    /// What the signs do with which words begin that are completed.
    Suggests => "Sugerir comandos, pessoas, salas, emoji", "Suggest commands, people, rooms, emoji";
    /// What the arrows do.
    ChoosesAmong => "Escolher entre sugestões e resultados", "Choose among suggestions and results";
    /// What Tab does.
    TakesSuggestion => "Aceitar a sugestão", "Take the suggestion";

    /// Who is writing, before their names.
    Typing => "Escrevendo:", "Writing:";
    /// In the menu of the bar: whether it is told who is writing, the reader to the others and these to them.
    ShowTyping => "Mostrar quem escreve", "Show who is writing";

    /// In the menu of the bar: whether the reader hears what they are told.
    Sound => "Sons", "Sounds";
}
