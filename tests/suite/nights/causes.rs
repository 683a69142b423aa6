//! Findings with one cause share a root, and explained plus unexplained amounts equal the
//! difference.

use serde_json::{Value, json};

use crate::support::{Desk, Row, root, rows};

fn event(kind: &str, amount: i64, status: &str, minute: u32, more: Value) -> Value {
    let mut event = json!({
        "id": format!("e{minute}"), "event": kind, "success": true, "transaction_status": status, "amount": amount,
        "created_at": format!("2026-11-01T10:{minute:02}:00Z"),
    });
    event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    event
}

/// The exceptions of one payment of 1.00.
fn found(status: &str, events: &[Value], more: Value) -> Vec<Row> {
    let mut payment = json!({
        "id": "P12345678.x", "amount": 100, "currency": "NOK", "status": status, "payment_product_type": "vipps",
        "created_at": "2026-11-01T10:00:00Z", "events": events,
    });
    payment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let desk = Desk::with("x.json", payment.to_string());
    desk.check(&["--quiet", "--fail-on", "never"]);
    let rows = desk.rows("exceptions.csv");
    assert_eq!(desk.json("summary.json")["findings"]["roots"], roots(&rows));
    rows
}

fn roots(rows: &[Row]) -> usize {
    rows.iter().filter(|row| row["root"] == row["exception_id"]).count()
}

/// Asserts that exactly these rules fired, all with this cause and the root of the first.
fn one_cause(rows: &[Row], cause: &str, rules: &[&str]) {
    let mut fired: Vec<&str> = rows.iter().map(|row| row["rule"].as_str()).collect();
    fired.sort_unstable();
    let mut wanted = rules.to_vec();
    wanted.sort_unstable();
    assert_eq!(fired, wanted, "{rows:#?}");
    let root = rows.iter().find(|row| row["rule"] == rules[0]).unwrap();
    for row in rows {
        assert_eq!((row["cause"].as_str(), &row["root"]), (cause, &root["exception_id"]), "{row:#?}");
    }
    laws(rows);
}

/// What holds for every report.
fn laws(rows: &[Row]) {
    for row in rows {
        let number = |column: &str| row[column].parse::<i128>().ok();
        let parts = number("explained_minor").zip(number("unexplained_minor")).map(|(a, b)| a + b);
        assert_eq!(parts, number("delta_minor"), "{row:#?}");
        let root = rows.iter().find(|other| other["exception_id"] == row["root"]).expect("the root is in the report");
        assert_eq!(root["root"], root["exception_id"], "a root explains itself");
        assert_eq!(root["cause"], row["cause"]);
    }
}

#[test]
fn an_event_that_is_there_twice() {
    let capture = |minute| event("CAPTURE", 100, "CAPTURED", minute, json!({"id": "same"}));
    let authorize = event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({}));
    let rows = found("CAPTURED", &[authorize, capture(2), capture(3)], json!({}));
    one_cause(&rows, "duplicate_event", &["AV110", "AV101"]);
    assert!(rows.iter().all(|row| row["unexplained_minor"] == "0"));
}

#[test]
fn what_a_duplicate_does_not_explain_stays_unexplained() {
    let capture = |minute, amount: i64| event("CAPTURE", amount, "CAPTURED", minute, json!({"id": "same"}));
    let rows = found(
        "CAPTURED",
        &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture(2, 130), capture(3, 130)],
        json!({}),
    );
    let over = rows.iter().find(|row| row["rule"] == "AV101").unwrap();
    assert_eq!((over["explained_minor"].as_str(), over["unexplained_minor"].as_str()), ("130", "30"), "{over:#?}");
    laws(&rows);
}

#[test]
fn a_failed_event_that_the_status_counts() {
    let failed = event("CAPTURE", 100, "CAPTURED", 2, json!({"success": false}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), failed], json!({}));
    one_cause(&rows, "failed_event_counted", &["AV409", "AV401", "AV402"]);
}

#[test]
fn a_capture_that_is_missing() {
    let capture = event("CAPTURE", 60, "CAPTURED", 2, json!({}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], json!({}));
    one_cause(&rows, "missing_event", &["AV401", "AV403"]);
}

#[test]
fn a_wrong_sign() {
    let capture = event("CAPTURE", -100, "CAPTURED", 2, json!({}));
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], json!({}));
    assert!(rows.iter().any(|row| row["rule"] == "AV108" && row["cause"] == "sign"), "{rows:#?}");
    assert_eq!(roots(&rows), 1, "{rows:#?}");
    laws(&rows);
}

