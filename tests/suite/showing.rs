//! `avstem show` prints the same page from frames as from the input, and its stories are minimal.

use std::collections::BTreeSet;

use avstem_core::judge::{Documents, LedgerEvent, Minimizer};
use avstem_core::ledger::Ledger;
use avstem_core::model::finding::{Finding, Hit, Value};
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::rules::minimize::{EFFORT, shortest};
use avstem_core::rules::{Check, Cx, find};
use avstem_engine::engine::Done;
use serde_json::Value as Json;

use crate::support::{Desk, Engine, files_below, names, read, root};

pub fn shown(desk: &Desk, words: &[&str]) -> Json {
    let ended = desk.avstem(&[&["show", "--format", "json"], words].concat());
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{words:?}");
    serde_json::from_str(&ended.out).unwrap()
}

/// Drops what frames do not hold: the statements of sessions and settlements, and the stories of
/// rules that need sessions, settlement lines or gift cards.
fn common(mut page: Json) -> Json {
    page.as_object_mut().unwrap().remove("id");
    for document in page["documents"].as_array_mut().unwrap() {
        for finding in document["findings"].as_array_mut().unwrap() {
            if ["AV309", "AV506", "AV508", "AV509", "AV704"].map(Some).contains(&finding["rule"].as_str()) {
                ["story", "story_elsewhere"].iter().for_each(|key| drop(finding.as_object_mut().unwrap().remove(*key)));
            }
        }
        if document["account"].is_null() {
            ["states", "currency", "record"]
                .iter()
                .for_each(|key| drop(document.as_object_mut().unwrap().remove(*key)));
        }
    }
    page
}

#[test]
fn a_run_tells_what_the_input_tells() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(root().join("samples/export"), desk.path().join("export")).unwrap();
    let ended = desk.avstem(&["check", "export", "--frames", "--out", "run", "--fail-on", "never", "--quiet"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let rows = desk.rows("exceptions.csv");
    // One subject per rule, and an entry that pays a payout.
    let mut rules = BTreeSet::new();
    let mut subjects: BTreeSet<&str> =
        rows.iter().filter(|row| rules.insert(row["rule"].as_str())).map(|row| row["id"].as_str()).collect();
    let payouts = desk.rows("payouts.csv");
    subjects.extend(payouts.iter().map(|row| row["bank_entries"].as_str()).find(|entries| !entries.is_empty()));
    assert!(subjects.len() > 15 && rules.contains("AV804"), "{subjects:?}");
    for id in subjects {
        let (live, stored) = (shown(&desk, &[id, "export"]), shown(&desk, &[id, "--run", "run"]));
        assert_eq!(common(live), common(stored), "{id}");
    }
    let near = desk.avstem(&["show", "P11428806.jfF2gpWXhgDSDq3MRaGuvX", "--run", "run"]);
    assert!(
        near.code == Some(2) && near.err.contains("did you mean P11428806.jfF2gpWXhgDSDq3MRaGuvG?"),
        "{}",
        near.err
    );
}

/// A declined payment of 300.00 beside an authorised one of 100.00.
const DECLINED: &str = r#"[
{"id":"P12345678.ok","amount":10000,"currency":"NOK","status":"AUTHORIZED","created_at":"2026-03-01T10:00:00Z",
"events":[{"id":"a","event":"AUTHORIZE","amount":10000,"success":true,"created_at":"2026-03-01T10:00:00Z"}]},
{"id":"P12345678.no","amount":30000,"currency":"NOK","status":"DECLINED","created_at":"2026-03-01T10:00:00Z",
"events":[{"id":"d","event":"AUTHORIZE","amount":30000,"success":false,"created_at":"2026-03-01T10:00:00Z"}]}]"#;

