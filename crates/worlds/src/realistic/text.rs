//! Bytes of JSON, written by hand: numbers, times and ids without any formatting machinery.

use super::random::Rng;
use super::world::{DAY, Ms, days_from_civil};

/// A growing piece of JSON text.
#[derive(Clone, Debug, Default)]
pub struct Text(pub Vec<u8>);

/// The first day that can be written.
const FIRST_DAY: i64 = days_from_civil(2026, 3, 1);

/// `YYYY-MM-DD` of each day from [`FIRST_DAY`] on.
static DATES: [[u8; 10]; 320] = dates();

/// `00` to `99`.
static PAIRS: [[u8; 2]; 100] = pairs();

const fn pairs() -> [[u8; 2]; 100] {
    let mut all = [[0; 2]; 100];
    let mut n = 0;
    while n < 100 {
        all[n] = [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        n += 1;
    }
    all
}

const fn dates() -> [[u8; 10]; 320] {
    let mut all = [*b"2026-00-00"; 320];
    let (mut year, mut month, mut day) = (2026, 3, 1);
    let mut n = 0;
    while n < all.len() {
        let y = pairs()[year as usize % 100];
        let (m, d) = (pairs()[month as usize], pairs()[day as usize]);
        all[n] = [b'2', b'0', y[0], y[1], b'-', m[0], m[1], b'-', d[0], d[1]];
        n += 1;
        day += 1;
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        if days_from_civil(year, month, day) == days_from_civil(next_year, next_month, 1) {
            (year, month, day) = (next_year, next_month, 1);
        }
    }
    all
}

impl Text {
    /// Appends text as it is.
    #[inline]
    pub fn s(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends an integer.
    pub fn int(&mut self, value: i64) {
        if value < 0 {
            self.0.push(b'-');
        }
        let mut digits = [0u8; 20];
        let (mut at, mut rest) = (digits.len(), value.unsigned_abs());
        while rest >= 100 {
            at -= 2;
            digits[at..at + 2].copy_from_slice(&PAIRS[(rest % 100) as usize]);
            rest /= 100;
        }
        if rest >= 10 {
            at -= 2;
            digits[at..at + 2].copy_from_slice(&PAIRS[rest as usize]);
        } else {
            at -= 1;
            digits[at] = b'0' + rest as u8;
        }
        self.0.extend_from_slice(&digits[at..]);
    }

    /// Appends a name and an integer: `"amount":12`.
    #[inline]
    pub fn field(&mut self, name: &str, value: i64) {
        self.s(name);
        self.int(value);
    }

    /// Appends a number of `width` digits, leading zeros included.
    pub fn padded(&mut self, value: u64, width: usize) {
        let start = self.0.len();
        self.0.resize(start + width, b'0');
        let mut rest = value;
        for digit in self.0[start..].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }

    /// Appends a time in quotes, without a fraction where it is a whole second.
    pub fn time(&mut self, at: Ms) {
        let day = usize::try_from(at.div_euclid(DAY) - FIRST_DAY).unwrap_or(0).min(DATES.len() - 1);
        let of_day = at.rem_euclid(DAY) as usize;
        let pair = |n: usize| PAIRS[n % 100];
        let (h, m, s) = (pair(of_day / 3_600_000), pair(of_day / 60_000 % 60), pair(of_day / 1000 % 60));
        let mut out = *b"\"2026-00-00T00:00:00.000Z\"";
        out[1..11].copy_from_slice(&DATES[day]);
        out[12..14].copy_from_slice(&h);
        out[15..17].copy_from_slice(&m);
        out[18..20].copy_from_slice(&s);
        let milli = of_day % 1000;
        if milli == 0 {
            self.bytes(&out[..20]);
            self.s("Z\"");
        } else {
            out[21] = b'0' + (milli / 100) as u8;
            out[22..24].copy_from_slice(&pair(milli % 100));
            self.bytes(&out);
        }
    }

    /// Appends a bare date in quotes.
    pub fn date(&mut self, at: Ms) {
        let day = usize::try_from(at.div_euclid(DAY) - FIRST_DAY).unwrap_or(0).min(DATES.len() - 1);
        self.s("\"");
        self.bytes(&DATES[day]);
        self.s("\"");
    }

    /// Appends `digits` hexadecimal digits of a number, at most 16.
    pub fn hex(&mut self, value: u64, digits: usize) {
        let mut out = [0u8; 16];
        let mut rest = value;
        for slot in &mut out[..digits.min(16)] {
            *slot = b"0123456789abcdef"[(rest & 15) as usize];
            rest >>= 4;
        }
        self.0.extend_from_slice(&out[..digits.min(16)]);
    }

    /// Appends an UUID made of two numbers, without quotes.
    pub fn uuid(&mut self, (a, b): (u64, u64)) {
        let mut out = [b'-'; 36];
        let mut rest = a;
        for (i, slot) in out.iter_mut().enumerate() {
            if matches!(i, 8 | 13 | 18 | 23) {
                continue;
            }
            *slot = b"0123456789abcdef"[(rest & 15) as usize];
            rest >>= 4;
            if i == 18 + 1 {
                rest = b;
            }
        }
        out[14] = b'4';
        self.0.extend_from_slice(&out);
    }

    /// Appends `n` letters and digits, at most ten for each number drawn.
    pub fn token(&mut self, rng: &mut Rng, n: usize) {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bits = 0;
        for i in 0..n {
            if i % 10 == 0 {
                bits = rng.next();
            }
            self.0.push(LETTERS[(bits & 63) as usize]);
            bits >>= 6;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::END;
    use super::*;

    fn written(write: impl Fn(&mut Text)) -> String {
        let mut text = Text::default();
        write(&mut text);
        String::from_utf8(text.0).unwrap()
    }

    #[test]
    fn integers_are_written_as_rust_writes_them() {
        for n in (-1200..1200).chain([i64::MIN, i64::MAX, 123_456_789_012, -10_000]) {
            assert_eq!(written(|t| t.int(n)), n.to_string());
        }
        assert_eq!(written(|t| t.padded(42, 5)), "00042");
    }

    #[test]
    fn times_are_rfc_3339() {
        assert_eq!(written(|t| t.time(END)), "\"2026-11-20T04:00:00Z\"");
        assert_eq!(written(|t| t.time(END - 1)), "\"2026-11-20T03:59:59.999Z\"");
        assert_eq!(written(|t| t.time(END - 200 * DAY + 7)), "\"2026-05-04T04:00:00.007Z\"");
        assert_eq!(written(|t| t.date(END + 41 * DAY)), "\"2026-12-31\"");
        assert_eq!(written(|t| t.date(END + 42 * DAY)), "\"2027-01-01\"");
    }

    #[test]
    fn uuids_use_all_their_bits() {
        let first = written(|t| t.uuid((1, 2)));
        assert_eq!((first.len(), first.matches('-').count()), (36, 4));
        for other in [(0, 2), (1, 0), (1 << 40, 2), (1, 1 << 40)] {
            assert_ne!(written(|t| t.uuid(other)), first);
        }
    }
}
