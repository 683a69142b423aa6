//! Whether a run's input continues that of its baseline. A stuck or cut export must not read as good news.

use std::collections::BTreeMap;

use avstem_core::model::card::Kind;
use avstem_core::model::instant::Instant;
use serde_json::Value;

/// What a run's input is compared by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InputFacts {
    /// The latest time of any document.
    pub latest: Option<Instant>,
    /// Kept documents by kind, in the order of [`Kind::DOCUMENTS`].
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

    /// Whether the input ends before the baseline's: it cannot be a whole new export.
    pub fn is_older(&self) -> bool {
        matches!(self, Notice::NotNewer { now, then } if now < then)
    }

    /// What it says to people.
    pub fn sentence(&self) -> String {
        match self {
            Notice::BaselineIncomplete => {
                "the baseline's input was incomplete: a finding that it lacks counts as back, not as new".to_owned()
            }
            Notice::SameInputs => "the same bytes as the baseline's input: is the export stuck?".to_owned(),
            Notice::NotNewer { now, then } if self.is_older() => {
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
pub fn notices(now: &InputFacts, baseline: Option<&EarlierInput<'_>>) -> Vec<Notice> {
    let mut notices = Vec::new();
    if let Some(past) = baseline {
        if !past.is_complete {
            notices.push(Notice::BaselineIncomplete);
        }
        if now.hashes.as_ref().is_some_and(|hashes| !hashes.is_empty() && Some(hashes) == past.hashes.as_ref()) {
            notices.push(Notice::SameInputs);
        }
        if let (Some(now), Some(then)) = (now.latest, past.summary.latest)
            && now <= then
        {
            notices.push(Notice::NotNewer { now, then });
        }
        for (kind, now) in Kind::DOCUMENTS.into_iter().zip(now.documents) {
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

/// The hashes of all files, sorted; `None` where one has none.
pub fn all_hashes(of: impl Iterator<Item = Option<String>>) -> Option<Vec<String>> {
    let mut hashes = of.collect::<Option<Vec<_>>>()?;
    hashes.sort_unstable();
    Some(hashes)
}

/// The input of an earlier run.
#[derive(Clone, Debug)]
pub struct EarlierInput<'p> {
    pub is_complete: bool,
    /// The hashes of all files, sorted; `None` where a file has none.
    pub hashes: Option<Vec<String>>,
    pub summary: &'p InputSummary,
}

/// What `summary.json` says of the input; an earlier version wrote nothing of it.
#[derive(Clone, Debug, Default)]
pub struct InputSummary {
    pub latest: Option<Instant>,
    /// By the word of the kind.
    pub documents: BTreeMap<String, u64>,
    /// What the run itself noticed.
    pub notices: Vec<Notice>,
}

impl InputSummary {
    pub fn of(summary: &Value) -> InputSummary {
        let documents = summary["documents"].as_object().into_iter().flatten();
        InputSummary {
            latest: summary["latest"].as_str().and_then(Instant::parse),
            documents: documents.filter_map(|(kind, count)| Some((kind.clone(), count.as_u64()?))).collect(),
            notices: summary["continuity"].as_array().into_iter().flatten().filter_map(notice).collect(),
        }
    }
}

/// Reads a notice as `summary.json` has it.
fn notice(of: &Value) -> Option<Notice> {
    let time = |key: &str| of[key].as_str().and_then(Instant::parse);
    let number = |key: &str| of[key].as_u64();
    let names = || of["names"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
    match of["word"].as_str()? {
        "baseline_incomplete" => Some(Notice::BaselineIncomplete),
        "same_inputs" => Some(Notice::SameInputs),
        "not_newer" => Some(Notice::NotNewer { now: time("now")?, then: time("then")? }),
        "fewer" => {
            let kind = Kind::DOCUMENTS.into_iter().find(|kind| of["kind"] == kind.word())?;
            Some(Notice::Fewer { kind, now: number("now")?, then: number("then")? })
        }
        "nothing" => Some(Notice::Nothing { names: names().collect() }).filter(|_| names().next().is_some()),
        _ => None,
    }
}
