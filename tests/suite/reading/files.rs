//! Contents of folders: links, pipes, unusual names, and one file under several names.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use super::case::{Case, raw_name, run_all};
use super::sample::transaction;
use crate::support::Desk;

fn one() -> String {
    transaction("a", "")
}

fn link(desk: &Desk, target: &str, name: &str) {
    symlink(target, desk.inputs().join(name)).unwrap();
}

#[test]
fn links_and_folders() {
    run_all(vec![
        Case::new("folders are walked").file("a/b/c", one()).file("a/d", transaction("b", "")).accepted(2),
        Case::new("a linked file is read")
            .file("a", one())
            .prepared(|desk| {
                fs::rename(desk.inputs().join("a"), desk.path().join("elsewhere")).unwrap();
                link(desk, "../elsewhere", "b");
            })
            .accepted(1),
        Case::new("a linked folder is not followed")
            .file("a", one())
            .prepared(|desk| {
                fs::create_dir(desk.path().join("other")).unwrap();
                fs::write(desk.path().join("other/x"), "broken").unwrap();
                link(desk, "../other", "linked");
            })
            .accepted(1),
        Case::new("a linked folder that is named is walked")
            .file("real/a", one())
            .prepared(|desk| {
                link(desk, "real", "linked");
            })
            .inputs(&["in/linked"])
            .accepted(1),
        Case::new("links in a circle")
            .file("a", one())
            .prepared(|desk| {
                link(desk, "y", "x");
                link(desk, "x", "y");
                link(desk, ".", "self");
            })
            .rejects(&["in/x,,,,io_error,", "in/y,,,,io_error,"])
            .counts([1, 1, 0, 0, 0]),
        Case::new("a link to nothing")
            .file("a", one())
            .prepared(|desk| link(desk, "gone", "x"))
            .rejects(&["in/x,,,,not_found,"])
            .counts([1, 1, 0, 0, 0]),
        Case::new("names with a dot are passed over")
            .file("a", one())
            .file(".b", "broken")
            .file(".c/d", "broken")
            .accepted(1),
        Case::new("unless they are named").file(".b", one()).inputs(&["in/.b"]).accepted(1),
    ]);
}

#[test]
fn what_is_not_there_or_no_file() {
    let gone = |name: &str, inputs: &[&str], row: &str| {
        Case::new(name).file("a", one()).inputs(inputs).rejects(&[row]).counts([1, 1, 0, 0, 0])
    };
    let mut cases = vec![
        gone("not there", &["in/a", "in/b"], "in/b,,,,not_found,"),
        gone("below a file", &["in/a", "in/a/b"], "in/a/b,,,,not_found,"),
        gone("an empty word", &["in/a", ""], ".,,,,not_found,"),
        gone("a device", &["in/a", "/dev/null"], "null,,,,not_regular,"),
        Case::new("only what is not there").inputs(&["in/b"]).rejects(&["in/b,,,,not_found,"]).counts([0; 5]),
    ];
    let locked = |desk: &Desk| {
        let set = |name: &str| fs::set_permissions(desk.inputs().join(name), fs::Permissions::from_mode(0o0)).unwrap();
        set("b");
    };
    // Skipped for the superuser, who can read everything.
    let probe = tempfile::NamedTempFile::new().unwrap();
    fs::set_permissions(probe.path(), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::File::open(probe.path()).is_err() {
        let case = Case::new("no permission").file("a", one()).file("b", one()).prepared(locked);
        cases.push(case.rejects(&["in/b,,,,permission,"]).counts([1, 1, 0, 0, 0]));
    }
    run_all(cases);
}

#[test]
fn odd_names() {
    run_all(vec![
        Case::new("a line feed").file("a\nb", "{}").rejects(&[r"in/a\u{A}b,,,,not_an_export,"]).counts([0; 5]),
        Case::new("bytes that are no text")
            .file(raw_name(b"a\xffb"), "{}")
            .rejects(&[r"in/a\xFFb,,,,not_an_export,"])
            .counts([0; 5]),
        Case::new("an override").file("a\u{202e}b", "{}").rejects(&[r"in/a\u{202E}b,,,,not_an_export,"]).counts([0; 5]),
        Case::new("a comma and quotes").file("a,\"b\"", "{}").rejects(&["in/a,\"b\",,,,not_an_export,"]).counts([0; 5]),
        Case::new("wildcards in a name").file("a[1]*", one()).inputs(&["in/a[1]*"]).accepted(1),
        Case::new("any ending").file("a.txt", one()).file("b.gz", transaction("b", "")).file("c.csv", "[]").accepted(2),
        Case::new("a hyphen").file("-", one()).inputs(&["in/-"]).accepted(1),
    ]);
}

#[test]
fn the_same_file_again() {
    run_all(vec![
        Case::new("one path twice")
            .file("a", one())
            .inputs(&["in/a", "in/a", "./in//a", "in/../in/a", "in", "in/*"])
            .accepted(1),
        Case::new("the same bytes under two names").file("a", one()).file("b", one()).counts([2, 1, 1, 0, 0]),
        Case::new("a link beside its file")
            .file("a", one())
            .prepared(|desk| link(desk, "a", "b"))
            .counts([2, 1, 1, 0, 0]),
        Case::new("globs")
            .file("x/a.json", one())
            .file("y/b.json", transaction("b", ""))
            .file("y/c.txt", "broken")
            .inputs(&["in/*/*.json"])
            .accepted(2),
        Case::new("deep globs")
            .file("x/y/a.json", one())
            .file("b.json", transaction("b", ""))
            .inputs(&["in/**/*.json"])
            .accepted(2),
    ]);
}

#[test]
fn a_pipe_is_read_like_a_file() {
    let desk = Desk::new();
    let pipe = desk.inputs().join("p");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let writer =
        std::thread::spawn(move || fs::write(pipe, format!("{}\n{{\"id\":5,\"amount\":1}}\n", one())).unwrap());
    let ended = desk.check(&[]);
    writer.join().unwrap();
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let rows = desk.rows("rejects.csv");
    assert_eq!((rows.len(), rows[0]["source"].as_str(), rows[0]["reason_code"].as_str()), (1, "in/p", "wrong_type"));
    assert_eq!(desk.json("summary.json")["input"]["accepted"], 1);
}
