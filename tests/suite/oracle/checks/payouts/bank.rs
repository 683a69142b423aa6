//! The bank: the worked example and the edge cases.

use super::*;
use crate::oracle::BankCsv;

const ACCOUNT_NUMBER: &str = "NO9386011117947";

/// What a booked entry of camt.053 says.
#[derive(Clone, Default)]
pub struct Booked {
    day: &'static str,
    amount: &'static str,
    currency: &'static str,
    text: &'static str,
    reference: &'static str,
    more: &'static str,
}

pub fn credit(day: &'static str, amount: &'static str, text: &'static str, reference: &'static str) -> Booked {
    Booked { day, amount, currency: "NOK", text, reference, more: "" }
}

impl Booked {
    fn xml(&self) -> String {
        let reference = match self.reference {
            "" => String::new(),
            text => format!("<AcctSvcrRef>{text}</AcctSvcrRef>"),
        };
        format!(
            "<Ntry><Amt Ccy=\"{}\">{}</Amt><CdtDbtInd>CRDT</CdtDbtInd>{}<BookgDt><Dt>{}</Dt></BookgDt>{reference}\
             <AddtlNtryInf>{}</AddtlNtryInf></Ntry>",
            self.currency, self.amount, self.more, self.day, self.text
        )
    }
}

