//! Tables that are filled column by column.

use super::*;
use crate::frame::column::{Showing, columns};
use crate::frame::described::Description;

/// A row of a table that is filled column by column.
struct Filled {
    id: String,
    reference: Option<String>,
    word: usize,
    number: Option<i64>,
    time: Option<Instant>,
}

const FILLED_WORDS: [&str; 4] = ["", "CAPTURED", "a word that is longer than the others", "hidden\u{202E}"];

columns! {
    const FILLED, fn filled_cells<'r>(f: Filled), fn fill_columns;
    "id" Text "" => cell::id(&*f.id);
    "same_id" Text "" => cell::id(&*f.id);
    "reference" Text "" => cell::free(f.reference.as_deref());
    "numbered" Text "" => cell::word(Showing::Id, f.word as u32, FILLED_WORDS[f.word]);
    "unnumbered" Text "" => cell::raw(FILLED_WORDS[f.word]);
    "made" Text "" => cell::made(Some(f.word.to_string()));
    "number" Integer "" => cell::integer(f.number);
    "time" Time "" => cell::time(f.time);
}

#[test]
fn columns_are_the_same_however_many_rows_come_at_a_time() {
    let references = ["order-17", "4111111111111111", "4111\u{200B}111111111111", "Kåre 1234567890123", ""];
    let row = |number: usize| Filled {
        // Many long ids, so that row groups end by their bytes, too.
        id: format!("{number:06}{}", "x".repeat(if number < 30_000 { 20 } else { 300 })),
        reference: (!number.is_multiple_of(3)).then(|| format!("{}{}", references[number % 5], number % 40)),
        word: number / 7 % FILLED_WORDS.len(),
        number: (number % 11 > 2).then(|| (number as i64 - 900) << (number % 60)),
        time: (!number.is_multiple_of(5)).then_some(Instant { seconds: number as i64, nanos: 123_456_789 }),
    };
    let rows: Vec<Filled> = (0..80_000).map(row).collect();
    let most = |row: &Filled| 6 * (2 * row.id.len() + 60) + FILLED.len() * 50;
    let description = Description { sorted_by: &["id"], ..Description::default() };
    let table = || ParquetTable::new(Vec::new(), FILLED).unwrap().described(description);
    let mut by_cell = table();
    rows.iter().for_each(|row| by_cell.push(&filled_cells(row)).unwrap());
    let wanted = by_cell.finish().unwrap().writer;
    assert!(row_groups(&wanted).iter().filter(|rows| **rows < 64 << 10).count() > 1, "{:?}", row_groups(&wanted));
    for batch in [1, 7, 64, 1_000, 80_000] {
        let mut by_column = table();
        for rows in rows.chunks(batch) {
            by_column.extend(rows, rows.iter().map(most).sum(), |rows, to| fill_columns(rows, to)).unwrap();
        }
        assert!(by_column.finish().unwrap().writer == wanted, "{batch}");
    }
}
