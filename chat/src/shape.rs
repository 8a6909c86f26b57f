//! How names look. Two that a reader would take for one another have a shape in common: Unicode TR39
//! skeletons (`Аna` with a Cyrillic А looks like `Ana`), case apart. Knows nothing of whose names they are.

use protocol::Name;
use unicode_security::confusable_detection::skeleton;

/// How a name looks, whatever its case: once folded and then drawn, once drawn and then folded, since
/// `I` looks like `l` only before it is folded to `i`. Runs of blanks look like one.
pub(crate) fn shapes(name: &Name) -> [String; 2] {
    let name = name.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    let drawn: String = skeleton(&name).collect();
    let folded = name.to_lowercase();
    [skeleton(&folded).collect(), drawn.to_lowercase()]
}
