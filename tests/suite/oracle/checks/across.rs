use super::*;

fn paid(operations: &[(&str, i64)]) -> Value {
    let captures: Vec<Value> = operations
        .iter()
        .enumerate()
        .map(|(at, (payment_id, amount))| {
            let details = json!({"payment_id": payment_id});
            let base = operation(&format!("c{at}"), 2 + at as u32, *amount);
            with(base, json!({"payment_details": details}))
        })
        .collect();
    order(json!({"captures": captures}))
}

#[test]
fn av501_av502_av503_totals_differ() {
    let values = [transaction(json!({})), paid(&[("t1", 900)])];
    fires("AV501", &values, &["o1 - - - 1000 900"]);
    assert_eq!(of(&run(&values), "AV501")[0].transaction_id.as_deref(), Some("t1"));
    silent("AV501", &[transaction(json!({})), paid(&[("t1", 1000)])]);
    silent("AV501", &[transaction(json!({})), paid(&[("t1", 900), ("t2", 1)])]);
    let back = json!([authorize(1), capture(2, 1000), refund(3, 10)]);
    let values = [transaction(json!({"events": back})), paid(&[("t1", 1000)])];
    fires("AV502", &values, &["o1 - - - 10 0"]);
    silent("AV502", &[transaction(json!({})), paid(&[("t1", 1000)])]);
    let list = json!([authorize(1), capture(2, 400), void(3)]);
    let values = [transaction(json!({"events": list})), paid(&[("t1", 400)])];
    fires("AV503", &values, &["o1 - - - 600 0"]);
    let open = json!([authorize(1), capture(2, 400)]);
    silent("AV503", &[transaction(json!({"events": open})), paid(&[("t1", 400)])]);
    let other = with(paid(&[("t1", 1)]), json!({"order_id": "o2"}));
    silent("AV501", &[transaction(json!({})), paid(&[("t1", 900)]), other]);
    let by_reference = transaction(json!({"merchant_reference": "o1"}));
    let plain = order(json!({"captures": [operation("c1", 2, 999)]}));
    fires("AV501", &[by_reference, plain], &["o1 - - - 1000 999"]);
}

#[test]
fn av504_currencies_and_av505_missing() {
    let swedish = with(paid(&[("t1", 1000)]), json!({"currency": "SEK"}));
    fires("AV504", &[transaction(json!({})), swedish], &["o1 - - - NOK SEK"]);
    silent("AV504", &[transaction(json!({})), paid(&[("t1", 1000)])]);
    let values = [transaction(json!({})), paid(&[("t9", 1000)])];
    fires("AV505", &values, &["o1 - - - - -"]);
    silent("AV505", &[paid(&[("t9", 1000)])]);
    let partial = json!({"id": "t9", "status": "CAPTURED"});
    silent("AV505", &[partial, paid(&[("t9", 1000)])]);
}

#[test]
fn av506_to_av509_sessions() {
    let cancelled = session(json!({"transaction_id": "t1", "cancelled_at": day(4)}));
    let values = [transaction(json!({})), cancelled.clone()];
    fires("AV506", &values, &["s1 - - - 0 1000"]);
    silent("AV507", &values);
    let open = transaction(json!({"status": "AUTHORIZED", "events": [authorize(1)]}));
    let values = [open, cancelled.clone()];
    fires("AV507", &values, &["s1 - - - 0 1000"]);
    silent("AV506", &values);
    let gone = transaction(json!({"events": [authorize(1), void(2)]}));
    silent("AV507", &[gone, cancelled]);
    let other = session(json!({"transaction_id": "t1", "order": {"amount": 990}}));
    fires("AV508", &[transaction(json!({})), other], &["s1 - - - 1000 990"]);
    silent("AV508", &[transaction(json!({})), session(json!({"transaction_id": "t1"}))]);
    let values = [transaction(json!({"session_id": "s2"})), session(json!({"transaction_id": "t1"}))];
    fires("AV509", &values, &["s1 - - - - -"]);
    let values = [transaction(json!({"session_id": "s1"})), session(json!({"transaction_id": "t1"}))];
    silent("AV509", &values);
}

