//! A table of a workbook (.xlsx) that people have filled in and a spreadsheet has saved again.
//!
//! Somebody else wrote it, so nothing in it is trusted. It is read as a stream, whatever its size: only rows in which a
//! certain column is filled are kept, and of the texts that the sheets share only those that these rows need.
//!
//! * `archive`, `meter`: the parts of the file, and how much of them is read at most
//! * `xml`: one part, a piece at a time
//! * `parts`: what sheets there are, and the texts that they share
//! * `sheet`: the rows of a sheet that has the `columns`

mod archive;
mod columns;
mod error;
mod meter;
mod parts;
mod sheet;
mod xml;

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use avstem_core::model::instant::format_day;

use self::archive::Archive;
pub use self::columns::Columns;
pub use self::error::WorkbookError;
use self::error::take_room;
use self::parts::{WorkbookParts, contents, shared_texts};
use self::sheet::{RawCell, RawRow, SheetReading, read_sheet};

/// How much of a workbook is read at most, in bytes.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Kept in memory.
    kept: usize,
    /// Unpacked; one that is large itself may grow to so many times its size.
    unpacked: u64,
}

const LIMITS: Limits = Limits { kept: 64 << 20, unpacked: 64 << 20 };

/// How many of the shared texts may be the name of a column, in whatever letters.
const MOST_ALIKE: usize = 1000;

/// The days between a sheet's first day and the first of 1970.
const DAYS_FROM_1900: i64 = 25_569;
const DAYS_FROM_1904: i64 = 24_107;

/// The days that a number of a sheet can mean: from March 1900, before which it counts a day that never was, to 9999.
const DAYS_OF_A_SHEET: std::ops::RangeInclusive<i64> = 61..=2_958_465;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The sheet's name, in short.
    pub sheet: String,
    /// Its number in the sheet.
    pub number: u32,
    /// Its cells in the order of the names, as texts without blanks around them; what is not there is empty.
    pub cells: Vec<String>,
}

/// Reads the rows of a table, on however many sheets it lies.
///
/// # Errors
///
/// When the file is no workbook that can be read, has no such table, or is beyond what is read of one.
pub fn read_table(path: &Path, columns: &Columns<'_>) -> Result<Vec<TableRow>, WorkbookError> {
    read_within(path, columns, LIMITS)
}

fn read_within(path: &Path, columns: &Columns<'_>, limits: Limits) -> Result<Vec<TableRow>, WorkbookError> {
    let mut archive = Archive::open(path, limits.unpacked)?;
    let mut room = limits.kept;
    let contents = contents(&mut archive, &mut room)?;
    let alike = alike(&mut archive, &contents, columns)?;
    let (mut raw, mut has_table): (Vec<(usize, RawRow)>, bool) = (Vec::new(), false);
    for (at, (_, part)) in contents.sheets.iter().enumerate() {
        let mut reading = SheetReading { columns, alike: &alike, room: &mut room };
        let found = read_sheet(&mut archive, part, &mut reading)?;
        has_table |= found.is_some();
        raw.extend(found.into_iter().flatten().map(|row| (at, row)));
    }
    if !has_table {
        let needed = columns.names[..columns.needed].join(", ");
        return Err(WorkbookError(format!("no sheet has the columns {needed}")));
    }
    let texts = needed_texts(&mut archive, &contents, &raw, &mut room)?;
    let mut rows = Vec::new();
    for (at, row) in raw {
        let mut cells = Vec::with_capacity(row.cells.len());
        for (column, cell) in row.cells.into_iter().enumerate() {
            let is_shared = matches!(cell, RawCell::Shared(_));
            let text = text_of(cell, column == columns.day, &contents, &texts);
            // Many cells can share one text; each keeps its own copy.
            take_room(&mut room, if is_shared { text.len() } else { 0 })?;
            cells.push(text);
        }
        if !cells[columns.filled].is_empty() {
            rows.push(TableRow { sheet: contents.sheets[at].0.clone(), number: row.number, cells });
        }
    }
    Ok(rows)
}

/// The shared texts that are the name of a column: which of the names, by the number of the text.
fn alike(
    archive: &mut Archive,
    contents: &WorkbookParts,
    columns: &Columns<'_>,
) -> Result<BTreeMap<usize, usize>, WorkbookError> {
    let mut alike = BTreeMap::new();
    shared_texts(archive, contents, &mut |number, text| {
        alike.extend(columns.named(text).map(|name| (number, name)));
        if alike.len() > MOST_ALIKE {
            return Err(WorkbookError(
                "the names of its columns stand in it too often to tell which is meant".to_owned(),
            ));
        }
        Ok(())
    })?;
    Ok(alike)
}

/// The shared texts that rows need, by their numbers.
fn needed_texts(
    archive: &mut Archive,
    contents: &WorkbookParts,
    rows: &[(usize, RawRow)],
    room: &mut usize,
) -> Result<BTreeMap<usize, String>, WorkbookError> {
    let of = |cell: &RawCell| if let RawCell::Shared(number) = cell { Some(*number) } else { None };
    let needed: BTreeSet<usize> = rows.iter().flat_map(|(_, row)| row.cells.iter().filter_map(of)).collect();
    let mut texts = BTreeMap::new();
    if needed.is_empty() {
        return Ok(texts);
    }
    shared_texts(archive, contents, &mut |number, text| {
        if needed.contains(&number) {
            take_room(room, text.len())?;
            texts.insert(number, text.to_owned());
        }
        Ok(())
    })?;
    Ok(texts)
}

/// A cell as text; a number in a column of days is the day that it means.
fn text_of(cell: RawCell, is_day: bool, contents: &WorkbookParts, texts: &BTreeMap<usize, String>) -> String {
    match cell {
        RawCell::Empty => String::new(),
        RawCell::Text(text) => text.trim().to_owned(),
        RawCell::Shared(number) => texts.get(&number).map(|text| text.trim().to_owned()).unwrap_or_default(),
        RawCell::Number(number) if is_day => day_of(&number, contents.is_of_1904).unwrap_or(number),
        RawCell::Number(number) => number,
    }
}

/// The day that a number of a sheet means.
fn day_of(number: &str, is_of_1904: bool) -> Option<String> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = whole.parse().ok().filter(|_| is_plain)?;
    let first = if is_of_1904 { DAYS_FROM_1904 } else { DAYS_FROM_1900 };
    DAYS_OF_A_SHEET.contains(&number).then(|| format_day(number - first))
}
