//! A run in steps: the same run folder as that of `avstem check`, however its rows are spread, or an error.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Command;

use avstem::cli::library::{self, Exit, Failure, StageCell, StepRun};
use avstem::parts::{RowStream, each_row};
use avstem_engine::engine::step::{Step, StepRow, Tag};
use avstem_worlds::Rng;

use crate::support::{Desk, names, root};

/// A row between steps.
#[derive(Clone, Debug)]
pub struct Kept {
    tag: Tag,
    key: String,
    payload: Vec<u8>,
}

/// A run in steps, as an engine would do it.
pub struct Steps<'s> {
    pub words: Vec<OsString>,
    pub part: &'s str,
    /// How many tasks a step has.
    pub tasks: usize,
    /// Whether all rows of a share come to one task, as they must.
    pub by_share: bool,
    /// What becomes of the rows between steps.
    pub damage: &'s dyn Fn(Step, &mut Vec<Kept>),
}

pub fn words(words: &[&str]) -> Vec<OsString> {
    words.iter().map(OsString::from).collect()
}

fn stream(rows: &[Kept]) -> Vec<u8> {
    let mut out = RowStream::new(Vec::new()).unwrap();
    rows.iter().for_each(|row| out.push(StepRow { tag: row.tag, key: &row.key, payload: &row.payload }).unwrap());
    out.finish().unwrap()
}

fn kept(streams: &[Vec<u8>]) -> Vec<Kept> {
    let mut rows = Vec::new();
    let take = &mut |row: StepRow<'_>| {
        rows.push(Kept { tag: row.tag, key: row.key.to_owned(), payload: row.payload.to_vec() });
        Ok(())
    };
    each_row(streams.concat().as_slice(), take).unwrap();
    rows
}

impl Steps<'_> {
    /// Runs all steps in a folder, and merges what they leave; returns the run folder.
    pub fn run(&self, folder: &Path, rng: &mut Rng) -> Result<(), Failure> {
        let (job, ranges) = library::plan(&self.words, Some(self.part))?;
        let mut job = job.into_bytes();
        let mut all = self.step(Step::Ingest, &job, kept(&[ranges]), rng)?;
        job = library::gather(&job, &stream(&all))?.into_bytes();
        for step in [Step::Embed, Step::Sessions] {
            if self.next(&job) == step.word() {
                let made = self.step(step, &job, all.clone(), rng)?;
                job = library::gather(&job, &stream(&made))?.into_bytes();
                all.extend(made);
            }
        }
        assert_eq!(self.next(&job), Step::Judge.word());
        for step in [Step::Judge, Step::Join, Step::Pairs, Step::Orders] {
            let made = self.step(step, &job, all.clone(), rng)?;
            all.extend(made);
        }
        let parts = folder.join("parts");
        fs::create_dir_all(&parts).unwrap();
        fs::write(parts.join("job.json"), &job).unwrap();
        rng.shuffle(&mut all);
        for (number, rows) in all.chunks(1 + all.len() / 3).enumerate() {
            fs::write(parts.join(format!("{number}.arrow")), stream(rows)).unwrap();
        }
        let out = folder.join("run");
        let words = ["--out".into(), out.into_os_string(), "--force".into(), parts.into_os_string()];
        library::merge(&words, &StageCell::default()).map(|_| ())
    }

    fn next(&self, job: &[u8]) -> String {
        let job: serde_json::Value = serde_json::from_slice(job).unwrap();
        job["next"].as_str().unwrap().to_owned()
    }

    /// Runs all tasks of a step: the keys of each are its own, and otherwise the rows come in any order.
    fn step(&self, step: Step, job: &[u8], mut rows: Vec<Kept>, rng: &mut Rng) -> Result<Vec<Kept>, Failure> {
        rows.retain(|row| step.takes().contains(&row.tag));
        rng.shuffle(&mut rows);
        let mut tasks: Vec<Vec<Kept>> = vec![Vec::new(); self.tasks];
        for row in rows {
            let share = StepRow { tag: row.tag, key: &row.key, payload: &row.payload }.share();
            let number = if self.by_share { usize::from(share) } else { row.payload.len() };
            tasks[number % self.tasks].push(row);
        }
        let mut made = Vec::new();
        for task in tasks {
            let mut run = StepRun::new(step.word(), job, None)?;
            for rows in task.chunks(1 + rng.below(40) as usize) {
                run.take(&stream(rows))?;
            }
            made.extend(run.finish().collect::<Result<Vec<_>, _>>()?);
        }
        let mut made = kept(&made);
        (self.damage)(step, &mut made);
        Ok(made)
    }
}

