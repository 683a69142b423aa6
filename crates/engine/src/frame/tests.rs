//! Parquet files and frames, read back.

mod filling;
mod seeking;

use std::io::{self, Cursor, ErrorKind, Write};

use avstem_core::ledger::{Event, GiftCard, Item, Ledger, Span, Split};
use avstem_core::model::card::Kind;
use avstem_core::model::event::{EventKind, EventList};
use avstem_core::model::instant::Instant;
use avstem_core::model::origin::Origin;
use avstem_core::model::quantity::Quantity;

use super::chunk::{UNCOMPRESSED, ZSTD};
use super::column::{Cell, Column, Type, cell};
use super::footer::{Footer, parquet_rows};
use super::frames::{Fate, FrameError, Frames};
use super::parquet::ParquetTable;
use super::read::ParquetFile;
use super::schema::{FRAMES, frames_markdown};
use super::testing::read;
use super::thrift::Thrift;

const COLUMNS: &[Column] = &[
    Column { name: "text", kind: Type::Text, what: "" },
    Column { name: "number", kind: Type::Number, what: "" },
    Column { name: "integer", kind: Type::Integer, what: "" },
    Column { name: "flag", kind: Type::Flag, what: "" },
    Column { name: "time", kind: Type::Time, what: "" },
];

fn row_groups(bytes: &[u8]) -> Vec<usize> {
    Footer::read(&mut Cursor::new(bytes)).unwrap().groups.iter().map(|group| group.rows).collect()
}

