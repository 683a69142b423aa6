//! Parses short whole numbers and times in their usual form, eight bytes at a time. Returns `None`
//! for any other form; the exact readers then parse it.

use std::cell::Cell;
use std::num::NonZero;

use super::simd::Padded;
use crate::model::instant::Instant;

const ZEROS: u64 = 0x3030_3030_3030_3030;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Parses a whole number of at most seven digits without leading zeros; also returns the position
/// after it.
#[inline(always)]
pub(crate) fn short_number(text: Padded<'_>, at: usize) -> Option<(u32, usize)> {
    let (value, length) = number_of_word(text.word(at))?;
    Some((value, at + length))
}

/// Like [`short_number`], for the front of eight bytes; also returns the number of digits.
#[inline(always)]
pub(crate) fn number_of_word(word: u64) -> Option<(u32, usize)> {
    let digits = word ^ ZEROS;
    // Sets the high bit of each byte that is not a digit. A carry only reaches bytes after a
    // non-digit, so the lowest mark is exact.
    let others = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & HIGHS;
    let bits = NonZero::new(others)?.trailing_zeros() & 0x38;
    // A digit of one to nine, or a zero alone.
    if !(1..10).contains(&(digits as u8)) && (digits as u8 != 0 || bits != 8) {
        return None;
    }
    // Shift in leading zeros, so that eight digits are always combined.
    let digits = digits.wrapping_shl(0u32.wrapping_sub(bits));
    let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = pairs.wrapping_mul(100).wrapping_add(pairs >> 16) & 0x0000_ffff_0000_ffff;
    let value = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    Some((value as u32, bits as usize / 8))
}

/// Counts the leading digits of eight bytes; returns the byte after them, too. `None` for eight.
#[inline(always)]
pub(crate) fn length_of_digits(word: u64) -> Option<(usize, u8)> {
    let digits = word ^ ZEROS;
    let others = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & HIGHS;
    let bits = NonZero::new(others)?.trailing_zeros() & 0x38;
    Some((bits as usize / 8, (word >> bits) as u8))
}

const TRUE: u32 = u32::from_le_bytes(*b"true");
const FALSE_TAIL: u32 = u32::from_le_bytes(*b"alse");

/// The length of true or false, if one of them is at the front of a word; else 0.
#[inline(always)]
pub(crate) fn length_of_boolean(word: u64) -> usize {
    if word as u32 == TRUE {
        4
    } else if word as u8 == b'f' && (word >> 8) as u32 == FALSE_TAIL {
        5
    } else {
        0
    }
}

/// Parses a time of `length` bytes, of the form `YYYY-MM-DDThh:mm:ssZ` or
/// `YYYY-MM-DDThh:mm:ss.sssZ`.
#[inline(always)]
pub(crate) fn usual_time(text: Padded<'_>, at: usize, length: usize) -> Option<Instant> {
    time_with(text.window(at)?.first_chunk()?, length, Day::read)
}

/// Like [`usual_time`]; `seconds_before` gives the Unix seconds at the start of a day.
#[inline(always)]
fn time_with(text: &[u8; 24], length: usize, seconds_before: impl FnOnce(Day) -> Option<i64>) -> Option<Instant> {
    let word = |n: usize| u64::from_le_bytes(text.as_chunks().0[n]);
    let [date, hours, rest] = [word(0), word(1), word(2)];
    let rest = match length {
        24 => rest,
        20 => rest & 0x00ff_ffff | u64::from_le_bytes(*b"\0\0\0.000\0") | rest >> 24 << 56,
        _ => return None,
    };
    let day = seconds_before(Day { month: date, day: hours as u16 })?;
    // The digits of the day are known to be some.
    let hours = (hours ^ u64::from_le_bytes(*b"00T00:00")) >> 16;
    let rest = rest ^ u64::from_le_bytes(*b":00.000Z");
    // After the XOR, digits are at most nine and separators are zero.
    let wrong = (hours.wrapping_add(0x7676_7f76_767f) | hours) | (rest.wrapping_add(0x7f76_7676_7f76_767f) | rest);
    if wrong & HIGHS != 0 {
        return None;
    }
    // Each byte becomes its digit plus ten times the digit before it.
    let pairs = |digits: u64| digits.wrapping_mul(10 << 8).wrapping_add(digits);
    let (of_hours, of_rest) = (pairs(hours), pairs(rest));
    let [hour, minute, second] = [of_hours >> 16, of_hours >> 40, of_rest >> 16].map(|pair| (pair & 0xff) as u32);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let millis = (rest >> 32 & 0xff) as u32 * 100 + (of_rest >> 48 & 0xff) as u32;
    let seconds = day.wrapping_add(i64::from(hour * 3600 + minute * 60 + second));
    Some(Instant { seconds, nanos: millis.wrapping_mul(1_000_000) })
}

/// A day as it is written: year and month with their hyphens, and the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Day {
    month: u64,
    day: u16,
}