#[test]
fn declined_money_is_neither_authorised_nor_open() {
    let desk = Desk::with("a.json", DECLINED);
    desk.check(&["--quiet", "--frames", "--balances-csv"]);
    let columns = ["authorized_minor", "released_minor", "open_minor", "net_minor", "not_authorized_minor"];
    let rows = desk.rows("balances.csv");
    let amounts: Vec<_> = rows.iter().map(|row| columns.map(|column| &*row[column]).join(" ")).collect();
    assert_eq!(amounts, ["0 0 0 0 30000", "10000 0 10000 0 0"]);
    let totals = &desk.json("summary.json")["totals"]["NOK"];
    assert_eq!((&totals["open_minor"], &totals["not_authorized_minor"]), (&10_000.into(), &30_000.into()));
    for words in [&["in"][..], &["--run", "run"]] {
        let page = shown(&desk, &[&["P12345678.no"], words].concat());
        let account = &page["documents"][0]["account"];
        assert_eq!((&account["proof"], &account["not_authorized_minor"]), (&Json::Null, &30_000.into()), "{page}");
        assert_eq!(account["timeline"][0]["after"]["open_minor"], 0);
        let text = desk.avstem(&[&["show", "P12345678.no"], words].concat()).out;
        assert!(text.contains("not authorised") && !text.contains("proof"), "{text}");
    }
}

#[test]
fn a_settlement_tells_the_convention_by_which_its_parts_come_to_its_amount() {
    let desk = Desk::with("a.json", read("tests/rules/settlement-unbalanced/clean.json"));
    let settlements: Json = serde_json::from_str(&read("tests/rules/settlement-unbalanced/clean.json")).unwrap();
    let mut met = BTreeSet::new();
    for settlement in settlements.as_array().unwrap() {
        let Some(id) = settlement["dintero_settlement_id"].as_str() else { continue };
        let page = shown(&desk, &[id, "in"]);
        let told = page["documents"][0]["states"]["convention"].as_str().unwrap().to_owned();
        let words: Vec<&str> = told.split(' ').collect();
        let ["amount", "=", "capture", refund, "refund", fee, "fee"] = words[..] else { panic!("{told}") };
        let part = |name: &str| settlement[name].as_i64().unwrap_or(0);
        let signed = |sign: &str, name: &str| if sign == "-" { -part(name) } else { part(name) };
        assert_eq!(part("amount"), part("capture") + signed(refund, "refund") + signed(fee, "fee"), "{told}");
        met.insert(told);
    }
    assert_eq!(met.len(), 4, "{met:?}");
}

#[test]
fn a_run_without_frames_or_with_other_ones_says_so() {
    let desk = Desk::with("a.json", read("tests/rules/over-captured/broken.json"));
    let show = || desk.avstem(&["show", "whatever", "--run", "run"]);
    assert!(show().code == Some(5) && show().err.contains("expected a run folder"), "{}", show().err);
    desk.check(&["--quiet"]);
    assert!(show().code == Some(2) && show().err.contains("--frames"), "{}", show().err);
    desk.check(&["--quiet", "--frames"]);
    assert!(show().code == Some(2) && show().err.contains("nothing in the run"), "{}", show().err);
    let path = desk.path().join("run/frames/documents.parquet");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[9] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert!(show().code == Some(5) && show().err.contains("its hash differs"), "{}", show().err);
    assert_eq!(desk.avstem(&["show", "whatever"]).code, Some(2));
    assert_eq!(desk.avstem(&["show", "whatever", "in", "--run", "run"]).code, Some(2));
}

/// Whether these events alone still cause the finding, as docs/SHOW.md promises.
fn breaks(ledger: &Ledger<'_>, places: &[usize], finding: &Finding, facts: &Facts) -> bool {
    let mut told = ledger.clone();
    told.events = places.iter().collect::<BTreeSet<_>>().into_iter().map(|at| ledger.events[*at]).collect();
    told.settle();
    let (settings, mut hits) = (Settings::default(), Vec::new());
    for check in find(finding.card.code).unwrap().checks {
        if let Check::Ledger(_, check) | Check::Order(check) = check {
            check(&told, &mut Cx { settings: &settings, facts, card: finding.card, hits: &mut hits });
        }
    }
    let same = |hit: &Hit<'_>| {
        let event = hit.event.map(|event| (event.list, event.place));
        event == finding.event.as_ref().map(|event| (event.list, event.place))
            && (hit.line.map(str::to_owned), hit.destination.map(str::to_owned))
                == (finding.line.clone(), finding.destination.clone())
            && (&hit.detail, &hit.expected) == (&finding.detail.clone().into(), &finding.expected)
            && (finding.expected != Value::None || hit.actual == finding.actual)
    };
    hits.iter().any(|(_, hit)| same(hit))
}

