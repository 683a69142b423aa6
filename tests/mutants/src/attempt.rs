//! Runs the relevant tests against each mutant.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Entry, Skipped};

/// A test, with its time and the mutants that it reaches.
struct Test<'p> {
    program: &'p Path,
    name: String,
    took: Duration,
    reaches: BTreeSet<usize>,
}

/// Tests of the oracle itself are skipped.
const NOT_OF_THE_CORE: &str = "oracle::checks";

/// Memory limit of a test process, in KiB.
const MEMORY: u32 = 2_000_000;

/// Time limit: a multiple of the usual time, plus a margin for a busy machine.
const TIMES: u32 = 20;
const WHILE: Duration = Duration::from_secs(2);

/// Runs tests of a program in a process of their own. Returns false if one fails, or on timeout.
fn run(program: &Path, names: &[&str], limit: Duration, copy: &Path, name: &str, value: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(format!("ulimit -v {MEMORY}; exec \"$0\" \"$@\"")).arg(program);
    shell.args(names).args(["--exact", "--test-threads=1"]).env(name, value).current_dir(copy.join("crates/core"));
    let mut child = shell.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("there is a shell");
    let end = Instant::now() + limit;
    let mut pause = Duration::from_micros(500);
    loop {
        if let Some(status) = child.try_wait().expect("it is a child") {
            return status.success();
        }
        if Instant::now() > end {
            child.kill().and_then(|()| child.wait()).expect("it can be ended");
            return false;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(Duration::from_millis(10));
    }
}

/// Runs each test alone without a mutant, to record its time and the mutants that it reaches.
fn survey<'p>(programs: &'p [PathBuf], copy: &Path) -> Vec<Test<'p>> {
    let told = copy.join("reached");
    let mut tests = Vec::new();
    for program in programs {
        let list = Command::new(program).arg("--list").output().expect("it runs").stdout;
        let list = String::from_utf8(list).expect("names are text");
        let names = list.lines().filter_map(|line| line.strip_suffix(": test"));
        for name in names.filter(|name| !name.contains(NOT_OF_THE_CORE)) {
            fs::write(&told, "").expect("it can be written");
            let begin = Instant::now();
            let whole = told.to_str().expect("the folder's name is text");
            assert!(run(program, &[name], Duration::from_secs(600), copy, "AVSTEM_REACHED", whole), "{name} fails");
            let text = fs::read_to_string(&told).expect("it is there");
            let reaches = text.lines().filter_map(|line| line.parse().ok()).collect();
            tests.push(Test { program, name: name.to_owned(), took: begin.elapsed(), reaches });
        }
    }
    tests.sort_by_key(|test| test.took);
    tests
}

/// Longer tests get a process of their own; the others of a program run together.
const LONG: Duration = Duration::from_millis(100);

/// Whether a test fails with the mutant; the fastest tests run first.
fn is_noticed(number: usize, tests: &[Test<'_>], copy: &Path) -> bool {
    let mut rounds: Vec<(&Path, Vec<&str>, Duration)> = Vec::new();
    for test in tests.iter().filter(|test| test.reaches.contains(&number)) {
        let is_short = test.took < LONG;
        match rounds.iter_mut().find(|(program, _, _)| is_short && *program == test.program) {
            Some((_, names, took)) => {
                names.push(&test.name);
                *took += test.took;
            }
            None => rounds.push((test.program, vec![&test.name], test.took)),
        }
    }
    let value = number.to_string();
    rounds
        .iter()
        .any(|(program, names, took)| !run(program, names, *took * TIMES + WHILE, copy, "AVSTEM_MUTANT", &value))
}

/// Tries all switchable mutants whose names contain `part`. Writes the result of each to
/// `mutants.tsv`, and prints a summary.
pub fn all(entries: &[Entry], left: &Skipped, programs: &[PathBuf], out: &Path, part: &str) {
    let copy = out.join("woven").canonicalize().expect("it is there");
    let tests = survey(programs, &copy);
    let reached: BTreeSet<usize> = tests.iter().flat_map(|test| test.reaches.iter().copied()).collect();
    let mut sums: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut table = String::new();
    for (number, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.name.contains(part)) {
        let fate = if left.broken.contains(&number) {
            "does not compile"
        } else if left.stiff.contains(&number) {
            "has no switch"
        } else if reached.contains(&number) && is_noticed(number, &tests, &copy) {
            "noticed"
        } else if entry.is_explained {
            "explained"
        } else if reached.contains(&number) {
            "survived"
        } else {
            "not reached"
        };
        *sums.entry(entry.module()).or_default().entry(fate).or_default() += 1;
        table += &format!("{fate}\t{}\n", entry.name);
        fs::write(out.join("mutants.tsv"), &table).expect("it can be written");
        if matches!(fate, "survived" | "not reached" | "has no switch") {
            println!("{fate}: {}", entry.name);
        }
    }
    for (module, fates) in sums {
        let told: Vec<String> = fates.iter().map(|(fate, count)| format!("{count} {fate}")).collect();
        println!("{module}: {}", told.join(", "));
    }
}