#[test]
fn an_item_on_another_line() {
    let items = json!({"items": [{"line_id": "1", "amount": 60}, {"line_id": "9", "amount": 40}]});
    let capture = event("CAPTURE", 100, "CAPTURED", 2, items);
    let own = json!({"items": [{"line_id": "1", "amount": 60}, {"line_id": "2", "amount": 40}]});
    let rows = found("CAPTURED", &[event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})), capture], own);
    one_cause(&rows, "wrong_line", &["AV204"]);
}

#[test]
fn a_refund_to_another_seller() {
    let splits = |a: i64, b: i64| json!({"splits": [{"payout_destination_id": "a", "amount": a}, {"payout_destination_id": "b", "amount": b}]});
    let events = [
        event("AUTHORIZE", 100, "AUTHORIZED", 1, json!({})),
        event("CAPTURE", 100, "CAPTURED", 2, splits(30, 70)),
        event(
            "REFUND",
            50,
            "PARTIALLY_REFUNDED",
            40,
            json!({"splits": [{"payout_destination_id": "a", "amount": 50}]}),
        ),
    ];
    let rows = found("PARTIALLY_REFUNDED", &events, json!({}));
    laws(&rows);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    // 50 went to a seller who had 30; no single split equals the excess of 20, so no cause is
    // proved.
    assert_eq!(rows[0]["cause"], "");
}

#[test]
fn every_report_keeps_the_laws() {
    let desk = Desk::new();
    let export = root().join("samples/export");
    let words = ["check", export.to_str().unwrap(), "--out", "run", "--quiet", "--fail-on", "never"];
    assert_eq!(desk.avstem(&words).code, Some(0));
    laws(&desk.rows("exceptions.csv"));
    let made = desk.avstem(&["generate", "--transactions", "600", "--seed", "5", "--faults", "0.5", "--out", "world"]);
    assert_eq!(made.code, Some(0));
    desk.avstem(&["check", "world/export", "--out", "faulty", "--quiet", "--fail-on", "never"]);
    let text = std::fs::read_to_string(desk.path().join("faulty/exceptions.csv")).unwrap();
    let rows = rows(&text);
    laws(&rows);
    let with_cause = rows.iter().filter(|row| !row["cause"].is_empty()).count();
    assert!(with_cause > 10 && roots(&rows) < rows.len(), "{with_cause} of {}", rows.len());
}

/// The exceptions over documents of several kinds.
fn across(documents: &[(&str, Value)]) -> Vec<Row> {
    let desk = Desk::new();
    for (name, document) in documents {
        desk.put(name, document.to_string());
    }
    desk.check(&["--quiet", "--fail-on", "never", "--as-of", "2026-11-05"]);
    let rows = desk.rows("exceptions.csv");
    assert_eq!(desk.json("summary.json")["findings"]["roots"], roots(&rows));
    laws(&rows);
    rows
}

fn payment(status: &str, events: &[Value], more: Value) -> Value {
    let mut payment = json!({
        "id": "P12345678.x", "amount": 200, "currency": "NOK", "status": status, "payment_product_type": "vipps",
        "created_at": "2026-11-01T10:00:00Z", "events": events,
    });
    payment.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    payment
}

fn order(captures: &[i64]) -> Value {
    let captures: Vec<Value> = (1..)
        .zip(captures)
        .map(|(n, amount)| {
            json!({"id": format!("c{n}"), "amount": amount, "processed_at": format!("2026-11-02T1{n}:00:00Z"),
                   "payment_details": {"payment_id": "P12345678.x"}})
        })
        .collect();
    json!({
        "order_id": "o1", "currency": "NOK", "created_at": "2026-11-01T10:00:00Z",
        "authorizations": [{"id": "a1", "amount": 200, "processed_at": "2026-11-01T10:00:00Z", "payment_details": {"payment_id": "P12345678.x"}}],
        "captures": captures,
    })
}

/// A report with one line per amount; `paid` is the amount in its header.
fn report(paid: i64, lines: &[i64]) -> Value {
    let lines: Vec<Value> = lines
        .iter()
        .map(|amount| json!({"transaction_id": "P12345678.x", "capture": amount, "refund": 0, "fee": 0, "amount": amount}))
        .collect();
    json!({"dintero_settlement_id": "s1", "id": "s1", "currency": "NOK", "amount": paid, "capture": paid, "refund": 0, "fee": 0, "transactions": lines})
}

