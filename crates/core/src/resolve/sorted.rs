//! Sorts rows by id; whole ids are compared only where eight bytes are equal.

use crate::model::bytes::common_prefix;
use crate::rows::Sealed;

/// Eight bytes of a row's id, and the row's index.
pub(super) type IdKey = (u64, u32);

/// How many rows ahead others are brought near.
const AHEAD: usize = 4;

/// As many alike ids are sorted by what follows what they share.
const MANY: usize = 16;

/// Calls `each` with the keys of the rows of every id, in the order of ids; rows of one id come in
/// no particular order.
///
/// Ids of one kind share a prefix, so rows are sorted by the eight bytes after it; those that are equal there too, as
/// the ids of one account are, again by what follows. Whole ids are compared only among the last few.
pub(super) fn each_id(rows: &[Sealed<'_>], mut each: impl FnMut(&[IdKey])) {
    let mut keys: Vec<IdKey> = (0u32..).zip(rows).map(|(n, _)| (0, n)).collect();
    each_alike(rows, &mut keys, 0, &mut each);
}

/// Does so for rows whose ids share that many bytes.
fn each_alike(rows: &[Sealed<'_>], keys: &mut [IdKey], shared: usize, each: &mut impl FnMut(&[IdKey])) {
    let id = |key: &IdKey| rows[key.1 as usize].id;
    let shared = shared_prefix(keys.iter().map(|key| &id(key)[shared..])) + shared;
    keys.iter_mut().for_each(|key| key.0 = first_bytes(&id(key)[shared..]));
    keys.sort_unstable();
    let mut start = 0;
    while let Some((first, _)) = keys.get(start).copied() {
        let end = start + keys[start..].iter().take_while(|key| key.0 == first).count();
        if let Some(key) = keys.get(end + AHEAD) {
            rows[key.1 as usize].prefetch();
        }
        let alike = &mut keys[start..end];
        start = end;
        if alike.len() == 1 {
            each(alike);
        } else if alike.len() >= MANY && alike.iter().all(|key| id(key).len() >= shared + 8) {
            each_alike(rows, alike, shared + 8, each);
        } else {
            alike.sort_unstable_by_key(id);
            alike.chunk_by(|a, b| id(a) == id(b)).for_each(&mut *each);
        }
    }
}

/// Length of the prefix that all ids share.
fn shared_prefix<'i>(mut ids: impl Iterator<Item = &'i [u8]>) -> usize {
    let Some(first) = ids.next() else { return 0 };
    ids.fold(first.len(), |shared, id| common_prefix(&first[..shared], id))
}

/// The first eight bytes as a number that sorts as they do. Shorter input is padded with zeros, so
/// it may equal a longer one but never sorts after it.
fn first_bytes(bytes: &[u8]) -> u64 {
    let mut first = [0; 8];
    let length = bytes.len().min(8);
    first[..length].copy_from_slice(&bytes[..length]);
    u64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::origin::Origin;
    use crate::rows::{Row, RowKind, rows};

    #[test]
    fn rows_of_every_id_come_together_in_the_order_of_ids() {
        let accounts = ["P12345678.", "P12345679.", "P1234567890123456789.", "T1.", ""];
        for (count, of) in (0..80).flat_map(|count| (1..=accounts.len()).map(move |of| (count, of))) {
            let id = |n: usize| format!("{}{}", accounts[n % of], "x".repeat(n % 7) + &(n * n % 37).to_string());
            let ids: Vec<String> = (0..count).map(id).collect();
            let mut run = Vec::new();
            for id in &ids {
                let (kind, origin) = (RowKind::Transaction, Origin::default());
                let row = Row { kind, id, origin, updated_at: None, version: None, weight: 0, body: &[] };
                row.write(&mut run, |_| {});
            }
            let sealed: Vec<Sealed<'_>> = rows(&run).collect();
            let mut found: Vec<Vec<&str>> = Vec::new();
            each_id(&sealed, |same| found.push(same.iter().map(|key| sealed[key.1 as usize].text()).collect()));
            let mut sorted: Vec<&str> = ids.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            let wanted: Vec<Vec<&str>> = sorted.chunk_by(|a, b| a == b).map(<[_]>::to_vec).collect();
            assert_eq!(found, wanted, "{count} ids of {of} accounts");
        }
    }
}
