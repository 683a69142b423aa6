//! Rows in the order of their ids, without comparing whole ids where a few bytes tell.

use crate::rows::Sealed;

/// A few bytes of a row's id, and its place among the rows.
pub(super) type IdKey = (u64, u32);

/// Calls `each` with the keys of the rows of every id, in the order of ids; those of one id come in no order.
///
/// Ids of one kind begin alike (with the account's number), so they are told by the eight bytes that follow what
/// all of them share. Only where these are equal is the rest looked at.
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

/// How many bytes all ids begin with alike.
fn shared_prefix(rows: &[Sealed<'_>]) -> usize {
    let Some((first, others)) = rows.split_first() else { return 0 };
    others.iter().fold(first.id.len(), |shared, row| match row.id.get(..shared) {
        Some(front) if front == &first.id[..shared] => shared,
        _ => row.id.iter().zip(first.id).take_while(|(a, b)| a == b).count(),
    })
}

/// The first eight bytes as a number that sorts as they do. What is shorter is filled up with zeros, so it may equal
/// a longer one, never pass it.
fn key(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}
