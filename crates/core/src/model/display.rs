//! Formats text and amounts for people: no invisible characters, no card numbers, no rounding.
//!
//! Text of the input goes through [`visible`] wherever it is shown, so that it can neither hide nor reorder what an
//! auditor reads. References and other free text go through [`shown`], which hides card numbers as well.

use std::borrow::Cow;
use std::ops::RangeInclusive;

pub use super::bytes::is_printable;

/// Number of digits of a card number.
const CARD_DIGITS: RangeInclusive<usize> = 13..=19;

/// Trailing digits of a card number that stay readable.
const CARD_TAIL: usize = 4;

/// Escapes every character that is invisible, or that changes how others are shown, as `\u{202E}`.
///
/// That is: controls (C0, DEL, C1), bidirectional controls, zero-width and other formatting characters, line and
/// paragraph separators, tags, and U+FFFE and U+FFFF, which are no characters. Everything else stays as it is, letters
/// of every script and variation selectors too.
#[inline]
pub fn visible(text: &str) -> Cow<'_, str> {
    if is_printable(text.as_bytes()) { Cow::Borrowed(text) } else { escaped(text) }
}

fn escaped(text: &str) -> Cow<'_, str> {
    let Some(first) = text.find(is_hidden) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len() + 16);
    out.push_str(&text[..first]);
    for c in text[first..].chars() {
        if is_hidden(c) {
            out.extend(c.escape_unicode().map(|e| if e == 'u' { e } else { e.to_ascii_uppercase() }));
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// Counts ASCII digits, in chunks that cannot overflow the `u8` counter.
fn digits(text: &str) -> usize {
    let few = |bytes: &[u8]| bytes.iter().fold(0u8, |count, byte| count + u8::from(byte.is_ascii_digit()));
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|bytes| usize::from(few(bytes))).sum()
}

/// Whether the character is invisible or displaces others.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
        | '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}'
        | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}'..='\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

/// Prepares references and free text for display: masks card numbers, then escapes.
///
/// Masking comes first, because it looks through invisible characters between digits; their escapes would break a
/// card number into harmless looking pieces.
#[inline]
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { masked_and_escaped(text) }
}

/// Whether a text is surely shown as it is; one of which this is not said may be, too.
#[inline]
pub fn is_plain(text: &str) -> bool {
    is_printable(text.as_bytes()) && (text.len() < *CARD_DIGITS.start() || digits(text) < *CARD_DIGITS.start())
}

fn masked_and_escaped(text: &str) -> Cow<'_, str> {
    match masked(text) {
        Cow::Borrowed(text) => visible(text),
        Cow::Owned(text) => Cow::Owned(visible(&text).into_owned()),
    }
}

/// The text with what looks like a card number masked to its last four digits; separators stay.
///
/// A card number is a run of 13 to 19 digits, with single blanks or hyphens allowed between them,
/// that begins with 2 to 6 and passes the Luhn check. Digits without separators are never split: 20
/// or more are no card number. Pieces joined by separators are tried in every combination of
/// neighbours, so that a date before a card number, or an amount after it, does not hide it. A
/// digit stays only if no such run masks it.
pub fn masked(text: &str) -> Cow<'_, str> {
    if digits(text) < *CARD_DIGITS.start() {
        return Cow::Borrowed(text);
    }
    let (mut run, mut masks) = (Run::default(), Vec::new());
    let mut separators = 0;
    for (at, c) in text.char_indices() {
        match c {
            '0'..='9' => {
                if separators > 1 {
                    run.finish(&mut masks);
                }
                run.push(at, c as u8 - b'0', separators == 1);
                separators = 0;
            }
            ' ' | '-' | '\u{A0}' | '\u{202F}' | '\u{2010}' | '\u{2011}' => separators += 1,
            c if is_hidden(c) => {}
            _ => {
                run.finish(&mut masks);
                separators = 0;
            }
        }
    }
    run.finish(&mut masks);
    if masks.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut masks = masks.into_iter().peekable();
    Cow::Owned(text.char_indices().map(|(at, c)| masks.next_if_eq(&at).map_or(c, |_| '*')).collect())
}

/// A run of digits with at most one separator between two of them, split into pieces at separators.
#[derive(Default)]
struct Run {
    /// Value and byte offset of each digit.
    digits: Vec<(u8, usize)>,
    /// Where in `digits` each piece begins.
    pieces: Vec<usize>,
}

impl Run {
    fn push(&mut self, at: usize, digit: u8, separated: bool) {
        if separated || self.digits.is_empty() {
            self.pieces.push(self.digits.len());
        }
        self.digits.push((digit, at));
    }

