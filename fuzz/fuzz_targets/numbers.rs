//! Numbers against big integers, and times against chrono.

#![no_main]

use avstem_core::model::instant::Instant;
use avstem_core::model::number::{NotAnAmount, Number};
use libfuzzer_sys::fuzz_target;
use num_bigint::BigInt;
use serde::de::IgnoredAny;

/// The digits as an integer, and the power of ten.
fn digits_and_exponent(text: &str) -> (BigInt, i64) {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").parse().expect("digits with a sign");
    (digits, exponent.parse::<i64>().unwrap_or(i64::MAX).saturating_sub(fraction.len() as i64))
}

fn amount(text: &str) -> Option<Result<i64, NotAnAmount>> {
    let (mut digits, mut exponent) = digits_and_exponent(text);
    let (zero, ten) = (BigInt::from(0), BigInt::from(10));
    if digits == zero {
        return Some(Ok(0));
    }
    // Larger exponents are skipped: the result is obvious and the computation slow.
    if exponent.unsigned_abs() > 20_000 {
        return None;
    }
    while exponent < 0 {
        if &digits % &ten != zero {
            return Some(Err(NotAnAmount::Fraction));
        }
        digits /= &ten;
        exponent += 1;
    }
    let value = digits * ten.pow(u32::try_from(exponent).expect("it is small"));
    Some(i64::try_from(value).map_err(|_| NotAnAmount::OutOfRange))
}

fuzz_target!(|bytes: &[u8]| {
    if bytes.len() > 5000 {
        return;
    }
    let begins = bytes.first().is_some_and(|byte| matches!(byte, b'-' | b'0'..=b'9'));
    let is_number = begins
        && !bytes.ends_with(b" ")
        && serde_json::from_slice::<IgnoredAny>(bytes).is_ok()
        && bytes.last().is_some_and(u8::is_ascii_digit);
    let number = Number::parse(bytes);
    assert_eq!(number.is_some(), is_number, "{}", String::from_utf8_lossy(bytes));
    if let Some(number) = number {
        let text = std::str::from_utf8(bytes).expect("a number is plain");
        if let Some(wanted) = amount(text) {
            assert_eq!(number.amount(), wanted, "{text}");
        }
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(instant) = Instant::parse(text) {
        assert_eq!(Instant::parse(&instant.to_string()), Some(instant), "what is shown is what was read: {text}");
        if instant.nanos < 1_000_000_000 {
            let other = chrono::DateTime::parse_from_rfc3339(text).expect("what is read is RFC 3339");
            assert_eq!((instant.seconds, instant.nanos), (other.timestamp(), other.timestamp_subsec_nanos()), "{text}");
        }
    }
});
