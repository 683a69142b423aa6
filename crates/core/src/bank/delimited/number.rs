//! Amounts as banks write them in CSV files.

use super::super::amount;
use super::super::settings::DecimalMark;
use crate::model::money::Minor;
use crate::model::reject::FileReason;

/// Reads an amount; `None` if the text is empty. Blanks and apostrophes go, the mark that is not
/// the decimal one may group the digits before the decimal mark by three.
pub fn amount(text: &str, mark: DecimalMark, decimals: u8) -> Result<Option<Minor>, FileReason> {
    let is_dropped = |c: char| matches!(c, ' ' | '\'' | '\u{2019}' | '\u{A0}' | '\u{202F}');
    let text: String = text.chars().filter(|c| !is_dropped(*c)).collect();
    if text.is_empty() {
        return Ok(None);
    }
    let (point, group) = match mark {
        DecimalMark::Comma => (',', '.'),
        DecimalMark::Point => ('.', ','),
    };
    let (whole, fraction) = text.split_once(point).unwrap_or((&text, ""));
    let digits = whole.trim_start_matches(['-', '+']);
    if !is_grouped(digits, group) || fraction.contains(['.', ',']) {
        return Err(FileReason::WrongType);
    }
    let whole: String = whole.chars().filter(|c| *c != group).collect();
    amount::minor(&format!("{whole}.{fraction}"), decimals).map(Some)
}

/// Whether digits are without groups, or the groups after the first have three.
fn is_grouped(digits: &str, group: char) -> bool {
    let mut groups = digits.split(group);
    let first = groups.next().map_or(0, str::len);
    let mut others = groups.peekable();
    others.peek().is_none() || (1..=3).contains(&first) && others.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_they_are_configured() {
        for (text, mark, read) in [
            ("1455,00", DecimalMark::Comma, 145_500),
            ("-1.455,50", DecimalMark::Comma, -145_550),
            ("1.234.567,8", DecimalMark::Comma, 123_456_780),
            ("1 455,00", DecimalMark::Comma, 145_500),
            ("1\u{A0}455,00", DecimalMark::Comma, 145_500),
            ("1\u{202F}455", DecimalMark::Comma, 145_500),
            ("1'455,00", DecimalMark::Comma, 145_500),
            ("- 5,00", DecimalMark::Comma, -500),
            ("+5", DecimalMark::Comma, 500),
            ("1455.00", DecimalMark::Point, 145_500),
            ("-1,455.50", DecimalMark::Point, -145_550),
            ("1,455", DecimalMark::Point, 145_500),
            ("1.455", DecimalMark::Comma, 145_500),
            ("100,000", DecimalMark::Comma, 10_000),
        ] {
            assert_eq!(amount(text, mark, 2), Ok(Some(read)), "{text}");
        }
        for text in ["", " ", "\u{A0}"] {
            assert_eq!(amount(text, DecimalMark::Comma, 2), Ok(None));
        }
    }

    #[test]
    fn what_has_another_form_is_no_amount() {
        for text in
            ["1455.00", "1.45,00", "1.4555,00", ".455,00", "1..455", "1,2,3", "1,2.3", "5,00-", "NOK 5", "--5", "x"]
        {
            assert_eq!(amount(text, DecimalMark::Comma, 2), Err(FileReason::WrongType), "{text}");
        }
        for text in ["1455,00", "1,45.00", "14,555,00"] {
            assert_eq!(amount(text, DecimalMark::Point, 2), Err(FileReason::WrongType), "{text}");
        }
        assert_eq!(amount("100,005", DecimalMark::Comma, 2), Err(FileReason::AmountNotInteger));
        assert_eq!(amount("92233720368547758,08", DecimalMark::Comma, 2), Err(FileReason::AmountOutOfRange));
    }
}