fn rule<'r>(rows: &'r [Row], rule: &str) -> &'r Row {
    rows.iter().find(|row| row["rule"] == rule).unwrap_or_else(|| panic!("{rule} did not fire: {rows:#?}"))
}

#[test]
fn a_double_capture_explains_what_the_order_and_the_report_say_of_it() {
    let capture = |minute| event("CAPTURE", 100, "PARTIALLY_CAPTURED", minute, json!({"id": "same"}));
    let authorize = event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({}));
    let twice =
        payment("PARTIALLY_CAPTURED", &[authorize, capture(2), capture(3)], json!({"settlement_status": "SETTLED"}));
    let rows = across(&[("p.json", twice), ("o.json", order(&[100])), ("s.json", report(100, &[100]))]);
    for found in ["AV110", "AV501", "AV704"] {
        let row = rule(&rows, found);
        assert_eq!((row["cause"].as_str(), &row["root"]), ("duplicate_event", &rule(&rows, "AV110")["exception_id"]));
        assert_eq!(
            row["unexplained_minor"].trim_start_matches('-'),
            if row["delta_minor"].is_empty() { "" } else { "0" }
        );
    }
    assert_eq!(roots(&rows), 1, "{rows:#?}");
}

#[test]
fn what_the_double_capture_leaves_of_a_difference_is_not_explained() {
    let capture = |minute| event("CAPTURE", 100, "PARTIALLY_CAPTURED", minute, json!({"id": "same"}));
    let twice = payment(
        "PARTIALLY_CAPTURED",
        &[event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})), capture(2), capture(3)],
        json!({}),
    );
    let rows = across(&[("p.json", twice), ("o.json", order(&[70]))]);
    let row = rule(&rows, "AV501");
    assert_eq!(row["root"], rule(&rows, "AV110")["exception_id"]);
    assert_eq!((row["explained_minor"].as_str(), row["unexplained_minor"].as_str()), ("-100", "-30"));
    // No finding on the payment explains the difference: it is its own root.
    let whole = payment(
        "PARTIALLY_CAPTURED",
        &[
            event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})),
            event("CAPTURE", 100, "PARTIALLY_CAPTURED", 2, json!({})),
        ],
        json!({}),
    );
    let rows = across(&[("p.json", whole), ("o.json", order(&[70]))]);
    let row = rule(&rows, "AV501");
    assert_eq!((&row["root"], row["cause"].as_str()), (&row["exception_id"], ""));
}

#[test]
fn a_double_capture_of_the_order_explains_the_order_s_difference() {
    let whole = payment(
        "CAPTURED",
        &[event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})), event("CAPTURE", 200, "CAPTURED", 2, json!({}))],
        json!({}),
    );
    // Two captures of the same amount within a minute.
    let mut order = order(&[200, 200]);
    order["captures"][1]["processed_at"] = "2026-11-02T11:01:00Z".into();
    let rows = across(&[("p.json", whole), ("o.json", order)]);
    let (double, across) = (rule(&rows, "AV111"), rule(&rows, "AV501"));
    assert_eq!((across["cause"].as_str(), &across["root"]), ("duplicate_event", &double["exception_id"]), "{rows:#?}");
    assert_eq!(across["unexplained_minor"], "0");
}

#[test]
fn a_capture_that_the_order_and_the_report_have_is_missing_on_the_payment() {
    let short = |settled: &str| {
        payment(
            "PARTIALLY_CAPTURED",
            &[
                event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})),
                event("CAPTURE", 100, "PARTIALLY_CAPTURED", 2, json!({})),
            ],
            json!({"settlement_status": settled}),
        )
    };
    let rows =
        across(&[("p.json", short("SETTLED")), ("o.json", order(&[100, 60])), ("s.json", report(160, &[100, 60]))]);
    let (order_s, report_s) = (rule(&rows, "AV501"), rule(&rows, "AV704"));
    assert_eq!((&order_s["root"], &report_s["root"]), (&report_s["exception_id"], &report_s["exception_id"]));
    assert_eq!((order_s["cause"].as_str(), order_s["explained_minor"].as_str()), ("missing_event", "60"));
    // The order and the report disagree: each is its own root.
    let rows =
        across(&[("p.json", short("SETTLED")), ("o.json", order(&[100, 50])), ("s.json", report(160, &[100, 60]))]);
    for found in ["AV501", "AV704"] {
        let row = rule(&rows, found);
        assert_eq!((&row["root"], row["cause"].as_str()), (&row["exception_id"], ""));
    }
}

