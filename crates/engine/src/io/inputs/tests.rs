use std::fs::{File, Permissions, create_dir, create_dir_all, set_permissions, write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;

use tempfile::TempDir;

use super::*;
use crate::io::testing::{child, is_child, make_pipe, passed, sees_everything, words};

/// A folder `export` with these files; names that end in `/` are folders.
fn tree(files: &[&str]) -> (TempDir, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let root = temp.path().join("export");
    create_dir(&root).unwrap();
    for file in files {
        let path = root.join(file);
        if file.ends_with('/') {
            create_dir_all(path).unwrap();
        } else {
            create_dir_all(path.parent().unwrap()).unwrap();
            write(path, "{}").unwrap();
        }
    }
    (temp, root)
}

fn names(sources: &[Source]) -> Vec<&str> {
    sources.iter().map(|source| source.name.as_str()).collect()
}

fn discover(inputs: &[OsString]) -> Vec<Source> {
    super::discover(inputs, &[], &Exclude::default()).sources
}

/// Names and fault reasons of the sources of the inputs.
fn found<T: Into<OsString>>(inputs: impl IntoIterator<Item = T>) -> Vec<(String, Option<FileReason>)> {
    let sources = discover(&words(inputs));
    sources.into_iter().map(|source| (source.name, source.fault.map(|fault| fault.reason))).collect()
}

fn fine(names: &[&str]) -> Vec<(String, Option<FileReason>)> {
    names.iter().map(|&name| (name.to_owned(), None)).collect()
}

fn bad(name: &str, reason: FileReason) -> Vec<(String, Option<FileReason>)> {
    vec![(name.to_owned(), Some(reason))]
}

#[test]
fn files_folders_and_standard_input() {
    let (_temp, root) = tree(&["b.json", "a.json", "sub/c.json", "sub/deep/d.json", "empty/"]);
    let names = ["export/a.json", "export/b.json", "export/sub/c.json", "export/sub/deep/d.json"];
    assert_eq!(found([&root]), fine(&names));
    assert_eq!(found([root.join("a.json")]), fine(&["a.json"]));
    assert_eq!(found([root.join("empty")]), []);
    let sources = discover(&words([OsString::from("-"), root.join("a.json").into(), "-".into()]));
    assert_eq!(self::names(&sources), ["a.json", "-"]);
    assert_eq!(sources[1].place, Place::Stdin);
    assert_eq!(sources[1].path_text(), "-");
}

#[test]
fn what_holds_no_file_is_named() {
    let (_temp, root) = tree(&["b.json", "empty/"]);
    let inputs = words([root.join("x*.json"), root.join("empty"), root.clone(), root.join("*.json")]);
    let found = super::discover(&inputs, &[], &Exclude::default());
    assert_eq!(names(&found.sources), ["export/b.json"]);
    assert_eq!(found.without_files, ["empty", "x*.json"]);
}

#[test]
fn excluded_files_are_no_sources_and_are_named() {
    let (_temp, root) = tree(&["a.json", "README.md", "sub/c.pdf", "sub/d.json", "other/d.json"]);
    let exclude = Exclude::new(["*.pdf", "README*", "export/sub/d.*"]).unwrap();
    let found = super::discover(&words([&root]), &[], &exclude);
    assert_eq!(names(&found.sources), ["export/a.json", "export/other/d.json"]);
    assert_eq!(found.excluded, ["export/README.md", "export/sub/c.pdf", "export/sub/d.json"]);
    assert_eq!(Exclude::new(["ok", "a[b"]).unwrap_err().0, "a[b");
}

#[test]
fn names_are_sorted_by_bytes() {
    let (_temp, root) = tree(&["a/b", "a.b", "a-b", "B", "é", "aa"]);
    let names = ["export/B", "export/a-b", "export/a.b", "export/a/b", "export/aa", "export/é"];
    assert_eq!(found([&root]), fine(&names));
}

#[test]
fn hidden_names_are_read_only_when_named() {
    let (_temp, root) = tree(&["a", ".b", ".c/d", "e/.f"]);
    assert_eq!(found([&root]), fine(&["export/a"]));
    assert_eq!(found([root.join(".b")]), fine(&[".b"]));
    assert_eq!(found([root.join(".c")]), fine(&[".c/d"]));
    assert_eq!(found([root.join("*")]), fine(&["export/a"]));
    assert_eq!(found([root.join("**/*")]), fine(&["export/a"]));
    assert_eq!(found([root.join(".?")]), fine(&["export/.b", "export/.c/d"]));
}

#[test]
fn linked_files_are_read_and_linked_folders_only_when_named() {
    let (temp, root) = tree(&["a", "real/b"]);
    symlink(root.join("a"), root.join("link-a")).unwrap();
    symlink(root.join("real"), root.join("link-real")).unwrap();
    symlink(&root, root.join("real/loop")).unwrap();
    let seen = ["export/a", "export/link-a", "export/real/b"];
    assert_eq!(found([&root]), fine(&seen));
    assert_eq!(found([root.join("*")]), fine(&seen));
    assert_eq!(found([root.join("**")]), fine(&seen));
    assert_eq!(found([root.join("l*/b")]), []);
    assert_eq!(found([root.join("link-real")]), fine(&["link-real/b"]));
    assert_eq!(found([root.join("link-real/*")]), fine(&["link-real/b"]));
    symlink(&root, temp.path().join("again")).unwrap();
    assert_eq!(found([temp.path().join("again/")]), fine(&["again/a", "again/link-a", "again/real/b"]));
}

#[test]
fn what_is_missing_is_a_source_with_a_fault() {
    let (_temp, root) = tree(&["a"]);
    assert_eq!(found([root.join("b")]), bad("b", FileReason::NotFound));
    assert_eq!(found([root.join("a/b")]), bad("b", FileReason::NotFound));
    assert_eq!(found([""]), bad(".", FileReason::NotFound));
    assert_eq!(found([OsStr::from_bytes(b"nul\0byte")]), bad("nul\0byte", FileReason::NotFound));
    symlink("nowhere", root.join("dangling")).unwrap();
    let sources = discover(&words([&root]));
    assert_eq!(names(&sources), ["export/a", "export/dangling"]);
    let fault = sources[1].fault.as_ref().unwrap();
    assert_eq!((fault.reason, fault.detail.as_str()), (FileReason::NotFound, "the link leads to nothing"));
    symlink("circle", root.join("circle")).unwrap();
    assert_eq!(found([root.join("circle")]), bad("circle", FileReason::IoError));
}

#[test]
fn what_is_no_file_is_a_source_with_a_fault() {
    let (_temp, root) = tree(&[]);
    let _socket = UnixListener::bind(root.join("socket")).unwrap();
    make_pipe(&root.join("pipe"));
    symlink("pipe", root.join("link")).unwrap();
    let expected = [
        ("export/link".to_owned(), None),
        ("export/pipe".to_owned(), None),
        ("export/socket".to_owned(), Some(FileReason::NotRegular)),
    ];
    assert_eq!(found([&root]), expected);
    assert_eq!(found([root.join("socket")]), bad("socket", FileReason::NotRegular));
    assert_eq!(found(["/dev/null"]), bad("null", FileReason::NotRegular));
}

#[test]
fn folders_that_cannot_be_listed_are_sources_with_a_fault() {
    let (_temp, root) = tree(&["a", "shut/b"]);
    let shut = root.join("shut");
    set_permissions(&shut, Permissions::from_mode(0o000)).unwrap();
    if !sees_everything(&shut) {
        let expected = [("export/a".to_owned(), None), ("export/shut".to_owned(), Some(FileReason::Permission))];
        assert_eq!(found([&root]), expected);
        assert_eq!(found([root.join("*/*")]), bad("export/shut", FileReason::Permission));
        assert_eq!(found([&shut]), bad("shut", FileReason::Permission));
        assert_eq!(found([shut.join("b")]), bad("b", FileReason::Permission));
    }
    set_permissions(&shut, Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn patterns() {
    let (_temp, root) = tree(&["a.json", "b.json", "c.txt", "one/a.json", "one/two/a.json", "[x].json"]);
    let glob = |pattern: &str| found([root.join(pattern)]);
    assert_eq!(glob("*.json"), fine(&["export/[x].json", "export/a.json", "export/b.json"]));
    assert_eq!(glob("?.json"), fine(&["export/a.json", "export/b.json"]));
    assert_eq!(glob("[!a].json"), fine(&["export/b.json"]));
    assert_eq!(glob("[x].json"), fine(&["[x].json"]), "the literal path comes first");
    assert_eq!(glob("*/a.json"), fine(&["export/one/a.json"]));
    assert_eq!(glob("**/a.json"), fine(&["export/a.json", "export/one/a.json", "export/one/two/a.json"]));
    assert_eq!(glob("one/**/**/a.json"), fine(&["one/a.json", "one/two/a.json"]));
    assert_eq!(glob("o*"), fine(&["export/one/a.json", "export/one/two/a.json"]));
    assert_eq!(glob("o*/../a.json"), fine(&["export/one/../a.json"]));
    assert_eq!(glob("*.xml"), []);
    assert_eq!(glob("none/*.json"), []);
    assert_eq!(glob("none/**"), []);
    assert_eq!(glob("a.json/*"), []);
    assert_eq!(glob("[a"), bad("[a", FileReason::NotFound));
    assert_eq!(glob("a**"), bad("a**", FileReason::NotFound));
}

#[test]
fn names_that_are_not_utf8_are_found_and_shown() {
    let (_temp, root) = tree(&[]);
    let path = root.join(OsStr::from_bytes(b"caf\xe9.json"));
    if File::create(&path).is_err() {
        return; // This file system takes UTF-8 only.
    }
    for input in [root.clone(), root.join("*.json"), root.join("caf?.json")] {
        let sources = discover(&words([input]));
        assert_eq!(names(&sources), ["export/caf\\xE9.json"]);
        assert_eq!(sources[0].place, Place::File(path.clone()));
        assert!(sources[0].path_text().ends_with("/export/caf\\xE9.json"));
    }
    let missing = root.join(OsStr::from_bytes(b"\xff\xfe"));
    assert_eq!(found([missing]), bad("\\xFF\\xFE", FileReason::NotFound));
}

#[test]
fn one_path_counts_once_in_any_order() {
    let (_temp, root) = tree(&["sub/a.json", "sub/b.json"]);
    let mut inputs = vec![
        root.clone(),
        root.join("sub/a.json"),
        root.join("./sub//a.json"),
        root.join("sub/../sub/a.json"),
        root.join("sub"),
        root.join("*/b.json"),
        root.join("missing"),
        root.join("missing/"),
    ];
    let expected = [
        ("a.json".to_owned(), None),
        ("export/sub/b.json".to_owned(), None),
        ("missing".to_owned(), Some(FileReason::NotFound)),
    ];
    for _ in 0..inputs.len() {
        inputs.rotate_left(1);
        assert_eq!(found(&inputs), expected);
    }
    inputs.reverse();
    assert_eq!(found(&inputs), expected);
}

#[test]
fn a_step_up_behind_a_link_leads_elsewhere() {
    let (temp, root) = tree(&["a.json", "far/inner/x", "far/a.json"]);
    symlink(root.join("far/inner"), root.join("link")).unwrap();
    let sources = discover(&words([root.join("a.json"), root.join("link/../a.json")]));
    assert_eq!(names(&sources), ["a.json", "a.json"], "two files, though they look the same");
    let far = discover(&words([root.join("far/inner/../a.json"), root.join("far/a.json")]));
    assert_eq!(names(&far), ["a.json"]);
    assert_eq!(found([temp.path().join("export/..").join("export/a.json")]), fine(&["a.json"]));
    assert_eq!(paths::resolved(Path::new("/../../x"), Path::new("/")), Path::new("/x"));
}

#[test]
fn the_path_tells_the_order_of_an_operation() {
    let (_temp, root) = tree(&["orders/O-1/captures.json"]);
    let source = discover(&words([root.join("orders/O-1/captures.json")])).remove(0);
    assert_eq!(source.name, "captures.json");
    assert!(source.path_text().ends_with("/export/orders/O-1/captures.json"));
}

#[test]
fn relative_names() {
    let (_temp, root) = tree(&["a.json", "sub/b.json", "-", "orders/O1/refunds.json"]);
    let output = child(module_path!(), "relative_names_there").current_dir(root).output().unwrap();
    assert!(passed(&output), "{output:?}");
}

#[test]
fn relative_names_there() {
    if !is_child("relative_names_there") {
        return;
    }
    let all = ["./-", "a.json", "orders/O1/refunds.json", "sub/b.json"];
    for here in [".", "./", "././", "**", "./*"] {
        assert_eq!(found([here]), fine(&all), "{here}");
    }
    assert_eq!(found(["../export/a.json"]), fine(&["../export/a.json"]));
    assert_eq!(found(["../export/a.json", "./a.json"]), fine(&["../export/a.json"]), "the smallest name");
    assert_eq!(found(["./sub/", "sub", ".//sub/b.json"]), fine(&["sub/b.json"]));
    assert_eq!(found(["-", "./-"]), fine(&["./-", "-"]));
    assert_eq!(found(["./s*/*"]), fine(&["sub/b.json"]));
    assert_eq!(found(["**/b.json"]), fine(&["sub/b.json"]));
    assert_eq!(found(["./missing"]), bad("missing", FileReason::NotFound));
    let whole = std::env::current_dir().unwrap().join("sub/b.json");
    assert_eq!(found([whole.as_os_str(), OsStr::new("sub")]), fine(&["b.json"]));
    let texts: Vec<String> = ["orders/O1/refunds.json", "../export/orders/./O1/refunds.json"]
        .map(|input| discover(&words([input]))[0].path_text())
        .into();
    assert_eq!(texts[0], texts[1]);
    assert!(texts[0].starts_with('/') && texts[0].ends_with("/export/orders/O1/refunds.json"));
}

#[test]
fn no_absolute_path_is_shown() {
    let (_temp, root) = tree(&["a", "sub/b"]);
    let whole = root.parent().unwrap().to_str().unwrap().to_owned();
    for input in ["", "a", "none", "*", "**", "none/*", "[a", "sub/..", "..", "../exp*", "sub/../*"] {
        for source in discover(&words([root.join(input)])) {
            assert!(!source.name.starts_with('/') && !source.name.is_empty(), "{input}: {}", source.name);
            assert!(!source.name.contains(&whole));
            assert!(!source.fault.is_some_and(|fault| fault.detail.contains(&whole)));
        }
    }
}
