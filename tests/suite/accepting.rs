//! Accepted findings are listed and counted, but do not fail the run; once expired or exceeded they
//! do.

use crate::support::Desk;

/// Authorised 1.00, captured 1.10: one finding with a difference of 10 minor units.
pub const OVER: &str = r#"{"id":"P12345678.over","amount":100,"currency":"NOK","status":"CAPTURED","merchant_reference":"order-7",
"payment_product_type":"vipps","created_at":"2026-11-01T10:00:00Z","updated_at":"2026-11-01T12:00:00Z","events":[
{"id":"e1","event":"AUTHORIZE","success":true,"transaction_status":"AUTHORIZED","created_at":"2026-11-01T10:00:00Z"},
{"id":"e2","event":"CAPTURE","success":true,"amount":110,"transaction_status":"CAPTURED","created_at":"2026-11-01T11:00:00Z"}]}"#;

/// Returns the exit code and the `accepted` column of the one finding, for an entry of the
/// configuration.
fn under(entry: &str) -> (Option<i32>, String) {
    let desk = Desk::with("over.json", OVER);
    std::fs::write(desk.path().join("avstem.toml"), entry).unwrap();
    let ended = desk.check(&["--quiet"]);
    let rows = desk.rows("exceptions.csv");
    assert_eq!(rows.len(), 1, "{entry}: {rows:?} {}", ended.err);
    let counted = desk.json("summary.json")["findings"]["accepted"] == 1;
    assert_eq!(counted, rows[0]["accepted"] == "true", "{entry}");
    (ended.code, rows[0]["accepted"].clone())
}

fn entry(lines: &[&str]) -> String {
    format!("[acceptance]\nrequire = []\n[[accept]]\n{}\n", lines.join("\n"))
}

#[test]
fn what_is_accepted_does_not_fail_the_run() {
    let desk = Desk::with("over.json", OVER);
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    let exception = format!("exception = \"{}\"", desk.rows("exceptions.csv")[0]["exception_id"]);
    for lines in [
        &["rule = \"AV101\"", "id = \"P12345678.over\""][..],
        &["rule = \"over-captured\"", "merchant_reference = \"order-7\""],
        &[exception.as_str()],
        &["rule = \"AV101\"", "id = \"P12345678.over\"", "max_amount = 10", "expires = \"2026-11-01\""],
    ] {
        assert_eq!(under(&entry(lines)), (Some(0), "true".to_owned()), "{lines:?}");
    }
}

#[test]
fn what_is_not_meant_expired_or_exceeded_still_fails_it() {
    for lines in [
        &["rule = \"AV102\"", "id = \"P12345678.over\""][..],
        &["rule = \"AV101\"", "id = \"P12345678.other\""],
        &["rule = \"AV101\"", "merchant_reference = \"order-8\""],
        &["exception = \"0123456789abcdef\""],
        &["rule = \"AV101\"", "id = \"P12345678.over\"", "max_amount = 9"],
        &["rule = \"AV101\"", "id = \"P12345678.over\"", "expires = \"2026-10-31\""],
    ] {
        assert_eq!(under(&entry(lines)), (Some(1), "false".to_owned()), "{lines:?}");
    }
}
