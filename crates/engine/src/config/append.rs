//! Appends entries to a configuration file.

use avstem_core::model::card::Card;

use super::{ConfigError, parse};

/// A new `[[accept]]` entry for one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    pub exception: String,
    /// The current fingerprint of the finding.
    pub fingerprint: String,
    pub reason: Option<String>,
    pub owner: Option<String>,
    /// The last day on which it holds, as `YYYY-MM-DD`.
    pub expires: Option<String>,
    /// The largest amount that it covers, in minor units.
    pub max_amount: u64,
}

impl NewEntry {
    fn text(&self) -> String {
        let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
        let mut out = "[[accept]]\n".to_owned();
        let texts = [
            ("exception", Some(&self.exception)),
            ("fingerprint", Some(&self.fingerprint)),
            ("reason", self.reason.as_ref()),
            ("owner", self.owner.as_ref()),
            ("expires", self.expires.as_ref()),
        ];
        for (key, text) in texts {
            text.into_iter().for_each(|text| out += &format!("{key} = {}\n", quoted(text)));
        }
        out + &format!("max_amount = {}\n", self.max_amount)
    }
}

/// Appends entries to the text of a configuration file; the existing text stays unchanged byte for
/// byte.
///
/// # Errors
///
/// When the file is invalid, or would be invalid with the entries.
pub fn appended(
    text: &str,
    file_name: &str,
    entries: &[NewEntry],
    cards: &[&'static Card],
) -> Result<String, ConfigError> {
    let before = parse(text, file_name, cards)?;
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        out.push_str(line_end);
    }
    for entry in entries {
        if !out.is_empty() {
            out.push_str(line_end);
        }
        out.push_str(&entry.text().replace('\n', line_end));
    }
    let after = parse(&out, file_name, cards)?;
    assert_eq!(after.accept.len(), before.accept.len() + entries.len(), "each entry is read back as one");
    Ok(out)
}
