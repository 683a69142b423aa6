//! Formats numbers, amounts and times for the page.

use std::borrow::Cow;

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{self, grouped, shown, visible};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use crate::report::stake;

/// Maximum characters of an input text that the page shows: an id may have millions.
const LONGEST: usize = 160;

/// Maximum characters of a currency that the page shows: an export may have any text there.
const LONGEST_CURRENCY: usize = 12;

/// Formats a count with no-break spaces between thousands.
pub fn count(number: u64) -> String {
    grouped(Sum::from(number), 0).replace(' ', "\u{A0}")
}

/// Formats a count with its noun, with no-break spaces.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    display::counted(number, one, many).replace(' ', "\u{A0}")
}

/// Formats an exact amount in major units, with no-break spaces between thousands.
pub fn amount(minor: Sum, currency: &str) -> String {
    grouped(minor, display_exponent(Some(currency))).replace(' ', "\u{A0}")
}

/// Formats an amount with its currency.
pub fn money(minor: Sum, currency: &str) -> String {
    format!("{}\u{A0}{}", amount(minor, currency), currency_name(currency))
}

/// Rounds an amount to whole major units, and from a thousand million on to millions: for chart
/// labels.
pub fn rough(minor: Sum, currency: &str) -> String {
    let unit = Sum::from(10).pow(u32::from(display_exponent(Some(currency))));
    let whole = rounded(minor, unit);
    if whole.unsigned_abs() < 1_000_000_000 {
        return grouped(whole, 0).replace(' ', "\u{A0}");
    }
    format!("{}\u{A0}M", grouped(rounded(whole, 1_000_000), 0).replace(' ', "\u{A0}"))
}

fn rounded(number: Sum, unit: Sum) -> Sum {
    let half = if number < 0 { -unit / 2 } else { unit / 2 };
    number.saturating_add(half) / unit
}

/// Cuts a text of the input after `most` characters.
fn cut(text: Cow<'_, str>, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", &text[..at]).into(),
        None => text,
    }
}

/// Formats an id for display.
pub fn id(text: &str) -> Cow<'_, str> {
    // Also cut before escaping, so that the part cut off is not scanned.
    let end = text.char_indices().nth(LONGEST + 1).map_or(text.len(), |(at, _)| at);
    cut(visible(&text[..end]), LONGEST)
}

/// Cuts a text whose parts are already fit for display.
pub fn brief(text: &str) -> Cow<'_, str> {
    cut(Cow::Borrowed(text), 3 * LONGEST)
}

/// Formats a reference or other free text for display, with card numbers masked.
pub fn free(text: &str) -> Cow<'_, str> {
    cut(shown(text), LONGEST)
}

/// Formats a currency as written.
pub fn currency_name(text: &str) -> Cow<'_, str> {
    cut(shown(text), LONGEST_CURRENCY)
}

pub fn minute(time: Instant) -> String {
    let text = time.to_string();
    match text.split_once('T') {
        Some((day, clock)) => format!("{day} {}", clock.get(..5).unwrap_or(clock)),
        None => text,
    }
}

/// Formats amounts of several currencies in one line, the `most` largest of them.
pub fn amounts<'a>(of: impl Iterator<Item = (&'a str, Sum)>, most: usize) -> String {
    let mut all: Vec<(&str, Sum)> = of.filter(|(_, sum)| *sum != 0).collect();
    stake::sort(&mut all);
    let mut text: Vec<String> = all.iter().take(most).map(|(currency, sum)| money(*sum, currency)).collect();
    if all.len() > most {
        let more = all.len() - most;
        text.push(format!("{more} smaller {}", if more == 1 { "sum" } else { "sums" }));
    }
    text.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_rounded_and_short() {
        assert_eq!(rough(12_345_650, "NOK"), "123\u{A0}457");
        assert_eq!(rough(-49, "NOK"), "0");
        assert_eq!(rough(-50, "NOK"), "-1");
        assert_eq!(rough(1_234_567, "ISK"), "1\u{A0}234\u{A0}567");
        assert_eq!(rough(123_450_000_000, "NOK"), "1\u{A0}235\u{A0}M");
        assert!(rough(Sum::MAX, "NOK").ends_with('M') && rough(Sum::MIN, "ISK").starts_with('-'));
    }

    #[test]
    fn long_texts_are_cut() {
        assert_eq!(id(&"x".repeat(1_000_000)).chars().count(), LONGEST + 1);
        assert_eq!(id("P1.ok"), "P1.ok");
        assert_eq!(currency_name("a currency that is none"), "a currency t…");
    }

    #[test]
    fn times_are_shown_to_the_minute() {
        assert_eq!(Instant::parse("2026-10-31T16:00:36.827Z").map(minute).as_deref(), Some("2026-10-31 16:00"));
    }
}
