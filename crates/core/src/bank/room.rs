//! How much memory bank statements may take: all of them are held until payouts are matched.

use std::cell::Cell;

/// A number of bytes for all statements of a run, whoever reads them.
pub trait Room {
    /// Takes so many bytes.
    ///
    /// # Errors
    ///
    /// If there are fewer left.
    fn take(&self, bytes: usize) -> Result<(), Full>;
}

/// More was wanted than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// The bytes that are left, for one who reads alone.
impl Room for Cell<usize> {
    fn take(&self, bytes: usize) -> Result<(), Full> {
        self.set(self.get().checked_sub(bytes).ok_or(Full)?);
        Ok(())
    }
}

/// About the bytes of texts that are held, with what an allocator adds to each.
pub fn bytes_of<'t>(texts: impl IntoIterator<Item = &'t String>) -> usize {
    texts.into_iter().map(|text| 2 * size_of::<String>() + text.len()).sum()
}
