//! Sums that merge: what a shard adds up, so that no one has to see all ledgers at once.

use std::collections::BTreeMap;

use crate::ledger::Ledger;
use crate::model::card::Kind;
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;

/// Sums over ledgers of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many ledgers.
    pub ledgers: u64,
    /// A of those that were authorised or captured.
    pub authorized: Sum,
    /// C.
    pub captured: Sum,
    /// R.
    pub refunded: Sum,
    /// V.
    pub released: Sum,
    /// O of those that were authorised or captured.
    pub open: Sum,
    /// N.
    pub net: Sum,
    /// A of the others: declined, failed, only initiated.
    pub not_authorized: Sum,
}

/// What happened on one day in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayMoves {
    /// Authorised that day.
    pub authorized: Sum,
    /// Captured that day.
    pub captured: Sum,
    /// Released that day.
    pub released: Sum,
    /// Refunded that day.
    pub refunded: Sum,
}

impl Totals {
    /// Counts one ledger.
    pub fn add_ledger(&mut self, ledger: &Ledger<'_>) {
        self.ledgers += 1;
        if ledger.never_authorized() {
            self.not_authorized += ledger.authorized;
        } else {
            self.authorized += ledger.authorized;
            self.released += ledger.totals.released;
            self.open += ledger.open();
        }
        self.captured += ledger.totals.captured;
        self.refunded += ledger.totals.refunded;
        self.net += ledger.net();
    }

    /// Joins the sums of two parts.
    pub fn merge(&mut self, other: &Totals) {
        self.ledgers += other.ledgers;
        self.authorized += other.authorized;
        self.captured += other.captured;
        self.refunded += other.refunded;
        self.released += other.released;
        self.open += other.open;
        self.net += other.net;
        self.not_authorized += other.not_authorized;
    }
}

impl DayMoves {
    /// Joins the sums of two parts.
    pub fn merge(&mut self, other: &DayMoves) {
        self.authorized += other.authorized;
        self.captured += other.captured;
        self.released += other.released;
        self.refunded += other.refunded;
    }
}

/// What a shard adds up for one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencySums {
    /// Transaction ledgers.
    pub transactions: Totals,
    /// Order ledgers.
    pub orders: Totals,
    /// What moved on transaction ledgers, by day.
    pub days: BTreeMap<Option<i64>, DayMoves>,
    /// Judged subjects by kind, in the order of [`Kind::ALL`].
    pub subjects: [u64; 4],
}

/// What a shard adds up, by currency as written; without one it is `XXX`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    currencies: BTreeMap<String, CurrencySums>,
}

/// The currency code for none.
pub const NO_CURRENCY: &str = "XXX";

impl Sums {
    /// The sums of a currency.
    pub fn of(&mut self, currency: Option<&str>) -> &mut CurrencySums {
        let currency = currency.unwrap_or(NO_CURRENCY);
        // Looked up twice, so that a name is only made where it is new.
        if !self.currencies.contains_key(currency) {
            self.currencies.insert(currency.to_owned(), CurrencySums::default());
        }
        self.currencies.get_mut(currency).expect("the currency was put there")
    }

    /// Counts one ledger; `day_of` says on which day an instant falls.
    pub fn add_ledger(&mut self, ledger: &Ledger<'_>, day_of: &dyn Fn(Instant) -> i64) {
        let sums = self.of(ledger.head.currency);
        sums.subjects[ledger.head.kind as usize] += 1;
        if ledger.head.kind == Kind::Order {
            return sums.orders.add_ledger(ledger);
        }
        sums.transactions.add_ledger(ledger);
        let counts = !ledger.never_authorized();
        let day = |time: Option<Instant>| time.map(day_of);
        if counts {
            let first = ledger.timeline().map(|(event, _)| event).find(|event| event.is(EventKind::Authorize));
            let granted = first.and_then(|event| event.time).or(ledger.head.created_at);
            sums.days.entry(day(granted)).or_default().authorized += ledger.authorized;
        }
        for (event, step) in ledger.timeline() {
            let captured = step.after.captured - step.before.captured;
            let refunded = step.after.refunded - step.before.refunded;
            let released = if counts { step.after.released - step.before.released } else { 0 };
            if (captured, refunded, released) != (0, 0, 0) {
                let moves = DayMoves { authorized: 0, captured, released, refunded };
                sums.days.entry(day(event.time)).or_default().merge(&moves);
            }
        }
    }

    /// Joins the sums of two parts.
    pub fn merge(&mut self, other: &Sums) {
        for (currency, part) in &other.currencies {
            let sums = self.of(Some(currency));
            sums.transactions.merge(&part.transactions);
            sums.orders.merge(&part.orders);
            for (day, moves) in &part.days {
                sums.days.entry(*day).or_default().merge(moves);
            }
            for (mine, theirs) in sums.subjects.iter_mut().zip(part.subjects) {
                *mine += theirs;
            }
        }
    }

    /// The sums by currency, in its order.
    pub fn into_sorted(self) -> BTreeMap<String, CurrencySums> {
        self.currencies
    }
}
