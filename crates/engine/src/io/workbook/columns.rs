//! The table that is looked for in a workbook.

/// The table that is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Columns<'c> {
    /// The names of its columns, as they stand above them in any letters.
    pub names: &'c [&'c str],
    /// So many of them, from the first, every sheet of the table has; the others may be missing.
    pub needed: usize,
    /// The one that is filled in the rows that are wanted.
    pub filled: usize,
    /// The one that holds days.
    pub day: usize,
}

impl Columns<'_> {
    /// Which of the names a text is.
    pub(super) fn named(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        self.names.iter().position(|name| name.eq_ignore_ascii_case(text))
    }
}
