//! The rows of a sheet that has the table.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use super::archive::Archive;
use super::columns::Columns;
use super::error::{WorkbookError, take_room};
use super::parts::{CellText, decode_escapes, lengthen};
use super::xml::{Element, Piece, XmlStep};

/// Maximum number of rows that are searched for the names of the columns.
const MOST_ABOVE: u32 = 50;

/// Maximum number of cells of a row that are names of required or optional columns.
const MOST_HEADS: usize = 100;

/// Bytes that a row takes in memory beside its texts.
const ROW: usize = 256;

/// A cell of a column that is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RawCell {
    Empty,
    Text(String),
    /// The index of a shared string.
    Shared(usize),
    /// A number as written.
    Number(String),
}

/// A row that has a value in the `filled` column.
#[derive(Clone, Debug)]
pub(super) struct RawRow {
    pub(super) number: u32,
    /// In the order of the column names.
    pub(super) cells: Vec<RawCell>,
}

/// The input of reading a sheet.
pub(super) struct SheetReading<'r> {
    pub(super) columns: &'r Columns<'r>,
    /// For each shared string that is a column name: its index, and the index of the name.
    pub(super) alike: &'r BTreeMap<usize, usize>,
    /// Bytes that may still be kept.
    pub(super) room: &'r mut usize,
}

/// The type of a cell's value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Number,
    Shared,
    Flag,
    Text,
    /// An inline text; any other value of the cell is ignored.
    Inline,
}

/// A cell that is being read.
struct Cell {
    column: u32,
    kind: Kind,
    value: String,
    letters: CellText,
}

/// A sheet that is being read.
struct Sheet<'s, 'r> {
    reading: &'s mut SheetReading<'r>,
    /// The column of each name, once the header row is found.
    places: Option<Vec<Option<u32>>>,
    rows: Vec<RawRow>,
    /// The number of the current row.
    row: u32,
    column: u32,
    /// The cells of the current row. Before the header row is found, `heads` collects the column
    /// names and their columns instead.
    cells: Vec<RawCell>,
    heads: Vec<(usize, u32)>,
    cell: Option<Cell>,
    in_value: bool,
}

/// Reads a sheet; `None` if it does not have the table.
pub(super) fn read_sheet(
    archive: &mut Archive,
    part: &str,
    reading: &mut SheetReading<'_>,
) -> Result<Option<Vec<RawRow>>, WorkbookError> {
    let Some(xml) = archive.part(part)? else { return Ok(None) };
    let cells = vec![RawCell::Empty; reading.columns.names.len()];
    let mut sheet = Sheet {
        reading,
        places: None,
        rows: Vec::new(),
        row: 0,
        column: 0,
        cells,
        heads: Vec::new(),
        cell: None,
        in_value: false,
    };
    xml.each(&mut |piece| sheet.take(piece))?;
    Ok(sheet.places.is_some().then_some(sheet.rows))
}

impl Sheet<'_, '_> {
    fn take(&mut self, piece: Piece<'_>) -> XmlStep {
        if let Some(cell) = self.cell.as_mut().filter(|cell| cell.kind == Kind::Inline) {
            cell.letters.take(&piece)?;
        }
        match piece {
            Piece::Open(element) => match element.name() {
                b"row" => self.begin_row(element)?,
                b"c" => self.begin_cell(element)?,
                b"v" => self.in_value = true,
                _ => {}
            },
            Piece::Text(text) if self.in_value => {
                if let Some(cell) = &mut self.cell {
                    lengthen(&mut cell.value, text)?;
                }
            }
            Piece::Text(_) => {}
            Piece::Close(b"v") => self.in_value = false,
            Piece::Close(b"c") => self.end_cell()?,
            Piece::Close(b"row") => return self.end_row(),
            Piece::Close(b"sheetData") => return Ok(ControlFlow::Break(())),
            Piece::Close(_) => {}
        }
        Ok(ControlFlow::Continue(()))
    }

    fn begin_row(&mut self, element: &Element<'_>) -> Result<(), WorkbookError> {
        let stated = element.attribute("r").and_then(|number| number.parse().ok());
        self.row = stated.unwrap_or(self.row.saturating_add(1));
        self.column = 0;
        self.cells.fill(RawCell::Empty);
        self.heads.clear();
        Ok(())
    }

