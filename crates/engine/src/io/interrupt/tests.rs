use std::os::unix::process::ExitStatusExt;

use signal_hook::low_level::raise;

use super::*;
use crate::io::testing::{child, is_child, passed};

#[test]
fn nothing_is_pending_without_a_signal() {
    assert_eq!(pending(), None);
}

#[test]
fn the_first_signal_is_a_request() {
    for (test, signal) in [("ask_int", SIGINT), ("ask_term", SIGTERM)] {
        let output = child(module_path!(), test).output().unwrap();
        assert!(passed(&output), "signal {signal}: {output:?}");
    }
}

#[test]
fn the_second_signal_ends_the_process() {
    let output = child(module_path!(), "ask_twice").output().unwrap();
    assert_eq!(output.status.signal(), Some(SIGTERM));
}

#[test]
fn an_end_can_be_asked_for_without_a_signal() {
    let output = child(module_path!(), "ask_and_take_back").output().unwrap();
    assert!(passed(&output), "{output:?}");
}

#[test]
fn ask_and_take_back() {
    if is_child("ask_and_take_back") {
        ask(Some(SIGINT));
        assert_eq!(pending(), Some(SIGINT));
        ask(None);
        assert_eq!(pending(), None);
        install().unwrap();
        raise(SIGTERM).unwrap();
        ask(None);
        assert_eq!(pending(), Some(SIGTERM), "a signal is not taken back");
    }
}

#[test]
fn ask_int() {
    asked("ask_int", SIGINT);
}

#[test]
fn ask_term() {
    asked("ask_term", SIGTERM);
}

fn asked(test: &str, signal: i32) {
    if is_child(test) {
        install().unwrap();
        install().unwrap();
        assert_eq!(pending(), None);
        raise(signal).unwrap();
        assert_eq!(pending(), Some(signal));
    }
}

#[test]
fn ask_twice() {
    if is_child("ask_twice") {
        install().unwrap();
        raise(SIGINT).unwrap();
        assert_eq!(pending(), Some(SIGINT));
        raise(SIGTERM).unwrap();
        unreachable!("the second signal ends the process");
    }
}
