//! A file of an export: its records, their framing, and their spelling.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::Value;

use super::style::JsonStyle;
use crate::json::JsonText;
use crate::rng::Rng;

/// How the records of a file are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Lines,
    Array,
    /// An object with one list and paging keys.
    Page(&'static str),
    /// `[{"items": […]}, {"items": […]}]`.
    ArrayOfPages,
    /// Values one after another, separated only by blanks.
    InARow,
    /// `{"draft_orders": [{"order": …}]}`.
    Drafts,
}

impl Framing {
    pub const ALL: [Framing; 9] = [
        Framing::Lines,
        Framing::Array,
        Framing::Page("transactions"),
        Framing::Page("orders"),
        Framing::Page("sessions"),
        Framing::Page("items"),
        Framing::ArrayOfPages,
        Framing::InARow,
        Framing::Drafts,
    ];
}

#[derive(Clone, Debug)]
pub struct ExportFile {
    pub name: String,
    pub framing: Framing,
    pub style: JsonStyle,
    pub values: Vec<Value>,
}

/// The text of a file and the positions of its records.
#[derive(Clone, Debug)]
pub struct WrittenFile {
    pub name: String,
    pub text: String,
    pub records: Vec<WrittenRecord>,
}

/// The byte range of a record, and the offsets of the elements of its collections.
#[derive(Clone, Debug)]
pub struct WrittenRecord {
    pub place: Range<usize>,
    pub elements: BTreeMap<String, Vec<u64>>,
}

impl ExportFile {
    pub fn new(name: &str, framing: Framing, values: Vec<Value>) -> ExportFile {
        ExportFile { name: name.to_owned(), framing, style: JsonStyle::plain(), values }
    }

    pub fn empty(name: &str, rng: &mut Rng) -> ExportFile {
        ExportFile {
            name: name.to_owned(),
            framing: *rng.one_of(&Framing::ALL),
            style: JsonStyle::random(rng),
            values: Vec::new(),
        }
    }

    pub fn write(&self) -> WrittenFile {
        let mut style = self.style.clone();
        if self.framing == Framing::Lines {
            style.pretty = false;
        }
        let mut out = JsonText::default();
        let mut records = Vec::new();
        let (open, between, close) = self.brackets();
        out.raw(open);
        for (at, value) in self.values.iter().enumerate() {
            out.raw(if at == 0 { "" } else { between });
            let begin = out.0.len();
            let mut elements = BTreeMap::new();
            style.record(&mut out, value, &mut elements);
            records.push(WrittenRecord { place: begin..out.0.len(), elements });
        }
        out.raw(close);
        let text = String::from_utf8(out.0).expect("only texts were put together");
        WrittenFile { name: self.name.clone(), text, records }
    }

    fn brackets(&self) -> (&'static str, &'static str, &'static str) {
        let crlf = self.style.line_end == "\r\n";
        match self.framing {
            Framing::Lines if crlf => ("", "\r\n\r\n", "\r\n"),
            Framing::Lines => ("", "\n", "\n"),
            Framing::Array => ("[", ", ", "]"),
            Framing::Page("transactions") => ("{\"transactions\": [", ",\n", "], \"limit\": 100}"),
            Framing::Page("orders") => ("{\"count\": 3, \"orders\": [", ",", "]}"),
            Framing::Page("sessions") => ("{\"sessions\":[", ",", "],\"next_page_token\":null}"),
            Framing::Page("payouts") => ("{\"payouts\": [", ",", "], \"pagination\": {\"count\": 1, \"offset\": 0}}"),
            Framing::Page("funds") => ("{\"cursor\": \"c\", \"items\": [", ",", "], \"tryLater\": false}"),
            Framing::Page(_) => ("{\"total\":1,\"items\":[", ",", "],\"starting_after\":\"t1\"}"),
            Framing::ArrayOfPages => ("[{\"items\":[", "]},{\"items\":[", "]}]"),
            Framing::InARow => ("", "\n \n", " "),
            Framing::Drafts => ("{\"draft_orders\":[{\"order\":", "},{\"order\":", "}]}"),
        }
    }
}
