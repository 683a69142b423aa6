//! Disasters: the disk is full, a call fails, the process is killed, inputs change while they are
//! read. In every case there is a whole run or none, an earlier run stays intact, and the next run
//! is unaffected.
//!
//! In builds with debug assertions every call that reaches the disk can be made to fail: see
//! `crates/engine/src/io/disk.rs`.

mod again;
mod calls;
mod changing;
mod full;
mod kills;
mod signals;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use avstem_engine::report::verify::verify;

use crate::reading::packed::{gzip, zstd};
use crate::support::{Desk, noted, read, skipped};

type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    let walk = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// Three files with findings: plain, gzip and zstd.
fn three_files() -> Desk {
    let desk = Desk::new();
    desk.put("a.json", read("tests/rules/over-captured/broken.json"));
    desk.put("b.json.gz", gzip(read("tests/rules/conflicting-copies/broken.json").as_bytes()));
    desk.put("c.json.zst", zstd(read("tests/rules/items-total-wrong/broken.json").as_bytes()));
    desk
}

/// The files of an undisturbed run over the three files, and of an older run over two of them.
struct Reference {
    new: Files,
    old: Files,
}

impl Reference {
    fn new() -> Reference {
        let desk = three_files();
        assert_eq!(check(&desk, &[]).status.code(), Some(1));
        let new = files(&desk.path().join("run"));
        fs::remove_file(desk.inputs().join("a.json")).unwrap();
        assert_eq!(check(&desk, &[]).status.code(), Some(1));
        Reference { new, old: files(&desk.path().join("run")) }
    }

    /// A desk with or without the older run in place.
    fn desk(&self, has_old: bool) -> Desk {
        let desk = three_files();
        for (name, bytes) in self.old.iter().filter(|_| has_old) {
            let path = desk.path().join("run").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        desk
    }

    /// The run folder must hold the new run, the old one, or nothing where nothing was; no other
    /// visible file may exist.
    fn assert_whole_or_as_before(&self, desk: &Desk, has_old: bool, what: &str) {
        let run = desk.path().join("run");
        let there = files(&run);
        let is_old = has_old && there == self.old;
        if there == self.new || is_old {
            let verified = verify(&run).unwrap();
            assert!(verified.differences.is_empty(), "{what}: {:?}", verified.differences);
        } else {
            // Without an atomic exchange the old run is briefly renamed away between two renames.
            assert!(!run.exists(), "{what}: there is a run that is neither whole nor the old one");
        }
        let in_sight = names(desk.path()).into_iter().filter(|name| !name.starts_with('.'));
        assert!(in_sight.eq(["in", "run"].into_iter().filter(|name| *name == "in" || run.exists())), "{what}");
    }

    /// The next run must not be affected.
    fn assert_next(&self, desk: &Desk, what: &str) {
        let next = check(desk, &[]);
        assert_eq!(next.status.code(), Some(1), "{what}: {}", said(&next));
        assert!(files(&desk.path().join("run")) == self.new, "{what}: the next run has other bytes");
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Several workers write concurrently, so their calls have no fixed order.
const SEVERAL: usize = 3;

/// The command `avstem check in --out run` with every optional output. With one worker the order of
/// calls is fixed.
fn command(desk: &Desk, workers: usize, environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", "run", "--force", "--quiet", "--frames", "--balances-csv"]);
    command.args(["--jobs", &workers.to_string()]).current_dir(desk.path()).envs(environment.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    command
}

fn check(desk: &Desk, environment: &[(&str, &str)]) -> Output {
    command(desk, 1, environment).output().unwrap()
}

/// The name of every call of a run that reaches the disk, in order.
fn calls(desk: &Desk) -> Vec<String> {
    let log = desk.path().join(".calls");
    check(desk, &[("AVSTEM_CALLS", ".calls")]);
    let calls = fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect();
    fs::remove_file(log).unwrap();
    calls
}

fn was_killed(output: &Output) -> bool {
    output.status.signal() == Some(9)
}

/// Calls `work` for each number below `count`, on four threads.
fn for_each(count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        break;
                    }
                    work(at);
                }
            });
        }
    });
}

/// The count in an environment variable, else `few`.
fn tries(variable: &str, few: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}
