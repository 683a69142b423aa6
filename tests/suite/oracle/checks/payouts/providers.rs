//! Klarna's settlements and Vipps' funds.

use super::*;

fn klarna(reference: &str, day: &str, totals: Value) -> Value {
    json!({
        "payment_reference": reference, "payout_date": day, "currency_code": "NOK", "merchant_id": "m",
        "totals": totals,
    })
}

fn klarna_line(reference: &str, word: &str, amount: i64) -> Value {
    json!({"payment_reference": reference, "currency_code": "NOK", "type": word, "amount": amount})
}

#[test]
fn returns_beyond_sales_become_a_debt() {
    let payout = klarna(
        "K1",
        "2026-01-14T07:52:26Z",
        json!({"sale_amount": 300, "return_amount": 1000, "deposit_amount": 700, "settlement_amount": 0}),
    );
    let output = paid(&[payout]);
    assert_eq!(cells(&output.payouts, &ACCOUNT), ["300 -1000 0 0 0 700 0 0 nothing by-type"]);
    let columns = ["namespace", "settlement_id", "provider", "origin", "settled_on", "settlement_reference"];
    assert_eq!(cells(&output.payouts, &columns), ["klarna K1 klarna klarna 2026-01-14 K1"]);
    assert_eq!(speaks(&output), [""; 0]);
}

#[test]
fn totals_are_read_by_type_or_signed() {
    let account = |totals: Value| cells(&paid(&[klarna("K1", "2026-01-14", totals)]).payouts, &ACCOUNT).concat();
    let of = |fee: i64, settlement: i64| {
        json!({
            "sale_amount": 1000, "fee_amount": fee, "tax_amount": fee / 10, "repay_amount": 0,
            "holdback_amount": fee, "settlement_amount": settlement,
        })
    };
    assert_eq!(account(of(100, 790)), "1000 0 -110 -100 0 0 0 790 unchecked by-type");
    assert_eq!(account(of(-100, 790)), "1000 0 -110 -100 0 0 0 790 unchecked signed");
    assert_eq!(account(of(100, 800)), "1000 0 -110 -100 0 0 10 800 unchecked none");
    let repaid = json!({"sale_amount": 1000, "repay_amount": 700, "settlement_amount": 300});
    assert_eq!(account(repaid), "1000 0 0 0 -700 0 0 300 unchecked by-type");
}

#[test]
fn av712_the_parts_or_the_lines_of_a_provider_do_not_sum() {
    let values = [
        klarna("K1", "2026-01-14", json!({"sale_amount": 1000, "return_amount": 400, "settlement_amount": 500})),
        klarna_line("K1", "SALE", 900),
        klarna_line("K1", "RETURN", 400),
        klarna_line("K1", "RETURN", 400),
    ];
    assert_eq!(
        speaks(&paid(&values)),
        ["AV712 payout K1 - 1000 900: klarna NOK captures", "AV712 payout K1 - 600 500: klarna NOK sum"],
        "two lines that are wholly alike count as one"
    );
}

#[test]
fn lines_without_their_payout_are_unseen() {
    let by_type = [klarna_line("K1", "SALE", 900), klarna_line("K1", "FEE", 30), klarna_line("K1", "CREDIT", 5)];
    let row = |values: &[Value]| cells(&paid(values).payouts, &ACCOUNT).concat();
    assert_eq!(row(&by_type), "900 0 -30 5 0 0 0 875 unseen by-type");
    let signed = [klarna_line("K1", "SALE", 900), klarna_line("K1", "FEE", -30), klarna_line("K1", "TAX", 5)];
    assert_eq!(row(&signed), "900 0 -30 5 0 0 0 875 unseen signed");
    assert_eq!(cells(&paid(&signed).payouts, &["origin", "lines", "unjoined_lines"]), ["events 3 3"]);
}

#[test]
fn the_later_of_unequal_payouts_counts() {
    let of = |amount: i64| klarna("K1", "2026-01-14", json!({"sale_amount": amount, "settlement_amount": amount}));
    let output = paid(&[of(1), of(2), of(2)]);
    assert_eq!(cells(&output.payouts, &["amount_minor"]), ["2"]);
    let counts = output.counts[0].1;
    assert_eq!((counts.accepted, counts.duplicate, counts.superseded), (1, 1, 1));
}

