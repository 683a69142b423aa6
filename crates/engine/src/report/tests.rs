//! The exact content of the files of a run.

mod golden;

use std::collections::BTreeMap;

use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::money::Sum;
use avstem_core::model::reject::FileFault;
use avstem_core::rules::CATALOGUE;

use super::delimited::Dialect;
use super::message::{PLACEHOLDERS, message};
use super::sample::{self, AMOUNTS, WORDS, finding, options, outcome, time};
use super::table::{BALANCES, EXCEPTIONS};
use super::{balances, exceptions, manifest, rejects, rollforward, summary_json, terminal_summary};
use crate::engine::outcome::Outcome;
use crate::frame::Filled;
use crate::frame::column::{Column, Type};
use crate::frame::testing::read;
use crate::io::output::Staging;

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(",")
}

fn text(table: std::io::Result<Filled<Vec<u8>>>) -> String {
    String::from_utf8(table.unwrap().writer).unwrap()
}

/// The rows of a CSV text, without the header.
fn rows(text: &str, delimiter: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The sample outcome with only one finding.
fn alone(finding: Finding) -> Outcome {
    Outcome { findings: vec![finding].into(), ..outcome() }
}

/// The cells of one exception by column name.
fn cells(finding: Finding) -> BTreeMap<&'static str, String> {
    let text = text(exceptions::csv(Vec::new(), &alone(finding), Dialect::Plain));
    EXCEPTIONS.iter().map(|column| column.name).zip(rows(&text, b',').remove(0)).collect()
}

#[test]
fn columns_are_those_that_were_promised() {
    assert_eq!(
        names(EXCEPTIONS),
        "exception_id,change,severity,rule,name,message,action,kind,id,order_id,transaction_id,session_id,\
         merchant_reference,merchant_reference_2,payment_product_type,event,event_time,line_id,payout_destination_id,\
         settlement_id,currency,expected_minor,actual_minor,delta_minor,expected,actual,delta,status,status_derived,\
         as_of,first_seen,age_days,accepted,source,source_offset,fingerprint,open_days,since,due,root,cause,\
         explained_minor,unexplained_minor,evidence"
    );
    assert_eq!(
        names(BALANCES),
        "kind,id,order_id,transaction_id,session_id,merchant_reference,merchant_reference_2,payment_product_type,\
         currency,authorized_minor,captured_minor,refunded_minor,released_minor,open_minor,net_minor,not_authorized_minor,events,lines_minor,\
         split_captured_minor,split_refunded_minor,status,status_derived,settlement_status,created_at,last_event_at,\
         findings,worst_severity,source,source_offset,open_days"
    );
}

#[test]
fn parquet_holds_what_csv_holds() {
    let outcome = outcome();
    let pairs = [
        (exceptions::csv(Vec::new(), &outcome, Dialect::Plain), exceptions::parquet(Vec::new(), &outcome)),
        (balances::csv(Vec::new(), &outcome, Dialect::Plain), balances::parquet(Vec::new(), &outcome)),
    ];
    for (csv, parquet) in pairs {
        let csv = text(csv);
        let (schema, stored) = read(&parquet.unwrap().writer);
        let header: Vec<&str> = schema.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(header.join(","), csv.lines().next().unwrap());
        let mut wanted = rows(&csv, b',');
        for cell in wanted.iter_mut().flatten().filter(|cell| cell.starts_with("'=")) {
            // CSV has an apostrophe that keeps spreadsheets from evaluating the text.
            cell.remove(0);
        }
        assert_eq!(stored, wanted);
        for (name, kind) in schema {
            let wanted = match name.as_str() {
                "accepted" => Type::Flag,
                "event_time" | "since" | "due" | "as_of" | "first_seen" | "created_at" | "last_event_at" => Type::Time,
                "age_days" | "open_days" | "events" | "findings" | "source_offset" => Type::Integer,
                name if name.ends_with("_minor") => Type::Integer,
                _ => Type::Text,
            };
            assert_eq!(kind, wanted, "{name}");
        }
    }
}

