//! JSON as reports write it.

use serde::Serialize;

/// A value as indented JSON with a last line end.
pub(super) fn json_text(value: &impl Serialize) -> String {
    // Only maps whose keys are no texts, and writers that fail, can make this fail; there are neither.
    let mut text = serde_json::to_string_pretty(value).expect("a report is always JSON");
    text.push('\n');
    text
}
