//! A row between steps, and the function that takes rows.

use std::io;

use avstem_core::rows::hash_of;
use thiserror::Error;

use super::super::interrupted::Interrupted;
use super::tag::Tag;

/// A row between steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRow<'r> {
    pub tag: Tag,
    /// What rows must share to come to one task, one after another; empty where it does not matter.
    pub key: &'r str,
    pub payload: &'r [u8],
}

/// Takes rows.
pub type Give<'g> = dyn FnMut(StepRow<'_>) -> Result<(), StepError> + 'g;

/// Why a step cannot go on.
#[derive(Debug, Error)]
pub enum StepError {
    /// The rows are not those that the step must have.
    #[error("{what}")]
    Rows { what: String, help: &'static str },
    /// What rows are read from or written to failed.
    #[error(transparent)]
    Stream(io::Error),
    #[error(transparent)]
    Interrupted(#[from] Interrupted),
}

impl StepError {
    pub fn rows(what: impl Into<String>, help: &'static str) -> StepError {
        StepError::Rows { what: what.into(), help }
    }
}

impl From<io::Error> for StepError {
    fn from(error: io::Error) -> Self {
        StepError::Interrupted(error.into())
    }
}

/// How many shares the keys are dealt into.
pub const SHARES: u16 = 4096;

const DAMAGED: &str = "write the output of the step before anew";

impl<'r> StepRow<'r> {
    /// Reads a row as it came: the payload ends with a checksum, since every byte of it counts.
    pub fn checked(tag: &str, key: &'r str, sealed: &'r [u8]) -> Result<StepRow<'r>, StepError> {
        let Some(tag) = Tag::named(tag) else {
            let what = format!("expected a tag of avstem, found {:?}", tag.chars().take(40).collect::<String>());
            return Err(StepError::rows(what, "give only what the steps before have written, by this version"));
        };
        let row = sealed.split_last_chunk::<4>().map(|(payload, sum)| (StepRow { tag, key, payload }, sum));
        match row {
            Some((row, sum)) if row.sum().to_le_bytes() == *sum => Ok(row),
            _ => Err(StepError::rows(format!("a row with the tag {} is damaged", tag.word()), DAMAGED)),
        }
    }

    /// The share that the key belongs to: all rows of a share come to one task.
    pub fn share(&self) -> u16 {
        (hash_of(self.key) % u64::from(SHARES)) as u16
    }

    /// Appends the payload and its checksum.
    pub fn seal(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.payload);
        out.extend_from_slice(&self.sum().to_le_bytes());
    }

    fn sum(&self) -> u32 {
        let mut sum = crc32fast::Hasher::new();
        [self.tag.word().as_bytes(), &[0], self.key.as_bytes(), &[0], self.payload]
            .iter()
            .for_each(|part| sum.update(part));
        sum.finalize()
    }
}
