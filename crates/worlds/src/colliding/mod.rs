//! Random worlds: exports that are messy on purpose, from small pools of ids and
//! amounts, so that documents collide and limits are met exactly.

mod dice;
mod orders;
mod render;
mod sessions;
mod settlements;
mod tidy;
mod transactions;
mod values;

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::{Value, json};

pub use dice::Dice;
pub use render::Style;

/// How the records of a file are held together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Lines,
    Array,
    /// An object with one list beside paging keys.
    Page(&'static str),
    /// `[{"items": […]}, {"items": […]}]`.
    ArrayOfPages,
    /// One value after another.
    InARow,
    /// `{"draft_orders": [{"order": …}]}`.
    Drafts,
}

pub const FRAMINGS: [Framing; 9] = [
    Framing::Lines,
    Framing::Array,
    Framing::Page("transactions"),
    Framing::Page("orders"),
    Framing::Page("sessions"),
    Framing::Page("items"),
    Framing::ArrayOfPages,
    Framing::InARow,
    Framing::Drafts,
];

/// A file to be, by the values of its records.
#[derive(Clone, Debug)]
pub struct File {
    pub name: String,
    pub framing: Framing,
    pub style: Style,
    pub values: Vec<Value>,
}

/// A file as text, with the places of its records.
#[derive(Clone, Debug)]
pub struct WrittenFile {
    pub name: String,
    pub text: String,
    pub records: Vec<WrittenRecord>,
}

/// Where a record stands, and where the elements of its collections begin.
#[derive(Clone, Debug)]
pub struct WrittenRecord {
    pub place: Range<usize>,
    pub elements: BTreeMap<String, Vec<u64>>,
}

/// A document that adds up, but for so many small changes.
fn tidy(dice: &mut Dice) -> Value {
    let mut value = match dice.roll(8) {
        0..=3 => tidy::transaction(dice),
        4 | 5 => tidy::order(dice),
        6 => tidy::session(dice),
        _ => tidy::report(dice),
    };
    let changes = dice.roll(4);
    tidy::nudge(dice, &mut value, changes);
    value
}

fn document(dice: &mut Dice) -> Value {
    if dice.once_in(2) {
        return tidy(dice);
    }
    match dice.roll(20) {
        0..=7 => transactions::transaction(dice),
        8 => transactions::partial(dice),
        9 => transactions::webhook(dice),
        10..=12 => orders::order(dice),
        13..=14 => orders::envelope(dice, true),
        15..=16 => sessions::session(dice),
        17..=18 => settlements::report(dice),
        _ => settlements::list_item(dice),
    }
}

/// A copy of a document: equal, or changed in one place, or dated otherwise.
fn copy_of(dice: &mut Dice, value: &Value) -> Value {
    let mut copy = value.clone();
    let Some(members) = copy.as_object_mut() else { return copy };
    match dice.roll(9) {
        0 | 1 => {}
        2 => {
            members.insert("updated_at".to_owned(), json!(values::time(dice)));
        }
        3 => {
            members.insert("version".to_owned(), json!(dice.roll(3)));
        }
        4 => {
            let names: Vec<String> = members
                .keys()
                .filter(|name| !name.contains("id") && *name != "order" && *name != "amount")
                .cloned()
                .collect();
            if !names.is_empty() {
                members.remove(&names[dice.index(names.len())]);
            }
        }
        5..=7 => tidy::nudge(dice, &mut copy, 1),
        _ => {
            let other = document(dice);
            for name in ["status", "currency", "events", "items", "captures", "created_at"] {
                if let (Some(mine), Some(value)) = (members.get_mut(name), other.get(name)) {
                    *mine = value.clone();
                }
            }
        }
    }
    // What is left must still be seen as what it was.
    if is_still_a_document(&copy) { copy } else { value.clone() }
}

fn is_still_a_document(value: &Value) -> bool {
    let has = |name: &str| value.get(name).is_some_and(|member| !member.is_null());
    if has("order") || has("dintero_settlement_id") || has("amounts") {
        return true;
    }
    if has("event") {
        return value.get("transaction").is_some_and(|inner| inner.is_null() || is_still_a_document(inner));
    }
    let is_envelope = orders::COLLECTIONS.iter().any(|name| value.get(*name).is_some_and(Value::is_array));
    if (has("order_id") && (is_envelope || has("id"))) || (has("id") && has("gross_amount")) {
        return true;
    }
    let is_partial = !value.get("events").is_some_and(Value::is_array);
    has("id") && if is_partial { has("status") } else { has("amount") && has("currency") }
}