#[test]
fn all_types_and_nulls_round_trip() {
    let leap = Instant::parse("2016-12-31T23:59:60.5Z");
    let early = Instant::parse("0001-01-01T00:00:00Z");
    let rows: [[Cell<'_>; 5]; 4] = [
        [
            Cell::from(cell::raw("a")),
            Cell::from(cell::exact(i128::MAX)),
            Cell::Integer(i64::MIN),
            Cell::Flag(true),
            Cell::from(cell::time(early)),
        ],
        [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty],
        [
            Cell::from(cell::raw("")),
            Cell::from(cell::made(None)),
            Cell::from(cell::minor(i128::from(i64::MAX) + 1)),
            Cell::from(cell::flag(None)),
            Cell::from(cell::time(None)),
        ],
        [
            Cell::from(cell::raw("Ø\u{202E}\0")),
            Cell::from(cell::raw("w")),
            Cell::Integer(i64::MAX),
            Cell::Flag(false),
            Cell::from(cell::time(leap)),
        ],
    ];
    let mut table = ParquetTable::new(Vec::new(), COLUMNS).unwrap();
    for row in &rows {
        table.push(row).unwrap();
    }
    let (schema, back) = read(&table.finish().unwrap().writer);
    let kinds: Vec<Type> = schema.iter().map(|(_, kind)| *kind).collect();
    assert_eq!(kinds, [Type::Text, Type::Text, Type::Integer, Type::Flag, Type::Time]);
    let huge = i128::MAX.to_string();
    assert_eq!(back[0], ["a", &huge, "-9223372036854775808", "true", "0001-01-01T00:00:00Z"]);
    assert_eq!((&back[1], &back[2]), (&vec![String::new(); 5], &vec![String::new(); 5]));
    // Parquet has no leap seconds: the time becomes the last microsecond before it.
    assert_eq!(back[3], ["Ø\u{202E}\0", "w", "9223372036854775807", "false", "2016-12-31T23:59:59.999999Z"]);
}

#[test]
fn columns_that_hold_the_same_are_packed_once_and_both_come_back() {
    const TWINS: &[Column] = &[
        Column { name: "few", kind: Type::Text, what: "" },
        Column { name: "a", kind: Type::Text, what: "" },
        Column { name: "b", kind: Type::Text, what: "" },
        Column { name: "shifted", kind: Type::Text, what: "" },
        Column { name: "fewer", kind: Type::Text, what: "" },
    ];
    let mut table = ParquetTable::new(Vec::new(), TWINS).unwrap();
    for n in 0..70_000 {
        let (few, text, other) = ((n % 5).to_string(), n.to_string(), (n + 1).to_string());
        let fewer = if n == 69_999 { Cell::Empty } else { Cell::from(cell::raw(&*few)) };
        table
            .push(&[
                Cell::from(cell::raw(&*few)),
                Cell::from(cell::raw(&*text)),
                Cell::from(cell::raw(&*text)),
                Cell::from(cell::raw(&*other)),
                fewer,
            ])
            .unwrap();
    }
    let bytes = table.finish().unwrap().writer;
    let (_, rows) = read(&bytes);
    for (n, row) in rows.iter().enumerate() {
        let (few, text, other) = ((n % 5).to_string(), n.to_string(), (n + 1).to_string());
        let fewer = if n == 69_999 { "" } else { &few };
        assert_eq!(row, &[&few, &text, &text, &other, fewer]);
    }
    // The pages of the first id column occur twice in the file.
    let groups = Footer::read(&mut Cursor::new(&bytes)).unwrap().groups;
    let pages = |group: usize, column: usize| {
        let place = groups[group].chunks[column];
        &bytes[place.start as usize..][..place.bytes]
    };
    assert!(pages(0, 1) == pages(0, 2) && pages(0, 1) != pages(0, 3));
    assert!(pages(0, 0) == pages(0, 4) && pages(1, 0) != pages(1, 4));
}

#[test]
fn a_file_is_read_back_a_group_at_a_time() {
    let mut table = ParquetTable::new(Vec::new(), COLUMNS).unwrap();
    let time = |n: i64| Instant { seconds: n - 35_000, nanos: 1000 };
    for n in 0..70_000i64 {
        let text = (n % 2 == 0).then(|| n.to_string());
        let number = Cell::Number(std::borrow::Cow::Borrowed("-1.5"));
        table
            .push(&[Cell::from(cell::made(text)), number, Cell::Integer(n), Cell::Flag(n > 1), Cell::Time(time(n))])
            .unwrap();
    }
    let bytes = table.finish().unwrap().writer;
    let mut file = ParquetFile::open(Cursor::new(&bytes), "it", COLUMNS).unwrap();
    assert_eq!((file.rows(), file.groups()), (70_000, 2));
    let mut next = 0;
    for table in file.tables() {
        let table = table.unwrap();
        let (texts, numbers, integers) = (table.texts("text"), table.texts("number"), table.integers("integer"));
        let (flags, times) = (table.flags("flag"), table.times("time"));
        for row in 0..table.rows() {
            let text = (next % 2 == 0).then(|| next.to_string());
            assert_eq!((texts.get(row), integers.get(row)), (text.as_deref(), Some(next)));
            assert_eq!((flags.get(row), times.get(row)), (Some(next > 1), Some(time(next))));
            assert_eq!(numbers.get(row), Some("-1.5"));
            next += 1;
        }
    }
    assert_eq!(next, 70_000);
    let one = file.group(1, &["integer"]).unwrap();
    assert_eq!((one.rows(), one.integers("integer").get(0)), (4_464, Some(65_536)));
}

#[test]
fn a_file_that_is_no_such_file_says_what_is_missing() {
    const OTHER: &[Column] = &[Column { name: "integer", kind: Type::Text, what: "" }];
    const MORE: &[Column] = &[Column { name: "surely_not", kind: Type::Text, what: "" }];
    let bytes = ParquetTable::new(Vec::new(), COLUMNS).unwrap().finish().unwrap().writer;
    let error = |bytes: &[u8], columns| {
        ParquetFile::open(Cursor::new(bytes.to_vec()), "frames/x.parquet", columns).err().map(|e| e.to_string())
    };
    assert_eq!(error(&bytes, COLUMNS), None);
    assert!(error(&bytes, MORE).unwrap().contains("frames/x.parquet: it has no column surely_not; another version"));
    assert!(error(&bytes, OTHER).unwrap().contains("its column integer is no text"));
    for broken in [&b""[..], b"{}", &bytes[..bytes.len() - 9], &bytes[9..]] {
        assert!(error(broken, COLUMNS).unwrap().starts_with("cannot read frames/x.parquet: "));
    }
}

/// Reads a whole file that may be corrupt; returns the number of rows if it is readable.
fn read_all(bytes: &[u8]) -> Option<usize> {
    let mut file = ParquetFile::open(Cursor::new(bytes), "it", COLUMNS).ok()?;
    file.tables().try_fold(0, |rows, table| Some(rows + table.ok()?.rows()))
}

#[test]
fn a_file_broken_anywhere_is_an_error_or_other_values() {
    let mut table = ParquetTable::new(Vec::new(), COLUMNS).unwrap();
    for n in 0..150i64 {
        let text = Cell::from(cell::made((n % 3 > 0).then(|| (n % 7).to_string())));
        let number = Cell::from(cell::made(Some(format!("{n}.5"))));
        table
            .push(&[text, number, Cell::Integer(n * n), Cell::Flag(n % 5 == 0), Cell::from(cell::time(None))])
            .unwrap();
    }
    let whole = table.finish().unwrap().writer;
    assert_eq!(read_all(&whole), Some(150));
    let mut unread = 0;
    for at in 0..whole.len() {
        assert_eq!(read_all(&whole[..at]), None, "cut at {at}");
        for other in [0, 0x7f, 0xff, whole[at] ^ 1, whole[at] ^ 0x10] {
            let mut broken = whole.clone();
            broken[at] = other;
            unread += usize::from(read_all(&broken).is_none());
        }
    }
    assert!(unread > whole.len(), "{unread} of 5 times {}", whole.len());
}

#[test]
fn a_footer_that_names_more_than_there_is_takes_no_memory() {
    let mut rows = Thrift::default();
    rows.structures(2, &[()], |out, ()| out.bytes(4, b"root"));
    rows.i64(3, i64::MAX);
    rows.structures(4, &[(), ()], |out, ()| {
        out.structures(1, &[(); 0], |_, ()| {});
        out.i64(3, i64::MAX);
    });
    // A schema list whose stated length is far too large.
    let endless = vec![0x29, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x7f];
    for footer in [rows.finish(), endless] {
        let bytes = [b"PAR1", &footer[..], &(footer.len() as u32).to_le_bytes(), b"PAR1"].concat();
        assert!(parquet_rows(Cursor::new(bytes)).is_err());
    }
}

#[test]
fn row_groups_are_bounded_by_rows_and_by_bytes() {
    const ONE: &[Column] = &[Column { name: "text", kind: Type::Text, what: "" }];
    let write = |rows: usize, text: &str| {
        let mut table = ParquetTable::new(Vec::new(), ONE).unwrap();
        for _ in 0..rows {
            table.push(&[Cell::from(cell::raw(text))]).unwrap();
        }
        let table = table.finish().unwrap();
        assert_eq!((table.rows, parquet_rows(Cursor::new(&table.writer)).unwrap()), (rows as u64, rows as u64));
        table.writer
    };
    let many = write(70_000, "a");
    assert_eq!(row_groups(&many), [65_536, 4_464]);
    assert_eq!(many, write(70_000, "a"), "the same rows are the same bytes");
    assert_eq!(row_groups(&write(5, &"x".repeat(8 << 20))), [2, 2, 1]);
    assert_eq!(row_groups(&write(0, "")), [0; 0]);
}

/// The cells of row `row` in the column pattern `way`.
fn cells(way: u64, row: u64) -> (Option<String>, Option<i64>) {
    // Pseudo-random but deterministic bits.
    let scattered = (row + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23).wrapping_mul(way | 1);
    match way {
        0 => (Some(format!("{scattered:x}")), Some(scattered as i64)),
        1 => (Some(format!("P1.{row:06}")), Some(row as i64 * 1000)),
        2 => (Some(["a", "", "bb", "æ"][(scattered % 4) as usize].to_owned()), Some((scattered % 3) as i64)),
        3 => ((row % 100 > 60).then(|| "long runs".to_owned()), (row % 1000 > 17).then_some(-5)),
        4 => ((scattered & 7 > 1).then(|| (scattered % 300).to_string()), (scattered & 1 > 0).then_some(i64::MIN)),
        5 => (Some("x".repeat((scattered % 200) as usize)), Some(if row & 7 == 0 { i64::MAX } else { i64::MIN })),
        // Equal deltas, whose product with their number overflows in some readers.
        6 => (None, Some((row as i64).wrapping_mul(1 << 57))),
        7 => (None, Some((row as i64).wrapping_mul(1 << 62).wrapping_add(1 - i64::MAX))),
        _ => (None, None),
    }
}

#[test]
fn columns_of_every_look_come_back() {
    const TWO: &[Column] = &[
        Column { name: "text", kind: Type::Text, what: "" },
        Column { name: "integer", kind: Type::Integer, what: "" },
    ];
    for way in 0..9 {
        for rows in [0, 1, 4, 7, 8, 9, 31, 32, 33, 128, 129, 130, 1000, 3001] {
            let mut table = ParquetTable::new(Vec::new(), TWO).unwrap();
            for row in 0..rows {
                let (text, integer) = cells(way, row);
                table
                    .push(&[
                        text.map_or(Cell::Empty, |text| Cell::Text(text.into())),
                        Cell::from(cell::integer(integer)),
                    ])
                    .unwrap();
            }
            let bytes = table.finish().unwrap().writer;
            let mut file = ParquetFile::open(Cursor::new(&bytes), "it", TWO).unwrap();
            let mut next = 0;
            for table in file.tables() {
                let table = table.unwrap();
                let (texts, integers) = (table.texts("text"), table.integers("integer"));
                for row in 0..table.rows() {
                    let (text, integer) = cells(way, next);
                    assert_eq!((texts.get(row), integers.get(row)), (text.as_deref(), integer), "{way} {rows} {next}");
                    next += 1;
                }
            }
            assert_eq!(next, rows);
        }
    }
}

#[test]
fn texts_are_compressed_where_that_makes_them_half_as_small() {
    const ONE: &[Column] = &[Column { name: "text", kind: Type::Text, what: "" }];
    let codec_of = |text: &dyn Fn(u64) -> String| {
        let mut table = ParquetTable::new(Vec::new(), ONE).unwrap();
        (0..3000).for_each(|row| table.push(&[Cell::Text(text(row).into())]).unwrap());
        let bytes = table.finish().unwrap().writer;
        let (_, rows) = read(&bytes);
        assert!((0..).zip(&rows).all(|(row, cells)| cells[0] == text(row)));
        Footer::read(&mut Cursor::new(&bytes)).unwrap().groups[0].chunks[0].codec as i32
    };
    let letter =
        |bits: u64| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[bits as usize & 63]);
    let id = |row: u64| {
        let scattered = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        format!("P12345678.{}", (0..10).map(|at| letter(scattered >> (6 * at))).collect::<String>())
    };
    assert_eq!(codec_of(&id), UNCOMPRESSED);
    assert_eq!(codec_of(&|row| format!("{row}: captured more than was authorised, see event {}", row % 7)), ZSTD);
}

