//! Columns, declared once: name, type, description, and the cell of a row.
//!
//! Parquet files, CSV files and the documentation are generated from these declarations.

use std::borrow::Cow;
use std::fmt::Write;

use avstem_core::model::display;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::{Sum, minor};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    Text,
    /// An exact number or words: text in Parquet; in CSV a number if it is one.
    Number,
    /// A 64-bit integer.
    Integer,
    Flag,
    /// A point in time: microseconds in UTC in Parquet, RFC 3339 with its full fraction in CSV.
    Time,
}

impl Type {
    /// The name in the documentation.
    pub const fn words(self) -> &'static str {
        match self {
            Type::Text => "text",
            Type::Number => "exact number or words",
            Type::Integer => "integer",
            Type::Flag => "true or false",
            Type::Time => "time",
        }
    }

    /// The Parquet type.
    pub const fn parquet(self) -> &'static str {
        match self {
            Type::Text | Type::Number => "STRING",
            Type::Integer => "INT64",
            Type::Flag => "BOOLEAN",
            Type::Time => "TIMESTAMP (µs, UTC)",
        }
    }
}

/// A column of a file. Every column is nullable.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub kind: Type,
    /// The description, one sentence.
    pub what: &'static str,
}

/// A complete table.
#[derive(Debug)]
pub struct Filled<W> {
    pub writer: W,
    /// Number of rows without the header.
    pub rows: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    Empty,
    Text(Cow<'a, str>),
    /// An exact number, with a decimal point.
    Number(Cow<'a, str>),
    Integer(i64),
    Flag(bool),
    Time(Instant),
}

/// A text of a column. Empty text is null.
#[derive(Clone, Debug)]
pub enum TextCell<'a> {
    /// Own words, and the id columns of frames: neither masked nor escaped.
    Raw(&'a str),
    /// An id, with invisible characters escaped.
    Id(&'a str),
    /// A reference or other free text, with invisible characters escaped and card numbers masked.
    Free(&'a str),
    /// A word that repeats, with its number among those of the column; 0 for a word without one.
    Word(Showing, u32, &'a str),
    Made(String),
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Showing {
    Raw,
    Id,
    Free,
}

impl Showing {
    /// Whether a text is surely shown as it is; one of which this is not said may be, too.
    #[inline(always)]
    pub(super) fn keeps(self, text: &str) -> bool {
        match self {
            Showing::Raw => true,
            Showing::Id => display::is_printable(text.as_bytes()),
            Showing::Free => display::is_plain(text),
        }
    }

    pub(super) fn show(self, text: &str) -> Cow<'_, str> {
        match self {
            Showing::Raw => Cow::Borrowed(text),
            Showing::Id => display::visible(text),
            Showing::Free => display::shown(text),
        }
    }
}

impl TextCell<'_> {
    /// The text as it was, and how it is shown.
    #[inline(always)]
    pub(super) fn parts(&self) -> (&str, Showing, u32) {
        match self {
            TextCell::Raw(text) => (text, Showing::Raw, 0),
            TextCell::Id(text) => (text, Showing::Id, 0),
            TextCell::Free(text) => (text, Showing::Free, 0),
            TextCell::Word(way, number, text) => (text, *way, *number),
            TextCell::Made(text) => (text, Showing::Raw, 0),
        }
    }
}

/// An exact number, or words.
#[derive(Clone, Debug)]
pub enum NumberCell<'a> {
    Empty,
    /// An amount in minor units, and the exponent of its currency.
    Amount(Sum, u8),
    /// Words of the input. Quantities are words that are numbers.
    Words(&'a str),
}

/// Makes the value of a cell from what rows have. Its type is that of its column: [`TextCell`],
/// [`NumberCell`], or an optional [`i64`], [`bool`] or [`Instant`]; of an integer that a CSV file alone
/// has also [`Sum`].
pub mod cell {
    use super::{Instant, Showing, Sum, TextCell};

    #[inline(always)]
    pub fn raw<'a>(text: impl Into<Option<&'a str>>) -> TextCell<'a> {
        TextCell::Raw(text.into().unwrap_or_default())
    }

    #[inline(always)]
    pub fn id<'a>(text: impl Into<Option<&'a str>>) -> TextCell<'a> {
        TextCell::Id(text.into().unwrap_or_default())
    }

    #[inline(always)]
    pub fn free<'a>(text: impl Into<Option<&'a str>>) -> TextCell<'a> {
        TextCell::Free(text.into().unwrap_or_default())
    }

    /// A word that repeats: equal numbers other than 0 say that words of the column are equal.
    #[inline(always)]
    pub fn word<'a>(way: Showing, number: impl Into<u32>, text: impl Into<Option<&'a str>>) -> TextCell<'a> {
        TextCell::Word(way, number.into(), text.into().unwrap_or_default())
    }

    pub fn made<'a>(text: Option<String>) -> TextCell<'a> {
        TextCell::Made(text.unwrap_or_default())
    }

    /// An amount in a 64-bit column; null if it does not fit.
    #[inline(always)]
    pub fn minor(amount: impl Into<Option<Sum>>) -> Option<i64> {
        amount.into().and_then(super::minor)
    }

    /// An amount of any size, for files whose numbers have no limit.
    pub fn exact(amount: impl Into<Option<Sum>>) -> Option<Sum> {
        amount.into()
    }

    /// A count or an offset, which always fits 63 bits.
    #[inline(always)]
    pub fn count(count: impl TryInto<i64>) -> Option<i64> {
        count.try_into().ok()
    }

    #[inline(always)]
    pub fn integer(number: impl Into<Option<i64>>) -> Option<i64> {
        number.into()
    }

    #[inline(always)]
    pub fn flag(flag: impl Into<Option<bool>>) -> Option<bool> {
        flag.into()
    }

    #[inline(always)]
    pub fn time(time: impl Into<Option<Instant>>) -> Option<Instant> {
        time.into()
    }
}

