//! The commands from the outside: output, exit codes, and the files they leave.

mod memory;
mod privacy;
#[cfg(feature = "query")]
mod querying;
mod same_bytes;
mod verifying;

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use avstem_core::rules::CATALOGUE;

use crate::support::Desk;

const FINE: &str = r#"{"id":"P12345678.a1","amount":0,"currency":"NOK","status":"INITIATED","events":[],"created_at":"2026-03-01T10:00:00Z"}"#;
const OVER: &str = r#"{"id":"P12345678.b2","amount":100,"currency":"NOK","status":"CAPTURED","created_at":"2026-03-02T10:00:00Z",
"events":[{"event":"AUTHORIZE","amount":100},{"event":"CAPTURE","amount":150}]}"#;

fn desk(content: &str) -> Desk {
    Desk::with("export.json", content)
}

/// Every file in the test's folder, with its content.
fn everything(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(desk.path()).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let name = |path: &std::path::Path| path.strip_prefix(desk.path()).unwrap().display().to_string();
    files.map(|entry| (name(entry.path()), fs::read(entry.path()).unwrap())).collect()
}

fn names(desk: &Desk) -> Vec<String> {
    everything(desk).into_iter().map(|(name, _)| name).collect()
}

#[cfg(not(feature = "query"))]
#[test]
fn a_build_without_sql_says_so() {
    let ended = desk(FINE).avstem(&["query", "run", "SELECT 1"]);
    assert!(ended.code == Some(2) && ended.err.contains("this build of avstem has no SQL engine"), "{}", ended.err);
}