#[test]
fn empty_tables_have_their_columns() {
    let empty =
        Outcome { findings: Vec::new().into(), balances: Box::new(sample::BalanceRows(Vec::new())), ..outcome() };
    assert_eq!(text(exceptions::csv(Vec::new(), &empty, Dialect::Plain)), names(EXCEPTIONS) + "\n");
    for (columns, parquet) in
        [(EXCEPTIONS, exceptions::parquet(Vec::new(), &empty)), (BALANCES, balances::parquet(Vec::new(), &empty))]
    {
        let (schema, rows) = read(&parquet.unwrap().writer);
        assert_eq!((schema.len(), rows.len()), (columns.len(), 0));
    }
}

#[test]
fn no_text_is_taken_for_a_formula_and_no_number_for_a_text() {
    for (reference, wanted) in [
        ("=1+1", "'=1+1"),
        ("+47 22 00", "'+47 22 00"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "\\u{9}x"),
        ("\r=1", "\\u{D}=1"),
        ("a=1", "a=1"),
        ("a\"b,c", "a\"b,c"),
    ] {
        let mut finding = finding(&AMOUNTS);
        finding.subject.merchant_reference = Some(reference.to_owned());
        finding.id = reference.to_owned();
        (finding.expected, finding.actual) = (Value::Amount(-100), Value::Amount(-250));
        let cells = cells(finding);
        assert_eq!((cells["merchant_reference"].as_str(), cells["id"].as_str()), (wanted, wanted));
        assert_eq!((cells["delta_minor"].as_str(), cells["delta"].as_str()), ("-150", "-1.50"));
        assert_eq!((cells["expected"].as_str(), cells["actual"].as_str()), ("-1.00", "-2.50"));
    }
}

#[test]
fn card_numbers_are_masked_in_free_text_and_never_in_ids() {
    let card = "4111 1111 1111 1111";
    let mut finding = finding(&WORDS);
    let subject = &mut finding.subject;
    for text in [
        &mut subject.merchant_reference,
        &mut subject.merchant_reference_2,
        &mut subject.payment_product_type,
        &mut subject.status,
        &mut subject.session_id,
        &mut subject.order_id,
    ] {
        *text = Some(card.to_owned());
    }
    finding.line = Some(card.to_owned());
    finding.actual = Value::Words(card.to_owned().into());
    let cells = cells(finding);
    for name in ["merchant_reference", "merchant_reference_2", "payment_product_type", "status", "actual"] {
        assert_eq!(cells[name], "**** **** **** 1111", "{name}");
    }
    for name in ["session_id", "order_id", "line_id"] {
        assert_eq!(cells[name], card, "{name}");
    }
    assert_eq!(cells["message"], "the status is **** **** **** 1111, its events amount to CAPTURED or REFUNDED");
}

#[test]
fn what_hides_or_reorders_text_is_escaped() {
    let mut finding = finding(&AMOUNTS);
    finding.id = "T\u{202E}1".to_owned();
    finding.subject.merchant_reference = Some("a\u{200B}b".to_owned());
    finding.subject.currency = Some("N\u{202E}K".to_owned());
    let cells = cells(finding);
    assert_eq!(cells["id"], "T\\u{202E}1");
    assert_eq!(cells["merchant_reference"], "a\\u{200B}b");
    assert_eq!(cells["currency"], "N\\u{202E}K");
    assert!(cells["message"].contains("120.00 N\\u{202E}K"), "{}", cells["message"]);
}

#[test]
fn amounts_outside_64_bits_stay_exact_where_they_can() {
    let mut finding = finding(&AMOUNTS);
    let huge = Sum::from(i64::MAX) + 1;
    (finding.expected, finding.actual) = (Value::Amount(-1), Value::Amount(huge));
    let cells = cells(finding);
    assert_eq!(cells["expected_minor"], "-1");
    assert_eq!((cells["actual_minor"].as_str(), cells["delta_minor"].as_str()), ("", ""));
    assert_eq!((cells["actual"].as_str(), cells["delta"].as_str()), ("92233720368547758.08", "92233720368547758.09"));

    let mut outcome = outcome();
    outcome.totals.get_mut("NOK").unwrap().captured = huge;
    outcome.days.values_mut().next().unwrap().authorized = huge * 2;
    let summary: serde_json::Value = serde_json::from_str(&summary_json(&outcome, &options())).unwrap();
    assert_eq!(summary["totals"]["NOK"]["captured_minor"], "9223372036854775808");
    assert_eq!(summary["totals"]["NOK"]["refunded_minor"], 0);
    let days = text(rollforward::csv(Vec::new(), &outcome, Dialect::Plain));
    assert!(days.contains("ISK,2026-11-11,0,18446744073709551616,0,0,18446744073709551616,0,0\n"), "{days}");
}