/// A writer that reports a full disk after `.0` bytes.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(buf.len()).ok_or(ErrorKind::StorageFull)?;
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_as_such() {
    for room in [0, 3, 4, 200, 400] {
        let written = ParquetTable::new(Small(room), COLUMNS).and_then(|mut table| {
            table.push(&[Cell::from(cell::raw("a")), Cell::Empty, Cell::Integer(1), Cell::Flag(true), Cell::Empty])?;
            table.finish()
        });
        assert_eq!(written.err().map(|error| error.kind()), Some(ErrorKind::StorageFull), "{room}");
    }
}

fn event(place: u32, kind: EventKind, amount: Option<i64>, success: Option<bool>, time: &str) -> Event<'static> {
    let origin = Origin { file: 0, offset: 7, length: 90 };
    let mut event = Event::empty(EventList::Events, place, origin);
    (event.kind, event.stated, event.success) = (kind, amount, success);
    event.time = Instant::parse(time);
    event.word = "WORD";
    event
}

fn span(start: u32, end: u32) -> Span {
    Span { start, end }
}

/// Authorised 10000, captured 3000 (by items with splits), a failed capture, refunded 1000, the rest voided.
fn ledger() -> Ledger<'static> {
    let mut ledger = Ledger::new();
    ledger.clear(Kind::Transaction);
    let head = &mut ledger.head;
    (head.id, head.has_document, head.amount, head.currency) = ("P1.\u{202E}", true, Some(10_000), Some("NOK"));
    (head.merchant_reference, head.session_id) = (Some("4111111111111111"), Some("4111111111111111"));
    head.origin = Origin { file: 0, offset: 7, length: 90 };
    let item = |line, amount, splits| Item { line: Some(line), amount: Some(amount), splits, ..Item::default() };
    ledger.splits = [("a", 2_000), ("b", 1_000), ("a", 500), ("c", 10)]
        .map(|(destination, amount)| Split { destination, amount })
        .to_vec();
    ledger.items = vec![item("1", 9_000, span(0, 0)), item("1", 3_000, span(0, 2)), item("1", 1_000, span(2, 3))];
    ledger.items[0].quantity = Some(Quantity(2_500_000_000));
    ledger.fees = vec!["f"];
    ledger.cards = vec![GiftCard { card: Some("secretcard"), amount: Some(1) }];
    ledger.head.cards = span(0, 1);
    ledger.head.items = span(0, 1);
    ledger.head.shipping = Some(item("s", 1_000, span(0, 0)));
    ledger.events = vec![
        event(0, EventKind::Void, None, None, "2026-01-05T00:00:00Z"),
        event(1, EventKind::Authorize, Some(10_000), Some(true), "2026-01-01T00:00:00Z"),
        event(2, EventKind::Capture, None, Some(true), "2026-01-02T00:00:00Z"),
        event(3, EventKind::Capture, Some(9_000), Some(false), "2026-01-03T00:00:00Z"),
        event(4, EventKind::Refund, Some(1_000), None, "2026-01-04T00:00:00Z"),
    ];
    (ledger.events[2].items, ledger.events[4].items) = (span(1, 2), span(2, 3));
    (ledger.events[4].splits, ledger.events[4].fees, ledger.events[4].cards) = (span(3, 4), span(0, 1), span(0, 1));
    ledger.settle();
    ledger
}

