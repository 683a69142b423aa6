//! Shared test support: a temporary folder of inputs, runs over it, and readers of their output.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use avstem_core::document::Options;
use avstem_core::model::instant::Instant;
use avstem_core::model::limits::{MAX_EXPANSION, MAX_RECORD};
use avstem_core::model::settings::Settings;
use avstem_engine::config::Accept;
use avstem_engine::engine::outcome::Outcome;
use avstem_engine::engine::{self, BLOCK, Done, Intake, Progress, Request};
use avstem_engine::frame::column::{Column, Type};
use avstem_engine::frame::read::ParquetFile;
use avstem_engine::io::decode::{HashKind, Limits};
use avstem_engine::io::inputs::discover;
use avstem_engine::io::pattern::Exclude;
use avstem_engine::io::spill::Scratch;
use avstem_engine::report::{Dialect, exceptions};
use tempfile::TempDir;

/// A CSV row by column name.
pub type Row = BTreeMap<String, String>;

pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Reads a file of the repository.
pub fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

pub fn names(folder: impl AsRef<Path>) -> Vec<String> {
    let folder = root().join(folder);
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// All files below a folder, sorted, as paths relative to the repository's root.
pub fn files_below(folder: impl AsRef<Path>) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(root().join(folder))
        .into_iter()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| entry.path().strip_prefix(root()).unwrap().to_owned())
        .collect();
    files.sort();
    files
}

/// Whether to rewrite expected files instead of comparing them.
pub fn blessing() -> bool {
    std::env::var_os("AVSTEM_BLESS").is_some_and(|value| value == "1")
}

/// Compares a text with a file of the repository, or writes it when blessing. An error describes
/// the difference.
pub fn compare(path: impl AsRef<Path>, made: &str) -> Result<(), String> {
    let full = root().join(&path);
    let there = fs::read_to_string(&full).ok();
    if there.as_deref() == Some(made) {
        return Ok(());
    }
    if blessing() {
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(&full, made).unwrap();
        return Ok(());
    }
    let shown = path.as_ref().display();
    let Some(there) = there else { return Err(format!("{shown} is missing; AVSTEM_BLESS=1 writes it")) };
    let mut pairs = (1..).zip(made.lines().map(Some).chain([None]).zip(there.lines().map(Some).chain([None])));
    let first = pairs.find(|(_, (made, there))| made != there);
    let (line, (made, there)) = first.unwrap_or((0, (Some("other line ends"), None)));
    Err(format!(
        "{shown} is not what is made now; AVSTEM_BLESS=1 writes it anew\n  line {line}\n  made  {}\n  there {}",
        made.unwrap_or("(no more lines)"),
        there.unwrap_or("(no more lines)")
    ))
}

pub fn none_of(complaints: &[String]) {
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Writes a remark that is shown with `--nocapture`.
pub fn noted(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Notes that a check was skipped on this machine.
pub fn skipped(why: &str) {
    noted(&format!("skipped: {why}"));
}

/// The first of these programs that is not installed; the test that needs it says that it is skipped.
pub fn lacks<'a>(tools: &[&'a str]) -> Option<&'a str> {
    let has = |tool: &str| {
        let run = Command::new(tool).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
        run.is_ok_and(|status| status.success())
    };
    let missing = tools.iter().find(|tool| !has(tool))?;
    skipped(&format!("{missing} is not installed"));
    Some(missing)
}

/// Rows of a Parquet table, times as microseconds.
pub type ParquetRows = Vec<Vec<Option<String>>>;

pub fn parquet(bytes: &[u8], columns: &'static [Column]) -> ParquetRows {
    let mut rows = ParquetRows::new();
    let mut file = ParquetFile::open(Cursor::new(bytes), "it", columns).expect("it is Parquet");
    for table in file.tables() {
        let table = table.expect("a row group");
        let cell = |column: &Column, row| match column.kind {
            Type::Text | Type::Number => table.texts(column.name).get(row).map(str::to_owned),
            Type::Integer => table.integers(column.name).get(row).map(|number| number.to_string()),
            Type::Flag => table.flags(column.name).get(row).map(|flag| flag.to_string()),
            Type::Time => table.times(column.name).get(row).map(|time| time.micros().to_string()),
        };
        rows.extend((0..table.rows()).map(|row| columns.iter().map(|column| cell(column, row)).collect()));
    }
    rows
}

