//! The compiled part of the Python package `avstem`; what people call is written in Python, in `python/avstem`.
//!
//! * `columns`: the tables of a run as Arrow columns
//! * `table`: a table that Python hands on through the Arrow C interface
//! * `attend`: work off the interpreter's lock, while signals and progress are looked at
//! * `failure`: failures as Python exceptions

mod attend;
mod columns;
mod failure;
mod table;

#[pyo3::pymodule]
mod _avstem {
    use std::ffi::OsString;
    use std::path::Path;
    use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

    use avstem::cli::library::{self, Checked, Given, StepRun};
    use avstem_engine::VERSION;
    use avstem_engine::report::summary_json;
    use avstem_engine::report::tables::RunTable;
    use pyo3::prelude::*;
    use pyo3::types::PyBytes;

    use crate::attend::attended;
    use crate::failure::raised;
    #[pymodule_export]
    use crate::table::MadeTable;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("VERSION", VERSION)
    }

    /// A finished check.
    #[pyclass(frozen, module = "avstem._avstem")]
    struct MadeRun {
        checked: Arc<Checked>,
    }

    #[pymethods]
    impl MadeRun {
        #[getter]
        fn exit_code(&self) -> u8 {
            self.checked.exit.code()
        }

        #[getter]
        fn reason(&self) -> &str {
            &self.checked.options.exit.reason
        }

        #[getter]
        fn complete(&self) -> bool {
            self.checked.options.complete
        }

        /// The text of summary.json.
        #[getter]
        fn summary(&self, py: Python<'_>) -> String {
            py.detach(|| summary_json(&self.checked.done.outcome, &self.checked.options))
        }

        #[getter]
        fn folder(&self) -> Option<&Path> {
            self.checked.folder.as_deref()
        }

        /// The tables that the run has.
        fn tables(&self) -> Vec<MadeTable> {
            let has = RunTable::ALL.into_iter().filter(|table| table.is_of(&self.checked.done.outcome));
            has.map(|table| MadeTable::new(Arc::clone(&self.checked), table)).collect()
        }
    }

    /// A task of a step of a run in steps: it takes Arrow streams, and then gives some.
    #[pyclass(module = "avstem._avstem")]
    struct MadeTask {
        run: Mutex<TaskState>,
    }

    enum TaskState {
        Taking(Box<StepRun>),
        Giving(Given),
        Done,
    }

    impl MadeTask {
        fn locked(&self) -> MutexGuard<'_, TaskState> {
            self.run.lock().unwrap_or_else(PoisonError::into_inner)
        }
    }

    #[pymethods]
    impl MadeTask {
        #[new]
        #[pyo3(signature = (name, job, memory=None))]
        fn new(py: Python<'_>, name: &str, job: &str, memory: Option<&str>) -> PyResult<MadeTask> {
            let run = py.detach(|| StepRun::new(name, job.as_bytes(), memory));
            let run = run.map_err(|failure| raised(py, &failure))?;
            Ok(MadeTask { run: Mutex::new(TaskState::Taking(Box::new(run))) })
        }

        /// Takes rows, before any are given.
        fn take(&self, py: Python<'_>, rows: &[u8]) -> PyResult<()> {
            let taken = py.detach(|| match &mut *self.locked() {
                TaskState::Taking(run) => run.take(rows),
                _ => Ok(()),
            });
            taken.map_err(|failure| raised(py, &failure))
        }

        /// Returns the next rows that are given; None at the end.
        fn give<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
            let given = py.detach(|| {
                let mut state = self.locked();
                if let TaskState::Taking(_) = *state
                    && let TaskState::Taking(run) = std::mem::replace(&mut *state, TaskState::Done)
                {
                    *state = TaskState::Giving(run.finish());
                }
                match &mut *state {
                    TaskState::Giving(given) => given.next().transpose(),
                    _ => Ok(None),
                }
            });
            let given = given.map_err(|failure| raised(py, &failure))?;
            Ok(given.map(|rows| PyBytes::new(py, &rows)))
        }
    }

    /// Plans a run in steps: returns the job, and what there is to read as an Arrow stream.
    #[pyfunction]
    #[pyo3(signature = (words, part=None))]
    fn plan<'py>(py: Python<'py>, words: Vec<OsString>, part: Option<&str>) -> PyResult<(String, Bound<'py, PyBytes>)> {
        let planned = py.detach(|| library::plan(&words, part));
        let (job, ranges) = planned.map_err(|failure| raised(py, &failure))?;
        Ok((job, PyBytes::new(py, &ranges)))
    }

    /// Returns the job with what the tasks of a step said.
    #[pyfunction]
    fn gather(py: Python<'_>, job: &str, rows: &[u8]) -> PyResult<String> {
        let gathered = py.detach(|| library::gather(job.as_bytes(), rows));
        gathered.map_err(|failure| raised(py, &failure))
    }

    #[pyfunction]
    #[pyo3(signature = (words, progress=None))]
    fn merge(py: Python<'_>, words: Vec<OsString>, progress: Option<Py<PyAny>>) -> PyResult<MadeRun> {
        let checked = attended(py, progress.as_ref(), |stage| library::merge(&words, stage))?;
        Ok(MadeRun { checked: Arc::new(checked) })
    }

    /// Runs a command line, whose first word is the program; returns the exit code.
    #[pyfunction]
    fn command(py: Python<'_>, words: Vec<OsString>) -> u8 {
        py.detach(|| avstem::cli::command(words))
    }

    #[pyfunction]
    #[pyo3(signature = (words, progress=None))]
    fn check(py: Python<'_>, words: Vec<OsString>, progress: Option<Py<PyAny>>) -> PyResult<MadeRun> {
        let checked = attended(py, progress.as_ref(), |stage| library::check(&words, stage))?;
        Ok(MadeRun { checked: Arc::new(checked) })
    }

    /// Returns what is shown as JSON and as text, and the findings alone as text.
    #[pyfunction]
    #[pyo3(signature = (words, progress=None))]
    fn show(py: Python<'_>, words: Vec<OsString>, progress: Option<Py<PyAny>>) -> PyResult<(String, String, String)> {
        let shown = attended(py, progress.as_ref(), |stage| library::show(&words, stage))?;
        Ok((shown.json, shown.text, shown.story))
    }

    /// Returns what was found as JSON.
    #[pyfunction]
    fn verify(py: Python<'_>, words: Vec<OsString>) -> PyResult<String> {
        py.detach(|| library::verify(&words)).map_err(|failure| raised(py, &failure))
    }

    /// Returns the rules as JSON.
    #[pyfunction]
    fn rules() -> String {
        library::rules()
    }
}
