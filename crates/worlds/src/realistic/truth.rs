//! The truth beside the export: every finding that the faults put in must cause, and nothing else.

use std::fmt::Write;

/// The header of `truth.csv`.
pub const HEADER: &str = "rule,kind,id,event,line_id,payout_destination_id,expected_minor,actual_minor,fault\n";

/// One finding that must be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    /// The code's number: 101 for AV101.
    pub rule: u16,
    /// The kind of its subject.
    pub kind: &'static str,
    /// The subject's id.
    pub id: String,
    /// The event's place, like `events[3]`.
    pub event: String,
    /// The line.
    pub line: String,
    /// The payout destination.
    pub destination: String,
    /// What was expected, in minor units.
    pub expected: Option<i64>,
    /// What is there instead.
    pub actual: Option<i64>,
}

impl Truth {
    /// A finding on a document as a whole.
    pub fn new(rule: u16, kind: &'static str, id: impl ToString) -> Self {
        let empty = String::new;
        let (event, line, destination) = (empty(), empty(), empty());
        Truth { rule, kind, id: id.to_string(), event, line, destination, expected: None, actual: None }
    }

    /// The same at an event.
    pub fn at(mut self, list: &str, place: usize) -> Self {
        self.event = format!("{list}[{place}]");
        self
    }

    /// The same at a line.
    pub fn line(mut self, line: impl ToString) -> Self {
        self.line = line.to_string();
        self
    }

    /// The same for a payout destination.
    pub fn to(mut self, seller: u32) -> Self {
        self.destination = destination(seller);
        self
    }

    /// The same with amounts.
    pub fn amounts(mut self, expected: impl Into<Option<i64>>, actual: impl Into<Option<i64>>) -> Self {
        (self.expected, self.actual) = (expected.into(), actual.into());
        self
    }

    /// Its line in the file; no text of ours needs quotes.
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

/// A seller's payout destination.
pub fn destination(seller: u32) -> String {
    format!("seller-{seller:05}")
}
