//! Control totals: everything counted twice, on two ways through the run, and held together.

use std::collections::BTreeMap;

use avstem_core::model::money::Sum;
use avstem_core::shard::{CurrencySums, NO_CURRENCY};

use super::outcome::{Balances, Comparison, ControlTotal, Counts, Moves, SourceOutcome, Totals};
use avstem_core::model::card::Kind;

/// What the totals are taken from.
pub struct Taken<'t> {
    /// Sources with the counts of their records.
    pub sources: &'t [SourceOutcome],
    /// All sources together.
    pub counts: &'t Counts,
    /// Events in records as they were read, and in records as they were resolved.
    pub events: (u64, u64),
    /// Sums as they were judged.
    pub sums: &'t BTreeMap<String, CurrencySums>,
    /// The balances as they are written.
    pub balances: &'t dyn Balances,
    /// How many findings were pushed, and how many are reported.
    pub findings: (u64, u64),
    /// Tonight held against the baseline.
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

    /// An identity: the value, and what it must equal.
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

/// The totals and the identities that tie them.
pub fn control_totals(taken: &Taken<'_>) -> std::io::Result<Vec<ControlTotal>> {
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

/// What the baseline had, what came and what went make what is there now.
fn nights(book: &mut Book, comparison: &Comparison) {
    for (currency, moves) in comparison.moves.by_currency() {
        let currency = Some(currency.as_str());
        let Moves { opening, new, open, changed, moved, resolved, unseen, closing } = moves;
        let tallies = [
            (["baseline_opening", "baseline_opening_delta"], opening),
            (["baseline_new", "baseline_new_delta"], new),
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
        let sum = Sum::from(opening.count) + Sum::from(new.count) - Sum::from(resolved.count) + Sum::from(moved);
        let words = "opening + new - resolved = closing";
        book.tie("", "baseline", currency, words, sum, closing.count.into());
        let sum = opening.delta + new.delta - resolved.delta + changed.delta;
        let words = "opening + new - resolved + changed = closing, in the sum of differences";
        book.tie("", "baseline_delta", currency, words, sum, closing.delta);
    }
}

fn ledgers(book: &mut Book, taken: &Taken<'_>) -> std::io::Result<()> {
    let mut written: BTreeMap<String, [Totals; 2]> = BTreeMap::new();
    taken.balances.each(&mut |balance| {
        if balance.kind != Kind::Settlement {
            let currency = balance.currency.unwrap_or(NO_CURRENCY);
            if !written.contains_key(currency) {
                written.insert(currency.to_owned(), Default::default());
            }
            let Some(of_currency) = written.get_mut(currency) else { return Ok(()) };
            let totals = &mut of_currency[usize::from(balance.kind == Kind::Order)];
            totals.ledgers += 1;
            totals.captured += balance.captured;
            totals.refunded += balance.refunded;
            totals.net += balance.net;
            totals.authorized += balance.authorized.unwrap_or(0);
            totals.released += balance.released.unwrap_or(0);
            totals.open += balance.open.unwrap_or(0);
        }
        Ok(())
    })?;
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
    book.tie("", rows, currency, "captured as judged = captured of balance rows", judged.captured, written.captured);
    book.tie("", rows, currency, "refunded as judged = refunded of balance rows", judged.refunded, written.refunded);
    book.tie(
        "",
        rows,
        currency,
        "authorised and not authorised as judged = authorised of balance rows",
        judged.authorized + judged.not_authorized,
        written.authorized,
    );
}