/// Runs the engine over a rule's broken fixture.
fn broken(rule: &str) -> Done {
    let broken = files_below(format!("tests/rules/{rule}")).into_iter().filter(|path| {
        path.file_stem().is_some_and(|stem| stem == "broken") || path.parent().is_some_and(|p| p.ends_with("broken"))
    });
    Engine { keep: true, ..Engine::default() }.run(&broken.map(|path| root().join(path)).collect::<Vec<_>>())
}

#[test]
fn a_story_breaks_the_rule_and_none_of_it_can_be_left_out() {
    let mut told = 0;
    for rule in names("tests/rules") {
        let done = broken(&rule);
        let facts = Facts { as_of: done.outcome.as_of, ..Facts::default() };
        let all = done.kept.as_ref().unwrap().pick(|_, _| true);
        for finding in done.outcome.findings.iter() {
            let Some((ledger, _)) = all.ledger(finding.kind, &finding.id) else { continue };
            let told_by = |ledger| shortest(ledger, &finding, &Settings::default(), &facts, &mut EFFORT.clone());
            let Some(story) = told_by(&ledger) else { continue };
            let what = format!("{rule}: {} {} {story:?}", finding.card.code, finding.id);
            assert!(breaks(&ledger, &story, &finding, &facts), "{what}");
            for at in 0..story.len() {
                let without = [&story[..at], &story[at + 1..]].concat();
                assert!(!breaks(&ledger, &without, &finding, &facts), "{what} without {at}");
            }
            told += 1;
        }
    }
    assert!(told > 100, "{told} stories");
}

/// Documents with only the events for which `is_left` holds.
fn without<'p>(documents: &Documents<'p>, is_left: impl Fn(LedgerEvent) -> bool) -> Documents<'p> {
    let ledgers = documents.ledgers.iter().enumerate().map(|(at, ledger)| {
        let mut left = ledger.clone();
        left.events = (0..).zip(&ledger.events).filter(|(event, _)| is_left((at, *event))).map(|(_, e)| *e).collect();
        left.settle();
        left
    });
    Documents {
        ledgers: ledgers.collect(),
        sessions: documents.sessions.clone(),
        settlements: documents.settlements.clone(),
    }
}

#[test]
fn a_story_across_documents_breaks_the_rule_and_none_of_it_can_be_left_out() {
    let mut rules = BTreeSet::new();
    for rule in names("tests/rules") {
        let done = broken(&rule);
        let (settings, whole) = (
            Settings::default(),
            Facts {
                as_of: done.outcome.as_of,
                has_production: true,
                has_transactions: true,
                has_reports: true,
                has_settlements: true,
                has_entries: true,
                has_statements: true,
                has_provider_payouts: true,
            },
        );
        let all = done.kept.as_ref().unwrap().pick(|_, _| true);
        let documents = all.documents();
        let mut minimizer = Minimizer::new(&settings, &whole);
        for finding in done.outcome.findings.iter() {
            let is_alone = |check: &Check| matches!(check, Check::Ledger(..) | Check::Order(_));
            if find(finding.card.code).unwrap().checks.iter().any(is_alone) {
                continue;
            }
            let Some(story) = minimizer.shortest(&finding, &documents).filter(|story| !story.is_empty()) else {
                continue;
            };
            let what = format!("{rule}: {} {} {story:?}", finding.card.code, finding.id);
            let leads = |story: &[LedgerEvent]| {
                let found = minimizer.findings(&without(&documents, |told| story.contains(&told)));
                found.values().any(|other| {
                    (other.card.code, &other.id, &other.detail) == (finding.card.code, &finding.id, &finding.detail)
                        && (&other.expected, &other.actual) == (&finding.expected, &finding.actual)
                })
            };
            assert!(leads(&story), "{what}");
            for at in 0..story.len() {
                assert!(!leads(&[&story[..at], &story[at + 1..]].concat()), "{what} without {at}");
            }
            rules.insert(finding.card.code);
        }
    }
    assert!(rules.len() >= 8, "{rules:?}");
}

