//! Long work on a thread of its own, without the interpreter's lock, while the calling thread looks at Python's signals
//! and tells how far the work is.

use std::panic::resume_unwind;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use avstem::cli::library::{Failure, Stage, StageCell};
use avstem_engine::io::interrupt;
use pyo3::prelude::*;

use crate::failure::raised;

/// How often signals and progress are looked at.
const LOOK: Duration = Duration::from_millis(50);

/// The number of SIGINT, which Python turns into `KeyboardInterrupt`.
const SIGINT: i32 = 2;

/// How many works are going on.
static WORKS: Mutex<usize> = Mutex::new(0);

/// A work that is going on. An end that was asked for is asked of all of them, and taken back when the last has ended.
struct Work;

impl Work {
    fn begin() -> Work {
        Work::count(|works| *works += 1);
        Work
    }

    fn count(change: impl FnOnce(&mut usize)) {
        let mut works = WORKS.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut works);
        if *works == 0 {
            interrupt::ask(None);
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        Work::count(|works| *works -= 1);
    }
}

/// Runs `work`. An exception from a signal handler or from `progress` ends it, and is raised.
pub fn attended<T: Send>(
    py: Python<'_>,
    progress: Option<&Py<PyAny>>,
    work: impl FnOnce(&StageCell) -> Result<T, Failure> + Send,
) -> PyResult<T> {
    let stage = StageCell::default();
    let (made, exception) = py.detach(|| {
        let _going_on = Work::begin();
        thread::scope(|scope| {
            let (end, ended) = mpsc::channel();
            let worker = scope.spawn(|| {
                // Dropped when the work ends, however it does.
                let _end: mpsc::Sender<()> = end;
                work(&stage)
            });
            let mut exception = None;
            while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                if exception.is_some() {
                    continue;
                }
                match Python::try_attach(|py| look(py, progress, &stage.get())) {
                    Some(Ok(())) => continue,
                    Some(Err(raised)) => exception = Some(raised),
                    // Python ends while a thread of its own is here.
                    None => {}
                }
                interrupt::ask(Some(SIGINT));
            }
            (worker.join().unwrap_or_else(|panic| resume_unwind(panic)), exception)
        })
    });
    match exception {
        Some(exception) => Err(exception),
        None => made.map_err(|failure| raised(py, &failure)),
    }
}

/// Runs the handlers of signals that came, and tells how far the work is.
fn look(py: Python<'_>, progress: Option<&Py<PyAny>>, stage: &Stage) -> PyResult<()> {
    py.check_signals()?;
    let Some(progress) = progress else { return Ok(()) };
    match stage {
        Stage::Begun => {}
        Stage::Running(counters, extent) => {
            let state = counters.state();
            let name = if state.judged == 0 { "reading" } else { "judging" };
            let bytes = (state.bytes, extent.bytes);
            progress.call1(py, (name, bytes, state.records, state.rejected, (state.judged, extent.partitions)))?;
        }
        Stage::Writing => {
            let (bytes, partitions) = ((0, None::<u64>), (0, 0));
            progress.call1(py, ("writing", bytes, 0, 0, partitions))?;
        }
    }
    Ok(())
}
