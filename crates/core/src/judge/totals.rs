//! Mergeable sums per partition, so that totals never need all ledgers at once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ledger::{Figures, Move};
use crate::model::card::Kind;
use crate::model::event::EventKind;
use crate::model::instant::Instant;
use crate::model::money::Sum;

/// Sums over ledgers of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    pub ledgers: u64,
    /// Authorised amounts of ledgers that were ever authorised or captured.
    pub authorized: Sum,
    pub captured: Sum,
    pub refunded: Sum,
    pub released: Sum,
    /// Open amounts of ledgers that were ever authorised or captured.
    pub open: Sum,
    pub net: Sum,
    /// Amounts of the other ledgers: declined, failed or only initiated.
    pub not_authorized: Sum,
}

/// Amounts moved on one day in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayMoves {
    pub authorized: Sum,
    pub captured: Sum,
    pub released: Sum,
    pub refunded: Sum,
}

/// Open authorizations of one age.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aged {
    pub ledgers: u64,
    pub open: Sum,
}

impl Aged {
    /// The age bands by their maximum number of days: the fourth is unbounded, the last is for
    /// ledgers without a time.
    pub const DAYS: [Option<i64>; 5] = [Some(1), Some(7), Some(30), Some(i64::MAX), None];

    /// The index of an age in [`Aged::DAYS`].
    fn place(days: Option<i64>) -> usize {
        let last = Self::DAYS.len() - 1;
        days.map_or(last, |days| Self::DAYS.iter().position(|most| most.is_some_and(|m| days <= m)).unwrap_or(last))
    }
}

/// The as-of of a run, and how instants map to calendar days.
#[derive(Clone, Copy)]
pub struct Today<'t> {
    pub as_of: Option<Instant>,
    pub day_of: DayOf<'t>,
}

impl Today<'_> {
    /// Age of a transaction's open authorization in calendar days; `None` if nothing is open, or
    /// there is no time.
    pub fn open_days(&self, figures: &Figures, created_at: Option<Instant>) -> Option<i64> {
        let is_open = figures.open() > 0 && !figures.never_authorized();
        let since = figures.last_authorize.flatten().or(created_at).filter(|_| is_open)?;
        Some((self.day_of)(self.as_of?) - (self.day_of)(since))
    }
}

impl Totals {
    pub fn add_ledger(&mut self, figures: &Figures) {
        self.ledgers += 1;
        let counted = figures.counted();
        self.authorized += counted.authorized;
        self.released += counted.released;
        self.open += counted.open;
        self.not_authorized += counted.not_authorized;
        self.captured += figures.totals.captured;
        self.refunded += figures.totals.refunded;
        self.net += figures.net();
    }

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
    pub fn merge(&mut self, other: &DayMoves) {
        self.authorized += other.authorized;
        self.captured += other.captured;
        self.released += other.released;
        self.refunded += other.refunded;
    }
}

/// Sums of moves by day.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Days {
    /// Sorted by day.
    days: Vec<(Option<i64>, DayMoves)>,
    /// Where days were found last, by the last bits of their numbers; may be outdated.
    #[serde(skip, default = "nowhere")]
    places: [u32; NEAR],
}

/// More days than exports mostly have.
const NEAR: usize = 64;

fn nowhere() -> [u32; NEAR] {
    [0; NEAR]
}

impl Default for Days {
    fn default() -> Self {
        Days { days: Vec::new(), places: nowhere() }
    }
}

impl Days {
    /// Returns the sums of a day, inserting it if it is new.
    pub fn of(&mut self, day: Option<i64>) -> &mut DayMoves {
        let place = &mut self.places[day.unwrap_or(0) as usize % NEAR];
        if self.days.get(*place as usize).is_none_or(|(known, _)| *known != day) {
            let found = self.days.binary_search_by_key(&day, |(known, _)| *known).unwrap_or_else(|at| {
                self.days.insert(at, (day, DayMoves::default()));
                at
            });
            *place = found as u32;
        }
        &mut self.days[*place as usize].1
    }

    pub fn iter(&self) -> impl Iterator<Item = &(Option<i64>, DayMoves)> {
        self.days.iter()
    }
}

/// Maps an instant to its calendar day.
pub type DayOf<'d> = &'d (dyn Fn(Instant) -> i64 + Sync);

/// The sums of one currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct CurrencySums {
    pub transactions: Totals,
    pub orders: Totals,
    /// Moves of transaction ledgers only.
    pub days: Days,
    /// Open transactions by age, in the order of [`Aged::DAYS`].
    pub ageing: [Aged; 5],
    /// Judged subjects by kind, in the order of [`Kind::ALL`].
    pub subjects: [u64; Kind::ALL.len()],
}

/// Values by currency as written; `XXX` stands for no currency.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ByCurrency<T> {
    /// In order of first occurrence.
    values: Vec<(String, T)>,
    /// Index of each currency in `values`.
    places: BTreeMap<String, u32>,
    /// Where currencies were found last, by their letters; may be outdated.
    near: [u32; FEW],
}

/// More currencies than exports mostly have.
const FEW: usize = 16;

/// The ISO 4217 code for no currency.
pub const NO_CURRENCY: &str = "XXX";

impl<T: Default> ByCurrency<T> {
    /// Returns the value of a currency, inserting it if it is new.
    pub fn of(&mut self, currency: Option<&str>) -> &mut T {
        let currency = currency.unwrap_or(NO_CURRENCY);
        // Tells apart those that are common.
        let letters =
            currency.as_bytes().first_chunk().map_or(0, |[a, b, c]| a.wrapping_add(b.wrapping_mul(2)).wrapping_add(*c));
        let near = &mut self.near[usize::from(letters) % FEW];
        if self.values.get(*near as usize).is_none_or(|(known, _)| known != currency) {
            *near = self.places.get(currency).copied().unwrap_or_else(|| {
                let place = self.values.len() as u32;
                self.places.insert(currency.to_owned(), place);
                self.values.push((currency.to_owned(), T::default()));
                place
            });
        }
        &mut self.values[*near as usize].1
    }

    pub fn into_sorted(self) -> BTreeMap<String, T> {
        self.values.into_iter().collect()
    }
}

/// Sums by currency.
pub type Sums = ByCurrency<CurrencySums>;

impl Sums {
    pub fn add_order(&mut self, currency: Option<&str>, figures: &Figures) {
        let sums = self.of(currency);
        sums.subjects[Kind::Order as usize] += 1;
        sums.orders.add_ledger(figures);
    }

    /// Counts a transaction's ledger, and its moves on their days.
    pub fn add_transaction(
        &mut self,
        (currency, created_at): (Option<&str>, Option<Instant>),
        figures: &Figures,
        moves: impl Iterator<Item = Move>,
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
        for step in moves.filter(|step| step.amount != 0) {
            let field: fn(&mut DayMoves) -> &mut Sum = match step.kind {
                EventKind::Capture => |moves| &mut moves.captured,
                EventKind::Refund => |moves| &mut moves.refunded,
                _ if counts => |moves| &mut moves.released,
                _ => continue,
            };
            *field(sums.days.of(day(step.time))) += step.amount;
        }
    }

    pub fn merge(&mut self, other: &Sums) {
        for (currency, part) in &other.values {
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
}