#[test]
fn a_story_across_documents_names_them() {
    let desk = Desk::new();
    std::os::unix::fs::symlink(root().join("samples/export"), desk.path().join("export")).unwrap();
    desk.avstem(&["check", "export", "--frames", "--out", "run", "--fail-on", "never", "--quiet"]);
    let of = |rule: &str| desk.rows("exceptions.csv").iter().find(|row| row["rule"] == rule).unwrap()["id"].clone();
    for from in [&["export"][..], &["--run", "run"]] {
        let shown = |words: &[&str]| desk.avstem(&[&["show"], words, from].concat()).out;
        let page = shown(&[&of("AV501")]);
        let words = "captures[0] and events[2] of transaction P11428806.LtiRyeMybZtXAsCKcMaTR1 alone break it";
        assert!(page.contains(words), "{page}");
        let ticket = shown(&[&of("AV510"), "--story"]);
        let lines: Vec<&str> = ticket.lines().filter(|line| line.contains("capture")).collect();
        assert!(lines.len() == 2 && lines[0].trim_start().starts_with("events[2]"), "{ticket}");
        assert!(lines[1].starts_with("  transaction P1"), "{ticket}");
    }
}

#[test]
fn an_export_of_the_story_alone_has_the_finding_too() {
    let text = read("tests/rules/over-captured/broken.json");
    let desk = Desk::with("a.json", &text);
    let export: Json = serde_json::from_str(&text).unwrap();
    let all = export.as_array().cloned().unwrap_or_else(|| vec![export.clone()]);
    let transaction = all.iter().find(|document| document["events"].is_array()).unwrap();
    let page = shown(&desk, &[transaction["id"].as_str().unwrap(), "in"]);
    let findings = page["documents"][0]["findings"].as_array().unwrap();
    let story =
        findings.iter().find(|finding| finding["rule"] == "AV101").unwrap()["story"].as_array().unwrap().clone();
    assert!(!story.is_empty() && story.len() < transaction["events"].as_array().unwrap().len(), "{story:?}");
    let fires = |story: &[Json]| {
        let mut alone = transaction.clone();
        let events = (0..).zip(transaction["events"].as_array().unwrap());
        let kept = events.filter(|(at, _)| story.contains(&format!("events[{at}]").into()));
        alone["events"] = kept.map(|(_, event)| event.clone()).collect();
        let desk = Desk::with("alone.json", alone.to_string());
        desk.check(&["--quiet"]);
        desk.rows("exceptions.csv").iter().any(|row| row["rule"] == "AV101")
    };
    assert!(fires(&story));
    for at in 0..story.len() {
        assert!(!fires(&[&story[..at], &story[at + 1..]].concat()), "without {}", story[at]);
    }
}

#[test]
fn a_reference_leads_to_its_document_or_lists_several() {
    let payment = |id: &str, reference: &str, session: &str| {
        format!(
            r#"{{"id":"{id}","amount":100,"currency":"NOK","status":"AUTHORIZED","merchant_reference":"{reference}","session_id":"{session}","created_at":"2026-03-01T10:00:00Z","events":[{{"event":"AUTHORIZE","success":true,"created_at":"2026-03-01T10:00:00Z"}}]}}"#
        )
    };
    let all = [("P12345678.a", "one", "P12345678.s"), ("P12345678.b", "two", ""), ("P12345678.c", "two", "")];
    let lines: Vec<String> = all.iter().map(|(id, reference, session)| payment(id, reference, session)).collect();
    let desk = Desk::with("a.ndjson", lines.join("\n"));
    desk.check(&["--quiet", "--frames"]);
    for words in [&["in"][..], &["--run", "run"]] {
        for asked in ["one", "P12345678.s"] {
            let page = shown(&desk, &[&[asked], words].concat());
            assert_eq!(page["documents"][0]["id"], "P12345678.a", "{asked}");
        }
        let several = shown(&desk, &[&["two"], words].concat());
        let ids: Vec<_> =
            several["stated_by"].as_array().unwrap().iter().map(|of| of["id"].as_str().unwrap()).collect();
        assert_eq!(ids, ["P12345678.b", "P12345678.c"]);
        let text = desk.avstem(&[&["show", "two"], words].concat()).out;
        assert!(text.starts_with("two is stated by 2 documents; show one of them by its id\n"), "{text}");
    }
    let ended = desk.avstem(&["show", "in", "P12345678.a"]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("the id comes first: avstem show ID INPUT..."), "{}", ended.err);
}

