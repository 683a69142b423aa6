//! `--memory`: spilling to disk changes no byte of a run and leaves no file.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::same_bytes::{assert_same, run_of};
use crate::support::{Desk, noted};

/// A world whose rows exceed the smallest allowed `--memory`.
fn world() -> Desk {
    let desk = Desk::new();
    let words =
        ["generate", "--transactions", "900", "--seed", "5", "--faults", "0.1", "--out", "world", "--shape", "lean"];
    assert_eq!(desk.avstem(&words).code, Some(0));
    fs::rename(desk.path().join("world/export"), desk.inputs().join("export")).unwrap();
    desk
}

const FULL: [&str; 3] = ["--frames", "--balances-csv", "--quiet"];

#[test]
fn little_memory_gives_the_same_bytes() {
    let desk = world();
    let all = |words: &[&str]| {
        let ended = desk.check(&[&FULL, words].concat());
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        run_of(&desk.path().join("run"))
    };
    let plenty = all(&["--memory", "1G", "--jobs", "1"]);
    for jobs in ["1", "3"] {
        assert_same(&plenty, &all(&["--memory", "1M", "--jobs", jobs]), jobs);
    }
    let names: Vec<_> = fs::read_dir(desk.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 3, "the inputs, the run, and what was generated: {names:?}");
}

#[test]
fn where_rows_cannot_be_put_aside_the_folder_is_named_and_nothing_is_left() {
    let desk = world();
    let ended = |memory: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
        command.args(["check", "in", "--out", "run", "--quiet", "--memory", memory]);
        command.env("TMPDIR", "no/such/folder").current_dir(desk.path()).output().unwrap()
    };
    let failed = ended("1M");
    let told = String::from_utf8(failed.stderr).unwrap();
    assert_eq!(failed.status.code(), Some(6), "{told}");
    for part in ["no/such/folder", "TMPDIR", "--memory"] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!desk.path().join("run").exists());
    assert_eq!(ended("1G").status.code(), Some(1), "with memory enough nothing is put aside");
}

#[test]
fn what_shares_one_id_and_does_not_fit_says_so() {
    let desk = Desk::new();
    let events: Vec<String> =
        (0..40).map(|n| format!(r#"{{"id":"event-number-{n}","event":"CAPTURE","amount":1,"items":[]}}"#)).collect();
    let document = format!(r#"{{"id":"P1.a","amount":100,"currency":"NOK","events":[{}]}}"#, events.join(","));
    desk.put("copies.ndjson", format!("{document}\n").repeat(2_000));
    let ended = desk.avstem(&["check", "in", "--out", "run", "--memory", "1M"]);
    assert_eq!(ended.code, Some(6), "{}", ended.err);
    assert!(ended.err.contains("share one id") && ended.err.contains("--memory 1M"), "{}", ended.err);
    assert!(!desk.path().join("run").exists());
    let ended = desk.avstem(&["check", "in", "--out", "run", "--memory", "32M", "--fail-on", "never"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
}

/// A camt.053 with so many credits.
fn statement_of(credits: usize) -> String {
    let credit = |n| {
        format!(
            "<Ntry><Amt Ccy=\"NOK\">{n}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-01-05</Dt></BookgDt>\
             <AcctSvcrRef>A{n}</AcctSvcrRef><AddtlNtryInf>DINTERO {n}</AddtlNtryInf></Ntry>"
        )
    };
    format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>S</Id>\
         <Acct><Id><IBAN>NO9386011117947</IBAN></Id></Acct>{}</Stmt></BkToCstmrStmt></Document>",
        (1..=credits).map(credit).collect::<String>()
    )
}

#[test]
fn bank_statements_that_do_not_fit_say_so() {
    let desk = Desk::with("statement.xml", statement_of(3_000));
    let ended = |memory: &str, jobs: &str| {
        desk.check(&["--memory", memory, "--jobs", jobs, "--fail-on", "never", "--as-of", "2026-02-01"])
    };
    for jobs in ["1", "3"] {
        let ended = ended("1M", jobs);
        assert_eq!(ended.code, Some(6), "{}", ended.err);
        let told = "all bank statements have to be held at once, and are too many for --memory 1M: give more, like 4M";
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(!desk.path().join("run").exists(), "nothing was written");
    }
    let ended = ended("64M", "1");
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    assert_eq!(desk.rows("exceptions.csv").len(), 3_000, "each is a credit that no payout explains");
}

/// The peak of resident memory of a check in KiB, sampled while it runs; the kernel keeps the peak.
fn peak_of_check(desk: &Desk, memory: &str) -> u64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_avstem"));
    command.args(["check", "world/export", "--out", "run", "--force", "--quiet", "--fail-on", "never"]);
    command.args(["--memory", memory, "--jobs", "2"]).current_dir(desk.path()).stdin(Stdio::null());
    let mut child = command.spawn().unwrap();
    let mut peak = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let now = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(now.unwrap_or(0));
        if let Some(ended) = child.try_wait().unwrap() {
            assert_eq!(ended.code(), Some(0));
            return peak;
        }
        sleep(Duration::from_millis(1));
    }
}

/// The law of memory, over documents of all kinds at two sizes: the peak is the budget and 128 MiB at most, whatever the
/// input. `AVSTEM_SLOW=1` tries the sizes of docs/PERFORMANCE.md, which wants a release build.
#[test]
fn the_peak_stays_within_the_budget_and_128_mib() {
    let slow = std::env::var_os("AVSTEM_SLOW").is_some();
    let (sizes, budgets) = if slow { ([250_000, 1_000_000], ["64M", "256M"]) } else { ([1_000, 4_000], ["1M", "4M"]) };
    for size in sizes {
        let desk = Desk::new();
        let size = size.to_string();
        assert_eq!(desk.avstem(&["generate", "--transactions", &size, "--seed", "1", "--out", "world"]).code, Some(0));
        for budget in budgets {
            let peak = peak_of_check(&desk, budget);
            let allowed = (budget.trim_end_matches('M').parse::<u64>().unwrap() + 128) << 10;
            noted(&format!("{size} transactions, --memory {budget}: peak {} MiB", peak >> 10));
            assert!(peak <= allowed, "{size} transactions with --memory {budget}: {peak} KiB of {allowed}");
        }
    }
}

#[test]
fn memory_is_a_size_that_suffices() {
    let desk = Desk::with("a.json", "[]");
    for (words, part) in [("12", "at least 1M"), ("much", "give bytes"), ("0", "no size")] {
        let ended = desk.check(&["--memory", words]);
        assert_eq!(ended.code, Some(2), "{}", ended.err);
        assert!(ended.err.contains(part), "{}", ended.err);
    }
}
