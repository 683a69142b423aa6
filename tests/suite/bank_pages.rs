//! `avstem show` of entries and statements of bank accounts.

use crate::showing::shown;
use crate::support::Desk;

/// An entry or a statement: its fact lines, and the payouts and findings below.
fn on_bank(desk: &Desk, name: &str) -> (Vec<String>, usize, Vec<String>) {
    let page = shown(desk, &[name, "in"]);
    let [document] = &page["documents"].as_array().unwrap()[..] else { panic!("one page of {name}") };
    assert_eq!((document["kind"].as_str(), document["id"].as_str()), (Some("bank"), Some(name)));
    let facts = document["states"].as_object().unwrap().iter().map(|(fact, value)| format!("{fact}: {value}"));
    let rules =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].as_str().unwrap().to_owned());
    (facts.collect(), document["payouts"].as_array().unwrap().len(), rules.collect())
}

fn settlement(id: &str, amount: u64, reference: &str) -> String {
    format!(
        r#"{{"dintero_settlement_id":"{id}","settlement_date":"2026-10-05","settlement_reference":"{reference}","currency":"NOK","amount":{amount},"capture":0,"refund":0,"fee":{amount},"transactions":[{{"fee":{amount}}}]}}"#
    )
}

fn entry(id: &str, side: &str, amount: &str, text: &str) -> String {
    format!(
        "<Ntry><Amt Ccy=\"NOK\">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><BookgDt><Dt>2026-10-06</Dt></BookgDt>\
         <AcctSvcrRef>{id}</AcctSvcrRef><AddtlNtryInf>{text}</AddtlNtryInf></Ntry>"
    )
}

fn balance(kind: &str, amount: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-10-31</Dt></Dt></Bal>"
    )
}

fn statement(id: &str, first: &str, last: &str, inner: &str) -> String {
    format!(
        "<Stmt><Id>{id}</Id><FrToDt><FrDtTm>{first}</FrDtTm><ToDtTm>{last}</ToDtTm></FrToDt>\
         <Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>{inner}</Stmt>"
    )
}

/// Four payouts, five entries, and two statements.
fn desk() -> Desk {
    let settlements = [("S1", 1000, "R17483"), ("S2", 500, "x"), ("S3", 500, "y"), ("S4", 700, "z")];
    let settlements = settlements.map(|(id, amount, reference)| settlement(id, amount, reference));
    let entries = [
        entry("A1", "CRDT", "10", "Kari R17483"),
        entry("A2", "CRDT", "10", "Kari R17483"),
        entry("A3", "CRDT", "5", ""),
        entry("A4", "CRDT", "9.99", "DINTERO Ola"),
        entry("A5", "DBIT", "1", ""),
    ];
    let inner = [balance("OPBD", "1"), balance("CLBD", "40"), entries.concat()].concat();
    let statements = [
        statement("1", "2026-10-01", "2026-10-31", &inner),
        statement("2", "2026-11-01", "2026-11-30", &balance("OPBD", "41")),
    ];
    let file = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt>{}</BkToCstmrStmt></Document>",
        statements.concat()
    );
    let desk = Desk::with("settlements.json", format!("[{}]", settlements.join(",")));
    desk.put("bank.xml", file);
    desk
}

#[test]
fn an_entry_says_what_it_was_held_against_and_what_came_of_it() {
    let desk = desk();
    let of = |name: &str| on_bank(&desk, &format!("*7947~f6c8/{name}"));
    let told = |id: &str, amount: i64, against: &str, outcome: &[&str], payouts: &[&str]| {
        let mut facts = vec![
            "account: \"*7947~f6c8\"".to_owned(),
            format!("amount_minor: {amount}"),
            "booked_on: \"2026-10-06\"".to_owned(),
            format!("held_against: {against:?}"),
        ];
        facts.extend(outcome.iter().map(|outcome| format!("outcome: {outcome:?}")));
        facts.extend(payouts.iter().map(|payouts| format!("payouts: {payouts:?}")));
        facts.push("statement: \"1\"".to_owned());
        assert_eq!(of(id).0, facts, "{id}");
    };
    let against = |equal: u64| format!("4 payouts of its currency, {equal} of its amount");
    told("A1", 1000, &against(1), &["matched by reference"], &["dintero S1 NOK"]);
    told("A2", 1000, &against(1), &["it repeats a credit that paid its payout in full"], &["dintero S1 NOK"]);
    let ambiguous = "it may pay each of several payouts, and nothing tells which";
    told("A3", 500, &against(2), &[ambiguous], &["dintero S2 NOK, dintero S3 NOK"]);
    let none = "no payout has its reference, and none within the window is as much alone or in a sum";
    told("A4", 999, &against(0), &[none], &[]);
    told("A5", -100, "no payout: it is no credit", &[], &[]);
    assert_eq!(["A1", "A2", "A3", "A4"].map(|id| of(id).1), [1, 0, 0, 0]);
    assert_eq!(["A3", "A4", "A5"].map(|id| of(id).2.join(" ")), ["AV807", "AV804", ""]);
    let text = desk.avstem(&["show", "*7947~f6c8/A4", "in"]).out;
    assert!(!text.contains("Ola") && text.contains("9.99"), "{text}");
}

#[test]
fn a_statement_says_its_balances_and_what_is_before_it() {
    let desk = desk();
    let of = |name: &str| on_bank(&desk, &format!("*7947~f6c8/{name}"));
    let (facts, _, rules) = of("1");
    let expected = [
        "account: \"*7947~f6c8\"",
        "booked_minor: 3399",
        "closing_minor: 4000",
        "days: \"2026-10-01 to 2026-10-31\"",
        "entries: 5",
        "opening_minor: 100",
        "pending: 0",
    ];
    assert_eq!((facts, rules), (expected.map(str::to_owned).to_vec(), vec!["AV805".to_owned()]));
    let (facts, _, rules) = of("2");
    assert!(facts.contains(&"statement_before: \"*7947~f6c8/1, 2026-10-01 to 2026-10-31\"".to_owned()), "{facts:?}");
    assert!(facts.contains(&"closing_before_minor: 4000".to_owned()), "{facts:?}");
    assert_eq!(rules, ["AV806"]);
}