/// A frame read back: column names and rows.
struct Back(Vec<String>, Vec<Vec<String>>);

impl Back {
    fn of(bytes: &[u8]) -> Back {
        let (schema, rows) = read(bytes);
        Back(schema.into_iter().map(|(name, _)| name).collect(), rows)
    }

    fn get(&self, row: usize, name: &str) -> &str {
        &self.1[row][self.0.iter().position(|n| n == name).expect(name)]
    }

    fn column(&self, name: &str) -> Vec<&str> {
        (0..self.1.len()).map(|row| self.get(row, name)).collect()
    }
}

fn frames(ledger: &Ledger<'_>) -> Vec<Back> {
    let files: Vec<Vec<u8>> = {
        let open = |_| Ok(Vec::new());
        let mut frames =
            Frames::new(vec!["day\u{202E}.json".to_owned()], None, open, |error: FrameError| error).unwrap();
        let origin = ledger.head.origin;
        frames.document(Kind::Transaction, ledger.head.id, origin, Fate::Accepted).unwrap();
        frames.document(Kind::Transaction, ledger.head.id, Origin { offset: 99, ..origin }, Fate::Superseded).unwrap();
        frames.ledger(ledger).unwrap();
        frames.link((Kind::Session, "s1"), (Kind::Transaction, ledger.head.id), "transaction_id").unwrap();
        frames.finish().unwrap().into_iter().map(|frame| frame.writer).collect()
    };
    assert_eq!(files.len(), FRAMES.len());
    for file in &files {
        assert!(!file.windows(10).any(|bytes| bytes == b"secretcard"), "gift cards stay out");
    }
    files.iter().map(|bytes| Back::of(bytes)).collect()
}

