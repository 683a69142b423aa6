//! Night after night.

use serde_json::{Value, json};

use super::{Evening, fine, lines};

/// The shop's ledger of the payment of the 12th; `captured` is what it knows to be captured.
fn order(captured: i64) -> Value {
    let operation = |id: &str, amount: i64| {
        json!({"id": id, "amount": amount, "success": true, "processed_at": "2026-11-12T15:00:00Z",
            "payment_details": {"payment_id": "P12345678.12"}, "items": [{"line_id": 1, "amount": amount}]})
    };
    json!({"order_id": "order-12", "id": "uuid-12", "currency": "NOK", "status": "processing", "payment_status": "paid",
        "gross_amount": 10_012, "items": [{"line_id": 1, "gross_amount": 10_012}],
        "created_at": "2026-11-12T09:00:00Z", "updated_at": "2026-11-12T16:00:00Z",
        "authorizations": [operation("a", 10_012)], "captures": [operation("c", captured)],
        "refunds": [], "cancellations": []})
}

fn export(evening: &Evening, until: u32, captured: i64) {
    evening.desk.put("payments.ndjson", lines(&fine(1..=until)));
    evening.desk.put("orders.ndjson", lines(&[order(captured)]));
}

#[test]
fn a_fault_comes_stays_and_is_put_right() {
    let mut evening = Evening::new();
    evening.note("The first night, without a baseline: everything balances");
    export(&evening, 17, 10_012);
    evening.avstem("check in --out runs/2026-11-17");
    evening.note("Somebody changes the capture in the shop's ledger by 20.00");
    export(&evening, 18, 8_012);
    evening.avstem("check in --out runs/2026-11-18 --baseline runs/2026-11-17");
    evening.note("Nobody has done anything about it");
    export(&evening, 19, 8_012);
    evening.avstem("check in --out runs/2026-11-19 --baseline runs/2026-11-18");
    evening.columns("runs/2026-11-19", "exceptions.csv", &["rule", "id", "change", "first_seen", "open_days"]);
    evening.note("The ledger was corrected");
    export(&evening, 20, 10_012);
    evening.avstem("check in --out runs/2026-11-20 --baseline runs/2026-11-19");
    evening.columns("runs/2026-11-20", "resolved.csv", &["rule", "id", "state", "reason", "first_seen"]);
    evening.avstem("diff runs/2026-11-19 runs/2026-11-20");
    evening.avstem("history runs");
    evening.keep("three_nights");
}

#[test]
fn the_export_is_the_first_half_of_yesterdays() {
    let mut evening = Evening::new();
    let yesterday = lines(&fine(1..=18));
    evening.desk.put("payments.ndjson", &yesterday);
    evening.avstem("check in --out runs/2026-11-18");
    evening.note("The disk of the exporting machine was full: half of yesterday's file");
    evening.desk.put("payments.ndjson", &yesterday[..yesterday.len() / 2]);
    evening.avstem("check in --out runs/2026-11-19 --baseline runs/2026-11-18");
    evening.columns("runs/2026-11-19", "rejects.csv", &["source", "line", "reason_code", "reason"]);
    evening.note("The next night it is whole again");
    evening.desk.put("payments.ndjson", lines(&fine(1..=20)));
    evening.avstem("check in --out runs/2026-11-20 --baseline runs/2026-11-19");
    evening.keep("half_export");
}

#[test]
fn a_night_is_missed() {
    let mut evening = Evening::new();
    for (night, before) in [(17, None), (18, Some(17)), (20, Some(18))] {
        evening.desk.put("payments.ndjson", lines(&fine(1..=night)));
        let baseline = before.map_or(String::new(), |before| format!(" --baseline runs/2026-11-{before}"));
        evening.avstem(&format!("check in --out runs/2026-11-{night} --quiet{baseline}"));
    }
    evening.note("The machine was off on the 19th");
    evening.avstem("history runs");
    evening.keep("missed_night");
}
