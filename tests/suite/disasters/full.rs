//! Full or read-only disks, file size limits, and a standard output that accepts nothing.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::{Reference, SEVERAL, files, names, said, skipped, three_files};
use crate::support::Desk;

/// A tmpfs mounted on a folder, unmounted on drop.
struct Disk(PathBuf);

impl Disk {
    /// Returns None when this process may not mount.
    fn new(folder: &Path, options: &str) -> Option<Disk> {
        fs::create_dir_all(folder).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", options, "none"]).arg(folder).output();
        let is_there = mounted.is_ok_and(|output| output.status.success());
        if !is_there {
            skipped("this process may not mount a disk");
        }
        is_there.then(|| Disk(folder.to_owned()))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn check(desk: &Desk, workers: usize, out: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", out, "--force", "--quiet", "--frames", "--balances-csv"]);
    command.args(["--jobs", &workers.to_string()]).current_dir(desk.path()).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn a_disk_of_every_size_up_to_enough() {
    let reference = Reference::new();
    let desk = three_files();
    let mut full = 0;
    for pages in (1..400).step_by(3) {
        let Some(disk) = Disk::new(&desk.path().join("disk"), &format!("size={}k", pages * 4)) else { return };
        let output = check(&desk, if pages % 2 == 0 { 1 } else { SEVERAL }, "disk/run");
        match output.status.code() {
            Some(6) => {
                full += 1;
                assert!(said(&output).contains("disk/"), "{pages} pages: {}", said(&output));
                assert!(said(&output).contains("make room there"), "{pages} pages: {}", said(&output));
                assert_eq!(names(&disk.0), [""; 0], "{pages} pages");
            }
            Some(1) => {
                assert!(files(&disk.0.join("run")) == reference.new, "{pages} pages");
                assert!(full > 5, "so many sizes are too small: {full}");
                return;
            }
            other => panic!("{pages} pages: exit {other:?}: {}", said(&output)),
        }
    }
    panic!("no size is enough");
}

#[test]
fn a_full_disk_leaves_the_old_run_as_it_was() {
    let reference = Reference::new();
    let desk = three_files();
    let old: usize = reference.old.values().map(|bytes| bytes.len().next_multiple_of(4096)).sum();
    let Some(disk) = Disk::new(&desk.path().join("disk"), &format!("size={}k", old / 1024 + 64)) else { return };
    for (name, bytes) in &reference.old {
        let path = disk.0.join("run").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let output = check(&desk, SEVERAL, "disk/run");
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(files(&disk.0.join("run")) == reference.old);
    assert_eq!(names(&disk.0), ["run"]);
}

#[test]
fn a_disk_that_may_not_be_written() {
    let desk = three_files();
    let Some(disk) = Disk::new(&desk.path().join("disk"), "ro") else { return };
    let output = check(&desk, SEVERAL, "disk/run");
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("disk/") && said(&output).contains("--out"), "{}", said(&output));
    assert_eq!(names(&disk.0), [""; 0]);
}

#[test]
fn a_limit_on_the_size_of_files() {
    let desk = three_files();
    for limit in ["0", "1", "4"] {
        let words = format!("ulimit -f {limit}; exec \"$0\" check in --out run --quiet --frames");
        let mut command = Command::new("sh");
        command.args(["-c", &words, env!("CARGO_BIN_EXE_avstem")]).current_dir(desk.path());
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(output.status.code(), Some(6), "{limit}: {:?} {}", output.status, said(&output));
        assert!(said(&output).contains("run"), "{limit}: {}", said(&output));
        assert_eq!(names(desk.path()), ["in"], "{limit}");
    }
}

#[test]
fn a_standard_output_that_takes_nothing() {
    let Ok(full) = File::options().write(true).open("/dev/full") else { return };
    let desk = three_files();
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", "run"]).current_dir(desk.path()).stdin(Stdio::null()).stdout(full);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(6), "{}", said(&output));
    assert!(said(&output).contains("standard output"), "{}", said(&output));
    let verified = avstem_engine::report::verify::verify(&desk.path().join("run")).unwrap();
    assert!(verified.differences.is_empty(), "the run stands all the same");
}
