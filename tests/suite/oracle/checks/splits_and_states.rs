use super::*;

fn split(destination: &str, amount: i64) -> Value {
    json!({"payout_destination_id": destination, "amount": amount})
}

fn with_splits(kind: &str, on: u32, amount: i64, splits: Value) -> Value {
    event(kind, on, json!({"amount": amount, "splits": splits}))
}

fn events(events: Value) -> Value {
    transaction(json!({"events": events}))
}

#[test]
fn av301_and_av302_unbalanced_splits() {
    let wrong = with_splits("CAPTURE", 2, 1000, json!([split("p", 600), split("q", 300)]));
    fires("AV301", &[events(json!([wrong]))], &["t1 events[0] - - 1000 900"]);
    let right = with_splits("CAPTURE", 2, 1000, json!([split("p", 600), split("q", 400)]));
    silent("AV301", &[events(json!([right]))]);
    let own = json!([{"line_id": "1", "amount": 1000, "splits": [split("p", 999)]}]);
    fires("AV302", &[transaction(json!({"items": own}))], &["t1 - 1 - 1000 999"]);
    let payout = |amount: i64| {
        let destinations = [{ json!({"destination": "p", "amount": amount}) }];
        let item = json!({"line_id": 7, "amount": 1000, "payout": {"destinations": destinations}});
        order(json!({"captures": [{"id": "c1", "items": [item]}]}))
    };
    fires("AV302", &[payout(1)], &["o1 captures[0] 7 - 1000 1"]);
    silent("AV302", &[payout(1000)]);
}

#[test]
fn av303_destination_over_refunded() {
    let take = with_splits("CAPTURE", 2, 1000, json!([split("p", 600), split("q", 400)]));
    let give = |amount: i64| with_splits("REFUND", 3, amount, json!([split("q", amount)]));
    let broken = events(json!([take, give(401)]));
    fires("AV303", &[broken], &["t1 - - q 400 401"]);
    silent("AV303", &[events(json!([take, give(400)]))]);
    silent("AV303", &[events(json!([take, capture(2, 1), give(401)]))]);
}

#[test]
fn av304_fee_destination() {
    let fee = |destination: &str, splits: Value| {
        let fee_split = json!({"type": "proportional", "destinations": [destination]});
        let fields = json!({"amount": 1000, "splits": splits, "fee_split": fee_split});
        events(json!([event("CAPTURE", 2, fields)]))
    };
    let splits = json!([split("p", 1000)]);
    fires("AV304", &[fee("x", splits.clone())], &["t1 events[0] - x - -"]);
    silent("AV304", &[fee("p", splits)]);
    silent("AV304", &[fee("x", json!([]))]);
}

#[test]
fn av305_av306_av307_splits() {
    let some = with_splits("CAPTURE", 2, 500, json!([split("p", 500)]));
    fires("AV305", &[events(json!([some, capture(3, 500)]))], &["t1 events[1] - - - 500"]);
    silent("AV305", &[events(json!([capture(2, 400), capture(3, 600)]))]);
    let twice = with_splits("CAPTURE", 2, 1000, json!([split("p", 1100), split("p", -100)]));
    let broken = events(json!([twice]));
    fires("AV306", std::slice::from_ref(&broken), &["t1 events[0] - p - -"]);
    fires("AV307", &[broken], &["t1 events[0] - p 0 -100"]);
    let clean = events(json!([some]));
    silent("AV306", std::slice::from_ref(&clean));
    silent("AV307", &[clean]);
}

#[test]
fn av308_seller_and_av309_gift_card() {
    let broken = transaction(json!({"platform_type": "aggregator"}));
    fires("AV308", &[broken], &["t1 - - - - -"]);
    let store = json!({"payout_destination_id": "p"});
    silent("AV308", &[transaction(json!({"platform_type": "aggregator", "store": store}))]);
    let card = json!([{"card_id": "k", "amount": 10}]);
    let some = with_splits("CAPTURE", 2, 1000, json!([split("p", 1000)]));
    let broken = transaction(json!({"gift_cards": card, "events": [some]}));
    fires("AV309", &[broken], &["t1 - - - - -"]);
    silent("AV309", &[transaction(json!({"gift_cards": card}))]);
}

