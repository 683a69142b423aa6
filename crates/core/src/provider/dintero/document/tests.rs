//! Compares the fast reader with the exact one: every record it accepts must give the same result.

use std::fmt::Write;

use bumpalo::Bump;

use super::names::Name;
use super::read::{closed, read};
use super::shape::{Marks, Shape};
use super::transaction::{self, require};
use super::{Cursor, Fast, Scratch};
use crate::document::cursor::{Text, Tools};
use crate::document::fast::Memory;
use crate::document::simd::{PADDING, Padded, Way};
use crate::document::{Block, Layout, Meta, Options, Pieces, Reading, Rejected, Sink, Transaction};
use crate::ledger::{Ledger, Remittance, Session, Settlement};
use crate::model::event::EventList;
use crate::model::instant::Instant;
use crate::model::limits::MAX_RECORD;
use crate::model::origin::Origin;
use crate::model::reject::FileFault;

/// A record with a session, every kind of value, and members that are not read.
const FULL: &str = r#"{"id":"P1.a","amount":12345678,"currency":"NOK","status":"CAPTURED","version":3,"items":[{"line_id":1,
"amount":-250,"quantity":"2.5","id":"{[\"","vat":25,"gross_amount":300,"discount_lines":[{"amount":50,"percentage":40.5},{}],
"splits":[{"payout_destination_id":"s1","amount":100,"note":null}],"fee_split":{"type":"x","destinations":["s1",null]}}, {}],
"shipping_option":{"line_id":"ship","amount":0,"quantity":1},"gift_cards":[{"card_id":"c","amount":5},{}],"settlement_status":null,"settlements_note":1,
"payment_product_type":"bambora.vipps","payment_product":"vipps","platform_type":"aggregator","url":{"a":[{"b":"]}"}]},
"merchant_reference":"ord\u00e6r","merchant_reference_2":"","session_id":"P1.s","payout_destination_id":"seller",
"store":{"id":"x","payout_destination_id":"store-1"},"created_at":"2026-10-26T00:02:18.670Z","updated_at":"2026-10-26T02:02:18+02:00",
"session":{"id":"P1.s","transaction_id":"P1.a","order":{"amount":5,"currency":"NOK","partial_payment":false,"items":[{"line_id":"1",
"amount":5}],"merchant_reference":"m","merchant_reference_2":"n","shipping_option":null},"created_at":"2026-10-26T00:02:18Z",
"cancelled_at":null,"updated_at":"2026-10-26T00:02:19Z","version":1,"events":[{},[1,"x"],2]},"customer":{"e":"a@b \"c\" \\"},
"events":[{"event":"AUTHORIZE","transaction_status":"AUTHORIZED","success":true,"created_at":"2026-10-26T00:03:14.100Z","id":"e1",
"request_id":"r","correlation_request_id":"","correction":null},{"event":"capture","amount":20,"success":false,
"items":[{"line_id":"1","amount":20,"quantity":1},{"line_id":1,
"amount":-250}],"splits":[],"fee_split":null,"gift_cards":null},{"event":null,
"correction":{"remaining_capture_amount":1,"remaining_void_amount":null}}]}"#;

/// `FULL` in one line, the smallest record, one with blanks everywhere, and some of the sample
/// export.
fn records() -> Vec<Vec<u8>> {
    let value: serde_json::Value = serde_json::from_str(FULL).expect("a transaction");
    let least = r#"{"id":"a","amount":0,"currency":"","events":[]}"#;
    let mut records = vec![FULL.replace('\n', ""), value.to_string(), least.to_owned()];
    records.push(serde_json::to_string_pretty(&value).expect("a value can be written"));
    let sample = include_str!("../../../../../../samples/export/transactions/2026-10-01.ndjson");
    records.extend(sample.lines().take(6).map(str::to_owned));
    records.into_iter().map(String::into_bytes).collect()
}

/// What was read, as text to compare.
fn describe(transaction: &Transaction<'_>, scratch: &Scratch<'_>, names: Marks) -> String {
    let mut describe =
        format!("{transaction:?} {:?} {:?}", scratch.ledger, [false, true].map(|path| names.shape(path)));
    if transaction.session.is_some() {
        let _ = write!(describe, " {:?}", scratch.session);
    }
    describe
}