/// Runs `avstem check` with the same words.
pub fn check(mut words: Vec<OsString>, out: &Path) {
    words.extend(["--out".into(), out.into(), "--force".into()]);
    library::check(&words, &StageCell::default()).unwrap_or_else(|failure| panic!("{}", failure.message));
}

/// Fails unless two folders hold the same files.
pub fn assert_same_folder(one: &Path, other: &Path) {
    let names = names(one);
    assert_eq!(names, crate::support::names(other));
    for name in names {
        let [a, b] = [one, other].map(|folder| fs::read(folder.join(&name)).unwrap());
        assert!(a == b, "{name} differs:\n{}", first_difference(&a, &b));
    }
}

fn first_difference(a: &[u8], b: &[u8]) -> String {
    let at = a.iter().zip(b).position(|(a, b)| a != b).unwrap_or(a.len().min(b.len()));
    let around =
        |text: &[u8]| String::from_utf8_lossy(&text[at.saturating_sub(80)..text.len().min(at + 80)]).into_owned();
    format!("{}\n---\n{}", around(a), around(b))
}

const SAMPLE: &str = "samples/export";

/// What becomes of a run whose rows are damaged between two steps.
fn damaged(damage: &dyn Fn(Step, &mut Vec<Kept>)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let steps = Steps { words: words(&[SAMPLE]), part: "64K", tasks: 2, by_share: true, damage };
    match steps.run(folder.path(), &mut Rng::new(1)) {
        Ok(()) => panic!("nobody noticed"),
        Err(failure) => {
            assert!(!folder.path().join("run").exists());
            failure.message
        }
    }
}

#[test]
fn the_sample_is_the_same_in_steps_and_against_a_baseline() {
    let folder = tempfile::tempdir().unwrap();
    let early = folder.path().join("early");
    check(words(&[SAMPLE, "--as-of", "2026-09-30"]), &early);
    let mut told = words(&[SAMPLE, "--strict", "--balances-csv", "--baseline"]);
    told.push(early.into_os_string());
    for (tasks, part) in [(1, "64M"), (5, "1K")] {
        let steps = Steps { words: told.clone(), part, tasks, by_share: true, damage: &|_, _| {} };
        steps.run(folder.path(), &mut Rng::new(tasks as u64)).unwrap_or_else(|failure| panic!("{}", failure.message));
        check(told.clone(), &folder.path().join("local"));
        assert_same_folder(&folder.path().join("local"), &folder.path().join("run"));
    }
}

#[test]
fn what_is_lost_or_doubled_between_steps_is_an_error() {
    let found = damaged(&|step, rows| {
        if step == Step::Ingest {
            let at = rows.iter().position(|row| row.tag == Tag::Order).unwrap();
            rows.remove(at);
        }
    });
    assert!(
        found.starts_with("the step judge took ") && found.contains(" rows with the tag order, and there are "),
        "{found}"
    );
    let found = damaged(&|step, rows| {
        if step == Step::Judge {
            let at = rows.iter().position(|row| row.tag == Tag::Finding).unwrap();
            rows.push(rows[at].clone());
        }
    });
    assert!(found.contains(" rows with the tag finding, and the steps gave "), "{found}");
    let found = damaged(&|step, rows| {
        if step == Step::Join {
            rows.retain(|row| row.tag != Tag::Note);
        }
    });
    assert!(found.starts_with("the step join took 0 rows with the tag link"), "{found}");
    let found = damaged(&|step, rows| {
        if step == Step::Ingest {
            rows.retain(|row| row.tag != Tag::File);
        }
    });
    assert!(found.starts_with("0 of ") && found.ends_with(" were read"), "{found}");
}

#[test]
fn what_belongs_together_and_comes_to_two_tasks_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let steps = Steps { words: words(&[SAMPLE]), part: "64K", tasks: 2, by_share: false, damage: &|_, _| {} };
    let message = steps.run(folder.path(), &mut Rng::new(1)).err().unwrap().message;
    assert!(
        message.starts_with("rows of share ") && message.ends_with(" came to more than one task of the step embed")
    );
}

fn whole<T>(done: Result<T, Failure>) -> T {
    done.unwrap_or_else(|failure| panic!("{}", failure.message))
}

/// The rows that the one task of a step gives.
fn task(step: &str, job: &str, rows: &[u8]) -> Vec<u8> {
    let mut run = whole(StepRun::new(step, job.as_bytes(), None));
    whole(run.take(rows));
    run.finish().flat_map(whole).collect()
}

