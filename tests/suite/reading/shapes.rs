//! The kind of a record follows from its members: the twelve shape rules, in order.

use super::case::{Case, run_all};
use super::sample::{order, session, settlement, transaction};

/// A record alone in a file and as a line among others, with the expected kinds.
fn is(name: &str, record: &str, kinds: [u64; 4]) -> Vec<Case> {
    let count = kinds.iter().sum();
    let among = [kinds[0] + 1, kinds[1], kinds[2], kinds[3]];
    let lines = format!("{}\n{record}\n", transaction("other", ""));
    vec![
        Case::of(format!("{name}, alone"), record).accepted(count).kinds(kinds),
        Case::of(format!("{name}, a line"), lines).accepted(count + 1).kinds(among),
    ]
}

/// A record that matches no known shape.
fn is_unknown(name: &str, record: &str) -> Vec<Case> {
    let other = transaction("other", "");
    let row = format!("in/f,{},2,{},unknown_shape,", other.len() + 1, record.len());
    vec![
        Case::of(format!("{name}, alone"), record).refused("not_an_export"),
        Case::of(format!("{name}, a line"), format!("{other}\n{record}\n")).rejects(&[row]).counts([2, 1, 0, 0, 1]),
    ]
}

/// One operation of an order that nothing names.
fn is_lone(record: &str) -> Vec<Case> {
    let other = transaction("other", "");
    let row = |line: u32, offset: usize| format!("in/f,{offset},{line},{},missing_order_id,", record.len());
    vec![
        Case::of(format!("10a: {record}, alone"), record).rejects(&[row(1, 0)]).counts([1, 0, 0, 0, 1]),
        Case::of(format!("10a: {record}, a line"), format!("{other}\n{record}\n"))
            .rejects(&[row(2, other.len() + 1)])
            .counts([2, 1, 0, 0, 1]),
    ]
}

