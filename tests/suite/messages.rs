//! Error messages, kept as text under `tests/messages/`.
//!
//! `AVSTEM_BLESS=1 cargo test` rewrites them; review the difference like code.

use std::fs;

use crate::support::{Desk, compare, none_of, read};

const FINE: &str = r#"{"id":"P12345678.a1","amount":0,"currency":"NOK","status":"INITIATED","events":[],"created_at":"2026-03-01T10:00:00Z"}"#;

/// Bought for 100.00, captured twice, refunded once, with hidden characters and a card number in a
/// reference.
const BROKEN: &str = r#"{"id":"P12345678.b2","amount":10000,"currency":"NOK","status":"CAPTURED",
"merchant_reference":"order 17\u001b[31m\u202e, card 4111 1111 1111 1111","created_at":"2026-03-02T10:00:00Z","session_id":"P12345678.s2",
"items":[{"line_id":"1","amount":6000,"splits":[{"payout_destination_id":"shop","amount":6000}]},
{"line_id":"2","amount":4000,"splits":[{"payout_destination_id":"mill","amount":4000}]}],
"events":[{"id":"e0","event":"INITIALIZE","created_at":"2026-03-02T10:00:00Z"},
{"id":"e1","event":"AUTHORIZE","amount":10000,"transaction_status":"AUTHORIZED","created_at":"2026-03-02T10:01:00Z"},
{"id":"e2","event":"CAPTURE","amount":6000,"created_at":"2026-03-03T09:00:00Z",
"items":[{"line_id":"1","amount":6000,"splits":[{"payout_destination_id":"shop","amount":6000}]}]},
{"id":"e3","event":"CAPTURE","success":false,"amount":4000,"created_at":"2026-03-03T09:30:00Z"},
{"id":"e4","event":"CAPTURE","amount":6000,"created_at":"2026-03-03T10:00:00Z",
"items":[{"line_id":"1","amount":6000,"splits":[{"payout_destination_id":"shop","amount":6000}]}]},
{"id":"e5","event":"REFUND","amount":1000,"created_at":"2026-03-04T10:00:00Z",
"items":[{"line_id":"1","amount":1000,"splits":[{"payout_destination_id":"shop","amount":1000}]}]}]}"#;

const SESSION: &str = r#"{"id":"P12345678.s2","transaction_id":"P12345678.b2","created_at":"2026-03-02T09:59:00Z",
"order":{"amount":10000,"currency":"NOK","items":[{"line_id":"1","amount":6000},{"line_id":"2","amount":4000}]}}"#;

fn desk() -> Desk {
    Desk::with("export.json", format!("[{FINE},{BROKEN}]"))
}

/// The command line and everything that it printed.
fn said(desk: &Desk, words: &[&str]) -> String {
    let ended = desk.avstem(words);
    let quoted = |word: &&str| if word.contains([' ', '*']) { format!("'{word}'") } else { (*word).to_owned() };
    let typed: Vec<String> = words.iter().map(quoted).collect();
    format!("$ avstem {}\n{}{}[exit {}]\n", typed.join(" "), ended.out, ended.err, ended.code.unwrap())
}

fn keep(name: &str, texts: &[String]) {
    none_of(&compare(format!("tests/messages/{name}.txt"), &texts.join("\n")).err().into_iter().collect::<Vec<_>>());
}

#[test]
fn of_wrong_words() {
    let desk = desk();
    let words: [&[&str]; 14] = [
        &["chek", "in"],
        &["check"],
        &["check", "in", "--outt", "run"],
        &["check", "in", "--fail-on", "all"],
        &["check", "in", "--as-of", "soon"],
        &["check", "in", "--jobs", "0"],
        &["check", "in", "--max-record", "big"],
        &["check", "in", "--max-rejects", "-1"],
        &["check", "in", "--csv-dialect", "excel"],
        &["explain", "over-captrued"],
        &["explain", "nothing at all like it"],
        &["completions", "dos"],
        &["man", "chek"],
        &["generate", "--transactions", "1", "--faults", "2", "--out", "world"],
    ];
    keep("usage", &words.map(|words| said(&desk, words)));
}

