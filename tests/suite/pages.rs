//! Every command on a page does what the page says: the `console` blocks of the README and of `docs/` are run in a copy
//! of the samples, one page after the other, and what they show is what is printed.
//!
//! A command ends with 0, or with the code that its comment names (`# exit 6`). A block without output shows nothing and
//! is only run. `AVSTEM_BLESS=1 cargo test` writes the output anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::support::{compare, files_below, lacks, names, none_of, read, root};

/// Blocks that are not run: the page, how the first command begins, and why.
const NOT_RUN: [(&str, &str, &str); 8] = [
    ("docs/CLUSTER.md", "cat rows", "it is what one task among many does"),
    ("README.md", "cargo install", "it compiles the program"),
    ("README.md", "cargo test", "it runs this test"),
    ("docs/FETCHING.md", "export DINTERO_ACCOUNT", "it needs an account; fetching.rs runs the script"),
    ("docs/NIGHTLY.md", "#!/bin/sh", "a script, not a session; nightly.rs runs it"),
    ("docs/NIGHTLY.md", "avstem accept runs/2026-11-20 --from", "it needs a workbook that a person filled in"),
    ("docs/NIGHTLY.md", "jq -e", "it sends a mail"),
    ("docs/PERFORMANCE.md", "cargo build --release", "it measures for an hour"),
];

/// What the reader of a page has before its first command.
const BEFORE: [(&str, &str); 2] = [
    (
        "docs/COMMANDS.md",
        "avstem check samples/export --fail-on never && printf 'as_of = \"2026-10-31\"\\nfail_onn = \"error\"\\n' > wrong.toml",
    ),
    (
        "docs/NIGHTLY.md",
        // The night before had no payments of the last days.
        "mkdir exports && cp -r samples/export exports/current && mv exports/current/transactions/2026-10-27.json later && \
         avstem check exports/current --out runs/2026-11-19; \
         mv later exports/current/transactions/2026-10-27.json",
    ),
];

/// A block of commands on a page.
struct Block<'a> {
    /// With the fences.
    whole: &'a str,
    fence: &'a str,
    text: &'a str,
}

fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("```") {
        let (fence, text) = rest[start + 3..].split_once('\n').unwrap();
        let (text, after) = text.split_once("```").expect("a block ends");
        let end = rest.len() - after.len();
        if ["console", "sh"].contains(&fence) {
            found.push(Block { whole: &rest[start..end], fence, text });
        }
        rest = after;
    }
    found
}

impl Block<'_> {
    fn not_run(&self, page: &Path) -> Option<usize> {
        let begins = self.text.strip_prefix("$ ").unwrap_or(self.text);
        NOT_RUN.iter().position(|(of, start, _)| page == Path::new(of) && begins.starts_with(start))
    }

    /// The commands, each with what the block shows of its output.
    fn steps(&self) -> Vec<(&str, &str)> {
        let from = self.text.strip_prefix("$ ").expect("a command follows `$ `");
        from.split("\n$ ").map(|step| step.split_once('\n').unwrap_or((step, ""))).collect()
    }

    /// The block with what its commands print in this folder now.
    fn again(&self, desk: &Path, complaints: &mut Vec<String>) -> String {
        let mut made = format!("```{}\n", self.fence);
        for (command, shown) in self.steps() {
            let printed = run(desk, command).unwrap_or_else(|why| {
                complaints.push(why);
                String::new()
            });
            let printed = if shown.is_empty() { "" } else { printed.trim_end() };
            made.extend(["$ ", command, "\n", printed, if printed.is_empty() { "" } else { "\n" }]);
        }
        made + "```"
    }
}

/// Runs a command line in a folder; what it printed on both streams, or how it ended otherwise than expected.
fn run(desk: &Path, command: &str) -> Result<String, String> {
    let expected = command.split_once("# exit ").map_or(0, |(_, code)| code.trim().parse().unwrap());
    let line = command.replace("cargo run -- ", "avstem ");
    let built = Path::new(env!("CARGO_BIN_EXE_avstem")).parent().unwrap();
    let path = format!("{}:{}", built.display(), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell.args(["-c", &format!("exec 2>&1\n{line}")]).current_dir(desk).env("PATH", path).env("COLUMNS", "100");
    let output = shell.stdin(Stdio::null()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    // Of a pipeline the last program has the exit code, and it may be somebody else's.
    let is_ours = line.starts_with("avstem ") && !line.contains(" | ");
    let ended = output.status.code();
    if is_ours && ended != Some(expected) {
        return Err(format!("{command}: exit {ended:?}\n{printed}"));
    }
    Ok(printed)
}

/// A folder with what the commands name.
fn desk() -> TempDir {
    let desk = tempfile::tempdir().unwrap();
    for path in ["samples", "reports/example"].into_iter().flat_map(files_below) {
        let copy = desk.path().join(&path);
        fs::create_dir_all(copy.parent().unwrap()).unwrap();
        fs::copy(root().join(&path), copy).unwrap();
    }
    desk
}

fn pages() -> Vec<PathBuf> {
    let docs = names("docs").into_iter().map(|name| Path::new("docs").join(name));
    let pages = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    ["README.md", "samples/README.md"].into_iter().map(PathBuf::from).chain(pages).collect()
}

/// Whether the tools that a command needs are here.
fn can_run(block: &Block) -> bool {
    let needed: Vec<&str> =
        ["jq", "gzip"].into_iter().filter(|tool| block.text.contains(&format!("{tool} "))).collect();
    let no_sql = block.text.contains("avstem query") && !cfg!(feature = "query");
    !no_sql && lacks(&needed).is_none()
}

#[test]
fn every_command_on_a_page_runs_and_prints_what_is_shown() {
    let mut complaints = Vec::new();
    let mut left_out = vec![false; NOT_RUN.len()];
    for page in pages() {
        let text = read(&page);
        let mut made = text.clone();
        let desk = desk();
        for (_, before) in BEFORE.iter().filter(|(of, _)| page == Path::new(of)) {
            complaints.extend(run(desk.path(), before).err());
        }
        for block in blocks(&text) {
            if let Some(at) = block.not_run(&page) {
                left_out[at] = true;
            } else if block.fence == "sh" || !block.text.starts_with("$ ") {
                complaints.push(format!("{}: a block that is neither run nor listed:\n{}", page.display(), block.text));
            } else if can_run(&block) {
                made = made.replace(block.whole, &block.again(desk.path(), &mut complaints));
            }
        }
        complaints.extend(compare(&page, &made).err());
    }
    let unused = NOT_RUN.iter().zip(left_out).filter(|(_, is_used)| !is_used);
    complaints.extend(unused.map(|((page, start, _), _)| format!("{page} has no block that begins with {start}")));
    none_of(&complaints);
}
