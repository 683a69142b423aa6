use std::error::Error;
use std::fs::{File, Permissions, read, read_dir, remove_dir_all, set_permissions, write};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};

use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::*;
use crate::io::testing::sees_everything;

/// The path of a run that does not exist yet.
fn place() -> (TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let target = temp.path().join("run");
    (temp, target)
}

/// Every path below a folder, sorted.
fn below(folder: &Path) -> Vec<String> {
    let paths = walkdir::WalkDir::new(folder).min_depth(1).sort_by_file_name().into_iter();
    paths.map(|entry| entry.unwrap().path().strip_prefix(folder).unwrap().display().to_string()).collect()
}

/// Writes a run with its manifest.
fn run(target: &Path, force: bool, manifest: &str) -> Result<(), OutputError> {
    let staging = Staging::create(target, force)?;
    fill(&staging, manifest);
    staging.publish()
}

fn fill(staging: &Staging, manifest: &str) {
    let mut file = staging.writer(MANIFEST).unwrap();
    file.write_all(manifest.as_bytes()).unwrap();
    file.finish().unwrap();
}

fn hex_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_run_appears_whole() {
    let (temp, target) = place();
    let staging = Staging::create(&target, false).unwrap();
    assert_eq!(staging.target(), target);
    let content: Vec<u8> = (0..500_000u32).flat_map(u32::to_le_bytes).collect();
    let mut big = staging.writer("frames/events.parquet").unwrap();
    big.write_all(&content[..10]).unwrap();
    big.write_all(&content[10..1_000_000]).unwrap();
    big.flush().unwrap();
    content[1_000_000..].chunks(7).for_each(|piece| big.write_all(piece).unwrap());
    let written = big.finish().unwrap();
    let expected = Written {
        name: "frames/events.parquet".to_owned(),
        bytes: content.len() as u64,
        sha256: hex_of(&content),
        rows: None,
    };
    assert_eq!(written, expected);
    let empty = staging.writer("rejects.csv").unwrap().finish().unwrap();
    assert_eq!((empty.bytes, empty.sha256), (0, hex_of(b"")));
    fill(&staging, "{}");
    assert!(!target.exists(), "nothing is there before it is whole");
    staging.publish().unwrap();
    assert_eq!(below(&target), ["frames", "frames/events.parquet", "manifest.json", "rejects.csv"]);
    assert_eq!(read(target.join("frames/events.parquet")).unwrap(), content);
    assert_eq!(below(temp.path()).len(), 5, "nothing else is left");
}

#[test]
fn the_temporary_folder_lies_beside() {
    let (temp, target) = place();
    let leftover = format!(".run.{}-0.partial", process::id());
    fs::create_dir(temp.path().join(&leftover)).unwrap();
    write(temp.path().join(&leftover).join("keep"), "").unwrap();
    let staging = Staging::create(&target, false).unwrap();
    let own = format!(".run.{}-1.partial", process::id());
    assert_eq!(below(temp.path()), [leftover.clone(), format!("{leftover}/keep"), own]);
    let _open = staging.writer("exceptions.csv").unwrap();
    drop(staging);
    assert_eq!(below(temp.path()), [leftover.clone(), format!("{leftover}/keep")], "what is not ours stays");
}

#[test]
fn missing_folders_above_are_made_and_taken_back() {
    let (temp, _) = place();
    let target = temp.path().join("a/b/run/");
    let staging = Staging::create(&target, false).unwrap();
    drop(staging);
    assert_eq!(below(temp.path()), [""; 0]);
    run(&target, false, "{}").unwrap();
    assert_eq!(below(temp.path()), ["a", "a/b", "a/b/run", "a/b/run/manifest.json"]);
    let staging = Staging::create(&temp.path().join("c/run"), false).unwrap();
    write(temp.path().join("c/other"), "").unwrap();
    drop(staging);
    assert!(temp.path().join("c/other").exists());
}

#[test]
fn what_is_there_is_kept_without_force() {
    let (temp, target) = place();
    fs::create_dir(&target).unwrap();
    let error = Staging::create(&target, false).unwrap_err();
    assert!(matches!(&error, OutputError::Exists { path } if *path == target));
    let sentence = format!("{} exists already: name another folder, or replace it with --force", target.display());
    assert_eq!(error.to_string(), sentence);
    write(target.join(MANIFEST), "old").unwrap();
    assert!(matches!(Staging::create(&target, false), Err(OutputError::Exists { .. })));
    assert_eq!(below(temp.path()), ["run", "run/manifest.json"]);
}

