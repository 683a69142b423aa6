//! Why a workbook cannot be read.

use std::fmt;

use avstem_core::model::display::visible;

/// Characters of an error: it may repeat names that the workbook gives, of any length.
const LONGEST_ERROR: usize = 300;

/// Why a workbook cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkbookError(pub(super) String);

impl fmt::Display for WorkbookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What the workbook is blamed with may be in its own words.
        let shown = visible(&self.0);
        match shown.char_indices().nth(LONGEST_ERROR) {
            Some((end, _)) => write!(f, "{}…", &shown[..end]),
            None => f.write_str(&shown),
        }
    }
}

impl std::error::Error for WorkbookError {}

/// Takes from what may be kept.
pub(super) fn take_room(room: &mut usize, bytes: usize) -> Result<(), WorkbookError> {
    *room = room.checked_sub(bytes).ok_or_else(|| {
        WorkbookError("more is filled in than is read of a workbook; split it into several".to_owned())
    })?;
    Ok(())
}
