//! How far the work of a command is, and its display on a terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use avstem_engine::engine::{Progress, ProgressState};

/// A shorter stage is gone without a display.
const PATIENCE: Duration = Duration::from_millis(700);

/// The interval between updates.
const LOOK: Duration = Duration::from_millis(50);

/// Reading inputs of known total size.
const READING: &str = "reading {wide_bar} {bytes} of {total_bytes}, {msg}, {eta} left";

/// Reading from a pipe, whose size is unknown.
const STREAMING: &str = "{spinner} reading {bytes}, {msg}, {elapsed}";

/// Judging, one partition at a time.
const JUDGING: &str = "judging {wide_bar} {msg}, {eta} left";

const WRITING: &str = "{spinner} writing the report, {elapsed}";

#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Bytes to read; None if unknown.
    pub bytes: Option<u64>,
    pub partitions: u64,
}

/// How far the work is.
#[derive(Clone, Debug, Default)]
pub enum Stage {
    #[default]
    Begun,
    /// Reading, then judging.
    Running(Arc<Progress>, Extent),
    Writing,
}

/// Where the thread that works says how far it is, and another one looks.
#[derive(Debug, Default)]
pub struct StageCell(Mutex<Stage>);

impl StageCell {
    pub fn set(&self, stage: Stage) {
        *self.lock() = stage;
    }

    pub fn get(&self) -> Stage {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Stage> {
        // A stage is whole even when a thread broke down while it held the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs `work` and, if `show` is set, displays how far it is.
pub fn watched<T>(stage: &StageCell, show: bool, work: impl FnOnce() -> T) -> T {
    beside(show, work, |done| Display::default().run(stage, done))
}

/// Runs `work` on this thread, and `display` on another until the work is done.
fn beside<T>(show: bool, work: impl FnOnce() -> T, display: impl FnOnce(&AtomicBool) + Send) -> T {
    if !show {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| display(&done));
        // Set on panic too, otherwise the display would never stop.
        let _stop = Stop(&done);
        work()
    })
}

struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn bar(template: &str) -> ProgressBar {
    // Hidden at first, so that short work does not flash a bar.
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    bar.set_style(style(template));
    bar
}

fn reveal(bar: &ProgressBar) {
    if bar.is_hidden() {
        bar.set_draw_target(ProgressDrawTarget::stderr());
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("templates are constants").progress_chars("=> ")
}

/// The bar of a stage, after some patience.
#[derive(Default)]
struct Display {
    shown: Option<Shown>,
}

struct Shown {
    bar: ProgressBar,
    since: Instant,
    is_judging: bool,
    is_writing: bool,
}

impl Display {
    fn run(mut self, stage: &StageCell, done: &AtomicBool) {
        while !done.load(Ordering::Relaxed) {
            std::thread::sleep(LOOK);
            self.look(&stage.get());
            if let Some(shown) = self.shown.as_ref().filter(|shown| shown.since.elapsed() >= PATIENCE) {
                reveal(&shown.bar);
                shown.bar.tick();
            }
        }
        self.clear();
    }

    fn clear(&mut self) {
        if let Some(shown) = self.shown.take() {
            shown.bar.finish_and_clear();
        }
    }

    fn look(&mut self, stage: &Stage) {
        let is_writing = matches!(stage, Stage::Writing);
        if self.shown.as_ref().is_some_and(|shown| shown.is_writing != is_writing) {
            self.clear();
        }
        match stage {
            Stage::Begun => {}
            Stage::Running(progress, extent) => {
                self.shown.get_or_insert_with(|| Shown::running(*extent)).update(progress.state(), *extent);
            }
            Stage::Writing => {
                self.shown.get_or_insert_with(|| Shown { is_writing: true, ..Shown::new(WRITING) });
            }
        }
    }
}

impl Shown {
    fn new(template: &str) -> Shown {
        Shown { bar: bar(template), since: Instant::now(), is_judging: false, is_writing: false }
    }

    fn running(extent: Extent) -> Shown {
        let shown = Shown::new(if extent.bytes.is_some() { READING } else { STREAMING });
        if let Some(bytes) = extent.bytes {
            shown.bar.set_length(bytes);
        }
        shown
    }

    fn update(&mut self, state: ProgressState, extent: Extent) {
        let records = HumanCount(state.records);
        if state.judged > 0 && !self.is_judging {
            self.is_judging = true;
            self.bar.set_style(style(JUDGING));
            self.bar.set_position(0);
            self.bar.set_length(extent.partitions);
            self.bar.reset_eta();
        }
        if self.is_judging {
            self.bar.set_message(format!("{records} records"));
            self.bar.set_position(state.judged);
        } else {
            self.bar.set_message(format!("{records} records, {} rejected", HumanCount(state.rejected)));
            self.bar.set_position(state.bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_one() {
        for template in [READING, STREAMING, JUDGING, WRITING] {
            style(template);
        }
    }

    #[test]
    fn a_display_ends_with_its_work() {
        let stage = StageCell::default();
        for show in [false, true] {
            assert_eq!(watched(&stage, show, || 7), 7);
        }
        let progress = Arc::new(Progress::new(1));
        let extent = Extent { bytes: Some(10), partitions: 4 };
        stage.set(Stage::Running(Arc::clone(&progress), extent));
        let mut display = Display::default();
        let mut place = || {
            display.look(&stage.get());
            let bar = &display.shown.as_ref().unwrap().bar;
            (bar.position(), bar.length(), bar.message())
        };
        progress.set_bytes(0, 5);
        progress.add_records(3, 1);
        assert_eq!(place(), (5, Some(10), "3 records, 1 rejected".to_owned()));
        progress.add_judged();
        assert_eq!(place(), (1, Some(4), "3 records".to_owned()));
        stage.set(Stage::Writing);
        assert_eq!(place(), (0, None, String::new()), "a bar of its own");
    }
}
