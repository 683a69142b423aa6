//! Control totals: every figure is computed in two independent ways, and both must be equal.

use std::collections::BTreeMap;

use avstem_core::judge::{ByCurrency, CurrencySums};
use avstem_core::ledger::RemittanceKind;
use avstem_core::model::money::Sum;
use avstem_core::payout::receipt::CreditTotals;

use super::outcome::{Balances, Comparison, ControlTotal, Counts, Moves, Payouts, SourceOutcome, Totals};
use avstem_core::model::card::Kind;

pub struct TotalsInput<'t> {
    pub sources: &'t [SourceOutcome],
    /// Counts of all sources together.
    pub counts: &'t Counts,
    /// Events in records as read, and in records as resolved.
    pub events: (u64, u64),
    /// Sums computed while judging.
    pub sums: &'t BTreeMap<String, CurrencySums>,
    /// The balances as reported.
    pub balances: &'t dyn Balances,
    pub payouts: &'t Payouts,
    /// Records of providers that pay out themselves.
    pub remittances: [u64; RemittanceKind::ALL.len()],
    /// Findings made, and findings reported.
    pub findings: (u64, u64),
    /// The comparison with the baseline.
    pub comparison: Option<&'t Comparison>,
}

struct Book {
    rows: Vec<ControlTotal>,
}

impl Book {
    fn value(&mut self, source: &str, stage: &'static str, measure: &'static str, value: impl Into<Sum>) {
        self.money(source, stage, measure, None, value.into());
    }

    fn money(&mut self, source: &str, stage: &'static str, measure: &'static str, currency: Option<&str>, value: Sum) {
        self.rows.push(ControlTotal {
            source: source.to_owned(),
            stage,
            measure,
            currency: currency.map(str::to_owned),
            value,
            identity: None,
            holds: None,
        });
    }

    /// Adds an identity: `value` must equal `other`.
    fn tie(
        &mut self,
        source: &str,
        measure: &'static str,
        currency: Option<&str>,
        words: &str,
        value: Sum,
        other: Sum,
    ) {
        self.rows.push(ControlTotal {
            source: source.to_owned(),
            stage: "identity",
            measure,
            currency: currency.map(str::to_owned),
            value,
            identity: Some(words.to_owned()),
            holds: Some(value == other),
        });
    }

    fn records(&mut self, source: &str, counts: &Counts) {
        self.value(source, "read", "records", counts.records);
        self.value(source, "resolve", "accepted", counts.accepted);
        self.value(source, "resolve", "duplicate", counts.duplicate);
        self.value(source, "resolve", "superseded", counts.superseded);
        self.value(source, "read", "rejected", counts.rejected);
        let sum = counts.accepted + counts.duplicate + counts.superseded + counts.rejected;
        let words = "records = accepted + duplicate + superseded + rejected";
        self.tie(source, "records", None, words, counts.records.into(), sum.into());
    }
}

/// Computes the control totals and their identities.
pub fn control_totals(taken: &TotalsInput<'_>) -> std::io::Result<Vec<ControlTotal>> {
    let mut book = Book { rows: Vec::new() };
    for source in taken.sources {
        book.value(&source.name, "read", "bytes", source.bytes);
        book.value(&source.name, "read", "decoded_bytes", source.decoded_bytes);
        book.records(&source.name, &source.counts);
    }
    let total = |of: fn(&SourceOutcome) -> u64| -> u64 { taken.sources.iter().map(of).sum() };
    book.value("", "read", "files", taken.sources.len() as u64);
    book.value("", "read", "files_refused", total(|s| u64::from(s.fault.is_some())));
    book.value("", "read", "bytes", total(|s| s.bytes));
    book.records("", taken.counts);
    let words = "records of all sources = the sum of each source's";
    book.tie("", "records", None, words, taken.counts.records.into(), total(|s| s.counts.records).into());
    let words = ["provider_payouts", "provider_lines", "provider_entries"];
    let of_providers = words.into_iter().zip(taken.remittances).filter(|(_, count)| *count > 0);
    of_providers.for_each(|(measure, count)| book.value("", "read", measure, count));
    book.value("", "read", "events", taken.events.0);
    book.tie(
        "",
        "events",
        None,
        "events read = events of resolved records",
        taken.events.0.into(),
        taken.events.1.into(),
    );
    ledgers(&mut book, taken)?;
    payouts(&mut book, taken.payouts);
    book.value("", "report", "findings", taken.findings.1);
    book.tie(
        "",
        "findings",
        None,
        "findings made = findings reported",
        taken.findings.0.into(),
        taken.findings.1.into(),
    );
    if let Some(comparison) = taken.comparison {
        nights(&mut book, comparison);
    }
    Ok(book.rows)
}

