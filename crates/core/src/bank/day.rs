//! Days of bank statements, as the statement states them.

use crate::model::instant::Instant;

/// A date, or a date with a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatedDay {
    pub day: i64,
    /// Whether a time is stated, and it is the first instant of the day.
    pub is_start: bool,
}

/// The day of a calendar date.
fn civil(text: &str) -> Option<i64> {
    Some(Instant::parse(&format!("{text}T00:00:00Z"))?.day())
}

/// Reads an ISO date or date and time, with or without a time zone. The day is the text's, not that
/// of another zone.
pub fn stated(text: &str) -> Option<StatedDay> {
    let (date, rest) = text.split_at_checked(10)?;
    let day = civil(date)?;
    let Some(time) = rest.strip_prefix('T') else {
        let is_zone = rest.is_empty() || Instant::parse(&format!("{date}T00:00:00{rest}")).is_some();
        return is_zone.then_some(StatedDay { day, is_start: false });
    };
    let instant = Instant::parse(text).or_else(|| Instant::parse(&format!("{text}Z")))?;
    Some(StatedDay { day, is_start: time.starts_with("00:00:00") && instant.nanos == 0 })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatePart {
    Year,
    Month,
    Day,
    Literal(char),
}

/// How a CSV file writes its dates: `%Y`, `%m` and `%d`, each once, and literals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    parts: Vec<DatePart>,
    text: String,
}

impl DateFormat {
    /// `None` if a part is missing, stands twice, or is none that we know.
    pub fn new(text: &str) -> Option<DateFormat> {
        let (mut parts, mut chars) = (Vec::new(), text.chars());
        while let Some(c) = chars.next() {
            parts.push(match c {
                '%' => match chars.next()? {
                    'Y' => DatePart::Year,
                    'm' => DatePart::Month,
                    'd' => DatePart::Day,
                    _ => return None,
                },
                c => DatePart::Literal(c),
            });
        }
        let once = |part| parts.iter().filter(|other| **other == part).count() == 1;
        let is_whole = [DatePart::Year, DatePart::Month, DatePart::Day].into_iter().all(once);
        is_whole.then(|| DateFormat { text: text.to_owned(), parts })
    }

    /// As it was configured.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The day that a text states, with four digits for the year and two for month and day.
    pub fn day(&self, text: &str) -> Option<i64> {
        let (mut year, mut month, mut day, mut rest) = ("", "", "", text);
        for part in &self.parts {
            let (found, length) = match part {
                DatePart::Year => (&mut year, 4),
                DatePart::Month => (&mut month, 2),
                DatePart::Day => (&mut day, 2),
                DatePart::Literal(c) => {
                    rest = rest.strip_prefix(*c)?;
                    continue;
                }
            };
            (*found, rest) = rest.split_at_checked(length)?;
        }
        if rest.is_empty() { civil(&format!("{year}-{month}-{day}")) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::instant::format_day;

    #[test]
    fn a_day_is_the_text_of_the_statement() {
        for (text, is_start) in [
            ("2026-10-05", false),
            ("2026-10-05Z", false),
            ("2026-10-05+02:00", false),
            ("2026-10-05T00:00:00", true),
            ("2026-10-05T00:00:00.000+14:00", true),
            ("2026-10-05T23:59:59.999", false),
            ("2026-10-05T00:00:00.5", false),
            ("2026-10-05T00:30:00+02:00", false),
        ] {
            let found = stated(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((&*format_day(found.day), found.is_start), ("2026-10-05", is_start), "{text}");
        }
        for text in [
            "",
            "2026-10-5",
            "05.10.2026",
            "2026-02-29",
            "2026-10-05T",
            "2026-10-05 00:00:00",
            "2026-10-05T25:00:00",
            "2026-10-05x",
            "20261005",
            "2026-10-0ø",
        ] {
            assert_eq!(stated(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_has_the_form_that_is_configured() {
        let format = |text: &str| DateFormat::new(text).unwrap();
        for (form, text) in [
            ("%d.%m.%Y", "05.10.2026"),
            ("%Y/%m/%d", "2026/10/05"),
            ("%Y%m%d", "20261005"),
            ("d%d-%m å%Y", "d05-10 å2026"),
        ] {
            assert_eq!(format(form).day(text).map(format_day).as_deref(), Some("2026-10-05"), "{form}");
        }
        for text in ["5.10.2026", "05.10.26", "2026-10-05", "05.10.2026 ", "31.02.2026", "+5.10.2026", "", "0ø.10.2026"]
        {
            assert_eq!(format("%d.%m.%Y").day(text), None, "{text}");
        }
    }

    #[test]
    fn a_form_of_dates_names_each_part_once() {
        for text in ["", "%d.%m", "%d.%m.%y", "%Y-%m-%d-%d", "%Y-%m-%d%", "%Y-%m-%d %H"] {
            assert_eq!(DateFormat::new(text), None, "{text}");
        }
    }
}
