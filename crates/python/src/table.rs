//! A table that Python hands on through the Arrow C interface.

use std::ffi::CStr;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_array::cast::AsArray;
use arrow_array::ffi::FFI_ArrowSchema;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::types::{Int64Type, TimestampMicrosecondType};
use arrow_array::{Array, RecordBatchIterator};
use arrow_schema::{ArrowError, DataType};
use avstem::cli::library::{Checked, Exit, Failure};
use avstem_engine::engine::Interrupted;
use avstem_engine::io::interrupt;
use avstem_engine::report::tables::RunTable;
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyList};

use crate::attend::attended;
use crate::columns::{Sheet, schema};
use crate::failure::raised;

/// The names that the Arrow PyCapsule interface gives its capsules.
const SCHEMA: &CStr = c"arrow_schema";
const STREAM: &CStr = c"arrow_array_stream";

/// A table of a run. Its columns are made when they are first asked for, and shared by all who read them.
#[pyclass(frozen, module = "avstem._avstem")]
pub struct MadeTable {
    run: Arc<Checked>,
    table: RunTable,
    made: Mutex<Option<Arc<Sheet>>>,
}

impl MadeTable {
    pub fn new(run: Arc<Checked>, table: RunTable) -> MadeTable {
        MadeTable { run, table, made: Mutex::new(None) }
    }

    fn sheet(&self, py: Python<'_>) -> PyResult<Arc<Sheet>> {
        if let Ok(made) = self.made.try_lock()
            && let Some(sheet) = &*made
        {
            return Ok(Arc::clone(sheet));
        }
        attended(py, None, |_| {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            let sheet = match &*made {
                Some(sheet) => Arc::clone(sheet),
                None => Arc::new(self.make()?),
            };
            *made = Some(Arc::clone(&sheet));
            Ok(sheet)
        })
    }

    fn make(&self) -> Result<Sheet, Failure> {
        let sheet = Sheet::of(self.table, &self.run.done.outcome).map_err(|error| match interrupt::pending() {
            Some(signal) => Interrupted::Signal(signal),
            None => Interrupted::Rows(error),
        })?;
        // Rows that could not be read back end an iteration early.
        self.run.done.whole()?;
        Ok(sheet)
    }
}

#[pymethods]
impl MadeTable {
    #[getter]
    fn name(&self) -> &'static str {
        self.table.name()
    }

    /// Name, type in words and description of each column.
    #[getter]
    fn columns(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        self.table.columns().iter().map(|column| (column.name, column.kind.words(), column.what)).collect()
    }

    fn __len__(&self, py: Python<'_>) -> PyResult<usize> {
        Ok(self.sheet(py)?.rows())
    }

    fn arrow_schema<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = FFI_ArrowSchema::try_from(&*schema(self.table.columns())).map_err(|error| broken(py, &error))?;
        PyCapsule::new_with_value(py, schema, SCHEMA)
    }

    fn arrow_stream<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let sheet = self.sheet(py)?;
        // A batch shares its buffers with its clones.
        let batches: Vec<_> = sheet.batches.iter().cloned().map(Ok).collect();
        let reader = RecordBatchIterator::new(batches, Arc::clone(&sheet.schema));
        PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(Box::new(reader)), STREAM)
    }

    /// The values of a column: texts, whole numbers, truth values, times in microseconds, and None.
    fn values<'py>(&self, py: Python<'py>, column: usize) -> PyResult<Bound<'py, PyList>> {
        let (sheet, list) = (self.sheet(py)?, PyList::empty(py));
        if column >= sheet.schema.fields().len() {
            return Err(PyIndexError::new_err(column));
        }
        for batch in &sheet.batches {
            let values = batch.column(column);
            match values.data_type() {
                DataType::Utf8 => values.as_string::<i32>().iter().try_for_each(|value| list.append(value))?,
                DataType::Boolean => values.as_boolean().iter().try_for_each(|value| list.append(value))?,
                DataType::Int64 => {
                    values.as_primitive::<Int64Type>().iter().try_for_each(|value| list.append(value))?;
                }
                _ => {
                    let times = values.as_primitive::<TimestampMicrosecondType>();
                    times.iter().try_for_each(|value| list.append(value))?;
                }
            }
        }
        Ok(list)
    }
}

fn broken(py: Python<'_>, error: &ArrowError) -> PyErr {
    raised(py, &Failure::new(Exit::Internal, error))
}