fn state(status: &str, list: Value) -> Value {
    transaction(json!({"status": status, "events": list}))
}

#[test]
fn av401_status() {
    let expected = |list: Value| run(&[state("ON_HOLD", list)]).balances[0].status_derived.clone();
    let some = |words: &str| Some(words.to_owned());
    let (a, v) = (authorize(1), void(5));
    let (c4, c6) = (capture(2, 400), capture(3, 600));
    assert_eq!(expected(json!([a])), some("AUTHORIZED or ON_HOLD"));
    assert_eq!(expected(json!([])), some("INITIATED or ON_HOLD or DECLINED or FAILED"));
    assert_eq!(expected(json!([a, v])), some("AUTHORIZATION_VOIDED"));
    assert_eq!(expected(json!([a, c4])), some("PARTIALLY_CAPTURED"));
    assert_eq!(expected(json!([a, c4, v])), some("PARTIALLY_CAPTURED or CAPTURED"));
    assert_eq!(expected(json!([a, c4, c6])), some("CAPTURED"));
    assert_eq!(expected(json!([a, c4, refund(6, 1)])), some("PARTIALLY_CAPTURED_REFUNDED"));
    assert_eq!(expected(json!([a, c4, v, refund(6, 1)])), some("PARTIALLY_CAPTURED_REFUNDED or PARTIALLY_REFUNDED"));
    assert_eq!(expected(json!([a, c4, refund(6, 400)])), some("PARTIALLY_CAPTURED_REFUNDED or REFUNDED"));
    assert_eq!(expected(json!([a, c4, c6, refund(6, 1)])), some("PARTIALLY_REFUNDED"));
    assert_eq!(expected(json!([a, c4, c6, refund(6, 1000)])), some("REFUNDED"));
    assert_eq!(expected(json!([a, refund(6, 1)])), None);
    let wrong = state("captured", json!([a, c4]));
    fires("AV401", &[wrong], &["t1 - - - PARTIALLY_CAPTURED CAPTURED"]);
    silent("AV401", &[state("captured", json!([a, c4, c6]))]);
    silent("AV401", &[state("UNKNOWN", json!([a, c4]))]);
    silent("AV401", &[state("Partically_Captured_Refunded", json!([a, c4, refund(6, 1)]))]);
}

#[test]
fn av402_last_status_and_av403_event_status() {
    let says = |kind: &str, on: u32, amount: i64, status: &str| {
        event(kind, on, json!({"amount": amount, "transaction_status": status}))
    };
    let last = json!([authorize(1), says("CAPTURE", 2, 1000, "CAPTURED")]);
    let broken = state("REFUNDED", last.clone());
    fires("AV402", &[broken], &["t1 events[1] - - CAPTURED REFUNDED"]);
    silent("AV402", &[state("CAPTURED", last.clone())]);
    silent("AV402", &[state("FAILED", last)]);
    let early = json!([authorize(1), says("CAPTURE", 2, 400, "CAPTURED"), capture(3, 600)]);
    let broken = state("CAPTURED", early);
    fires("AV403", &[broken], &["t1 events[1] - - PARTIALLY_CAPTURED CAPTURED"]);
    let clean = json!([authorize(1), says("CAPTURE", 2, 400, "partially_captured")]);
    silent("AV403", &[state("PARTIALLY_CAPTURED", clean)]);
}

#[test]
fn av404_av405_av406_sequences() {
    let broken = events(json!([authorize(1), void(2), capture(3, 5)]));
    fires("AV404", &[broken], &["t1 events[2] - - 0 5"]);
    let clean = events(json!([authorize(1), capture(2, 5), void(3)]));
    silent("AV404", std::slice::from_ref(&clean));
    silent("AV406", &[clean]);
    let early = events(json!([capture(1, 1000), authorize(2)]));
    fires("AV405", &[early], &["t1 events[0] - - - -"]);
    silent("AV405", &[events(json!([capture(1, 1000)]))]);
    let orders = order(json!({"cancellations": [operation("v1", 1, 0)]}));
    silent("AV405", &[orders]);
    let list = json!([authorize(1), capture(2, 5), void(3)]);
    let swish = transaction(json!({"payment_product_type": "swish.swish", "events": list}));
    fires("AV406", &[swish], &["t1 events[2] - - - -"]);
}

