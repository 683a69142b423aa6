//! The rules over whole inputs: payouts and statements in, findings out.

use std::collections::BTreeMap;

use super::{
    bank_credit_unknown, bank_match_ambiguous, payout_differs, payout_not_received, payout_received_twice,
    statement_gap, statement_unbalanced,
};
use crate::bank::{BankAccount, BankEntry, StatedBalance, Statement};
use crate::model::evidence::{Wanted, Watch, is_met};
use crate::model::finding::{Hit, Value};
use crate::model::instant::{DAY, Instant};
use crate::model::money::Sum;
use crate::model::settings::{Facts, Settings};
use crate::payout::claim::{Claim, Credit};
use crate::payout::coverage::CoveredDays;
use crate::payout::evidence::{self, MatchedInput, PayoutDocuments};
use crate::payout::facts::{Credited, Received};
use crate::payout::matching::matched;
use crate::payout::receipt::Matches;
use crate::payout::statements::{self, Neighbours};
use crate::payout::words::Payers;
use crate::rules::{Check, Cx, Rule};

const RULES: [&Rule; 7] = [
    &payout_not_received::RULE,
    &payout_differs::RULE,
    &payout_received_twice::RULE,
    &bank_credit_unknown::RULE,
    &statement_unbalanced::RULE,
    &statement_gap::RULE,
    &bank_match_ambiguous::RULE,
];

const WINDOW: u64 = 7;

/// What is judged: payouts, statements, and the day of the as-of.
#[derive(Clone, Copy)]
struct Night<'n> {
    claims: &'n [Claim<'n>],
    statements: &'n [Statement],
    today: i64,
    tolerance: i128,
}

/// The bank's side of a night, matched.
struct Judged<'n> {
    credits: Vec<Credit<'n>>,
    matches: Matches,
    days: CoveredDays<'n>,
    payers: Payers,
}

impl<'n> Night<'n> {
    fn matched(&self) -> Judged<'n> {
        let credits: Vec<Credit<'n>> = self.statements.iter().flat_map(Credit::all).collect();
        let matches = matched(self.claims, &credits, WINDOW);
        let days = CoveredDays::of(self.statements.iter());
        Judged { credits, matches, days, payers: Payers::new(["dintero", "swedbank pay"].into_iter()) }
    }

    fn input(&self) -> MatchedInput {
        let statements = self.statements.len();
        MatchedInput::of(
            self.statements.iter(),
            PayoutDocuments { settlements: self.claims.len(), remittances: 0, statements },
        )
    }

    /// Findings with what they rest on.
    fn findings(&self) -> Vec<(String, String)> {
        let judged = self.matched();
        let input = self.input();
        let mut found = Vec::new();
        for (claim, receipt) in self.claims.iter().zip(&judged.matches.receipts) {
            let received = Received::new((claim, receipt), &judged.credits, &judged.days, WINDOW);
            let rests_on = evidence::of_received(&received, &input);
            self.run(claim.id, rests_on, &mut found, |check, cx| {
                if let Check::Received(check) = check {
                    check(&received, cx);
                }
            });
        }
        for (credit, used) in judged.credits.iter().zip(&judged.matches.uses) {
            let credited = Credited::new((credit, *used), self.claims, &judged.matches, &judged.payers);
            self.run(&credit.name(), evidence::of_credited(&credited, &input), &mut found, |check, cx| {
                if let Check::Credited(check) = check {
                    check(&credited, cx);
                }
            });
        }
        for statement in self.statements {
            self.run(&statements::name(statement), input.part(statement), &mut found, |check, cx| {
                if let Check::Statement(check) = check {
                    check(statement, cx);
                }
            });
        }
        for pair in Neighbours::all(self.statements.iter()) {
            self.run(&statements::name(pair.later), input.of_neighbours(&pair), &mut found, |check, cx| {
                if let Check::Neighbours(check) = check {
                    check(&pair, cx);
                }
            });
        }
        found.sort();
        found
    }

    fn run<'p>(
        &self,
        id: &str,
        rests_on: String,
        found: &mut Vec<(String, String)>,
        call: impl Fn(Check, &mut Cx<'_, 'p>),
    ) {
        let as_of = Some(Instant { seconds: self.today * DAY + 5, nanos: 0 });
        let facts = Facts { as_of, ..Facts::default() };
        for rule in RULES {
            let mut settings = Settings::default();
            settings.set_tolerance(rule.card.number, self.tolerance);
            let mut hits = Vec::new();
            let mut cx = Cx { settings: &settings, facts: &facts, card: rule.card, hits: &mut hits };
            rule.checks.iter().for_each(|check| call(*check, &mut cx));
            found.extend(hits.iter().map(|(card, hit)| (format!("{} {id}{}", card.code, told(hit)), rests_on.clone())));
        }
    }

    fn told(&self) -> String {
        self.findings().into_iter().map(|(finding, _)| finding).collect::<Vec<_>>().join("; ")
    }

    /// The numbers of the wanted parts of evidence that are in this night's input.
    fn met(&self, wanted: &Wanted) -> Vec<u64> {
        let judged = self.matched();
        let mut met = Vec::new();
        evidence::note(self.claims.iter(), &self.input(), &judged.days, Watch::new(wanted), &mut met);
        met.sort_unstable();
        met
    }
}

