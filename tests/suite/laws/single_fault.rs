//! Law 5: one fault causes one finding, by its rule, at its place.

use std::collections::BTreeSet;

use avstem_worlds::colliding::{ExportFile, Framing};
use serde_json::{Value, json};

use super::{assert_tied, run};

/// A shop where all documents agree.
struct Shop {
    /// Paid for `o1`, settled, bought in the session.
    t1: Value,
    /// Split between sellers; linked to nothing.
    t2: Value,
    /// Paid by `t1`.
    o1: Value,
    /// Linked to nothing.
    o2: Value,
    s1: Value,
    e1: Value,
    more: Vec<Value>,
}

fn at(day: u32) -> String {
    format!("2026-01-{day:02}T12:00:00Z")
}

fn event(kind: &str, day: u32, amount: i64, status: &str) -> Value {
    json!({"event": kind, "amount": amount, "created_at": at(day), "success": true, "transaction_status": status})
}

fn operation(id: &str, day: u32, amount: i64) -> Value {
    json!({"id": id, "amount": amount, "processed_at": at(day), "success": true})
}

fn with(mut value: Value, members: Value) -> Value {
    if let (Value::Object(all), Value::Object(more)) = (&mut value, members) {
        all.extend(more);
    }
    value
}

fn used(id: &str, day: u32, amount: i64, by: &str) -> Value {
    with(operation(id, day, amount), json!({"authorization_id": by}))
}

fn split_transaction() -> Value {
    let line =
        |line: &str, amount: i64, quantity: i64| json!({"line_id": line, "amount": amount, "quantity": quantity});
    let splits = |p: i64, q: i64| json!([{"payout_destination_id": "p", "amount": p}, {"payout_destination_id": "q", "amount": q}]);
    let part = |id: &str, event: Value, item: Value, splits: Value| {
        with(event, json!({"id": id, "items": [item], "splits": splits}))
    };
    json!({
        "id": "t2", "amount": 1000, "currency": "NOK", "status": "PARTIALLY_REFUNDED",
        "payment_product_type": "payex.creditcard", "merchant_reference": "m", "created_at": at(2),
        "items": [line("1", 600, 2), line("2", 400, 1)],
        "events": [
            event("AUTHORIZE", 2, 1000, "AUTHORIZED"),
            part("v1", event("CAPTURE", 3, 600, "PARTIALLY_CAPTURED"), line("1", 600, 2), splits(500, 100)),
            part("v2", event("CAPTURE", 4, 400, "CAPTURED"), line("2", 400, 1), splits(300, 100)),
            part("v3", event("REFUND", 5, 100, "PARTIALLY_REFUNDED"), line("1", 100, 0), splits(100, 0)),
        ],
    })
}

impl Shop {
    fn new() -> Shop {
        let paid_by = |operation: Value| with(operation, json!({"payment_details": {"payment_id": "t1"}}));
        Shop {
            t1: json!({
                "id": "t1", "amount": 1000, "currency": "NOK", "status": "PARTIALLY_REFUNDED",
                "settlement_status": "SETTLED", "merchant_reference": "o1", "session_id": "s1",
                "created_at": at(1), "updated_at": at(6),
                "events": [
                    event("AUTHORIZE", 1, 1000, "AUTHORIZED"),
                    event("CAPTURE", 2, 1000, "CAPTURED"),
                    event("REFUND", 3, 100, "PARTIALLY_REFUNDED"),
                ],
            }),
            t2: split_transaction(),
            o1: json!({
                "order_id": "o1", "id": "u1", "currency": "NOK", "payment_status": "partially_refunded",
                "gross_amount": 1000, "authorizations": [operation("x1", 1, 1000)],
                "captures": [paid_by(operation("x2", 2, 600)), operation("x3", 2, 400)],
                "refunds": [operation("x4", 3, 100)], "cancellations": [],
            }),
            o2: json!({
                "order_id": "o2", "id": "u2", "currency": "NOK", "payment_status": "paid", "gross_amount": 800,
                "authorizations": [operation("y1", 1, 600), operation("y2", 1, 300)],
                "captures": [used("y3", 2, 500, "y1"), used("y4", 2, 300, "y2")],
                "cancellations": [used("y5", 3, 100, "y1")], "refunds": [],
            }),
            s1: json!({"id": "s1", "transaction_id": "t1", "order": {"amount": 1000, "currency": "NOK"}}),
            e1: json!({
                "dintero_settlement_id": "e1", "currency": "NOK", "amount": 870, "capture": 1000, "refund": 100, "fee": 30,
                "transactions": [{"transaction_id": "t1", "capture": 1000, "refund": 100, "fee": 30}],
            }),
            more: Vec::new(),
        }
    }

