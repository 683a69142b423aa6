//! Hashes of bytes that are read or written.

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
    None,
}

impl Hash {
    pub(super) fn new(kind: HashKind) -> Hash {
        match kind {
            HashKind::Blake3 => Hash::Blake3(Box::default()),
            HashKind::Sha256 => Hash::Sha256(Sha256::new()),
            HashKind::None => Hash::None,
        }
    }

    pub(super) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hash::Blake3(hasher) => {
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
            Hash::None => None,
        }
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