impl Day {
    /// Unix seconds at its start.
    fn read(self) -> Option<i64> {
        let date = self.month ^ u64::from_le_bytes(*b"0000-00-");
        let day = u64::from(self.day ^ u16::from_le_bytes(*b"00"));
        let wrong = (date.wrapping_add(0x7f76_767f_7676_7676) | date) | (day.wrapping_add(0x7676) | day);
        if wrong & HIGHS != 0 {
            return None;
        }
        let pair = |digits: u64, at: u32| (digits >> (8 * at) & 0xff) * 10 + (digits >> (8 * at + 8) & 0xff);
        let civil = [pair(date, 0) * 100 + pair(date, 2), pair(date, 5), pair(day, 0)];
        Some(Instant::of_utc(civil, [0; 3], 0)?.seconds)
    }
}

/// A power of two.
const DAYS: usize = 128;

/// Remembers days that were read, and the Unix seconds at their starts: an export has few.
#[derive(Debug)]
pub(crate) struct Calendar {
    days: [Cell<(Day, i64)>; DAYS],
}

impl Default for Calendar {
    fn default() -> Self {
        // No text has these bytes.
        Calendar { days: [const { Cell::new((Day { month: u64::MAX, day: u16::MAX }, 0)) }; DAYS] }
    }
}

impl Calendar {
    /// See [`usual_time`](self::usual_time).
    #[inline(always)]
    pub(crate) fn usual_time(&self, text: &[u8; 24], length: usize) -> Option<Instant> {
        time_with(text, length, |day| {
            // The last digits of month and day tell most days of an export apart.
            let place = (day.day.wrapping_mul(0x0a01) >> 8) ^ ((day.month >> 43) as u16);
            let known = &self.days[usize::from(place) % DAYS];
            let (last, seconds) = known.get();
            if last == day { Some(seconds) } else { Self::turn_to(known, day) }
        })
    }

    #[inline(never)]
    fn turn_to(known: &Cell<(Day, i64)>, day: Day) -> Option<i64> {
        let seconds = day.read()?;
        known.set((day, seconds));
        Some(seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::super::simd::PADDING;
    use super::*;
    use crate::model::number::Number;

    #[test]
    fn short_numbers_are_those_of_the_exact_reader() {
        let mut texts: Vec<String> = (0..3000u64).map(|n| (n * n * n % 12_345_678).to_string()).collect();
        texts.extend(["", "-1", "00", "01", "0", "9999999", "10000000", "12345678901234567890"].map(str::to_owned));
        for text in &texts {
            for behind in [",        ", "}       ", "/       ", ":       ", "\u{e9}       ", ".5      ", "e3      "] {
                let whole = format!("x{text}{behind}{:64}", "");
                let short = short_number(Padded::new(whole.as_bytes(), 1 + text.len() + 1), 1);
                let exact = Number::parse(text.as_bytes()).and_then(|number| number.amount().ok());
                if text.starts_with('-') || text.len() > 7 {
                    assert_eq!(short, None, "{whole}");
                } else {
                    assert_eq!(short, exact.map(|value| (value as u32, 1 + text.len())), "{whole}");
                }
            }
        }
    }

    fn usual(text: &[u8]) -> Option<Instant> {
        let padded = [text, &[b'0'; PADDING]].concat();
        usual_time(Padded::new(&padded, text.len()), 0, text.len())
    }

    /// Whatever was read before, and with days that share a place.
    #[test]
    fn a_calendar_changes_no_time() {
        let calendar = Calendar::default();
        let days = (0..4000).map(|n| n * 7 % 1500).chain([0, 0, 128, 0, 1499]);
        for (n, day) in days.enumerate() {
            let date = Instant { seconds: 1_700_000_000 + day * 86_400, nanos: 0 }.to_string();
            let text = format!("{}T00:02:{:02}Z", &date[..10], n % 60);
            let padded = format!("{text}{:24}", "");
            let time = calendar.usual_time(padded.as_bytes().first_chunk().expect("24 bytes"), text.len());
            assert_eq!((time, time.is_some()), (Instant::parse(&text), true), "{text}");
        }
        for filler in [0, b' '] {
            let text = [[filler; 10].as_slice(), b"T00:00:00.000Z"].concat();
            assert_eq!(Calendar::default().usual_time(text.first_chunk().expect("24 bytes"), 24), None);
        }
    }

    #[test]
    fn usual_times_are_those_of_the_exact_reader() {
        for text in ["2026-10-26T00:02:18.670Z", "2026-10-26T00:02:18Z", "1969-12-31T23:59:59.999Z"] {
            assert_eq!(usual(text.as_bytes()), Instant::parse(text), "{text}");
            assert!(usual(text.as_bytes()).is_some());
            // Any ASCII byte at any place: the fast parser must agree with the exact one.
            for at in 0..text.len() {
                for byte in 0..=0x7f {
                    let mut other = text.as_bytes().to_vec();
                    other[at] = byte;
                    let exact = Instant::parse(str::from_utf8(&other).expect("plain text"));
                    if let Some(time) = usual(&other) {
                        assert_eq!(Some(time), exact, "{other:?}");
                    } else if byte.is_ascii_digit() {
                        assert_eq!(exact, None, "{other:?}");
                    }
                }
            }
        }
        for text in ["2026-02-29T00:00:00Z", "2026-00-10T00:00:00Z", "2026-01-01T24:00:00Z", "2016-12-31T23:59:60Z"] {
            assert_eq!(usual(text.as_bytes()), None, "{text}");
        }
    }
}
