//! Helps for the tests of this module.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Set in a child process: its test does the work that would disturb other tests of this process.
const CHILD: &str = "AVSTEM_TEST_CHILD";

/// This test binary, to run one test of a module alone in a process of its own.
pub(super) fn child(module: &str, test: &str) -> Command {
    let module = module.split_once("::").map_or(module, |(_, rest)| rest);
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", &format!("{module}::{test}"), "--nocapture"]).env(CHILD, test);
    command
}

/// Whether this process was started by [`child`] for this test.
pub(super) fn is_child(test: &str) -> bool {
    env::var_os(CHILD).is_some_and(|name| name == test)
}

/// Whether a child ran its one test, and well.
pub(super) fn passed(output: &Output) -> bool {
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed")
}

/// Whether permissions are not in force, as for the superuser.
pub(super) fn sees_everything(closed: &Path) -> bool {
    fs::read_dir(closed).is_ok() || fs::read(closed).is_ok()
}

/// Makes a named pipe.
pub(super) fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Arguments as the command line gives them.
pub(super) fn words<T: Into<OsString>>(words: impl IntoIterator<Item = T>) -> Vec<OsString> {
    words.into_iter().map(Into::into).collect()
}