#[test]
fn of_a_wrong_configuration() {
    let files = [
        "as_of = \"2026-03-01\"\nfail_onn = \"error\"\n",
        "fail_on = \"bad\"\n",
        "# rules\n\n[rules]\nAV999 = \"off\"\n",
        "[rules]\nover-captrued = \"off\"\n",
        "[rules]\nover-captured = \"loud\"\n",
        "[rules]\nAV101 = \"off\"\nover-captured = \"info\"\n",
        "[tolerance]\nAV508 = -1\n",
        "[tolerance]\nAV701 = 1\n",
        "[windows]\npending = \"1 fortnight\"\n",
        "[windows.authorization]\nklarna = \"28\"\n",
        "time_zone = \"Europe/Olso\"\n",
        "max_rejects = \"many\"\n",
        "as_of = \"2026-02-30\"\n",
        "[[accept]]\nrule = \"AV101\"\n",
        "[[accept]]\nreason = \"known\"\n",
        "[[accept]]\nexception = \"12\"\n",
        "[[accept]]\nrule = \"AV101\"\nid = \"a\"\nexpires = \"soon\"\n",
        "[journal]\nbank = 1920\n",
        "[journal]\nbanc = \"1920\"\n",
        "[journal]\nclearing.klarna = \"16 86\"\n",
        "[journal.accounts.nok]\nbank = \"1920\"\n",
        "as_of = \n",
        "x = 1\nx = 2\n",
    ];
    let desk = desk();
    let mut texts = Vec::new();
    for file in files {
        fs::write(desk.path().join("own.toml"), file).unwrap();
        texts.push(said(&desk, &["check", "in", "--config", "own.toml"]));
    }
    fs::write(desk.path().join("own.toml"), b"fail_on = \"error\"\n# \xE5\n").unwrap();
    texts.push(said(&desk, &["check", "in", "--config", "own.toml"]));
    texts.push(said(&desk, &["check", "in", "--config", "gone.toml"]));
    texts.push(said(&desk, &["check", "in", "--config", "in"]));
    keep("configuration", &texts);
}

#[test]
fn of_a_folder_that_cannot_be_written() {
    let desk = desk();
    fs::create_dir(desk.path().join("mine")).unwrap();
    fs::write(desk.path().join("mine/notes.txt"), "mine").unwrap();
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    let words: [&[&str]; 6] = [
        &["check", "in", "--out", "run"],
        &["check", "in", "--out", "mine", "--force"],
        &["check", "in", "--out", "mine/notes.txt", "--force"],
        &["check", "in", "--out", "mine/notes.txt/run"],
        &["check", "in", "--out", "in"],
        &["normalize", "in", "--out", "run"],
    ];
    let mut texts = words.map(|words| said(&desk, words)).to_vec();
    assert_eq!(desk.avstem(&["check", "in", "--quiet"]).code, Some(1));
    texts.push(said(&desk, &["check", "in", "--quiet"]));
    assert_eq!(desk.avstem(&["generate", "--transactions", "1", "--out", "world"]).code, Some(0));
    texts.push(said(&desk, &["generate", "--transactions", "1", "--out", "world"]));
    keep("output", &texts);
}