#[test]
fn every_rule() {
    let (t, o, s, u) = (transaction("t", ""), order("o"), session("s"), settlement("u"));
    let all = [
        is("1: array", &format!("[{t},{o}]"), [1, 1, 0, 0]),
        is("2: settlement report", &u, [0, 0, 0, 1]),
        is("2: settlement header", r#"{"dintero_settlement_id":"u","amount":5,"capture":5}"#, [0, 0, 0, 1]),
        is(
            "2 before 3",
            r#"{"transactions":[{"transaction_id":"t","capture":0}],"dintero_settlement_id":"u"}"#,
            [0, 0, 0, 1],
        ),
        is("2 before 4", r#"{"dintero_settlement_id":"u","order":{"amount":1},"id":"x"}"#, [0, 0, 0, 1]),
        is("3: transactions", &format!(r#"{{"transactions":[{t}],"starting_after":"x"}}"#), [1, 0, 0, 0]),
        is("3: orders", &format!(r#"{{"orders":[{o}],"last_evaluated_key":null}}"#), [0, 1, 0, 0]),
        is("3: sessions", &format!(r#"{{"next_page_token":"x","sessions":[{s}]}}"#), [0, 0, 1, 0]),
        is("3: settlements", &format!(r#"{{"page_token":"","count":1,"settlements":[{u}]}}"#), [0, 0, 0, 1]),
        is("3: draft_orders", &format!(r#"{{"draft_orders":[{{"order":{o},"x":1}}],"total":1}}"#), [0, 1, 0, 0]),
        is("3: a mixed page", &format!(r#"{{"orders":[{t},[{o}],{{"items":[{s}]}}]}}"#), [1, 1, 1, 0]),
        is("4: session", &s, [0, 0, 1, 0]),
        is("4 before 5", r#"{"id":"s","order":{"amount":1},"order_id":"o","gross_amount":1}"#, [0, 0, 1, 0]),
        is("5: order_id and currency", r#"{"order_id":"o","currency":"NOK"}"#, [0, 1, 0, 0]),
        is("5: order_id and id", r#"{"order_id":"o","id":"x"}"#, [0, 1, 0, 0]),
        is("5: order_id and status", r#"{"order_id":"o","status":"x"}"#, [0, 1, 0, 0]),
        is(
            "5: order_id and payment_status",
            r#"{"order_id":"o","payment_status":"paid","gross_amount":null}"#,
            [0, 1, 0, 0],
        ),
        is("5: order_id and gross_amount", r#"{"order_id":"o","gross_amount":1}"#, [0, 1, 0, 0]),
        is("5: order_id and items", r#"{"order_id":"o","items":[]}"#, [0, 1, 0, 0]),
        is("5: order_id and created_at", r#"{"order_id":"o","created_at":"2026-03-01T00:00:00Z"}"#, [0, 1, 0, 0]),
        is("5: id and gross_amount", r#"{"id":"o","gross_amount":0,"currency":"NOK"}"#, [0, 1, 0, 0]),
        is("5 before 6", r#"{"order_id":"o","currency":"NOK","captures":[{"amount":1}],"refunds":null}"#, [0, 1, 0, 0]),
        is("6: operations", r#"{"order_id":"o","authorizations":[{"amount":1}]}"#, [0, 1, 0, 0]),
        is("8: webhook", &format!(r#"{{"account_id":"P1","event":"e","transaction":{t}}}"#), [1, 0, 0, 0]),
        is(
            "8: webhook with id",
            &format!(r#"{{"id":"d","event":"e","event_delivery":"x","transaction":{t}}}"#),
            [1, 0, 0, 0],
        ),
        is("9: items", &format!(r#"{{"items":[{t},{o}],"limit":2}}"#), [1, 1, 0, 0]),
        is("10: settlement list item", r#"{"id":"u","amounts":[{"amount":1,"capture":1}]}"#, [0, 0, 0, 1]),
        is("10 before 11", r#"{"id":"u","amount":5,"status":"x","amounts":[]}"#, [0, 0, 0, 1]),
        is("11: transaction", &t, [1, 0, 0, 0]),
        is("11: not by one name alone", &t.replace("\"events\"", "\"payment_product\":\"x\",\"events\""), [1, 0, 0, 0]),
        is_unknown("12: nothing", "{}"),
        is_unknown("12: other names", r#"{"name":"x","total_amount":5}"#),
        is_unknown("12: order_id alone", r#"{"order_id":"o"}"#),
        is_unknown("12: null is not there", r#"{"id":"x","amount":null,"currency":null,"events":null}"#),
        is_unknown("12: a list beside others", r#"{"sessions":[],"note":1}"#),
        is_unknown("12: two lists", r#"{"sessions":[],"orders":[]}"#),
        is_unknown("12: no list", r#"{"transactions":{},"limit":1}"#),
    ];
    run_all(all.into_iter().flatten().collect());
}

/// A record of another provider, alone in a file and as a line among others.
fn is_of_another(name: &str, record: &str, counts: [u64; 5]) -> Vec<Case> {
    let [read, accepted, ..] = counts;
    let among = [read + 1, accepted + 1, counts[2], counts[3], counts[4]];
    let lines = format!("{}\n{record}\n", transaction("other", ""));
    vec![
        Case::of(format!("{name}, alone"), record).counts(counts).kinds([0; 4]),
        Case::of(format!("{name}, a line"), lines).counts(among).kinds([1, 0, 0, 0]),
    ]
}

#[test]
fn documents_of_other_providers() {
    let payout = r#"{"payment_reference":"K","currency_code":"NOK","totals":{"settlement_amount":5,"sale_amount":5}}"#;
    let line = r#"{"payment_reference":"K","type":"SALE","amount":5,"order_id":"o","currency_code":"NOK"}"#;
    let entry = r#"{"entryType":"capture","ledgerDate":"2026-10-01","currency":"NOK","amount":5}"#;
    let spaced = line.replace(',', " , ");
    let other = payout.replace(":5,", ":6,");
    let page = |list: &str, records: &str| {
        format!(r#"{{"{list}":[{records}],"cursor":"c","tryLater":false,"pagination":{{}}}}"#)
    };
    let all = [
        is_of_another("a payout", payout, [1, 1, 0, 0, 0]),
        is_of_another("a line", line, [1, 1, 0, 0, 0]),
        is_of_another("an entry", entry, [1, 1, 0, 0, 0]),
        is_of_another("an entry of the topic fees", &entry.replace("capture", "capture-fee"), [1, 1, 0, 0, 0]),
        is_of_another("a page of payouts", &page("payouts", &format!("{payout},{payout},{other}")), [3, 1, 0, 2, 0]),
        is_of_another("a page of lines", &page("transactions", &format!("{line},{spaced}")), [2, 1, 1, 0, 0]),
        is_of_another("a page of entries", &page("items", &format!("{entry},{entry}")), [2, 1, 1, 0, 0]),
    ];
    run_all(all.into_iter().flatten().collect());
}

#[test]
fn one_operation_of_an_order_that_nothing_names() {
    let all = [
        is_lone(r#"{"id":"x","amount":1,"success":true,"processed_at":"2026-03-01T00:00:00Z"}"#),
        is_lone(r#"{"success":false,"processed_by":"x","items":null,"status":null}"#),
        is_lone(r#"{"id":"x","amount":1,"success":true,"authorization_id":"a"}"#),
        is("10a: not without success", r#"{"id":"x","amount":1,"processed_by":"x"}"#, [1, 0, 0, 0]),
        is("10a: not with null", r#"{"id":"x","amount":1,"success":null,"processed_by":"x"}"#, [1, 0, 0, 0]),
        is(
            "10a: not with a status",
            r#"{"id":"x","success":true,"processed_by":"x","status":"CAPTURED"}"#,
            [1, 0, 0, 0],
        ),
        is(
            "10a: not with a currency",
            r#"{"id":"x","success":true,"processed_by":"x","currency":"NOK"}"#,
            [1, 0, 0, 0],
        ),
        vec![
            Case::of("10a: not with events", r#"{"id":"x","success":true,"processed_by":"x","events":[]}"#)
                .rejects(&["in/f,0,1,56,missing_field,amount"])
                .counts([1, 0, 0, 0, 1]),
        ],
        is(
            "10a: not with a payment_product",
            r#"{"id":"x","success":true,"processed_by":"x","payment_product":"payex"}"#,
            [1, 0, 0, 0],
        ),
    ];
    run_all(all.into_iter().flatten().collect());
}

#[test]
fn webhooks_without_a_transaction() {
    let other = transaction("other", "");
    let empty = [r#"{"event":"e","transaction":null}"#, r#"{"account_id":"P1","event":"e","event_delivery":"d"}"#];
    let mut cases = Vec::new();
    for text in empty {
        cases.push(Case::of(text, text).accepted(1).kinds([0; 4]));
        cases.push(Case::of(format!("line {text}"), format!("{other}\n{text}\n")).accepted(2).kinds([1, 0, 0, 0]));
    }
    run_all(cases);
}

#[test]
fn names_are_compared_after_unescaping() {
    let text = r#"{"\u0069d":"t","am\u006funt":0,"curr\u0065ncy":"NOK","ev\u0065nts":[],"\u0073tatus":"INITIATED"}"#;
    run_all(vec![Case::of("escaped names", text).accepted(1).kinds([1, 0, 0, 0])]);
}

#[test]
fn partial_documents_and_copies() {
    let full = transaction("t", r#""updated_at":"2026-03-01T00:00:00Z""#);
    let older = transaction("t", r#""updated_at":"2026-02-01T00:00:00Z""#);
    let partial = r#"{"id":"t","status":"CAPTURED","updated_at":"2026-04-01T00:00:00Z"}"#;
    let webhook = format!(r#"{{"event":"e","transaction":{partial}}}"#);
    run_all(vec![
        Case::of("a partial one alone", partial).accepted(1),
        Case::of("partial twice", format!("{partial}\n{webhook}")).counts([2, 1, 1, 0, 0]),
        Case::of("partial after full", format!("{full}\n{partial}")).counts([2, 1, 0, 1, 0]).kinds([1, 0, 0, 0]),
        Case::of("older after newer", format!("{full}\n{older}")).counts([2, 1, 0, 1, 0]),
        Case::of("the same twice", format!("{full}\n{full}")).counts([2, 1, 1, 0, 0]),
        Case::of("equal in other words", format!("{full}\n{}", full.replace(":0,", ":0.0e3,\"x\":1,\"store\":null,")))
            .counts([2, 1, 1, 0, 0]),
    ]);
}
