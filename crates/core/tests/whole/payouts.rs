//! The payouts of a night, and those of providers that pay out themselves.

use avstem_core::findings::Found;
use avstem_core::judge::{Accounts, PayoutPlan, RemittedAccounts, judge_payouts};
use avstem_core::model::card::Kind;
use avstem_core::model::evidence::{Watch, documents_part};
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::payout::evidence::PayoutDocuments;
use avstem_core::payout::words::Payers;
use avstem_core::payout::{LineJoins, Payout, PayoutKey, PayoutLine};
use avstem_core::rows::pieces;
use avstem_core::rules::Checks;

use crate::night::{File, Night, night};
use crate::oracle;
use crate::stories::EngineSettings;

/// Payouts, the lines of providers that pay out themselves, and what is found on them.
pub struct PaidOut {
    pub all: Vec<(PayoutKey, Payout)>,
    pub lines: Vec<(PayoutKey, PayoutLine)>,
    pub found: [Found; 2],
    pub met: Vec<u64>,
}

impl PaidOut {
    /// The rows come in any order.
    pub fn of(
        (rows, remittances): (&[&[u8]], &[&[u8]]),
        checks: &Checks,
        settings: &Settings,
        facts: &Facts,
        watch: Watch<'_>,
    ) -> PaidOut {
        let sorted = |rows: &[&[u8]]| {
            let mut rows: Vec<Vec<u8>> = rows.iter().flat_map(|rows| pieces(rows)).map(<[u8]>::to_vec).collect();
            rows.sort_unstable();
            rows
        };
        let mut accounts = Accounts::new(checks, settings, facts);
        sorted(rows).iter().for_each(|row| accounts.add(row));
        let settlements = accounts.documents;
        let (mut all, found) = accounts.finish();
        let rows = sorted(remittances);
        let (mut remitted, mut met, mut lines) = (RemittedAccounts::default(), Vec::new(), Vec::new());
        let mut joins = LineJoins::default();
        for row in &rows {
            joins.add(row, |remittance, documents, joined| remitted.add(remittance, documents, joined.is_some()));
        }
        joins.finish(|remittance, documents, joined| remitted.add(remittance, documents, joined.is_some()));
        remitted.finish(settlements, watch, &mut met);
        remitted.deliver(&mut all);
        let mut joins = LineJoins::default();
        for row in &rows {
            joins.add(row, |remittance, _, joined| lines.extend(remitted.line(remittance, joined)));
        }
        joins.finish(|remittance, _, joined| lines.extend(remitted.line(remittance, joined)));
        let payers = Payers::default();
        let plan = PayoutPlan { checks, settings, facts, watch, window: 7, payers: &payers };
        let documents = PayoutDocuments { settlements, remittances: remitted.documents, statements: 0 };
        let on_payouts = judge_payouts(&mut all, &[], documents, &plan);
        met.extend(on_payouts.met);
        let found = [found, on_payouts.findings];
        PaidOut { all, lines, found, met }
    }
}

fn paid_out(files: &[(&str, &str)]) -> Night {
    let files: Vec<File> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), text.replace('\n', " ").replace(" ~", "\n").into_bytes()))
        .collect();
    let settings = EngineSettings::new(&oracle::Settings::default());
    let one = night(&files, &settings, 1);
    assert_eq!(said(&one), said(&night(&files, &settings, 4)), "partitions do not matter");
    one
}

/// Each payout: namespace, id, currency, convention, lines and joined lines, the six parts, unexplained, amount, state.
fn said(night: &Night) -> Vec<String> {
    let say = |(key, payout): &(PayoutKey, Payout)| {
        let Payout { parts, other, carried_in, carried_out, unexplained, amount, lines, joined_lines, .. } = payout;
        let sums = [parts.captures, parts.refunds, parts.fees, *other, *carried_in, *carried_out];
        format!(
            "{} {} {} {} {lines}/{joined_lines} {sums:?} {unexplained} {amount} {}",
            key.namespace,
            key.id,
            key.currency,
            payout.convention.as_deref().unwrap_or("-"),
            payout.state().word()
        )
    };
    night.payouts.all.iter().map(say).collect()
}