fn told(hit: &Hit<'_>) -> String {
    let value = |value: &Value<'_>| match value {
        Value::None => "-".to_owned(),
        Value::Amount(amount) => amount.to_string(),
        Value::Words(words) | Value::Both(words, _) => words.to_string(),
    };
    let blank = |text: &str| if text.is_empty() { String::new() } else { format!(" ({text})") };
    let currency = hit.currency.unwrap_or("no currency");
    let (expected, actual) = (value(&hit.expected), value(&hit.actual));
    format!("{}{} {expected} {actual} {currency}", blank(&hit.detail), blank(&hit.candidates))
}

fn claim<'a>(id: &'a str, amount: i128, token: &'a str) -> Claim<'a> {
    let tokens = vec![token];
    Claim { namespace: "dintero", id, currency: "NOK", amount, day: Some(10), tokens, ..Claim::default() }
}

fn credit(id: &str, day: i64, amount: i64, text: &str) -> BankEntry {
    BankEntry {
        id: id.to_owned(),
        day,
        currency: "NOK".to_owned(),
        amount,
        is_reversal: false,
        reference: None,
        texts: vec![text.to_owned()],
        debtors: Vec::new(),
    }
}

fn statement(id: &str, days: (i64, i64), entries: &[BankEntry]) -> Statement {
    Statement {
        id: id.to_owned(),
        account: BankAccount { number: "1".to_owned(), masked: "*1".to_owned() },
        currency: Some("NOK".to_owned()),
        days: Some(days),
        opening: None,
        closing: None,
        entries: entries.to_vec(),
        booked: BTreeMap::from([("NOK".to_owned(), entries.iter().map(|entry| Sum::from(entry.amount)).sum())]),
        file: 0,
        pending: 0,
        offset: 0,
    }
}

fn balance(amount: i64) -> Option<StatedBalance> {
    Some(StatedBalance { currency: "NOK".to_owned(), amount })
}