/// Reads a record within other text with both readers; returns whether the fast one accepted it.
fn check(block: &[u8], start: usize, end: usize, way: Way, memory: &mut Memory<Name>) -> bool {
    let Ok(whole) = std::str::from_utf8(&block[..block.len() - PADDING]) else { return false };
    let (arena, origin) = (Bump::new(), Origin::default());
    let text = Text { whole, padded: Padded::new(block, whole.len()) };
    let tools = Tools { way, arena: &arena };
    let (mut scratch, mut names) = (Scratch::default(), Marks::default());
    let mut fast = Fast::new(text, tools, memory, (start, end));
    let Ok((transaction, seen)) = transaction::read(&mut fast, &mut scratch, &mut names, origin) else { return false };
    let is_whole = require(&transaction, &scratch.ledger, seen, &fast).is_ok();
    if !is_whole || !fast.is_at_end() || transaction.partial {
        return false;
    }
    let quick = describe(&transaction, &scratch, names);
    let (mut scratch, mut names) = (Scratch::default(), Marks::default());
    let mut cur = Cursor::new(text, tools, start, end);
    let exact = transaction::read(&mut cur, &mut scratch, &mut names, origin).and_then(|(transaction, seen)| {
        closed(&mut cur, end)?;
        if names.shape(false) == Shape::Transaction {
            require(&transaction, &scratch.ledger, seen, &cur)?;
        }
        Ok(describe(&transaction, &scratch, names))
    });
    let shown = String::from_utf8_lossy(&block[start..end]);
    assert_eq!(exact.map_err(|fault| format!("{fault:?}")), Ok(quick), "{shown}");
    true
}

fn in_block(record: &[u8], before: usize) -> Vec<u8> {
    let mut block = vec![b'\n'; before];
    block.extend_from_slice(record);
    // Bytes after the record must not affect the result.
    block.extend_from_slice(b"\n\"\\}{[");
    block.extend([b'"'; PADDING]);
    block
}

#[test]
fn usual_records_are_read_the_same_wherever_they_stand() {
    for way in Way::all() {
        let mut memory = Memory::default();
        for record in records() {
            for before in 0..if cfg!(miri) { 2 } else { 64 } {
                let (block, end) = (in_block(&record, before), before + record.len());
                let shown = String::from_utf8_lossy(&record);
                assert!(check(&block, before, end, way, &mut memory), "{shown}");
            }
        }
    }
}

