//! Reads the balances of an earlier run.

use super::table::BALANCES;
use crate::frame::read::ParquetFile;
use crate::history::diff::SeeBalance;
use crate::history::{Past, PastError};

/// Passes kind and id of each balance of a run to `see`.
///
/// # Errors
///
/// When the file is missing, or not one that this version writes.
pub fn visit_balances(run: &Past, see: SeeBalance<'_>) -> Result<(), PastError> {
    let name = "balances.parquet";
    let file = run.file(name).map_err(|error| run.failed(format!("its {name}: {error}")))?;
    let mut file = ParquetFile::open(file, name, BALANCES).map_err(|error| run.failed(error))?;
    for at in 0..file.groups() {
        let rows = file.group(at, &["kind", "id"]).map_err(|error| run.failed(error))?;
        let (kinds, ids) = (rows.texts("kind"), rows.texts("id"));
        for row in 0..rows.rows() {
            if let (Some(kind), Some(id)) = (kinds.get(row), ids.get(row)) {
                see(kind, id);
            }
        }
    }
    Ok(())
}