fn balance(code: &str, day: &str, amount: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

/// A file with one statement; empty balances are left out.
pub fn statement(id: &str, days: (&str, &str), balances: (&str, &str), entries: &[Booked]) -> Vec<u8> {
    let stated = |code: &str, day: &str, amount: &str| match amount {
        "" => String::new(),
        _ => balance(code, day, amount),
    };
    let entries: String = entries.iter().map(Booked::xml).collect();
    format!(
        "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt>\
         <Stmt><Id>{id}</Id><FrToDt><FrDtTm>{}T00:00:00</FrDtTm><ToDtTm>{}T23:59:59</ToDtTm></FrToDt>\
         <Acct><Id><IBAN>NO93 8601 1117 947</IBAN></Id><Ccy>NOK</Ccy></Acct>{}{}{entries}</Stmt>\
         </BkToCstmrStmt></Document>",
        days.0,
        days.1,
        stated("OPBD", days.0, balances.0),
        stated("CLBD", days.1, balances.1)
    )
    .into_bytes()
}

fn file(name: &str, bytes: Vec<u8>) -> Source {
    Source { name: name.to_owned(), records: Vec::new(), bank: Some(bytes) }
}

fn banked_as(values: &[Value], files: Vec<Vec<u8>>, csv: BankCsv) -> Output {
    let mut sources = vec![source("export.json", values)];
    sources.extend(files.into_iter().enumerate().map(|(n, bytes)| file(&format!("bank{n}"), bytes)));
    let settings = Settings {
        payouts: PayoutSettings { csv, ..PayoutSettings::default() },
        as_of: Instant::parse("2026-12-01T00:00:00Z"),
        ..Settings::default()
    };
    judge(&Input { sources }, &settings)
}

fn banked(values: &[Value], files: Vec<Vec<u8>>) -> Output {
    banked_as(values, files, BankCsv::default())
}

/// January with these entries.
fn january(entries: &[Booked]) -> Vec<u8> {
    statement("JAN", ("2026-01-01", "2026-01-31"), ("", ""), entries)
}

/// A payout of 10 January.
fn of_january(id: &str, amount: i64, texts: Value) -> Value {
    with(item(id, "NOK", amount, json!({"settlement_date": "2026-01-10"})), texts)
}

fn masked() -> String {
    crate::oracle::payouts::masked(ACCOUNT_NUMBER)
}

const MATCH: [&str; 6] = ["settlement_id", "state", "received_minor", "matched_by", "bank_date", "candidates"];

fn expect(values: &[Value], entries: &[Booked], rows: &[&str], findings: &[&str]) {
    let output = banked(values, vec![january(entries)]);
    assert_eq!(cells(&output.payouts, &MATCH), rows);
    let speaks: Vec<String> = speaks(&output).into_iter().map(|line| line.replace(&masked(), "@")).collect();
    assert_eq!(speaks, findings);
}

fn example_statement(amount: &'static str) -> Vec<u8> {
    let entry = credit("2026-10-06", amount, "DINTERO R17483", "A1");
    statement("OCT", ("2026-10-01", "2026-10-31"), ("100.00", "1555.00"), &[entry])
}

#[test]
fn the_example_is_received() {
    let output = banked(&example(), vec![example_statement("1455.00")]);
    assert_eq!(output.findings.len(), 0, "{:?}", output.findings);
    assert_eq!(cells(&output.payouts, &MATCH), ["S1 matched 145500 reference 2026-10-06 -"]);
    assert_eq!(cells(&output.payouts, &["bank_entries"]), [format!("{}/A1", masked())]);
}

#[test]
fn ten_kroner_too_few_of_the_example_are_said() {
    let output = banked(&example(), vec![example_statement("1445.00")]);
    let bank = format!("AV805 bank {}/OCT - 154500 155500: ", masked());
    assert_eq!(speaks(&output), ["AV802 payout S1 - 145500 144500: dintero NOK amount", bank.as_str()]);
    assert_eq!(cells(&output.payouts, &["state"]), ["differs"]);
}

#[test]
fn a_postponed_payout_is_not_awaited() {
    let values = [of_january("S1", 900, json!({"payment_status": "postponed", "settlement_reference": "R17483"}))];
    let unknown = ["AV804 bank @/A1 - 0 900: "];
    expect(&values, &[credit("2026-01-11", "9.00", "Dintero R17483", "A1")], &["S1 postponed - - - -"], &unknown);
    expect(&values, &[credit("2026-01-11", "9.00", "R17483", "A1")], &["S1 postponed - - - -"], &[]);
}

fn named(amount: i64) -> [Value; 1] {
    [of_january("S1", amount, json!({"settlement_reference": "R17483"}))]
}

#[test]
fn one_payout_may_come_in_parts_and_not_twice() {
    let pay = |amounts: [&'static str; 2]| {
        [credit("2026-01-11", amounts[0], "R17483", "A1"), credit("2026-01-12", amounts[1], "R17483", "A2")]
    };
    expect(&named(1000), &pay(["4.00", "6.00"]), &["S1 matched 1000 reference 2026-01-12 -"], &[]);
    let twice = |amount: i64| format!("AV803 payout S1 - 0 {amount}: dintero NOK @/A2");
    expect(&named(1000), &pay(["10.00", "10.00"]), &["S1 matched 1000 reference 2026-01-11 -"], &[&twice(1000)]);
    expect(&named(1000), &pay(["10.00", "3.00"]), &["S1 matched 1000 reference 2026-01-11 -"], &[&twice(300)]);
    let differs = ["AV802 payout S1 - 1000 700: dintero NOK amount"];
    expect(&named(1000), &pay(["4.00", "3.00"]), &["S1 differs 700 reference 2026-01-12 -"], &differs);
}

#[test]
fn tokens_stand_as_whole_words() {
    let by = |token: &str, text: &'static str| {
        let values = [of_january("S", 1000, json!({"settlement_reference": token, "settlement_date": null}))];
        let output = banked(&values, vec![january(&[credit("2026-01-30", "10.00", text, "A1")])]);
        cells(&output.payouts, &["state"]).concat() == "matched"
    };
    assert!(by("R17483", "from R17483") && !by("R17483", "R174830") && !by("R17483", "R 17483"));
    assert!(by("R17483-E4839A", "r17483 e4839a") && by("R17483-E4839A", "x R17483E4839A"));
    assert!(!by("1234", "1234") && !by("ABCDEF", "ABCDEF"));
}

#[test]
fn what_has_no_standing_token_goes_by_amount() {
    for token in ["1234", "ABCDEF"] {
        let values = [of_january("S1", 1000, json!({"settlement_reference": token}))];
        let matched = ["S1 matched 1000 amount 2026-01-17 -"];
        expect(&values, &[credit("2026-01-17", "10.00", "1234 ABCDEF", "A1")], &matched, &[]);
    }
}

#[test]
fn equal_amounts_are_ambiguous() {
    let values = [of_january("a", 500, json!({})), of_january("b", 500, json!({}))];
    let entries = [credit("2026-01-11", "5.00", "x", "A1"), credit("2026-01-12", "5.00", "x", "A2")];
    let one = ["AV807 bank @/A1 - - 500: "];
    expect(&values, &entries[..1], &["a ambiguous - - - 1", "b ambiguous - - - 1"], &one);
    let two = [one[0], "AV807 bank @/A2 - - 500: "];
    expect(&values, &entries, &["a ambiguous - - - 2", "b ambiguous - - - 2"], &two);
}

fn of_seller(id: &str, amount: i64, seller: &str) -> Value {
    of_january(id, amount, json!({"provider": "payout", "payout_destination_id": seller}))
}

