//! Parses and checks the configuration file.
//!
//! Nothing is guessed or ignored: an unknown key, rule or value is an error that shows its line and
//! says what to do. The file states only deviations from the defaults, so every key is optional.

mod accept;
mod append;
mod bank;
mod error;
mod journal;
mod reader;

use std::collections::BTreeMap;

use avstem_core::model::card::{Card, Severity, Tolerance, Window};
use avstem_core::model::display::visible;
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::SeveritySetting;
use chrono_tz::{TZ_VARIANTS, Tz};
use toml::de::{DeTable, DeValue};

use crate::io::pattern::Exclude;
pub use accept::{Accept, Required, Target};
pub use append::{NewEntry, appended};
pub use bank::BankConfig;
pub use error::ConfigError;
use error::nearest;
pub use journal::JournalConfig;
use reader::{ConfigReader, Parsed, TomlValue, in_order};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileConfig {
    /// The instant to judge at: RFC 3339, or a bare date.
    pub as_of: Option<String>,
    /// The severity from which a run fails.
    pub fail_on: Option<FailOn>,
    /// The number of rejected records that a complete run may have.
    pub max_rejects: Option<u64>,
    /// Patterns of files that are no part of an export.
    pub exclude: Vec<String>,
    /// The largest age in seconds that the latest time of the input may have at a given as-of.
    pub max_age: Option<u64>,
    /// The time zone of days in the roll-forward and in ageing.
    pub time_zone: Option<Tz>,
    /// Severities of rules, by code.
    pub rules: BTreeMap<&'static str, SeveritySetting>,
    /// Tolerances in minor units, by rule code.
    pub tolerance: BTreeMap<&'static str, u64>,
    /// Windows in seconds, by key.
    pub windows: BTreeMap<&'static str, u64>,
    /// Windows in days by product or product type, sorted; for the window that depends on it.
    pub days_by_product: Vec<(String, u64)>,
    /// What it says about bank statements.
    pub bank: BankConfig,
    /// Accepted findings in file order.
    pub accept: Vec<Accept>,
    /// The keys that each acceptance must have.
    pub required: Required,
    /// The accounts of vouchers.
    pub journal: JournalConfig,
}

/// The severity from which findings make a run fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailOn {
    /// Findings of this severity or a worse one.
    Severity(Severity),
    /// Findings never make a run fail.
    Never,
}

impl FailOn {
    /// The words in the configuration and on the command line.
    pub const WORDS: [&'static str; 4] = ["error", "warning", "info", "never"];

    pub fn named(word: &str) -> Option<FailOn> {
        if word == "never" { Some(FailOn::Never) } else { Severity::named(word).map(FailOn::Severity) }
    }
}

/// Parses a configuration file; `cards` are the cards of all rules.
///
/// # Errors
///
/// Returns the first mistake in the file.
pub fn parse(text: &str, file_name: &str, cards: &[&'static Card]) -> Result<FileConfig, ConfigError> {
    let reader = ConfigReader { text, file_name, cards };
    let table = DeTable::parse(text).map_err(|e| {
        let help = "the file must be TOML: `key = value` lines under `[section]` lines; texts stand in quotes";
        reader.error(e.span().unwrap_or(0..0), e.message().replace('\n', "; "), help)
    })?;
    reader.file(table.get_ref())
}

const TOP: [&str; 13] = [
    "as_of",
    "fail_on",
    "max_rejects",
    "time_zone",
    "exclude",
    "rules",
    "tolerance",
    "freshness",
    "windows",
    "bank",
    "acceptance",
    "accept",
    "journal",
];
const SEVERITIES: [&str; 4] = ["error", "warning", "info", "off"];

impl ConfigReader<'_> {
    fn file(&self, table: &DeTable<'_>) -> Parsed<FileConfig> {
        let mut config = FileConfig::default();
        let mut accepted = None;
        for (key, span, value) in in_order(table) {
            match key {
                "as_of" => config.as_of = Some(self.as_of(value)?),
                "fail_on" => config.fail_on = Some(self.word(value, &FailOn::WORDS, FailOn::named)?),
                "max_rejects" => config.max_rejects = Some(self.whole(value, "a number of records")?),
                "time_zone" => config.time_zone = Some(self.time_zone(value)?),
                "exclude" => config.exclude = self.exclude(value)?,
                "freshness" => config.max_age = self.freshness(value)?,
                "rules" => config.rules = self.by_rule(value, |_, value| self.word(value, &SEVERITIES, severity))?,
                "tolerance" => config.tolerance = self.by_rule(value, |card, value| self.tolerance(card, value))?,
                "windows" => self.windows(value, &mut config)?,
                "bank" => config.bank = self.bank(value)?,
                "acceptance" => config.required = self.acceptance(value)?,
                "accept" => accepted = Some(value),
                "journal" => config.journal = self.journal(value)?,
                _ => return Err(self.unknown_key(key, span, &TOP)),
            }
        }
        if let Some(list) = accepted {
            config.accept = self.accept_list(list, &config.required)?;
        }
        Ok(config)
    }

    /// Reads a table whose keys are rule codes or names.
    fn by_rule<T>(
        &self,
        value: &TomlValue<'_>,
        read: impl Fn(&'static Card, &TomlValue<'_>) -> Parsed<T>,
    ) -> Parsed<BTreeMap<&'static str, T>> {
        let mut by_code = BTreeMap::new();
        for (key, span, value) in in_order(self.table(value)?) {
            let card = self.rule(key, span.clone())?;
            if by_code.insert(card.code, read(card, value)?).is_some() {
                let what = format!("rule `{}` stands here twice: it is {}", visible(key), card.code);
                return Err(self.error(span, what, "keep one of the two lines, by code or by name"));
            }
        }
        Ok(by_code)
    }