/// Checks that the baseline's findings plus new minus resolved ones give the current findings.
fn nights(book: &mut Book, comparison: &Comparison) {
    for (currency, moves) in comparison.moves.by_currency() {
        let currency = Some(currency.as_str());
        let Moves { opening, new, back, open, changed, moved, resolved, unseen, closing } = moves;
        let tallies = [
            (["baseline_opening", "baseline_opening_delta"], opening),
            (["baseline_new", "baseline_new_delta"], new),
            (["baseline_back", "baseline_back_delta"], back),
            (["baseline_open", "baseline_open_delta"], open),
            (["baseline_changed", "baseline_changed_delta"], changed),
            (["baseline_resolved", "baseline_resolved_delta"], resolved),
            (["baseline_unseen", "baseline_unseen_delta"], unseen),
            (["baseline_closing", "baseline_closing_delta"], closing),
        ];
        for ([count, delta], tally) in tallies {
            book.money("", "compare", count, currency, tally.count.into());
            book.money("", "compare", delta, currency, tally.delta);
        }
        let came = Sum::from(new.count) + Sum::from(back.count);
        let sum = Sum::from(opening.count) + came - Sum::from(resolved.count) + Sum::from(moved);
        let words = "opening + new + back - resolved = closing";
        book.tie("", "baseline", currency, words, sum, closing.count.into());
        let sum = opening.delta + new.delta + back.delta - resolved.delta + changed.delta;
        let words = "opening + new + back - resolved + changed = closing, in the sum of differences";
        book.tie("", "baseline_delta", currency, words, sum, closing.delta);
    }
}

fn ledgers(book: &mut Book, taken: &TotalsInput<'_>) -> std::io::Result<()> {
    let mut written: ByCurrency<[Totals; 2]> = ByCurrency::default();
    taken.balances.amounts(&mut |balance| {
        let totals = &mut written.of(balance.currency)[usize::from(balance.kind == Kind::Order)];
        totals.ledgers += 1;
        totals.captured += balance.captured;
        totals.refunded += balance.refunded;
        totals.authorized += balance.counted.authorized;
        totals.released += balance.counted.released;
        totals.open += balance.counted.open;
        totals.net += balance.net;
        totals.not_authorized += balance.counted.not_authorized;
    })?;
    let written = written.into_sorted();
    for (currency, sums) in taken.sums {
        for (kind, judged) in [(Kind::Transaction, &sums.transactions), (Kind::Order, &sums.orders)] {
            let rows = written.get(currency).map(|of| of[usize::from(kind == Kind::Order)]).unwrap_or_default();
            if judged.ledgers > 0 || rows.ledgers > 0 {
                one_kind(book, kind, currency, judged, &rows);
            }
        }
        let moved =
            |of: fn(&super::outcome::DayMoves) -> Sum| sums.days.iter().map(|(_, moves)| of(moves)).sum::<Sum>();
        let closing = moved(|d| d.authorized) - moved(|d| d.captured) - moved(|d| d.released);
        let words = "closing of the roll-forward = open of transactions";
        book.tie("", "rollforward", Some(currency), words, closing, sums.transactions.open);
        book.tie(
            "",
            "rollforward",
            Some(currency),
            "refunded in the roll-forward = refunded of transactions",
            moved(|d| d.refunded),
            sums.transactions.refunded,
        );
    }
    Ok(())
}