#[test]
fn a_line_that_a_report_has_twice_explains_the_report_and_the_payment() {
    let whole = payment(
        "PARTIALLY_CAPTURED",
        &[
            event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})),
            event("CAPTURE", 100, "PARTIALLY_CAPTURED", 2, json!({})),
        ],
        json!({"settlement_status": "SETTLED"}),
    );
    let rows = across(&[("p.json", whole.clone()), ("s.json", report(100, &[100, 100]))]);
    let (lines, settled) = (rule(&rows, "AV702"), rule(&rows, "AV704"));
    assert_eq!((&lines["root"], &settled["root"]), (&lines["exception_id"], &lines["exception_id"]));
    assert_eq!((settled["cause"].as_str(), settled["explained_minor"].as_str()), ("duplicate_event", "100"));
    assert_eq!(lines["explained_minor"], "100");
    // Two equal lines whose sum matches the header are two captures.
    let rows = across(&[("p.json", whole.clone()), ("s.json", report(200, &[100, 100]))]);
    assert_eq!(rule(&rows, "AV704")["cause"], "");
    assert!(rows.iter().all(|row| row["rule"] != "AV702"));
    // Without the second line the report is still off, so the line explains nothing.
    let rows = across(&[("p.json", whole.clone()), ("s.json", report(130, &[100, 100]))]);
    for found in ["AV702", "AV704"] {
        assert_eq!(rule(&rows, found)["cause"], "", "{found}");
    }
    // When the transaction is unknown, AV703 on the repeated line follows from AV702 too.
    let mut other = report(100, &[100, 100]);
    other["transactions"][0]["transaction_id"] = "P12345678.gone".into();
    other["transactions"][1]["transaction_id"] = "P12345678.gone".into();
    let rows = across(&[("p.json", whole), ("s.json", other)]);
    let unknown: Vec<&Row> = rows.iter().filter(|row| row["rule"] == "AV703").collect();
    let root = &rule(&rows, "AV702")["exception_id"];
    assert_eq!(unknown.iter().filter(|row| row["root"] == *root).count(), 1, "{rows:#?}");
    assert_eq!(unknown.len(), 2);
}

#[test]
fn parts_of_one_list_that_were_rounded_each() {
    let authorize = event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({}));
    let capture = |off: i64, splits: i64| {
        let parts: Vec<Value> = (0..splits)
            .map(|n| json!({"payout_destination_id": format!("d{n}"), "amount": if n == 0 { 60 + off } else { 20 }}))
            .collect();
        let item = json!({"line_id": "1", "amount": 60 + 20 * (splits - 1), "splits": parts});
        event("CAPTURE", 60 + 20 * (splits - 1), "PARTIALLY_CAPTURED", 2, json!({"items": [item]}))
    };
    for (off, splits, cause) in [(2, 2, "rounding"), (-3, 3, "rounding"), (3, 2, ""), (1, 1, "")] {
        let rows =
            across(&[("p.json", payment("PARTIALLY_CAPTURED", &[authorize.clone(), capture(off, splits)], json!({})))]);
        assert_eq!(rule(&rows, "AV302")["cause"], cause, "{off} of {splits}");
    }
    let session = |amount: i64| {
        json!({"id": "P12345678.s", "order": {"amount": amount, "currency": "NOK", "items": [
            {"line_id": "1", "amount": 50}, {"line_id": "2", "amount": 50}]}})
    };
    for (amount, cause) in [(101, "rounding"), (98, "rounding"), (103, "")] {
        let rows = across(&[("s.json", session(amount))]);
        assert_eq!(rule(&rows, "AV601")["cause"], cause, "{amount}");
    }
}

#[test]
fn a_payment_with_two_causes_explains_nothing_elsewhere() {
    let capture =
        |id: &str, amount: i64, minute| event("CAPTURE", amount, "PARTIALLY_CAPTURED", minute, json!({"id": id}));
    let events = [
        event("AUTHORIZE", 200, "AUTHORIZED", 1, json!({})),
        capture("one", 30, 2),
        capture("one", 30, 3),
        capture("two", 50, 30),
        capture("two", 50, 31),
    ];
    let rows = across(&[("p.json", payment("PARTIALLY_CAPTURED", &events, json!({}))), ("o.json", order(&[80]))]);
    let causes = rows.iter().filter(|row| row["rule"] == "AV110" && row["cause"] == "duplicate_event").count();
    let row = rule(&rows, "AV501");
    assert_eq!((causes, row["cause"].as_str(), &row["root"]), (2, "", &row["exception_id"]), "{rows:#?}");
}
