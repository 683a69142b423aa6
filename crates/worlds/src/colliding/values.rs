//! Small pools of values, so that documents collide, and limits are hit exactly or missed by one.

use serde_json::{Map, Value, json};

use crate::rng::Rng;

/// Properties shared by all values of a document.
#[derive(Clone, Copy, Debug)]
pub struct DocumentTraits {
    /// All amounts are divisible by 100.
    pub round: bool,
    /// Amounts near the limits of their type.
    pub huge: bool,
    /// Something is unusual with probability 1/`odd`.
    pub odd: u64,
}

impl DocumentTraits {
    pub fn new(rng: &mut Rng) -> DocumentTraits {
        DocumentTraits { round: rng.once_in(3), huge: rng.once_in(40), odd: *rng.one_of(&[2, 4, 12, 40]) }
    }

    pub fn is_odd(&self, rng: &mut Rng) -> bool {
        rng.once_in(self.odd)
    }

    pub fn amount(&self, rng: &mut Rng) -> i64 {
        if self.huge && rng.once_in(3) {
            return *rng.one_of(&[i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1, 1 << 53]);
        }
        if self.round {
            return *rng.one_of(&[0, 400, 600, 1000, 1000, 4000, 6000, 10_000, 10_000, 10_100, 20_000, -400]);
        }
        *rng.one_of(&[0, 1, 399, 400, 401, 500, 599, 600, 600, 999, 1000, 1000, 1001, -1, -400, -600])
    }

    pub fn some_amount(&self, rng: &mut Rng) -> Value {
        if rng.once_in(8) { Value::Null } else { json!(self.amount(rng)) }
    }
}

impl Rng {
    /// A random word; null for `-`.
    pub fn maybe(&mut self, words: &[&'static str]) -> Value {
        match self.word(words) {
            "-" => Value::Null,
            word => json!(word),
        }
    }
}

/// Days close to each other, and instants that differ only in fraction or offset.
const TIMES: [&str; 20] = [
    "2026-01-01T12:00:00Z",
    "2026-01-02T12:00:00Z",
    "2026-01-02T13:00:00+01:00",
    "2026-01-02T12:00:00.000000001Z",
    "2026-01-02T12:10:00Z",
    "2026-01-02T12:10:00.5Z",
    "2026-01-03T12:00:00Z",
    "2026-01-03T12:00:00.123456789Z",
    "2026-01-03T12:05:00Z",
    "2026-01-04T00:00:00-12:00",
    "2026-01-10T12:00:00Z",
    "2026-01-17T12:00:00Z",
    "2026-01-24T12:00:00Z",
    "2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00.1Z",
    "2026-02-01T12:00:00Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T23:59:59.999999999Z",
    "2025-10-20T00:00:00Z",
    "2026-04-02T12:00:00Z",
];

pub fn time(rng: &mut Rng) -> &'static str {
    rng.word(&TIMES)
}

pub fn some_time(rng: &mut Rng) -> Value {
    if rng.once_in(6) { Value::Null } else { json!(time(rng)) }
}

/// Ascending times, sometimes with two equal ones.
pub fn rising_times(rng: &mut Rng, count: usize) -> Vec<&'static str> {
    const RISING: [&str; 8] = [
        "2026-01-01T12:00:00Z",
        "2026-01-02T12:00:00Z",
        "2026-01-02T12:10:00Z",
        "2026-01-02T12:10:00.000000001Z",
        "2026-01-02T12:20:01Z",
        "2026-01-03T12:00:00Z",
        "2026-01-20T12:00:00Z",
        "2026-02-20T12:00:00+02:00",
    ];
    let mut places: Vec<usize> = (0..count).map(|_| rng.index(RISING.len())).collect();
    places.sort_unstable();
    places.into_iter().map(|place| RISING[place]).collect()
}

pub const TRANSACTIONS: [&str; 7] = ["t1", "t2", "t3", "P12345678.1", "P12345678.2", "T12345678.1", "T12345679.1"];
pub const ORDERS: [&str; 5] = ["o1", "o2", "P12345678.o", "T12345678.o", "o 3/é"];
pub const SESSIONS: [&str; 5] = ["s1", "s2", "s3", "P12345678.s", "T12345678.s"];
pub const SETTLEMENTS: [&str; 4] = ["e1", "e2", "T12345678.e", "P12345678.e"];

pub fn currency(rng: &mut Rng) -> &'static str {
    rng.word(&["NOK", "NOK", "NOK", "NOK", "SEK", "JPY", "JPY", "KWD", "nok", "XYZ", "ISK", "XXX", ""])
}

/// A line id: a text, an integer, an empty text, or null.
pub fn line_id(rng: &mut Rng) -> Value {
    rng.one_of(&[
        json!("1"),
        json!(1),
        json!("1"),
        json!("2"),
        json!(2),
        json!("3"),
        json!("a"),
        json!("ship"),
        json!(""),
        json!("01"),
        json!(-4),
        Value::Null,
    ])
    .clone()
}

pub fn quantity(rng: &mut Rng) -> Value {
    rng.one_of(&[
        json!(1),
        json!(2),
        json!("1.5"),
        json!(0.5),
        json!("2"),
        json!(-1),
        json!("0.000000001"),
        Value::Null,
    ])
    .clone()
}

/// Removes some null members, which does not change the meaning.
pub fn without_some_nulls(rng: &mut Rng, value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let kept: Map<String, Value> =
        members.into_iter().filter(|(_, member)| !member.is_null() || rng.once_in(2)).collect();
    Value::Object(kept)
}

/// The object with these members set.
pub fn with(mut value: Value, members: Value) -> Value {
    if let (Value::Object(all), Value::Object(more)) = (&mut value, members) {
        all.extend(more);
    }
    value
}
