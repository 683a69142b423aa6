//! What became of a finding of an earlier run that is gone, and why.

/// What became of a finding that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoneState {
    Resolved,
    /// Unknown, because its document is not in the input.
    Unseen,
}

impl GoneState {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            GoneState::Resolved => "resolved",
            GoneState::Unseen => "unseen",
        }
    }
}

/// Why a finding is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Its document is in the input, and the rule no longer reports it.
    Balanced,
    /// As [`Reason::Balanced`], but the input of the earlier run was incomplete: it may never have been wrong.
    BaselineIncomplete,
    /// It is not due yet, because its time moved.
    Waiting,
    RuleOff,
    /// The rule has a different tolerance or window.
    RuleChanged,
    /// Its document, or a document it is compared with, is not in the input.
    NotInInput,
}

impl Reason {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Reason::Balanced => "balanced",
            Reason::BaselineIncomplete => "baseline_incomplete",
            Reason::Waiting => "waiting",
            Reason::RuleOff => "rule_off",
            Reason::RuleChanged => "rule_changed",
            Reason::NotInInput => "not_in_input",
        }
    }

    /// Parses the word that reports use.
    pub fn named(word: &str) -> Option<Reason> {
        use Reason::{Balanced, BaselineIncomplete, NotInInput, RuleChanged, RuleOff, Waiting};
        let all = [Balanced, BaselineIncomplete, Waiting, RuleOff, RuleChanged, NotInInput];
        all.into_iter().find(|reason| reason.word() == word)
    }

    /// The reason for a finding whose document is there and that the rule no longer reports.
    pub const fn balanced(baseline_is_complete: bool) -> Reason {
        if baseline_is_complete { Reason::Balanced } else { Reason::BaselineIncomplete }
    }

    pub const fn fate(self) -> GoneState {
        match self {
            Reason::NotInInput => GoneState::Unseen,
            _ => GoneState::Resolved,
        }
    }
}
