//! The CSV writer, read back by a separate strict reader: the cells are the same, and there are no
//! formulas or hidden characters.

#![no_main]

use avstem_engine::frame::column::{Cell, Column, Type, cell};
use avstem_engine::report::delimited::{CsvTable, Dialect};
use libfuzzer_sys::fuzz_target;

const COLUMNS: &[Column] = &[
    Column { name: "id", kind: Type::Text, what: "" },
    Column { name: "free", kind: Type::Text, what: "" },
    Column { name: "amount", kind: Type::Integer, what: "" },
];

/// Parses parse_strict by RFC 4180; None if the text violates it.
fn parse_strict(text: &str, delimiter: char, line_end: &str) -> Option<Vec<Vec<String>>> {
    let (mut rows, mut row, mut rest) = (Vec::new(), Vec::new(), text);
    while !rest.is_empty() {
        let cell;
        if let Some(quoted) = rest.strip_prefix('"') {
            let (mut value, mut left) = (String::new(), quoted);
            loop {
                let (part, after) = left.split_once('"')?;
                value.push_str(part);
                match after.strip_prefix('"') {
                    Some(more) => {
                        value.push('"');
                        left = more;
                    }
                    None => {
                        rest = after;
                        break;
                    }
                }
            }
            cell = value;
        } else {
            let end = rest.find([delimiter, '\n', '\r', '"']).unwrap_or(rest.len());
            cell = rest[..end].to_owned();
            rest = &rest[end..];
        }
        row.push(cell);
        if let Some(more) = rest.strip_prefix(delimiter) {
            rest = more;
            if rest.is_empty() {
                return None;
            }
        } else {
            rest = rest.strip_prefix(line_end)?;
            rows.push(std::mem::take(&mut row));
        }
    }
    row.is_empty().then_some(rows)
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (id, free) = text.split_at(text.floor_char_boundary(text.len() / 2));
    let number = bytes.len() as i64 - 20;
    for (dialect, delimiter, line_end) in [(Dialect::Plain, ',', "\n"), (Dialect::ExcelNo, ';', "\r\n")] {
        let mut table = CsvTable::new(Vec::new(), COLUMNS, dialect).expect("memory takes all");
        table.push(&[Cell::from(cell::id(id)), Cell::from(cell::free(free)), Cell::Integer(number)]).expect("memory takes all");
        let table = table.finish().expect("memory takes all");
        assert_eq!(table.rows, 1);
        let written = String::from_utf8(table.writer).expect("it is UTF-8");
        let body = written.strip_prefix('\u{feff}').unwrap_or(&written);
        assert_eq!(body.len() < written.len(), dialect == Dialect::ExcelNo);
        let rows = parse_strict(body, delimiter, line_end).unwrap_or_else(|| panic!("not strictly CSV: {body:?}"));
        assert_eq!((rows.len(), rows[1].len()), (2, COLUMNS.len()), "{body:?}");
        for cell in &rows[1][..2] {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']), "a formula: {cell:?}");
            let hidden = |c: char| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!cell.contains(hidden), "something hides: {cell:?}");
        }
        assert_eq!(rows[1][2], number.to_string(), "a number stays one");
        let shown = avstem_core::model::display::visible(id);
        let found = if shown.starts_with(['=', '+', '-', '@']) {
            rows[1][0].strip_prefix('\'').expect("guarded")
        } else {
            &rows[1][0]
        };
        assert_eq!(found, shown);
    }
});
