//! The answer to a query as a table, CSV or JSON.

use std::io;

use avstem_core::model::display::visible;
use serde_json::Value as Json;

use super::sql::{Answer, SqlValue};
use avstem_engine::frame::column::{Cell, cell};
use avstem_engine::report::delimited::{CsvTable, Dialect};

/// Limit on the characters of a cell in a table; other formats are not cut.
const WIDEST: usize = 60;

fn cell(value: SqlValue<'_>) -> Cell<'_> {
    match value {
        SqlValue::Empty => Cell::Empty,
        SqlValue::Text(text) => Cell::from(cell::made(Some(visible(&text).into_owned()))),
        SqlValue::Whole(number) => Cell::from(cell::exact(number)),
        SqlValue::Number(number) => Cell::Number(number.into()),
        SqlValue::Flag(flag) => Cell::Flag(flag),
        SqlValue::Time(time) => Cell::Time(time),
    }
}

fn rows(answer: &Answer) -> impl Iterator<Item = Vec<Cell<'_>>> {
    (0..answer.rows()).map(|at| answer.row(at).map(cell).collect())
}

/// One line per row, below the column names.
pub fn csv(answer: &Answer, dialect: Dialect) -> io::Result<Vec<u8>> {
    let mut table = CsvTable::named(Vec::new(), answer.columns(), dialect)?;
    rows(answer).try_for_each(|row| table.push(&row))?;
    Ok(table.finish()?.writer)
}

/// An array with one object per row, one per line. A number of more than 64 bits is a text.
pub fn json(answer: &Answer) -> String {
    let text = |text: &str| Json::from(text).to_string();
    let names: Vec<String> = answer.columns().into_iter().map(text).collect();
    let lines = rows(answer).map(|row| {
        let members = names.iter().zip(row).map(|(name, cell)| {
            let value = match cell {
                Cell::Empty => "null".to_owned(),
                Cell::Text(value) => text(&value),
                Cell::Number(number) if number.bytes().all(|byte| byte == b'-' || byte.is_ascii_digit()) => {
                    text(&number)
                }
                Cell::Number(number) => number.into_owned(),
                Cell::Integer(number) => number.to_string(),
                Cell::Flag(flag) => flag.to_string(),
                Cell::Time(time) => text(&time.to_string()),
            };
            format!("{name}: {value}")
        });
        format!("  {{{}}}", members.collect::<Vec<_>>().join(", "))
    });
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}

/// A table with right-aligned numbers, and the number of rows.
pub fn table(answer: &Answer) -> String {
    let names: Vec<String> = answer.columns().into_iter().map(|name| short(visible(name).into_owned())).collect();
    let is_number = |cell: &Cell<'_>| matches!(cell, Cell::Integer(_) | Cell::Number(_));
    let mut widths: Vec<usize> = names.iter().map(|name| name.chars().count()).collect();
    let mut to_the_right = vec![true; names.len()];
    let mut lines = Vec::with_capacity(answer.rows());
    for row in rows(answer) {
        let mut line = Vec::with_capacity(row.len());
        for (at, cell) in row.into_iter().enumerate() {
            to_the_right[at] &= is_number(&cell) || cell == Cell::Empty;
            let text = short(plain(cell));
            widths[at] = widths[at].max(text.chars().count());
            line.push(text);
        }
        lines.push(line);
    }
    let mut out = String::new();
    let mut push = |cells: &[String]| {
        let padded =
            cells.iter().zip(&widths).zip(&to_the_right).map(|((text, &width), &right)| {
                if right { format!("{text:>width$}") } else { format!("{text:<width$}") }
            });
        out.push_str(padded.collect::<Vec<_>>().join("  ").trim_end());
        out.push('\n');
    };
    push(&names);
    push(&widths.iter().map(|width| "-".repeat(*width)).collect::<Vec<_>>());
    lines.iter().for_each(|line| push(line));
    let count = lines.len();
    out.push_str(&format!("({count} {})\n", if count == 1 { "row" } else { "rows" }));
    out
}

fn plain(cell: Cell<'_>) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) | Cell::Number(text) => text.into_owned(),
        Cell::Integer(number) => number.to_string(),
        Cell::Flag(flag) => flag.to_string(),
        Cell::Time(time) => time.to_string(),
    }
}

fn short(text: String) -> String {
    match text.char_indices().nth(WIDEST) {
        None => text,
        Some(_) => text.chars().take(WIDEST - 1).chain(['…']).collect(),
    }
}
