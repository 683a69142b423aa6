use super::*;

fn captured(events: Value) -> Value {
    transaction(json!({"events": events}))
}

#[test]
fn av101_over_captured() {
    let broken = captured(json!([authorize(1), capture(2, 700), capture(3, 400)]));
    fires("AV101", &[broken], &["t1 events[2] - - 1000 1100"]);
    silent("AV101", &[transaction(json!({}))]);
    let failed = event("CAPTURE", 3, json!({"amount": 400, "success": false}));
    silent("AV101", &[captured(json!([authorize(1), capture(2, 700), failed]))]);
    let over = order(json!({"captures": [operation("c1", 2, 1001)]}));
    fires("AV101", &[over], &["o1 captures[0] - - 1000 1001"]);
    let not_given = json!({"order_id": "o1", "captures": [operation("c1", 2, 1001)]});
    silent("AV101", &[not_given]);
}

#[test]
fn tolerances_are_of_one_rule() {
    let broken = captured(json!([authorize(1), capture(2, 1009)]));
    let mut settings = Settings::default();
    settings.tolerances.insert("over-captured".to_owned(), 9);
    let sources = vec![source("export.json", &[broken])];
    let output = judge(&Input { sources }, &settings);
    assert!(of(&output, "AV101").is_empty());
}

#[test]
fn av102_over_refunded_and_av103_before_capture() {
    let broken = captured(json!([capture(2, 1000), refund(3, 600), refund(4, 500)]));
    fires("AV102", std::slice::from_ref(&broken), &["t1 events[2] - - 1000 1100"]);
    silent("AV103", &[broken]);
    let early = captured(json!([capture(2, 400), refund(3, 500), capture(4, 600)]));
    fires("AV103", std::slice::from_ref(&early), &["t1 events[1] - - 400 500"]);
    silent("AV102", &[early]);
    let clean = captured(json!([capture(2, 1000), refund(3, 500)]));
    silent("AV102", std::slice::from_ref(&clean));
    silent("AV103", &[clean]);
}

#[test]
fn av104_over_released() {
    let part = [operation("c1", 2, 600)];
    let broken = order(json!({"captures": part, "cancellations": [operation("v1", 3, 500)]}));
    fires("AV104", &[broken], &["o1 - - - 400 500"]);
    let clean = order(json!({"captures": part, "cancellations": [operation("v1", 3, 400)]}));
    silent("AV104", &[clean]);
}

#[test]
fn av105_void_amount_and_av106_void_of_nothing() {
    let stated = event("VOID", 3, json!({"amount": 500}));
    let broken = captured(json!([authorize(1), capture(2, 600), stated]));
    fires("AV105", &[broken], &["t1 events[2] - - 400 500"]);
    let right = event("VOID", 3, json!({"amount": 400}));
    silent("AV105", &[captured(json!([authorize(1), capture(2, 600), right]))]);
    let nothing = captured(json!([authorize(1), capture(2, 1000), void(3)]));
    fires("AV106", &[nothing], &["t1 events[2] - - 0 0"]);
    silent("AV106", &[captured(json!([authorize(1), capture(2, 600), void(3)]))]);
}

#[test]
fn av107_amount_missing() {
    let broken = captured(json!([authorize(1), event("CAPTURE", 2, json!({}))]));
    fires("AV107", &[broken], &["t1 events[1] - - - -"]);
    let by_items = event("CAPTURE", 2, json!({"items": [{"line_id": "1", "amount": 1000}]}));
    let clean = captured(json!([authorize(1), by_items]));
    silent("AV107", std::slice::from_ref(&clean));
    assert_eq!(run(&[clean]).balances[0].captured, 1000);
    let authorization = json!({"id": "a2", "processed_at": day(1)});
    let broken = order(json!({"authorizations": [operation("a1", 1, 1000), authorization]}));
    fires("AV107", &[broken], &["o1 authorizations[1] - - - -"]);
}

#[test]
fn av108_negative_amount_and_av109_negative_total() {
    let broken = captured(json!([authorize(1), capture(2, -5)]));
    fires("AV108", &[broken], &["t1 events[1] - - 0 -5"]);
    silent("AV108", &[order(json!({"captures": [operation("c1", 2, -5)]}))]);
    let broken = order(json!({
        "authorizations": [operation("a1", 1, -1)],
        "refunds": [operation("r1", 3, -2)],
    }));
    fires("AV109", &[broken], &["o1 - - - 0 -1", "o1 - - - 0 -2"]);
    let single = order(json!({"captures": [operation("c1", 2, 1100), operation("c2", 2, -100)]}));
    silent("AV109", &[single]);
}

