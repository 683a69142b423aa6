//! Tests how copies of a document are resolved; rows of refused files are ignored.

use avstem_core::model::card::Kind;
use avstem_core::resolve::{Fate, Group, InputOrder, SealedRows, merge};
use avstem_worlds::Rng;

use crate::night::{File, read_file};

/// Maps each group of a kind in these files with `say`; files without a rank are refused.
fn of_groups<T>(kind: Kind, texts: &[&str], ranks: &[Option<u32>], say: impl Fn(&Group<'_>) -> T) -> Vec<T> {
    let files = texts.iter().map(|text| -> File { ("export.ndjson".to_owned(), text.as_bytes().to_vec()) });
    let packers: Vec<_> = (0u32..).zip(files).map(|(number, file)| read_file(&file, number, 1, false)).collect();
    let parts: Vec<&[u8]> = packers.iter().map(|packer| packer.partitions.part(0)).collect();
    let mut said = Vec::new();
    SealedRows::new(&parts, InputOrder { ranks }, |of| of == kind).each_group(|group| said.push(say(group)));
    said
}

fn of_copies<T>(texts: &[&str], ranks: &[Option<u32>], say: impl Fn(&Group<'_>) -> T) -> T {
    let mut said = of_groups(Kind::Transaction, texts, ranks, say);
    assert_eq!(said.len(), 1, "all are copies of one");
    said.remove(0)
}

const OLD: &str = r#"{"id":"t","amount":1,"currency":"NOK","updated_at":"2026-10-01T00:00:00Z","events":[]}"#;
const NEW: &str = r#"{"id":"t","amount":2,"currency":"NOK","updated_at":"2026-10-02T00:00:00Z","events":[]}"#;
const PARTIAL: &str = r#"{"id":"t","amount":2,"currency":"NOK","updated_at":"2026-10-03T00:00:00Z"}"#;

#[test]
fn copies_are_counted_and_told_apart() {
    let facts = |group: &Group<'_>| (group.rows.len(), group.differs());
    assert_eq!(of_copies(&[OLD], &[Some(0)], facts), (1, false));
    assert_eq!(of_copies(&[OLD, OLD, OLD], &[Some(0), Some(1), Some(2)], facts), (3, false));
    assert_eq!(of_copies(&[OLD, NEW], &[Some(0), Some(1)], facts), (2, true));
    assert_eq!(of_copies(&[OLD, PARTIAL], &[Some(0), Some(1)], facts), (2, true));
}

#[test]
fn rows_of_a_refused_file_are_struck() {
    use Fate::{Accepted, Superseded};
    let fates = |group: &Group<'_>| (0..group.rows.len()).map(|at| group.fate(at)).collect::<Vec<_>>();
    assert_eq!(of_copies(&[OLD, NEW], &[Some(0), Some(1)], fates), [Superseded, Accepted]);
    assert_eq!(of_copies(&[OLD, NEW], &[Some(0), None], fates), [Accepted]);
}

#[test]
fn an_operation_without_id_is_a_duplicate_of_an_equal_one_in_another_file() {
    let capture = r#"{"order_id":"o","captures":[{"amount":7,"processed_at":"2026-10-01T00:00:00Z"}]}"#;
    let ranks = [Some(0), Some(1)];
    let merged = |group: &Group<'_>| {
        let (operations, fates) = merge(&group.rows, group.kept);
        (operations.len(), fates.into_iter().map(|(_, fate)| fate).collect::<Vec<_>>())
    };
    let twice = format!("{capture}\n{capture}");
    let of = |texts| of_groups(Kind::Order, texts, &ranks, merged);
    assert_eq!(of(&[&twice, capture]), [(2, vec![Fate::Accepted, Fate::Accepted, Fate::Duplicate])]);
}

#[test]
fn documents_come_in_the_order_of_their_ids() {
    let mut rng = Rng::new(7);
    for _ in 0..300 {
        let shared = *rng.one_of(&["", "P1.", "a-long-beginning."]);
        let mut ids: Vec<String> = Vec::new();
        for _ in 0..8 {
            let length = *rng.one_of(&[1, 2, 3, 9]);
            let rest: String = (0..length).map(|_| *rng.one_of(&["a", "b", "Z"])).collect();
            ids.push(format!("{shared}{rest}"));
        }
        let text: String = ids.iter().map(|id| OLD.replace("\"t\"", &format!("{id:?}")) + "\n").collect();
        let counted =
            of_groups(Kind::Transaction, &[&text], &[Some(0)], |group| (group.id().to_owned(), group.rows.len()));
        ids.sort();
        let expected: Vec<_> = ids.chunk_by(|a, b| a == b).map(|same| (same[0].clone(), same.len())).collect();
        assert_eq!(counted, expected);
    }
}