    fn begin_cell(&mut self, element: &Element<'_>) -> Result<(), WorkbookError> {
        let column = element.attribute("r").and_then(|place| column_of(&place)).unwrap_or(self.column);
        self.column = column.saturating_add(1);
        let is_wanted = self.places.as_ref().is_none_or(|places| places.contains(&Some(column)));
        let kind = match element.attribute("t").as_deref() {
            Some("s") => Kind::Shared,
            Some("b") => Kind::Flag,
            Some("inlineStr") => Kind::Inline,
            Some("str" | "e" | "d") => Kind::Text,
            _ => Kind::Number,
        };
        self.cell = is_wanted.then(|| Cell { column, kind, value: String::new(), letters: CellText::default() });
        Ok(())
    }

    fn end_cell(&mut self) -> Result<(), WorkbookError> {
        let Some(mut cell) = self.cell.take() else { return Ok(()) };
        let raw =
            match cell.kind {
                Kind::Inline => RawCell::Text(cell.letters.finish()),
                Kind::Text => RawCell::Text(decode_escapes(&cell.value)),
                _ if cell.value.is_empty() => RawCell::Empty,
                Kind::Shared => cell.value.trim().parse().map(RawCell::Shared).map_err(|_| {
                    WorkbookError(format!("row {} of a sheet names a shared text by no number", self.row))
                })?,
                Kind::Flag => RawCell::Text(if cell.value.trim() == "1" { "TRUE" } else { "FALSE" }.to_owned()),
                Kind::Number => RawCell::Number(cell.value.trim().to_owned()),
            };
        match &self.places {
            Some(places) => {
                let name = places.iter().position(|place| *place == Some(cell.column));
                name.into_iter().for_each(|name| self.cells[name] = raw.clone());
            }
            None => {
                let name = match &raw {
                    RawCell::Text(text) => self.reading.columns.named(text),
                    RawCell::Shared(number) => self.reading.alike.get(number).copied(),
                    RawCell::Empty | RawCell::Number(_) => None,
                };
                self.heads.extend(name.map(|name| (name, cell.column)));
                if self.heads.len() > MOST_HEADS {
                    return Err(WorkbookError("a row of a sheet has names of columns all over".to_owned()));
                }
            }
        }
        Ok(())
    }

    fn end_row(&mut self) -> XmlStep {
        if self.places.is_some() {
            self.keep()?;
            return Ok(ControlFlow::Continue(()));
        }
        let columns = self.reading.columns;
        let place = |name: usize| self.heads.iter().find(|(head, _)| *head == name).map(|(_, column)| *column);
        let places: Vec<Option<u32>> = (0..columns.names.len()).map(place).collect();
        if places[..columns.needed].iter().all(Option::is_some) {
            let count = |name: usize| self.heads.iter().filter(|(head, _)| *head == name).count();
            if let Some(repeated) = (0..places.len()).find(|name| count(*name) > 1) {
                return Err(WorkbookError(format!("a sheet has the column {} twice", columns.names[repeated])));
            }
            self.places = Some(places);
        } else if self.row >= MOST_ABOVE {
            return Ok(ControlFlow::Break(()));
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Keeps the row if its `filled` column has a value.
    fn keep(&mut self) -> Result<(), WorkbookError> {
        let is_filled = match &self.cells[self.reading.columns.filled] {
            RawCell::Empty => false,
            RawCell::Text(text) => !text.trim().is_empty(),
            RawCell::Shared(_) | RawCell::Number(_) => true,
        };
        if is_filled {
            let of =
                |cell: &RawCell| if let RawCell::Text(text) | RawCell::Number(text) = cell { text.len() } else { 0 };
            take_room(self.reading.room, ROW + self.cells.iter().map(of).sum::<usize>())?;
            self.rows.push(RawRow { number: self.row, cells: self.cells.clone() });
        }
        Ok(())
    }
}

/// Returns the column of a cell reference like `AB12`, from 0.
fn column_of(place: &str) -> Option<u32> {
    let letters = place
        .bytes()
        .take_while(u8::is_ascii_alphabetic)
        .map(|letter| u32::from(letter.to_ascii_uppercase() - b'A') + 1);
    letters
        .take(4)
        .fold(None, |column: Option<u32>, letter| Some(column.unwrap_or(0) * 26 + letter))
        .map(|column| column - 1)
}