#[test]
fn av110_repeated_id_and_av111_double_operation() {
    let twin = event("CAPTURE", 2, json!({"amount": 500, "id": "e1"}));
    let broken = captured(json!([authorize(1), twin, twin]));
    fires("AV110", std::slice::from_ref(&broken), &["t1 events[2] - - 0 500"]);
    silent("AV111", std::slice::from_ref(&broken));
    let found = of(&run(&[captured(json!([twin, twin, twin]))]), "AV110");
    assert_ne!(found[0].exception_id, found[1].exception_id);
    let double = captured(json!([authorize(1), capture(2, 500), capture(2, 500)]));
    fires("AV111", std::slice::from_ref(&double), &["t1 events[2] - - 0 500"]);
    silent("AV110", &[double]);
    silent("AV111", &[captured(json!([authorize(1), capture(2, 500), capture(3, 500)]))]);
    let orders = order(json!({"captures": [operation("c1", 2, 500), operation("c2", 2, 500)]}));
    fires("AV111", &[orders], &["o1 captures[1] - - 0 500"]);
}

fn items(event_items: Value) -> Value {
    transaction(json!({
        "items": [
            {"line_id": "1", "amount": 600, "quantity": 2.5},
            {"line_id": "2", "amount": 400},
        ],
        "events": event_items,
    }))
}

fn line(kind: &str, on: u32, line_id: &str, amount: i64) -> Value {
    let item = json!({"line_id": line_id, "amount": amount, "quantity": 1});
    event(kind, on, json!({"amount": amount, "items": [item]}))
}

#[test]
fn av201_items_unbalanced() {
    let wrong = event("CAPTURE", 2, json!({"amount": 600, "items": [{"line_id": 1, "amount": 500}]}));
    fires("AV201", &[items(json!([wrong]))], &["t1 events[0] - - 600 500"]);
    silent("AV201", &[items(json!([line("CAPTURE", 2, "1", 600)]))]);
}

#[test]
fn av202_and_av203_lines() {
    let over = json!([line("CAPTURE", 2, "1", 600), line("CAPTURE", 3, "1", 1)]);
    fires("AV202", &[items(over)], &["t1 - 1 - 600 601"]);
    silent("AV202", &[items(json!([line("CAPTURE", 2, "1", 600)]))]);
    let back = json!([line("CAPTURE", 2, "1", 500), line("REFUND", 3, "1", 501)]);
    fires("AV203", &[items(back)], &["t1 - 1 - 500 501"]);
    let without = json!([capture(2, 500), line("REFUND", 3, "1", 501)]);
    silent("AV203", &[items(without)]);
}

#[test]
fn a_negative_line_has_a_limit_below() {
    let negative = |amount: i64| {
        transaction(json!({
            "items": [{"line_id": "1", "amount": 1500}, {"line_id": "2", "amount": -500}],
            "events": [line("CAPTURE", 2, "2", amount)],
        }))
    };
    silent("AV202", &[negative(-500)]);
    fires("AV202", &[negative(-501)], &["t1 - 2 - -500 -501"]);
}

#[test]
fn av204_unknown_line() {
    let broken = items(json!([line("CAPTURE", 2, "9", 10)]));
    fires("AV204", &[broken], &["t1 events[0] 9 - - 10"]);
    silent("AV204", &[items(json!([line("CAPTURE", 2, "2", 10)]))]);
    silent("AV204", &[captured(json!([line("CAPTURE", 2, "9", 10)]))]);
}

#[test]
fn av205_items_total() {
    let some = json!([{"line_id": "1", "amount": 900}]);
    fires("AV205", &[transaction(json!({"items": some}))], &["t1 - - - 1000 900"]);
    let shipped = json!({"items": some, "shipping_option": {"line_id": "s", "amount": 100}});
    silent("AV205", &[transaction(shipped)]);
    let inside = json!({"items": some, "shipping_option": {"line_id": "1", "amount": 100}});
    fires("AV205", &[transaction(inside)], &["t1 - - - 1000 900"]);
}

#[test]
fn av206_line_over_released() {
    let with_line =
        |id: &str, amount: i64| json!([{"id": id, "amount": amount, "items": [{"line_id": 1, "amount": amount}]}]);
    let lines = |released: i64| {
        order(json!({
            "authorizations": with_line("a1", 1000), "captures": with_line("c1", 600),
            "cancellations": with_line("v1", released),
        }))
    };
    fires("AV206", &[lines(401)], &["o1 - 1 - 400 401"]);
    silent("AV206", &[lines(400)]);
}

#[test]
fn av207_duplicate_line() {
    let twice = json!([{"line_id": "1", "amount": 500}, {"line_id": 1, "amount": 500}]);
    fires("AV207", &[transaction(json!({"items": twice}))], &["t1 - 1 - - -"]);
    silent("AV207", &[items(json!([]))]);
}

#[test]
fn av208_quantities() {
    let take = |quantity: Value| {
        let item = json!({"line_id": "1", "amount": 600, "quantity": quantity});
        items(json!([event("CAPTURE", 2, json!({"items": [item]}))]))
    };
    fires("AV208", &[take(json!("2.501"))], &["t1 - 1 - 2.5 2.501"]);
    silent("AV208", &[take(json!(2.5))]);
    silent("AV208", &[take(json!(null))]);
    let unknown = json!({"line_id": "2", "amount": 400, "quantity": 7});
    silent("AV208", &[items(json!([event("CAPTURE", 2, json!({"items": [unknown]}))]))]);
}
