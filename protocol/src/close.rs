//! Why a session was closed: the status codes of its close frame (RFC 6455 § 7.4).

/// The client said goodbye (`/sair`).
pub const NORMAL: u16 = 1000;
/// The server is stopping. Come back in a moment.
pub const GOING_AWAY: u16 = 1001;
/// The bytes that came were not the WebSocket protocol.
pub const PROTOCOL: u16 = 1002;
/// A binary frame came. Papo speaks text.
pub const UNSUPPORTED: u16 = 1003;
/// A text frame came that was not UTF-8.
pub const NOT_UTF8: u16 = 1007;
/// A frame came that was not of the typed protocol (only on `/ws`).
pub const NOT_UNDERSTOOD: u16 = 1008;
/// A frame came that was over [`crate::limits::FRAME_BYTES_MAX`].
pub const TOO_BIG: u16 = 1009;
/// The server could not read what it has stored. Come back in a moment.
pub const TROUBLE: u16 = 1011;
/// The client did not read what it was told. Come back and go on from your cursor.
pub const TOO_SLOW: u16 = 1013;
/// The client speaks another version of the typed protocol. Reload the page.
pub const OTHER_VERSION: u16 = 4000;
