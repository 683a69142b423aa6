//! One run of the program over a few inputs, and everything expected of it.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::{Desk, none_of};

/// Expected outcome of a run over `in/`.
pub struct Case {
    name: String,
    files: Vec<(OsString, Vec<u8>)>,
    inputs: Vec<OsString>,
    flags: Vec<String>,
    prepare: Option<fn(&Desk)>,
    exit: i32,
    counts: Option<[u64; 5]>,
    kinds: Option<[u64; 4]>,
    rejects: Option<Vec<String>>,
}

impl Case {
    /// A run over the folder `in`, which must exit 0 without rejects.
    pub fn new(name: impl Into<String>) -> Case {
        Case {
            name: name.into(),
            files: Vec::new(),
            inputs: vec!["in".into()],
            flags: Vec::new(),
            prepare: None,
            exit: 0,
            counts: None,
            kinds: None,
            rejects: Some(Vec::new()),
        }
    }

    /// A run over one file `in/f` with this content.
    pub fn of(name: impl Into<String>, content: impl AsRef<[u8]>) -> Case {
        Case::new(name).file("f", content)
    }

    pub fn file(mut self, name: impl AsRef<OsStr>, content: impl AsRef<[u8]>) -> Case {
        self.files.push((name.as_ref().to_owned(), content.as_ref().to_vec()));
        self
    }

    /// Runs `prepare` on the folder before the run.
    pub fn prepared(mut self, prepare: fn(&Desk)) -> Case {
        self.prepare = Some(prepare);
        self
    }

    /// Names the inputs instead of the folder `in`.
    pub fn inputs(mut self, inputs: &[&str]) -> Case {
        self.inputs = inputs.iter().map(OsString::from).collect();
        self
    }

    pub fn flags(mut self, flags: &[&str]) -> Case {
        self.flags.extend(flags.iter().map(|flag| (*flag).to_owned()));
        self
    }

    pub fn exit(mut self, code: i32) -> Case {
        self.exit = code;
        self
    }

    /// Expected records: read, accepted, duplicate, superseded and rejected.
    pub fn counts(mut self, counts: [u64; 5]) -> Case {
        self.counts = Some(counts);
        self
    }

    /// Expects `count` records, all accepted.
    pub fn accepted(self, count: u64) -> Case {
        self.counts([count, count, 0, 0, 0])
    }

    /// Expected numbers of accepted transactions, orders, sessions and settlements.
    pub fn kinds(mut self, kinds: [u64; 4]) -> Case {
        self.kinds = Some(kinds);
        self
    }

    /// Expected rows of `rejects.csv` without the last column, like `in/f,0,1,12,syntax,`; any row
    /// implies exit 3.
    pub fn rejects(mut self, rows: &[impl AsRef<str>]) -> Case {
        self.rejects = Some(rows.iter().map(|row| row.as_ref().to_owned()).collect());
        self.exit = if rows.is_empty() { self.exit } else { 3 };
        self
    }

    /// Checks only the number of rejects, for cases with too many to list.
    pub fn any_rejects(mut self) -> Case {
        self.rejects = None;
        self
    }

    /// Expects the only file to be refused with this reason, without counting records.
    pub fn refused(self, reason: &str) -> Case {
        self.counts([0; 5]).rejects(&[format!("in/f,,,,{reason},")])
    }

    /// Runs the case and returns every difference from what is expected.
    fn complaints(&self) -> Vec<String> {
        let desk = Desk::new();
        for (name, content) in &self.files {
            let path = desk.inputs().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        if let Some(prepare) = self.prepare {
            prepare(&desk);
        }
        let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
        command
            .arg("check")
            .args(&self.inputs)
            .args(["--out", "run", "--quiet", "--jobs", "2", "--fail-on", "never"])
            .args(&self.flags);
        let output = command.current_dir(desk.path()).stdin(Stdio::null()).output().unwrap();
        let mut wrong = Vec::new();
        if output.status.code() != Some(self.exit) {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            wrong.push(format!("exit {:?}, not {}: {said}", output.status.code(), self.exit));
        }
        if !desk.path().join("run/manifest.json").exists() {
            wrong.push("there is no run".to_owned());
        } else {
            self.check_run(&desk, &mut wrong);
        }
        wrong.iter().map(|what| format!("{}: {what}", self.name)).collect()
    }

    fn check_run(&self, desk: &Desk, wrong: &mut Vec<String>) {
        let input = &desk.json("summary.json")["input"];
        let counts = ["records", "accepted", "duplicate", "superseded", "rejected"].map(|n| input[n].as_u64().unwrap());
        if counts[0] != counts[1..].iter().sum::<u64>() {
            wrong.push(format!("records vanish: {counts:?}"));
        }
        if self.counts.is_some_and(|wanted| wanted != counts) {
            wrong.push(format!("counts are {counts:?}, not {:?}", self.counts.unwrap_or_default()));
        }
        let columns = ["source", "byte_offset", "line", "length", "reason_code", "path"];
        let row = |row: &crate::support::Row| columns.map(|column| row[column].clone()).join(",");
        let rejects: Vec<String> = desk.rows("rejects.csv").iter().map(row).collect();
        if let Some(wanted) = self.rejects.as_ref().filter(|wanted| **wanted != rejects) {
            let difference = |a: &[String], b: &[String]| {
                a.iter().filter(|row| !b.contains(row)).map(|row| format!("\n      {row}")).collect::<String>()
            };
            let (more, fewer) = (difference(&rejects, wanted), difference(wanted, &rejects));
            wrong.push(format!("rejects differ; found only:{more}\n    wanted only:{fewer}"));
        }
        let rejected = rejects.iter().filter(|row| !row.contains(",,,,")).count() as u64;
        if rejected != counts[4] {
            wrong.push(format!("{rejected} rows for {} rejected records", counts[4]));
        }
        if let Some(wanted) = self.kinds {
            let coverage = desk.rows("coverage.csv");
            let tested = |rule: &str| {
                let of_all = coverage.iter().find(|row| row["rule"] == rule && row["currency"].is_empty());
                of_all.map_or(0, |row| row["tested"].parse().unwrap())
            };
            // Rules that each judge a single kind.
            let found = ["AV108", "AV605", "AV601", "AV701"].map(tested);
            if found != wanted {
                wrong.push(format!("kinds are {found:?}, not {wanted:?}"));
            }
        }
    }
}

/// Runs eight cases at a time, since a run mostly waits for the disk.
pub fn run_all(cases: Vec<Case>) {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    complaints.lock().unwrap().extend(case.complaints());
                }
            });
        }
    });
    none_of(&complaints.into_inner().unwrap());
}

/// A file name that need not be UTF-8.
pub fn raw_name(bytes: &[u8]) -> OsString {
    OsStr::from_bytes(bytes).to_owned()
}
