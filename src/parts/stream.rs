//! Arrow streams of rows.

use std::io::{BufRead, BufReader, Read, Write};
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, Int32Builder, StringBuilder};
use arrow_array::{Array, BinaryArray, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use arrow_ipc::writer::StreamWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use avstem_engine::engine::step::{Give, StepError, StepRow};

/// Rows and bytes of a batch, whichever is reached first.
const BATCH_ROWS: usize = 16 << 10;
const BATCH_BYTES: usize = 1 << 20;

const HELP: &str = "give an Arrow stream with the columns tag, share, key and payload, as a step writes it";

fn schema() -> SchemaRef {
    let field = |name, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("tag", DataType::Utf8),
        field("share", DataType::Int32),
        field("key", DataType::Utf8),
        field("payload", DataType::Binary),
    ]))
}

/// What an Arrow error is to a step: broken rows, or a stream that failed.
pub fn step_error(error: ArrowError) -> StepError {
    match error {
        ArrowError::IoError(_, error) => StepError::Stream(error),
        error => StepError::rows(format!("the rows cannot be read: {error}"), HELP),
    }
}

/// Gives the rows of Arrow streams, one behind the other.
pub fn each_row(from: impl Read, give: &mut Give<'_>) -> Result<(), StepError> {
    let mut from = BufReader::with_capacity(1 << 20, from);
    while !from.fill_buf().map_err(StepError::Stream)?.is_empty() {
        for batch in StreamReader::try_new(&mut from, None).map_err(step_error)? {
            give_batch(&batch.map_err(step_error)?, give)?;
        }
    }
    Ok(())
}

/// Gives the rows of a batch.
pub fn give_batch(batch: &RecordBatch, give: &mut Give<'_>) -> Result<(), StepError> {
    let (tags, keys) = (texts(batch, "tag")?, texts(batch, "key")?);
    let payloads = column::<BinaryArray>(batch, "payload")?;
    for row in 0..batch.num_rows() {
        give(StepRow::checked(tags.value(row), keys.value(row), payloads.value(row))?)?;
    }
    Ok(())
}

fn texts<'b>(batch: &'b RecordBatch, name: &str) -> Result<&'b StringArray, StepError> {
    column(batch, name)
}

fn column<'b, A: Array + 'static>(batch: &'b RecordBatch, name: &str) -> Result<&'b A, StepError> {
    let found = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref::<A>());
    match found {
        Some(column) if column.null_count() == 0 => Ok(column),
        Some(_) => Err(StepError::rows(format!("the column {name} has nulls"), HELP)),
        None => Err(StepError::rows(format!("there is no column {name} of the type it must have"), HELP)),
    }
}

/// Writes rows as an Arrow stream.
pub struct RowStream<W: Write> {
    to: StreamWriter<W>,
    tags: StringBuilder,
    shares: Int32Builder,
    keys: StringBuilder,
    payloads: BinaryBuilder,
    sealed: Vec<u8>,
    rows: usize,
    bytes: usize,
}

impl<W: Write> RowStream<W> {
    pub fn new(to: W) -> Result<RowStream<W>, StepError> {
        Ok(RowStream {
            to: StreamWriter::try_new(to, &schema()).map_err(step_error)?,
            tags: StringBuilder::new(),
            shares: Int32Builder::new(),
            keys: StringBuilder::new(),
            payloads: BinaryBuilder::new(),
            sealed: Vec::new(),
            rows: 0,
            bytes: 0,
        })
    }

    pub fn push(&mut self, row: StepRow<'_>) -> Result<(), StepError> {
        self.sealed.clear();
        row.seal(&mut self.sealed);
        self.tags.append_value(row.tag.word());
        self.shares.append_value(row.share().into());
        self.keys.append_value(row.key);
        self.payloads.append_value(&self.sealed);
        self.rows += 1;
        self.bytes += row.key.len() + self.sealed.len();
        if self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), StepError> {
        (self.rows, self.bytes) = (0, 0);
        let columns: Vec<Arc<dyn Array>> = vec![
            Arc::new(self.tags.finish()),
            Arc::new(self.shares.finish()),
            Arc::new(self.keys.finish()),
            Arc::new(self.payloads.finish()),
        ];
        let batch = RecordBatch::try_new(schema(), columns).map_err(step_error)?;
        self.to.write(&batch).map_err(step_error)
    }

    /// Writes what is left, and the end of the stream.
    pub fn finish(mut self) -> Result<W, StepError> {
        if self.rows > 0 {
            self.write()?;
        }
        let mut to = self.to.into_inner().map_err(step_error)?;
        to.flush().map_err(StepError::Stream)?;
        Ok(to)
    }
}

#[cfg(test)]
mod tests {
    use avstem_engine::engine::step::Tag;

    use super::*;

    fn written(rows: &[StepRow<'_>]) -> Vec<u8> {
        let mut writer = RowStream::new(Vec::new()).unwrap();
        rows.iter().for_each(|row| writer.push(*row).unwrap());
        writer.finish().unwrap()
    }

    fn read(bytes: &[u8]) -> Result<Vec<(Tag, String, Vec<u8>)>, StepError> {
        let mut rows = Vec::new();
        each_row(bytes, &mut |row| {
            rows.push((row.tag, row.key.to_owned(), row.payload.to_vec()));
            Ok(())
        })?;
        Ok(rows)
    }

    const ROW: StepRow<'_> = StepRow { tag: Tag::Link, key: "P1", payload: b"balance" };

    #[test]
    fn rows_come_back_from_streams_one_behind_the_other() {
        let one = written(&[ROW, StepRow { key: "", ..ROW }]);
        let rows = read(&[one.clone(), written(&[]), one].concat()).unwrap();
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[2], (Tag::Link, "P1".to_owned(), b"balance".to_vec()));
    }

    #[test]
    fn a_changed_byte_of_a_payload_is_told() {
        let mut bytes = written(&[ROW]);
        let at = bytes.windows(7).position(|window| window == b"balance").unwrap();
        bytes[at] ^= 1;
        let told = read(&bytes).unwrap_err().to_string();
        assert_eq!(told, "a row with the tag link is damaged");
        assert!(read(b"{\"tag\": \"link\"}").is_err());
    }
}
