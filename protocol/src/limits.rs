//! Every bound in Papo, with its unit in its name and its reason beside it.
//!
//! Whatever a stranger can make grow (a queue, a map, a string, a loop) stops at one of these.

use std::time::Duration;

// What a person types.

/// Characters in one line. A long paragraph fits; a book does not.
pub const LINE_CHARS_MAX: usize = 4_000;
/// Characters in a name. More would push the message off a phone's screen.
pub const NAME_CHARS_MAX: usize = 32;
/// Characters in the id a client gives its line: room for a UUID or a hash in hexadecimal.
pub const LINE_ID_CHARS_MAX: usize = 64;

// What arrives on a socket.

/// Bytes in one WebSocket message from a client: a line of the longest kind with each character
/// escaped as JSON may (`\uXXXX`, 12 bytes for one beyond the basic plane), and room around it.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;
/// Bytes taken from a socket in one read. Small, because each idle session keeps such a buffer.
pub const READ_BYTES: usize = 512;
/// Bytes in one request's head, before it is a session. Browsers send under 2 KiB.
pub const REQUEST_HEAD_BYTES_MAX: usize = 16 * 1024;
/// How long a client of the typed protocol may take to say hello.
pub const HELLO_WAIT: Duration = Duration::from_secs(10);
/// How long a client may take to send a request's head, so that sending it one byte at a time
/// holds nothing for long.
pub const REQUEST_HEAD_WAIT: Duration = Duration::from_secs(10);
/// Connections at once. Beyond it, new ones wait in the kernel's queue; the process would run out
/// of file descriptors otherwise.
pub const CONNECTIONS_MAX: usize = 20_000;
/// How long an accepting loop rests when the process is out of file descriptors: until somebody
/// leaves there is nothing to accept with.
pub const ACCEPT_REST: Duration = Duration::from_millis(50);

// What is asked for again.

/// Lines that `/historico` prints where no number is given.
pub const HISTORY_LINES: usize = 20;
/// Lines that `/historico` prints at most.
pub const HISTORY_LINES_MAX: usize = 1_000;
/// Events a client gets on its first visit, or when it was away too long: what fills a screen, and some.
pub const SNAPSHOT_EVENTS: u64 = 50;
/// Events in one page of history, scrolling up.
pub const PAGE_EVENTS: u64 = 50;
/// Events a client that comes back may lack; one that lacks more starts afresh.
pub const RESUME_EVENTS_MAX: u64 = 1_000;

/// How far back `/editar`, `/apagar` and `/reagir` look for the message they are about, where they do not say
/// which: so many events.
pub const ABOUT_BACK_MAX: u64 = 1_000;
/// Characters of a message that are shown where another one answers it: a line on a wide screen.
pub const QUOTE_CHARS_MAX: usize = 100;
/// Ways to react to one message. More would hide the message.
pub const REACTIONS_MAX: usize = 20;
/// Names of those who react to a message in the same way that are told; of the rest only how many they are.
pub const REACTION_NAMES_MAX: usize = 20;
/// Characters (Unicode scalar values) of one emoji: families and flags are made of several.
pub const EMOJI_CHARS_MAX: usize = 10;
/// Changes of a room's messages that are known to be no messages where unread ones are counted: the latest. Of a
/// room with more of them than that since somebody was there, the others are counted as if they were.
pub const CHANGES_COUNTED_MAX: usize = 1_000;

/// Characters of a search that count: several words. What comes after them is not read.
pub const SEARCH_CHARS_MAX: usize = 200;
/// Messages in one answer to a search: what fills a screen.
pub const SEARCH_HITS: usize = 20;
/// Messages that one search compares: those that have all that the index knows of the words. More than a few
/// fit only where words are made of the most common letters; who wants to know asks on. About 10 ms.
pub const SEARCH_COMPARED_MAX: usize = 2_000;
/// Bytes of messages that the index may be behind what was said: a search compares all of them, which is about
/// 10 ms, too.
pub const UNINDEXED_BYTES_MAX: usize = 512 * 1024;
/// Bytes of messages that the index takes at a time, and not before there are so many; with a quarter of it the whole
/// index costs a fifth more. It takes about 10 ms, and ends early where somebody asks something of the hub meanwhile.
pub const INDEX_SLICE_BYTES: usize = 64 * 1024;
/// Bytes of a slice after which it is looked whether anybody waits, who then waits only until those that are in it
/// already are written: 1 to 8 ms.
pub const INDEX_STEP_BYTES: usize = 4 * 1024;
/// Pages of the index that are merged after a slice: more than a slice makes on its way through all merging, so that it
/// never falls behind.
pub const INDEX_MERGE_PAGES: usize = 48;
/// Pages that are merged at a time: who asks something of the hub meanwhile waits for it, 1 ms and now and then 7.
pub const INDEX_STEP_PAGES: usize = 16;
/// Bytes that a message counts for there, however short it is.
pub const INDEXED_BYTES_MIN: usize = 128;
/// Searches at once; the others wait their turn. They may keep a processor busy for tens of milliseconds each.
pub const SEARCHES_MAX: usize = 2;

// How fast.

