use std::collections::BTreeMap;

use avstem_core::document::Rejected;
use avstem_core::findings::WaitingSubject;
use avstem_core::model::card::{Kind, Severity};
use avstem_core::model::cause::{Cause, Root};
use avstem_core::model::event::EventList;
use avstem_core::model::finding::{EventAt, Finding, Value};
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use proptest::prelude::*;

use super::*;
use crate::engine::outcome::{
    Aged, Balance, Balances, DayMoves, NotDue, Profile, SourceOutcome, TakeBalances, Tally, Totals, Waiting, timeline,
};
use crate::report::sample::{AMOUNTS, BalanceRows, WORDS, balance, finding, options, outcome, texts};

fn text(outcome: &Outcome) -> String {
    page(outcome, &options()).unwrap().as_str().to_owned()
}

/// The structure of the page: every tag with the names of its attributes. Scripts and styles are
/// skipped.
fn skeleton(page: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let mut rest = page;
    while let Some(at) = rest.find('<') {
        let (mut tag, mut quoted, mut end) = (String::new(), false, at);
        for (place, c) in rest[at..].char_indices() {
            match c {
                '"' => quoted = !quoted,
                '>' if !quoted => {
                    end = at + place + 1;
                    break;
                }
                c if !quoted => tag.push(c),
                _ => {}
            }
        }
        assert!(end > at, "a tag without end: {}", &rest[at..rest.len().min(at + 80)]);
        let skip = ["<style", "<script"].iter().find(|name| tag == **name);
        rest = match skip {
            Some(name) => rest[end..].split_once(&format!("</{}", &name[1..])).unwrap().1,
            None => &rest[end..],
        };
        // Where a name may be broken depends on the name, and is not structure.
        if tag != "<wbr" {
            tags.push(tag);
        }
    }
    tags
}

/// A finding with the same text in every field that comes from the input.
fn spoken(with: &str) -> Finding {
    let mut finding = finding(&WORDS);
    texts(&mut finding).into_iter().for_each(|text| *text = Some(with.to_owned()));
    (finding.id, finding.detail) = (with.to_owned(), with.to_owned());
    (finding.expected, finding.actual) = (Value::Words(with.to_owned().into()), Value::Words(with.to_owned().into()));
    finding.root = Some(Root { id: with.to_owned(), cause: Cause::MissingEvent, explained: 1 });
    finding
}

/// This many waiting rows, the last of them due first.
struct Waits {
    id: String,
    rows: u64,
}

impl NotDue for Waits {
    fn visit(&self, take: &mut dyn FnMut(&Waiting<'_>) -> io::Result<()>) -> io::Result<()> {
        let since = Instant::parse("2026-11-01T10:00:00Z").unwrap();
        (0..self.rows).try_for_each(|row| {
            let (name, text) = (self.id.as_str(), Some(self.id.as_str()));
            let waiter = WaitingSubject {
                id: &self.id,
                currency: text,
                merchant_reference: text,
                product_type: text,
                origin: Default::default(),
            };
            let card = avstem_core::rules::find("AV706").unwrap().card;
            let due = since.plus(86_400 * (self.rows - row));
            take(&Waiting { card, waiter, event: Some((7, name.into())), amount: Some(1_234), since, due })
        })
    }

    fn counts(&self) -> io::Result<BTreeMap<&'static str, u64>> {
        Ok(BTreeMap::from([("AV706", self.rows)]))
    }
}

