//! Records that are fine, and ways to put records into a file.

/// A transaction that no rule has a word against, with more members after its own.
pub fn transaction(id: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"id":"{id}","amount":0,"currency":"NOK","status":"INITIATED","events":[]{comma}{more}}}"#)
}

/// An order.
pub fn order(id: &str) -> String {
    format!(r#"{{"order_id":"{id}","currency":"NOK","gross_amount":0,"captures":[]}}"#)
}

/// A checkout session.
pub fn session(id: &str) -> String {
    format!(r#"{{"id":"{id}","order":{{"amount":0,"currency":"NOK"}}}}"#)
}

/// A settlement report.
pub fn settlement(id: &str) -> String {
    format!(r#"{{"dintero_settlement_id":"{id}","amount":0,"transactions":[]}}"#)
}

/// An operation of an order.
pub fn operation(id: &str) -> String {
    format!(r#"{{"id":"{id}","amount":0,"created_at":"2026-03-01T00:00:00Z"}}"#)
}

/// A text around records, with the place where each of them starts.
pub struct Framed {
    /// The text.
    pub text: Vec<u8>,
    /// Offset and line of each record; no line where the text is not made of lines.
    pub places: Vec<(usize, Option<usize>)>,
}

/// How records stand in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A line each.
    Lines,
    /// The same with CRLF, and blank lines between.
    LooseLines,
    /// One array.
    Array,
    /// A page among others in an array.
    Pages,
    /// One after the other.
    Row,
}

impl Frame {
    /// All of them.
    pub const ALL: [Frame; 5] = [Frame::Lines, Frame::LooseLines, Frame::Array, Frame::Pages, Frame::Row];

    /// Whether a record can be at fault as a text without the whole file being so.
    pub fn is_lines(self) -> bool {
        matches!(self, Frame::Lines | Frame::LooseLines)
    }

    /// Puts records into a file.
    pub fn around(self, records: &[impl AsRef<[u8]>]) -> Framed {
        let (before, between, after): (&str, &str, &str) = match self {
            Frame::Lines => ("", "\n", "\n"),
            Frame::LooseLines => ("\r\n", "\r\n \t\r\n", "\r\n\r\n"),
            Frame::Array => ("[", ",", "]\n"),
            Frame::Pages => ("[{\"limit\":3,\"transactions\": [", " ,\n", "], \"total\":1}, {\"orders\":[]}]"),
            Frame::Row => ("\n", " ", ""),
        };
        let mut framed = Framed { text: before.as_bytes().to_vec(), places: Vec::new() };
        for (number, record) in records.iter().enumerate() {
            if number > 0 {
                framed.text.extend_from_slice(between.as_bytes());
            }
            let line = framed.text.iter().filter(|byte| **byte == b'\n').count() + 1;
            framed.places.push((framed.text.len(), self.is_lines().then_some(line)));
            framed.text.extend_from_slice(record.as_ref());
        }
        framed.text.extend_from_slice(after.as_bytes());
        framed
    }
}

/// The row of a rejected record in a file.
pub fn row(source: &str, place: (usize, Option<usize>), length: usize, reason: &str, path: &str) -> String {
    let line = place.1.map_or_else(String::new, |line| line.to_string());
    format!("{source},{},{line},{length},{reason},{path}", place.0)
}
