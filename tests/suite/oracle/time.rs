//! Instants: RFC 3339, ordered with nanosecond precision.

use chrono::{DateTime, NaiveDate, Utc};

/// A second of 60 is stored as second 59 with nanoseconds from 1 000 000 000 on, so that it sorts
/// after 59.999999999 and before the next minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant {
    seconds: i64,
    nanoseconds: u32,
}

impl Instant {
    pub fn parse(written: &str) -> Option<Instant> {
        let at = DateTime::parse_from_rfc3339(written).ok()?;
        Some(Instant { seconds: at.timestamp(), nanoseconds: at.timestamp_subsec_nanos() })
    }

    /// "A bare date means its last instant in UTC."
    pub fn parse_as_of(written: &str) -> Option<Instant> {
        match NaiveDate::parse_from_str(written, "%Y-%m-%d") {
            Ok(date) => {
                Some(Instant { seconds: date.and_hms_opt(23, 59, 59)?.and_utc().timestamp(), nanoseconds: 999_999_999 })
            }
            Err(_) => Instant::parse(written),
        }
    }

    /// Nanoseconds from an earlier instant to this one.
    pub fn since(self, earlier: Instant) -> i128 {
        let whole = i128::from(self.seconds) - i128::from(earlier.seconds);
        let part = i128::from(self.nanoseconds) - i128::from(earlier.nanoseconds);
        whole * 1_000_000_000 + part
    }

    /// Whether this instant is more than so many seconds after the other.
    pub fn is_past(self, earlier: Instant, seconds: i64) -> bool {
        self.since(earlier) > i128::from(seconds) * 1_000_000_000
    }

    /// `YYYY-MM-DDThh:mm:ss[.fraction]Z`, the fraction without trailing zeros.
    pub fn text(self) -> String {
        let at: DateTime<Utc> =
            DateTime::from_timestamp(self.seconds, self.nanoseconds).expect("it was made from such a time");
        let fraction = format!("{:09}", self.nanoseconds % 1_000_000_000);
        let digits = fraction.trim_end_matches('0');
        let dot = if digits.is_empty() { "" } else { "." };
        format!("{}{dot}{digits}Z", at.format("%Y-%m-%dT%H:%M:%S"))
    }
}
