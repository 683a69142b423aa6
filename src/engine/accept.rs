//! Findings that the configuration accepts: listed and counted as ever, but no reason to fail.

use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;

use crate::config::{Accept, Meant};

/// Whether a finding is accepted. An entry that has expired, or that the finding exceeds, accepts nothing.
pub fn is_accepted(finding: &Finding, entries: &[Accept], as_of: Option<Instant>) -> bool {
    let accepts =
        |entry: &Accept| is_meant(&entry.meant, finding) && !has_expired(entry, as_of) && !is_exceeded(entry, finding);
    entries.iter().any(accepts)
}

fn is_meant(meant: &Meant, finding: &Finding) -> bool {
    match meant {
        Meant::Exception(id) => finding.exception_id == *id,
        Meant::Id(rule, id) => finding.card.code == *rule && finding.id == *id,
        Meant::Reference(rule, reference) => {
            finding.card.code == *rule && finding.subject.merchant_reference.as_ref() == Some(reference)
        }
    }
}

fn has_expired(entry: &Accept, as_of: Option<Instant>) -> bool {
    matches!((entry.expires, as_of), (Some(expires), Some(now)) if now > expires)
}

/// A finding's amount is how far it is off, else what it found.
fn is_exceeded(entry: &Accept, finding: &Finding) -> bool {
    let amount = finding.delta().or_else(|| finding.actual.amount()).unwrap_or(0);
    entry.max_amount.is_some_and(|ceiling| amount.unsigned_abs() > u128::from(ceiling))
}
