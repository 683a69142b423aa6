//! What the footer of a table says beyond its columns: what the table is, and how its rows are sorted.

use std::cmp::Ordering;

use avstem_core::model::instant::Instant;

use super::chunk::Chunk;

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

/// Whether the rows of a row group ascend by some columns, empty cells last.
pub(super) fn ascends(chunks: &[Chunk], columns: &[usize], rows: usize) -> bool {
    // Rows that an earlier column already puts behind the one before them.
    let mut is_behind = vec![false; rows];
    columns.iter().filter(|column| !chunks[**column].is_constant()).all(|column| {
        let (mut row, mut last, mut holds) = (0, None, true);
        chunks[*column].each(|value| {
            let order = last.replace(value).filter(|_| !is_behind[row]).map(|last| last.cmp(&value));
            holds &= order != Some(Ordering::Greater);
            is_behind[row] |= order == Some(Ordering::Less);
            row += 1;
        });
        holds
    })
}