/// The parts of all payouts by currency must add up to what was paid.
fn payouts(book: &mut Book, payouts: &Payouts) {
    for (currency, sums) in payouts.sums() {
        let currency = Some(currency.as_str());
        book.money("", "payout", "payouts", currency, sums.payouts.into());
        for (measure, sum) in sums.named() {
            book.money("", "payout", measure, currency, sum);
        }
        let words = "captures + refunds + fees + other + carried in + carried out + unexplained = amount";
        book.tie("", "payouts", currency, words, sums.explained(), sums.amount);
    }
    for (currency, totals) in &payouts.credits {
        let currency = Some(currency.as_str());
        let CreditTotals { credits, matched, ambiguous, repeats, unmatched, sum_skipped } = *totals;
        for (measure, sum) in [
            ("credits", credits),
            ("credits_matched", matched),
            ("credits_ambiguous", ambiguous),
            ("credits_twice", repeats),
            ("credits_unmatched", unmatched),
        ] {
            book.money("", "bank", measure, currency, sum);
        }
        book.money("", "bank", "sum_skipped", currency, sum_skipped.into());
        let words = "credits = matched + ambiguous + received twice + unmatched";
        let received: Sum = payouts.received(currency);
        book.tie("", "received", currency, "received of payouts = matched credits", received, matched);
        book.tie("", "credits", currency, words, credits, matched + ambiguous + repeats + unmatched);
    }
}

