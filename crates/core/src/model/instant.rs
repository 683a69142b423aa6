//! Points in time to the nanosecond, as RFC 3339 writes them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// A point in time. A leap second is stored as the second before it, with `nanos` of 10^9 or more,
/// so that it sorts after 59.999999999 and before the next minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Instant {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub seconds: i64,
    /// Nanoseconds within the second.
    pub nanos: u32,
}

const NANO: u32 = 1_000_000_000;

/// Days from 1970-01-01 to a civil date (Gregorian, proleptic).
const fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y - era * 400;
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The civil date of a day counted from 1970-01-01.
const fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z - era * 146_097;
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + (month <= 2) as i64, month, day)
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0i64, |n, b| b.is_ascii_digit().then(|| n * 10 + i64::from(b - b'0')))
}

/// Parses a civil date `YYYY-MM-DD` into year, month and day.
fn date(bytes: &[u8]) -> Option<(i64, i64, i64)> {
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let (year, month, day) = (digits(&bytes[..4])?, digits(&bytes[5..7])?, digits(&bytes[8..10])?);
    ((1..=12).contains(&month) && (1..=days_in_month(year, month)).contains(&day)).then_some((year, month, day))
}

/// Parses an optional fraction with its point; returns nanoseconds and its length in bytes. Digits
/// beyond nine are cut.
fn fraction(bytes: &[u8]) -> Option<(u32, usize)> {
    if bytes.first() != Some(&b'.') {
        return Some((0, 0));
    }
    let (mut nanos, mut unit, mut length) = (0, NANO, 1);
    while let Some(digit) = bytes.get(length).filter(|b| b.is_ascii_digit()) {
        unit /= 10;
        nanos += u32::from(digit - b'0') * unit;
        length += 1;
    }
    (length > 1).then_some((nanos, length))
}

/// Parses the offset from UTC, which must be all of `bytes`, into seconds.
fn utc_offset(bytes: &[u8]) -> Option<i64> {
    match bytes {
        [b'Z' | b'z'] => Some(0),
        [sign @ (b'+' | b'-'), rest @ ..] if rest.len() == 5 && rest[2] == b':' => {
            let (hours, minutes) = (digits(&rest[..2])?, digits(&rest[3..])?);
            let seconds = (hours <= 23 && minutes <= 59).then_some(hours * 3600 + minutes * 60)?;
            Some(if *sign == b'-' { -seconds } else { seconds })
        }
        _ => None,
    }
}

impl Instant {
    /// Parses RFC 3339 with `Z` or an offset. Second 60 is accepted only where a leap second can
    /// be: in the last minute of a month, by UTC.
    pub fn parse(text: &str) -> Option<Instant> {
        let b = text.as_bytes();
        if b.len() < 20 || !matches!(b[10], b'T' | b't') || b[13] != b':' || b[16] != b':' {
            return None;
        }
        let (year, month, day) = date(&b[..10])?;
        let (hour, minute, second) = (digits(&b[11..13])?, digits(&b[14..16])?, digits(&b[17..19])?);
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        let (nanos, length) = fraction(&b[19..])?;
        let offset = utc_offset(&b[19 + length..])?;
        let seconds = days_from_civil(year, month, day) * DAY + hour * 3600 + minute * 60 + second.min(59) - offset;
        if second < 60 {
            return Some(Instant { seconds, nanos });
        }
        let (y, m, d) = civil_from_days(seconds.div_euclid(DAY));
        let month_ends = seconds.rem_euclid(DAY) == DAY - 1 && d == days_in_month(y, m);
        month_ends.then_some(Instant { seconds, nanos: NANO + nanos })
    }

    /// Like [`Instant::parse`]; the offset may lack its colon.
    pub fn parse_loosely(text: &str) -> Option<Instant> {
        let with_colon = || {
            let (front, minutes) = text.split_at_checked(text.len().checked_sub(2)?)?;
            Instant::parse(&format!("{front}:{minutes}"))
        };
        Instant::parse(text).or_else(with_colon)
    }

