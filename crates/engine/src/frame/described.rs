//! What the footer of a table says beyond its columns: what the table is, and how its rows are sorted.

use avstem_core::model::instant::Instant;

use super::column::{Cell, Column};

/// A table of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Description {
    pub table: &'static str,
    /// Changes when a column goes away or changes its meaning.
    pub version: u32,
    /// The as-of of the run.
    pub as_of: Option<Instant>,
    /// The columns that rows ascend by. Kinds have an order of their own: a row group of several
    /// kinds does not ascend, and its footer does not say so.
    pub sorted_by: &'static [&'static str],
}

/// The keys in the footer, and what they hold.
pub(super) const KEYS: [(&str, &str); 4] = [
    ("avstem.version", "The version of avstem that wrote the file."),
    ("avstem.table", "The table: the name of the file without folder and ending."),
    ("avstem.table_version", "The version of the table; it changes when a column goes away or changes its meaning."),
    ("avstem.as_of", "The as-of of the run, in RFC 3339; missing where the run has none."),
];

impl Description {
    /// Keys and values for the footer. Nothing in them depends on the machine or the time.
    pub(super) fn metadata(&self) -> Vec<(&'static str, String)> {
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let values = [
            version,
            Some(self.table.to_owned()),
            Some(self.version.to_string()),
            self.as_of.map(|time| time.to_string()),
        ];
        KEYS.into_iter().zip(values).filter_map(|((key, _), value)| Some((key, value?))).collect()
    }
}

/// Checks whether the rows of a row group ascend by some columns, empty cells last.
#[derive(Debug, Default)]
pub(super) struct Ascent {
    /// Indices of the columns.
    columns: Vec<usize>,
    last: Vec<SortKey>,
    next: Vec<SortKey>,
    rows: usize,
    is_broken: bool,
}

/// A cell in Parquet's order. The cells of a column are all texts or all numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct SortKey {
    is_empty: bool,
    number: i64,
    text: Vec<u8>,
}

impl SortKey {
    fn set(&mut self, cell: &Cell<'_>) {
        self.is_empty = *cell == Cell::Empty;
        self.text.clear();
        self.number = match cell {
            Cell::Empty => 0,
            Cell::Text(text) | Cell::Number(text) => {
                self.text.extend_from_slice(text.as_bytes());
                0
            }
            Cell::Integer(number) => *number,
            Cell::Flag(flag) => i64::from(*flag),
            Cell::Time(time) => time.micros(),
        };
    }
}

impl Ascent {
    pub fn new(names: &[&str], columns: &[Column]) -> Ascent {
        let place = |name: &&str| columns.iter().position(|column| column.name == *name);
        let columns: Vec<usize> =
            names.iter().map(|name| place(name).expect("a table is sorted by columns that it has")).collect();
        let keys = vec![SortKey::default(); columns.len()];
        Ascent { columns, last: keys.clone(), next: keys, ..Ascent::default() }
    }

    pub fn push(&mut self, row: &[Cell<'_>]) {
        if self.is_broken || self.columns.is_empty() {
            return;
        }
        self.next.iter_mut().zip(&self.columns).for_each(|(key, column)| key.set(&row[*column]));
        self.is_broken = self.rows > 0 && self.next < self.last;
        std::mem::swap(&mut self.last, &mut self.next);
        self.rows += 1;
    }

    /// Ends a row group; returns the columns that its rows ascend by.
    pub fn end(&mut self) -> Vec<usize> {
        self.rows = 0;
        if std::mem::take(&mut self.is_broken) { Vec::new() } else { self.columns.clone() }
    }
}
