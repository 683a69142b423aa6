//! Sessions that are judged with the transaction around them come to the same as sessions that become rows of their
//! own, and short rows to the same as full ones: over random exports of transactions with sessions inside, most of which
//! occur once.

use std::collections::BTreeSet;

use avstem_core::model::evidence::{Wanted, Watch};
use avstem_core::model::instant::Instant;
use avstem_core::model::settings::Settings;
use avstem_worlds::Rng;
use serde_json::{Value, json};

use crate::night::{File, Night, night_with};
use crate::stories::EngineSettings;
use crate::worlds::{cases, first_seed};

/// An id, now and then of a sandbox account or of another document.
fn id(rng: &mut Rng, letter: char, number: u64) -> String {
    let (account, number) =
        (if rng.once_in(12) { 'T' } else { 'P' }, if rng.once_in(12) { number / 2 } else { number });
    format!("{account}11111111.{letter}{number}")
}

fn time(rng: &mut Rng) -> String {
    format!("2026-11-{:02}T10:00:00Z", rng.range(1, 28))
}

/// A session that agrees with its transaction, but for one thing now and then.
fn session(rng: &mut Rng, id: &str, transaction: &str, amount: i64) -> Value {
    let (created_at, updated_at) = (time(rng), time(rng));
    let items = json!([{"id": "a", "line_id": "1", "quantity": 1, "amount": amount}]);
    let mut session = json!({
        "id": id, "transaction_id": transaction, "created_at": created_at, "updated_at": updated_at,
        "order": {"amount": amount, "currency": "NOK", "merchant_reference": "r", "items": items},
    });
    match rng.below(14) {
        0 => session["order"]["amount"] = json!(amount + 1),
        1 => session["order"]["items"][0]["amount"] = json!(amount - 2),
        2 => session["order"]["currency"] = json!("SEK"),
        3 => session["cancelled_at"] = json!("2026-11-20T10:00:00Z"),
        4 => session["transaction_id"] = Value::Null,
        5 => session["transaction_id"] = json!("P11111111.t3"),
        _ => {}
    }
    session
}

fn transaction(rng: &mut Rng, number: u64) -> Value {
    let (id, session_id) = (id(rng, 't', number), id(rng, 's', number));
    let amount = 1000 + 7 * number as i64;
    let created_at = time(rng);
    let has_ids = rng.once_in(2);
    let event = |event: &str, status: &str| {
        let mut event =
            json!({"event": event, "transaction_status": status, "created_at": created_at, "amount": amount});
        if has_ids {
            event["id"] = json!(format!("{number}.{status}"));
        }
        event
    };
    let mut events = vec![event("AUTHORIZE", "AUTHORIZED")];
    let is_captured = !rng.once_in(4);
    if is_captured {
        events.push(event("CAPTURE", "CAPTURED"));
    }
    let mut transaction = json!({
        "id": id, "amount": amount, "currency": "NOK", "status": if is_captured { "CAPTURED" } else { "AUTHORIZED" },
        "payment_product_type": "payex.creditcard", "merchant_reference": format!("r{number}"),
        "created_at": created_at, "updated_at": created_at, "events": events,
    });
    if !rng.once_in(8) {
        transaction["session"] = session(rng, &session_id, &id, amount);
    }
    match rng.below(8) {
        0 => {}
        1 => transaction["session_id"] = json!("P11111111.s1"),
        _ => transaction["session_id"] = json!(session_id),
    }
    transaction
}

/// A later copy, mostly changed.
fn newer(rng: &mut Rng, one: &Value) -> Value {
    let mut newer = one.clone();
    if !rng.once_in(6) {
        newer["updated_at"] = json!("2026-11-29T10:00:00Z");
    }
    let last = newer["events"].as_array().map_or(0, Vec::len) - 1;
    match rng.below(9) {
        0 => newer["session"] = Value::Null,
        1 => newer["events"][last]["id"] = json!("another"),
        2 => newer["events"][last]["amount"] = json!(1),
        3 => newer["events"][last]["created_at"] = json!("2026-11-29T10:00:00Z"),
        4 => newer["events"][last]["event"] = json!("VOID"),
        5 => newer["currency"] = json!("SEK"),
        6 => newer["amount"] = json!(1),
        _ => {}
    }
    newer
}

/// Some transactions; a few of them twice, or changed, or with their session beside them.
fn export(rng: &mut Rng) -> Vec<File> {
    let mut documents = Vec::new();
    for number in 0..=rng.below(12) {
        let one = transaction(rng, number);
        match rng.below(10) {
            0 => documents.push(one.clone()),
            1..=3 => documents.push(newer(rng, &one)),
            4 if one["session"].is_object() => documents.push(one["session"].clone()),
            _ => {}
        }
        documents.push(one);
    }
    let lines: String = documents.iter().map(|document| format!("{document}\n")).collect();
    vec![("a.ndjson".to_owned(), lines.into_bytes())]
}

/// Everything that must not depend on where a session is judged.
fn said(night: &Night) -> impl PartialEq + std::fmt::Debug + '_ {
    let findings: Vec<String> = night.findings.iter().map(|finding| format!("{finding:?}")).collect();
    (findings, &night.waiting, &night.story, &night.met, night.facts, &night.subjects)
}

#[test]
fn sessions_and_copies_are_judged_the_same_from_little_and_in_full() {
    let (first, exports) = (first_seed(), cases(400));
    let later = Instant::parse("2027-02-01T10:00:00Z");
    let (mut rules, mut pairs) = (BTreeSet::new(), 0);
    for seed in first..first + exports {
        let settings = EngineSettings { settings: Settings::default(), as_of: later.filter(|_| seed % 3 == 0) };
        let mut rng = Rng::new(seed);
        let (one, two) = (export(&mut rng), export(&mut rng));
        let mut wanted = Wanted::default();
        let earlier = night_with(&two, &settings, 1, Watch::default(), true);
        earlier.findings.iter().for_each(|finding| wanted.add(&finding.evidence));
        wanted.settle();
        for watch in [Watch::default(), Watch::new(&wanted)] {
            let [alone, together] = [true, false].map(|keeps_all| night_with(&one, &settings, 4, watch, keeps_all));
            assert_eq!(said(&together), said(&alone), "seed {seed}: {}", String::from_utf8_lossy(&one[0].1));
            rules.extend(alone.findings.iter().map(|finding| finding.card.code));
            pairs += together.pairs;
        }
    }
    let reached = ["AV001", "AV002", "AV003", "AV007", "AV410", "AV504", "AV506", "AV507", "AV508", "AV509", "AV601"];
    let missed: Vec<&str> = reached.into_iter().filter(|code| !rules.contains(code)).collect();
    assert!(exports < 400 || missed.is_empty() && pairs > 600, "{pairs} pairs, never {missed:?}");
}
