//! The reader of filled-in workbooks. It never panics, and its messages are printable. Cells from a
//! strict writer are read back in every encoding; arbitrary parts are packed into a valid archive,
//! so that the fuzzer gets past its checksums to the XML.

#![no_main]

use std::cell::LazyCell;
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use avstem_core::model::display::visible;
use avstem_engine::io::workbook::{Columns, TableRow, WorkbookError, read_table};
use avstem_fuzz::Desk;
use libfuzzer_sys::fuzz_target;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("workbook"));
}

const COLUMNS: Columns<'static> = Columns { names: &["id", "word", "until", "note"], needed: 2, filled: 1, day: 2 };

const NAMES: [&str; 5] = [
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/worksheets/sheet1.xml",
    "xl/worksheets/sheet2.xml",
    "xl/sharedStrings.xml",
];

const BOOK: &str = r#"<workbook><sheets><sheet name="one" sheetId="1" r:id="r1"/><sheet name="two" sheetId="2" r:id="r2"/></sheets></workbook>"#;

const RELATIONS: &str = r#"<Relationships>
<Relationship Id="r1" Type="http://o/relationships/worksheet" Target="worksheets/sheet1.xml"/>
<Relationship Id="r2" Type="http://o/relationships/worksheet" Target="/xl/worksheets/sheet2.xml"/>
<Relationship Id="r3" Type="http://o/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// Limit on the characters of a message.
const LONGEST_MESSAGE: usize = 1000;

fn read(bytes: &[u8]) -> Result<Vec<TableRow>, WorkbookError> {
    let path = DESK.with(|desk| desk.put("book.xlsx", bytes));
    let read = read_table(&path, &COLUMNS);
    match &read {
        Ok(rows) => {
            for row in rows {
                assert_eq!(row.cells.len(), COLUMNS.names.len());
                assert!(!row.cells[COLUMNS.filled].is_empty(), "a row that is not filled in");
                assert!(row.cells.iter().all(|cell| cell.trim() == cell), "blanks around a cell");
                assert_eq!(visible(&row.sheet), row.sheet, "something hides in a sheet's name");
            }
        }
        Err(why) => {
            let why = why.to_string();
            assert_eq!(visible(&why), why, "something hides in a message");
            assert!(why.chars().count() <= LONGEST_MESSAGE, "a message without end");
        }
    }
    read
}

fn packed(parts: &[(&str, &[u8])], method: CompressionMethod) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(method);
    for (name, bytes) in parts {
        // Duplicate and overlong names are invalid in an archive.
        zip.start_file(*name, options).ok()?;
        zip.write_all(bytes).expect("memory takes all");
    }
    Some(zip.finish().expect("memory takes all").into_inner())
}

/// Splits the input into parts: each begins with the index of a known name, or with a name.
fn parts(bytes: &[u8], method: CompressionMethod) {
    let mut parts: Vec<(&str, &[u8])> = Vec::new();
    for part in bytes.split(|byte| *byte == 0x1e) {
        let (name, content) = match part {
            [at @ b'0'..=b'4', content @ ..] => (NAMES[usize::from(at - b'0')], content),
            _ => {
                let end = part.iter().position(|byte| *byte == 0x1f).unwrap_or(part.len());
                let Ok(name) = std::str::from_utf8(&part[..end]) else { return };
                (name, part.get(end + 1..).unwrap_or_default())
            }
        };
        parts.push((name, content));
    }
    // Adds required parts that the fuzzer did not supply.
    for (name, content) in NAMES.into_iter().zip([BOOK, RELATIONS]) {
        if parts.iter().all(|(other, _)| *other != name) {
            parts.push((name, content.as_bytes()));
        }
    }
    if let Some(bytes) = packed(&parts, method) {
        let _ = read(&bytes);
    }
}