    /// Adds the offsets of all digits to mask, and clears the run.
    fn finish(&mut self, masks: &mut Vec<usize>) {
        if self.digits.len() >= *CARD_DIGITS.start() {
            self.pieces.push(self.digits.len());
            let mut hide = vec![false; self.digits.len()];
            for (i, &from) in self.pieces.iter().enumerate() {
                for &to in self.pieces[i + 1..].iter().take_while(|&&to| to - from <= *CARD_DIGITS.end()) {
                    if is_card(&self.digits[from..to]) {
                        hide[from..to - CARD_TAIL].fill(true);
                    }
                }
            }
            masks.extend(self.digits.iter().zip(&hide).filter(|(_, hide)| **hide).map(|((_, at), _)| *at));
        }
        self.digits.clear();
        self.pieces.clear();
    }
}

/// Whether the digits have the length, the beginning and the check digit of a card number.
fn is_card(digits: &[(u8, usize)]) -> bool {
    if !CARD_DIGITS.contains(&digits.len()) || !matches!(digits[0].0, 2..=6) {
        return false;
    }
    let doubled = |d: u8| if d > 4 { 2 * d - 9 } else { 2 * d };
    let weighed = digits.iter().rev().enumerate().map(|(i, &(d, _))| if i % 2 == 1 { doubled(d) } else { d });
    weighed.map(u32::from).sum::<u32>() % 10 == 0
}

/// An amount of minor units as an exact decimal of major units: `-12.05`, `0.00`, and `5` where the exponent is 0.
pub fn decimal(minor: i128, exponent: u8) -> String {
    written(minor, exponent, false)
}

/// Like [`decimal`], with blanks between thousands, for terminals and pages: `722 001.00`.
pub fn grouped(minor: i128, exponent: u8) -> String {
    written(minor, exponent, true)
}

/// Formats a count with its noun, in singular or plural.
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number.into(), 0), if number == 1 { one } else { many })
}

/// Digits of the largest number.
pub const MOST_DIGITS: usize = 39;

