//! Bounds, checksums and sort orders, and row groups that are skipped by them.

use std::io::Cursor;
use std::ops::Range;

use super::*;
use crate::frame::chunk::{Chunk, crc};
use crate::frame::described::{Description, ascends};
use crate::frame::encode::GROUP_ROWS;
use crate::frame::footer::ChunkBounds;
use crate::frame::parquet::{MAGIC, UTF8, physical};
use crate::frame::read::{Bounds, ReadError, Selection, Table};

const IDS: &[Column] = &[
    Column { name: "kind", kind: Type::Text, what: "" },
    Column { name: "id", kind: Type::Text, what: "" },
    Column { name: "seq", kind: Type::Integer, what: "" },
];

/// Row groups of one kind and these ids each; a group ends after `GROUP_ROWS` rows.
fn groups(ids: &[fn(usize) -> Option<String>]) -> Vec<u8> {
    let mut table = ParquetTable::new(Vec::new(), IDS).unwrap();
    for id in ids {
        for row in 0..GROUP_ROWS {
            table
                .push(&[Cell::from(cell::raw("order")), Cell::from(cell::made(id(row))), Cell::Integer(row as i64)])
                .unwrap();
        }
    }
    table.finish().unwrap().writer
}

fn ordinary(group: usize, row: usize) -> Option<String> {
    Some(format!("P{group}.{row:05}"))
}

fn footer(bytes: &[u8]) -> Footer {
    Footer::read(&mut Cursor::new(bytes)).unwrap()
}

fn pages(bytes: &[u8], group: usize, column: usize) -> Range<usize> {
    let place = footer(bytes).groups[group].chunks[column];
    place.start as usize..place.start as usize + place.bytes
}

/// The sequence numbers of the rows with an id.
fn find(bytes: &[u8], id: &str) -> Result<Vec<i64>, ReadError> {
    let can_be_in = |bounds: &Bounds<'_>| bounds.admit("id", id) && bounds.admit("kind", "order");
    let is_wanted = |table: &Table, row: usize| table.texts("id").get(row) == Some(id);
    let selection = Selection { keys: &["id"], can_be_in: &can_be_in, is_wanted: &is_wanted };
    let found = ParquetFile::open(Cursor::new(bytes), "it", IDS)?.select(&selection)?;
    let of = |(table, rows): &(Table, Vec<usize>)| {
        rows.iter().filter_map(|row| table.integers("seq").get(*row)).collect::<Vec<_>>()
    };
    Ok(found.iter().flat_map(of).collect())
}

/// The same pages with a footer that has nothing but what the reader needs.
fn without_bounds(bytes: &[u8]) -> Vec<u8> {
    let Footer { groups, rows, .. } = footer(bytes);
    let mut out = Thrift::default();
    let schema: Vec<Option<&Column>> = [None].into_iter().chain(IDS.iter().map(Some)).collect();
    out.structures(2, &schema, |out, column| {
        column.iter().for_each(|column| out.i32(1, physical(column.kind)));
        out.bytes(4, column.map_or("root", |column| column.name).as_bytes());
        column.iter().filter(|column| column.kind == Type::Text).for_each(|_| out.i32(6, UTF8));
    });
    out.i64(3, rows as i64);
    out.structures(4, &groups, |out, group| {
        out.structures(1, &group.chunks, |out, chunk| {
            out.structure(3, |out| {
                out.i32(4, chunk.codec as i32);
                out.i64(7, chunk.bytes as i64);
                out.i64(9, chunk.start as i64);
            });
        });
        out.i64(3, group.rows as i64);
    });
    let made = out.finish();
    let end = pages(bytes, groups.len() - 1, IDS.len() - 1).end;
    [&bytes[..end], &made, &(made.len() as u32).to_le_bytes(), MAGIC].concat()
}

#[test]
fn bounds_are_the_least_and_the_greatest_bytes_of_each_group() {
    let bytes = groups(&[
        |row| ordinary(0, row),
        // Bytes, not letters or lengths: Z < a < z < æ < 😀, and no id is less than any.
        |row| Some(["zz", "Z", "æ", "a", "😀", "\u{1}", ""][row % 7].to_owned()),
        |row| (row == 77).then(|| "alone".to_owned()),
        |_| None,
        |row| Some(if row == 5 { "x".repeat(256) } else { ordinary(0, row)? }),
        |row| Some(if row == 5 { "x".repeat(257) } else { ordinary(0, row)? }),
        |row| Some(if row == 5 { "\u{1}".repeat(257) } else { ordinary(0, row)? }),
    ]);
    let x = "x".repeat(256);
    let wanted = [
        (Some("P0.00000"), Some("P0.65535")),
        (Some("\u{1}"), Some("😀")),
        (Some("alone"), Some("alone")),
        (None, None),
        (Some("P0.00000"), Some(&*x)),
        (Some("P0.00000"), None),
        (None, Some("P0.65535")),
    ];
    let footer = footer(&bytes);
    assert_eq!(footer.groups.len(), wanted.len());
    for (group, (least, greatest)) in footer.groups.iter().zip(wanted) {
        let text = |bound: Option<&str>| bound.map(|bound| bound.as_bytes().into());
        assert_eq!(group.bounds[1], ChunkBounds { least: text(least), greatest: text(greatest) });
        assert_eq!(group.bounds[0], ChunkBounds { least: text(Some("order")), greatest: text(Some("order")) });
    }
    for id in ["", "\u{1}", "Z", "P0.00005", "zz", "æ", "😀", &x, &"x".repeat(257), "alone"] {
        assert_eq!(find(&bytes, id).unwrap(), find(&without_bounds(&bytes), id).unwrap(), "{id}");
    }
}

