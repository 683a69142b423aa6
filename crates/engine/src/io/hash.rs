//! Hashes of bytes that are read or written.

use blake3::hazmat::{self, ChainingValue, HasherExt, Mode};
use sha2::{Digest, Sha256};

/// How raw bytes are hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HashKind {
    /// BLAKE3: fast.
    Blake3,
    /// SHA-256: supported by other tools.
    Sha256,
    /// No hash.
    None,
}

/// A hash of the bytes so far.
pub(super) enum Hash {
    Blake3(Box<blake3::Hasher>),
    Sha256(Sha256),
    /// A part of the bytes, whose hash is of use with those of all parts.
    PartOfBlake3(Box<blake3::Hasher>),
    None,
}

impl Hash {
    /// For a part of the bytes, which begins at a multiple of its size, a power of two. SHA-256 has no hash of a part.
    pub(super) fn of_part(kind: HashKind, start: u64) -> Hash {
        match kind {
            HashKind::Blake3 => {
                let mut hasher = Box::<blake3::Hasher>::default();
                hasher.set_input_offset(start);
                Hash::PartOfBlake3(hasher)
            }
            HashKind::Sha256 | HashKind::None => Hash::None,
        }
    }

    pub(super) fn new(kind: HashKind) -> Hash {
        match kind {
            HashKind::Blake3 => Hash::Blake3(Box::default()),
            HashKind::Sha256 => Hash::Sha256(Sha256::new()),
            HashKind::None => Hash::None,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hash::Blake3(hasher) | Hash::PartOfBlake3(hasher) => {
                hasher.update(bytes);
            }
            Hash::Sha256(hasher) => hasher.update(bytes),
            Hash::None => {}
        }
    }

    /// Returns the hash in hexadecimal digits; `None` if none was requested.
    pub(super) fn finish(self) -> Option<String> {
        match self {
            Hash::Blake3(hasher) => Some(hasher.finalize().to_hex().to_string()),
            Hash::Sha256(hasher) => Some(hex(&hasher.finalize())),
            Hash::PartOfBlake3(hasher) => Some(hex(&hasher.finalize_non_root())),
            Hash::None => None,
        }
    }
}

/// The BLAKE3 hash of a whole file from those of its parts, two or more: all but the last have the same size, a power of two.
pub fn joined_blake3(parts: &[String]) -> Option<String> {
    let parts: Vec<ChainingValue> = parts.iter().map(|part| part_value(part)).collect::<Option<_>>()?;
    let (left, right) = parts.split_at(left_of(parts.len())?);
    let hash = hazmat::merge_subtrees_root(&joined(left)?, &joined(right)?, Mode::Hash);
    Some(hash.to_hex().to_string())
}

fn part_value(hex: &str) -> Option<ChainingValue> {
    blake3::Hash::from_hex(hex).ok().map(|hash| *hash.as_bytes())
}

/// How many parts the left of two subtrees has: the largest power of two below their number.
fn left_of(count: usize) -> Option<usize> {
    (count > 1).then(|| count.next_power_of_two() / 2)
}

fn joined(parts: &[ChainingValue]) -> Option<ChainingValue> {
    let Some(left) = left_of(parts.len()) else { return parts.first().copied() };
    let (left, right) = parts.split_at(left);
    Some(hazmat::merge_subtrees_non_root(&joined(left)?, &joined(right)?, Mode::Hash))
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
