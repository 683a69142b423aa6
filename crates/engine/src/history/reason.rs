//! What became of a finding that is not there any more, and why.

/// What became of a finding that is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GoneState {
    /// It was cleared.
    Resolved,
    /// Nobody can tell: what it is about is not in the input.
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

/// Why a finding is not there any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// What it is about is in the input, and the rule has nothing to say.
    Balanced,
    /// Its time has been moved: it is not due yet.
    Waiting,
    /// The rule is off.
    RuleOff,
    /// The rule has another tolerance or window than it had.
    RuleChanged,
    /// What it is about, or is held against, is not in the input.
    NotInInput,
}

impl Reason {
    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Reason::Balanced => "balanced",
            Reason::Waiting => "waiting",
            Reason::RuleOff => "rule_off",
            Reason::RuleChanged => "rule_changed",
            Reason::NotInInput => "not_in_input",
        }
    }

    /// The reason of a word.
    pub fn named(word: &str) -> Option<Reason> {
        use Reason::{Balanced, NotInInput, RuleChanged, RuleOff, Waiting};
        [Balanced, Waiting, RuleOff, RuleChanged, NotInInput].into_iter().find(|reason| reason.word() == word)
    }

    /// What became of the finding.
    pub const fn fate(self) -> GoneState {
        match self {
            Reason::NotInInput => GoneState::Unseen,
            _ => GoneState::Resolved,
        }
    }
}
