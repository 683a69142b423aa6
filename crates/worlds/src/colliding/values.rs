//! Pools of values, small so that limits are met exactly and missed by one.

use serde_json::{Map, Value, json};

use super::dice::Dice;

/// What a document is made with: a currency's habits, and how tidy it is.
#[derive(Clone, Copy, Debug)]
pub struct Taste {
    /// Amounts that are all divisible by 100.
    pub round: bool,
    /// Amounts near the ends of what an amount can hold.
    pub huge: bool,
    /// How seldom something is odd: once in so many throws.
    pub odd: u64,
}

impl Taste {
    pub fn new(dice: &mut Dice) -> Taste {
        Taste { round: dice.once_in(3), huge: dice.once_in(40), odd: *dice.one_of(&[2, 4, 12, 40]) }
    }

    pub fn is_odd(&self, dice: &mut Dice) -> bool {
        dice.once_in(self.odd)
    }

    pub fn amount(&self, dice: &mut Dice) -> i64 {
        if self.huge && dice.once_in(3) {
            return *dice.one_of(&[i64::MAX, i64::MAX - 1, i64::MIN, i64::MIN + 1, 1 << 53]);
        }
        if self.round {
            return *dice.one_of(&[0, 400, 600, 1000, 1000, 4000, 6000, 10_000, 10_000, 10_100, 20_000, -400]);
        }
        *dice.one_of(&[0, 1, 399, 400, 401, 500, 599, 600, 600, 999, 1000, 1000, 1001, -1, -400, -600])
    }

    pub fn some_amount(&self, dice: &mut Dice) -> Value {
        if dice.once_in(8) { Value::Null } else { json!(self.amount(dice)) }
    }
}

/// Days close to each other, and instants that only fractions or offsets tell apart.
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

pub fn time(dice: &mut Dice) -> &'static str {
    dice.word(&TIMES)
}

pub fn some_time(dice: &mut Dice) -> Value {
    if dice.once_in(6) { Value::Null } else { json!(time(dice)) }
}

/// Times of one ledger that go up, now and then with a tie.
pub fn rising_times(dice: &mut Dice, count: usize) -> Vec<&'static str> {
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
    let mut places: Vec<usize> = (0..count).map(|_| dice.index(RISING.len())).collect();
    places.sort_unstable();
    places.into_iter().map(|place| RISING[place]).collect()
}

pub const TRANSACTIONS: [&str; 7] = ["t1", "t2", "t3", "P12345678.1", "P12345678.2", "T12345678.1", "T12345679.1"];
pub const ORDERS: [&str; 5] = ["o1", "o2", "P12345678.o", "T12345678.o", "o 3/é"];
pub const SESSIONS: [&str; 5] = ["s1", "s2", "s3", "P12345678.s", "T12345678.s"];
pub const SETTLEMENTS: [&str; 4] = ["e1", "e2", "T12345678.e", "P12345678.e"];

pub fn currency(dice: &mut Dice) -> &'static str {
    dice.word(&["NOK", "NOK", "NOK", "NOK", "SEK", "JPY", "JPY", "KWD", "nok", "XYZ", "ISK", "XXX", ""])
}

/// A line's name: a text, an integer, an empty text, or none.
pub fn line_id(dice: &mut Dice) -> Value {
    dice.one_of(&[
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

pub fn quantity(dice: &mut Dice) -> Value {
    dice.one_of(&[
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

/// Fewer members: one that is null may as well be absent.
pub fn without_some_nulls(dice: &mut Dice, value: Value) -> Value {
    let Value::Object(members) = value else { return value };
    let kept: Map<String, Value> =
        members.into_iter().filter(|(_, member)| !member.is_null() || dice.once_in(2)).collect();
    Value::Object(kept)
}

/// The object with these members set.
pub fn with(mut value: Value, members: Value) -> Value {
    if let (Value::Object(all), Value::Object(more)) = (&mut value, members) {
        all.extend(more);
    }
    value
}
