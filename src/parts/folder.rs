//! A folder of parts: Arrow streams and Parquet files, at any depth.

use std::path::Path;

use avstem_engine::engine::step::{Give, StepError};
use avstem_engine::io::parts::{files_of_parts, open_part};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};

use super::stream::{each_row, give_batch, step_error};

/// Rows of a batch that is read from Parquet.
const BATCH_ROWS: usize = 4 << 10;

/// Gives the rows of all files of a folder whose names end in `.arrow` or `.parquet`.
pub fn each_row_of_folder(folder: &Path, give: &mut Give<'_>) -> Result<(), StepError> {
    for file in files_of_parts(folder).map_err(StepError::Stream)? {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("arrow") => each_row(open_part(&file).map_err(StepError::Stream)?, give)?,
            Some("parquet") => each_row_of_parquet(&file, give)?,
            _ => {}
        }
    }
    Ok(())
}

fn each_row_of_parquet(path: &Path, give: &mut Give<'_>) -> Result<(), StepError> {
    let broken = |error: parquet::errors::ParquetError| {
        let what = format!("{} cannot be read: {error}", path.display());
        StepError::rows(what, "write the part anew, uncompressed or with snappy, with the columns tag, key and payload")
    };
    let file = open_part(path).map_err(StepError::Stream)?;
    // An engine's own notes on types are left alone, so that texts are the plain ones whoever wrote them.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(broken)?;
    let columns = ProjectionMask::columns(builder.parquet_schema(), ["tag", "key", "payload"]);
    let reader = builder.with_projection(columns).with_batch_size(BATCH_ROWS).build().map_err(broken)?;
    for batch in reader {
        give_batch(&batch.map_err(step_error)?, give)?;
    }
    Ok(())
}