    /// Returns each finding once, as `AV101 transaction t1`.
    fn findings(self) -> BTreeSet<String> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut values = vec![self.t1, self.t2, self.o1, self.o2, self.s1, self.e1];
        values.extend(self.more);
        let written = ExportFile::new("shop.json", Framing::Array, values).write();
        let outcome = run(folder.path(), &[(written.name, written.text.into_bytes())]);
        assert_tied(&outcome);
        assert!(outcome.rejects.is_empty(), "{:?}", outcome.rejects);
        let told = outcome.findings.iter().map(|f| format!("{} {} {}", f.card.code, f.kind, f.id));
        told.collect()
    }
}

fn push(document: &mut Value, list: &str, value: Value) {
    document[list].as_array_mut().expect("it is a list").push(value);
}

fn undated(document: &mut Value) -> &mut Value {
    for event in document["events"].as_array_mut().expect("it is a list") {
        event["transaction_status"] = Value::Null;
    }
    document
}

type Fault = (&'static str, fn(&mut Shop), &'static [&'static str]);

const ON_TRANSACTIONS: [Fault; 29] = [
    ("captured more", |s| push(&mut s.t2, "events", capture_without_lines()), &["AV101 transaction t2"]),
    ("refunded more", over_refund, &["AV102 transaction t2"]),
    ("refunded early", early_refund, &["AV103 transaction t2", "AV411 transaction t2"]),
    ("authorised late", late_authorize, &["AV405 transaction t2", "AV411 transaction t2"]),
    ("no amount", |s| push(&mut s.t2, "events", amountless_refund()), &["AV107 transaction t2"]),
    (
        "below zero",
        |s| push(&mut s.t2, "events", json!({"event": "INITIATE_REFUND", "amount": -1, "created_at": at(6)})),
        &["AV108 transaction t2"],
    ),
    ("event twice", |s| s.t2["events"][2]["id"] = json!("v1"), &["AV110 transaction t2"]),
    ("items of an event", |s| s.t2["events"][1]["items"][0]["amount"] = json!(500), &["AV201 transaction t2"]),
    (
        "line captured twice",
        |s| s.t2["events"][1]["items"] = json!([{"line_id": "1", "amount": 700, "quantity": 2}, {"amount": -100}]),
        &["AV202 transaction t2"],
    ),
    (
        "line refunded twice",
        |s| s.t2["events"][3]["items"] = json!([{"line_id": "2", "amount": 500}, {"amount": -400}]),
        &["AV203 transaction t2"],
    ),
    ("line unknown", |s| s.t2["events"][2]["items"][0]["line_id"] = json!("9"), &["AV204 transaction t2"]),
    ("items of a transaction", |s| s.t2["items"][0]["amount"] = json!(601), &["AV205 transaction t2"]),
    (
        "line twice",
        |s| push(&mut s.t2, "items", json!({"line_id": 1, "amount": 0, "quantity": 0})),
        &["AV207 transaction t2"],
    ),
    ("too many pieces", |s| s.t2["events"][1]["items"][0]["quantity"] = json!("2.5"), &["AV208 transaction t2"]),
    ("splits of an event", |s| s.t2["events"][1]["splits"][0]["amount"] = json!(499), &["AV301 transaction t2"]),
    (
        "splits of an item",
        |s| s.t2["items"][0]["splits"] = json!([{"payout_destination_id": "p", "amount": 1}]),
        &["AV302 transaction t2"],
    ),
    (
        "fee to a stranger",
        |s| s.t2["events"][1]["fee_split"] = json!({"destinations": ["z"]}),
        &["AV304 transaction t2"],
    ),
    ("no splits", |s| s.t2["events"][2]["splits"] = json!([]), &["AV305 transaction t2"]),
    (
        "split twice",
        |s| push(&mut s.t2["events"][1], "splits", json!({"payout_destination_id": "p", "amount": 0})),
        &["AV306 transaction t2"],
    ),
    (
        "split below zero",
        |s| {
            s.t2["events"][1]["splits"] =
                json!([{"payout_destination_id": "p", "amount": 700}, {"payout_destination_id": "q", "amount": -100}])
        },
        &["AV307 transaction t2"],
    ),
    ("no seller", |s| s.t2["platform_type"] = json!("aggregator"), &["AV308 transaction t2"]),
    ("status", |s| s.t2["status"] = json!("CAPTURED"), &["AV401 transaction t2", "AV402 transaction t2"]),
    ("status of an event", |s| s.t2["events"][1]["transaction_status"] = json!("CAPTURED"), &["AV403 transaction t2"]),
    ("status unknown", |s| s.t2["status"] = json!("PENDING"), &["AV412 transaction t2"]),
    (
        "failed at last",
        |s| push(&mut s.t2, "events", json!({"event": "REFUND", "amount": 5, "success": false, "created_at": at(6)})),
        &["AV409 transaction t2"],
    ),
    (
        "event unknown",
        |s| push(&mut s.t2, "events", json!({"event": "CHARGEBACK", "created_at": at(6)})),
        &["AV413 transaction t2"],
    ),
    (
        "correction",
        |s| s.t2["events"][2]["correction"] = json!({"remaining_refund_amount": 999}),
        &["AV414 transaction t2"],
    ),
    ("currency", |s| s.t2["currency"] = json!("NKR"), &["AV004 transaction t2"]),
    (
        "discount",
        |s| s.t2["items"][0] = json!({"line_id": "1", "amount": 600, "quantity": 2, "gross_amount": 700, "discount_lines": [{"amount": 90}]}),
        &["AV602 transaction t2"],
    ),
];

const ELSEWHERE: [Fault; 20] = [
    ("released more", |s| s.o2["cancellations"][0]["amount"] = json!(101), &["AV104 order o2"]),
    (
        "one authorisation",
        |s| s.o2["captures"] = json!([used("y3", 2, 400, "y1"), used("y4", 3, 400, "y2")]),
        &["AV512 order o2"],
    ),
    ("authorisation unknown", |s| s.o2["captures"][0]["authorization_id"] = json!("y9"), &["AV511 order o2"]),
    ("payment status", |s| s.o2["payment_status"] = json!("pending"), &["AV605 order o2"]),
    ("no currency", |s| s.o2["currency"] = Value::Null, &["AV004 order o2"]),
    ("order captured less", |s| s.o1["captures"][1]["amount"] = json!(399), &["AV501 order o1"]),
    ("order refunded less", |s| s.o1["refunds"][0]["amount"] = json!(99), &["AV502 order o1"]),
    ("currencies", |s| s.o1["currency"] = json!("SEK"), &["AV504 order o1"]),
    (
        "no such payment",
        |s| {
            push(
                &mut s.o2,
                "refunds",
                json!({"id": "y6", "success": false, "amount": 0, "payment_details": {"payment_id": "t9"}, "authorization_id": "y1"}),
            )
        },
        &["AV409 order o2", "AV505 order o2"],
    ),
    ("cancelled session", |s| s.s1["cancelled_at"] = json!(at(2)), &["AV506 session s1"]),
    ("session amount", |s| s.s1["order"]["amount"] = json!(1001), &["AV508 session s1"]),
    ("session items", |s| s.s1["order"]["items"] = json!([{"line_id": "1", "amount": 900}]), &["AV601 session s1"]),
    ("another session", |s| s.t1["session_id"] = json!("s2"), &["AV509 session s1"]),
    ("paid twice", |s| s.t2["merchant_reference"] = json!("o1"), &["AV510 transaction t2"]),
    ("payout header", |s| s.e1["amount"] = json!(871), &["AV701 settlement e1", "AV702 settlement e1"]),
    ("payout unknown", |s| push(&mut s.e1, "transactions", json!({"transaction_id": "t9"})), &["AV703 settlement e1"]),
    (
        "settled less",
        |s| s.e1["transactions"][0] = json!({"transaction_id": "t1", "capture": 990, "refund": 100, "fee": 20}),
        &["AV704 transaction t1"],
    ),
    ("not settled", |s| s.t1["settlement_status"] = json!("NOT_SETTLED"), &["AV705 transaction t1"]),
    (
        "two truths",
        |s| s.more.push(with(s.t1.clone(), json!({"merchant_reference_2": "x"}))),
        &["AV001 transaction t1"],
    ),
    ("history", forgotten_refund, &["AV002 transaction t1"]),
];

fn capture_without_lines() -> Value {
    json!({"event": "CAPTURE", "amount": 100, "created_at": at(6), "splits": [{"payout_destination_id": "p", "amount": 100}]})
}

fn amountless_refund() -> Value {
    json!({"event": "REFUND", "created_at": at(6)})
}

fn over_refund(shop: &mut Shop) {
    shop.t2["status"] = json!("REFUNDED");
    push(&mut shop.t2, "events", event("REFUND", 6, 1000, "REFUNDED"));
}

fn early_refund(shop: &mut Shop) {
    undated(&mut shop.t2)["events"][3]["created_at"] = json!(at(2));
}

fn late_authorize(shop: &mut Shop) {
    undated(&mut shop.t2)["events"][0]["created_at"] = json!(at(6));
}

fn forgotten_refund(shop: &mut Shop) {
    let mut old = with(shop.t1.clone(), json!({"updated_at": at(5)}));
    push(&mut old, "events", event("REFUND", 4, 1, "PARTIALLY_REFUNDED"));
    shop.more.push(old);
}

#[test]
fn law_5_a_shop_where_everything_adds_up() {
    assert_eq!(Shop::new().findings(), BTreeSet::new());
}

#[test]
fn law_5_one_fault_is_told_by_its_rule_alone() {
    let mut wrong = Vec::new();
    for (name, corrupt_value, expected) in ON_TRANSACTIONS.into_iter().chain(ELSEWHERE) {
        let mut shop = Shop::new();
        corrupt_value(&mut shop);
        let found = shop.findings();
        let expected: BTreeSet<String> = expected.iter().map(|row| (*row).to_owned()).collect();
        if found != expected {
            wrong.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