#[test]
fn a_step_says_what_it_must_be_given() {
    let refused = |of: &[&str]| library::plan(&words(of), None).err().map(|failure| failure.message).unwrap();
    assert_eq!(refused(&[SAMPLE, "--frames"]), "--frames: a run in steps writes no frames");
    assert_eq!(refused(&[SAMPLE, "--out", "x"]), "--out is about the run folder, which comes last");
    assert_eq!(refused(&["-"]), "- is no file that every step could read");
    let (job, ranges) = whole(library::plan(&words(&[SAMPLE]), None));
    let early = whole(StepRun::new("judge", job.as_bytes(), None)).finish().next().unwrap().err().unwrap();
    assert_eq!(early.message, "the job lacks the facts of the whole input: its next step is ingest");
    assert_eq!(StepRun::new("judges", job.as_bytes(), None).err().unwrap().message, "judges is no step");
    let none = StepRun::new("ingest", br#"{"format":"secret"}"#, None).err().unwrap();
    assert_eq!(none.message, "the job is not as a step writes it, from line 1, column 18 on", "it quotes nothing");
    assert_eq!(none.exit, Exit::Usage);
    let other = job.replace("\"version\":\"", "\"version\":\"0.0.");
    let other = StepRun::new("ingest", other.as_bytes(), None).err().unwrap();
    assert!(other.message.starts_with("the job is of avstem 0.0."), "{}", other.message);

    let mut rows = kept(&[task("ingest", &job, &ranges)]);
    let desk = Desk::new();
    fs::write(desk.path().join("job.json"), whole(library::gather(job.as_bytes(), &stream(&rows)))).unwrap();
    rows.retain(|row| row.tag == Tag::Transaction);
    rows.sort_by(|a, b| b.key.cmp(&a.key));
    fs::write(desk.path().join("rows.arrow"), stream(&rows)).unwrap();
    let unsorted = Command::new(env!("CARGO_BIN_EXE_avstem"))
        .args(["step", "embed", "--job", "job.json"])
        .current_dir(desk.path())
        .stdin(fs::File::open(desk.path().join("rows.arrow")).unwrap())
        .output()
        .unwrap();
    assert_eq!(unsorted.status.code(), Some(5));
    let told = String::from_utf8(unsorted.stderr).unwrap();
    assert!(told.starts_with("avstem: the rows are not sorted by key: "), "{told}");
}

#[test]
fn a_file_that_changes_after_the_plan_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("export.ndjson");
    let line = fs::read_to_string(root().join("samples/export/transactions/2026-10-01.ndjson")).unwrap();
    fs::write(&file, &line).unwrap();
    let (job, ranges) = whole(library::plan(&[file.clone().into_os_string()], Some("64K")));
    fs::write(&file, line.repeat(2)).unwrap();
    let job = whole(library::gather(job.as_bytes(), &task("ingest", &job, &ranges)));
    let job: serde_json::Value = serde_json::from_str(&job).unwrap();
    assert_eq!(job["read"]["files"][0]["fault"]["reason"], "changed_while_reading");
}

/// Rejects have the lines of the whole file, and a file of one value that is no document is refused, in parts as well.
#[test]
fn spoiled_lines_are_told_as_on_one_machine() {
    let folder = tempfile::tempdir().unwrap();
    let export = folder.path().join("export");
    fs::create_dir_all(&export).unwrap();
    let text = fs::read_to_string(root().join("samples/export/transactions/2026-10-01.ndjson")).unwrap();
    let mut lines: Vec<&str> = text.lines().take(40).collect();
    for at in [3, 17, 29, 38] {
        lines[at] = &lines[at][..lines[at].len() / 2];
    }
    lines.insert(20, "");
    fs::write(export.join("lines.ndjson"), format!("\u{feff}{}", lines.join("\n"))).unwrap();
    fs::write(export.join("alone.ndjson"), format!("{{\"hello\":{:?}}}\n", "x".repeat(3000))).unwrap();
    fs::write(export.join("first.ndjson"), format!("{{\"hello\":{:?}}}\n{}", "x".repeat(3000), lines[0])).unwrap();
    let told = vec![export.into_os_string()];
    let steps = Steps { words: told.clone(), part: "1K", tasks: 3, by_share: true, damage: &|_, _| {} };
    whole(steps.run(folder.path(), &mut Rng::new(5)));
    check(told, &folder.path().join("local"));
    assert_same_folder(&folder.path().join("local"), &folder.path().join("run"));
    let rejects = fs::read_to_string(folder.path().join("run/rejects.csv")).unwrap();
    assert_eq!(rejects.lines().count(), 7, "five records and a file: {rejects}");
}
