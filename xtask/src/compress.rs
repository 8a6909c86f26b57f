//! The client's files compressed ahead of time, as small as their formats allow.
//!
//! It owns the two formats and which files are worth it. It must not know where files lie.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

/// The endings of the compressed forms.
pub(crate) const FORMS: [&str; 2] = ["br", "gz"];

/// What compresses well; pictures and fonts are compressed already.
const COMPRESSIBLE: [&str; 9] = ["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

/// Each compressed form of a file's `content`, with the ending that it adds to the file's name: none
/// that is not smaller, none for files that don't compress.
///
/// # Errors
///
/// When a compressor fails, which in memory it does not.
pub(crate) fn forms(file: &Path, content: &[u8]) -> Result<Vec<(&'static str, Vec<u8>)>> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    if !COMPRESSIBLE.contains(&ending) {
        return Ok(Vec::new());
    }
    let [br, gz] = FORMS;
    let mut forms = vec![(br, brotli(content)?), (gz, gzip(content)?)];
    forms.retain(|(_, compressed)| compressed.len() < content.len());
    Ok(forms)
}

/// Brotli at its best quality, with the largest window (24 bits, 16 MiB) that every browser accepts.
fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let settings = BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &settings)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn text_is_kept_in_both_forms_and_comes_back_whole() {
        let text = "Oi, tudo bem? ".repeat(100);
        let forms = forms(Path::new("page.html"), text.as_bytes()).unwrap();
        let [("br", brotli), ("gz", gzip)] = &forms[..] else {
            panic!("both forms are smaller: {forms:?}");
        };
        let mut back = String::new();
        brotli::Decompressor::new(&brotli[..], 4096).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
        back.clear();
        flate2::read::GzDecoder::new(&gzip[..]).read_to_string(&mut back).unwrap();
        assert_eq!(back, text);
    }

    #[test]
    fn what_would_not_shrink_is_not_compressed() {
        assert_eq!(forms(Path::new("a.txt"), b"x").unwrap(), []);
        assert_eq!(forms(Path::new("photo.png"), &[0; 1000]).unwrap(), []);
        assert_eq!(forms(Path::new("LICENSE"), &[0; 1000]).unwrap(), []);
    }
}