/// A payment captured twice, of which one half is in a report and the other in a settlement that the
/// input does not have.
const PAID_OUT: &str = r#"[{"id":"P12345678.p1","amount":30000,"currency":"NOK","status":"CAPTURED",
"created_at":"2026-03-01T10:00:00Z","payment_product_type":"payex.creditcard","events":[
{"id":"a","event":"AUTHORIZE","amount":30000,"success":true,"created_at":"2026-03-01T10:00:00Z"},
{"id":"b","event":"CAPTURE","amount":10000,"success":true,"created_at":"2026-03-02T10:00:00Z","settlements":{
"settlement_status":"SETTLED","events":[{"settlement_id":"S1","capture":10000,"fee":200,"amount":9800}]}},
{"id":"c","event":"CAPTURE","amount":20000,"success":true,"created_at":"2026-03-03T10:00:00Z","settlements":{
"settlement_status":"SETTLED","events":[{"settlement_id":"S9","capture":20000,"fee":400,"amount":19600}]}}]},
{"dintero_settlement_id":"S1","currency":"NOK","settlement_date":"2026-03-05","settlement_reference":"R1","amount":9800,
"capture":10000,"refund":0,"fee":200,"transactions":[{"transaction_id":"P12345678.p1","capture":10000,"fee":200}]}]"#;

#[test]
fn a_payment_tells_where_its_money_went_and_a_settlement_what_became_of_it() {
    let desk = Desk::with("a.json", PAID_OUT);
    desk.check(&["--quiet", "--frames", "--fail-on", "never"]);
    for from in [&["in"][..], &["--run", "run"]] {
        let page = |id: &str| shown(&desk, &[&[id], from].concat())["documents"][0].clone();
        let payment = page("P12345678.p1");
        let of =
            |payout: &Json| [&payout["payout"]["settlement_id"], &payout["lines"][0]["net_minor"]].map(Json::to_string);
        let payouts: Vec<[String; 2]> = payment["payouts"].as_array().unwrap().iter().map(of).collect();
        assert_eq!(payouts, [["\"S1\"", "9800"], ["\"S9\"", "19600"]].map(|of| of.map(str::to_owned)));
        let settlement = page("S1");
        assert_eq!(
            (&settlement["kind"], &settlement["payouts"][0]["payout"]["state"]),
            (&"settlement".into(), &"unchecked".into())
        );
        assert_eq!(settlement["payouts"][0]["lines"].as_array().unwrap().len(), 1);
        let unseen = page("S9");
        assert_eq!((&unseen["kind"], &unseen["payouts"][0]["payout"]["state"]), (&"payout".into(), &"unseen".into()));
        assert_eq!(unseen["findings"][0]["rule"], "AV707");
        let text = |id: &str| desk.avstem(&[&["show", id], from].concat()).out;
        let payment = text("P12345678.p1");
        assert!(
            payment.contains("  98.00 NOK in payout S1 of 2026-03-05 (dintero, R1), 98.00 NOK in all\n"),
            "{payment}"
        );
        let settlement = text("S1");
        assert!(settlement.contains("  unchecked: no bank statement was given\n"), "{settlement}");
        let near = desk.avstem(&[&["show", "S8"], from].concat());
        assert!(near.code == Some(2) && near.err.contains("did you mean S1?"), "{}", near.err);
    }
}

#[test]
fn long_payouts_are_cut_as_text_and_whole_as_json() {
    let lines: Vec<String> =
        (0..25).map(|at| format!(r#"{{"transaction_id":"t{at}","capture":100,"fee":0}}"#)).collect();
    let report = format!(
        r#"{{"dintero_settlement_id":"S1","currency":"NOK","amount":2500,"capture":2500,"refund":0,"fee":0,"transactions":[{}]}}"#,
        lines.join(",")
    );
    let desk = Desk::with("a.json", report);
    let text = desk.avstem(&["show", "S1", "in"]).out;
    assert!(
        text.contains("t19") && !text.contains("t20") && text.contains("  and 5 more; --format json has them all\n"),
        "{text}"
    );
    let page = shown(&desk, &["S1", "in"]);
    assert_eq!(page["documents"][0]["payouts"][0]["lines"].as_array().unwrap().len(), 25);
}
