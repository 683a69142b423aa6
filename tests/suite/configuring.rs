//! Each setting in `avstem.toml` changes the run as documented.

use crate::accepting::OVER;
use crate::support::{Desk, Ended};

fn desk(configuration: &str) -> (Desk, Ended) {
    let desk = Desk::with("over.json", OVER);
    std::fs::write(desk.path().join("avstem.toml"), configuration).unwrap();
    let ended = desk.check(&["--quiet"]);
    (desk, ended)
}

/// Returns the exit code, and severity and rule of each finding.
fn found(configuration: &str) -> (Option<i32>, Vec<String>) {
    let (desk, ended) = desk(configuration);
    let rows = desk.rows("exceptions.csv");
    (ended.code, rows.iter().map(|row| format!("{} {}", row["severity"], row["rule"])).collect())
}

#[test]
fn rules_speak_as_they_are_told() {
    let over = |severity: &str| vec![format!("{severity} AV101")];
    assert_eq!(found(""), (Some(1), over("error")));
    assert_eq!(found("[rules]\nover-captured = \"warning\""), (Some(0), over("warning")));
    assert_eq!(found("fail_on = \"warning\"\n[rules]\nAV101 = \"warning\""), (Some(1), over("warning")));
    assert_eq!(found("fail_on = \"never\""), (Some(0), over("error")));
    assert_eq!(found("[rules]\nAV101 = \"off\""), (Some(0), vec![]));
}

#[test]
fn a_tolerance_is_the_last_amount_that_is_fine() {
    assert_eq!(found("[tolerance]\nAV101 = 10"), (Some(0), vec![]));
    assert_eq!(found("[tolerance]\nover-captured = 9").0, Some(1));
}

#[test]
fn the_run_is_judged_at_the_instant_that_the_file_names() {
    let (desk, _) = desk("as_of = \"2026-11-20\"");
    assert_eq!(desk.json("summary.json")["as_of"], "2026-11-20T23:59:59.999999999Z");
}

#[test]
fn days_are_those_of_the_time_zone() {
    let late = OVER.replace("2026-11-01T11:00:00Z", "2026-11-01T23:30:00Z");
    let captured_on = |configuration: &str| {
        let desk = Desk::with("over.json", &late);
        std::fs::write(desk.path().join("avstem.toml"), configuration).unwrap();
        desk.check(&["--quiet"]);
        let rows = desk.rows("rollforward.csv");
        let row = rows.iter().find(|row| row["captured_minor"] == "110").expect("a day of the capture");
        row["day"].clone()
    };
    assert_eq!(captured_on(""), "2026-11-01");
    assert_eq!(captured_on("time_zone = \"Europe/Oslo\""), "2026-11-02");
}

#[test]
fn rejects_are_allowed_up_to_a_number() {
    let under = |configuration: &str| {
        let desk = Desk::with("lines.ndjson", "{\"nothing\":\"known\"}\n{\"nothing\":\"more\"}\n");
        std::fs::write(desk.path().join("avstem.toml"), configuration).unwrap();
        desk.check(&["--quiet"]).code
    };
    assert_eq!((under("max_rejects = 1"), under("max_rejects = 2")), (Some(3), Some(0)));
}

#[test]
fn windows_are_as_long_as_they_are_set() {
    let open = r#"{"id":"P12345678.open","amount":100,"currency":"NOK","status":"AUTHORIZED","payment_product_type":"vipps",
"created_at":"2026-11-01T10:00:00Z","events":[{"id":"e1","event":"AUTHORIZE","success":true,
"transaction_status":"AUTHORIZED","created_at":"2026-11-01T10:00:00Z"}]}"#;
    let stale = |windows: &str| {
        let desk = Desk::with("open.json", open);
        std::fs::write(desk.path().join("avstem.toml"), format!("as_of = \"2026-11-10T10:00:00Z\"\n{windows}"))
            .unwrap();
        desk.check(&["--quiet"]);
        desk.rows("exceptions.csv").iter().any(|row| row["rule"] == "AV410")
    };
    assert!(!stale("") && !stale("[windows.authorization]\nvipps = 9"));
    assert!(stale("[windows.authorization]\nvipps = 8"));
}
