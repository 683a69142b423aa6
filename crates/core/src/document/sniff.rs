//! Detects from a stream's first bytes whether it is lines, one text, or not an export.

use super::fault::{Fault, Read};
use super::scan::container_end_by_count;
use crate::model::limits::SNIFF_LINES;
use crate::model::reject::RecordReason::{Syntax, TruncatedRecord};
use crate::model::reject::{FileFault, FileReason};

/// How to read a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opening {
    Lines,
    /// One text of JSON values.
    Text,
    /// Only blanks up to the end.
    Blank,
    Refused(FileFault),
}

/// Bytes inspected to tell lines from text when the first line does not decide it.
pub const WINDOW: usize = 4 << 20;

/// Detects how to read a stream from its first bytes after a byte-order mark; `None` when more
/// bytes are needed.
pub fn opening(bytes: &[u8], at_end: bool) -> Option<Opening> {
    if bytes.len() < 4 && !at_end {
        return None;
    }
    if let Some(fault) = foreign(bytes) {
        return Some(Opening::Refused(fault));
    }
    let blanks = bytes.iter().take_while(|b| b.is_ascii_whitespace()).count();
    let text = &bytes[blanks..];
    match text.first() {
        None => at_end.then_some(Opening::Blank),
        Some(b'{') => match is_lines(text, at_end) {
            Some(true) => Some(Opening::Lines),
            Some(false) => Some(Opening::Text),
            None => None,
        },
        Some(b'[') => Some(Opening::Text),
        Some(_) => Some(other_text(text)),
    }
}

/// Formats recognised by their first bytes.
fn foreign(bytes: &[u8]) -> Option<FileFault> {
    let encoding =
        |name: &str| Some(FileFault::new(FileReason::Encoding, format!("it looks like {name}; save it as UTF-8")));
    let looks = |what: &str| Some(FileFault::new(FileReason::NotAnExport, format!("it looks like {what}")));
    if !bytes.is_empty() && bytes.iter().take(4).all(|byte| *byte == 0) {
        return looks("zero bytes where a disk had nothing to give; copy or export it again");
    }
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [_, 0, 0, 0, ..] | [0, 0, 0, 1..=0x7f, ..] => {
            encoding("UTF-32")
        }
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [1..=0x7f, 0, 1..=0x7f, 0, ..] | [0, 1..=0x7f, 0, 1..=0x7f, ..] => {
            encoding("UTF-16")
        }
        [b'P', b'K', 3 | 5 | 7, ..] if is_workbook(bytes) => looks("a spreadsheet (XLSX); export JSON"),
        [b'P', b'K', 3 | 5 | 7, ..] => looks("a zip archive; unpack it first"),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => looks("an xz file; unpack it first, or pack it as gzip or zstd"),
        [b'B', b'Z', b'h', b'1'..=b'9', ..] => looks("a bzip2 file; unpack it first, or pack it as gzip or zstd"),
        [b'7', b'z', 0xBC, 0xAF, ..] => looks("a 7z archive; unpack it first"),
        [0xD0, 0xCF, 0x11, 0xE0, ..] => looks("a spreadsheet (XLS) or another office document; export JSON"),
        [b'P', b'A', b'R', b'1', ..] => looks("a Parquet file; export JSON"),
        [b'%', b'P', b'D', b'F', ..] => looks("a PDF; if it belongs there, leave it out with `exclude`"),
        _ if bytes.get(TAR_AT..).is_some_and(|rest| rest.starts_with(TAR)) => looks("a tar archive; unpack it first"),
        _ => None,
    }
}

/// The magic number of a tar archive, and its offset in the first header.
const TAR: &[u8] = b"ustar";
const TAR_AT: usize = 257;

/// Whether a zip archive is a workbook, by the name of its first entry.
fn is_workbook(bytes: &[u8]) -> bool {
    const NAME_AT: usize = 30;
    let name = bytes.get(NAME_AT..).unwrap_or_default();
    [&b"[Content_Types].xml"[..], b"_rels/", b"xl/", b"docProps/"].iter().any(|first| name.starts_with(first))
}