/// The digits of a number, written into `room`.
pub fn digits_of(number: u128, room: &mut [u8; MOST_DIGITS]) -> &str {
    let (mut at, mut rest) = (MOST_DIGITS, number);
    let mut put = |digit: u8| {
        at -= 1;
        room[at] = b'0' + digit;
    };
    while rest > u128::from(u64::MAX) {
        put((rest % 10) as u8);
        rest /= 10;
    }
    // Nearly all numbers have 64 bits, which divide much faster.
    let mut rest = rest as u64;
    loop {
        put((rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    std::str::from_utf8(&room[at..]).expect("digits are a text")
}

/// Formats the digits as text: no value overflows and nothing is rounded.
fn written(minor: i128, exponent: u8, group: bool) -> String {
    let places = usize::from(exponent);
    let mut room = [0; MOST_DIGITS];
    let digits = digits_of(minor.unsigned_abs(), &mut room);
    let (whole, fraction) = digits.split_at(digits.len().saturating_sub(places));
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + places + 3);
    if minor < 0 {
        out.push('-');
    }
    if whole.is_empty() {
        out.push('0');
    } else if group {
        let (first, rest) = whole.split_at((whole.len() - 1) % 3 + 1);
        out.push_str(first);
        for at in (0..rest.len()).step_by(3) {
            out.push(' ');
            out.push_str(&rest[at..at + 3]);
        }
    } else {
        out.push_str(whole);
    }
    if places > 0 {
        out.push('.');
        (fraction.len()..places).for_each(|_| out.push('0'));
        out.push_str(fraction);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_is_lent() {
        for text in ["", "order-17", "Kåre Ødegård", "注文 12", "❤\u{FE0F}", "a\u{A0}b", "\\u{202E}"] {
            assert!(matches!(visible(text), Cow::Borrowed(t) if t == text), "{text}");
        }
    }

    #[test]
    fn hidden_characters_are_escaped() {
        let cases = [
            ("a\u{202E}b", "a\\u{202E}b"),
            ("\0\t\n\u{7F}\u{85}", "\\u{0}\\u{9}\\u{A}\\u{7F}\\u{85}"),
            ("\u{FEFF}ø", "\\u{FEFF}ø"),
            ("_x202E\u{FFFE}", "_x202E\\u{FFFE}"),
            ("x\u{E0041}\u{E007F}", "x\\u{E0041}\\u{E007F}"),
            ("\u{61C}\u{180E}\u{AD}", "\\u{61C}\\u{180E}\\u{AD}"),
            ("1\u{2028}2\u{2029}3", "1\\u{2028}2\\u{2029}3"),
        ];
        for (text, want) in cases {
            assert_eq!(visible(text), want);
        }
        let ranges =
            [('\u{200B}', '\u{200F}'), ('\u{202A}', '\u{202E}'), ('\u{2060}', '\u{2064}'), ('\u{2066}', '\u{2069}')];
        for (from, to) in ranges {
            for c in from..=to {
                assert_eq!(visible(&c.to_string()), format!("\\u{{{:X}}}", c as u32));
            }
        }
    }

    #[test]
    fn nothing_hidden_is_left_and_nothing_else_changes() {
        for c in '\0'..='\u{10FFFF}' {
            let text = c.to_string();
            let out = visible(&text);
            assert!(!out.contains(is_hidden));
            assert_eq!(visible(&out), out, "what is visible stays");
            assert!(is_hidden(c) || out == text);
        }
    }

    #[test]
    fn card_numbers_are_masked_to_the_last_four() {
        let cases = [
            ("4111111111111111", "************1111"),
            ("ref 5500-0000-0000-0004.", "ref ****-****-****-0004."),
            ("3782 822463 10005", "**** ****** *0005"),
            ("4222222222222", "*********2222"),
            ("6304000000000000000", "***************0000"),
            ("4111111111111111/5500000000000004", "************1111/************0004"),
            ("kort 4111 1111 1111 1111 takk", "kort **** **** **** 1111 takk"),
        ];
        for (text, want) in cases {
            assert_eq!(masked(text), want);
        }
    }

    #[test]
    fn what_stands_beside_a_card_number_does_not_hide_it() {
        let cases = [
            ("2026-11-20 4111111111111111", "2026-11-20 ************1111"),
            ("4111 1111 1111 1111 2027", "**** **** **** 1111 2027"),
            ("1 4111111111111111", "1 ************1111"),
            ("4111\u{A0}1111\u{2011}1111 1111", "****\u{A0}****\u{2011}**** 1111"),
            ("41\u{200B}11111111111111", "**\u{200B}**********1111"),
        ];
        for (text, want) in cases {
            assert_eq!(masked(text), want);
        }
    }

    #[test]
    fn other_numbers_stay() {
        let stay = [
            "4111111111111112",          // check digit
            "1111111111111117",          // begins with 1
            "7111111111111111",          // begins with 7
            "411111111111",              // 12 digits
            "41111111111111110000",      // 20 digits in one piece
            "00004111111111111111",      // the same
            "4111  1111  1111  1111",    // two blanks
            "4111.1111.1111.1111",       // other separators
            "a8c06fb2-6d31-4111-1111-0", // letters between
            "****-****-****-1111",
            "",
        ];
        for text in stay {
            assert!(matches!(masked(text), Cow::Borrowed(t) if t == text), "{text}");
        }
    }

    #[test]
    fn shown_masks_before_it_escapes() {
        assert_eq!(shown("4111\u{200B}111111111111"), "****\\u{200B}********1111");
        assert_eq!(shown("4111111111111111\u{202E}"), "************1111\\u{202E}");
        assert!(matches!(shown("order-1"), Cow::Borrowed("order-1")));
    }

    #[test]
    fn masking_changes_digits_only() {
        let (mut seed, signs) = (7u64, ['4', '1', '5', '0', ' ', '-', 'x', 'å', '\u{200B}']);
        for _ in 0..20_000 {
            let text: String = (0..40)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    signs[usize::try_from((seed >> 33) % 11).unwrap().saturating_sub(2)]
                })
                .collect();
            let out = masked(&text);
            assert_eq!(out.chars().count(), text.chars().count());
            assert!(text.chars().zip(out.chars()).all(|(a, b)| a == b || (a.is_ascii_digit() && b == '*')));
        }
    }

    #[test]
    fn decimals_are_exact() {
        let cases = [
            (-1205, 2, "-12.05", "-12.05"),
            (0, 2, "0.00", "0.00"),
            (5, 0, "5", "5"),
            (-5, 2, "-0.05", "-0.05"),
            (1234, 3, "1.234", "1.234"),
            (72_200_100, 2, "722001.00", "722 001.00"),
            (-1_000_000, 0, "-1000000", "-1 000 000"),
            (-999, 0, "-999", "-999"),
            (1, 4, "0.0001", "0.0001"),
        ];
        for (minor, exponent, plain, apart) in cases {
            assert_eq!((decimal(minor, exponent).as_str(), grouped(minor, exponent).as_str()), (plain, apart));
        }
        assert_eq!(decimal(i128::MIN, 2), "-1701411834604692317316873037158841057.28");
        assert_eq!(decimal(i128::MAX, 0), i128::MAX.to_string());
        assert_eq!(grouped(i128::MIN, 2), "-1 701 411 834 604 692 317 316 873 037 158 841 057.28");
        assert_eq!(decimal(-1, 255).len(), 258);
    }

    #[test]
    fn decimals_read_back_as_they_were() {
        for exponent in 0..6 {
            for minor in (-2_000..2_000).chain([i128::from(i64::MIN), i128::from(i64::MAX), i128::MIN, i128::MAX]) {
                let (plain, apart) = (decimal(minor, exponent), grouped(minor, exponent));
                assert_eq!(apart.replace(' ', ""), plain);
                assert_eq!(plain.replace('.', "").parse::<i128>(), Ok(minor));
                assert_eq!(plain.rsplit_once('.').map_or(0, |(_, f)| f.len()), usize::from(exponent));
            }
        }
    }
}
