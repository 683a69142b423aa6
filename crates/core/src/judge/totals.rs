//! Sums that merge: what a partition adds up, so that no one has to see all ledgers at once.

use std::collections::BTreeMap;

use crate::ledger::{Figures, Move};
use crate::model::card::Kind;
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;

/// Sums over ledgers of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
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

/// Open authorizations of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Aged {
    pub ledgers: u64,
    /// O of them.
    pub open: Sum,
}

impl Aged {
    /// The ages, by the most days of each; the last but one has no end, and the last is for those without any time.
    pub const DAYS: [Option<i64>; 5] = [Some(1), Some(7), Some(30), Some(i64::MAX), None];

    /// The place of an age among [`Aged::DAYS`].
    fn place(days: Option<i64>) -> usize {
        let last = Self::DAYS.len() - 1;
        days.map_or(last, |days| Self::DAYS.iter().position(|most| most.is_some_and(|m| days <= m)).unwrap_or(last))
    }
}

/// The day of judgement.
#[derive(Clone, Copy)]
pub struct Today<'t> {
    /// The instant judged at.
    pub as_of: Option<Instant>,
    /// On which day an instant falls.
    pub day_of: DayOf<'t>,
}

impl Today<'_> {
    /// For how many days of the calendar a transaction's open amount is authorised; none where nothing is open, or
    /// there is no time.
    pub fn open_days(&self, figures: &Figures, created_at: Option<Instant>) -> Option<i64> {
        let is_open = figures.open() > 0 && !figures.never_authorized();
        let since = figures.last_authorize.flatten().or(created_at).filter(|_| is_open)?;
        Some((self.day_of)(self.as_of?) - (self.day_of)(since))
    }
}

impl Totals {
    /// Counts one ledger.
    pub fn add_ledger(&mut self, figures: &Figures) {
        self.ledgers += 1;
        if figures.never_authorized() {
            self.not_authorized += figures.authorized;
        } else {
            self.authorized += figures.authorized;
            self.released += figures.totals.released;
            self.open += figures.open();
        }
        self.captured += figures.totals.captured;
        self.refunded += figures.totals.refunded;
        self.net += figures.net();
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

/// What moved, by day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Days {
    /// Sorted by day.
    days: Vec<(Option<i64>, DayMoves)>,
    /// Where the last one was found: what moves together often moves on one day.
    last: usize,
}

impl Days {
    /// The moves of a day.
    pub fn of(&mut self, day: Option<i64>) -> &mut DayMoves {
        if self.days.get(self.last).is_none_or(|(known, _)| *known != day) {
            self.last = self.days.binary_search_by_key(&day, |(known, _)| *known).unwrap_or_else(|at| {
                self.days.insert(at, (day, DayMoves::default()));
                at
            });
        }
        &mut self.days[self.last].1
    }

    /// The days with their moves, by day.
    pub fn iter(&self) -> impl Iterator<Item = &(Option<i64>, DayMoves)> {
        self.days.iter()
    }
}

/// On which day an instant falls.
pub type DayOf<'d> = &'d (dyn Fn(Instant) -> i64 + Sync);

/// What a partition adds up for one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencySums {
    /// Transaction ledgers.
    pub transactions: Totals,
    /// Order ledgers.
    pub orders: Totals,
    /// What moved on transaction ledgers, by day.
    pub days: Days,
    /// Open transactions by age, in the order of [`Aged::DAYS`].
    pub ageing: [Aged; 5],
    /// Judged subjects by kind, in the order of [`Kind::ALL`].
    pub subjects: [u64; 4],
}

/// What a partition adds up, by currency as written; without one it is `XXX`.
#[derive(Clone, Debug, Default)]
pub struct Sums {
    /// As they were met.
    currencies: Vec<(String, CurrencySums)>,
    /// Their places there.
    places: BTreeMap<String, usize>,
}

/// The currency code for none.
pub const NO_CURRENCY: &str = "XXX";

/// So many currencies are looked through before they are looked up.
const FEW: usize = 8;

impl Sums {
    /// The sums of a currency.
    pub fn of(&mut self, currency: Option<&str>) -> &mut CurrencySums {
        let currency = currency.unwrap_or(NO_CURRENCY);
        let near = self.currencies.iter().take(FEW).position(|(known, _)| known == currency);
        let at = near.or_else(|| self.places.get(currency).copied()).unwrap_or_else(|| {
            self.places.insert(currency.to_owned(), self.currencies.len());
            self.currencies.push((currency.to_owned(), CurrencySums::default()));
            self.currencies.len() - 1
        });
        &mut self.currencies[at].1
    }

    /// Counts the ledger of an order.
    pub fn add_order(&mut self, currency: Option<&str>, figures: &Figures) {
        let sums = self.of(currency);
        sums.subjects[Kind::Order as usize] += 1;
        sums.orders.add_ledger(figures);
    }

    /// Counts the ledger of a transaction; what moved counts on its day.
    pub fn add_transaction(
        &mut self,
        (currency, created_at): (Option<&str>, Option<Instant>),
        figures: &Figures,
        moves: &[Move],
        today: &Today<'_>,
    ) {
        let sums = self.of(currency);
        sums.subjects[Kind::Transaction as usize] += 1;
        sums.transactions.add_ledger(figures);
        let counts = !figures.never_authorized();
        let day = |time: Option<Instant>| time.map(today.day_of);
        if counts && figures.open() > 0 {
            let aged = &mut sums.ageing[Aged::place(today.open_days(figures, created_at))];
            aged.ledgers += 1;
            aged.open += figures.open();
        }
        if counts {
            let granted = figures.granted_at.flatten().or(created_at);
            sums.days.of(day(granted)).authorized += figures.authorized;
        }
        for step in moves.iter().filter(|step| step.amount != 0) {
            let field: fn(&mut DayMoves) -> &mut Sum = match step.kind {
                EventKind::Capture => |moves| &mut moves.captured,
                EventKind::Refund => |moves| &mut moves.refunded,
                _ if counts => |moves| &mut moves.released,
                _ => continue,
            };
            *field(sums.days.of(day(step.time))) += step.amount;
        }
    }

    /// Joins the sums of two parts.
    pub fn merge(&mut self, other: &Sums) {
        for (currency, part) in &other.currencies {
            let sums = self.of(Some(currency));
            sums.transactions.merge(&part.transactions);
            sums.orders.merge(&part.orders);
            for (day, moves) in part.days.iter() {
                sums.days.of(*day).merge(moves);
            }
            for (mine, theirs) in sums.ageing.iter_mut().zip(part.ageing) {
                mine.ledgers += theirs.ledgers;
                mine.open += theirs.open;
            }
            for (mine, theirs) in sums.subjects.iter_mut().zip(part.subjects) {
                *mine += theirs;
            }
        }
    }

    /// The sums by currency, in its order.
    pub fn into_sorted(self) -> BTreeMap<String, CurrencySums> {
        self.currencies.into_iter().collect()
    }
}