#[test]
fn av510_paid_twice() {
    let twin =
        |id: &str, created: u32| transaction(json!({"id": id, "merchant_reference": "m", "created_at": day(created)}));
    let values = [twin("P11111111.b", 2), twin("P11111111.a", 3)];
    fires("AV510", &values, &["P11111111.a - - - 0 1000"]);
    silent("AV510", &[twin("P11111111.b", 2), twin("P22222222.a", 3)]);
}

#[test]
fn av511_and_av512_authorizations() {
    let bearing = |id: &str, amount: i64, authorization: Value| {
        with(operation(id, 2, amount), json!({"authorization_id": authorization}))
    };
    let two = json!([operation("a1", 1, 600), operation("a2", 1, 400)]);
    let of_two = |captures: Value| order(json!({"authorizations": two, "captures": captures}));
    let unknown = of_two(json!([bearing("c1", 600, json!("a9"))]));
    fires("AV511", &[unknown], &["o1 captures[0] - - - -"]);
    let none = json!([bearing("c1", 600, json!("a1")), bearing("c2", 1, json!(""))]);
    fires("AV511", &[of_two(none)], &["o1 captures[1] - - - -"]);
    silent("AV511", &[of_two(json!([operation("c1", 2, 600)]))]);
    let over = of_two(json!([bearing("c1", 401, json!("a2"))]));
    fires("AV512", &[over], &["o1 authorizations[1] - - 400 401"]);
    silent("AV512", &[of_two(json!([bearing("c1", 400, json!("a2"))]))]);
}

#[test]
fn av601_session_total_and_av602_discount() {
    let total = |items: Value, fields: Value| {
        let base = json!({"amount": 1000, "currency": "NOK", "items": items});
        session(json!({"order": with(base, fields)}))
    };
    let some = json!([{"line_id": "1", "amount": 900}]);
    fires("AV601", &[total(some.clone(), json!({}))], &["s1 - - - 1000 900"]);
    let shipping = json!({"shipping_option": {"line_id": "s", "amount": 100}});
    silent("AV601", &[total(some, shipping)]);
    let more = json!([{"line_id": "1", "amount": 1100}]);
    silent("AV601", &[total(more, json!({"partial_payment": true}))]);
    let discounted = |amount: i64| {
        let lines = [{ json!({"amount": 44}) }];
        let item = json!({"gross_amount": 1044, "amount": amount, "discount_lines": lines});
        total(json!([item]), json!({}))
    };
    fires("AV602", &[discounted(1001)], &["s1 - - - 1000 1001"]);
    silent("AV602", &[discounted(1000)]);
}

#[test]
fn av603_and_av604_gift_cards() {
    let card = |amount: i64| json!([{"card_id": "k1", "amount": amount}]);
    let broken = transaction(json!({"gift_cards": card(1001)}));
    fires("AV603", &[broken], &["t1 - - - 1000 1001"]);
    silent("AV603", &[transaction(json!({"gift_cards": card(1000)}))]);
    let back = |amount: i64| {
        let take = event("CAPTURE", 2, json!({"amount": 1000, "gift_cards": card(50)}));
        let give = event("REFUND", 3, json!({"amount": 60, "gift_cards": card(amount)}));
        transaction(json!({"status": "PARTIALLY_REFUNDED", "events": [take, give]}))
    };
    fires("AV604", &[back(60)], &["t1 - - - 50 60"]);
    silent("AV604", &[back(50)]);
}