fn other_text(text: &[u8]) -> Opening {
    let refuse = |what: &str| Opening::Refused(FileFault::new(FileReason::NotAnExport, what));
    match text.first() {
        Some(b'<') if text.starts_with(b"<?xml") => refuse("it looks like XML; export JSON"),
        Some(b'<') => refuse("it looks like a web page (an error or login page saved by mistake?)"),
        Some(b'"' | b'-' | b'0'..=b'9')
            if text.iter().take(4096).take_while(|b| **b != b'\n').any(|b| matches!(b, b',' | b';')) =>
        {
            refuse("it looks like CSV; export JSON")
        }
        Some(b'"' | b'-' | b'0'..=b'9') => Opening::Text,
        Some(_) if [&b"true"[..], b"false", b"null"].iter().any(|word| text.trim_ascii_end() == *word) => Opening::Text,
        _ => {
            refuse("it does not begin like JSON (CSV or plain text?); if it belongs there, leave it out with `exclude`")
        }
    }
}

/// Whether a text that opens with `{` has one value per line: one of the first [`SNIFF_LINES`]
/// lines is a whole value.
///
/// A line that could be an element of a value opened on an earlier line does not count.
fn is_lines(text: &[u8], at_end: bool) -> Option<bool> {
    let mut before = Before::default();
    let mut rest = text;
    for number in 0..SNIFF_LINES {
        let Some(length) = rest.iter().position(|b| *b == b'\n') else {
            if !at_end && text.len() < WINDOW {
                return None;
            }
            let is_last = at_end && is_whole(rest) && !before.may_continue();
            return Some(is_last);
        };
        let line = rest[..length].trim_ascii();
        if is_whole(line) && !before.may_continue() {
            return Some(true);
        }
        before.add(line);
        rest = &rest[length + 1..];
        if number + 1 == SNIFF_LINES || (at_end && rest.is_empty()) {
            break;
        }
    }
    Some(false)
}

/// Whether a line is a whole object or array, by counting brackets.
fn is_whole(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    if !matches!(line.first(), Some(b'{' | b'[')) {
        return false;
    }
    container_end_by_count(line, 0) == Some(line.len())
}

/// State of the preceding lines that decides whether a value may follow.
#[derive(Default)]
struct Before {
    started: bool,
    broken: bool,
    open: Vec<u8>,
    last: u8,
}

impl Before {
    fn add(&mut self, line: &[u8]) {
        self.started |= !line.is_empty();
        let (mut in_string, mut escaped) = (false, false);
        for &byte in line {
            let was_escaped = std::mem::take(&mut escaped);
            match byte {
                b'"' if !was_escaped => in_string = !in_string,
                b'\\' if in_string && !was_escaped => escaped = true,
                _ if in_string => {}
                b'{' | b'[' => self.open.push(byte),
                b'}' | b']' => self.broken |= self.open.pop().is_none_or(|open| open + 2 != byte),
                _ => {}
            }
            if !byte.is_ascii_whitespace() {
                self.last = byte;
            }
        }
        // A string cannot span lines.
        self.broken |= in_string;
    }

    /// Whether the preceding lines are a valid beginning after which a value may follow.
    fn may_continue(&self) -> bool {
        self.started
            && !self.broken
            && match self.open.last() {
                None => true,
                Some(b'[') => matches!(self.last, b'[' | b','),
                Some(_) => self.last == b':',
            }
    }
}

