//! Causes of findings, and the repairs that demonstrate them.

use super::money::Sum;

/// The class of a cause. A cause is demonstrated by a repair after which findings disappear and no
/// other appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// An event is recorded twice.
    DuplicateEvent,
    /// A failed event was counted when the status was written.
    FailedEventCounted,
    /// An amount has the wrong sign.
    Sign,
    /// An item is booked on another line than its own.
    WrongLine,
    /// A split went to another destination than its own.
    WrongDestination,
    /// An event that happened is not recorded.
    MissingEvent,
    /// Each part was rounded on its own.
    Rounding,
}

/// The repair that a rule's finding suggests, tried to see whether other findings disappear with
/// it. Findings of a rule without one can still follow from another rule's finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    None,
    /// The event is recorded twice: removes one of the two.
    RemoveEvent,
    /// The event failed but was counted. The finding itself does not count as proof: it only states
    /// that the event failed.
    CountEvent,
    /// The amount of its event has the wrong sign.
    FlipSign,
    /// The items of its event belong to another line.
    MoveItems,
    /// Its line has items of another line; only [`Repair::MoveItems`] identifies which.
    MakeRoom,
    /// A split went to its destination instead of another.
    MoveSplit,
    /// An event is missing before its event.
    InsertEvent,
    /// Each of these parts was rounded on its own.
    Round(Parts),
    /// A line of the settlement report is repeated.
    RemoveLine,
    /// The transaction lacks what its order and the settlement reports both have.
    AddMove,
}

/// The parts whose sum a rule compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parts {
    EventItems,
    DocumentItems,
    EventSplits,
    ItemSplits,
    SessionItems,
}

impl Repair {
    /// Ranks how directly a finding names a cause, to choose the root: 0 before 1; `None` if it
    /// does not name the cause.
    pub const fn names(self, cause: Cause) -> Option<u8> {
        match (self, cause) {
            (Repair::RemoveEvent, Cause::DuplicateEvent)
            | (Repair::CountEvent, Cause::FailedEventCounted)
            | (Repair::FlipSign, Cause::Sign)
            | (Repair::MoveItems, Cause::WrongLine)
            | (Repair::MoveSplit, Cause::WrongDestination) => Some(0),
            (Repair::MakeRoom, Cause::WrongLine) => Some(1),
            _ => None,
        }
    }
}

impl Root {
    /// Creates a root from the number of a stable name.
    pub fn numbered(root: u64, cause: Cause, explained: Sum) -> Root {
        Root { id: format!("{root:016x}"), cause, explained }
    }

    /// Parses a stable name into its number.
    pub fn number(name: &str) -> Option<u64> {
        u64::from_str_radix(name, 16).ok()
    }
}

impl Cause {
    /// All of them, in the order in which they are tried.
    pub const ALL: [Cause; 7] = [
        Cause::DuplicateEvent,
        Cause::FailedEventCounted,
        Cause::Sign,
        Cause::WrongLine,
        Cause::WrongDestination,
        Cause::MissingEvent,
        Cause::Rounding,
    ];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Cause::DuplicateEvent => "duplicate_event",
            Cause::FailedEventCounted => "failed_event_counted",
            Cause::Sign => "sign",
            Cause::WrongLine => "wrong_line",
            Cause::WrongDestination => "wrong_destination",
            Cause::MissingEvent => "missing_event",
            Cause::Rounding => "rounding",
        }
    }
}

/// The only cause found on a document, and the document's totals with that cause repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The number of the finding that names the cause.
    pub root: u64,
    pub cause: Cause,
    pub captured: Sum,
    pub refunded: Sum,
    pub released: Sum,
}

/// The cause that a finding follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The stable name of the finding that names the cause; possibly the finding's own.
    pub id: String,
    pub cause: Cause,
    /// How much of the finding's delta the cause explains.
    pub explained: Sum,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_named_by_sixteen_digits_that_read_back() {
        for number in [0, 1, 0xAB, u64::MAX] {
            let root = Root::numbered(number, Cause::Sign, 5);
            assert_eq!((root.id.len(), Root::number(&root.id)), (16, Some(number)));
        }
        assert_eq!(Root::number("no number"), None);
    }
}
