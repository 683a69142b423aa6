//! Findings that are not due yet, by rule and id.

use std::collections::BTreeMap;
use std::io;

use avstem_core::findings::{Waiting, read_waiting};
use avstem_core::rules::CATALOGUE;

use super::outcome::NotDue;
use super::sorted::Sorted;
use crate::history::{Baseline, number};

/// Packed rows, sorted by rule and id.
pub struct PackedWaiting {
    pub rows: Sorted,
}

impl NotDue for PackedWaiting {
    fn visit(&self, take: &mut dyn FnMut(&Waiting<'_>) -> io::Result<()>) -> io::Result<()> {
        let mut rows = self.rows.merge()?;
        while let Some(row) = rows.next()? {
            take(&read_waiting(row))?;
        }
        Ok(())
    }

    fn counts(&self) -> io::Result<BTreeMap<&'static str, u64>> {
        let mut by_number: BTreeMap<[u8; 2], u64> = BTreeMap::new();
        self.rows.each(|row| {
            // The first two bytes of a row are the rule number.
            *by_number.entry([row[0], row[1]]).or_default() += 1;
            Ok(())
        })?;
        let code = |number: [u8; 2]| {
            let rule = CATALOGUE.iter().find(|rule| rule.card.number == u16::from_be_bytes(number));
            rule.expect("rows are of known rules").card.code
        };
        Ok(by_number.into_iter().map(|(number, count)| (code(number), count)).collect())
    }
}

/// Exception ids of waiting findings that the baseline has.
pub fn known_to(baseline: &Baseline, waiting: &PackedWaiting) -> io::Result<Vec<u64>> {
    let mut known = Vec::new();
    waiting.visit(&mut |waiting| {
        known.extend(number(&waiting.exception_id()).filter(|id| baseline.has(*id)));
        Ok(())
    })?;
    Ok(known)
}