#[test]
fn av407_dead_transaction() {
    let broken = state("Rejected", json!([authorize(1), capture(2, 7)]));
    fires("AV407", &[broken], &["t1 - - - 0 7"]);
    silent("AV407", &[state("DECLINED", json!([authorize(1)]))]);
}

#[test]
fn av408_pending_and_av409_failed() {
    let start = event("INITIATE_CAPTURE", 2, json!({"request_id": "AA-bb"}));
    let broken = events(json!([authorize(1), start, capture(9, 1000)]));
    fires("AV408", &[broken], &["t1 events[1] - - - -"]);
    let answer = event("CAPTURE", 9, json!({"amount": 1000, "correlation_request_id": "aab-B"}));
    silent("AV408", &[events(json!([authorize(1), start, answer]))]);
    silent("AV408", &[events(json!([authorize(1), start, capture(3, 1000)]))]);
    let failed = event("REFUND", 5, json!({"amount": 3, "success": false}));
    let broken = events(json!([authorize(1), capture(2, 1000), failed]));
    fires("AV409", &[broken], &["t1 events[2] - - - 3"]);
    silent("AV409", &[events(json!([failed, capture(2, 1000), refund(6, 3)]))]);
}

#[test]
fn av410_stale_and_av412_unresolved() {
    let as_of = |values: &[Value], at: &str| {
        let settings = Settings { as_of: Instant::parse_as_of(at), ..Settings::default() };
        let sources = vec![source("export.json", values)];
        judge(&Input { sources }, &settings)
    };
    let open = transaction(json!({"status": "AUTHORIZED", "events": [authorize(1)]}));
    let fresh = as_of(std::slice::from_ref(&open), "2026-01-31T12:00:00Z");
    assert!(of(&fresh, "AV410").is_empty());
    let stale = as_of(&[open], "2026-01-31");
    assert_eq!(of(&stale, "AV410")[0].actual_minor, Some(1000));
    let held = transaction(json!({"status": "ON_HOLD", "events": [authorize(1)]}));
    assert_eq!(of(&as_of(std::slice::from_ref(&held), "2026-01-08"), "AV412").len(), 1);
    assert!(of(&as_of(&[held], "2026-01-07"), "AV412").is_empty());
    fires("AV412", &[state("new_word", json!([]))], &["t1 - - - - new_word"]);
    silent("AV412", &[transaction(json!({}))]);
}

#[test]
fn av411_order_av413_unknown_av414_correction() {
    let swapped = events(json!([capture(2, 1000), authorize(1)]));
    fires("AV411", &[swapped], &["t1 - - - - -"]);
    silent("AV411", &[transaction(json!({}))]);
    let odd = event("CHARGEBACK", 3, json!({}));
    fires("AV413", &[events(json!([authorize(1), odd]))], &["t1 events[1] - - - -"]);
    silent("AV413", &[events(json!([authorize(1), event("initiate", 2, json!({}))]))]);
    let stated = |void: i64| {
        let correction = json!({
            "remaining_capture_amount": 600, "remaining_refund_amount": 400,
            "remaining_void_amount": void,
        });
        let part = event("CAPTURE", 2, json!({"amount": 400, "correction": correction}));
        state("PARTIALLY_CAPTURED", json!([authorize(1), part]))
    };
    fires("AV414", &[stated(0)], &["t1 events[1] - - 600 0"]);
    silent("AV414", &[stated(600)]);
    let swish = with(stated(600), json!({"payment_product_type": "swish.swish"}));
    fires("AV414", &[swish], &["t1 events[1] - - 0 600"]);
}