/// An outcome with the same text in every field that comes from the input.
fn spoken_outcome(with: &str) -> Outcome {
    let mut outcome = outcome();
    outcome.findings = vec![spoken(with)].into();
    outcome.totals = BTreeMap::from([(with.to_owned(), Totals { ledgers: 1, captured: 5, ..Totals::default() })]);
    outcome.order_totals = outcome.totals.clone();
    outcome.days = BTreeMap::from([((with.to_owned(), Some(1)), DayMoves { captured: 5, ..DayMoves::default() })]);
    outcome.open_ages = BTreeMap::from([(with.to_owned(), [Aged { ledgers: 1, open: 1 }; 5])]);
    for source in &mut outcome.sources {
        source.name = with.to_owned();
    }
    outcome.waiting = Box::new(Waits { id: with.to_owned(), rows: 2 });
    outcome.waiting_by_rule = BTreeMap::from([("AV706", 2)]);
    outcome.ageing.by_currency = BTreeMap::from([(with.to_owned(), Profile::default())]);
    let rejects = outcome.rejects.iter().map(|reject| Rejected { path: with.to_owned(), ..reject });
    outcome.rejects = rejects.collect::<Vec<_>>().into();
    for total in &mut outcome.control_totals {
        (total.source, total.currency, total.identity) =
            (with.to_owned(), Some(with.to_owned()), Some(with.to_owned()));
        total.holds = Some(false);
    }
    outcome
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_text_of_the_input_becomes_markup(with in "(\\PC|[<>&\"'`=/]|script|\u{202E}|\u{0}|\u{200B}|--|]]>){1,40}") {
        let page = text(&spoken_outcome(&with));
        prop_assert!(skeleton(&page) == skeleton(&text(&spoken_outcome("plain"))), "other tags for {}", with.escape_debug());
        let hidden = |c: char| matches!(c, '\0'..='\u{9}' | '\u{B}'..='\u{1F}' | '\u{7F}'..='\u{9F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}');
        prop_assert!(!page.contains(hidden));
    }
}

#[test]
fn known_tricks_stay_text() {
    for trick in [
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "' onmouseover='alert(1)",
        "</style><style>*{display:none}",
        "</script><script>alert(1)</script>",
        "<!--",
        "javascript:alert(1)",
        "&lt;b&gt;",
        ".\u{16100}",
    ] {
        let page = text(&spoken_outcome(trick));
        assert_eq!(skeleton(&page), skeleton(&text(&spoken_outcome("plain"))), "{trick}");
    }
    let page = text(&spoken_outcome("&lt;b&gt;"));
    assert!(page.contains("&amp;lt;b&amp;gt;"));
}

#[test]
fn style_and_script_have_no_end_inside() {
    assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    assert!(!STYLE.contains("url(") && !STYLE.contains("@import") && !SCRIPT.contains("fetch("));
}

#[test]
fn the_page_asks_for_nothing() {
    let page = text(&outcome());
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains("unsafe") && !page.contains("http:") && !page.contains("https:"));
    let tags = skeleton(&page);
    assert!(!tags.iter().any(|tag| tag.contains(" src") || tag.contains(" style=") || tag.contains(" on")), "{tags:?}");
}

#[test]
fn the_top_says_what_the_outcome_has() {
    let page = text(&outcome());
    // The sample was not read completely, which outranks its errors.
    assert!(page.contains("<h1 id=\"verdict\">The input is not complete</h1>"));
    assert!(page.contains("input incomplete: 1 file refused (exit code 3)"));
    assert!(page.contains("<b id=\"errors\">2\u{A0}errors</b><span>1\u{A0}warning, 0\u{A0}info</span>"));
    assert!(
        page.contains("<b>40.00 <span class=\"unit\">NOK</span></b>"),
        "20.00 and 20.00 are what the two errors differ by"
    );
    assert!(page.contains(">-20.00<"), "open NOK");
    assert!(page.contains("1\u{A0}234\u{A0}567"));
}

#[test]
fn a_clean_run_says_so() {
    let mut clean = outcome();
    clean.findings = Vec::new().into();
    clean.coverage.iter_mut().for_each(|rule| rule.all.findings = 0);
    clean.rejects = Vec::new().into();
    clean.sources.truncate(0);
    clean.counts.rejected = 0;
    let doubtful = ReportOptions { complete: true, ..options() };
    let complete = ReportOptions { continuity: Vec::new(), ..doubtful.clone() };
    let balances = |options: &ReportOptions| {
        let page = page(&clean, options).unwrap().as_str().to_owned();
        assert!(page.contains("All of it was read") && !page.contains("id=\"list\""));
        page.contains("Everything balances")
    };
    assert!(balances(&complete) && !balances(&doubtful));
}

/// Balances, each with this many events.
struct RepeatedBalances(usize);

impl Balances for RepeatedBalances {
    fn batches(&self, take: TakeBalances<'_>) -> io::Result<()> {
        use avstem_core::ledger::{Event, Ledger};
        use avstem_core::model::event::EventKind;
        let mut ledger = Ledger::new();
        (ledger.head.id, ledger.head.currency, ledger.head.amount) = ("T1", Some("NOK"), Some(10_000));
        ledger.events.extend((0..self.0).map(|place| Event {
            kind: EventKind::Capture,
            stated: Some(100),
            ..Event::empty(EventList::Events, place as u32, Default::default())
        }));
        ledger.settle();
        let mut events = Vec::new();
        timeline::write(&ledger, &mut events);
        let timeline = timeline::Timeline::Events(&events);
        let captured = ledger.totals.captured;
        let open = Some(10_000 - captured);
        take(&[Balance { timeline, authorized: Some(10_000), captured, open, net: captured, ..balance() }])
    }
}