#[test]
fn of_an_input_that_is_not_whole() {
    let desk = Desk::with("good.json", FINE);
    desk.put("cut.json", "[{\"id\":\"a\"}");
    desk.put("empty.json", "");
    desk.put("page.html", "<!doctype html><html></html>");
    desk.put("utf16.json", b"\xFF\xFE{\0}\0");
    desk.put("link.json", r#"{"url":"https://example.com/report"}"#);
    desk.put("table.csv", "id,amount\na,1\n");
    desk.put("half.json.gz", b"\x1F\x8B\x08\0\0\0\0\0");
    desk.put(
        "lines.ndjson",
        "{\"id\":5,\"amount\":1,\"events\":[]}\n{\"id\":\"a\",\"amount\":1.5,\"currency\":\"NOK\",\"events\":[]}\nnonsense\n\
         {\"id\":\"a\",\"amount\":1,\"currency\":\"NOK\",\"events\":[{\"event\":\"CAPTURE\",\"created_at\":\"yesterday\"}]}\n\
         {\"id\":\"a\",\"id\":\"b\",\"amount\":1,\"currency\":\"NOK\",\"events\":[]}\n{\"hello\":\"world\"}\n",
    );
    let mut texts = vec![said(&desk, &["check", "in", "gone.json", "--out", "run"])];
    texts.push(said(&desk, &["show", "P12345678.a1", "in"]));
    texts.push(format!("$ cat run/rejects.csv\n{}", desk.text("rejects.csv")));
    fs::create_dir(desk.path().join("nothing")).unwrap();
    texts.push(said(&desk, &["check", "nothing", "--out", "none"]));
    texts.push(said(&desk, &["check", "in/good.json", "--out", "fine", "--allow-empty"]));
    keep("input", &texts);
}

#[cfg(feature = "query")]
#[test]
fn of_what_a_run_is_asked() {
    let desk = desk();
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    fs::write(desk.path().join("answer.csv"), "mine").unwrap();
    let words: [&[&str]; 11] = [
        &[
            "query",
            "run",
            "SELECT rule, currency, count(*) AS n, sum(delta_minor) AS off FROM exceptions GROUP BY rule, currency ORDER BY rule",
        ],
        &["query", "run"],
        &["query", "run", "SELECT * FROM events"],
        &["query", "run", "SELECT ammount FROM exceptions"],
        &["query", "run", "SELEC"],
        &["query", "run", "SELECT 1; SELECT 2"],
        &["query", "run", "DELETE FROM exceptions"],
        &["query", "run", "SELECT max(id), min(id) FROM balances"],
        &["query", "gone", "SELECT 1"],
        &["query", "run", "SELECT 1", "--out", "answer.csv"],
        &["query", "run", "SELECT 1", "--out", "run/answer.csv"],
    ];
    keep("query", &words.map(|words| said(&desk, words)));
}

#[test]
fn of_runs_that_are_not_what_they_should_be() {
    let desk = desk();
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    fs::create_dir(desk.path().join("empty")).unwrap();
    let out: [&[&str]; 12] = [
        &["verify", "gone"],
        &["verify", "empty"],
        &["show", "P12345678.b2", "--run", "gone"],
        &["show", "P12345678.b2", "--run", "run"],
        &["show", "P12345678.b2"],
        &["diff", "run", "gone"],
        &["history", "empty"],
        &["accept", "run", "0123456789abcdef", "--reason", "r", "--owner", "o", "--expires", "2026-12-31"],
        &["accept", "run", "0123456789abcdef", "--reason", "r", "--owner", "o", "--expires", "soon"],
        &["check", "in", "--out", "next", "--baseline", "empty"],
        &["verify", "run", "in"],
        &["verify", "run"],
    ];
    let mut texts: Vec<String> = out.iter().map(|words| said(&desk, words)).collect();
    fs::write(desk.path().join("run/rejects.csv"), "changed").unwrap();
    let changed: [&[&str]; 2] = [&["verify", "run"], &["check", "in", "--out", "next", "--baseline", "run"]];
    texts.extend(changed.iter().map(|words| said(&desk, words)));
    keep("runs", &texts);
}

#[test]
fn of_a_journal() {
    let desk = Desk::with("a.json", read("tests/rules/settlement-unbalanced/clean.json"));
    desk.put(
        "b.json",
        r#"{"dintero_settlement_id":"S1","currency":"SEK","settlement_date":"2026-10-05","amount":90,"capture":100,"refund":0,"fee":-5}"#,
    );
    assert_eq!(desk.check(&["--quiet", "--fail-on", "never"]).code, Some(0));
    let file = "[journal]\nbank = \"1920\"\nclearing = \"1902\"\nfee = \"6570\"\n";
    fs::write(desk.path().join("avstem.toml"), file).unwrap();
    let out: [&[&str]; 6] = [
        &["journal", "run"],
        &["journal", "run", "--format", "csv"],
        &["journal", "run", "--format", "sie4", "--all"],
        &["journal", "run", "--format", "sie4", "--all", "--currency", "SEK"],
        &["journal", "run", "--format", "csv", "--out", "run/journal.csv"],
        &["journal", "gone", "--format", "csv"],
    ];
    let mut texts = out.map(|words| said(&desk, words)).to_vec();
    desk.put("a.json", FINE);
    fs::remove_file(desk.inputs().join("b.json")).unwrap();
    assert_eq!(desk.check(&["--quiet"]).code, Some(0));
    texts.push(said(&desk, &["journal", "run", "--format", "csv"]));
    fs::write(desk.path().join("run/rejects.csv"), "changed").unwrap();
    texts.push(said(&desk, &["journal", "run", "--format", "csv"]));
    keep("journal", &texts);
}

#[test]
fn of_one_document() {
    let desk = desk();
    desk.put("orders/o-1.json", SESSION);
    desk.put("again.json", FINE);
    desk.put(
        "orders/o1.json",
        r#"{"order_id":"o1","currency":"NOK","status":"ACTIVE","created_at":"2026-03-02T10:00:00Z",
"authorizations":[{"id":"a1","amount":10000,"processed_at":"2026-03-02T10:01:00Z","items":[{"line_id":"1","amount":10000}]}],
"cancellations":[{"id":"x1","amount":4000,"processed_at":"2026-03-05T10:00:00Z","items":[{"line_id":"1","amount":4000}]}]}"#,
    );
    desk.put(
        "orders/o1/captures.json",
        r#"{"captures":[{"id":"c1","amount":7000,"processed_at":"2026-03-03T10:00:00Z",
"payment_details":{"payment_id":"P12345678.b2"},"items":[{"line_id":"1","amount":7000}]}]}"#,
    );
    desk.put("hook.json", r#"{"event":"capture","transaction":{"id":"P12345678.c3","amount":100,"currency":"NOK"}}"#);
    let words: [&[&str]; 9] = [
        &["show", "P12345678.b2", "in"],
        &["show", "P12345678.b2", "in", "--story"],
        &["show", "P12345678.s2", "in"],
        &["show", "P12345678.a1", "in"],
        &["show", "o1", "in"],
        &["show", "P12345678.c3", "in"],
        &["show", "P12345678.a1", "in", "--story"],
        &["show", "P12345678.b3", "in"],
        &["show", "something else", "in"],
    ];
    keep("show", &words.map(|words| said(&desk, words)));
    let json = desk.avstem(&["show", "P12345678.b2", "in", "--format", "json"]);
    assert_eq!((json.code, json.err.as_str()), (Some(0), ""));
    assert!(serde_json::from_str::<serde_json::Value>(&json.out).is_ok());
    none_of(&compare("tests/messages/show.json", &json.out).err().into_iter().collect::<Vec<_>>());
}