#[test]
fn currencies_have_their_own_decimals() {
    for (currency, shown) in
        [(Some("JPY"), "12000"), (Some("KWD"), "12.000"), (Some("???"), "120.00"), (None, "120.00")]
    {
        let mut finding = finding(&AMOUNTS);
        finding.subject.currency = currency.map(str::to_owned);
        let sentence = message(&finding);
        let cells = cells(finding);
        assert_eq!(cells["actual"], shown);
        let money = currency.map_or(shown.to_owned(), |code| format!("{shown} {code}"));
        assert!(sentence.starts_with(&format!("captured {money} of ")), "{sentence}");
    }
}

#[test]
fn ages_are_counted_from_the_event_else_from_the_document() {
    let mut finding = finding(&AMOUNTS);
    assert_eq!(cells(finding.clone())["age_days"], "9");
    finding.event = None;
    assert_eq!(cells(finding.clone())["age_days"], "19");
    finding.subject.created_at = None;
    assert_eq!(cells(finding.clone())["age_days"], "");
    let undated = Outcome { as_of: None, as_of_day: None, ..alone(finding) };
    let text = text(exceptions::csv(Vec::new(), &undated, Dialect::Plain));
    assert!(text.contains(",,,,false,day=1/a.json,120,"), "{text}");
}

#[test]
fn templates_ask_only_for_what_there_is() {
    for rule in CATALOGUE {
        for part in rule.card.message.split('{').skip(1) {
            let name = part.split('}').next().unwrap();
            assert!(PLACEHOLDERS.contains(&name), "{} asks for {name}", rule.card.code);
        }
    }
}

#[test]
fn filled_in_texts_cannot_ask_for_others() {
    let mut finding = finding(&WORDS);
    finding.actual = Value::Words("{expected} {id} {".into());
    assert_eq!(message(&finding), "the status is {expected} {id} {, its events amount to CAPTURED or REFUNDED");
    finding.expected = Value::None;
    assert!(message(&finding).ends_with("amount to (none)"));
}

#[test]
fn rejects_say_what_was_wanted_and_never_what_was_there() {
    for (path, at, wanted) in [
        (
            "events[2].amount",
            40,
            "the field has another JSON type than it must have; it must be a whole number of minor units",
        ),
        ("events[2]", 40, "the field has another JSON type than it must have; it must be an object"),
        ("fee_split.destinations[0]", 40, "the field has another JSON type than it must have; it must be a text"),
        (
            "created_at",
            40,
            "the field has another JSON type than it must have; it must be a time as text, like 2026-11-20T09:30:00Z",
        ),
        ("", 27, "the field has another JSON type than it must have (at byte 7 of the record)"),
        ("", 20, "the field has another JSON type than it must have"),
    ] {
        let mut outcome = outcome();
        let mut reject = outcome.rejects.iter().next().unwrap();
        (reject.path, reject.at, reject.origin.offset) = (path.to_owned(), at, 20);
        reject.reason = avstem_core::model::reject::RecordReason::WrongType;
        outcome.rejects = vec![reject].into();
        let text = text(rejects::csv(Vec::new(), &outcome, Dialect::Plain));
        let row = rows(&text, b',').into_iter().find(|row| row[4] == "wrong_type").unwrap();
        assert_eq!(row[6], wanted);
    }
}

#[test]
fn the_same_outcome_gives_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let mut runs = Vec::new();
    for name in ["a", "b"] {
        let staging = Staging::create(&folder.path().join(name), false).unwrap();
        let mut frames = super::frames::open(&staging, &outcome()).unwrap();
        let ledger = avstem_core::ledger::Ledger::new();
        frames.ledger(&ledger).unwrap();
        let mut options = options();
        options.balances_csv = true;
        options.xlsx = true;
        options.written = super::frames::close(&staging, frames).unwrap();
        runs.push(super::write(&outcome(), &options, &staging, 3).unwrap());
        staging.publish().unwrap();
    }
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0].last().unwrap().name, "manifest.json");
    assert_eq!(runs[0].len(), 7 + 13);
}