fn broken_at(place: u32, events: usize) -> String {
    let mut finding = finding(&AMOUNTS);
    finding.event = Some(EventAt { list: EventList::Events, place, time: None, key: String::new() });
    text(&Outcome { findings: vec![finding].into(), balances: Box::new(RepeatedBalances(events)), ..outcome() })
}

#[test]
fn a_timeline_marks_the_event_that_breaks_and_runs_the_balance() {
    let page = broken_at(2, 4);
    assert!(page.contains("<tr class=\"breaks\"><th scope=\"row\">events[2] <strong>breaks the rule</strong>"));
    assert_eq!(page.matches("class=\"breaks\"").count(), 1);
    assert!(
        page.contains("authorised <b>100.00</b> = captured <b>4.00</b> + released <b>0.00</b> + open <b>96.00</b>")
    );
    assert!(!page.contains("not shown here"));
}

#[test]
fn a_long_timeline_is_told_at_its_ends_and_around_the_break() {
    let page = broken_at(5_000, 10_000);
    assert_eq!(page.matches("<th scope=\"row\">events[").count(), 8 + 7 + 8);
    assert!(page.contains("events[5000] <strong>breaks the rule</strong>"));
    assert!(
        page.contains("4\u{A0}989\u{A0}events not shown here")
            && page.contains("4\u{A0}988\u{A0}events not shown here")
    );
}

#[test]
fn very_many_findings_leave_a_small_page_that_says_where_the_rest_is() {
    let mut outcome = outcome();
    outcome.findings = (0..20_000)
        .map(|number| {
            let mut finding = spoken(&format!("{number}<{}", "\u{200B}\"&".repeat(60)));
            finding.severity = Severity::Error;
            finding.kind = if number % 2 == 0 { Kind::Transaction } else { Kind::Order };
            finding.exception_id = format!("{number:016x}");
            finding
        })
        .collect::<Vec<_>>()
        .into();
    outcome.balances = Box::new(BalanceRows(Vec::new()));
    let page = text(&outcome);
    assert!(page.len() < 10_000_000, "{}", page.len());
    assert!(page.contains("The others are in <b>exceptions.csv</b>"));
    assert!(page.contains("of 20\u{A0}000\u{A0}exceptions"));
}

#[test]
fn many_currencies_and_files_leave_a_small_page() {
    let mut outcome = outcome();
    for number in 0..3_000 {
        let code = format!("C{number}");
        outcome.totals.insert(code.clone(), Totals { ledgers: 1, captured: Sum::from(number), ..Totals::default() });
        outcome.open_ages.insert(code.clone(), [Aged { ledgers: 1, open: 1 }; 5]);
        outcome.sources.push(SourceOutcome { name: code, ..outcome.sources[0].clone() });
    }
    let page = text(&outcome);
    assert!(page.len() < 1_000_000, "{}", page.len());
    assert!(page.contains("more in summary.json") && page.contains("rejects.csv has all"));
}

#[test]
fn what_waits_is_listed_as_it_becomes_due() {
    let mut outcome = outcome();
    assert!(text(&outcome).contains("no rule about time will have more to say"));
    outcome.waiting = Box::new(Waits { id: "T9".to_owned(), rows: 1_000 });
    outcome.waiting_by_rule = outcome.waiting.counts().unwrap();
    let page = text(&outcome);
    let section = page.split_once("<section id=\"waiting\"").unwrap().1.split_once("</section>").unwrap().0;
    assert!(section.contains("AV706 unsettled: 1\u{A0}000</li>") && section.contains("waiting.csv has all"));
    let due: Vec<&str> = section.split("<tr><th scope=\"row\">").skip(1).map(|row| &row[..16]).collect();
    assert_eq!((due.len(), due[0], due[19]), (20, "2026-11-02 10:00", "2026-11-21 10:00"));
    assert!(due.is_sorted());
}

