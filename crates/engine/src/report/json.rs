//! JSON as reports write it.

use serde::Serialize;

/// Returns a value as indented JSON with a final line end.
pub(super) fn json_text(value: &impl Serialize) -> String {
    // Fails only for maps whose keys are not strings and for failing writers; neither occurs.
    let mut text = serde_json::to_string_pretty(value).expect("a report is always JSON");
    text.push('\n');
    text
}