#[test]
fn force_replaces_a_run_and_an_empty_folder() {
    let (temp, target) = place();
    run(&target, true, "first").unwrap();
    write(target.join("more"), "").unwrap();
    let staging = Staging::create(&target, true).unwrap();
    fill(&staging, "second");
    assert_eq!(read(target.join(MANIFEST)).unwrap(), b"first", "the old run stands until the new one is whole");
    staging.publish().unwrap();
    assert_eq!(read(target.join(MANIFEST)).unwrap(), b"second");
    assert_eq!(below(temp.path()), ["run", "run/manifest.json"]);
    remove_dir_all(&target).unwrap();
    fs::create_dir(&target).unwrap();
    run(&target, true, "third").unwrap();
    assert_eq!(below(temp.path()), ["run", "run/manifest.json"]);
}

#[test]
fn leftovers_of_a_crash_do_not_disturb_replacing() {
    let (temp, target) = place();
    run(&target, false, "first").unwrap();
    let leftover = temp.path().join(format!(".run.{}-0.old", process::id()));
    fs::create_dir(&leftover).unwrap();
    run(&target, true, "second").unwrap();
    assert!(leftover.exists());
    assert_eq!(read(target.join(MANIFEST)).unwrap(), b"second");
    assert_eq!(read_dir(temp.path()).unwrap().count(), 2);
}

#[test]
fn what_no_run_wrote_is_never_replaced() {
    let (temp, target) = place();
    let refused = |path: &Path, words: &str| {
        for force in [false, true] {
            match Staging::create(path, force) {
                Err(error @ OutputError::NotARun { .. }) => assert!(error.to_string().contains(words), "{error}"),
                other => assert!(!force && matches!(other, Err(OutputError::Exists { .. })), "{other:?}"),
            }
        }
    };
    fs::create_dir(&target).unwrap();
    write(target.join("thesis.txt"), "years of work").unwrap();
    refused(&target, "a folder without manifest.json");
    fs::create_dir(target.join(MANIFEST)).unwrap();
    refused(&target, "a folder without manifest.json");
    let file = temp.path().join("file");
    write(&file, "").unwrap();
    refused(&file, "a file, not a folder");
    let link = temp.path().join("link");
    symlink(&target, &link).unwrap();
    refused(&link, "a link");
    refused(&temp.path().join("link/"), "a link");
    symlink("nowhere", temp.path().join("dangling")).unwrap();
    refused(&temp.path().join("dangling"), "a link");
    assert_eq!(read(target.join("thesis.txt")).unwrap(), b"years of work");
    assert_eq!(read_dir(temp.path()).unwrap().count(), 4);
}

#[test]
fn a_link_or_file_is_refused_without_force_too() {
    let (temp, target) = place();
    write(&target, "").unwrap();
    assert!(matches!(Staging::create(&target, false), Err(OutputError::NotARun { .. })));
    symlink(&target, temp.path().join("link")).unwrap();
    assert!(matches!(Staging::create(&temp.path().join("link"), false), Err(OutputError::NotARun { .. })));
}

#[test]
fn what_appears_meanwhile_is_kept() {
    let (temp, target) = place();
    let staging = Staging::create(&target, false).unwrap();
    run(&target, false, "faster").unwrap();
    fill(&staging, "slower");
    assert!(matches!(staging.publish(), Err(OutputError::Exists { .. })));
    assert_eq!(read(target.join(MANIFEST)).unwrap(), b"faster");
    assert_eq!(read_dir(temp.path()).unwrap().count(), 1);
    let staging = Staging::create(&target, true).unwrap();
    fill(&staging, "slower");
    fs::remove_file(target.join(MANIFEST)).unwrap();
    write(target.join("thesis.txt"), "").unwrap();
    assert!(matches!(staging.publish(), Err(OutputError::NotARun { .. })));
    assert_eq!(below(temp.path()), ["run", "run/thesis.txt"]);
}

#[test]
fn an_old_run_is_put_back_when_the_new_one_cannot_take_its_place() {
    let (temp, target) = place();
    run(&target, false, "old").unwrap();
    let staging = Staging::create(&target, true).unwrap();
    fill(&staging, "new");
    remove_dir_all(&staging.temporary).unwrap();
    let error = staging.place().unwrap_err();
    assert!(matches!(&error, OutputError::Failed { path, .. } if *path == target), "{error}");
    drop(staging);
    assert_eq!(read(target.join(MANIFEST)).unwrap(), b"old");
    assert_eq!(below(temp.path()), ["run", "run/manifest.json"]);
}

