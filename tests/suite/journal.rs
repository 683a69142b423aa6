//! `avstem journal` over runs of the program.

use std::collections::BTreeMap;
use std::fs;

use crate::support::{Desk, read, rows};

/// Two settlements without bank statements.
const SETTLEMENTS: &str = r#"[{"dintero_settlement_id":"S1","currency":"NOK","settlement_reference":"R17483",
"settlement_date":"2026-10-05","amount":145500,"capture":180000,"refund":-30000,"fee":-4500,"transactions":[
{"transaction_id":"t1","payment_product_type":"vipps.ecom","capture":100000,"fee":-2500},
{"transaction_id":"t2","payment_product_type":"payex.creditcard","capture":80000,"fee":-2000},
{"transaction_id":"t3","payment_product_type":"vipps.ecom","refund":-30000}]},
{"dintero_settlement_id":"S2","currency":"SEK","settlement_date":"2026-10-06","amount":500,"capture":600,"refund":0,
"fee":0,"transactions":[{"transaction_id":"t4","capture":600}]}]"#;

const ACCOUNTS: &str = "[journal]\nseries = \"U\"\nbank = \"1920\"\nfee = \"7770\"\nclearing = \"1902\"\n\
                        [journal.accounts.NOK]\nclearing.default = \"1903\"\nclearing.vipps = \"1904\"\n";

fn desk(configuration: &str) -> Desk {
    let desk = Desk::with("settlements.json", SETTLEMENTS);
    fs::write(desk.path().join("avstem.toml"), configuration).unwrap();
    desk.check(&["--quiet", "--fail-on", "never"]);
    desk
}