/// Lines a session may send at once: a pasted list, a fast typist after a reconnect.
pub const PACE_BURST_LINES: u32 = 20;
/// Lines a second a session may send after that: faster than anybody types.
pub const PACE_LINES_PER_SECOND: u32 = 5;

// What the server holds.

/// Inputs waiting for the hub. When it is full, sessions wait, and so do their clients.
pub const HUB_INPUTS_MAX: usize = 1024;
/// How often what may wait is done: it is told who has come and gone, and stored how far people have read. What a
/// power cut can take of that is so much.
pub const HUB_TICK: Duration = Duration::from_secs(1);
/// Inputs the hub takes as one batch: bounds how long a wake-up is put off under load.
pub const BATCH_INPUTS_MAX: usize = 1024;
/// Bytes of a room's log kept in memory, encoded, divided by the number of rooms that have somebody in
/// them; so that all rooms together hold a few times as much at most (the sum of 1 / n up to
/// [`CONNECTIONS_MAX`] is under 11). A session further behind reads from the store.
pub const TAIL_BYTES_MAX: usize = 8 * 1024 * 1024;
/// Bytes of what is meant for one session alone (answers, private messages) and not yet written.
/// A client that does not read that much is not reading at all.
pub const MAILBOX_BYTES_MAX: usize = 256 * 1024;
/// Frames a session takes from its socket before it answers them; the rest waits in the socket.
pub const ROUND_FRAMES_MAX: usize = 64;
/// Bytes of lines after which a session stops taking more in the same round. With
/// [`FRAME_BYTES_MAX`], the answers to a round fit into a mailbox.
pub const ROUND_BYTES_MAX: usize = 32 * 1024;
/// Bytes a session gathers before it gives them to the kernel.
pub const WRITE_BYTES_MAX: usize = 64 * 1024;
/// Frames in one write: what Linux takes in one `writev` (`IOV_MAX`).
pub const WRITE_FRAMES_MAX: usize = 1024;

/// Sessions that read from the store at once; the others wait their turn, so that thousands who come
/// back at once do not starve the living.
pub const READERS_MAX: usize = 4;
/// Events in one read from the store.
pub const READ_EVENTS_MAX: usize = 200;

/// People whose names are kept. Beyond it nobody new gets a name until one falls free.
pub const NAMES_MAX: usize = 100_000;

/// Open rooms at once: those in which something was said, and those in which somebody is.
pub const ROOMS_MAX: usize = 10_000;
/// Rooms of two people at once. About 300 bytes of memory each.
pub const ROOMS_OF_TWO_MAX: usize = 100_000;
/// Rooms that one person follows. Beyond it they follow that one no longer in which nothing was said for
/// longest; a room of two is followed again from the next word.
pub const FOLLOWED_MAX: usize = 50;
/// How long somebody who has left is still shown as there: who loads the page again, or goes through a tunnel of
/// seconds, neither leaves nor comes.
pub const PRESENCE_GRACE_MS: i64 = 10_000;
/// People of whom it is not said yet that they have left. Beyond it the one who left first has left.
pub const LEAVING_MAX: usize = 20_000;
/// Names of those who are in a room that are told; of the rest only how many they are. In bytes at most 13 KiB,
/// once a second while people come and go.
pub const PEOPLE_LISTED_MAX: usize = 100;
/// How long somebody counts as writing after they have said that they are, in milliseconds; their page says so again
/// in half of that.
pub const TYPING_MS: i64 = 6_000;
/// Names of those who are writing that are told: more would not fit on a line.
pub const TYPING_NAMES_MAX: usize = 3;
/// Unread messages of a room that are told one by one; a page shows no higher number than this, so that a
/// lively room costs who is elsewhere no more than so many frames.
pub const UNREAD_COUNTED_MAX: u64 = 99;
/// Rooms that `/salas` lists, the liveliest: more nobody reads. In bytes at most 10 KiB, so that a burst of
/// answers fits into a mailbox.
pub const ROOMS_LISTED_MAX: usize = 50;

// How long.

/// How long a name is kept for somebody who does not come: 30 days, in milliseconds.
pub const NAME_KEPT_MS: i64 = 30 * DAY_MS;
/// How old the note of when somebody was last here may be: a day, so that coming and going costs no
/// writing.
pub const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// How long SQLite waits for another connection to let go of its lock: commits take milliseconds.
pub const STORE_BUSY_WAIT: Duration = Duration::from_secs(5);

/// A session from which nothing came for this long is asked whether it lives.
pub const PING_INTERVAL: Duration = Duration::from_secs(30);
/// How long a session may take to accept one write, or to answer whether it lives, before it
/// counts as gone.
pub const SILENCE_MAX: Duration = Duration::from_secs(30);
/// How long the end of a session (close frame out, the client's end of the connection) may take.
pub const CLOSE_WAIT: Duration = Duration::from_secs(2);
/// Bytes a client may still send after its session was closed, read and thrown away so that the close
/// frame is not lost to a reset.
pub const CLOSE_BYTES_MAX: usize = 1024 * 1024;
/// How long the server waits for all sessions when it stops.
pub const SHUTDOWN_WAIT: Duration = Duration::from_secs(4);
