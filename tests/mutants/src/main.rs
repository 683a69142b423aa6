//! Tries every mutant of the core with a single build. `tests/mutants/run` calls it with the list
//! from cargo-mutants.
//!
//! A copy of the core gets a runtime switch for each mutant (`weave`). Mutants that do not compile
//! are found by their compiler errors and left out. Each test then runs alone once to record which
//! mutants it reaches, and each mutant is enabled for those tests, in a separate process with
//! limits on time and memory (`attempt`).

mod attempt;
mod weave;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::RegexSet;
use serde_json::Value;
use weave::{Mutant, weave};

/// The core, and what its tests need.
const COPIED: [&str; 8] = [
    "Cargo.lock",
    "crates/core/Cargo.toml",
    "crates/core/src",
    "crates/core/tests",
    "crates/worlds",
    "tests/rules",
    "tests/suite",
    "samples/export",
];

/// A mutant listed by cargo-mutants.
pub struct Entry {
    /// Relative to the repository.
    file: String,
    /// The name that cargo-mutants prints.
    pub name: String,
    /// Whether `equivalent.toml` explains why no test can notice it.
    pub is_explained: bool,
}

impl Entry {
    /// The module of the core that contains it.
    pub fn module(&self) -> &str {
        self.file.split('/').nth(3).unwrap_or_default()
    }
}

#[derive(Default)]
pub struct Skipped {
    pub broken: BTreeSet<usize>,
    /// They cannot be switched at run time.
    pub stiff: BTreeSet<usize>,
}

fn main() {
    let mut words = std::env::args().skip(1);
    let out = PathBuf::from(words.next().expect("the first word is the folder of the lists"));
    let part = words.next().unwrap_or_default();
    let list = read_list(&out.join("all.json"));
    let explained = explained();
    let mut sources: BTreeMap<String, (String, Vec<Mutant>)> = BTreeMap::new();
    let mut entries = Vec::new();
    for (number, of) in list.iter().enumerate() {
        let (file, name) = (text(&of["file"]), text(&of["name"]));
        let read = || (fs::read_to_string(&file).expect("the source is there"), Vec::new());
        let (source, mutants) = sources.entry(file.clone()).or_insert_with(read);
        let span = place(source, &of["span"]["start"])..place(source, &of["span"]["end"]);
        let is_explained = explained.is_match(&placeless(&file, &name, source, span.start));
        entries.push(Entry { file, name, is_explained });
        mutants.push(Mutant { number, genre: text(&of["genre"]), span, replacement: text(&of["replacement"]) });
    }
    let copy = out.join("woven");
    copy_core(&copy, entries.len());
    let left = weave_all(&copy, &mut sources);
    let programs = build(&copy);
    attempt::all(&entries, &left, &programs, &out, &part);
}

