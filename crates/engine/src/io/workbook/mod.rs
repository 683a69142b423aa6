//! A table in a workbook (.xlsx) that users have filled in and a spreadsheet program has saved.
//!
//! The file is untrusted. It is read as a stream, whatever its size: only rows with a value in a
//! certain column are kept, and only the shared strings that these rows need.
//!
//! * `archive`, `meter`: the parts of the file, and the limits of reading them
//! * `xml`: one part, piece by piece
//! * `parts`: the sheets and the shared strings
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

/// Maximum bytes read of a workbook.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// Kept in memory.
    kept: usize,
    /// Unpacked; a file that is large itself may grow to a multiple of its size.
    unpacked: u64,
}

const LIMITS: Limits = Limits { kept: 64 << 20, unpacked: 64 << 20 };

/// Maximum number of shared strings that are the name of a column, ignoring case.
const MOST_ALIKE: usize = 1000;

/// The number of 1970-01-01 in the date systems of 1900 and 1904.
const DAYS_FROM_1900: i64 = 25_569;
const DAYS_FROM_1904: i64 = 24_107;

/// The valid day numbers of a sheet: from March 1900, because earlier ones count a leap day that
/// did not exist, to the year 9999.
const DAYS_OF_A_SHEET: std::ops::RangeInclusive<i64> = 61..=2_958_465;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableRow {
    /// The sheet's name, shortened.
    pub sheet: String,
    /// The row number in the sheet.
    pub number: u32,
    /// The cells in the order of the names, as trimmed texts; missing cells are empty.
    pub cells: Vec<String>,
}

/// Reads the rows of a table, which may be on several sheets.
///
/// # Errors
///
/// When the file is not a readable workbook, does not have the table, or exceeds the limits.
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
            // Many cells can share one string; each keeps its own copy.
            take_room(&mut room, if is_shared { text.len() } else { 0 })?;
            cells.push(text);
        }
        if !cells[columns.filled].is_empty() {
            rows.push(TableRow { sheet: contents.sheets[at].0.clone(), number: row.number, cells });
        }
    }
    Ok(rows)
}

/// Returns the shared strings that are column names: the index of the name by the index of the
/// string.
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

/// Returns the shared strings that rows need, by their index.
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

/// Returns a cell as text; a number in the column of days becomes a date.
fn text_of(cell: RawCell, is_day: bool, contents: &WorkbookParts, texts: &BTreeMap<usize, String>) -> String {
    match cell {
        RawCell::Empty => String::new(),
        RawCell::Text(text) => text.trim().to_owned(),
        RawCell::Shared(number) => texts.get(&number).map(|text| text.trim().to_owned()).unwrap_or_default(),
        RawCell::Number(number) if is_day => day_of(&number, contents.is_of_1904).unwrap_or(number),
        RawCell::Number(number) => number,
    }
}

/// Converts a day number of a sheet to a date.
fn day_of(number: &str, is_of_1904: bool) -> Option<String> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_plain = fraction.bytes().all(|byte| byte.is_ascii_digit());
    let number: i64 = whole.parse().ok().filter(|_| is_plain)?;
    let first = if is_of_1904 { DAYS_FROM_1904 } else { DAYS_FROM_1900 };
    DAYS_OF_A_SHEET.contains(&number).then(|| format_day(number - first))
}
