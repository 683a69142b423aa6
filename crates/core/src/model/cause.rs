//! What findings follow from, where that can be shown.

use super::money::Sum;

/// The class of a cause. Each is shown by undoing it: with that one thing mended the findings are gone, and no other
/// appears.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Cause {
    /// An event is there twice.
    DuplicateEvent,
    /// A failed event was counted by whoever wrote the status.
    FailedEventCounted,
    /// An amount has the wrong sign.
    Sign,
    /// An item is booked on another line than its own.
    WrongLine,
    /// A split went to another destination than its own.
    WrongDestination,
    /// An event that happened is not there.
    MissingEvent,
    /// Each part was rounded on its own.
    Rounding,
}

/// What a finding of a rule suggests to repair on the document, to see whether other findings go with it. A rule that
/// suggests nothing can still follow from another one's finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Nothing.
    None,
    /// Its event is there twice: one of the two goes.
    RemoveEvent,
    /// Its event failed and was counted all the same. It is no witness of that: it only says that the event failed.
    CountEvent,
    /// The amount of its event has the wrong sign.
    FlipSign,
    /// The items of its event belong to another line.
    MoveItems,
    /// Its line has what belongs to another line; which items, only [`Repair::MoveItems`] tells.
    MakeRoom,
    /// A split went to its destination instead of another.
    MoveSplit,
    /// An event is missing before its event.
    InsertEvent,
    /// Each of these parts was rounded on its own.
    Round(Parts),
    /// A line of the settlement report is there twice.
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
    /// How well a finding names this cause, which others follow from: 0 before 1; none where it does not name it.
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
    /// A root by the number of its name.
    pub fn numbered(root: u64, cause: Cause, explained: Sum) -> Root {
        Root { id: format!("{root:016x}"), cause, explained }
    }

    /// The number of a stable name.
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

/// The one cause that was found on a document, and what its totals are with that undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Undone {
    /// The stable name of the finding that explains the others.
    pub root: u64,
    /// The class.
    pub cause: Cause,
    /// C.
    pub captured: Sum,
    /// R.
    pub refunded: Sum,
    /// V.
    pub released: Sum,
}

/// What a finding follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The stable name of the finding that explains it and others; its own, if that is it.
    pub id: String,
    /// The class.
    pub cause: Cause,
    /// How much of its difference the cause explains.
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