#[test]
fn exit_codes() {
    let code = |content: &str, words: &[&str]| desk(content).check(words).code;
    assert_eq!(code(FINE, &[]), Some(0));
    assert_eq!(code(OVER, &[]), Some(1));
    assert_eq!(code(OVER, &["--fail-on", "never"]), Some(0));
    assert_eq!(code(OVER, &["--fail-on", "info"]), Some(1));
    assert_eq!(code("[", &[]), Some(3));
    assert_eq!(code(r#"[{"id":5,"amount":1}]"#, &[]), Some(3));
    // An incomplete input takes precedence over findings.
    assert_eq!(code(&format!("[{OVER},5]"), &[]), Some(3));
    for words in [
        &["--fail-on", "all"][..],
        &["--as-of", "soon"],
        &["--jobs", "0"],
        &["--max-record", "big"],
        &["--no-such-flag"],
    ] {
        let desk = desk(FINE);
        let ended = desk.check(words);
        assert_eq!(ended.code, Some(2), "{words:?}");
        assert!(!ended.err.is_empty() && ended.out.is_empty(), "{words:?}: {ended:?}");
        assert_eq!(names(&desk), ["in/export.json"], "{words:?}");
    }
    assert_eq!(desk(FINE).avstem(&["check"]).code, Some(2));
    assert_eq!(desk(FINE).avstem(&[]).code, Some(2));
    assert_eq!(desk(FINE).avstem(&["--help"]).code, Some(0));
    assert_eq!(desk(FINE).avstem(&["--version"]).code, Some(0));
}

#[test]
fn a_run_that_is_there_is_not_replaced_unless_asked() {
    let desk = desk(FINE);
    assert_eq!(desk.avstem(&["check", "in", "--out", "run"]).code, Some(0));
    let before = everything(&desk);
    desk.put("more.json", OVER);
    let ended = desk.avstem(&["check", "in", "--out", "run"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("--force"), "{}", ended.err);
    fs::remove_file(desk.inputs().join("more.json")).unwrap();
    assert_eq!(everything(&desk), before);
    desk.put("export.json", OVER);
    assert_eq!(desk.avstem(&["check", "in", "--out", "run", "--force"]).code, Some(1));
    assert_eq!(desk.json("summary.json")["exit"]["code"], 1);
    assert!(names(&desk).iter().all(|name| name.starts_with("in/") || name.starts_with("run/")));
}

#[test]
fn what_is_no_run_is_left_alone() {
    let desk = desk(FINE);
    fs::create_dir(desk.path().join("run")).unwrap();
    fs::write(desk.path().join("run/mine.txt"), "mine").unwrap();
    fs::write(desk.path().join("file"), "mine").unwrap();
    let before = everything(&desk);
    for out in ["run", "file", "in"] {
        let ended = desk.avstem(&["check", "in", "--out", out, "--force"]);
        assert_eq!(ended.code, Some(2), "{out}: {}", ended.err);
        assert_eq!(everything(&desk), before, "{out}");
    }
}

#[test]
fn the_default_folder_bears_the_day() {
    let desk = desk(FINE);
    let ended = desk.avstem(&["check", "in"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(names(&desk).contains(&"reports/2026-03-01/manifest.json".to_owned()), "{:?}", names(&desk));
    let before = everything(&desk);
    let again = desk.avstem(&["check", "in"]);
    assert_eq!(again.code, Some(6), "{}", again.err);
    assert!(again.out.is_empty() && !again.err.is_empty());
    assert_eq!(everything(&desk), before);
    assert_eq!(desk.avstem(&["check", "in", "--force"]).code, Some(0));
    assert_eq!(desk.avstem(&["check", "in", "--as-of", "2026-04-05"]).code, Some(0));
    assert!(names(&desk).contains(&"reports/2026-04-05/manifest.json".to_owned()));
    let undated = self::desk(r#"{"id":"a","amount":0,"currency":"NOK","status":"INITIATED","events":[]}"#);
    assert_eq!(undated.avstem(&["check", "in"]).code, Some(0));
    assert!(names(&undated).contains(&"reports/undated/manifest.json".to_owned()));
}

#[test]
fn a_folder_that_cannot_be_written() {
    let desk = desk(FINE);
    let before = names(&desk);
    let ended = desk.avstem(&["check", "in", "--out", "in/export.json/run"]);
    assert_eq!(ended.code, Some(6), "{}", ended.err);
    assert_eq!(names(&desk), before);
}

#[test]
fn a_report_among_the_inputs_is_no_input() {
    let desk = desk(FINE);
    let check = |words: &[&str]| desk.avstem(&[&["check", ".", "--quiet"], words].concat()).code;
    assert_eq!(check(&["--out", "run"]), Some(0));
    let first = everything(&desk);
    assert_eq!(check(&["--out", "run", "--force"]), Some(0));
    assert_eq!(everything(&desk), first);
    for day in ["2026-03-01", "2026-03-02"] {
        assert_eq!(check(&["--as-of", day]), Some(0), "{day}");
    }
    // Other files in the folder are read, and so is a run that is named as an input itself.
    assert_eq!(desk.avstem(&["check", "run", "--out", "other", "--quiet"]).code, Some(3));
    fs::write(desk.path().join("run/summary.json"), "{}").unwrap();
    assert_eq!(check(&["--out", "next"]), Some(3), "it is not the file that the run wrote");
    assert_eq!(desk.avstem(&["verify", "run"]).code, Some(5));
}

#[test]
fn a_run_that_holds_the_inputs_is_not_replaced_by_whatever_way() {
    let desk = desk(FINE);
    assert_eq!(desk.avstem(&["check", "in", "--out", "run", "--quiet"]).code, Some(0));
    fs::rename(desk.inputs().join("export.json"), desk.path().join("run/export.json")).unwrap();
    std::os::unix::fs::symlink("run", desk.path().join("link")).unwrap();
    std::os::unix::fs::symlink("../run/export.json", desk.inputs().join("linked.json")).unwrap();
    let before = everything(&desk);
    for input in ["run", "link", "link/export.json", "in", "in/../run/*.json"] {
        let ended = desk.avstem(&["check", input, "--out", "run", "--force"]);
        assert_eq!(ended.code, Some(2), "{input}: {}", ended.err);
        assert!(ended.err.contains("holds the input"), "{input}: {}", ended.err);
        assert_eq!(everything(&desk), before, "{input}");
    }
}

#[test]
fn standard_output_is_data_only() {
    let desk = desk(OVER);
    let text = desk.check(&[]);
    assert!(text.out.contains("AV101") && text.err.is_empty(), "{text:?}");
    let quiet = desk.check(&["--quiet"]);
    assert_eq!((quiet.code, quiet.out.as_str(), quiet.err.as_str()), (Some(1), "", ""));
    let json = desk.check(&["--format", "json"]);
    assert_eq!(json.out, desk.text("summary.json"));
    assert_eq!(json.err, "");
    // Colours appear only on a terminal; `NO_COLOR` changes nothing here.
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", "run", "--force"]).current_dir(desk.path()).env("NO_COLOR", "1");
    assert_eq!(command.output().unwrap().stdout, text.out.as_bytes());
    assert!(!text.out.contains('\u{1b}'));
}

#[test]
fn configuration_errors_name_the_line() {
    let wrong = [
        ("as_of = \"2026-03-01\"\nfail_onn = \"error\"\n", 2),
        ("fail_on = \"bad\"\n", 1),
        ("\n\n[rules]\nAV999 = \"off\"\n", 4),
        ("[rules]\nover-captured = \"loud\"\n", 2),
        ("[tolerance]\nAV508 = -1\n", 2),
        ("[windows]\npending = \"1 fortnight\"\n", 2),
        ("time_zone = \"Europe/Atlantis\"\n", 1),
        ("max_rejects = \"many\"\n", 1),
        ("[[accept]]\nrule = \"AV101\"\n", 2),
        ("as_of = \n", 1),
        ("x = 1\nx = 2\n", 2),
    ];
    for (text, line) in wrong {
        let desk = desk(FINE);
        fs::write(desk.path().join("own.toml"), text).unwrap();
        fs::write(desk.path().join("avstem.toml"), text).unwrap();
        for (file, words) in [("own.toml", &["--config", "own.toml"][..]), ("avstem.toml", &[])] {
            let ended = desk.check(words);
            assert_eq!(ended.code, Some(2), "{text}");
            assert!(ended.err.contains(&format!("{file}:{line}:")), "{text}: {}", ended.err);
            assert!(!desk.path().join("run").exists());
        }
    }
    let desk = desk(FINE);
    assert_eq!(desk.check(&["--config", "gone.toml"]).code, Some(2));
    let configure = |text: &str| fs::write(desk.path().join("avstem.toml"), text).unwrap();
    desk.put("export.json", OVER);
    configure("fail_on = \"never\"\n");
    assert_eq!(desk.check(&[]).code, Some(0));
    // A flag overrides the file.
    assert_eq!(desk.check(&["--fail-on", "error"]).code, Some(1));
    configure("[rules]\nover-captured = \"off\"\n");
    assert_eq!(desk.check(&[]).code, Some(0));
    assert!(desk.rows("exceptions.csv").iter().all(|row| row["rule"] != "AV101"));
}

#[test]
fn rules_and_explanations() {
    let desk = Desk::new();
    let text = desk.avstem(&["rules"]);
    let json: serde_json::Value = serde_json::from_str(&desk.avstem(&["rules", "--format", "json"]).out).unwrap();
    let rules = json.as_array().or(json["rules"].as_array()).unwrap();
    assert_eq!(rules.len(), CATALOGUE.len());
    assert_eq!(text.out.lines().filter(|line| line.starts_with("AV")).count(), CATALOGUE.len());
    assert!(desk.avstem(&["rules", "--format", "md"]).out.contains("| [AV101](AV101.md) | over-captured |"));
    assert_eq!(desk.avstem(&["rules", "--format", "xml"]).code, Some(2));
    let by_code = desk.avstem(&["explain", "AV101"]);
    assert_eq!((by_code.code, by_code.err.as_str()), (Some(0), ""));
    assert_eq!(by_code.out, desk.avstem(&["explain", "over-captured"]).out);
    for (word, near) in [("over-captrued", "over-captured"), ("AV11", "AV1"), ("staus-mismatch", "status-mismatch")] {
        let ended = desk.avstem(&["explain", word]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""));
        assert!(ended.err.contains("did you mean") && ended.err.contains(near), "{}", ended.err);
    }
    assert_eq!(desk.avstem(&["explain", "nothing at all like it"]).code, Some(2));
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(desk.avstem(&["completions", shell]).out.contains("avstem"), "{shell}");
    }
    assert_eq!(desk.avstem(&["completions", "dos"]).code, Some(2));
}

#[test]
fn every_command_has_a_man_page() {
    let desk = Desk::new();
    let own = desk.avstem(&["man"]);
    assert!(own.code == Some(0) && own.out.contains(".TH avstem 1"), "{}", own.out);
    assert!(desk.avstem(&["man", "check"]).out.contains("max\\-rejects"));
    assert_eq!(desk.avstem(&["man", "--out", "pages/man1"]).code, Some(0));
    let help = desk.avstem(&["--help"]).out;
    let (_, list) = help.split_once("Commands:").unwrap();
    let (list, _) = list.split_once("Options:").unwrap();
    // Commands are indented by two spaces, continuation lines by more.
    let commands = list.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    let commands = commands.map(|line| line.split_whitespace().next().unwrap()).filter(|command| *command != "help");
    let mut wanted: Vec<String> = commands.map(|command| format!("pages/man1/avstem-{command}.1")).collect();
    wanted.push("pages/man1/avstem.1".to_owned());
    wanted.sort();
    assert!(wanted.len() > 8, "{wanted:?}");
    assert_eq!(names(&desk), wanted);
}

#[test]
fn colours_are_for_terminals() {
    let desk = desk(OVER);
    let show = |variables: &[(&str, &str)]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
        command.args(["show", "P12345678.b2", "in"]).current_dir(desk.path()).envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let plain = show(&[]);
    assert!(plain.contains("AV101") && !plain.contains('\u{1b}'), "{plain}");
    // `CLICOLOR_FORCE` acts like a terminal.
    let coloured = show(&[("CLICOLOR_FORCE", "1")]);
    assert!(coloured.contains('\u{1b}'), "{coloured}");
    assert_eq!(show(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]), plain);
}

#[test]
fn show_one() {
    let desk = desk(&format!("[{FINE},{OVER}]"));
    let ended = desk.avstem(&["show", "P12345678.b2", "in"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(ended.out.contains("100 = 150 + 0 + -50") && ended.out.contains("AV101"), "{}", ended.out);
    assert!(!ended.out.contains("P12345678.a1"));
    let gone = desk.avstem(&["show", "P12345678.b3", "in"]);
    assert_eq!((gone.code, gone.out.as_str()), (Some(2), ""));
    assert!(gone.err.contains("did you mean P12345678."), "{}", gone.err);
    let far = desk.avstem(&["show", "something else", "in"]);
    assert!(far.code == Some(2) && !far.err.contains("did you mean"), "{}", far.err);
    assert_eq!(names(&desk), ["in/export.json"]);
}

fn waiting(desk: &Desk, out: Stdio) -> Child {
    let made = Command::new("mkfifo").arg(desk.inputs().join("pipe")).status().unwrap();
    assert!(made.success());
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "in", "--out", "run"]).current_dir(desk.path());
    command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
}

/// Waits at most 20 seconds for the exit code.
fn code(child: &mut Child) -> Option<i32> {
    let end = Instant::now() + Duration::from_secs(20);
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("it does not end");
}

#[test]
fn an_interrupt_leaves_no_run() {
    for (name, wanted) in [("-INT", 130), ("-TERM", 143)] {
        for has_writer in [false, true] {
            let desk = desk(FINE);
            let mut child = waiting(&desk, Stdio::piped());
            // Opening a FIFO for reading and writing does not block.
            let open = |path| fs::OpenOptions::new().read(true).write(true).open(path).unwrap();
            let mut writer = has_writer.then(|| open(desk.inputs().join("pipe")));
            writer.iter_mut().for_each(|writer| writer.write_all(b"[").unwrap());
            // Signal handlers are installed before the run folder is made.
            while !names_below(&desk).iter().any(|name| name.contains("partial")) {
                std::thread::sleep(Duration::from_millis(10));
                assert!(child.try_wait().unwrap().is_none());
            }
            signal(&child, name);
            assert_eq!(code(&mut child), Some(wanted), "{name} {has_writer}");
            let mut said = String::new();
            child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
            assert!(said.contains("nothing was written"), "{said}");
            assert_eq!(names_below(&desk), ["in"]);
        }
    }
}

fn names_below(desk: &Desk) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(desk.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_closed_standard_output_ends_quietly() {
    let desk = desk(FINE);
    let mut child = waiting(&desk, Stdio::piped());
    drop(child.stdout.take());
    fs::write(desk.inputs().join("pipe"), OVER).unwrap();
    assert_eq!(code(&mut child), Some(141));
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
    assert_eq!(desk.json("manifest.json")["complete"], true);
    assert_eq!(desk.json("summary.json")["input"]["accepted"], 2);
}

#[test]
fn standard_input_is_an_input() {
    let desk = desk(FINE);
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "-", "in", "--out", "run", "--quiet"]).current_dir(desk.path());
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(format!("{OVER}\n{{\"id\":5,\"amount\":1}}").as_bytes()).unwrap();
    assert_eq!(code(&mut child), Some(3));
    // A leading `-` would make the cell a formula.
    assert_eq!(desk.rows("rejects.csv")[0]["source"], "'-");
    assert_eq!(desk.rows("exceptions.csv")[0]["source"], "'-");
    assert!(desk.text("manifest.json").contains("\"-\""));
    // A regular file as standard input is read like any file.
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "-", "--out", "run", "--force", "--quiet"]).current_dir(desk.path());
    let status = command.stdin(fs::File::open(desk.inputs().join("export.json")).unwrap()).status().unwrap();
    assert_eq!(status.code(), Some(0));
}

#[test]
fn an_incomplete_run_says_one_line_although_it_is_quiet() {
    let desk = Desk::with("a.json", "{");
    let ended = desk.check(&["--quiet"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(3), ""));
    let wanted = "avstem: note: input incomplete, see rejects.csv: 1 of 1 file refused; the run is in run\n";
    assert_eq!(ended.err, wanted);
}

#[test]
fn a_rejected_record_names_its_field_and_the_type_that_it_has() {
    let desk = Desk::with("a.json", r#"[{"id":"P1.t","amount":1,"currency":"NOK","events":[{"amount":"5"}]}]"#);
    let ended = desk.check(&[]);
    assert!(
        ended.out.contains("Left out   in/a.json, byte 1: events[0].amount\n")
            && ended.out.contains("the field is a text; it must be a whole number of minor units"),
        "{}",
        ended.out
    );
}
