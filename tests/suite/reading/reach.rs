//! One export that triggers every reject reason.

use std::collections::BTreeSet;

use avstem_core::model::reject::{FileReason, RecordReason};

use super::packed::zstd;
use crate::support::Desk;

/// Lines of one file; each but the first is rejected for a different reason.
const LINES: &[&str] = &[
    r#"{"id":"P12345678.good","amount":1,"currency":"NOK","events":[]}"#,
    r#"{"id":"a" "amount":1}"#,
    r#"{"id":"\ud800","amount":1,"currency":"NOK","events":[]}"#,
    r#"5"#,
    r#"{"nothing":"known"}"#,
    r#"{"id":"a","amount":1,"events":[]}"#,
    r#"{"id":"a","amount":null,"currency":"NOK","events":[]}"#,
    r#"{"id":"a","amount":"1","currency":"NOK","events":[]}"#,
    r#"{"id":"a","amount":12.5,"currency":"NOK","events":[]}"#,
    r#"{"id":"a","amount":9223372036854775808,"currency":"NOK","events":[]}"#,
    r#"{"id":"a","amount":1,"currency":"NOK","events":[],"items":[{"quantity":1e18}]}"#,
    r#"{"id":"","amount":1,"currency":"NOK","events":[]}"#,
    r#"{"id":"a","amount":1,"currency":"NOK","events":[],"created_at":"yesterday"}"#,
    r#"{"id":"a","amount":1,"amount":1,"currency":"NOK","events":[]}"#,
    r#"{"captures":[{"amount":1}]}"#,
    r#"{"id":"a","amount":1,"currency":"NOK","events":[]} and more"#,
    r#"{"id":"a","amount":1,"#,
];

/// Reasons that need a race, a lack of permission, or a failing disk: tested where files are
/// opened.
const ELSEWHERE: [FileReason; 3] = [FileReason::Permission, FileReason::IoError, FileReason::ChangedWhileReading];

#[test]
fn every_reason_is_met() {
    let desk = Desk::new();
    let deep = format!("{{\"id\":\"a\",\"x\":{}{}}}", "[".repeat(200), "]".repeat(200));
    let large = format!("{{\"id\":\"a\",\"x\":\"{}\"}}", "x".repeat(9000));
    let good = zstd(LINES[0].as_bytes());
    desk.put("lines.ndjson", [LINES.join("\n"), deep, large].join("\n"));
    desk.put("empty.json", "");
    desk.put("wide.json", b"\xff\xfe{\0}\0");
    desk.put("page.json", "<html></html>");
    desk.put("link.json", r#"{"url":"https://example.com/report"}"#);
    desk.put("broken.json", r#"[{"id":"a"}"#);
    desk.put("more.json", "[] and more");
    desk.put("cut.zst", &good[..good.len() - 3]);
    desk.put("damaged.zst", [&good[..good.len() - 1], &[good[good.len() - 1] ^ 1]].concat());
    desk.put("bomb.zst", zstd(&vec![b' '; 66 << 20]));
    desk.put("window.zst", [&b"\x28\xb5\x2f\xfd\x00\x90"[..], &good[6..]].concat());
    let socket = std::os::unix::net::UnixListener::bind(desk.path().join("in/socket.json")).unwrap();
    let ended = desk.check(&["not/there.json", "--max-record", "8K", "--quiet"]);
    drop(socket);
    assert_eq!(ended.code, Some(3), "{}", ended.err);
    let met: BTreeSet<String> = desk.rows("rejects.csv").iter().map(|row| row["reason_code"].clone()).collect();
    let records = RecordReason::ALL.iter().map(|reason| reason.code());
    let files = FileReason::ALL.iter().filter(|reason| !ELSEWHERE.contains(reason)).map(|reason| reason.code());
    let missing: Vec<&str> = records.chain(files).filter(|code| !met.contains(*code)).collect();
    assert!(missing.is_empty(), "never met: {missing:?}");
}
