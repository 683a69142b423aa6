//! A table that fills one sheet after another row by row, without keeping rows in memory.

use std::io;

use rust_xlsxwriter::{
    Color, DataValidation, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};

use super::double;
use crate::frame::column::Cell;

/// Maximum rows of a sheet, including the header.
pub const ROWS: u32 = 1_048_576;

/// Rows whose height is set: the library holds an entry for each.
const HEIGHTS: u32 = 10_000;

/// The height of a line of text in points, and the maximum number of lines of a row.
const LINE_HEIGHT: u16 = 15;
const MOST_LINES: usize = 8;

/// The number of the paper size in the format.
const A4: u8 = 9;

/// Maximum UTF-16 units of a cell; the format allows 32,767, and a character can take two.
const LONGEST: usize = 32_000;

#[derive(Clone, Debug)]
pub struct SheetColumn {
    /// The header.
    pub name: &'static str,
    /// The width in characters.
    pub width: u16,
    /// The words that it offers as choices.
    pub choices: &'static [&'static str],
    /// Whether users fill in days.
    pub is_day: bool,
    /// Whether it is folded away, on the screen and on paper, until the reader unfolds it.
    pub is_detail: bool,
}

/// A value of a row.
#[derive(Clone, Debug)]
pub enum XlsxValue<'v> {
    /// A cell of a table; numbers have the format `0`.
    Plain(Cell<'v>),
    /// An amount in major units with this many decimals; words stay words.
    Amount(Cell<'v>, u8),
    /// A text that may take several lines.
    Prose(Cell<'v>),
    /// A heading within the sheet.
    Heading(&'static str),
}

/// The formats of a workbook.
pub struct Formats {
    head: Format,
    heading: Format,
    whole: Format,
    /// For texts of several lines.
    prose: Format,
    time: Format,
    day: Format,
    /// Indexed by the number of decimals.
    amounts: [Format; 5],
}

impl Formats {
    fn new() -> Formats {
        let bold = Format::new().set_bold();
        let head = bold.clone().set_background_color(Color::RGB(0xE2_EE_F0)).set_border_bottom(FormatBorder::Thin);
        let number = |pattern: &str| Format::new().set_num_format(format!("{pattern};[Red]-{pattern}"));
        let places = ["", ".0", ".00", ".000", ".0000"];
        Formats {
            head: head.set_align(FormatAlign::Top),
            heading: bold,
            whole: number("0"),
            prose: Format::new().set_text_wrap(),
            time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            day: Format::new().set_num_format("yyyy-mm-dd"),
            amounts: places.map(|places| number(&format!("#,##0{places}"))),
        }
    }
}

/// A workbook that is being filled.
pub struct XlsxBook {
    pub workbook: Workbook,
    formats: Formats,
    /// How many sheets it has.
    sheets: usize,
}

impl XlsxBook {
    pub fn new() -> XlsxBook {
        XlsxBook { workbook: Workbook::new(), formats: Formats::new(), sheets: 0 }
    }

    /// Begins a table with at most `most` rows on a sheet, including the header.
    pub fn table(&mut self, name: &'static str, columns: Vec<SheetColumn>, most: u32) -> io::Result<XlsxTable<'_>> {
        let mut table = XlsxTable { book: self, name, columns, most, parts: 0, row: 0 };
        table.next_sheet()?;
        Ok(table)
    }
}

/// A table that is being filled.
pub struct XlsxTable<'b> {
    book: &'b mut XlsxBook,
    name: &'static str,
    columns: Vec<SheetColumn>,
    most: u32,
    /// How many sheets it has.
    parts: u32,
    /// The index of the next row.
    row: u32,
}

impl XlsxTable<'_> {
    pub fn push<'v>(&mut self, values: impl IntoIterator<Item = XlsxValue<'v>>) -> io::Result<()> {
        if self.row >= self.most {
            self.end_sheet()?;
            self.next_sheet()?;
        }
        let row = self.row;
        let XlsxBook { workbook, formats, sheets } = &mut *self.book;
        let sheet = workbook.worksheet_from_index(*sheets - 1).map_err(failed)?;
        let mut lines = 1;
        for ((at, value), column) in (0u16..).zip(values).zip(&self.columns) {
            write(sheet, (row, at), &value, formats).map_err(failed)?;
            if let XlsxValue::Prose(Cell::Text(text)) = &value {
                // Words do not fill a line to its end.
                let line = usize::from(column.width * 9 / 10).max(1);
                lines = lines.max(text.chars().count().div_ceil(line));
            }
        }
        if lines > 1 && row < HEIGHTS {
            // Not every spreadsheet program fits the height itself.
            let height = u16::try_from(lines.min(MOST_LINES)).unwrap_or(u16::MAX) * LINE_HEIGHT;
            sheet.set_row_height(row, height).map_err(failed)?;
        }
        self.row += 1;
        Ok(())
    }

    pub fn finish(mut self) -> io::Result<()> {
        self.end_sheet()
    }

    fn next_sheet(&mut self) -> io::Result<()> {
        self.parts += 1;
        let name = if self.parts == 1 { self.name.to_owned() } else { format!("{} {}", self.name, self.parts) };
        let XlsxBook { workbook, formats, sheets } = &mut *self.book;
        let sheet = workbook.add_worksheet_with_constant_memory();
        *sheets += 1;
        let begin = || {
            sheet.set_name(name)?;
            for (at, column) in (0u16..).zip(&self.columns) {
                sheet.set_column_width(at, column.width)?;
                if column.is_day {
                    sheet.set_column_format(at, &formats.day)?;
                }
                sheet.write_string_with_format(0, at, column.name, &formats.head)?;
            }
            for details in runs_of_details(&self.columns) {
                sheet.group_columns_collapsed(details.0, details.1)?;
            }
            sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
            sheet.set_repeat_rows(0, 0)?.set_footer("&L&A&RPage &P of &N");
            sheet.set_freeze_panes(1, 0).map(|_| ())
        };
        begin().map_err(failed)?;
        self.row = 1;
        Ok(())
    }

    /// Adds filters and choices, now that the number of rows is known.
    fn end_sheet(&mut self) -> io::Result<()> {
        let last = self.row.max(2) - 1;
        let XlsxBook { workbook, sheets, .. } = &mut *self.book;
        let sheet = workbook.worksheet_from_index(*sheets - 1).map_err(failed)?;
        let mut end = || {
            let columns = u16::try_from(self.columns.len()).unwrap_or(u16::MAX);
            sheet.autofilter(0, 0, last, columns - 1)?;
            sheet.set_print_area(0, 0, last, columns - 1)?;
            for (at, column) in (0u16..).zip(&self.columns).filter(|(_, column)| !column.choices.is_empty()) {
                let choice = DataValidation::new().allow_list_strings(column.choices)?;
                sheet.add_data_validation(1, at, last, at, &choice)?;
            }
            Ok(())
        };
        end().map_err(failed)
    }
}

/// The first and the last column of each run of details.
fn runs_of_details(columns: &[SheetColumn]) -> Vec<(u16, u16)> {
    let mut runs: Vec<(u16, u16)> = Vec::new();
    for (at, _) in (0u16..).zip(columns).filter(|(_, column)| column.is_detail) {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == at => *last = at,
            _ => runs.push((at, at)),
        }
    }
    runs
}