/// Checks the whole grammar of a record, for `--strict`; `start` is its offset in the block.
pub(crate) fn grammar(text: &str, start: usize) -> Read<()> {
    let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(text) else { return Ok(()) };
    let line_start: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = start + (line_start + error.column().saturating_sub(1)).min(text.len());
    Err(Fault::new(if error.is_eof() { TruncatedRecord } else { Syntax }, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<Opening> {
        opening(text.as_bytes(), true)
    }

    #[test]
    fn lines_and_texts() {
        for text in [
            "{\"id\":1}\n{\"id\":2}\n",
            "{\"id\":1}",
            "\n  {\"id\":1}\r\n",
            "{\"id\":\"cut in ha\n{\"id\":2}\n",
            "{\"id\":1,\n{\"id\":2}\n",
            "{\"id\":1}}\n{\"id\":2}\n",
            "{\"items\":[\n{\"id\":2}\n{\"id\":3}\n",
        ] {
            assert_eq!(of(text), Some(Opening::Lines), "{text}");
        }
        for text in [
            "[{\"id\":1}]",
            "{\n\"id\": 1\n}\n",
            "{\"actions\": [\n\"create_user\"\n]}\n",
            "{\"transactions\": [\n{\"id\":1},\n{\"id\":2}\n]}\n",
            "{\n\"id\": 1\n}\n{\"id\":2}\n",
            "{\"a\":\n{\"b\":1}\n}",
            "{\"id\":1",
        ] {
            assert_eq!(of(text), Some(Opening::Text), "{text}");
        }
        assert_eq!(opening(b"{\"id\":", false), None);
        assert_eq!(of(" \n"), Some(Opening::Blank));
    }

    #[test]
    fn foreign_formats_are_refused() {
        for (bytes, reason) in [
            (&b"\xff\xfe{\0\"\0"[..], FileReason::Encoding),
            (b"{\0\"\0i\0", FileReason::Encoding),
            (b"{\0\0\0\"\0\0\0", FileReason::Encoding),
            (b"PK\x03\x04...", FileReason::NotAnExport),
            (b"<!doctype html>", FileReason::NotAnExport),
            (b"id;amount\nP1;5\n", FileReason::NotAnExport),
            (b"\"id\",\"amount\"\n", FileReason::NotAnExport),
        ] {
            let Some(Opening::Refused(fault)) = opening(bytes, true) else { panic!("{bytes:?}") };
            assert_eq!(fault.reason, reason, "{bytes:?}");
        }
    }

    #[test]
    fn foreign_formats_are_named() {
        let mut tar = vec![0; 512];
        tar[..9].copy_from_slice(b"in/a.json");
        tar[257..262].copy_from_slice(b"ustar");
        let zip = |name: &str| [&b"PK\x03\x04"[..], &[0; 26], name.as_bytes()].concat();
        for (bytes, named) in [
            (tar, "a tar archive"),
            (zip("in/a.json"), "a zip archive"),
            (zip("[Content_Types].xml"), "a spreadsheet (XLSX)"),
            (b"\xfd7zXZ\0\0".to_vec(), "an xz file"),
            (b"BZh91AY&SY".to_vec(), "a bzip2 file"),
            (b"7z\xbc\xaf\x27\x1c".to_vec(), "a 7z archive"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1".to_vec(), "a spreadsheet (XLS)"),
            (b"PAR1\x15\x04".to_vec(), "a Parquet file"),
            (b"%PDF-1.7".to_vec(), "a PDF"),
        ] {
            let Some(Opening::Refused(fault)) = opening(&bytes, true) else { panic!("{named}") };
            assert_eq!(fault.reason, FileReason::NotAnExport);
            assert!(fault.detail.contains(named), "{}", fault.detail);
        }
    }

    #[test]
    fn strict_grammar_knows_where() {
        assert!(grammar(r#"{"a":[1,2.5e3,"\u0041",null]}"#, 0).is_ok());
        let fault = grammar(r#"{"a":nope}"#, 10).expect_err("no grammar");
        assert_eq!((fault.reason, fault.at), (Syntax, 16));
        assert_eq!(grammar(r#"{"a":1"#, 0).expect_err("cut").reason, TruncatedRecord);
    }
}