/// Whether XML cannot represent a character, or does not preserve it.
fn is_spelled_out(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

/// Escapes a text as XML. Unrepresentable characters become `_xHHHH_`, and text that looks like
/// such an escape, also together with what follows, is escaped itself.
fn escaped(text: &str) -> String {
    let (mut out, letters) = (String::new(), text.chars().collect::<Vec<char>>());
    for (at, c) in letters.iter().enumerate() {
        let digits = letters.get(at + 2..at + 6).is_some_and(|digits| digits.iter().all(char::is_ascii_hexdigit));
        let ends = letters.get(at + 6).is_some_and(|end| *end == '_' || is_spelled_out(*end));
        let is_spelled = digits && letters[at..].starts_with(&['_', 'x']) && ends;
        let _ = match c {
            _ if is_spelled => write!(out, "_x005F_"),
            '&' => write!(out, "&amp;"),
            '<' => write!(out, "&lt;"),
            '>' => write!(out, "&gt;"),
            '\n' | '\t' => write!(out, "&#{};", u32::from(*c)),
            c if is_spelled_out(*c) => write!(out, "_x{:04X}_", u32::from(*c)),
            c => write!(out, "{c}"),
        };
    }
    out
}

/// Writes sheets in one of the encodings that spreadsheet programs use.
#[derive(Default)]
struct Writer {
    way: u8,
    shared: Vec<String>,
    rows: String,
    row: u32,
}

impl Writer {
    fn row(&mut self, cells: &[&str]) {
        self.row += 1;
        let mut row = String::new();
        for (column, text) in ('A'..).zip(cells) {
            let place = if self.way & 1 == 0 { format!(" r=\"{column}{}\"", self.row) } else { String::new() };
            let text = escaped(text);
            row += &match (self.way >> 1) % 4 {
                0 => format!("<c{place} t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"),
                1 => format!("<c{place} t=\"str\"><v>{text}</v></c>"),
                2 => {
                    let number = self.shared.iter().position(|other| *other == text).unwrap_or(self.shared.len());
                    if number == self.shared.len() {
                        self.shared.push(text);
                    }
                    format!("<c{place} t=\"s\" s=\"3\"><v>{number}</v></c>")
                }
                _ => format!("<c{place} t=\"inlineStr\"><is><r><rPr/><t>{text}</t></r><rPh><t>no</t></rPh></is></c>"),
            };
        }
        let place = if self.way & 1 == 0 { format!(" r=\"{}\"", self.row) } else { String::new() };
        let _ = write!(self.rows, "<row{place}>{row}</row>");
    }

    fn finish(self, method: CompressionMethod) -> Vec<u8> {
        let sheet = format!("<worksheet><sheetData>{}</sheetData></worksheet>", self.rows);
        let texts: String = self.shared.iter().map(|text| format!("<si><t>{text}</t></si>")).collect();
        let texts = format!("<sst>{texts}</sst>");
        let parts = [BOOK, RELATIONS, &sheet, "<worksheet/>", &texts];
        let parts: Vec<(&str, &[u8])> = NAMES.into_iter().zip(parts.map(str::as_bytes)).collect();
        packed(&parts, method).expect("the names are good")
    }
}

/// Cells that were written must be read back.
fn cells(text: &str, way: u8, method: CompressionMethod) {
    let mut writer = Writer { way, ..Writer::default() };
    writer.row(&COLUMNS.names);
    let mut expected = Vec::new();
    for row in text.split('\u{1e}') {
        let mut cells: Vec<&str> = row.split('\u{1f}').take(COLUMNS.names.len()).collect();
        cells.resize(COLUMNS.names.len(), "");
        writer.row(&cells);
        let cells: Vec<String> = cells.iter().map(|cell| cell.trim().to_owned()).collect();
        if !cells[COLUMNS.filled].is_empty() {
            expected.push(TableRow { sheet: "one".to_owned(), number: writer.row, cells });
        }
    }
    match read(&writer.finish(method)) {
        Ok(found) => assert_eq!(found, expected),
        Err(why) => panic!("{why}"),
    }
}

fuzz_target!(|bytes: &[u8]| {
    let [how, bytes @ ..] = bytes else { return };
    let method = if how & 0x20 == 0 { CompressionMethod::Stored } else { CompressionMethod::Deflated };
    match how >> 6 {
        0 | 1 => {
            if let Ok(text) = std::str::from_utf8(bytes) {
                cells(text, how & 0x1f, method);
            }
        }
        2 => parts(bytes, method),
        _ => drop(read(bytes)),
    }
});