#[test]
fn failures_name_the_path_and_what_to_do() {
    let (temp, _) = place();
    write(temp.path().join("file"), "").unwrap();
    for path in [temp.path().join("file/run"), temp.path().join("x".repeat(300))] {
        let error = Staging::create(&path, false).unwrap_err();
        assert!(error.to_string().starts_with("cannot "), "{error}");
        assert!(error.to_string().contains(temp.path().to_str().unwrap()), "{error}");
        assert!(error.source().is_some());
    }
    for path in ["/", ".", "..", "", "a/.."] {
        assert!(matches!(Staging::create(Path::new(path), true), Err(OutputError::Failed { .. })), "{path}");
    }
    assert_eq!(below(temp.path()), ["file"]);
}

#[test]
fn a_folder_where_nobody_may_write() {
    let (temp, _) = place();
    let shut = temp.path().join("shut");
    fs::create_dir(&shut).unwrap();
    set_permissions(&shut, Permissions::from_mode(0o000)).unwrap();
    if !sees_everything(&shut) {
        set_permissions(&shut, Permissions::from_mode(0o555)).unwrap();
        let error = Staging::create(&shut.join("run"), false).unwrap_err();
        assert!(error.to_string().ends_with("name a folder where you may write, with --out"), "{error}");
    }
    set_permissions(&shut, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn the_same_file_twice_is_refused() {
    let (_temp, target) = place();
    let staging = Staging::create(&target, false).unwrap();
    let _first = staging.writer("a.csv").unwrap();
    assert!(matches!(staging.writer("a.csv"), Err(OutputError::Failed { .. })));
}

#[test]
fn plain_names() {
    for name in ["exceptions.csv", "frames/events.parquet", "a-b_c.1/d"] {
        assert!(is_plain(name), "{name}");
    }
    for name in ["", "/a", "a/", "a//b", "..", "a/../b", ".", "./a", "A", "a b", "a\\b", "é", "a\0"] {
        assert!(!is_plain(name), "{name}");
    }
}

#[test]
#[should_panic(expected = "plain relative names")]
fn a_name_that_leads_out_is_a_mistake_of_ours() {
    let (_temp, target) = place();
    let _ = Staging::create(&target, false).unwrap().writer("../x");
}

/// A file of a run on a full disk.
fn over(path: &Path) -> OutputFile {
    OutputFile::around("full", path.to_path_buf(), File::options().write(true).open(path).unwrap())
}

#[test]
fn a_full_disk_is_noticed() {
    let full = Path::new("/dev/full");
    if !full.exists() {
        return; // There is such a device on Linux only.
    }
    let (temp, target) = place();
    let staging = Staging::create(&target, false).unwrap();
    for size in [10, 1 << 20] {
        let mut file = over(full);
        // A small write stays in the buffer and fails when finishing, a large one fails at once;
        // both stay failed.
        assert_eq!(file.write_all(&vec![b'x'; size]).is_err(), size > 10);
        let error = file.finish().unwrap_err();
        assert!(matches!(error, OutputError::Failed { .. }), "{error}");
    }
    let mut file = over(full);
    let error = file.write_all(&[0; 1 << 20]).unwrap_err();
    let sentence = file.failed(error).to_string();
    assert!(sentence.ends_with("make room there, or name another folder"), "{sentence}");
    assert!(file.write_all(&[0; 1 << 20]).is_err(), "nothing more succeeds");
    drop(file);
    drop(staging);
    assert_eq!(below(temp.path()), [""; 0]);
}

#[test]
fn small_files_are_read_whole() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("avstem.toml");
    write(&path, "12345").unwrap();
    assert_eq!(read_whole(&path, 5).unwrap(), b"12345");
    assert_eq!(read_whole(&path, u64::MAX).unwrap(), b"12345");
    assert_eq!(read_whole(&path, 4).unwrap_err().kind(), ErrorKind::FileTooLarge);
    assert_eq!(read_whole(&temp.path().join("none"), 4).unwrap_err().kind(), ErrorKind::NotFound);
    assert_eq!(read_whole(temp.path(), 4).unwrap_err().kind(), ErrorKind::IsADirectory);
}