/// The findings with payouts of day 10, in statements of days 1 to 31, on day 40.
fn of(claims: &[Claim<'_>], entries: &[BankEntry]) -> String {
    let statements = [statement("s", (1, 31), entries)];
    Night { claims, statements: &statements, today: 40, tolerance: 0 }.told()
}

const TOKEN: &str = "R17483";
const BORNE: &str = "x R17483";

#[test]
fn what_should_have_come_is_held_against_what_came() {
    let one = [claim("a", 1000, TOKEN)];
    assert_eq!(of(&one, &[credit("x", 11, 1000, BORNE)]), "");
    assert_eq!(of(&one, &[credit("x", 11, 400, BORNE), credit("y", 12, 600, BORNE)]), "");
    let twice = [credit("x", 11, 1000, BORNE), credit("y", 12, 1000, BORNE)];
    assert_eq!(of(&one, &twice), "AV803 a (dintero NOK *1/y) 0 1000 NOK");
    let other = [credit("x", 11, 1000, BORNE), credit("y", 12, 300, BORNE)];
    assert_eq!(of(&one, &other), "AV803 a (dintero NOK *1/y) 0 300 NOK");
    let short = [credit("x", 11, 400, BORNE), credit("y", 12, 300, BORNE)];
    assert_eq!(of(&one, &short), "AV802 a (dintero NOK amount) 1000 700 NOK");
    let krona = BankEntry { currency: "SEK".to_owned(), ..credit("x", 11, 1000, "dintero R17483") };
    assert_eq!(of(&one, &[krona]), "AV802 a (dintero NOK currency) NOK SEK NOK");
    assert_eq!(of(&one, &[credit("x", 18, 1000, "other")]), "AV801 a (dintero NOK) 1000 0 NOK");
    assert_eq!(of(&one, &[credit("x", 18, 1000, BORNE)]), "");
}

#[test]
fn nothing_is_overdue_before_statements_and_the_day_have_passed_its_reach() {
    let claims = [claim("a", 1000, TOKEN)];
    let overdue = "AV801 a (dintero NOK) 1000 0 NOK";
    let krona = Statement { currency: Some("SEK".to_owned()), ..statement("s", (1, 31), &[]) };
    let other = BankAccount { number: "2".to_owned(), masked: "*2".to_owned() };
    let elsewhere = Statement { account: other, ..statement("s", (14, 17), &[]) };
    for (statements, today, expected) in [
        (&[statement("s", (10, 17), &[])][..], 18, overdue),
        (&[statement("s", (10, 17), &[])], 17, ""),
        (&[statement("s", (10, 16), &[])], 40, ""),
        (&[statement("s", (11, 17), &[])], 40, ""),
        (&[statement("s", (10, 13), &[]), statement("t", (14, 17), &[])], 40, overdue),
        (&[statement("s", (10, 13), &[]), statement("t", (15, 17), &[])], 40, ""),
        (&[statement("s", (10, 13), &[]), elsewhere], 40, ""),
        (&[krona], 40, ""),
        (&[], 40, ""),
    ] {
        let told = Night { claims: &claims, statements, today, tolerance: 0 }.told();
        assert_eq!(told, expected, "{statements:?} on day {today}");
    }
    let undated = [Claim { day: None, ..claim("a", 1000, TOKEN) }];
    assert_eq!(of(&undated, &[]), "");
}

#[test]
fn an_ambiguous_credit_names_its_payouts_and_none_of_them_is_overdue() {
    let two = [claim("b", 500, ""), claim("a", 500, "")];
    let expected = "AV807 *1/x (dintero a NOK, dintero b NOK) - 500 NOK";
    assert_eq!(of(&two, &[credit("x", 11, 500, "dintero")]), expected);
    let told = of(&two, &[credit("x", 11, 500, ""), credit("y", 12, 500, "")]);
    assert_eq!(told, [expected, &expected.replace('x', "y")].join("; "));
    let ids: Vec<String> = (10..22).map(|n| n.to_string()).collect();
    let twelve: Vec<Claim<'_>> = ids.iter().map(|id| claim(id, 500, "")).collect();
    let told = of(&twelve, &[credit("x", 11, 500, "")]);
    assert!(told.contains("dintero 10 NOK, ") && told.contains("dintero 19 NOK and 2 more)"), "{told}");
}

#[test]
fn a_credit_of_a_payer_without_a_payout_is_unknown() {
    let debtor = BankEntry { debtors: vec!["Swedbank Pay AB".to_owned()], ..credit("y", 11, 7, "") };
    let reversal = BankEntry { is_reversal: true, ..credit("z", 11, 9, "Dintero") };
    let entries = [credit("x", 11, 300, "DINTERO R17500"), debtor, reversal, credit("v", 11, -5, "Dintero")];
    let told = of(&[], &[&entries[..], &[credit("w", 11, 8, "dinteros husleie")]].concat());
    assert_eq!(told, "AV804 *1/x 0 300 NOK; AV804 *1/y 0 7 NOK");
}

#[test]
fn a_tolerance_silences_what_is_within_it() {
    let claims = [claim("a", 1000, TOKEN)];
    let within =
        |statements: &[Statement], tolerance| Night { claims: &claims, statements, today: 40, tolerance }.told();
    let short = [statement("s", (1, 31), &[credit("x", 11, 990, BORNE), credit("y", 11, 5, "dintero")])];
    assert_eq!(within(&short, 9), "AV802 a (dintero NOK amount) 1000 990 NOK");
    assert_eq!(within(&short, 10), "");
    let none = [statement("s", (1, 31), &[])];
    assert_eq!(within(&none, 999), "AV801 a (dintero NOK) 1000 0 NOK");
    assert_eq!(within(&none, 1000), "");
}

#[test]
fn a_statement_leads_from_its_opening_to_its_closing_balance() {
    let entries = [credit("x", 11, 1455, ""), credit("y", 11, -55, "")];
    let closes = |opening, closing| {
        let statements = [Statement { opening, closing, ..statement("s", (1, 31), &entries) }];
        Night { claims: &[], statements: &statements, today: 40, tolerance: 0 }.told()
    };
    assert_eq!(closes(balance(100), balance(1500)), "");
    assert_eq!(closes(balance(100), balance(1501)), "AV805 *1/s 1500 1501 NOK");
    assert_eq!(closes(None, balance(1501)), "");
    let euro = Some(StatedBalance { currency: "EUR".to_owned(), amount: 7 });
    assert_eq!(closes(balance(100), euro), "");
}

#[test]
fn a_statement_follows_the_one_before() {
    let pair = |first: i64, closing, opening| {
        let statements = [
            Statement { opening, ..statement("t", (first, 20), &[]) },
            Statement { closing, ..statement("s", (1, 10), &[]) },
        ];
        Night { claims: &[], statements: &statements, today: 40, tolerance: 0 }.told()
    };
    assert_eq!(pair(11, balance(5), balance(5)), "");
    assert_eq!(pair(13, balance(5), balance(6)), "AV806 *1/t 5 6 NOK");
    assert_eq!(pair(10, balance(5), balance(6)), "AV806 *1/t - - NOK");
    assert_eq!(pair(11, None, balance(6)), "");
}

#[test]
fn a_finding_is_resolved_only_by_a_night_with_its_days_and_payouts() {
    let claims = [claim("a", 1000, TOKEN)];
    let statements = [statement("s", (1, 31), &[])];
    let night = Night { claims: &claims, statements: &statements, today: 40, tolerance: 0 };
    let (finding, rests_on) = night.findings().remove(0);
    assert_eq!(finding, "AV801 a (dintero NOK) 1000 0 NOK");
    let mut wanted = Wanted::default();
    wanted.add(&rests_on);
    wanted.settle();
    let is_met_by = |claims: &[Claim<'_>], days| {
        let statements = [statement("other", days, &[])];
        let met = Night { claims, statements: &statements, today: 40, tolerance: 0 }.met(&wanted);
        is_met(&rests_on, &met, &Facts::default())
    };
    assert!(is_met_by(&claims, (10, 17)));
    assert!(!is_met_by(&claims, (11, 31)) && !is_met_by(&claims, (1, 16)));
    assert!(!is_met_by(&[claim("b", 1000, TOKEN)], (1, 31)));
}

#[test]
fn a_finding_on_statements_is_resolved_only_by_a_night_that_has_them() {
    let entries = [credit("x", 11, 5, "dintero")];
    let statements = [
        Statement { closing: balance(1), ..statement("s", (1, 10), &[]) },
        Statement { opening: balance(2), closing: balance(9), ..statement("t", (11, 20), &entries) },
    ];
    let night = Night { claims: &[], statements: &statements, today: 40, tolerance: 0 };
    let findings = night.findings();
    let told: Vec<&str> = findings.iter().map(|(finding, _)| finding.as_str()).collect();
    assert_eq!(told, ["AV804 *1/x 0 5 NOK", "AV805 *1/t 7 9 NOK", "AV806 *1/t 1 2 NOK"]);
    let mut wanted = Wanted::default();
    findings.iter().for_each(|(_, rests_on)| wanted.add(rests_on));
    wanted.settle();
    let met_by = |statements: &[Statement]| {
        let met = Night { statements, ..night }.met(&wanted);
        findings.iter().map(|(_, rests_on)| is_met(rests_on, &met, &Facts::default())).collect::<Vec<_>>()
    };
    assert_eq!(met_by(&statements), [true, true, true]);
    assert_eq!(met_by(&statements[1..]), [false, true, false], "another statement may have freed the entry's payout");
    assert_eq!(met_by(&[statement("u", (11, 11), &[])]), [false; 3]);
    assert_eq!(met_by(&statements[..1]), [false, false, false]);
}

#[test]
fn a_credit_with_more_candidates_than_are_listed_is_never_resolved() {
    let ids: Vec<String> = (10..40).map(|n| n.to_string()).collect();
    let claims: Vec<Claim<'_>> = ids.iter().map(|id| claim(id, 500, "")).collect();
    let rests_on = |claims: &[Claim<'_>]| {
        let statements = [statement("s", (1, 31), &[credit("x", 11, 500, "")])];
        Night { claims, statements: &statements, today: 40, tolerance: 0 }.findings().remove(0).1
    };
    assert_eq!(rests_on(&claims), "?");
    assert_eq!(rests_on(&claims[..16]).split(' ').count(), 19);
}
