//! Errors in a configuration file: position, mistake, and advice.

use std::fmt;
use std::ops::Range;

use avstem_core::model::card::Card;
use avstem_core::model::display::visible;
use avstem_core::model::spelling::distance;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file name as the caller gave it.
    pub file: Box<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong, without a final full stop.
    pub what: Box<str>,
    /// What was expected, and how to fix it.
    pub help: Box<str>,
    /// The displayed line, and the range of the carets in it, in characters.
    shown: Box<str>,
    carets: Range<usize>,
}

impl ConfigError {
    /// Creates an error for a byte range of the text.
    pub fn new(file: &str, text: &str, span: Range<usize>, what: String, help: String) -> Self {
        let start = (0..=span.start.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let rest = text[line_start..].lines().next().unwrap_or("");
        let (before, after) = rest.split_at(rest.len().min(start - line_start));
        let end = (0..=span.end.saturating_sub(start).min(after.len())).rev().find(|&at| after.is_char_boundary(at));
        let (marked, beyond) = after.split_at(end.unwrap_or(0));
        // The displayed text can be longer than the original, because invisible characters are
        // escaped.
        let [before_shown, marked_shown, beyond_shown] = [before, marked, beyond].map(untabbed);
        let from = before_shown.chars().count();
        ConfigError {
            file: file.into(),
            line: text[..line_start].matches('\n').count() + 1,
            column: before.chars().count() + 1,
            what: what.into(),
            help: help.into(),
            carets: from..from + marked_shown.chars().count().max(1),
            shown: (before_shown + &marked_shown + &beyond_shown).into(),
        }
    }
}

/// Replaces a tab by one blank to keep the carets aligned, and escapes invisible characters.
fn untabbed(text: &str) -> String {
    visible(&text.replace('\t', " ")).into_owned()
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        writeln!(f, "{}:{}:{}: {}", visible(&self.file), self.line, self.column, self.what)?;
        writeln!(f, "{margin} |")?;
        writeln!(f, "{number} | {}", self.shown)?;
        writeln!(f, "{margin} | {}{}", " ".repeat(self.carets.start), "^".repeat(self.carets.len()))?;
        write!(f, "{margin} = {}", self.help)
    }
}

impl std::error::Error for ConfigError {}

/// The candidate that a mistyped word most likely means; `None` if none is close.
pub(super) fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wrong = word.to_lowercase();
    let limit = (wrong.chars().count() / 3).max(1);
    let far = |candidate: &str| distance(&wrong, &candidate.to_lowercase(), limit);
    candidates.into_iter().filter_map(|c| Some((far(c)?, c))).min_by_key(|(far, _)| *far).map(|(_, c)| c)
}

/// The closest spelling for a mistyped rule.
///
/// Codes are only normalized: codes one digit away are different rules, and none is more likely.
pub(super) fn nearest_rule(word: &str, cards: &[&'static Card]) -> Option<String> {
    let lower = word.trim().to_lowercase().replace(['_', ' '], "-");
    let digits = lower.trim_start_matches("av").trim_start_matches('-');
    if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        let code = format!("AV{digits:0>3}");
        return cards.iter().any(|card| card.code == code).then_some(code);
    }
    let one_change = |name: &&str| distance(&lower, name, 1).is_some();
    cards.iter().map(|card| card.name).find(one_change).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use avstem_core::rules::cards;

    use super::*;

    #[test]
    fn words_are_guessed_from_their_neighbours() {
        assert_eq!(nearest("Onwer", ["reason", "owner"]), Some("owner"));
        assert_eq!(nearest("colour", ["reason", "owner"]), None);
    }

    #[test]
    fn rules_are_guessed_from_their_neighbours() {
        let cards = cards();
        let guesses = [
            "av101",
            "101",
            "AV-101",
            "av3",
            "Over_Captured",
            "over-capture",
            "over-cpatured",
            "over-captvred",
            "over captured",
        ];
        for word in guesses {
            assert!(nearest_rule(word, &cards).is_some(), "{word}");
        }
        for word in ["AV999", "captured", "", "ÅV101", &"x".repeat(1000)] {
            assert_eq!(nearest_rule(word, &cards), None, "{word}");
        }
    }

    #[test]
    fn the_caret_stands_under_the_mistake() {
        let text = "a = 1\n\tø\u{202E} = 2\r\n";
        let at = text.find('2').unwrap();
        let error = ConfigError::new("x.toml", text, at..at + 1, "no".into(), "do".into());
        assert_eq!((error.line, error.column), (2, 7));
        assert_eq!(error.to_string(), "x.toml:2:7: no\n  |\n2 |  ø\\u{202E} = 2\n  |              ^\n  = do");
    }

    #[test]
    fn no_span_is_out_of_bounds() {
        for text in ["", "å", "a\n", "\n\n", "å\r\nø"] {
            for from in 0..8 {
                for to in 0..8 {
                    let error = ConfigError::new("f", text, from..to, String::new(), String::new());
                    assert!(error.line >= 1 && !error.carets.is_empty(), "{text:?} {from} {to}");
                }
            }
        }
    }
}