fn write(sheet: &mut Worksheet, at: (u32, u16), value: &XlsxValue<'_>, formats: &Formats) -> Result<(), XlsxError> {
    let (row, column) = at;
    let number = |sheet: &mut Worksheet, text: &str, format: &Format| match double::exact(text) {
        Some(double) => sheet.write_number_with_format(row, column, double, format).map(|_| ()),
        None => sheet.write_string(row, column, text).map(|_| ()),
    };
    match value {
        XlsxValue::Heading(text) => sheet.write_string_with_format(row, column, *text, &formats.heading).map(|_| ()),
        XlsxValue::Plain(Cell::Empty) | XlsxValue::Amount(Cell::Empty, _) | XlsxValue::Prose(Cell::Empty) => Ok(()),
        XlsxValue::Prose(Cell::Text(text)) => {
            sheet.write_string_with_format(row, column, cut(text), &formats.prose).map(|_| ())
        }
        XlsxValue::Prose(cell) => write(sheet, at, &XlsxValue::Plain(cell.clone()), formats),
        XlsxValue::Plain(Cell::Text(text)) | XlsxValue::Amount(Cell::Text(text), _) => {
            sheet.write_string(row, column, cut(text)).map(|_| ())
        }
        XlsxValue::Amount(Cell::Number(text), decimals) => {
            number(sheet, text, &formats.amounts[usize::from(*decimals)])
        }
        XlsxValue::Plain(Cell::Number(text)) => number(sheet, text, &formats.whole),
        XlsxValue::Plain(Cell::Integer(integer)) | XlsxValue::Amount(Cell::Integer(integer), _) => {
            number(sheet, &integer.to_string(), &formats.whole)
        }
        XlsxValue::Plain(Cell::Flag(flag)) | XlsxValue::Amount(Cell::Flag(flag), _) => {
            sheet.write_boolean(row, column, *flag).map(|_| ())
        }
        XlsxValue::Plain(Cell::Time(time)) | XlsxValue::Amount(Cell::Time(time), _) => {
            match ExcelDateTime::from_timestamp(time.seconds) {
                Ok(date) => sheet.write_datetime_with_format(row, column, &date, &formats.time).map(|_| ()),
                Err(_) => sheet.write_string(row, column, time.to_string()).map(|_| ()),
            }
        }
    }
}

/// Cuts a text to what a cell can hold.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST / 2) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// Converts an error of the library to an I/O error.
pub fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