    /// Creates an instant from a date and time of day by UTC; `None` if they are invalid. Leap
    /// seconds are not accepted.
    #[inline]
    pub fn of_utc([year, month, day]: [u64; 3], [hour, minute, second]: [u64; 3], nanos: u32) -> Option<Instant> {
        let (year, month, day) = (year as i64, month as i64, day as i64);
        if !(1..=12).contains(&month) || day < 1 || hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        if day > 28 && day > days_in_month(year, month) {
            return None;
        }
        let of_day = (hour * 3600 + minute * 60 + second) as i64;
        Some(Instant { seconds: days_from_civil(year, month, day) * DAY + of_day, nanos })
    }

    /// Parses an as-of given by a person: an instant, or a bare date, which means its last instant
    /// by UTC.
    pub fn parse_as_of(text: &str) -> Option<Instant> {
        let whole_day = |(y, m, d)| Instant { seconds: days_from_civil(y, m, d) * DAY + DAY - 1, nanos: NANO - 1 };
        Instant::parse(text).or_else(|| date(text.as_bytes()).map(whole_day))
    }

    /// Whole days since 1970-01-01 by UTC.
    pub fn day(self) -> i64 {
        self.seconds.div_euclid(DAY)
    }

    /// Adds seconds, saturating.
    pub fn plus(self, seconds: u64) -> Instant {
        // A leap second counts as the next second here: the resulting day may have no leap second.
        let (leap, nanos) = (self.nanos / NANO, self.nanos % NANO);
        let seconds = self.seconds.saturating_add_unsigned(seconds).saturating_add_unsigned(leap.into());
        Instant { seconds, nanos }
    }

    /// Whether more than this many seconds lie between an earlier instant and this one.
    pub fn is_later_by_more_than(self, earlier: Instant, seconds: u64) -> bool {
        self.nanos_since(earlier) > i128::from(seconds) * i128::from(NANO)
    }

    /// Nanoseconds from another instant to this one.
    pub fn nanos_since(self, other: Instant) -> i128 {
        (i128::from(self.seconds) - i128::from(other.seconds)) * i128::from(NANO) + i128::from(self.nanos)
            - i128::from(other.nanos)
    }

    /// Whole days from an earlier instant to this one; negative when it is later.
    pub fn days_since(self, earlier: Instant) -> i64 {
        let days = self.nanos_since(earlier).div_euclid(i128::from(DAY) * i128::from(NANO));
        i64::try_from(days).unwrap_or(i64::MAX)
    }

    /// Microseconds since 1970-01-01T00:00:00Z; finer digits are cut. A leap second is its last
    /// microsecond.
    pub fn micros(self) -> i64 {
        self.seconds * 1_000_000 + i64::from(self.nanos.min(NANO - 1) / 1000)
    }
}

/// The day of a date `YYYY-MM-DD`, counted from 1970-01-01.
pub fn parse_day(text: &str) -> Option<i64> {
    let (year, month, day) = date(text.as_bytes())?;
    Some(days_from_civil(year, month, day))
}

/// A day counted from 1970-01-01 as `YYYY-MM-DD`.
pub fn format_day(day: i64) -> String {
    let (y, m, d) = civil_from_days(day);
    format!("{y:04}-{m:02}-{d:02}")
}

/// Writes a number below 100 as two digits.
fn two_digits(text: &mut [u8], number: u32) {
    (text[0], text[1]) = (b'0' + (number / 10) as u8, b'0' + (number % 10) as u8);
}