const NAMES: [&str; 8] = ["a.json", "b/c.json", "b.ndjson", "B.json", "z/orders/list.json", "é.json", "c", "d d.json"];
const LAYOUTS: [&str; 6] = [
    "orders/o1/captures.json",
    "orders/o1/authorizations.json",
    "x/orders/o2/refunds/r.json",
    "x/orders/o2/captures/1.json",
    "orders/P12345678.o/cancellations.json",
    "orders/o1/refunds.json",
];

/// The files of a random world.
pub fn random_files(dice: &mut Dice) -> Vec<File> {
    let count = 1 + dice.index(8);
    let mut all: Vec<Value> = Vec::new();
    for _ in 0..count {
        let value = match all.is_empty() || !dice.once_in(4) {
            true => document(dice),
            false => {
                let original = dice.one_of(&all).clone();
                copy_of(dice, &original)
            }
        };
        all.push(value);
    }
    let mut names = NAMES.to_vec();
    dice.shuffle(&mut names);
    let mut files: Vec<File> = names[..1 + dice.index(3)].iter().map(|name| File::empty(name, dice)).collect();
    for value in all {
        let at = dice.index(files.len());
        files[at].values.push(value);
    }
    if dice.once_in(3) {
        files.push(layout_file(dice));
    }
    // Nothing at all would be refused; an empty list is fine.
    for file in files.iter_mut().filter(|file| file.values.is_empty()) {
        file.framing = Framing::Array;
    }
    files
}

/// A file whose path says what its records are operations of.
fn layout_file(dice: &mut Dice) -> File {
    let mut file = File::empty(dice.word(&LAYOUTS), dice);
    file.values = dice.list(3, |dice| match dice.once_in(3) {
        true => orders::envelope(dice, false),
        false => orders::lone_operation(dice),
    });
    // A page's list would hide what the path says.
    file.framing = *dice.one_of(&[Framing::Lines, Framing::Array, Framing::InARow]);
    file
}

impl File {
    pub fn new(name: &str, framing: Framing, values: Vec<Value>) -> File {
        File { name: name.to_owned(), framing, style: Style::plain(), values }
    }

    fn empty(name: &str, dice: &mut Dice) -> File {
        File { name: name.to_owned(), framing: *dice.one_of(&FRAMINGS), style: Style::random(dice), values: Vec::new() }
    }

    /// The text and the places of its records.
    pub fn write(&self) -> WrittenFile {
        let mut style = self.style.clone();
        if self.framing == Framing::Lines {
            style.pretty = false;
        }
        let mut out = String::new();
        let mut records = Vec::new();
        let (open, between, close) = self.brackets();
        out.push_str(open);
        for (at, value) in self.values.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { between });
            let begin = out.len();
            let mut elements = BTreeMap::new();
            style.record(&mut out, value, &mut elements);
            records.push(WrittenRecord { place: begin..out.len(), elements });
        }
        out.push_str(close);
        WrittenFile { name: self.name.clone(), text: out, records }
    }

    fn brackets(&self) -> (&'static str, &'static str, &'static str) {
        let crlf = self.style.line_end == "\r\n";
        match self.framing {
            Framing::Lines if crlf => ("", "\r\n\r\n", "\r\n"),
            Framing::Lines => ("", "\n", "\n"),
            Framing::Array => ("[", ", ", "]"),
            Framing::Page("transactions") => ("{\"transactions\": [", ",\n", "], \"limit\": 100}"),
            Framing::Page("orders") => ("{\"count\": 3, \"orders\": [", ",", "]}"),
            Framing::Page("sessions") => ("{\"sessions\":[", ",", "],\"next_page_token\":null}"),
            Framing::Page(_) => ("{\"total\":1,\"items\":[", ",", "],\"starting_after\":\"t1\"}"),
            Framing::ArrayOfPages => ("[{\"items\":[", "]},{\"items\":[", "]}]"),
            Framing::InARow => ("", "\n \n", " "),
            Framing::Drafts => ("{\"draft_orders\":[{\"order\":", "},{\"order\":", "}]}"),
        }
    }
}
