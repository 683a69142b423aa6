//! Valid records, and framings for them.

/// A transaction without findings; `more` is appended to its members.
pub fn transaction(id: &str, more: &str) -> String {
    let comma = if more.is_empty() { "" } else { "," };
    format!(r#"{{"id":"{id}","amount":0,"currency":"NOK","status":"INITIATED","events":[]{comma}{more}}}"#)
}

pub fn order(id: &str) -> String {
    format!(r#"{{"order_id":"{id}","currency":"NOK","gross_amount":0,"captures":[]}}"#)
}

pub fn session(id: &str) -> String {
    format!(r#"{{"id":"{id}","order":{{"amount":0,"currency":"NOK"}}}}"#)
}

pub fn settlement(id: &str) -> String {
    format!(r#"{{"dintero_settlement_id":"{id}","amount":0,"transactions":[]}}"#)
}

pub fn operation(id: &str) -> String {
    format!(r#"{{"id":"{id}","amount":0,"created_at":"2026-03-01T00:00:00Z"}}"#)
}

/// A file's bytes, with the place where each record starts.
pub struct Framed {
    pub text: Vec<u8>,
    /// Offset and line of each record; the line is None unless the file has one record per line.
    pub places: Vec<(usize, Option<usize>)>,
}

/// The framing of records in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// One record per line.
    Lines,
    /// Lines with CRLF and blank lines between.
    LooseLines,
    /// One array.
    Array,
    /// A page of an array of pages.
    Pages,
    /// Concatenated values.
    Row,
}

impl Frame {
    pub const ALL: [Frame; 5] = [Frame::Lines, Frame::LooseLines, Frame::Array, Frame::Pages, Frame::Row];

    /// Whether a malformed record is rejected alone, without refusing the whole file.
    pub fn is_lines(self) -> bool {
        matches!(self, Frame::Lines | Frame::LooseLines)
    }

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

/// The row of `rejects.csv` for a record, without its last column.
pub fn row(source: &str, place: (usize, Option<usize>), length: usize, reason: &str, path: &str) -> String {
    let line = place.1.map_or_else(String::new, |line| line.to_string());
    format!("{source},{},{line},{length},{reason},{path}", place.0)
}