/// The findings on payouts: rule, id, detail, expected and actual.
fn found(night: &Night) -> Vec<String> {
    let of_payouts = night.findings.iter().filter(|finding| finding.evidence.contains("y:"));
    of_payouts
        .map(|finding| {
            let [expected, actual] = [&finding.expected, &finding.actual].map(|value| value.amount().unwrap_or(0));
            format!("{} {} {} {expected} {actual}", finding.card.code, finding.id, finding.detail)
        })
        .collect()
}

/// The lines of providers: the payout, the number, transaction, what joins it, event, product, parts, net.
fn lines(night: &Night) -> Vec<String> {
    let say = |(key, line): &(PayoutKey, PayoutLine)| {
        format!(
            "{} {} {} {} {} {:?} {} {} {}",
            key.namespace,
            key.id,
            line.line,
            line.transaction.as_deref().unwrap_or("-"),
            line.joined_by.map_or("-", |by| by.word()),
            line.event,
            line.product_type.as_deref().unwrap_or("-"),
            [line.parts.captures, line.parts.refunds, line.parts.fees].map(|part| part.to_string()).join("/"),
            line.net,
        )
    };
    let mut all: Vec<String> = night.payouts.lines.iter().map(say).collect();
    all.sort();
    all
}

fn statement(id: &str, totals: &str) -> String {
    format!(
        r#"{{"payment_reference":"{id}","payout_date":"2026-10-05T08:00:00Z","currency_code":"NOK","merchant_id":"M","totals":{{{totals}}}}}"#
    )
}