#[test]
fn a_payout_is_booked_with_its_fees_and_what_it_clears_by_product() {
    let desk = desk(ACCOUNTS);
    let ended = desk.avstem(&["journal", "run", "--format", "csv", "--all", "--currency", "NOK"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    let rows = rows(&ended.out);
    let of = |names: [&str; 4]| rows.iter().map(move |row| names.map(|name| row[name].clone())).collect::<Vec<_>>();
    let expected = [
        ["1920", "145500", "bank", ""],
        ["7770", "4500", "fee", ""],
        ["1903", "-80000", "clearing", "payex"],
        ["1904", "-70000", "clearing", "vipps"],
    ];
    assert_eq!(of(["account", "amount_minor", "kind", "product"]), expected);
    assert_eq!(of(["voucher", "date", "text", "amount"])[0], ["1", "2026-10-05", "Utbetalning R17483", "1455.00"]);
    let verified = desk.avstem(&["verify", "run", "--format", "json"]);
    let verified: serde_json::Value = serde_json::from_str(&verified.out).unwrap();
    assert_eq!(rows[0]["run"], verified["manifest_sha256"].as_str().unwrap());
}

/// A statement that has the money of S1.
const STATEMENT: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02">
<BkToCstmrStmt><Stmt><Id>1</Id><FrToDt><FrDtTm>2026-10-01T00:00:00</FrDtTm><ToDtTm>2026-10-20T23:59:59</ToDtTm></FrToDt>
<Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>
<Ntry><Amt Ccy="NOK">1455.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-10-07</Dt></BookgDt>
<AcctSvcrRef>e1</AcctSvcrRef><AddtlNtryInf>DINTERO R17483</AddtlNtryInf></Ntry></Stmt></BkToCstmrStmt></Document>"#;

#[test]
fn what_the_bank_received_is_booked_on_its_day_and_shown() {
    let desk = Desk::with("settlements.json", SETTLEMENTS);
    desk.put("statement.xml", STATEMENT);
    fs::write(desk.path().join("avstem.toml"), ACCOUNTS).unwrap();
    desk.check(&["--quiet", "--fail-on", "never", "--frames"]);
    let rows = rows(&desk.avstem(&["journal", "run", "--format", "csv"]).out);
    let first = &rows[0];
    assert_eq!((rows.len(), first["date"].as_str(), first["amount_minor"].as_str()), (4, "2026-10-07", "145500"));
    assert!(first["bank_entries"].starts_with("*7947~") && first["bank_entries"].ends_with("/e1"), "{first:?}");
    for from in [&["in"][..], &["--run", "run"]] {
        let page = desk.avstem(&[&["show", "S1"], from].concat());
        assert!(
            page.out.contains("\n  matched: by reference\n  on the bank account   2026-10-07 *7947~"),
            "{}",
            page.out
        );
    }
}

#[test]
fn what_is_refused_is_told_and_the_rest_is_written() {
    let desk = desk(ACCOUNTS);
    let ended = desk.avstem(&["journal", "run", "--format", "csv", "--all"]);
    assert_eq!(ended.code, Some(1));
    assert!(
        ended.err.contains("refused: S2 (dintero, SEK): no account is configured for unexplained"),
        "{}",
        ended.err
    );
    assert_eq!(rows(&ended.out).len(), 4);
    let none = desk.avstem(&["journal", "run", "--format", "csv"]);
    assert_eq!((none.code, none.out.lines().count()), (Some(0), 1));
    assert!(none.err.contains("2 unchecked"), "{}", none.err);
}

#[test]
fn an_sie_file_has_one_currency_and_is_written_whole() {
    let desk = desk(&ACCOUNTS.replacen("[journal]\n", "[journal]\nunexplained = \"3740\"\n", 1));
    let of = |words: &[&str]| desk.avstem(&[&["journal", "run", "--format", "sie4", "--all"], words].concat());
    let both = of(&["--out", "u.se"]);
    assert_eq!(both.code, Some(2), "{}", both.err);
    assert!(!desk.path().join("u.se").exists());
    fs::write(desk.path().join("u.se"), "old").unwrap();
    assert_eq!(of(&["--out", "u.se", "--currency", "NOK"]).code, Some(0));
    let written = fs::read_to_string(desk.path().join("u.se")).unwrap();
    assert!(written.starts_with("#FLAGGA 0\r\n") && written.lines().count() == written.matches("\r\n").count());
    let voucher = "#VER \"U\" \"\" 20261005 \"Utbetalning R17483\"\r\n{\r\n#TRANS 1920 {} 1455.00\r\n\
                   #TRANS 7770 {} 45.00\r\n#TRANS 1903 {} -800.00\r\n#TRANS 1904 {} -700.00\r\n}\r\n";
    assert!(written.ends_with(voucher), "{written}");
    let inside = of(&["--out", "run/u.se", "--currency", "NOK"]);
    assert_eq!(inside.code, Some(2), "{}", inside.err);
}

#[test]
fn a_run_that_is_not_as_its_manifest_says_is_not_booked() {
    let desk = desk(ACCOUNTS);
    fs::write(desk.path().join("run/rejects.csv"), "changed").unwrap();
    let ended = desk.avstem(&["journal", "run", "--format", "csv", "--all"]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(5), ""));
    assert_eq!(desk.avstem(&["journal", "gone", "--format", "csv"]).code, Some(5));
}

#[test]
fn every_voucher_of_the_sample_sums_to_zero() {
    let desk = Desk::with("a.json", read("tests/rules/settlement-unbalanced/clean.json"));
    let accounts =
        ["bank", "fee", "clearing", "other", "carried", "unexplained"].map(|kind| format!("{kind} = \"1\"\n"));
    fs::write(desk.path().join("avstem.toml"), format!("[journal]\n{}", accounts.concat())).unwrap();
    desk.check(&["--quiet", "--fail-on", "never"]);
    let ended = desk.avstem(&["journal", "run", "--format", "csv", "--all"]);
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in rows(&ended.out) {
        *sums.entry(row["voucher"].clone()).or_default() += row["amount_minor"].parse::<i128>().unwrap();
    }
    assert!(!sums.is_empty() && sums.values().all(|sum| *sum == 0), "{sums:?}");
}
