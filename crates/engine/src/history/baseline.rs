//! The findings of an earlier run in compact form: 36 bytes each and their evidence, for lookups.

use std::collections::BTreeMap;

use avstem_core::model::evidence::Wanted;
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::field::Field;
use super::past::{EarlierRow, Past, PastError};
use super::{number, shown_currency};

/// How a finding of this run compares with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    New,
    /// The baseline has it with the same fingerprint and currency.
    Open,
    /// The baseline has it with another fingerprint or currency.
    Changed,
    /// The baseline does not have it, but did not see its whole input either.
    Back,
}

impl Change {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Change::New => "new",
            Change::Open => "open",
            Change::Changed => "changed",
            Change::Back => "back",
        }
    }
}

/// The comparison of one finding with the baseline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing<'b> {
    pub change: Change,
    /// The as-of of the first run that had it; `None` if new or back.
    pub first_seen: Option<Instant>,
    /// The day of `first_seen`.
    pub first_day: Option<i64>,
    /// Its difference in the baseline.
    pub delta: Sum,
    /// Its currency in the baseline, if that differs from the current one.
    pub from_currency: Option<&'b str>,
    /// Its index among the baseline's findings; `None` if new or back.
    pub(super) place: Option<usize>,
}

/// First occurrence and currency, shared by many findings.
#[derive(Debug)]
struct Origin {
    first_seen: Option<Instant>,
    /// The day of `first_seen`.
    day: Option<i64>,
    currency: String,
}

#[derive(Debug)]
pub struct Baseline {
    pub past: Past,
    /// Exception ids, sorted; the parallel vectors below have the same order.
    ids: Vec<u64>,
    fingerprints: Vec<u64>,
    deltas: Vec<Sum>,
    /// Indices into `known_origins`.
    origins: Vec<u32>,
    /// Distinct pairs of first occurrence and currency; few.
    known_origins: Vec<Origin>,
    wanted: Wanted,
}

impl Baseline {
    /// Reads a run that was verified as complete; `day_of` maps an instant to its day.
    ///
    /// # Errors
    ///
    /// When its files cannot be read, or an older version without fingerprints wrote them.
    pub fn read(past: Past, day_of: &dyn Fn(Instant) -> i64) -> Result<Baseline, PastError> {
        let mut rows = Vec::new();
        let mut origins: BTreeMap<(Option<Instant>, String), u32> = BTreeMap::new();
        let mut wanted = Wanted::default();
        let mut nameless = false;
        past.visit(&mut |row| {
            let next = origins.len() as u32;
            let currency = shown_currency(row.text(Field::Currency)).into_owned();
            let origin = *origins.entry((row.first_seen(), currency)).or_insert(next);
            match (row.id(), row.fingerprint()) {
                (Some(id), Some(fingerprint)) => rows.push((id, fingerprint, row.delta(), origin)),
                _ => nameless = true,
            }
            wanted.add(row.text(Field::Evidence).unwrap_or_default());
            Ok(())
        })?;
        if nameless {
            return Err(past.failed(
                "its exceptions.csv has no fingerprints: an earlier version wrote it. Run that night again with this one",
            ));
        }
        rows.sort_unstable_by_key(|row| row.0);
        wanted.settle();
        let mut known_origins: Vec<_> = origins.into_iter().collect();
        known_origins.sort_unstable_by_key(|(_, number)| *number);
        Ok(Baseline {
            past,
            ids: rows.iter().map(|row| row.0).collect(),
            fingerprints: rows.iter().map(|row| row.1).collect(),
            deltas: rows.iter().map(|row| row.2).collect(),
            origins: rows.iter().map(|row| row.3).collect(),
            known_origins: known_origins.into_iter().map(|(origin, _)| origin_of(origin, day_of)).collect(),
            wanted,
        })
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Whether it has a finding with this exception id.
    pub fn has(&self, id: u64) -> bool {
        self.place(id).is_some()
    }

    /// The evidence that its findings depend on.
    pub fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// The index of the finding with this exception id.
    pub(super) fn place(&self, id: u64) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }

    /// The day on which a finding of the baseline was first seen.
    pub(super) fn first_day(&self, row: &EarlierRow<'_>) -> Option<i64> {
        let place = self.place(row.id()?)?;
        self.known_origins[self.origins[place] as usize].day
    }

    pub fn standing(&self, finding: &Finding) -> Standing<'_> {
        let Some(place) = number(&finding.exception_id).and_then(|id| self.place(id)) else { return self.unknown() };
        self.standing_at(place, number(&finding.fingerprint()), finding.subject.currency.as_deref())
    }

    /// Like [`Baseline::standing`], for a finding in the files of another run.
    pub fn standing_of(&self, row: &EarlierRow<'_>) -> Standing<'_> {
        let Some(place) = row.id().and_then(|id| self.place(id)) else { return self.unknown() };
        self.standing_at(place, row.fingerprint(), row.text(Field::Currency))
    }

    /// The comparison of a finding that the baseline does not have.
    fn unknown(&self) -> Standing<'_> {
        let change = if self.past.is_complete() { Change::New } else { Change::Back };
        Standing { change, first_seen: None, first_day: None, delta: 0, from_currency: None, place: None }
    }

    fn standing_at(&self, place: usize, fingerprint: Option<u64>, currency: Option<&str>) -> Standing<'_> {
        let origin = &self.known_origins[self.origins[place] as usize];
        let from_currency = Some(origin.currency.as_str()).filter(|was| *was != shown_currency(currency));
        let is_same = fingerprint == Some(self.fingerprints[place]) && from_currency.is_none();
        Standing {
            change: if is_same { Change::Open } else { Change::Changed },
            first_seen: origin.first_seen,
            first_day: origin.day,
            delta: self.deltas[place],
            from_currency,
            place: Some(place),
        }
    }
}

fn origin_of((first_seen, currency): (Option<Instant>, String), day_of: &dyn Fn(Instant) -> i64) -> Origin {
    Origin { first_seen, day: first_seen.map(day_of), currency }
}
