//! Progress display on a terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanCount, ProgressBar, ProgressDrawTarget, ProgressStyle};

use avstem_engine::engine::Progress;

/// Shorter work is done without a display.
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

#[derive(Clone, Copy)]
pub struct Extent {
    /// Bytes to read; None if unknown.
    pub bytes: Option<u64>,
    pub partitions: u64,
}

/// Runs `work` and, if `show` is set, displays the progress counters.
pub fn watched<T>(progress: &Progress, extent: Extent, show: bool, work: impl FnOnce() -> T) -> T {
    beside(show, work, |done| Display::new(extent).run(progress, done))
}

/// Runs `work` and, if `show` is set, displays that the report is being written.
pub fn watched_writing<T>(show: bool, work: impl FnOnce() -> T) -> T {
    beside(show, work, |done| {
        let bar = bar(WRITING);
        until(done, || {
            reveal(&bar);
            bar.tick();
        });
        bar.finish_and_clear();
    })
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

/// Calls `draw` at intervals until the work is done, but not before `PATIENCE` has passed.
fn until(done: &AtomicBool, mut draw: impl FnMut()) {
    let started = Instant::now();
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(LOOK);
        if started.elapsed() >= PATIENCE {
            draw();
        }
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

struct Display {
    extent: Extent,
    bar: ProgressBar,
    is_judging: bool,
}

impl Display {
    fn new(extent: Extent) -> Display {
        let bar = bar(if extent.bytes.is_some() { READING } else { STREAMING });
        if let Some(bytes) = extent.bytes {
            bar.set_length(bytes);
        }
        Display { extent, bar, is_judging: false }
    }

    fn run(mut self, progress: &Progress, done: &AtomicBool) {
        until(done, || self.draw(progress));
        self.bar.finish_and_clear();
    }

    fn draw(&mut self, progress: &Progress) {
        reveal(&self.bar);
        self.update(progress);
        self.bar.tick();
    }

    fn update(&mut self, progress: &Progress) {
        let state = progress.state();
        let records = HumanCount(state.records);
        if state.judged > 0 && !self.is_judging {
            self.is_judging = true;
            self.bar.set_style(style(JUDGING));
            self.bar.set_position(0);
            self.bar.set_length(self.extent.partitions);
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
        let progress = Progress::new(1);
        let extent = Extent { bytes: Some(10), partitions: 4 };
        for show in [false, true] {
            assert_eq!(watched(&progress, extent, show, || 7) + watched_writing(show, || 7), 14);
        }
        let mut display = Display::new(extent);
        progress.set_bytes(0, 5);
        progress.add_records(3, 1);
        display.update(&progress);
        assert_eq!((display.bar.position(), display.bar.length()), (5, Some(10)));
        assert_eq!(display.bar.message(), "3 records, 1 rejected");
        progress.add_judged();
        display.update(&progress);
        assert_eq!((display.bar.position(), display.bar.length()), (1, Some(4)));
    }
}