#[test]
fn frames_hold_what_ledgers_hold() {
    let frames = frames(&ledger());
    let [documents, ledgers, events, lines, items, splits, links] = frames.as_slice() else { panic!("seven frames") };
    assert_eq!(documents.column("outcome"), ["accepted", "superseded"]);
    assert_eq!(documents.column("source_offset"), ["7", "99"]);
    assert_eq!(documents.get(0, "source"), "day\\u{202E}.json");
    assert_eq!((ledgers.get(0, "id"), ledgers.get(0, "exponent")), ("P1.\u{202E}", "2"));
    assert_eq!(ledgers.get(0, "merchant_reference"), "************1111");
    assert_eq!(ledgers.get(0, "session_id"), "4111111111111111");
    assert_eq!((ledgers.get(0, "exact"), ledgers.get(0, "captures_given")), ("true", ""));
    assert_eq!(events.column("seq"), ["0", "1", "2", "3", "4"]);
    assert_eq!(events.column("place"), ["1", "2", "3", "4", "0"]);
    assert_eq!(events.column("event"), ["authorize", "capture", "capture", "refund", "void"]);
    assert_eq!(events.column("success"), ["true", "true", "false", "", ""]);
    assert_eq!(events.column("effective"), ["true", "true", "false", "true", "true"]);
    assert_eq!(events.column("amount_minor"), ["10000", "3000", "9000", "1000", ""]);
    assert_eq!(events.column("released_minor"), ["", "", "", "", "7000"]);
    assert_eq!(events.get(0, "time"), "2026-01-01T00:00:00Z");
    assert_eq!(lines.column("line_id"), ["1", "s"]);
    assert_eq!(lines.column("item"), ["0", ""]);
    assert_eq!((lines.column("counted"), lines.get(0, "quantity")), (vec!["true", "true"], "2.5"));
    assert_eq!(items.column("seq"), ["1", "3"]);
    assert_eq!(items.column("amount_minor"), ["3000", "1000"]);
    assert_eq!(splits.column("payout_destination_id"), ["a", "b", "c", "f", "a"]);
    assert_eq!(splits.column("role"), ["share", "share", "share", "fee", "share"]);
    assert_eq!(splits.column("amount_minor"), ["2000", "1000", "10", "", "500"]);
    assert_eq!(splits.column("counted"), ["true", "true", "true", "false", "false"]);
    assert_eq!(links.1, [["session", "s1", "transaction", "P1.\u{202E}", "transaction_id"]]);
}

