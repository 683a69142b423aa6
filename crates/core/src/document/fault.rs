//! A defect of one record, with its place and the path of the field it is in.

use std::fmt::Write;

use crate::model::reject::RecordReason;

/// One step of a path; pushed innermost first as the fault propagates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Name(&'static str),
    Number(usize),
}

/// A defect of a record. Boxed by its users: it is rare, and results must stay small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub reason: RecordReason,
    /// Offset within the block.
    pub at: usize,
    path: Vec<Step>,
}

pub type Read<T> = Result<T, Box<Fault>>;

impl Fault {
    #[cold]
    pub fn new(reason: RecordReason, at: usize) -> Box<Fault> {
        Box::new(Fault { reason, at, path: Vec::new() })
    }

    /// Adds the member `name` of the enclosing object to the path.
    #[cold]
    pub fn within(mut self: Box<Self>, name: &'static str) -> Box<Self> {
        self.path.push(Step::Name(name));
        self
    }

    /// Adds an element of the enclosing array to the path.
    #[cold]
    pub fn element(mut self: Box<Self>, number: usize) -> Box<Self> {
        self.path.push(Step::Number(number));
        self
    }

    /// The path within the record, like `events[2].amount`.
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