#[test]
fn the_age_of_exceptions_is_shown_by_currency_and_since_when() {
    let mut outcome = outcome();
    let mut profile = Profile::default();
    profile.since_event[2] = Tally { count: 3, delta: 4_200 };
    outcome.ageing.by_currency = BTreeMap::from([("NOK".to_owned(), profile)]);
    let page = text(&outcome);
    let section = page.split_once("Age of exceptions</h2>").unwrap().1.split_once("</section>").unwrap().0;
    assert!(section.contains("<th scope=\"row\">NOK") && section.contains(">3<small>42.00</small>"));
    assert_eq!(section.matches("<table").count(), 1, "without a baseline nothing was seen before");
    assert!(!section.contains("no time given"));
}

#[test]
fn a_finding_says_what_it_follows_from() {
    let mut finding = finding(&AMOUNTS);
    let cause = |finding: &Finding| {
        let page = text(&Outcome { findings: vec![finding.clone()].into(), ..outcome() });
        page.split_once("exception</dt>")
            .unwrap()
            .1
            .split_once("<p>")
            .unwrap()
            .1
            .split_once("</p>")
            .unwrap()
            .0
            .to_owned()
    };
    let own = finding.exception_id.clone();
    finding.root = Some(Root { id: own, cause: Cause::DuplicateEvent, explained: finding.delta().unwrap() });
    assert_eq!(cause(&finding), "The cause is here: <b>duplicate event</b>, which explains 20.00 of 20.00\u{A0}NOK.");
    finding.root = Some(Root { id: "abc".to_owned(), cause: Cause::MissingEvent, explained: 0 });
    assert_eq!(
        cause(&finding),
        "Follows from <a href=\"#xabc\">exception abc</a>: <b>missing event</b>, which explains 0.00 of 20.00\u{A0}NOK."
    );
}

#[test]
fn hundreds_of_years_are_drawn_in_a_hundred_bars() {
    let mut outcome = outcome();
    for day in [-700_000, 0, 2_900_000] {
        outcome
            .days
            .insert(("NOK".to_owned(), Some(day)), DayMoves { captured: 5, refunded: 9, ..DayMoves::default() });
    }
    let page = text(&outcome);
    assert!(page.contains("each bar is"));
    assert!(page.matches("class=\"up\"").count() <= 2 * 93);
}

#[test]
fn the_largest_amount_comes_first_and_warnings_about_money_have_their_place() {
    let mut outcome = outcome();
    let (error, mut warning) = (finding(&AMOUNTS), finding(&WORDS));
    warning.severity = Severity::Warning;
    let of = |finding: &Finding, currency: &str, amount: Sum| {
        let mut of = finding.clone();
        of.subject.currency = Some(currency.to_owned());
        (of.expected, of.actual) = (Value::None, Value::Amount(amount));
        of
    };
    // 90.00 AUD, 500.00 NOK and 1 000 JPY in errors, and 70.00 NOK in warnings.
    let found =
        [of(&error, "AUD", 9_000), of(&error, "NOK", 50_000), of(&error, "JPY", 1_000), of(&warning, "NOK", 7_000)];
    outcome.findings = found.to_vec().into();
    let page = page(&outcome, &options()).unwrap().as_str().to_owned();
    let money = page.split("How much money?").nth(1).unwrap().split("</dd>").next().unwrap();
    let text = money.replace("\u{A0}", " ");
    assert!(text.contains("<b>1 000 <span class=\"unit\">JPY</span></b>"), "{text}");
    assert!(text.contains("and 500.00 NOK, 90.00 AUD; in errors; in warnings 70.00 NOK"), "{text}");
    assert!(page.contains("Errors first, then warnings; of each the largest amount in one currency first"));
}

#[test]
fn texts_of_rules_print_on_demand_and_have_no_backticks() {
    let mut outcome = outcome();
    for rule in avstem_core::rules::CATALOGUE {
        let mut coverage = outcome.coverage[0].clone();
        (coverage.card, coverage.all.findings) = (rule.card, 1);
        outcome.coverage.push(coverage);
    }
    let page = page(&outcome, &options()).unwrap().as_str().to_owned();
    let rules = page.split("<section id=\"rules\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(rules.contains("<code>dintero.external</code>") && !rules.contains('`'));
    assert!(rules.contains("<input type=\"checkbox\" id=\"print-rules\">"));
    assert!(page.contains("#rules:not(:has(#print-rules:checked)) { display: none; }"));
}