#[test]
fn balances_follow_from_the_events() {
    let ledger = ledger();
    let frames = frames(&ledger);
    let (ledgers, events) = (&frames[1], &frames[2]);
    let sum = |kind: &str, column: &str| -> i128 {
        (0..events.1.len())
            .filter(|row| events.get(*row, "effective") == "true" && events.get(*row, "event") == kind)
            .map(|row| events.get(row, column).parse::<i128>().unwrap_or(0))
            .sum()
    };
    let captured = sum("capture", "amount_minor");
    let refunded = sum("refund", "amount_minor");
    let released = sum("void", "released_minor");
    assert_eq!(
        (captured, refunded, released),
        (ledger.totals.captured, ledger.totals.refunded, ledger.totals.released)
    );
    assert_eq!(ledgers.get(0, "open_minor"), (10_000 - captured - released).to_string());
    assert_eq!(ledgers.get(0, "net_minor"), (captured - refunded).to_string());
}

#[test]
fn sums_outside_64_bits_are_empty_and_said_so() {
    let mut ledger = ledger();
    for item in &mut ledger.items[1..] {
        item.amount = Some(i64::MAX);
    }
    ledger.events[2].items = span(1, 3);
    ledger.settle();
    let frames = frames(&ledger);
    let (ledgers, events, items) = (&frames[1], &frames[2], &frames[4]);
    assert_eq!((ledgers.get(0, "captured_minor"), ledgers.get(0, "exact")), ("", "false"));
    assert_eq!(ledgers.get(0, "authorized_minor"), "10000");
    assert_eq!((events.get(1, "amount_minor"), events.get(1, "exact")), ("", "false"));
    assert_eq!(events.get(0, "exact"), "true");
    assert_eq!(items.get(0, "amount_minor"), i64::MAX.to_string(), "the parts are always there");
}

#[test]
fn the_documentation_names_every_column() {
    let text = frames_markdown();
    for (file, columns, what) in FRAMES {
        assert!(text.contains(file) && what.ends_with('.'));
        for column in columns {
            assert!(text.contains(&format!("| `{}` |", column.name)), "{}", column.name);
            assert!(column.what.ends_with('.') && !column.what.contains('\n'), "{}", column.name);
        }
    }
}
