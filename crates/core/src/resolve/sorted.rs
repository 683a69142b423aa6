//! Sorts rows by id; whole ids are compared only where eight bytes are equal.

use crate::model::bytes::common_prefix;
use crate::rows::Sealed;

/// Eight bytes of a row's id, and the row's index.
pub(super) type IdKey = (u64, u32);

/// Calls `each` with the keys of the rows of every id, in the order of ids; rows of one id come in
/// no particular order.
///
/// Ids of one kind share a prefix (the account's number), so rows are sorted by the eight bytes
/// after it. Whole ids are compared only where these are equal.
pub(super) fn each_id(rows: &[Sealed<'_>], mut each: impl FnMut(&[IdKey])) {
    let shared = shared_prefix(rows);
    let mut keys: Vec<IdKey> = (0u32..).zip(rows).map(|(n, row)| (key(&row.id[shared..]), n)).collect();
    keys.sort_unstable();
    let id = |key: &IdKey| rows[key.1 as usize].id;
    for alike in keys.chunk_by_mut(|a, b| a.0 == b.0) {
        if alike.len() == 1 {
            each(alike);
            continue;
        }
        alike.sort_unstable_by_key(id);
        alike.chunk_by(|a, b| id(a) == id(b)).for_each(&mut each);
    }
}

/// Length of the prefix that all ids share.
fn shared_prefix(rows: &[Sealed<'_>]) -> usize {
    let Some((first, others)) = rows.split_first() else { return 0 };
    others.iter().fold(first.id.len(), |shared, row| common_prefix(&first.id[..shared], row.id))
}

/// The first eight bytes as a number that sorts as they do. Shorter input is padded with zeros, so
/// it may equal a longer one but never sorts after it.
fn key(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}