    fn tolerance(&self, card: &Card, value: &TomlValue<'_>) -> Parsed<u64> {
        if card.tolerance == Tolerance::None {
            let help = "take the line out; [rules] can make the rule quieter or turn it off";
            return Err(self.error(value.span(), format!("rule {} knows no tolerance", card.code), help));
        }
        self.whole(value, "minor units (100 is 1.00 in most currencies)")
    }

    fn windows(&self, value: &TomlValue<'_>, config: &mut FileConfig) -> Parsed<()> {
        for (key, span, value) in in_order(self.table(value)?) {
            let card = self.cards.iter().find(|card| card.window.key() == Some(key));
            match card.map_or(Window::None, |card| card.window) {
                Window::Seconds { key, .. } => {
                    config.windows.insert(key, self.duration(value)?);
                }
                Window::DaysByProduct { .. } => {
                    self.days_by_product("", value, &mut config.days_by_product)?;
                    config.days_by_product.sort();
                }
                Window::None => {
                    let keys: Vec<&str> = self.cards.iter().filter_map(|card| card.window.key()).collect();
                    return Err(self.unknown_key(key, span, &keys));
                }
            }
        }
        Ok(())
    }

    /// Reads days by product. TOML parses an unquoted product type (`klarna.klarna = 28`) as a
    /// nested table.
    fn days_by_product(&self, product: &str, value: &TomlValue<'_>, days: &mut Vec<(String, u64)>) -> Parsed<()> {
        for (key, span, value) in in_order(self.table(value)?) {
            let inner = matches!(value.get_ref(), DeValue::Table(_)) && product.is_empty();
            let name = if product.is_empty() { key.to_owned() } else { format!("{product}.{key}") };
            if inner {
                self.days_by_product(&name, value, days)?;
            } else if days.iter().any(|(known, _)| *known == name) {
                let what = format!("`{}` stands here twice", visible(&name));
                return Err(self.error(span, what, "keep one of the two lines"));
            } else {
                days.push((name, self.whole(value, "whole days")?));
            }
        }
        Ok(())
    }

    /// A list of patterns; a single one needs no list.
    fn exclude(&self, value: &TomlValue<'_>) -> Parsed<Vec<String>> {
        let one = std::slice::from_ref(value);
        let values = if let DeValue::Array(values) = value.get_ref() { &values[..] } else { one };
        let pattern = |value: &TomlValue<'_>| {
            let text = self.filled(value)?;
            Exclude::new([text]).map_err(|(_, what)| {
                let help = "give a pattern like \"*.pdf\" or \"export/notes/**\"";
                self.error(value.span(), format!("`{}` is no pattern: {what}", visible(text)), help)
            })?;
            Ok(text.to_owned())
        };
        values.iter().map(pattern).collect()
    }

    fn freshness(&self, value: &TomlValue<'_>) -> Parsed<Option<u64>> {
        let mut max_age = None;
        for (key, span, value) in in_order(self.table(value)?) {
            if key != "max_age" {
                return Err(self.unknown_key(key, span, &["max_age"]));
            }
            let is_off = matches!(value.get_ref(), DeValue::String(text) if text == "off");
            max_age = if is_off { None } else { Some(self.duration(value)?) };
        }
        Ok(max_age)
    }

    fn as_of(&self, value: &TomlValue<'_>) -> Parsed<String> {
        let text = self.time_text(value)?;
        if Instant::parse_as_of(&text).is_some() {
            return Ok(text);
        }
        let help = "give a date (\"2026-11-20\", its last instant in UTC) or an instant with its offset \
                    (\"2026-11-20T06:00:00Z\")";
        Err(self.error(value.span(), format!("`{}` is no date or instant", visible(&text)), help))
    }

    fn time_zone(&self, value: &TomlValue<'_>) -> Parsed<Tz> {
        let name = self.filled(value)?;
        name.parse().map_err(|_| {
            let help = match nearest(name, TZ_VARIANTS.iter().map(|zone| zone.name())) {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => "give a zone of the IANA database: \"Europe/Oslo\", \"UTC\"".to_owned(),
            };
            self.error(value.span(), format!("there is no time zone `{}`", visible(name)), help)
        })
    }

    fn duration(&self, value: &TomlValue<'_>) -> Parsed<u64> {
        let help = "give a whole number with its unit, in quotes: \"600s\", \"30m\", \"12h\", \"1d\"";
        let DeValue::String(text) = value.get_ref() else { return Err(self.wrong(value, "a duration", help)) };
        let seconds = |(number, unit): (&str, u64)| {
            let plain = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| number.parse::<u64>().ok()?.checked_mul(unit)).flatten()
        };
        let units = [('s', 1), ('m', 60), ('h', 3600), ('d', 86_400)];
        let split = units.into_iter().find_map(|(unit, seconds)| Some((text.strip_suffix(unit)?, seconds)));
        let what = || format!("`{}` is no duration", visible(text));
        split.and_then(seconds).ok_or_else(|| self.error(value.span(), what(), help))
    }
}

fn severity(word: &str) -> Option<SeveritySetting> {
    if word == "off" { Some(SeveritySetting::Off) } else { Severity::named(word).map(SeveritySetting::As) }
}

#[cfg(test)]
mod tests;
