//! Disasters: the disk is full, a call fails, the process is killed, somebody else writes. Whatever happens, there is a
//! whole run or none, what stood before stands, and the next run is as if nothing had been.
//!
//! The calls that reach the disk can be made to fail, one after the other, in builds with debug assertions: see
//! `crates/engine/src/io/disk.rs`.

mod calls;
mod changing;
mod full;
mod kills;
mod signals;

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use avstem_engine::report::verify::verify;

use crate::reading::packed::{gzip, zstd};
use crate::support::{Desk, read};

type Files = BTreeMap<String, Vec<u8>>;

/// Files below a folder, by name.
fn files(folder: &Path) -> Files {
    let walk = walkdir::WalkDir::new(folder).into_iter().filter_map(Result::ok);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let name = |path: &Path| path.strip_prefix(folder).unwrap().display().to_string();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

/// Three files, each packed in another way, with findings.
fn three_files() -> Desk {
    let desk = Desk::new();
    desk.put("a.json", read("tests/rules/over-captured/broken.json"));
    desk.put("b.json.gz", gzip(read("tests/rules/conflicting-copies/broken.json").as_bytes()));
    desk.put("c.json.zst", zstd(read("tests/rules/items-total-wrong/broken.json").as_bytes()));
    desk
}

/// What a run over the three files leaves when nothing happens; and an older run, of two of them.
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

    /// A desk on which the older run lies already, or not.
    fn desk(&self, has_old: bool) -> Desk {
        let desk = three_files();
        for (name, bytes) in self.old.iter().filter(|_| has_old) {
            let path = desk.path().join("run").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        desk
    }

    /// What is there must be the new run, the old one, or nothing where nothing was; and nothing else in sight.
    fn assert_whole_or_as_before(&self, desk: &Desk, has_old: bool, what: &str) {
        let run = desk.path().join("run");
        let there = files(&run);
        let is_old = has_old && there == self.old;
        if there == self.new || is_old {
            let verified = verify(&run).unwrap();
            assert!(verified.differences.is_empty(), "{what}: {:?}", verified.differences);
        } else {
            // Between two renames, where the file system cannot exchange, the old one may be out of sight.
            assert!(!run.exists(), "{what}: there is a run that is neither whole nor the old one");
        }
        let in_sight = names(desk.path()).into_iter().filter(|name| !name.starts_with('.'));
        assert!(in_sight.eq(["in", "run"].into_iter().filter(|name| *name == "in" || run.exists())), "{what}");
    }

    /// The next run is as if nothing had been.
    fn assert_next(&self, desk: &Desk, what: &str) {
        let next = check(desk, &[]);
        assert_eq!(next.status.code(), Some(1), "{what}: {}", said(&next));
        assert!(files(&desk.path().join("run")) == self.new, "{what}: the next run has other bytes");
    }
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Workers that write side by side, in no order that is known.
const SEVERAL: usize = 3;

/// The command `avstem check in --out run` with everything that can be written. By one worker calls have an order.
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

/// Every call of a run that reaches the disk, by its word, in order.
fn calls(desk: &Desk) -> Vec<String> {
    let log = desk.path().join(".calls");
    check(desk, &[("AVSTEM_CALLS", ".calls")]);
    let calls = fs::read_to_string(&log).unwrap().lines().map(str::to_owned).collect();
    fs::remove_file(log).unwrap();
    calls
}

/// Whether it was ended by `kill -9`.
fn was_killed(output: &Output) -> bool {
    output.status.signal() == Some(9)
}

/// Does something for each number below a count, on a few threads.
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

/// Says something that is shown with `--nocapture`; a test has no other word than failing.
fn noted(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Says that something could not be tried here.
fn skipped(why: &str) {
    noted(&format!("skipped: {why}"));
}

/// How many times a thing is tried: a number from outside, else a few.
fn tries(variable: &str, few: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}
