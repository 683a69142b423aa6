//! The table to look for in a workbook.

#[derive(Clone, Copy, Debug)]
pub struct Columns<'c> {
    /// The names of the columns; case is ignored.
    pub names: &'c [&'c str],
    /// This many of them, from the first, are required on every sheet of the table; the others are
    /// optional.
    pub needed: usize,
    /// The column that must have a value for a row to be kept.
    pub filled: usize,
    /// The column of days.
    pub day: usize,
}

impl Columns<'_> {
    /// Returns the index of the column name that a text is.
    pub(super) fn named(&self, text: &str) -> Option<usize> {
        let text = text.trim();
        self.names.iter().position(|name| name.eq_ignore_ascii_case(text))
    }
}
