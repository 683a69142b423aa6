//! Reads single fields of a JSON value. Null and absent are equivalent.

use serde_json::Value;

use super::time::Instant;

pub fn field<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    value.get(name).filter(|found| !found.is_null())
}

pub fn text(value: &Value, name: &str) -> Option<String> {
    field(value, name)?.as_str().map(str::to_owned)
}

/// An empty text counts as absent.
pub fn reference(value: &Value, name: &str) -> Option<String> {
    text(value, name).filter(|found| !found.is_empty())
}

/// "`line_id` is text; a JSON integer becomes its digits."
pub fn line_id(value: &Value) -> Option<String> {
    match field(value, "line_id")? {
        Value::Number(number) => Some(integer(number)?.to_string()),
        _ => reference(value, "line_id"),
    }
}

/// An integer of minor units, also if it is written as `1100.0` or `1.1e3`.
pub fn minor(value: &Value, name: &str) -> Option<i128> {
    match field(value, name)? {
        Value::Number(number) => integer(number),
        _ => None,
    }
}

fn integer(number: &serde_json::Number) -> Option<i128> {
    if let Some(whole) = number.as_i128() {
        return Some(whole);
    }
    let float = number.as_f64()?;
    (float.fract() == 0.0).then_some(float as i128)
}

pub fn flag(value: &Value, name: &str) -> Option<bool> {
    field(value, name)?.as_bool()
}

pub fn instant(value: &Value, name: &str) -> Option<Instant> {
    Instant::parse(field(value, name)?.as_str()?)
}

pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    match field(value, name) {
        Some(Value::Array(elements)) => elements,
        _ => &[],
    }
}

pub fn has_list(value: &Value, name: &str) -> bool {
    field(value, name).is_some_and(Value::is_array)
}

pub fn texts(value: &Value, name: &str) -> Vec<String> {
    list(value, name).iter().filter_map(|element| element.as_str().map(str::to_owned)).collect()
}

/// Quantities are exact decimals, held here in units of 0.000000001.
pub const QUANTITY_UNIT: i128 = 1_000_000_000;

/// A quantity: a number, or a text with a number.
pub fn quantity(value: &Value, name: &str) -> Option<i128> {
    match field(value, name)? {
        Value::Number(number) => match integer(number) {
            Some(whole) => Some(whole * QUANTITY_UNIT),
            None => decimal(&number.to_string()),
        },
        Value::String(written) => decimal(written),
        _ => None,
    }
}

/// The value of a JSON number in quantity units.
fn decimal(written: &str) -> Option<i128> {
    let (mantissa, exponent) = match written.find(['e', 'E']) {
        Some(at) => (&written[..at], written[at + 1..].parse::<i32>().ok()?),
        None => (written, 0),
    };
    let (negative, digits) = match mantissa.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, mantissa),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut count: i128 = format!("{whole}{fraction}").parse().ok()?;
    let mut shift = exponent + 9 - i32::try_from(fraction.len()).ok()?;
    while shift > 0 && count != 0 {
        count = count.checked_mul(10)?;
        shift -= 1;
    }
    while shift < 0 && count != 0 {
        if count % 10 != 0 {
            return None;
        }
        count /= 10;
        shift += 1;
    }
    Some(if negative { -count } else { count })
}

/// A quantity as a plain decimal without trailing zeros.
pub fn quantity_text(count: i128) -> String {
    let sign = if count < 0 { "-" } else { "" };
    let size = count.abs();
    let whole = size / QUANTITY_UNIT;
    let fraction = format!("{:09}", size % QUANTITY_UNIT);
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        digits => format!("{sign}{whole}.{digits}"),
    }
}