fn line(id: &str, word: &str, amount: i64, more: &str) -> String {
    format!(r#"{{"payment_reference":"{id}","type":"{word}","amount":{amount},"currency_code":"NOK"{more}}}"#)
}

fn entry(word: &str, amount: i64, day: u32, more: &str) -> String {
    format!(r#"{{"entryType":"{word}","amount":{amount},"ledgerDate":"2026-10-{day:02}","currency":"NOK"{more}}}"#)
}

fn whole(records: &[String]) -> Night {
    paid_out(&[("ledgers/7/funds.ndjson", &records.join(" ~"))])
}

#[test]
fn totals_add_up_by_their_names_or_by_their_signs_or_not() {
    let by_name = r#""settlement_amount":85,"sale_amount":100,"return_amount":10,"fee_amount":5"#;
    let signed = r#""settlement_amount":85,"sale_amount":100,"return_amount":-10,"fee_amount":-5"#;
    let neither = r#""settlement_amount":80,"sale_amount":100,"return_amount":-10,"fee_amount":5"#;
    let debt = r#""settlement_amount":0,"return_amount":700,"deposit_amount":700"#;
    let night =
        whole(&[statement("K1", by_name), statement("K2", signed), statement("K3", neither), statement("K4", debt)]);
    assert_eq!(
        said(&night),
        [
            "klarna K1 NOK by-type 0/0 [100, -10, -5, 0, 0, 0] 0 85 unchecked",
            "klarna K2 NOK signed 0/0 [100, -10, -5, 0, 0, 0] 0 85 unchecked",
            "klarna K3 NOK none 0/0 [100, 10, -5, 0, 0, 0] -25 80 unchecked",
            "klarna K4 NOK by-type 0/0 [0, -700, 0, 0, 0, 700] 0 0 nothing",
        ]
    );
    assert_eq!(found(&night), ["AV712 K3 klarna NOK sum 105 80"]);
}

#[test]
fn of_unequal_payouts_the_later_counts_and_lines_that_are_equal_once() {
    let totals = |amount: i64| statement("K1", &format!(r#""settlement_amount":{amount},"sale_amount":{amount}"#));
    let sale = line("K1", "SALE", 50, r#","order_id":"o","x":1"#);
    let again = line("K1", "SALE", 50, r#", "x":1.0, "order_id":"o" "#);
    let other = sale.replace(r#""x":1"#, r#""x":2"#);
    let night = paid_out(&[
        ("b", &[totals(90), sale.clone(), again].join(" ~")),
        ("a", &[totals(80), totals(100), other, sale].join(" ~")),
    ]);
    assert_eq!(said(&night), ["klarna K1 NOK by-type 2/0 [90, 0, 0, 0, 0, 0] 0 90 unchecked"]);
    assert_eq!(found(&night), ["AV712 K1 klarna NOK captures 90 100"]);
}

#[test]
fn lines_are_taken_off_by_their_words_unless_one_of_these_is_negative() {
    let lines_of = |id: &str, sign: i64| {
        ["SALE", "RETURN", "FEE", "FEE_REFUND", "REVERSAL", "CHARGE", "HOLDBACK", "TAX", "CREDIT"]
            .into_iter()
            .zip(1..)
            .map(|(word, n)| {
                let is_taken_off = !matches!(word, "SALE" | "FEE_REFUND" | "CREDIT");
                line(id, word, if is_taken_off { sign * n * 10 } else { n * 10 }, "")
            })
            .collect::<Vec<_>>()
    };
    let night = whole(&[lines_of("K1", 1), lines_of("K2", -1)].concat());
    // Without their payout they make one that nobody states.
    let parts = "9/0 [10, -20, 10, -170, 0, 0] 0 -170 unseen";
    assert_eq!(said(&night), [format!("klarna K1 NOK by-type {parts}"), format!("klarna K2 NOK signed {parts}")]);
    let stated = statement("K1", r#""settlement_amount":0,"sale_amount":20,"return_amount":20"#);
    let night = whole(&[lines_of("K1", 1), vec![stated]].concat());
    assert_eq!(said(&night), ["klarna K1 NOK by-type 9/0 [20, -20, 0, 0, 0, 0] 0 0 nothing"]);
    assert_eq!(found(&night), ["AV712 K1 klarna NOK captures 20 10"]);
}

#[test]
fn entries_belong_to_the_next_payout_of_their_ledger_and_currency() {
    let before = r#","balanceBefore":30,"reference":"r""#;
    let records = [
        entry("capture", 100, 1, before),
        entry("refund", -20, 1, ""),
        entry("fees-retained", -5, 1, ""),
        entry("top-up", 7, 2, ""),
        entry("payout-scheduled", -100, 2, r#","reference":"2000101","pspReference":"p","balanceAfter":12"#),
        entry("payout", -12, 3, r#","pspReference":"p2","balanceBefore":12,"balanceAfter":0"#),
        entry("capture", 9, 3, "").replace("03", "04"),
        entry("capture", 40, 1, "").replace("NOK", "DKK"),
    ];
    let night = whole(&records);
    assert_eq!(
        said(&night),
        [
            "vipps 7/2000101 NOK signed 4/0 [100, -20, -5, 7, 30, -12] 0 100 unchecked",
            "vipps 7/p2 NOK signed 0/0 [0, 0, 0, 0, 12, 0] 0 12 unchecked",
        ]
    );
    assert_eq!(night.payouts.all[0].1.reference.as_deref(), Some("2000101"));
    assert!(found(&night).is_empty(), "{:?}", found(&night));
    assert_eq!(lines(&night).len(), 4);
    assert_eq!(lines(&night)[2], "vipps 7/2000101 2 - - None - 0/-20/0 -20");
    let without_ledger = paid_out(&[("funds", &records.join(" ~"))]);
    assert!(said(&without_ledger)[0].starts_with("vipps 2000101 NOK"));
}

#[test]
fn a_first_line_without_a_balance_carries_nothing_in() {
    let night = whole(&[
        entry("capture", 100, 1, r#","time":"2026-10-01T08:00:00Z""#),
        entry("capture", 50, 1, r#","time":"2026-10-01T09:00:00Z","balanceBefore":100"#),
        entry("payout-scheduled", -140, 1, r#","reference":"r","balanceBefore":150"#),
    ]);
    assert_eq!(said(&night), ["vipps 7/r NOK signed 2/0 [150, 0, 0, 0, 0, 0] -10 140 unchecked"]);
    assert_eq!(found(&night), ["AV712 7/r vipps NOK sum 150 140"]);
}

#[test]
fn payouts_of_a_ledger_are_a_chain() {
    let payout = |day, reference: &str, before: i64, after: i64| {
        let more = format!(r#","reference":"{reference}","balanceBefore":{before},"balanceAfter":{after}"#);
        entry("payout-scheduled", after - before, day, &more)
    };
    let night = whole(&[payout(1, "a", 50, 20), payout(2, "b", 20, 5), payout(2, "c", 6, 0)]);
    assert_eq!(found(&night), ["AV713 7/c vipps NOK 5 6"]);
}

#[test]
fn payouts_of_a_seller_are_a_chain_by_day() {
    let payout = |id: &str, day: u32, seller: &str, opening: &str, closing: i64| {
        let debts = format!(r#""settlement_amount":0,{opening}"closing_debt_balance_amount":{closing}"#);
        statement(id, &debts).replace("10-05", &format!("10-{day:02}")).replace("\"M\"", seller)
    };
    let opening = |amount: i64| format!(r#""opening_debt_balance_amount":{amount},"#);
    let night = whole(&[
        payout("K1", 1, "\"M\"", &opening(0), 30),
        payout("K2", 2, "\"M\"", &opening(30), 10),
        // On the same day nothing says which came first.
        payout("K3", 2, "\"M\"", &opening(0), 10),
        payout("K4", 3, "\"M\"", &opening(11), 0),
        payout("K5", 4, "\"M\"", "", 7),
        payout("K6", 5, "\"N\"", &opening(1), 7),
        payout("K7", 6, "null", &opening(1), 7),
    ]);
    assert_eq!(found(&night), ["AV713 K4 klarna NOK 10 11"]);
}

const LIST_ITEM: &str =
    r#"{"id":"S1","amounts":[{"currency":"NOK","amount":90,"capture":90}],"provider_reference":"K1"}"#;

#[test]
fn a_payout_that_one_settlement_names_is_its_source() {
    let totals = r#""settlement_amount":85,"sale_amount":100,"return_amount":10"#;
    let sale = line("K1", "SALE", 100, "");
    let night = whole(&[LIST_ITEM.to_owned(), statement("K1", totals), sale.clone()]);
    assert_eq!(said(&night), ["dintero S1 NOK capture-refund-fee 0/0 [90, 0, 0, 0, 0, 0] 0 90 unchecked"]);
    assert_eq!(
        found(&night),
        ["AV712 S1 dintero NOK refunds -10 0", "AV712 S1 dintero NOK source 90 85", "AV712 S1 dintero NOK sum 90 85",]
    );
    assert_eq!(lines(&night), ["dintero S1 0 - - None - 100/0/0 100"]);
    // Two settlements name it; another currency; only its lines are there.
    let other = LIST_ITEM.replace("S1", "S2");
    for records in [
        vec![LIST_ITEM.to_owned(), other, statement("K1", totals)],
        vec![LIST_ITEM.replace("NOK", "SEK"), statement("K1", totals)],
        vec![LIST_ITEM.to_owned(), sale],
    ] {
        let said = said(&whole(&records));
        assert!(said.iter().any(|payout| payout.starts_with("klarna K1 NOK")), "{said:?}");
    }
}

fn transaction(id: &str, metadata: &str, of_event: &str, of_entry: &str) -> String {
    let entries = format!(r#""settlements":{{"events":[{{"settlement_id":"S9","event_correlation_id":{of_entry}}}]}}"#);
    format!(
        r#"{{"id":"{id}","amount":500,"currency":"NOK","status":"CAPTURED","payment_product_type":"x.y","metadata":{{"payout_correlation_id":{metadata}}},"events":[{{"event":"AUTHORIZE","transaction_status":"AUTHORIZED"}},{{"event":"CAPTURE","amount":500,"transaction_status":"CAPTURED","metadata":{{"payout_correlation_id":{of_event}}},{entries}}}]}}"#
    )
}

#[test]
fn a_line_is_joined_by_the_first_exact_id_that_leads_to_one_transaction() {
    let night = whole(&[
        transaction("t1", "\"m\"", "\"e\"", "\"n\""),
        transaction("t2", "\"m2\"", "\"e2\"", "\"twice\""),
        transaction("t3", "\"n\"", "\"m2\"", "\"twice\""),
        transaction("t4", "\"k\"", "null", "null").replace("NOK", "SEK"),
        line("K1", "SALE", 500, r#","capture_id":"m""#),
        line("K1", "SALE", 501, r#","capture_id":"m""#),
        line("K1", "RETURN", 500, r#","refund_id":"m""#),
        line("K1", "SALE", 502, r#","capture_id":"e","order_id":"m2""#),
        line("K1", "SALE", 503, r#","order_id":"n""#),
        line("K1", "SALE", 504, r#","order_id":"twice","capture_id":"m""#),
        line("K1", "SALE", 505, r#","order_id":"m2""#),
        line("K1", "SALE", 506, r#","order_id":"k""#),
        line("K1", "SALE", 507, r#","order_id":"M""#),
        line("K1", "SALE", 508, ""),
    ]);
    assert_eq!(
        lines(&night),
        [
            "klarna K1 0 t1 metadata Some(1) x.y 500/0/0 500",
            "klarna K1 1 t1 metadata None x.y 501/0/0 501",
            "klarna K1 2 t1 metadata None x.y 0/-500/0 -500",
            "klarna K1 3 - - None - 502/0/0 502",
            "klarna K1 4 t1 entry Some(1) x.y 503/0/0 503",
            "klarna K1 5 - - None - 504/0/0 504",
            "klarna K1 6 t3 event Some(1) x.y 505/0/0 505",
            "klarna K1 7 - - None - 506/0/0 506",
            "klarna K1 8 - - None - 507/0/0 507",
            "klarna K1 9 - - None - 508/0/0 508",
        ]
    );
    assert!(said(&night)[2].contains(" 10/5 "), "{:?}", said(&night));
}

#[test]
fn a_line_without_currency_is_of_the_only_payout_of_its_id() {
    let totals = r#""settlement_amount":100,"sale_amount":100"#;
    let sale = line("K1", "SALE", 90, "").replace(r#","currency_code":"NOK""#, "");
    let night = whole(&[statement("K1", totals), sale.clone()]);
    assert_eq!(said(&night), ["klarna K1 NOK by-type 1/0 [100, 0, 0, 0, 0, 0] 0 100 unchecked"]);
    assert_eq!(found(&night), ["AV712 K1 klarna NOK captures 100 90"]);
    assert_eq!(lines(&night), ["klarna K1 0 - - None - 90/0/0 90"]);
    let night = whole(&[statement("K1", totals), statement("K1", totals).replace("NOK", "SEK"), sale]);
    assert_eq!(said(&night).len(), 3);
}

#[test]
fn findings_on_payouts_rest_on_the_documents_that_could_change_them() {
    let evidence = |records: &[String]| {
        let night = whole(records);
        let finding = night.findings.iter().find(|finding| finding.card.code == "AV712" && finding.id == "K1");
        finding.expect("the payout is not balanced").evidence.clone()
    };
    let has = |evidence: &str, kind, count| evidence.split(' ').any(|part| part == documents_part(kind, count));
    let klarna = |amount: i64| statement("K1", &format!(r#""settlement_amount":{amount},"sale_amount":100"#));
    let settlement = |id: &str, amount: i64| {
        let amounts = format!(r#""currency":"NOK","amount":{amount},"capture":{amount},"refund":0,"fee":0"#);
        format!(r#"{{"dintero_settlement_id":"{id}",{amounts},"transactions":[{{"capture":{amount}}}]}}"#)
    };
    let named = r#"{"id":"S2","amounts":[]}"#.to_owned();
    let one = evidence(&[klarna(90)]);
    assert!(
        ![1, 2].iter().any(|count| has(&one, Kind::Payout, *count) || has(&one, Kind::Settlement, *count)),
        "{one}"
    );
    let two = evidence(&[klarna(80), klarna(90), line("K2", "SALE", 5, "")]);
    assert!(has(&two, Kind::Payout, 3), "an earlier record would count without the last: {two}");
    let settled = evidence(&[klarna(90), settlement("S1", 5), settlement("S1", 6), settlement("S1", 6), named]);
    assert!(has(&settled, Kind::Settlement, 3), "each copy may name it as its source: {settled}");
}
