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
pub enum Text<'a> {
    /// Own words, and the id columns of frames: neither masked nor escaped.
    Raw(&'a str),
    /// An id, with invisible characters escaped.
    Id(&'a str),
    /// A reference or other free text, with invisible characters escaped and card numbers masked.
    Free(&'a str),
    /// A word that repeats, with its number among those of the column; 0 for a word without one.
    Word(Way, u32, &'a str),
    Made(String),
}

/// How a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Raw,
    Id,
    Free,
}

impl Way {
    /// Whether a text is shown as it is, with little doubt: `false` may be wrong.
    #[inline(always)]
    pub(super) fn keeps(self, text: &str) -> bool {
        match self {
            Way::Raw => true,
            Way::Id => display::is_printable(text.as_bytes()),
            Way::Free => display::is_plain(text),
        }
    }

    pub(super) fn show(self, text: &str) -> Cow<'_, str> {
        match self {
            Way::Raw => Cow::Borrowed(text),
            Way::Id => display::visible(text),
            Way::Free => display::shown(text),
        }
    }
}

impl Text<'_> {
    /// The text as it was, and how it is shown.
    #[inline(always)]
    pub(super) fn parts(&self) -> (&str, Way, u32) {
        match self {
            Text::Raw(text) => (text, Way::Raw, 0),
            Text::Id(text) => (text, Way::Id, 0),
            Text::Free(text) => (text, Way::Free, 0),
            Text::Word(way, number, text) => (text, *way, *number),
            Text::Made(text) => (text, Way::Raw, 0),
        }
    }
}

/// An exact number, or words.
#[derive(Clone, Debug)]
pub enum Number<'a> {
    Empty,
    /// An amount in minor units, and the exponent of its currency.
    Amount(Sum, u8),
    /// Words of the input. Quantities are words that are numbers.
    Words(&'a str),
}

/// Makes the value of a cell from what rows have. Its type is that of its column: [`Text`],
/// [`Number`], or an optional [`i64`], [`bool`] or [`Instant`]; of an integer that a CSV file alone
/// has also [`Sum`].
pub mod cell {
    use super::{Instant, Sum, Text, Way};

    #[inline(always)]
    pub fn raw<'a>(text: impl Into<Option<&'a str>>) -> Text<'a> {
        Text::Raw(text.into().unwrap_or_default())
    }

    #[inline(always)]
    pub fn id<'a>(text: impl Into<Option<&'a str>>) -> Text<'a> {
        Text::Id(text.into().unwrap_or_default())
    }

    #[inline(always)]
    pub fn free<'a>(text: impl Into<Option<&'a str>>) -> Text<'a> {
        Text::Free(text.into().unwrap_or_default())
    }

    /// A word that repeats: equal numbers other than 0 say that words of the column are equal.
    #[inline(always)]
    pub fn word<'a>(way: Way, number: impl Into<u32>, text: impl Into<Option<&'a str>>) -> Text<'a> {
        Text::Word(way, number.into(), text.into().unwrap_or_default())
    }

    pub fn made<'a>(text: Option<String>) -> Text<'a> {
        Text::Made(text.unwrap_or_default())
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

impl<'a> From<Text<'a>> for Cell<'a> {
    fn from(text: Text<'a>) -> Self {
        let text = match text {
            Text::Raw(text) => Cow::Borrowed(text),
            Text::Id(text) => Way::Id.show(text),
            Text::Free(text) => Way::Free.show(text),
            Text::Word(way, _, text) => way.show(text),
            Text::Made(text) => Cow::Owned(text),
        };
        if text.is_empty() { Cell::Empty } else { Cell::Text(text) }
    }
}

impl<'a> From<Number<'a>> for Cell<'a> {
    fn from(number: Number<'a>) -> Self {
        match number {
            Number::Empty => Cell::Empty,
            Number::Amount(amount, exponent) => Cell::Number(display::decimal(amount, exponent).into()),
            Number::Words(words) => {
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
        $vis fn $fill<$life>(rows: &$life [$of], to: &mut $crate::frame::Filler<'_>) {
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
