//! Errors of reading a workbook.

use std::fmt;

use avstem_core::model::display::visible;

/// Maximum characters of an error: it may quote names of any length from the workbook.
const LONGEST_ERROR: usize = 300;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkbookError(pub(super) String);

impl fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The message may contain text of the workbook.
        let shown = visible(&self.0);
        match shown.char_indices().nth(LONGEST_ERROR) {
            Some((end, _)) => write!(f, "{}…", &shown[..end]),
            None => f.write_str(&shown),
        }
    }
}

impl std::error::Error for WorkbookError {}

/// Subtracts bytes from the memory that is left.
pub(super) fn take_room(room: &mut usize, bytes: usize) -> Result<(), WorkbookError> {
    *room = room.checked_sub(bytes).ok_or_else(|| {
        WorkbookError("more is filled in than is read of a workbook; split it into several".to_owned())
    })?;
    Ok(())
}