#[test]
fn several_payouts_of_one_sender_may_come_as_one() {
    let five = [credit("2026-01-11", "5.00", "x", "A1")];
    let values = [of_seller("a", 300, "p"), of_seller("b", 200, "p")];
    expect(&values, &five, &["a matched 300 sum 2026-01-11 -", "b matched 200 sum 2026-01-11 -"], &[]);
    let many = [values[0].clone(), values[1].clone(), of_seller("c", 250, "p"), of_seller("d", 250, "p")];
    let rows = ["a", "b", "c", "d"].map(|id| format!("{id} ambiguous - - - 1"));
    expect(&many, &five, &rows.each_ref().map(String::as_str), &["AV807 bank @/A1 - - 500: "]);
    for other in [of_seller("b", 200, "q"), with(values[1].clone(), json!({"provider": "klarna"}))] {
        let unpaid = |id: &str, amount: i64| format!("AV801 payout {id} - {amount} 0: dintero NOK");
        let rows = ["a overdue - - - -", "b overdue - - - -"];
        expect(&[values[0].clone(), other], &five, &rows, &[&unpaid("a", 300), &unpaid("b", 200)]);
    }
}

#[test]
fn thirteen_payouts_are_not_searched() {
    let pay = |count: i64| {
        let values: Vec<Value> = (0..count).map(|n| of_seller(&format!("{n:02}"), 1 << n, "p")).collect();
        let output = banked(&values, vec![january(&[credit("2026-01-11", "0.03", "x", "A1")])]);
        cells(&output.payouts[..2], &["matched_by"]).concat()
    };
    assert_eq!((pay(12).as_str(), pay(13).as_str()), ("sumsum", "--"));
}

#[test]
fn the_window_holds_for_amounts_and_not_for_tokens() {
    let late = |text: &'static str| [credit("2026-01-18", "10.00", text, "A1")];
    let missed = ["AV801 payout S1 - 1000 0: dintero NOK"];
    expect(&named(1000), &late("x"), &["S1 overdue - - - -"], &missed);
    expect(&named(1000), &late("R17483"), &["S1 matched 1000 reference 2026-01-18 -"], &[]);
}

#[test]
fn a_payout_is_awaited_as_long_as_statements_are() {
    let until = |last: &str| {
        let file = statement("JAN", ("2026-01-01", last), ("", ""), &[]);
        cells(&banked(&named(1000), vec![file]).payouts, &["state"]).concat()
    };
    assert_eq!((until("2026-01-16").as_str(), until("2026-01-17").as_str()), ("expected", "overdue"));
}

#[test]
fn a_payout_in_another_currency_is_named() {
    let foreign = Booked { currency: "SEK", ..credit("2026-01-11", "10.00", "Dintero R17483", "A1") };
    let differs = ["AV802 payout S1 - NOK SEK: dintero NOK currency"];
    expect(&named(1000), &[foreign], &["S1 differs - - - -"], &differs);
    let both = json!({
        "id": "S1", "settlement_reference": "R17483", "settlement_date": "2026-01-10",
        "amounts": [{"currency": "NOK", "amount": 1000, "capture": 1000}, {"currency": "EUR", "amount": 80, "capture": 80}],
    });
    let output = banked(&[both], vec![january(&[credit("2026-01-11", "10.00", "R17483", "A1")])]);
    assert_eq!(cells(&output.payouts, &["currency", "state"]), ["EUR expected", "NOK matched"]);
    assert_eq!(speaks(&output), [""; 0]);
}

#[test]
fn an_entry_of_two_statements_counts_once_by_its_reference() {
    let pay = |reference: &'static str| {
        let entry = credit("2026-01-12", "10.00", "R17483", reference);
        let files = vec![
            statement("A", ("2026-01-01", "2026-01-15"), ("", ""), std::slice::from_ref(&entry)),
            statement("B", ("2026-01-11", "2026-01-31"), ("", ""), &[entry]),
        ];
        speaks(&banked(&named(1000), files)).into_iter().map(|line| line.replace(&masked(), "@")).collect::<Vec<_>>()
    };
    assert_eq!(pay("A1"), ["AV806 bank @/B - - -: "]);
    assert_eq!(pay(""), ["AV803 payout S1 - 0 1000: dintero NOK @/2026-01-12#2", "AV806 bank @/B - - -: "]);
}

