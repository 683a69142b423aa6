//! Helpers for the tests of this module.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Set in a child process to the one test it runs: work that would disturb other tests of this
/// process.
const CHILD: &str = "AVSTEM_TEST_CHILD";

/// Returns a command that runs one test of a module alone, in a new process of this test binary.
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

/// Whether a child ran its one test and it passed.
pub(super) fn passed(output: &Output) -> bool {
    output.status.success() && String::from_utf8_lossy(&output.stdout).contains("1 passed")
}

/// Whether permissions are not enforced, as for the superuser.
pub(super) fn sees_everything(closed: &Path) -> bool {
    fs::read_dir(closed).is_ok() || fs::read(closed).is_ok()
}

/// Creates a named pipe.
pub(super) fn make_pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Converts values to command line arguments.
pub(super) fn words<T: Into<OsString>>(words: impl IntoIterator<Item = T>) -> Vec<OsString> {
    words.into_iter().map(Into::into).collect()
}