#[test]
fn av605_payment_status() {
    let says = |word: &str, captured: i64, refunded: i64| {
        order(json!({
            "payment_status": word,
            "captures": [operation("c1", 2, captured)],
            "refunds": [operation("r1", 3, refunded)],
        }))
    };
    for (word, captured, refunded) in [
        ("pending", 1, 0),
        ("partially_paid", 1000, 0),
        ("paid", 999, 0),
        ("partially_refunded", 1000, 1000),
        ("refunded", 1000, 999),
    ] {
        fires("AV605", &[says(word, captured, refunded)], &["o1 - - - - -"]);
    }
    for (word, captured, refunded) in [
        ("pending", 0, 0),
        ("partially_paid", 999, 0),
        ("paid", 1000, 0),
        ("partially_refunded", 1000, 999),
        ("refunded", 1000, 1000),
        ("authorised", 5, 0),
    ] {
        silent("AV605", &[says(word, captured, refunded)]);
    }
    let reversed = json!({"items": [{"gross_amount": -5}]});
    silent("AV605", &[with(says("paid", 999, 0), reversed)]);
}

#[test]
fn av701_and_av702_settlement_sums() {
    fires("AV701", &[report(json!({"amount": 971}))], &["e1 - - - 970 971"]);
    fires("AV702", &[report(json!({"amount": 971}))], &["e1 - - - 971 970"]);
    silent("AV701", &[report(json!({}))]);
    silent("AV702", &[report(json!({}))]);
    let negative = json!({
        "amount": 920, "refund": -50, "fee": 30,
        "transactions": [
            {"transaction_id": "t1", "capture": 1000, "fee": 30},
            {"transaction_id": "t1", "refund": -50},
        ],
    });
    silent("AV701", &[report(negative.clone())]);
    silent("AV702", &[report(negative)]);
    let list_item = json!({"id": "e9", "amounts": [
        {"currency": "SEK", "amount": 5, "capture": 4},
        {"currency": "NOK", "amount": 5, "capture": 3},
        {"currency": "EUR", "amount": 5, "capture": 5},
    ]});
    let values = [list_item];
    fires("AV701", &values, &["e9 - - - 3 5", "e9 - - - 4 5"]);
    assert_eq!(of(&run(&values), "AV701")[0].currency.as_deref(), Some("NOK"));
}

#[test]
fn av703_line_unknown() {
    let other = transaction(json!({"id": "t2"}));
    fires("AV703", &[other, report(json!({}))], &["e1 transactions[0] - - - -"]);
    silent("AV703", &[report(json!({}))]);
    let nameless = json!({"transactions": [{"fee": 5}, {"capture": 1}]});
    fires("AV703", &[report(nameless)], &["e1 transactions[1] - - - -"]);
}

#[test]
fn av704_av705_settled() {
    let settled = |status: &str| transaction(json!({"settlement_status": status}));
    let less = json!({"transactions": [{"transaction_id": "t1", "capture": 900, "refund": 5}]});
    let values = [settled("SETTLED"), report(less.clone())];
    fires("AV704", &values, &["t1 - - - 1000 900", "t1 - - - 0 5"]);
    silent("AV704", &[settled("SETTLED"), report(json!({}))]);
    silent("AV704", &[settled("PENDING_SETTLEMENT"), report(less)]);
    let values = [settled("NOT_SETTLED"), report(json!({}))];
    fires("AV705", &values, &["t1 - - - - -"]);
    silent("AV705", &[settled("SETTLED"), report(json!({}))]);
    let empty = with(settled("SETTLED"), json!({"events": [authorize(1)]}));
    fires("AV705", &[empty], &["t1 - - - - -"]);
}

#[test]
fn av706_unsettled() {
    let later = transaction(json!({"id": "t2", "created_at": day(17)}));
    let values = [later.clone(), report(json!({}))];
    fires("AV706", &values, &["t2 - - - - 1000"]);
    silent("AV706", &[later]);
    let zero = transaction(json!({
        "id": "t2", "created_at": day(17), "payment_product_type": "dintero.external",
    }));
    silent("AV706", &[zero, report(json!({}))]);
}