impl Instant {
    /// Writes it as RFC 3339, in UTC.
    pub fn write(self, out: &mut impl fmt::Write) -> fmt::Result {
        let (year, month, day) = civil_from_days(self.day());
        let of_day = self.seconds.rem_euclid(DAY) as u32;
        let mut text = *b"0000-00-00T00:00:00.000000000Z";
        let leap = u32::from(self.nanos >= NANO);
        let parts = [month as u32, day as u32, of_day / 3600, of_day / 60 % 60, of_day % 60 + leap];
        for (at, number) in [5, 8, 11, 14, 17].into_iter().zip(parts) {
            two_digits(&mut text[at..at + 2], number);
        }
        let mut rest = self.nanos % NANO;
        let mut end = if rest == 0 { 19 } else { 29 };
        while rest > 0 && rest.is_multiple_of(10) {
            (rest, end) = (rest / 10, end - 1);
        }
        for digit in text[20.min(end)..end].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        text[end] = b'Z';
        let shown = |text| std::str::from_utf8(text).expect("digits and marks are a text");
        match u32::try_from(year) {
            Ok(year @ 0..=9999) => {
                two_digits(&mut text[..2], year / 100);
                two_digits(&mut text[2..4], year % 100);
                out.write_str(shown(&text[..=end]))
            }
            _ => write!(out, "{year:04}{}", shown(&text[4..=end])),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        Instant::parse(text).map(|i| i.to_string())
    }

    #[test]
    fn agrees_with_chrono_on_ordinary_times() {
        for text in [
            "2023-11-07T05:31:56Z",
            "2024-02-29T23:59:59.123456789+05:30",
            "1969-12-31T23:59:59.5-00:00",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59.999999999-23:59",
        ] {
            let theirs = chrono::DateTime::parse_from_rfc3339(text).expect(text);
            let ours = Instant::parse(text).expect(text);
            assert_eq!((ours.seconds, ours.nanos), (theirs.timestamp(), theirs.timestamp_subsec_nanos()), "{text}");
        }
    }

    #[test]
    fn agrees_with_chrono_on_every_day() {
        let years = [0, 4, 1600, 1700, 1900, 1970, 2000, 2023, 2024, 2100, 2400, 9999];
        for (year, month) in years.into_iter().flat_map(|year| (0..=13).map(move |month| (year, month))) {
            for day in 0..=32 {
                let theirs = chrono::NaiveDate::from_ymd_opt(year, month, day);
                let theirs = theirs.and_then(|date| date.and_hms_opt(1, 2, 3)).map(|time| time.and_utc().timestamp());
                let text = format!("{year:04}-{month:02}-{day:02}T01:02:03Z");
                assert_eq!(Instant::parse(&text).map(|at| at.seconds), theirs, "{text}");
            }
        }
        let end = Instant::parse("9999-12-31T00:00:00Z").expect("a time").day();
        // Every day for some centuries, every few months before and after.
        for day in (-140_000..140_000).chain((-719_528..end).step_by(97)) {
            let theirs = chrono::DateTime::from_timestamp(day * DAY, 0).expect("chrono knows it").date_naive();
            assert_eq!(format_day(day), theirs.to_string());
        }
    }

    #[test]
    fn what_comes_after_a_leap_second_is_a_time() {
        let leap = Instant::parse("2016-12-31T23:59:60.25Z").expect("a time");
        let later = leap.plus(7 * 86_400);
        assert_eq!(later.to_string(), "2017-01-08T00:00:00.25Z");
        assert_eq!(Instant::parse(&later.to_string()), Some(later));
        assert_eq!(later.nanos_since(leap), 7 * 86_400 * i128::from(NANO));
    }

    #[test]
    fn the_parts_of_a_time_are_the_time() {
        let text = |[y, m, d]: [u64; 3], [h, min, s]: [u64; 3]| format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}Z");
        for year in [0, 1900, 2000, 2023, 2024, 9999] {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let (date, time) = ([year, month, day], [23, 59, 58]);
                assert_eq!(Instant::of_utc(date, time, 0), Instant::parse(&text(date, time)), "{}", text(date, time));
            }
        }
        for time in [[0, 0, 0], [23, 59, 59], [24, 0, 0], [0, 60, 0], [0, 0, 61], [9, 8, 7]] {
            let date = [2024, 2, 29];
            assert_eq!(Instant::of_utc(date, time, 0), Instant::parse(&text(date, time)), "{}", text(date, time));
        }
        assert_eq!(Instant::of_utc([2016, 12, 31], [23, 59, 60], 0), None, "no leap second");
    }

    #[test]
    fn shows_utc_without_trailing_zeros() {
        assert_eq!(shown("2023-11-07T05:31:56.120+01:00").as_deref(), Some("2023-11-07T04:31:56.12Z"));
        assert_eq!(shown("2023-11-07t05:31:56.0000000019z").as_deref(), Some("2023-11-07T05:31:56.000000001Z"));
    }

    #[test]
    fn every_year_is_shown_in_at_least_four_digits() {
        let shown = |seconds| Instant { seconds, nanos: 0 }.to_string();
        assert_eq!(shown(-62_167_219_200), "0000-01-01T00:00:00Z");
        assert_eq!(shown(-62_167_219_201), "-001-12-31T23:59:59Z");
        assert_eq!(shown(253_402_300_799), "9999-12-31T23:59:59Z");
        assert_eq!(shown(253_402_300_800), "10000-01-01T00:00:00Z");
        assert_eq!(shown(1_732_584_807), "2024-11-26T01:33:27Z");
    }

    #[test]
    fn leap_seconds_stand_at_the_end_of_a_month_only() {
        let leap = Instant::parse("2016-12-31T23:59:60.5Z").expect("leap");
        assert!(leap > Instant::parse("2016-12-31T23:59:59.999999999Z").expect("before"));
        assert!(leap < Instant::parse("2017-01-01T00:00:00Z").expect("after"));
        assert_eq!(leap.to_string(), "2016-12-31T23:59:60.5Z");
        assert!(Instant::parse("2016-12-31T15:59:60-08:00").is_some());
        for text in
            ["2016-12-30T23:59:60Z", "2016-12-31T12:00:60Z", "2016-12-31T23:59:60+01:00", "2016-12-31T23:59:61Z"]
        {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "",
            "2023-11-07",
            "2023-11-07T05:31:56",
            "2023-11-07 05:31:56Z",
            "2023-11-07T05:31Z",
            "2023-13-07T05:31:56Z",
            "2023-02-29T05:31:56Z",
            "2023-11-07T24:00:00Z",
            "2023-11-07T05:31:56.Z",
            "2023-11-07T05:31:56+0100",
            "2023-11-07T05:31:56+24:00",
            "2023-11-07T05:31:56Z ",
            "+023-11-07T05:31:56Z",
            "2023-11-07T05:31:56+01:60",
        ] {
            assert_eq!(Instant::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_between_two_times_counts_to_the_nanosecond() {
        let at = |seconds, nanos| Instant { seconds, nanos };
        let times = [at(-DAY, 0), at(-1, 999_999_999), at(0, 0), at(0, 1), at(600, 1), at(DAY, 0), at(DAY, 1)];
        for (from, to) in times.into_iter().flat_map(|from| times.map(|to| (from, to))) {
            let nanos = |of: Instant| i128::from(of.seconds) * 1_000_000_000 + i128::from(of.nanos);
            let between = nanos(to) - nanos(from);
            assert_eq!(to.nanos_since(from), between);
            assert_eq!(i128::from(to.days_since(from)), between.div_euclid(86_400_000_000_000));
            assert_eq!(to.is_later_by_more_than(from, 600), between > 600_000_000_000);
        }
    }

    #[test]
    fn microseconds_are_cut_and_a_leap_second_is_its_last_one() {
        let micros = |text| Instant::parse(text).expect("a time").micros();
        assert_eq!(micros("1970-01-01T00:00:02.0000019Z"), 2_000_001);
        assert_eq!(micros("1969-12-31T23:59:59.999999Z"), -1);
        assert_eq!(micros("2016-12-31T23:59:60.5Z"), micros("2016-12-31T23:59:59.999999Z"));
    }

    #[test]
    fn a_bare_date_is_its_last_instant() {
        let end = Instant::parse_as_of("2026-11-20").expect("date");
        assert_eq!(end.to_string(), "2026-11-20T23:59:59.999999999Z");
        assert_eq!(end.days_since(Instant::parse("2026-11-19T23:59:59.999999999Z").expect("t")), 1);
    }
}