/// Items of events that begin as those of the transaction do, which have other members before, between and behind.
#[test]
fn repeated_items_are_read_as_others_are() {
    const MEMBERS: [&str; 6] = [
        r#""line_id":"line one""#,
        r#""amount":1200"#,
        r#""quantity":2"#,
        r#""gross_amount":1300"#,
        r#""splits":[{"payout_destination_id":"s","amount":1200}]"#,
        r#""vat":25"#,
    ];
    let (mut dice, mut memory, mut repeated) = (Dice(41), Memory::default(), 0);
    for _ in 0..if cfg!(miri) { 20 } else { 4000 } {
        let mut members = MEMBERS.to_vec();
        let own: Vec<&str> = (0..=dice.roll(6)).map(|_| members.swap_remove(dice.roll(members.len()))).collect();
        let other = [r#""amount":1200"#, r#""quantity":2"#, r#""id":7"#][dice.roll(3)];
        let (front, rest) = own.split_at(dice.roll(own.len()) + 1);
        let items = match dice.roll(4) {
            0 => vec![front.join(","), rest.join(",")],
            1 => vec![format!("{},{other}", front.join(",")), front.join(",")],
            _ => vec![front.join(","), own.join(",")],
        };
        let items = format!("{{{}}}", items.join("},{"));
        let own = own.join(",");
        let event = format!(r#"{{"event":"CAPTURE","items":[{items}]}}"#);
        let record = format!(
            r#"{{"id":"a","amount":1,"currency":"NOK","items":[{{}},{{{own}}},{{{own}}}],"events":[{event}]}}"#
        );
        repeated += usize::from(check(&in_block(record.as_bytes(), 3), 3, 3 + record.len(), Way::best(), &mut memory));
    }
    assert!(repeated > if cfg!(miri) { 10 } else { 3000 }, "{repeated}");
}

/// Blanks before a comma are learned with what follows it: they must not be taken for a value.
#[test]
fn a_member_without_a_value_is_left() {
    let record = |value: &str| {
        let events = format!(r#"[{{"event":"CAPTURE" ,"note":{value} ,"amount":1 }}]"#);
        let text = format!(r#"{{"id":"a" ,"amount":1 ,"currency":"NOK" ,"note":{value} ,"events":{events} }}"#);
        (in_block(text.as_bytes(), 1), text.len() + 1)
    };
    for way in Way::all() {
        let mut memory = Memory::default();
        for (value, is_one) in
            [("1", true), ("", false), ("\"x\"", true), (" ", false), ("1 ,", false), (" null", false)]
        {
            let (block, end) = record(value);
            assert_eq!(check(&block, 1, end, way, &mut memory), is_one, "{value:?}");
        }
    }
}

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    /// Changes a record in a few places: replaces, inserts or removes bytes, or repeats a range.
    fn change(&mut self, record: &mut Vec<u8>) {
        const PIECES: [&str; 24] = [
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            " ",
            "\t",
            "null",
            "true",
            "0",
            "7",
            "-",
            ".5",
            "e3",
            "\\\"",
            "\u{1}",
            "\u{7f}",
            "\u{e6}",
            "\"id\":\"x\",",
            "123456789012345678",
            "\"\"",
        ];
        for _ in 0..=self.roll(3) {
            let at = self.roll(record.len());
            let piece = PIECES[self.roll(PIECES.len())].bytes();
            match self.roll(6) {
                0 => record[at] = self.roll(128) as u8,
                1 => drop(record.splice(at..at, piece)),
                2 => drop(record.splice(at..at + 1, piece)),
                3 => drop(record.drain(at..record.len().min(at + 1 + self.roll(12)))),
                4 => record[at] = record[self.roll(record.len())],
                _ => {
                    let stretch = record[at..record.len().min(at + 1 + self.roll(60))].to_vec();
                    let to = self.roll(record.len());
                    record.splice(to..to, stretch);
                }
            }
            if record.is_empty() {
                record.push(b'{');
            }
        }
        record.retain(|byte| *byte != b'\n');
    }
}

#[test]
fn changed_records_are_read_the_same_or_left() {
    let (mut dice, records, ways) = (Dice(17), records(), Way::all());
    let rounds = if cfg!(miri) { 20 } else { 6000 };
    let (mut quick, mut memory) = (0, Memory::default());
    for round in 0..rounds {
        let mut record = records[round % records.len()].clone();
        dice.change(&mut record);
        let before = dice.roll(70);
        let block = in_block(&record, before);
        quick += usize::from(check(&block, before, before + record.len(), ways[round % ways.len()], &mut memory));
    }
    assert!((rounds / 20..rounds).contains(&quick), "{quick} of {rounds} were read quickly");
}

/// Writes a value with the members of every object in a random order; `blank` gives what stands
/// before a member, element or closing bracket, and after a colon.
fn write_shuffled(value: &serde_json::Value, dice: &mut Dice, blank: &mut dyn FnMut(char) -> String) -> String {
    use serde_json::Value;
    let (parts, brackets): (Vec<String>, _) = match value {
        Value::Array(all) => (all.iter().map(|one| write_shuffled(one, dice, blank)).collect(), ['[', ']']),
        Value::Object(members) => {
            let mut all: Vec<_> = members.iter().collect();
            let mut parts = Vec::new();
            while !all.is_empty() {
                let (name, value) = all.swap_remove(dice.roll(all.len()));
                let value = write_shuffled(value, dice, blank);
                parts.push(format!("{}:{}{value}", Value::from(name.as_str()), blank(':')));
            }
            (parts, ['{', '}'])
        }
        other => return other.to_string(),
    };
    let parts: Vec<String> = parts.into_iter().map(|part| blank(',') + &part).collect();
    format!("{}{}{}{}", brackets[0], parts.join(","), blank(brackets[1]), brackets[1])
}

/// Records with their members in many orders, with blanks of every kind, and cut anywhere, read one
/// after another, so that what was learned is often wrong.
#[test]
fn members_in_any_order_with_any_blanks_and_cut_records_are_read_the_same_or_left() {
    let (mut dice, mut random, mut memory, ways) = (Dice(29), Dice(31), Memory::default(), Way::all());
    let (rounds, mut quick) = (if cfg!(miri) { 2 } else { 60 }, 0);
    for round in 0..rounds {
        for record in records() {
            let value: serde_json::Value = serde_json::from_slice(&record).expect("a record");
            let text = write_shuffled(&value, &mut dice, &mut |place| match (round % 4, place) {
                (0, _) => String::new(),
                (1, ',' | ':') => " ".to_owned(),
                (1, _) => String::new(),
                (2, ':') => " ".to_owned(),
                (2, _) => "\r\n  ".to_owned(),
                _ => ["", "", "", " ", "\t ", "\r"][random.roll(6)].to_owned(),
            });
            let text = text.replace('\n', if round % 8 < 4 { "" } else { "\t" });
            let (block, length, way) = (in_block(text.as_bytes(), 5), text.len(), ways[round % ways.len()]);
            let is_quick = check(&block, 5, 5 + length, way, &mut memory);
            assert!(is_quick || round % 4 == 3, "{text}");
            quick += usize::from(is_quick && round % 4 == 3);
            for _ in 0..4 {
                let cut = text.floor_char_boundary(dice.roll(length));
                assert!(!check(&block, 5, 5 + cut, way, &mut memory), "{text} cut at {cut}");
                // A bracket where a comma should be, or a comma where a bracket should.
                let mut wrong = block.clone();
                let Some(at) = (5 + cut..5 + length).find(|at| matches!(wrong[*at], b',' | b'{')) else { continue };
                wrong[at] ^= b',' ^ b'{';
                check(&wrong, 5, 5 + length, way, &mut memory);
            }
        }
    }
    assert!(quick > 0, "records with blanks anywhere are all left");
}

#[test]
fn unusual_records_return_none() {
    let full = FULL.replace('\n', "");
    let with = |old: &str, new: &str| {
        assert!(full.contains(old), "{old}");
        full.replacen(old, new, 1)
    };
    for record in [
        with("\"amount\":12345678", "\"amount\":1.5"),
        with("\"amount\":12345678", "\"amount\":01"),
        with("\"amount\":12345678", "\"amount\":1234567890123456789"),
        with("\"amount\":12345678", "\"amount\":null"),
        with("\"amount\":12345678", "\"amount\" :1"),
        with("\"amount\":12345678", "\"a\\u006dount\":1"),
        with("\"version\":3", "\"version\":3,\"version\":3"),
        with("\"id\":\"P1.a\"", "\"id\":\"\""),
        with("\"id\":\"P1.a\"", "\"id\":\"\u{7f}\""),
        with("{\"a\":[{\"b\":\"]}\"}]}", "{\"a\":[{\"b\":\"]}\"]}]"),
        with("\"vat\":25", "\"vat\":\"\u{1}\""),
        format!("{full}}}"),
    ] {
        let block = in_block(record.as_bytes(), 3);
        assert!(!check(&block, 3, 3 + record.len(), Way::best(), &mut Memory::default()), "{record}");
    }
}

/// Collects what a reader reports: ids of transactions, all of other documents, reasons of rejects.
#[derive(Default)]
struct Collected(Vec<String>);

impl<'b> Sink<'b> for Collected {
    fn transaction(&mut self, transaction: &Transaction<'b>, _: &Ledger<'b>, _: &Session<'b>) {
        self.0.push(transaction.meta.id.to_owned());
    }
    fn order(&mut self, meta: &Meta<'b>, ledger: &Ledger<'b>) {
        self.0.push(format!("order {meta:?} {ledger:?}"));
    }
    fn operation(&mut self, _: &str, _: Option<Instant>, _: &Ledger<'b>, _: u32) {}
    fn given(&mut self, _: &str, _: EventList, _: Origin) {}
    fn session(&mut self, meta: &Meta<'b>, session: &Session<'b>) {
        self.0.push(format!("session {meta:?} {session:?}"));
    }
    fn settlement(&mut self, meta: &Meta<'b>, settlement: &Settlement<'b>) {
        self.0.push(format!("settlement {meta:?} {settlement:?}"));
    }
    fn remittance(&mut self, remittance: &Remittance<'b>) {
        self.0.push(format!("remittance {remittance:?}"));
    }
    fn nothing(&mut self, _: Origin) {}
    fn reject(&mut self, rejected: Rejected) {
        self.0.push(format!("{:?} at {} of {}", rejected.reason, rejected.at, rejected.path));
    }
    fn stranger(&mut self, _: FileFault) {}
    fn refuse(&mut self, _: FileFault) {}
}

/// What the lines of a text give.
fn lines(text: &str) -> Vec<String> {
    let bytes = [text.as_bytes(), &[b' '; PADDING]].concat();
    let layout = Layout::default();
    let bytes = Padded::new(&bytes, text.len());
    let block = Block { bytes, base: 0, pieces: &Pieces::Lines, file: 0, layout: &layout };
    let mut found = Collected::default();
    read(&block, Options { strict: false, max_record: MAX_RECORD }, &mut Reading::default(), &mut found);
    found.0
}

/// A name with an escape is left to the exact reader, and is a name that nobody reads.
#[test]
fn other_documents_are_read_the_same_fast_and_exactly() {
    const SAMPLES: [&str; 7] = [
        include_str!("../../../../../../samples/export/orders/2026-10.ndjson"),
        include_str!("../../../../../../samples/export/sessions/2026-10.ndjson"),
        include_str!("../../../../../../samples/export/settlements/2026-10-27-NOK.json"),
        r#"{"id":"h","created_at":"2026-10-26T00:02:18Z","amounts":[{"currency":"NOK","amount":1},{"fee":-2}]}"#,
        r#"{"payment_reference":"K1","payout_date":"2026-10-26T00:02:18Z","currency_code":"SEK","merchant_id":"M",
        "totals":{"settlement_amount":90,"sale_amount":100,"fee_amount":10,"commission_reversal_amount":0}}"#,
        r#"{"payment_reference":"K1","type":"SALE","amount":100,"order_id":"o","capture_id":"c","x":[{"y":"{"}]}"#,
        r#"{"pspReference":"p","time":"2026-10-26T00:02:18+0200","ledgerDate":"2026-10-26","entryType":"capture",
        "reference":"r","currency":"NOK","amount":-5,"balanceBefore":0,"balanceAfter":null}"#,
    ];
    let mut dice = Dice(37);
    for sample in SAMPLES {
        let records: Vec<serde_json::Value> =
            serde_json::Deserializer::from_str(sample).into_iter().collect::<Result<_, _>>().expect("records");
        for round in 0..if cfg!(miri) { 1 } else { 12 } {
            let mut text = String::new();
            for record in records.iter().take(12) {
                let mut blank = |_: char| if round % 3 == 2 { " ".to_owned() } else { String::new() };
                let mut record = write_shuffled(record, &mut dice, &mut blank).replace('\n', "").into_bytes();
                if round > 5 {
                    dice.change(&mut record);
                }
                text.push_str(&String::from_utf8_lossy(&record));
                text.push('\n');
            }
            let with = |name: &str| text.replace("}\n", &format!(",\"{name}}}\n"));
            let (fast, exact) = (lines(&with("xy\":0     ")), lines(&with("x\\u0079\":0")));
            assert_eq!(fast, exact, "{text}");
            assert!(round > 5 || fast.iter().all(|found| !found.contains(" at ")), "{fast:?}");
        }
    }
}

#[test]
fn what_is_read_quickly_is_the_whole_line_and_a_transaction() {
    let least = r#"{"id":"a","amount":0,"currency":"","events":[]}"#;
    let order = r#"{"id":"a","amount":0,"currency":"","events":[],"order_id":"o","gross_amount":1}"#;
    let mut text = format!("{least}\n {least} \r\n{least}}}\n{least},\n{order}\n{least}").into_bytes();
    text.extend([b' '; PADDING]);
    let bytes = Padded::new(&text, text.len() - PADDING);
    let layout = Layout::default();
    let block = Block { bytes, base: 0, pieces: &Pieces::Lines, file: 0, layout: &layout };
    let mut describe = Collected::default();
    read(&block, Options { strict: false, max_record: MAX_RECORD }, &mut Reading::default(), &mut describe);
    let found: Vec<_> = describe.0.iter().map(|found| found.split(" of ").next().unwrap_or_default()).collect();
    assert_eq!(found[..4], ["a", "a", "TrailingData at 146", "TrailingData at 195"]);
    assert!(found[4].starts_with("order Meta { id: \"o\"") && found[5] == "a", "{found:?}");
}