impl<'a> From<TextCell<'a>> for Cell<'a> {
    fn from(text: TextCell<'a>) -> Self {
        let text = match text {
            TextCell::Raw(text) => Cow::Borrowed(text),
            TextCell::Id(text) => Showing::Id.show(text),
            TextCell::Free(text) => Showing::Free.show(text),
            TextCell::Word(way, _, text) => way.show(text),
            TextCell::Made(text) => Cow::Owned(text),
        };
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl<'a> From<NumberCell<'a>> for Cell<'a> {
    fn from(number: NumberCell<'a>) -> Self {
        match number {
            NumberCell::Empty => Cell::Empty,
            NumberCell::Amount(amount, exponent) => Cell::Number(display::decimal(amount, exponent).into()),
            NumberCell::Words(words) => {
                let words = display::shown(words);
                if words.is_empty() {
                    Cell::Empty
                } else if is_decimal(&words) {
                    Cell::Number(words)
                } else {
                    Cell::Text(words)
                }
            }
        }
    }
}

/// Whether a text is a plain decimal number.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    match magnitude.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(magnitude),
    }
}

impl From<Option<Sum>> for Cell<'_> {
    fn from(number: Option<Sum>) -> Self {
        number.map_or(Cell::Empty, |number| {
            minor(number).map_or_else(|| Cell::Number(number.to_string().into()), Cell::Integer)
        })
    }
}

impl From<Option<i64>> for Cell<'_> {
    fn from(number: Option<i64>) -> Self {
        number.map_or(Cell::Empty, Cell::Integer)
    }
}

impl From<Option<bool>> for Cell<'_> {
    fn from(flag: Option<bool>) -> Self {
        flag.map_or(Cell::Empty, Cell::Flag)
    }
}

impl From<Option<Instant>> for Cell<'_> {
    fn from(time: Option<Instant>) -> Self {
        time.map_or(Cell::Empty, Cell::Time)
    }
}

/// Takes the values of some rows, one column after the other.
pub trait FillColumns {
    fn texts<'a>(&mut self, values: impl Iterator<Item = TextCell<'a>>);
    fn integers(&mut self, values: impl Iterator<Item = Option<i64>>);
    fn times(&mut self, values: impl Iterator<Item = Option<Instant>>);
}

/// Declares the columns of a file together with the function that creates the cells of a row, so
/// that both always have the same length and order; on request also with the function that fills
/// the columns of a Parquet file with the values of many rows, one column after the other.
macro_rules! columns {
    (
        $(#[$meta:meta])*
        $vis:vis const $table:ident, $fvis:vis fn $cells:ident<$life:lifetime>($row:ident: $of:ty)
        $(, $wvis:vis fn $fill:ident)?;
        $($name:literal $kind:ident $what:literal => $cell:expr;)+
    ) => {
        $(#[$meta])*
        $vis const $table: &[$crate::frame::column::Column] = &[
            $($crate::frame::column::Column {
                name: $name,
                kind: $crate::frame::column::Type::$kind,
                what: $what,
            }),+
        ];

        /// The cells of a row, in column order.
        $fvis fn $cells<$life>($row: &$life $of) -> [$crate::frame::column::Cell<$life>; $table.len()] {
            [$($crate::frame::column::Cell::from($cell)),+]
        }

        $crate::frame::column::columns! { @fill $([$wvis $fill])? $life $row $of; $($kind $cell;)+ }
    };
    (@fill $life:lifetime $row:ident $of:ty; $($kind:ident $cell:expr;)+) => {};
    (@fill [$vis:vis $fill:ident] $life:lifetime $row:ident $of:ty; $($kind:ident $cell:expr;)+) => {
        /// Adds the values of rows, column by column.
        $vis fn $fill<$life>(rows: &$life [$of], to: &mut impl $crate::frame::column::FillColumns) {
            $($crate::frame::column::fill!(to $kind rows.iter().map(|$row| $cell));)+
        }
    };
}
pub(crate) use columns;

/// Adds the values of the next column.
macro_rules! fill {
    ($to:ident Text $values:expr) => {
        $to.texts($values)
    };
    ($to:ident Integer $values:expr) => {
        $to.integers($values)
    };
    ($to:ident Time $values:expr) => {
        $to.times($values)
    };
}
pub(crate) use fill;

/// The columns as a Markdown table for the documentation.
pub fn markdown(columns: &[Column]) -> String {
    let mut out = String::from("| column | type | in Parquet | what it holds |\n|---|---|---|---|\n");
    for column in columns {
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "| `{}` | {} | {} | {} |",
            column.name,
            column.kind.words(),
            column.kind.parquet(),
            column.what.replace('|', "\\|")
        );
    }
    out
}
