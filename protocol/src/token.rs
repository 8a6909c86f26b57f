//! How a browser shows who it is: a secret that it made on its first visit. A server keeps only its hash.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Bytes of randomness in a token: more than anybody can guess.
pub const TOKEN_BYTES: usize = 32;

/// A secret of 256 bits. On the wire: 64 hexadecimal digits. Never in a URL, never in a log: printed, it
/// shows nothing of itself.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token(String);

impl Token {
    /// The token of these random bytes.
    #[must_use]
    pub fn new(bytes: [u8; TOKEN_BYTES]) -> Self {
        Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// The token as it travels, and as a browser keeps it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Token> for String {
    fn from(Token(digits): Token) -> Self {
        digits
    }
}

impl TryFrom<String> for Token {
    type Error = &'static str;

    fn try_from(digits: String) -> Result<Self, Self::Error> {
        let hexadecimal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        let fits = digits.len() == 2 * TOKEN_BYTES && hexadecimal;
        if fits { Ok(Self(digits)) } else { Err("a token has 64 hexadecimal digits") }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_not_printed() {
        let token = Token::new([0xab; 32]);
        assert_eq!(token.as_str(), "ab".repeat(32));
        assert_eq!(format!("{token:?}"), "Token(…)");
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for bad in ["", "ab", &"AB".repeat(32), &"zz".repeat(32), &"ab".repeat(33)] {
            assert!(Token::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }
}
