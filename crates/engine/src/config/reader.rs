//! Converts values of the configuration file to their types; errors state the position.

use std::ops::Range;

use avstem_core::model::card::{Card, Tolerance};
use avstem_core::model::display::visible;
use avstem_core::model::instant::Instant;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{ConfigError, nearest, nearest_rule};

/// A value and its position in the text.
pub type TomlValue<'i> = Spanned<DeValue<'i>>;
pub type Parsed<T> = Result<T, ConfigError>;

/// The text to parse, and the context for error messages.
pub struct ConfigReader<'a> {
    pub text: &'a str,
    pub file_name: &'a str,
    pub cards: &'a [&'static Card],
}

impl ConfigReader<'_> {
    pub fn rule(&self, word: &str, span: Range<usize>) -> Parsed<&'static Card> {
        self.cards.iter().copied().find(|card| card.is_called(word)).ok_or_else(|| {
            let help = match nearest_rule(word, self.cards) {
                Some(near) => format!("did you mean `{near}`? `avstem rules` lists all rules"),
                None => {
                    let example = self.cards.iter().find(|card| card.tolerance != Tolerance::None);
                    let example = example.map_or(String::new(), |card| {
                        format!("give a rule's code ({}) or its name ({}); ", card.code, card.name)
                    });
                    format!("{example}`avstem rules` lists them")
                }
            };
            self.error(span, format!("there is no rule `{}`", visible(word)), help)
        })
    }

    pub fn date(&self, value: &TomlValue<'_>) -> Parsed<Instant> {
        let text = self.time_text(value)?;
        let instant = if text.len() == 10 { Instant::parse_as_of(&text) } else { None };
        instant.ok_or_else(|| {
            let what = format!("`{}` is no date", visible(&text));
            self.error(value.span(), what, "give a date of the calendar: \"2026-12-31\"")
        })
    }

    /// A time as text, from a string or a TOML date-time.
    pub fn time_text(&self, value: &TomlValue<'_>) -> Parsed<String> {
        match value.get_ref() {
            DeValue::Datetime(time) => Ok(time.to_string()),
            _ => self.filled(value).map(str::to_owned),
        }
    }

    pub fn whole(&self, value: &TomlValue<'_>, of: &str) -> Parsed<u64> {
        let help = format!("give {of} as a whole number, 0 or more, without quotes");
        let DeValue::Integer(number) = value.get_ref() else { return Err(self.wrong(value, "a whole number", help)) };
        // Limited to i64 so that it can be compared with any amount.
        let read = i64::from_str_radix(number.as_str(), number.radix()).ok().and_then(|n| u64::try_from(n).ok());
        read.ok_or_else(|| self.error(value.span(), format!("`{}` is below 0 or too large", number.as_str()), help))
    }

    pub fn word<T>(&self, value: &TomlValue<'_>, words: &[&str], meaning: impl Fn(&str) -> Option<T>) -> Parsed<T> {
        let known = words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ");
        let DeValue::String(word) = value.get_ref() else {
            return Err(self.wrong(value, "a word in quotes", format!("give one of {known}")));
        };
        meaning(word).ok_or_else(|| {
            let help = match nearest(word, words.iter().copied()) {
                Some(near) => format!("did you mean \"{near}\"? known are {known}"),
                None => format!("give one of {known}"),
            };
            self.error(value.span(), format!("`{}` is not known here", visible(word)), help)
        })
    }

    /// A non-empty string.
    pub fn filled<'v>(&self, value: &'v TomlValue<'_>) -> Parsed<&'v str> {
        match value.get_ref() {
            DeValue::String(text) if !text.is_empty() => Ok(text),
            DeValue::String(_) => {
                Err(self.error(value.span(), "the text is empty".to_owned(), "fill it in, or take the line out"))
            }
            _ => Err(self.wrong(value, "a text", "put the value in quotes")),
        }
    }

    pub fn table<'v, 'i>(&self, value: &'v TomlValue<'i>) -> Parsed<&'v DeTable<'i>> {
        let help = "write it as a section: a line `[name]`, then its `key = value` lines";
        value.get_ref().as_table().ok_or_else(|| self.wrong(value, "a section", help))
    }

    pub fn wrong(&self, value: &TomlValue<'_>, expected: &str, help: impl Into<String>) -> ConfigError {
        let found = match value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a number with a fraction",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a time",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a section",
        };
        self.error(value.span(), format!("expected {expected}, found {found}"), help)
    }

    pub fn unknown_key(&self, key: &str, span: Range<usize>, known: &[&str]) -> ConfigError {
        let list = known.join(", ");
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`? known here are {list}"),
            None => format!("known here are {list}"),
        };
        self.error(span, format!("there is no setting `{}` here", visible(key)), help)
    }

    pub fn error(&self, span: Range<usize>, what: String, help: impl Into<String>) -> ConfigError {
        ConfigError::new(self.file_name, self.text, span, what, help.into())
    }
}

/// The entries of a table in file order, so that the first mistake is reported.
pub fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<(&'t str, Range<usize>, &'t TomlValue<'i>)> {
    let mut entries: Vec<_> = table.iter().map(|(key, value)| (key.get_ref().as_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}