#[test]
fn the_rule_set_has_a_hash_of_its_severities() {
    let hash = |outcome: &Outcome| {
        let text = manifest::manifest_json(outcome, &options(), &[]);
        serde_json::from_str::<serde_json::Value>(&text).unwrap()["rule_set"]["blake3"].to_string()
    };
    let mut other = outcome();
    assert_eq!(hash(&other), hash(&outcome()));
    other.coverage[1].severity = None;
    assert_ne!(hash(&other), hash(&outcome()));
}

#[test]
fn the_screen_is_large_enough() {
    let mut outcome = outcome();
    let huge = Sum::from(i64::MAX) * 1000;
    for number in 0..30 {
        let code = format!("C{number}\u{202E}and a name far too long for a currency");
        outcome.totals.insert(code.clone(), crate::engine::outcome::Totals { captured: huge, ..Default::default() });
        for rule in &mut outcome.coverage {
            rule.by_currency.insert(code.clone(), sample::counts(3, huge));
        }
    }
    let rules: Vec<_> = outcome.coverage.iter().cycle().take(40).cloned().collect();
    outcome.coverage = rules;
    outcome.waiting_by_rule.insert("AV410", 1 << 40);
    for source in &mut outcome.sources {
        source.name = format!("{}{}", "a folder of a long name/".repeat(9), source.name);
        let detail = "what was found is told in more words than a screen has room for ".repeat(9);
        source.fault = source.fault.as_ref().map(|fault| FileFault::new(fault.reason, detail));
    }
    let doubtful = terminal_summary(&outcome, &options(), "reports/2026-11-20");
    assert!(doubtful.is_ascii() && doubtful.lines().all(|line| line.len() <= 80), "{doubtful}");
    let sound = crate::report::ReportOptions { continuity: Vec::new(), excluded: Vec::new(), ..options() };
    let text = terminal_summary(&outcome, &sound, "reports/2026-11-20");
    assert!(text.lines().count() <= 23, "{text}");
    assert!(text.lines().all(|line| line.len() <= 80), "{text}");
    assert!(text.is_ascii());
    assert!(text.contains("name/bad.json, and 2 more in rejects.csv\n"), "the end of a path tells most: {text}");
}

#[test]
fn what_is_told_of_the_rejects_is_their_first_row() {
    let mut outcome = outcome();
    let mut places = Vec::new();
    loop {
        let rows = rows(&text(rejects::csv(Vec::new(), &outcome, Dialect::Plain)), b',');
        let first = rejects::first(&outcome);
        let Some((place, reason, more)) = first else { break assert!(rows.is_empty()) };
        let [source, offset, line, .., path, why] = &rows[0][..] else { panic!("{rows:?}") };
        let field = if path.is_empty() { String::new() } else { format!(": {path}") };
        let wanted = match (line.as_str(), offset.as_str()) {
            ("", "") => source.clone(),
            ("", offset) => format!("{source}, byte {offset}{field}"),
            (line, _) => format!("{source}, line {line}{field}"),
        };
        assert_eq!((&place, &reason, more + 1), (&wanted, why, rows.len() as u64));
        places.push(place);
        // Changes the first reject, so that the next one is different.
        let mut others: Vec<_> = outcome.rejects.iter().collect();
        match outcome.sources.iter_mut().find(|source| source.fault.is_some()) {
            Some(refused) => refused.fault = None,
            None if others[0].line.is_some() => others[0].line = None,
            None => drop(others.remove(0)),
        }
        outcome.rejects = others.into();
    }
    assert_eq!(places.len(), 1 + 2 * 2, "{places:?}");
}

#[test]
fn an_age_before_the_as_of_is_negative() {
    let early = Outcome { as_of: time("2026-11-01T00:00:00Z"), ..alone(finding(&AMOUNTS)) };
    let text = text(exceptions::csv(Vec::new(), &early, Dialect::Plain));
    assert_eq!(rows(&text, b',')[0][31], "-11");
}

#[test]
fn the_largest_amount_of_a_rule_is_on_the_screen() {
    let mut outcome = outcome();
    for rule in &mut outcome.coverage {
        rule.by_currency.insert("NOK".to_owned(), sample::counts(3, 1_234_567_890_100));
        rule.by_currency.insert("SEK".to_owned(), sample::counts(3, 5));
    }
    let text = terminal_summary(&outcome, &options(), "reports/2026-11-20");
    assert!(text.contains("over-captured error 1  12 345 678 901.00 NOK, 0.05 SEK\n"), "{text}");
}
