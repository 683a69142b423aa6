use super::*;

fn at(updated: &str, fields: Value) -> Value {
    with(transaction(json!({"updated_at": updated})), fields)
}

const OLD: &str = "2026-01-10T00:00:00Z";
const NEW: &str = "2026-01-11T00:00:00+01:00";

#[test]
fn av001_conflicting_copies() {
    let values = [at(OLD, json!({})), at(OLD, json!({"merchant_reference": "m"}))];
    fires("AV001", &values, &["t1 - - - - -"]);
    // Numbers compare by value, null equals absent, and unread members are ignored.
    let alike = at(OLD, json!({"amount": 1000.0, "items": null, "gift_cards": [], "more": 1}));
    silent("AV001", &[at(OLD, json!({})), alike]);
    silent("AV001", &[at(OLD, json!({})), at(NEW, json!({"merchant_reference": "m"}))]);
    let versions = [at(OLD, json!({"version": 1})), at(OLD, json!({"version": 2}))];
    silent("AV001", &versions);
    silent("AV001", &[transaction(json!({})), transaction(json!({"status": "x"}))]);
}

#[test]
fn counts_of_copies() {
    let full = at(OLD, json!({}));
    let partial = json!({"id": "t1", "status": "CAPTURED", "updated_at": NEW});
    let other = at("2026-01-09T00:00:00Z", json!({}));
    let output = run_sources(vec![
        source("b", std::slice::from_ref(&full)),
        source("a", &[full.clone(), partial, other]),
        source("-", &[json!({"event": "x", "transaction": null})]),
    ]);
    let counts: Vec<_> =
        output.counts.iter().map(|(name, c)| (name.as_str(), c.accepted, c.duplicate, c.superseded)).collect();
    assert_eq!(counts, [("a", 0, 1, 2), ("b", 1, 0, 0), ("-", 1, 0, 0)]);
    assert_eq!(output.balances[0].source, "b");
    assert!(of(&output, "AV006").is_empty());
}

#[test]
fn the_kept_copy() {
    let amount = |values: &[Value]| run(values).balances[0].authorized;
    let one = |updated: Option<&str>, version: Option<u32>, amount: i64, events: &[Value]| {
        transaction(json!({
            "updated_at": updated, "version": version, "amount": amount, "events": events,
        }))
    };
    let none: [Value; 0] = [];
    // The latest `updated_at`; a missing value sorts lowest.
    assert_eq!(amount(&[one(Some(OLD), None, 1, &none), one(None, Some(9), 2, &none)]), 1);
    // Then the higher version.
    assert_eq!(amount(&[one(Some(OLD), Some(2), 1, &none), one(Some(OLD), Some(1), 2, &none)]), 1);
    // Then the one with more events.
    assert_eq!(amount(&[one(None, None, 1, &[authorize(1)]), one(None, None, 2, &none)]), 1);
    // Then the later in input order.
    assert_eq!(amount(&[one(None, None, 1, &none), one(None, None, 2, &none)]), 2);
}

#[test]
fn av002_history_rewritten() {
    let twice = json!([authorize(1), capture(2, 1000), refund(3, 5)]);
    let values = [
        at(OLD, json!({"events": twice})),
        at("2026-01-09T00:00:00Z", json!({"events": twice})),
        at(NEW, json!({"version": 3})),
    ];
    fires("AV002", &values[..], &["t1 events[2] - - 5 0"]);
    assert_eq!(of(&run(&values), "AV002")[0].source_offset, 0);
    silent("AV002", &[at(OLD, json!({})), at(NEW, json!({"version": 3}))]);
    let dated = |updated: &str, captures: Value| order(json!({"updated_at": updated, "captures": captures}));
    let values = [dated(OLD, json!([operation("c1", 2, 1000)])), dated(NEW, json!([]))];
    fires("AV002", &values, &["o1 captures[0] - - 1000 0"]);
    let elsewhere = json!({"order_id": "o1", "captures": [operation("c1", 2, 1000)]});
    let [one, other] = values;
    silent("AV002", &[one, other, elsewhere]);
}

#[test]
fn av003_sandbox() {
    let test = transaction(json!({"id": "T12345678.a"}));
    let live = session(json!({"id": "P12345678.b"}));
    fires("AV003", &[test.clone(), live], &["T12345678.a - - - - -"]);
    silent("AV003", &[test.clone(), session(json!({"id": "P1234567.b"}))]);
    silent("AV003", &[test, json!({"id": "P12345678.c", "status": "x"})]);
}

#[test]
fn av004_currency_av005_exponent() {
    fires("AV004", &[transaction(json!({"currency": "nok"}))], &["t1 - - - - nok"]);
    silent("AV004", &[transaction(json!({"currency": "ITL"}))]);
    fires("AV004", &[order(json!({"currency": null}))], &["o1 - - - - -"]);
    silent("AV004", &[json!({"order_id": "o1", "captures": [operation("c1", 2, 1)]})]);
    let yen = |amount: i64| {
        let list = json!([authorize(1), capture(2, amount)]);
        transaction(json!({"currency": "JPY", "amount": amount, "events": list}))
    };
    fires("AV005", &[yen(10_000)], &["t1 - - - - -"]);
    silent("AV005", &[yen(10_001)]);
    silent("AV005", &[yen(9_900)]);
}

#[test]
fn av006_partial_and_av007_currency_changed() {
    let partial = json!({"id": "t1", "status": "CAPTURED", "amount": 5});
    fires("AV006", std::slice::from_ref(&partial), &["t1 - - - - -"]);
    assert_eq!(run(std::slice::from_ref(&partial)).findings.len(), 1);
    silent("AV006", &[partial, transaction(json!({}))]);
    let values = [at(OLD, json!({"currency": "SEK"})), at(NEW, json!({}))];
    fires("AV007", &values, &["t1 - - - SEK NOK"]);
    silent("AV007", &[at(OLD, json!({})), at(NEW, json!({}))]);
}

#[test]
fn a_header_never_supersedes_a_report() {
    let header = json!({"id": "e1", "updated_at": NEW, "amounts": [{"currency": "NOK", "amount": 1}]});
    let output = run(&[report(json!({})), header.clone()]);
    assert_eq!(output.counts[0].1.superseded, 1);
    silent("AV701", &[report(json!({})), header.clone()]);
    fires("AV701", &[header], &["e1 - - - 0 1"]);
}

#[test]
fn an_embedded_session_is_a_document_only_without_another_copy() {
    let inside = session(json!({"order": {"amount": 5}}));
    let outer = transaction(json!({"session_id": "s1", "session": inside}));
    fires("AV508", std::slice::from_ref(&outer), &["s1 - - - 1000 5"]);
    silent("AV508", &[outer, session(json!({}))]);
    let nameless = transaction(json!({"session_id": "s1", "session": {"order": {"amount": 5}}}));
    silent("AV508", &[nameless]);
}
