//! Dintero's documents and the payments' own entries.

use super::*;

#[test]
fn the_example_is_a_payout_without_findings() {
    let output = paid(&example());
    assert_eq!(output.findings, []);
    assert_eq!(cells(&output.payouts, &ACCOUNT), ["180000 -30000 -4500 0 0 0 0 145500 unchecked capture+refund+fee"]);
    let columns = ["namespace", "settlement_id", "currency", "origin", "settled_on", "settlement_reference"];
    assert_eq!(cells(&output.payouts, &columns), ["dintero S1 NOK report 2026-10-05 R17483"]);
    assert_eq!(cells(&output.payouts, &["lines", "joined_lines", "unjoined_lines", "payments"]), ["3 3 0 3"]);
}

#[test]
fn a_line_of_the_example_that_lacks_a_thousand_is_named_by_all_who_know_of_it() {
    let mut values = example();
    values[3]["transactions"][0]["capture"] = json!(99000);
    values[0]["settlement_status"] = json!("SETTLED");
    let output = paid(&values);
    let rules: Vec<&str> = output.findings.iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["AV702", "AV704", "AV709"]);
    assert_eq!(speaks(&output), ["AV709 transaction t1 - 100000 99000: captured"]);
    assert_eq!(cells(&output.payouts, &["unexplained_minor"]), ["1000"]);
}

#[test]
fn a_refund_that_was_not_taken_is_unexplained() {
    let header = json!({
        "dintero_settlement_id": "F1", "currency": "NOK",
        "amount": 70660648, "capture": 71456300, "refund": -599900, "fee": 795652,
    });
    let output = paid(&[header]);
    assert_eq!(output.findings.len(), 1);
    assert_eq!(output.findings[0].rule, "AV701");
    let account = "71456300 -599900 -795652 0 0 0 599900 70660648 unchecked refund-not-taken";
    assert_eq!(cells(&output.payouts, &ACCOUNT), [account]);
}

#[test]
fn postponed_and_empty_payouts_have_their_states() {
    let values = [
        item("a", "NOK", -500, json!({"payment_status": "paid"})),
        item("b", "NOK", 0, json!({})),
        item("c", "NOK", 900, json!({"payment_status": "postponed"})),
    ];
    assert_eq!(cells(&paid(&values).payouts, &["settlement_id", "state"]), ["a postponed", "b nothing", "c postponed"]);
}

#[test]
fn report_and_header_are_one_payout_and_the_report_goes_first() {
    let report = json!({
        "dintero_settlement_id": "S1", "amount": 970, "capture": 1000, "fee": 30, "settlement_date": "2026-01-09",
        "transactions": [],
    });
    let header = json!({
        "id": "S1", "settled_at": "2026-01-10T00:30:00+01:00", "provider": "payout",
        "amounts": [{"currency": "NOK", "amount": 975}, {"currency": "NOK", "amount": 1}],
    });
    let output = paid(&[report, header]);
    assert_eq!(speaks(&output), ["AV712 payout S1 - 970 975: dintero NOK list"]);
    let columns = ["currency", "provider", "origin", "settled_on", "amount_minor", "convention", "findings"];
    assert_eq!(cells(&output.payouts, &columns), ["NOK payout report 2026-01-10 970 capture-refund-fee 1"]);
}

#[test]
fn a_header_has_a_payout_for_each_of_its_currencies_and_none_without_amounts() {
    let amounts = json!([{"currency": "SEK", "amount": 5, "capture": 5}, {"currency": "NOK", "amount": 7}]);
    let values = [json!({"id": "S1", "amounts": amounts}), json!({"id": "S2", "amounts": []})];
    let output = paid(&values);
    assert_eq!(
        cells(&output.payouts, &["settlement_id", "currency", "amount_minor", "unexplained_minor"]),
        ["S1 NOK 7 7", "S1 SEK 5 0"]
    );
}

#[test]
fn what_only_payments_name_is_unseen() {
    let values = [settled("t1", 1000, json!([entry("S1", 600, 10), entry("S2", 400, 10)]))];
    let output = paid(&values);
    assert_eq!(speaks(&output), [""; 0], "the input has no settlements");
    assert_eq!(
        cells(&output.payouts, &["settlement_id", "origin", "state", "captures_minor", "amount_minor", "convention"]),
        ["S1 events unseen 600 590 -", "S2 events unseen 400 390 -"]
    );
    let with_one = [values[0].clone(), item("S1", "SEK", 590, json!({}))];
    assert_eq!(
        speaks(&paid(&with_one)),
        ["AV707 payout S1 - - 590: dintero NOK", "AV707 payout S2 - - 390: dintero NOK"]
    );
    let with_any = [values[0].clone(), json!({"id": "S1", "amounts": [{"amount": 1}]})];
    assert_eq!(speaks(&paid(&with_any)), ["AV707 payout S2 - - 390: dintero NOK"]);
}

#[test]
fn av708_an_event_is_settled_by_more_or_less() {
    let more = settled("t1", 1000, json!([entry("S1", 600, 10), entry("S1", 401, 10)]));
    assert_eq!(speaks(&paid(&[more])), ["AV708 transaction t1 events[1] 1000 1001: "]);
    let mut less = settled("t1", 1000, json!([entry("S1", 999, 10)]));
    assert_eq!(speaks(&paid(&[less.clone()])), ["AV708 transaction t1 events[1] 1000 999: "]);
    less["events"][1]["settlements"]["settlement_status"] = json!("PARTIALLY_SETTLED");
    assert_eq!(speaks(&paid(&[less])), [""; 0]);
    let mut carded = settled("t1", 1000, json!([entry("S1", 999, 10)]));
    carded["gift_cards"] = json!([{"card_id": "k", "amount": 1}]);
    assert_eq!(speaks(&paid(&[carded])), [""; 0]);
}

#[test]
fn av710_a_line_that_its_transaction_does_not_name() {
    let values = [
        settled("t1", 1000, json!([entry("S2", 1000, 30)])),
        report(json!({"dintero_settlement_id": "S1"})),
        item("S2", "NOK", 970, json!({})),
    ];
    assert_eq!(speaks(&paid(&values)), ["AV710 settlement S1 transactions[0] - 970: "]);
    let bare = [transaction(json!({})), report(json!({}))];
    assert_eq!(speaks(&paid(&bare)), [""; 0], "without entries nothing is expected of them");
}

#[test]
fn av711_more_is_settled_than_was_captured() {
    let twice = [transaction(json!({})), report(json!({})), report(json!({"dintero_settlement_id": "e2"}))];
    assert_eq!(speaks(&paid(&twice)), ["AV711 transaction t1 - 1000 2000: captured"]);
    let told = [transaction(json!({"settlement_status": "SETTLED"})), twice[1].clone(), twice[2].clone()];
    assert_eq!(speaks(&paid(&told)), [""; 0], "AV704 says it");
}

#[test]
fn av706_is_silent_where_a_payment_names_a_settlement_of_its_own() {
    let old = settled("t1", 1000, json!([entry("S1", 1000, 30)]));
    let late = transaction(json!({"id": "t2", "amount": 0, "events": [authorize(28)]}));
    let other = report(json!({"transactions": [], "amount": 0, "capture": 0, "fee": 0}));
    silent("AV706", &[old, late.clone(), other.clone()]);
    fires("AV706", &[transaction(json!({})), late, other], &["t1 - - - - 1000"]);
}