fn one_kind(book: &mut Book, kind: Kind, currency: &str, judged: &Totals, written: &Totals) {
    let of = |transactions: &'static str, orders: &'static str| if kind == Kind::Order { orders } else { transactions };
    let currency = Some(currency);
    book.money("", "judge", of("transaction_ledgers", "order_ledgers"), currency, judged.ledgers.into());
    book.money("", "judge", of("transactions_authorized", "orders_authorized"), currency, judged.authorized);
    book.money("", "judge", of("transactions_captured", "orders_captured"), currency, judged.captured);
    book.money("", "judge", of("transactions_released", "orders_released"), currency, judged.released);
    book.money("", "judge", of("transactions_open", "orders_open"), currency, judged.open);
    book.money("", "judge", of("transactions_refunded", "orders_refunded"), currency, judged.refunded);
    book.money("", "judge", of("transactions_net", "orders_net"), currency, judged.net);
    book.money(
        "",
        "judge",
        of("transactions_not_authorized", "orders_not_authorized"),
        currency,
        judged.not_authorized,
    );
    let balance = of("transactions_balance", "orders_balance");
    let sum = judged.captured + judged.released + judged.open;
    book.tie("", balance, currency, "authorised = captured + released + open", judged.authorized, sum);
    book.tie("", balance, currency, "net = captured - refunded", judged.net, judged.captured - judged.refunded);
    let rows = of("transactions_rows", "orders_rows");
    book.tie("", rows, currency, "ledgers judged = balance rows", judged.ledgers.into(), written.ledgers.into());
    for (words, judged, written) in [
        ("authorised as judged = authorised of balance rows", judged.authorized, written.authorized),
        ("captured as judged = captured of balance rows", judged.captured, written.captured),
        ("refunded as judged = refunded of balance rows", judged.refunded, written.refunded),
        ("released as judged = released of balance rows", judged.released, written.released),
        ("open as judged = open of balance rows", judged.open, written.open),
        ("net as judged = net of balance rows", judged.net, written.net),
        ("not authorised as judged = not authorised of balance rows", judged.not_authorized, written.not_authorized),
    ] {
        book.tie("", rows, currency, words, judged, written);
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::outcome::{Balance, DayMoves, TakeBalances, timeline};
    use super::*;

    pub fn balance() -> Balance<'static> {
        let none = None;
        Balance {
            kind: Kind::Transaction,
            id: "t",
            order_id: none,
            transaction_id: none,
            session_id: none,
            merchant_reference: none,
            merchant_reference_2: none,
            payment_product_type: none,
            currency: Some("NOK"),
            authorized: Some(100),
            captured: 60,
            refunded: 20,
            released: Some(10),
            open: Some(30),
            net: 40,
            not_authorized: Some(0),
            events: 5,
            lines: None,
            split_captured: None,
            split_refunded: None,
            status: none,
            status_derived: none,
            settlement_status: none,
            created_at: None,
            last_event_at: None,
            open_days: None,
            findings: 7,
            worst: None,
            origin: Default::default(),
            timeline: timeline::Timeline::Events(&[]),
            numbers: Default::default(),
        }
    }

    /// Balances of a single transaction.
    struct One(Sum);

    impl Balances for One {
        fn batches(&self, take: TakeBalances<'_>) -> std::io::Result<()> {
            take(&[Balance { captured: self.0, ..balance() }])
        }
    }

    /// Input of a run whose totals all agree.
    struct Run {
        source: Counts,
        all: Counts,
        events: (u64, u64),
        sums: CurrencySums,
        captured_in_rows: Sum,
        findings: (u64, u64),
    }

    impl Run {
        fn sound() -> Run {
            let counts = Counts { records: 10, accepted: 4, duplicate: 3, superseded: 2, rejected: 1 };
            let mut sums = CurrencySums {
                transactions: Totals {
                    ledgers: 1,
                    authorized: 100,
                    captured: 60,
                    refunded: 20,
                    released: 10,
                    open: 30,
                    net: 40,
                    not_authorized: 0,
                },
                ..CurrencySums::default()
            };
            *sums.days.of(Some(1)) = DayMoves { authorized: 100, captured: 60, released: 10, refunded: 20 };
            Run { source: counts, all: counts, events: (5, 5), sums, captured_in_rows: 60, findings: (7, 7) }
        }

        /// The identities that do not hold, as source and measure.
        fn broken(&self) -> Vec<String> {
            let source = SourceOutcome {
                name: "a".to_owned(),
                bytes: 1,
                hash: None,
                decoded_bytes: 1,
                fault: None,
                is_empty: false,
                counts: self.source,
            };
            let taken = TotalsInput {
                sources: &[source],
                counts: &self.all,
                events: self.events,
                sums: &BTreeMap::from([("NOK".to_owned(), self.sums.clone())]),
                balances: &One(self.captured_in_rows),
                payouts: &Payouts::default(),
                remittances: [0; 3],
                findings: self.findings,
                comparison: None,
            };
            let rows = control_totals(&taken).expect("the balances can be read");
            let broken = rows.into_iter().filter(|row| row.holds == Some(false));
            broken.map(|row| format!("{} {}", row.source, row.measure)).collect()
        }
    }

    fn broken_by(spoil: impl FnOnce(&mut Run)) -> Vec<String> {
        let mut run = Run::sound();
        spoil(&mut run);
        run.broken()
    }

    #[test]
    fn a_sound_run_ties() {
        assert!(Run::sound().broken().is_empty());
    }

    #[test]
    fn what_is_lost_on_the_way_does_not_tie() {
        let both = [" transactions_balance", " transactions_rows", " rollforward"];
        assert_eq!(broken_by(|run| run.source.accepted -= 1), ["a records"]);
        assert_eq!(broken_by(|run| run.all.rejected -= 1), [" records"]);
        assert_eq!(broken_by(|run| (run.all.records, run.all.accepted) = (9, 3)), [" records"]);
        assert_eq!(broken_by(|run| run.events.1 += 1), [" events"]);
        assert_eq!(broken_by(|run| run.findings.1 -= 1), [" findings"]);
        assert_eq!(broken_by(|run| run.captured_in_rows -= 1), [" transactions_rows"]);
        assert_eq!(broken_by(|run| run.sums.transactions.net -= 1), [" transactions_balance", " transactions_rows"]);
        assert_eq!(broken_by(|run| run.sums.transactions.not_authorized += 1), [" transactions_rows"]);
        assert_eq!(broken_by(|run| run.sums.transactions.ledgers += 1), [" transactions_rows"]);
        assert_eq!(broken_by(|run| run.sums.transactions.open += 1), both);
        assert_eq!(broken_by(|run| run.sums.days.of(None).refunded += 1), [" rollforward"]);
        assert_eq!(broken_by(|run| run.sums.days.of(None).captured += 1), [" rollforward"]);
    }
}