pub fn rows(text: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// Parameters of the engine in a test.
pub struct Engine {
    pub settings: Settings,
    pub accept: Vec<Accept>,
    /// RFC 3339 or a date; None means the latest time in the input.
    pub as_of: Option<&'static str>,
    pub jobs: usize,
    /// Bytes read per block.
    pub block_size: usize,
    pub partitions: usize,
    /// Size limit of a record, in bytes.
    pub max_record: u64,
    pub strict: bool,
    /// Whether rows are kept, so that tests can look at ledgers.
    pub keep: bool,
}

impl Default for Engine {
    fn default() -> Self {
        Engine {
            settings: Settings::default(),
            accept: Vec::new(),
            as_of: None,
            jobs: 1,
            block_size: BLOCK,
            partitions: 4,
            max_record: MAX_RECORD,
            strict: false,
            keep: false,
        }
    }
}

impl Engine {
    pub fn run<P: Into<OsString> + Clone>(&self, inputs: &[P]) -> Done {
        let inputs: Vec<OsString> = inputs.iter().map(|input| input.clone().into()).collect();
        let sources = discover(&inputs, &[], &Exclude::default()).sources;
        let request = Request {
            sources: &sources,
            bank: &Default::default(),
            intake: Intake {
                options: Options { strict: self.strict, max_record: self.max_record },
                hash: HashKind::Blake3,
                limits: Limits { max_expansion: MAX_EXPANSION },
                allow_empty: false,
                block_size: self.block_size,
                partitions: self.partitions,
                key_filter: 1 << 12,
            },
            as_of: self.as_of.map(|text| Instant::parse_as_of(text).unwrap()),
            settings: &self.settings,
            accept: &self.accept,
            baseline: None,
            day_of: &Instant::day,
            jobs: self.jobs,
            memory: 1 << 30,
            scratch: &Arc::new(Scratch::beside(None)),
            keep: self.keep,
            progress: &Progress::new(sources.len()),
        };
        engine::run(&request).unwrap_or_else(|e| panic!("the run was interrupted: {e}"))
    }
}

pub fn exceptions_csv(outcome: &Outcome) -> String {
    String::from_utf8(exceptions::csv(Vec::new(), outcome, Dialect::Plain).unwrap().writer).unwrap()
}

/// A temporary folder with inputs in `in/`; runs go to `run/`.
pub struct Desk {
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Desk {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("in")).unwrap();
        Desk { folder }
    }

    pub fn with(name: &str, content: impl AsRef<[u8]>) -> Desk {
        let desk = Desk::new();
        desk.put(name, content);
        desk
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn inputs(&self) -> PathBuf {
        self.path().join("in")
    }

    /// Writes an input and its parent folders.
    pub fn put(&self, name: &str, content: impl AsRef<[u8]>) -> &Desk {
        let path = self.inputs().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        self
    }

    /// Runs the engine over the inputs, in this process.
    pub fn outcome(&self) -> Outcome {
        Engine::default().run(&[self.inputs()]).outcome
    }

    pub fn avstem(&self, words: &[&str]) -> Ended {
        let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
        let output = command.args(words).current_dir(self.path()).stdin(Stdio::null()).output().unwrap();
        Ended {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub fn check(&self, words: &[&str]) -> Ended {
        self.avstem(&[&["check", "in", "--out", "run", "--force"], words].concat())
    }

    pub fn text(&self, name: &str) -> String {
        fs::read_to_string(self.path().join("run").join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    pub fn rows(&self, name: &str) -> Vec<Row> {
        rows(&self.text(name))
    }

    pub fn json(&self, name: &str) -> serde_json::Value {
        serde_json::from_str(&self.text(name)).unwrap()
    }
}

/// How the program ended.
#[derive(Debug)]
pub struct Ended {
    /// None after a signal.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

#[test]
fn the_program_and_the_engine_say_the_same() {
    let desk = Desk::with("a/b.ndjson", read("tests/rules/over-captured/broken.json").replace('\n', " "));
    let ended = desk.check(&["--fail-on", "error"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(1), ""), "{}", ended.out);
    assert_eq!(desk.text("exceptions.csv"), exceptions_csv(&desk.outcome()));
    assert_eq!(desk.rows("exceptions.csv")[0]["source"], "in/a/b.ndjson");
    assert_eq!(desk.json("summary.json")["exit"]["code"], 1);
}