#[test]
fn lines_are_joined_by_exact_ids_of_one_transaction() {
    let mut by_entry = settled("t1", 1000, json!([entry("S1", 1000, 0)]));
    by_entry["events"][1]["settlements"]["events"][0]["event_correlation_id"] = json!("c-1");
    let mut by_event = transaction(json!({"id": "t2"}));
    by_event["events"][1]["metadata"] = json!({"payout_correlation_id": "c-2"});
    let one = transaction(json!({"id": "t3", "metadata": {"payout_correlation_id": "c-3"}}));
    let other = transaction(json!({"id": "t4", "metadata": {"payout_correlation_id": "c-4"}}));
    let another = with(other.clone(), json!({"id": "t5"}));
    let joined = |id: &str| {
        let line = with(klarna_line("K1", "SALE", 1000), json!({"order_id": id, "capture_id": ""}));
        let values = [by_entry.clone(), by_event.clone(), one.clone(), other.clone(), another.clone(), line];
        let rows = cells(&paid(&values).payouts, &["namespace", "joined_lines"]);
        rows.into_iter().filter(|row| row.starts_with("klarna")).collect::<String>()
    };
    for (id, count) in [("c-1", 1), ("c-2", 1), ("c-3", 1), ("c-4", 0), ("C-1", 0), ("t1", 0)] {
        assert_eq!(joined(id), format!("klarna {count}"), "{id}");
    }
}

#[test]
fn a_source_has_no_row_and_its_amount_is_compared() {
    let values = [
        item("S1", "NOK", 900, json!({"provider_reference": "K1"})),
        klarna("K1", "2026-01-14", json!({"sale_amount": 1000, "settlement_amount": 1000})),
        klarna_line("K1", "SALE", 1000),
    ];
    let output = paid(&values);
    assert_eq!(speaks(&output), ["AV712 payout S1 - 900 1000: dintero NOK source"]);
    assert_eq!(cells(&output.payouts, &["settlement_id", "lines", "amount_minor", "findings"]), ["S1 0 900 1"]);
    let two = [values[0].clone(), item("S2", "NOK", 900, json!({"settlement_reference": "K1"})), values[1].clone()];
    assert_eq!(cells(&paid(&two).payouts, &["settlement_id"]), ["S1", "S2", "K1"], "of two it is none's");
}

fn funds(kind: &str, day: &str, amount: i64, more: Value) -> Value {
    with(json!({"entryType": kind, "ledgerDate": day, "currency": "NOK", "amount": amount}), more)
}

/// A payout with its lines, which are not in the order of the ledger.
fn ledger_entries() -> Vec<Value> {
    vec![
        funds("payout-scheduled", "2026-01-06", -1000, json!({"reference": "2000101", "balanceAfter": 25})),
        funds("refund", "2026-01-06", -200, json!({"time": "2026-01-06T09:00:00+0100", "balanceBefore": 1225})),
        funds("capture", "2026-01-05", 1200, json!({"balanceBefore": 50, "pspReference": "p1"})),
        funds("capture", "2026-01-05", 1200, json!({"balanceBefore": 50, "pspReference": "p1"})),
        funds("fees-retained", "2026-01-06", -30, json!({"time": "2026-01-06T08:30:00Z"})),
        funds("something-new", "2026-01-06", 5, json!({"time": "2026-01-06T08:31:00Z"})),
        funds("capture-fee", "2026-01-06", -7, json!({})),
        funds("capture", "2026-01-07", 700, json!({})),
    ]
}

#[test]
fn a_ledger_is_cut_into_payouts() {
    let of = |path: &str| paid_sources(vec![source(path, &ledger_entries())]);
    let output = of("v/ledgers/302321/funds/1.json");
    assert_eq!(cells(&output.payouts, &ACCOUNT), ["1200 -200 -30 5 50 -25 0 1000 unchecked signed"]);
    let columns = ["namespace", "settlement_id", "origin", "settled_on", "settlement_reference", "lines"];
    assert_eq!(cells(&output.payouts, &columns), ["vipps 302321/2000101 vipps 2026-01-06 2000101 4"]);
    assert_eq!(cells(&of("funds.json").payouts, &["settlement_id"]), ["2000101"]);
    assert_eq!(of("v/fees/1.json").payouts.len(), 0);
}

#[test]
fn av713_a_ledger_goes_on_with_another_balance() {
    let next = |before: i64| {
        let mut values = ledger_entries();
        values.pop();
        values.push(funds("capture", "2026-01-07", 700, json!({"balanceBefore": before})));
        values.push(funds("payout", "2026-01-07", -700 - before, json!({"pspReference": "x", "balanceAfter": 0})));
        speaks(&paid(&values))
    };
    assert_eq!(next(25), [""; 0]);
    assert_eq!(next(20), ["AV713 payout x - 25 20: vipps NOK"]);
}

#[test]
fn av713_a_debt_that_klarna_forgot() {
    let of = |reference: &str, day: &str, opening: i64, closing: i64| {
        let totals = json!({
            "settlement_amount": 0, "opening_debt_balance_amount": opening, "closing_debt_balance_amount": closing,
        });
        klarna(reference, day, totals)
    };
    let broken = [of("K2", "2026-01-15", 600, 0), of("K1", "2026-01-14", 0, 700)];
    assert_eq!(speaks(&paid(&broken)), ["AV713 payout K2 - 700 600: klarna NOK"]);
    let of_one_day = [of("K2", "2026-01-14", 600, 0), of("K1", "2026-01-14", 0, 700)];
    assert_eq!(speaks(&paid(&of_one_day)), [""; 0]);
}
