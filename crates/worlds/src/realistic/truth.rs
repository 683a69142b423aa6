//! The truth file: exactly the findings that the faults must cause.

use std::fmt::Write;

use super::names::seller_name;

/// The header of `truth.csv`.
pub const HEADER: &str = "rule,kind,id,event,line_id,payout_destination_id,expected_minor,actual_minor,fault\n";

/// The rules from here on judge payouts and the bank.
const FIRST_OF_PAYOUTS: u16 = 707;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExpectedFinding {
    /// The number of the rule code: 101 for AV101.
    pub rule: u16,
    /// The kind of the document.
    pub kind: &'static str,
    pub id: String,
    /// The position of the event, such as `events[3]`.
    pub event: String,
    pub line: String,
    pub destination: String,
    /// In minor units, as is `actual`.
    pub expected: Option<i64>,
    pub actual: Option<i64>,
}

impl ExpectedFinding {
    /// A finding on the whole document.
    pub fn new(rule: u16, kind: &'static str, id: impl ToString) -> Self {
        let empty = String::new;
        let (event, line, destination) = (empty(), empty(), empty());
        ExpectedFinding { rule, kind, id: id.to_string(), event, line, destination, expected: None, actual: None }
    }

    /// Whether only a world with payouts shows it.
    pub fn is_of_payouts(&self) -> bool {
        self.rule >= FIRST_OF_PAYOUTS
    }

    pub fn at(mut self, list: &str, place: usize) -> Self {
        self.event = format!("{list}[{place}]");
        self
    }

    pub fn line(mut self, line: impl ToString) -> Self {
        self.line = line.to_string();
        self
    }

    pub fn to(mut self, seller: u32) -> Self {
        self.destination = seller_name(seller);
        self
    }

    pub fn amounts(mut self, expected: impl Into<Option<i64>>, actual: impl Into<Option<i64>>) -> Self {
        (self.expected, self.actual) = (expected.into(), actual.into());
        self
    }

    /// Appends the CSV row; no generated text needs quoting.
    pub fn write(&self, fault: &str, out: &mut String) {
        let number = |n: Option<i64>| n.map(|n| n.to_string()).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "AV{:03},{},{},{},{},{},{},{},{fault}",
            self.rule,
            self.kind,
            self.id,
            self.event,
            self.line,
            self.destination,
            number(self.expected),
            number(self.actual),
        );
    }
}