#[test]
fn pending_entries_are_left_out() {
    let pending = Booked { more: "<Sts><Cd>PDNG</Cd></Sts>", ..credit("2026-01-11", "10.00", "Dintero R17483", "A1") };
    let file = statement("JAN", ("2026-01-01", "2026-01-12"), ("1.00", "1.00"), &[pending]);
    let output = banked(&named(1000), vec![file]);
    assert_eq!(cells(&output.payouts, &["state"]), ["expected"]);
    assert_eq!(speaks(&output), [""; 0]);
}

#[test]
fn too_many_decimals_refuse_the_file() {
    let state = |amount: &'static str| {
        let file = january(&[credit("2026-01-11", amount, "R17483", "A1")]);
        cells(&banked(&named(1000), vec![file]).payouts, &["state"]).concat()
    };
    assert_eq!((state("10.000"), state("10.005")), ("matched".to_owned(), "unchecked".to_owned()));
}

fn csv() -> BankCsv {
    let keys = [
        ("account", "1503.44.55667"),
        ("currency", "NOK"),
        ("date", "Dato"),
        ("date_format", "%d.%m.%Y"),
        ("amount", "Beløp"),
        ("balance", "Saldo"),
    ];
    let keys = keys.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    BankCsv { keys, text: vec!["Tekst".to_owned()] }
}

#[test]
fn a_csv_is_a_statement_and_a_row_that_does_not_fit_refuses_it() {
    let state = |rows: &str| {
        let file = format!("Dato;Tekst;Beløp;Saldo\n{rows}").into_bytes();
        let output = banked_as(&named(100_000), vec![file], csv());
        cells(&output.payouts, &["state", "bank_entries"]).concat() + &speaks(&output).concat()
    };
    let newest_first = "12.01.2026;\"a;b\";-1,5;2 998,50;\n11.01.2026;R17483;1.000,00;3000\n";
    let id = crate::oracle::payouts::masked("15034455667");
    assert_eq!(state(newest_first), format!("matched {id}/2026-01-11#1"));
    assert_eq!(state("2026-01-11;R17483;1.000,00;3000\n"), "unchecked -");
    assert_eq!(state("11.01.2026;R17483;1.00,00;3000\n"), "unchecked -");
}

#[test]
fn av806_balances_of_neighbours_differ() {
    let statements = |opening: &str| {
        let files = vec![
            statement("A", ("2026-01-01", "2026-01-10"), ("1.00", "1.00"), &[]),
            statement("B", ("2026-01-12", "2026-01-31"), (opening, opening), &[]),
        ];
        speaks(&banked(&[], files)).len()
    };
    assert_eq!((statements("1.00"), statements("1.01")), (0, 1));
}

#[test]
fn several_payouts_and_entries_pair_by_unique_amounts() {
    let token = json!({"settlement_reference": "R17483"});
    let values = [
        of_january("a", 100, token.clone()),
        of_january("b", 200, token.clone()),
        of_january("c", 300, json!({"settlement_reference": "R17483"})),
    ];
    let entries = [credit("2026-01-11", "1.00", "R17483", "A1"), credit("2026-01-12", "2.50", "R17483", "A2")];
    let rows = ["a matched 100 reference 2026-01-11 -", "b ambiguous - - - 1", "c ambiguous - - - 1"];
    expect(&values, &entries, &rows, &["AV807 bank @/A2 - - 250: "]);
}

#[test]
fn batches_are_their_parts_and_notifications_give_their_texts() {
    let details = "<NtryDtls><TxDtls><Amt Ccy=\"NOK\">4.00</Amt><RmtInf><Ustrd>R17483</Ustrd></RmtInf></TxDtls>\
                   <TxDtls><Amt Ccy=\"NOK\">6.00</Amt></TxDtls></NtryDtls>";
    let batch = Booked { more: details, ..credit("2026-01-11", "10.00", "batch", "A1") };
    let output = banked(&named(400), vec![january(&[batch])]);
    assert_eq!(cells(&output.payouts, &["state", "bank_entries"]), [format!("matched {}/A1/1", masked())]);
    let notification = String::from_utf8(january(&[credit("2026-01-11", "10.00", "R17483", "A1")])).expect("text");
    let notification = notification
        .replace("camt.053", "camt.054")
        .replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn")
        .replace("Stmt>", "Ntfctn>")
        .into_bytes();
    let plain = january(&[credit("2026-01-20", "10.00", "x", "A1")]);
    let output = banked(&named(1000), vec![notification, plain]);
    assert_eq!(cells(&output.payouts, &["state", "matched_by"]), ["matched reference"]);
}
