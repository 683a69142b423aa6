//! A defect of one record, with its place and the path of the field it is in.

use std::fmt::Write;

use crate::model::reject::RecordReason;

/// One step of a path, innermost first while a fault climbs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Name(&'static str),
    Number(usize),
}

/// A defect of a record. Boxed by its users: it is rare, and results must stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub reason: RecordReason,
    /// Where, as an offset within the block.
    pub at: usize,
    path: Vec<Step>,
}

/// What a reader returns.
pub type Read<T> = Result<T, Box<Fault>>;

impl Fault {
    /// A defect at a place.
    #[cold]
    pub fn new(reason: RecordReason, at: usize) -> Box<Fault> {
        Box::new(Fault { reason, at, path: Vec::new() })
    }

    /// The same, seen from the object that has it as this member.
    #[cold]
    pub fn within(mut self: Box<Self>, name: &'static str) -> Box<Self> {
        self.path.push(Step::Name(name));
        self
    }

    /// The same, seen from the array that has it as this element.
    #[cold]
    pub fn element(mut self: Box<Self>, number: usize) -> Box<Self> {
        self.path.push(Step::Number(number));
        self
    }

    /// The path from the record on, like `events[2].amount`.
    pub fn path(&self) -> String {
        let mut out = String::new();
        for step in self.path.iter().rev() {
            match step {
                Step::Name(name) if out.is_empty() => out.push_str(name),
                Step::Name(name) => {
                    out.push('.');
                    out.push_str(name);
                }
                Step::Number(number) => {
                    let _ = write!(out, "[{number}]");
                }
            }
        }
        out
    }
}