fn read_list(path: &Path) -> Vec<Value> {
    serde_json::from_slice(&fs::read(path).expect("the list is there")).expect("cargo-mutants writes a list")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The patterns in `equivalent.toml`.
fn explained() -> RegexSet {
    let text = fs::read_to_string("tests/mutants/equivalent.toml").expect("it is there");
    let table: toml::Table = text.parse().expect("it is TOML");
    let names = table["names"].as_array().expect("names are a list");
    RegexSet::new(names.iter().map(|name| name.as_str().expect("names are texts"))).expect("names are patterns")
}

/// The name of a mutant with the source text of its line instead of its position, which changes
/// with unrelated edits.
fn placeless(file: &str, name: &str, source: &str, at: usize) -> String {
    let start = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let line = source[start..].lines().next().unwrap_or_default().trim();
    // The first three fields are file, line and column.
    format!("{file}: {line}:{}", name.splitn(4, ':').nth(3).unwrap_or(name))
}

/// The byte offset of a line and column.
fn place(source: &str, at: &Value) -> usize {
    let number = |name: &str| at[name].as_u64().expect("a place is two numbers") as usize - 1;
    let line: usize = source.split_inclusive('\n').take(number("line")).map(str::len).sum();
    line + source[line..].chars().take(number("column")).map(char::len_utf8).sum::<usize>()
}

fn copy_core(copy: &Path, mutants: usize) {
    for part in COPIED {
        let to = copy.join(part);
        if to.is_dir() {
            fs::remove_dir_all(&to).expect("an older copy can go");
        }
        fs::create_dir_all(to.parent().expect("it is within")).expect("folders can be made");
        let done = Command::new("cp").arg("-rT").arg(part).arg(to).status().expect("cp is there");
        assert!(done.success());
    }
    let manifest = fs::read_to_string("Cargo.toml").expect("there is one");
    let (workspace, _) = manifest.split_once("[package]\n").expect("the workspace comes first");
    let is_kept = |line: &&str| !line.starts_with("members") && !line.starts_with("default-members");
    let workspace: String = workspace.split_inclusive('\n').filter(is_kept).collect();
    let workspace = workspace.replacen("[workspace]\n", "[workspace]\nmembers = [\"crates/core\"]\n", 1);
    let profile = "[profile.dev]\ndebug = false\nopt-level = 1\n[profile.dev.package.\"*\"]\nopt-level = 3\n";
    fs::write(copy.join("Cargo.toml"), format!("{workspace}{profile}")).expect("it can be written");
    let library = copy.join("crates/core/src/lib.rs");
    let text = fs::read_to_string(&library).expect("there is one");
    fs::write(library, format!("{text}\npub mod mutant;\n")).expect("it can be written");
    let switches = format!("{}\nconst MUTANTS: usize = {mutants};\n", include_str!("switches.rs"));
    fs::write(copy.join("crates/core/src/mutant.rs"), switches).expect("it can be written");
}

/// The JSON messages of a cargo command; its stderr goes to `aside`.
fn cargo(copy: &Path, words: &[&str], aside: Stdio) -> Vec<Value> {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(copy).args(words).args(["-p", "avstem-core", "--message-format=json", "--quiet"]);
    cargo.env("RUSTFLAGS", "--cap-lints=allow").env("CARGO_TARGET_DIR", "target");
    let mut child = cargo.stdout(Stdio::piped()).stderr(aside).spawn().expect("cargo is there");
    let lines = BufReader::new(child.stdout.take().expect("it is a pipe")).lines();
    let values = lines.map(|line| serde_json::from_str(&line.expect("it is text")).unwrap_or_default()).collect();
    child.wait().expect("cargo ends");
    values
}

/// Weaves again without the mutants that do not compile, until the copy compiles.
fn weave_all(copy: &Path, sources: &mut BTreeMap<String, (String, Vec<Mutant>)>) -> Skipped {
    let (mut left, mut needed) = (Skipped::default(), BTreeSet::new());
    loop {
        let mut woven = BTreeMap::new();
        for (file, (source, mutants)) in &*sources {
            let done = weave(source, mutants, &needed);
            left.broken.extend(done.broken);
            left.stiff.extend(done.stiff);
            fs::write(copy.join(file), &done.text).expect("it can be written");
            woven.insert(file.clone(), done.text);
        }
        let messages = cargo(copy, &["check", "--lib"], Stdio::null());
        let (mut broken, mut other) = (BTreeSet::new(), Vec::new());
        let known = needed.len();
        for message in messages.iter().map(|of| &of["message"]).filter(|of| of["level"] == "error") {
            let said = message["message"].as_str().unwrap_or_default();
            if message["code"]["code"] == "E0015" {
                let called = said.split('`').nth(1).unwrap_or_default();
                needed.insert(called.rsplit("::").next().unwrap_or_default().to_owned());
                continue;
            }
            let spans = message["spans"].as_array().map_or(&[] as &[Value], Vec::as_slice);
            let mut spans: Vec<&Value> = spans.iter().collect();
            spans.sort_by_key(|span| span["is_primary"] != true);
            match spans.iter().find_map(|span| complained(span, &woven)) {
                Some(number) => drop(broken.insert(number)),
                None => other.extend(message["rendered"].as_str()),
            }
        }
        if broken.is_empty() && needed.len() == known {
            assert!(other.is_empty(), "{}", other.concat());
            return left;
        }
        eprintln!("{} more mutants do not compile", broken.len());
        for (_, mutants) in sources.values_mut() {
            mutants.retain(|mutant| !broken.contains(&mutant.number));
        }
        left.broken.extend(broken);
    }
}

/// The mutant that a compiler message refers to.
fn complained(span: &Value, woven: &BTreeMap<String, String>) -> Option<usize> {
    let text = woven.get(span["file_name"].as_str()?)?;
    let within: Range<usize> = span["byte_start"].as_u64()? as usize..span["byte_end"].as_u64()? as usize;
    let start = text[..within.start].rfind("/*<")?;
    let (number, _) = text[start + 3..].split_once("*/")?;
    let end = start + text[start..].find(&format!("/*>{number}*/"))?;
    if within.end <= end { number.parse().ok() } else { None }
}

/// Builds the test binaries and returns their paths.
fn build(copy: &Path) -> Vec<PathBuf> {
    let messages = cargo(copy, &["test", "--lib", "--tests", "--no-run"], Stdio::inherit());
    let errors = messages.iter().filter(|of| of["message"]["level"] == "error");
    let told: String = errors.filter_map(|of| of["message"]["rendered"].as_str()).collect();
    assert!(told.is_empty(), "{told}");
    let programs: Vec<PathBuf> =
        messages.iter().filter_map(|of| of["executable"].as_str()).map(PathBuf::from).collect();
    assert!(!programs.is_empty(), "cargo built no tests");
    programs
}
