//! Whether a run's input continues that of its baseline. A stuck or cut export must not read as good news.

use avstem_core::model::card::Kind;
use avstem_core::model::instant::Instant;

use super::past::Past;

/// What a run's input is compared by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFacts {
    /// The latest time of any document.
    pub latest: Option<Instant>,
    /// Kept documents by kind, in the order of [`Kind::ALL`].
    pub documents: [u64; 4],
    /// The hashes of all files, sorted; `None` where a file has none.
    pub hashes: Option<Vec<String>>,
    /// Files that held no record, folders without a file, and globs without a match, as they were named.
    pub without_records: Vec<String>,
}

/// Something about the input that a reader must know before trusting the findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The input of the baseline was not complete.
    BaselineIncomplete,
    /// The input is the same bytes as the baseline's.
    SameInputs,
    /// The latest time of the input is not later than the baseline's.
    NotNewer { now: Instant, then: Instant },
    /// Less than half of the baseline's documents of a kind.
    Fewer { kind: Kind, now: u64, then: u64 },
    /// Inputs that held no record.
    Nothing { names: Vec<String> },
}

impl Notice {
    /// The word in `summary.json`.
    pub const fn word(&self) -> &'static str {
        match self {
            Notice::BaselineIncomplete => "baseline_incomplete",
            Notice::SameInputs => "same_inputs",
            Notice::NotNewer { .. } => "not_newer",
            Notice::Fewer { .. } => "fewer",
            Notice::Nothing { .. } => "nothing",
        }
    }

    /// What it says to people.
    pub fn sentence(&self) -> String {
        match self {
            Notice::BaselineIncomplete => {
                "the baseline's input was incomplete: what it did not see counts as back, not as new or put right"
                    .to_owned()
            }
            Notice::SameInputs => "the same bytes as the baseline's input: is the export stuck?".to_owned(),
            Notice::NotNewer { now, then } if now < then => {
                format!("latest time {now}, earlier than the baseline's {then}: is this an old export?")
            }
            Notice::NotNewer { now, .. } => {
                format!("latest time {now}, as in the baseline: nothing newer was exported")
            }
            Notice::Fewer { kind, now, then } => {
                let plural = if *now == 1 { "" } else { "s" };
                format!("{now} {kind}{plural}, the baseline had {then}: is the export cut?")
            }
            Notice::Nothing { names } => {
                let more = match names.len() - 1 {
                    0 => String::new(),
                    more => format!(" and {more} more"),
                };
                format!("no record in {}{more}", names[0])
            }
        }
    }
}

/// Everything about the input that does not continue the baseline's, or is empty.
pub fn notices(now: &InputFacts, baseline: Option<&Past>) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(past) = baseline {
        if !past.is_complete() {
            notices.push(Notice::BaselineIncomplete);
        }
        if now.hashes.as_ref().is_some_and(|hashes| !hashes.is_empty() && Some(hashes) == past.hashes().as_ref()) {
            notices.push(Notice::SameInputs);
        }
        if let (Some(now), Some(then)) = (now.latest, past.summary.latest)
            && now <= then
        {
            notices.push(Notice::NotNewer { now, then });
        }
        for (kind, now) in Kind::ALL.into_iter().zip(now.documents) {
            let then = past.summary.documents.get(kind.word()).copied().unwrap_or(0);
            if now.saturating_mul(2) < then {
                notices.push(Notice::Fewer { kind, now, then });
            }
        }
    }
    if !now.without_records.is_empty() {
        notices.push(Notice::Nothing { names: now.without_records.clone() });
    }
    notices
}
