//! `[[accept]]` entries, and the keys that each entry must have.

use std::collections::BTreeMap;
use std::ops::Range;

use avstem_core::model::display::visible;
use avstem_core::model::instant::Instant;
use toml::de::DeValue;

use super::reader::{ConfigReader, Parsed, TomlValue, in_order};

const ACCEPT: [&str; 9] =
    ["rule", "exception", "id", "merchant_reference", "reason", "owner", "expires", "max_amount", "fingerprint"];

/// An accepted finding: reported and counted, but it does not fail a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accept {
    /// Which findings the entry matches.
    pub meant: Target,
    pub reason: Option<String>,
    /// The person responsible.
    pub owner: Option<String>,
    /// The last instant at which it holds; of a date its last instant in UTC.
    pub expires: Option<Instant>,
    /// The largest magnitude of a difference that it covers, in minor units.
    pub max_amount: Option<u64>,
    /// The fingerprint of the finding when it was accepted.
    pub fingerprint: Option<String>,
    /// Its line in the file, from 1.
    pub line: usize,
}

/// The findings that an entry matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The finding with this exception id.
    Exception(String),
    /// Findings of a rule (its code) on the ledger or document with this id.
    Id(&'static str, String),
    /// Findings of a rule (its code) on subjects with this merchant reference.
    Reference(&'static str, String),
}

/// Whether each of [`Required::KEYS`] must be present in every entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Required(pub [bool; 4]);

impl Required {
    /// The keys that can be required.
    pub const KEYS: [&'static str; 4] = ["reason", "owner", "expires", "max_amount"];

    pub fn asks_for(&self, key: &str) -> bool {
        Self::KEYS.iter().zip(self.0).any(|(known, asked)| asked && *known == key)
    }
}

impl Default for Required {
    fn default() -> Self {
        Required([true; 4])
    }
}

impl ConfigReader<'_> {
    /// Reads the section that states the required keys.
    pub(super) fn acceptance(&self, value: &TomlValue<'_>) -> Parsed<Required> {
        let mut required = Required::default();
        for (key, span, value) in in_order(self.table(value)?) {
            if key != "require" {
                return Err(self.unknown_key(key, span, &["require"]));
            }
            let help = "name the keys that every entry must have: require = [\"reason\", \"owner\"]";
            let DeValue::Array(keys) = value.get_ref() else { return Err(self.wrong(value, "a list of keys", help)) };
            required = Required([false; 4]);
            for key in keys.iter() {
                let at = |word: &str| Required::KEYS.iter().position(|known| *known == word);
                required.0[self.word(key, &Required::KEYS, at)?] = true;
            }
        }
        Ok(required)
    }

    pub(super) fn accept_list(&self, value: &TomlValue<'_>, required: &Required) -> Parsed<Vec<Accept>> {
        match value.get_ref() {
            DeValue::Array(entries) => entries.iter().map(|entry| self.accept(entry, required)).collect(),
            _ => Err(self.wrong(value, "a list of entries", "begin each entry with a line `[[accept]]`")),
        }
    }

    fn accept(&self, entry: &TomlValue<'_>, required: &Required) -> Parsed<Accept> {
        let mut texts: BTreeMap<&str, (String, Range<usize>)> = BTreeMap::new();
        let (mut expires, mut max_amount) = (None, None);
        for (key, span, value) in in_order(self.table(entry)?) {
            match key {
                "expires" => expires = Some(self.date(value)?),
                "max_amount" => max_amount = Some(self.whole(value, "minor units (100 is 1.00 in most currencies)")?),
                key if ACCEPT.contains(&key) => {
                    texts.insert(key, (self.filled(value)?.to_owned(), value.span()));
                }
                _ => return Err(self.unknown_key(key, span, &ACCEPT)),
            }
        }
        let fingerprint = texts.remove("fingerprint").map(|(text, span)| self.hex(&text, span, "fingerprint"));
        let fingerprint = fingerprint.transpose()?;
        let meant = self.meant(&mut texts, entry.span())?;
        let mut text = |key| texts.remove(key).map(|(text, _)| text);
        let line = self.text.bytes().take(entry.span().start).filter(|b| *b == b'\n').count() + 1;
        let (reason, owner) = (text("reason"), text("owner"));
        let given = [reason.is_some(), owner.is_some(), expires.is_some(), max_amount.is_some()];
        let missing = (0..given.len()).find(|&at| required.0[at] && !given[at]);
        if let Some(key) = missing.map(|at| Required::KEYS[at]) {
            let help = "every acceptance says who answers for it, why, until when and up to which amount; \
                        `[acceptance]` with `require = []` asks for less";
            return Err(self.error(entry.span(), format!("the entry has no `{key}`"), help));
        }
        Ok(Accept { meant, reason, owner, expires, max_amount, fingerprint, line })
    }

    /// The criterion of an entry: an exception, or a rule together with an id or a reference.
    fn meant(&self, texts: &mut BTreeMap<&str, (String, Range<usize>)>, entry: Range<usize>) -> Parsed<Target> {
        let help = "name either the `exception` (its id), or a `rule` together with an `id` or a `merchant_reference`";
        let mut take = |key| texts.remove(key);
        match (take("exception"), take("rule"), take("id"), take("merchant_reference")) {
            (Some((id, span)), None, None, None) => self.hex(&id, span, "exception_id").map(Target::Exception),
            (None, Some((rule, span)), Some((id, _)), None) => Ok(Target::Id(self.rule(&rule, span)?.code, id)),
            (None, Some((rule, span)), None, Some((text, _))) => {
                Ok(Target::Reference(self.rule(&rule, span)?.code, text))
            }
            (None, Some((_, span)), None, None) => {
                Err(self.error(span, "the entry would accept every finding of the rule".to_owned(), help))
            }
            (None, None, _, _) => {
                Err(self.error(entry, "the entry does not say which finding it accepts".to_owned(), help))
            }
            (Some(_), _, _, Some((_, span)))
            | (Some(_), _, Some((_, span)), _)
            | (Some((_, span)), Some(_), _, _)
            | (_, _, Some(_), Some((_, span))) => {
                Err(self.error(span, "the entry says in two ways which finding it accepts".to_owned(), help))
            }
        }
    }

    /// Checks for 16 hexadecimal digits, as in a column of exceptions.csv, and converts them to
    /// lower case.
    fn hex(&self, text: &str, span: Range<usize>, column: &str) -> Parsed<String> {
        if text.len() == 16 && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(text.to_ascii_lowercase());
        }
        let help = format!("copy the column `{column}` of exceptions.csv: 16 hexadecimal digits");
        let what = format!("`{}` is no {}", visible(text), column.replace('_', " "));
        Err(self.error(span, what, help))
    }
}