#[test]
fn only_groups_that_can_have_an_id_are_read() {
    let mut bytes = groups(&[|row| ordinary(0, row), |row| ordinary(1, row), |row| ordinary(2, row)]);
    let bare = without_bounds(&bytes);
    assert_eq!(find(&bytes, "P1.00042").unwrap(), [42]);
    assert_eq!(find(&bare, "P1.00042").unwrap(), [42]);
    for group in [0, 2] {
        for column in 0..IDS.len() {
            bytes[pages(&bare, group, column)].fill(0xff);
        }
    }
    assert_eq!(find(&bytes, "P1.00042").unwrap(), [42]);
    assert_eq!(find(&bytes, "P1.7").unwrap(), [0i64; 0]);
    assert!(find(&bytes, "P0.00042").is_err() && find(&bytes, "P2.00042").is_err());
    assert_eq!(find(&bytes, "Q").unwrap(), [0i64; 0], "no group can have it, so none is read");
    let end = pages(&bare, 2, 2).end;
    bytes.truncate(end);
    bytes.extend_from_slice(&bare[end..]);
    assert!(find(&bytes, "P1.00042").is_err(), "without bounds every group is read");
}

#[test]
fn a_page_that_changed_is_an_error() {
    const FLAG: &[Column] = &[Column { name: "flag", kind: Type::Flag, what: "" }];
    let mut table = ParquetTable::new(Vec::new(), FLAG).unwrap();
    (0..8).for_each(|row| table.push(&[Cell::Flag(row % 3 == 0)]).unwrap());
    let bytes = table.finish().unwrap().writer;
    let read = |bytes: &[u8]| ParquetFile::open(Cursor::new(bytes), "it", FLAG).unwrap().group(0, &["flag"]).err();
    assert!(read(&bytes).is_none());
    // The last byte of the page has the flags, of which any are possible.
    let end = pages(&bytes, 0, 0).end;
    for bit in 0..8 {
        let mut changed = bytes.clone();
        changed[end - 1] ^= 1 << bit;
        assert!(read(&changed).is_some_and(|error| error.what.contains("column flag is not as")), "{bit}");
    }
    // The check value of the CRC-32 of gzip.
    assert_eq!(crc(b"123456789"), 0xcbf4_3926);
}

#[test]
fn rows_ascend_only_where_bytes_do() {
    let by = |columns: &[usize], rows: &[[Cell<'_>; 3]]| {
        let mut chunks: Vec<Chunk> = IDS.iter().map(|column| Chunk::new(column.kind)).collect();
        for (chunk, cell) in rows.iter().flat_map(|row| (0..row.len()).zip(row)) {
            chunks[chunk].push(cell);
        }
        ascends(&chunks, columns, rows.len())
    };
    let ascend = |rows: &[[Cell<'_>; 3]]| by(&[0, 1, 2], rows);
    let row = |kind, id, seq: Option<i64>| {
        [Cell::from(cell::raw(kind)), Cell::from(cell::raw(id)), Cell::from(cell::integer(seq))]
    };
    assert!(ascend(&[]));
    assert!(ascend(&[row("order", "a", Some(9)), row("order", "a", Some(9)), row("order", "b", Some(1))]));
    assert!(ascend(&[row("order", "z", Some(0)), row("transaction", "a", Some(0))]));
    assert!(!ascend(&[row("transaction", "a", Some(0)), row("order", "z", Some(0))]));
    assert!(!ascend(&[row("order", "æ", None), row("order", "z", None)]));
    assert!(ascend(&[row("order", "a", Some(-1)), row("order", "a", None)]));
    assert!(!ascend(&[row("order", "a", None), row("order", "a", Some(-1))]));
    assert!(!ascend(&[row("order", "", None), row("order", "a", None)]));
    assert!(!by(&[1], &[row("order", "b", None), row("order", "a", None)]));
    assert!(by(&[], &[row("order", "b", None), row("order", "a", None)]));
    // More distinct texts than a dictionary holds.
    let many: Vec<String> = (0..1_000).map(|number| format!("a long id of many {number:04}")).collect();
    let mut rows: Vec<_> = many.iter().map(|id| row("order", id, None)).collect();
    assert!(ascend(&rows));
    rows.swap(700, 701);
    assert!(!ascend(&rows));
}

#[test]
fn a_description_has_nothing_of_the_machine() {
    let as_of = Some(Instant { seconds: 0, nanos: 0 });
    let description = Description { table: "ledgers", version: 3, as_of, sorted_by: &[] };
    let version = env!("CARGO_PKG_VERSION");
    let wanted = [
        ("avstem.version", version),
        ("avstem.table", "ledgers"),
        ("avstem.table_version", "3"),
        ("avstem.as_of", "1970-01-01T00:00:00Z"),
    ];
    assert_eq!(description.metadata(), wanted.map(|(key, value)| (key, value.to_owned())));
    assert_eq!(Description { as_of: None, ..description }.metadata().len(), 3);
}
