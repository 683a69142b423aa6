//! Shows how far long work has come, on a terminal.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanBytes, HumanCount, ProgressBar, ProgressStyle};

use crate::engine::Progress;

/// Work shorter than this is done before anyone looks.
const PATIENCE: Duration = Duration::from_millis(700);

/// Runs `work` while the counters are shown; nothing is shown when nobody looks.
pub fn watched<T: Send>(progress: &Progress, show: bool, work: impl FnOnce() -> T) -> T {
    if !show {
        return work();
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| display(progress, &done));
        let result = work();
        done.store(true, Ordering::Relaxed);
        result
    })
}

fn display(progress: &Progress, done: &AtomicBool) {
    let started = Instant::now();
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        std::thread::sleep(Duration::from_millis(50));
        if started.elapsed() < PATIENCE {
            continue;
        }
        let (bytes, records, rejected, judged) = progress.state();
        bar.set_message(if judged > 0 {
            format!("judging: {} records, {judged} partitions done", HumanCount(records))
        } else {
            format!(
                "reading: {}, {} records, {} rejected",
                HumanBytes(bytes),
                HumanCount(records),
                HumanCount(rejected)
            )
        });
        bar.tick();
    }
    bar.finish_and_clear();
}
