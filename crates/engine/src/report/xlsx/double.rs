//! The one place that knows what a sheet makes of a number: it keeps doubles, and shows 15 digits of them.

/// Digits that a sheet shows as they are.
const DIGITS: usize = 15;

/// The number as a sheet keeps it, where it loses nothing: a plain decimal of 15 digits at most.
pub fn exact(number: &str) -> Option<f64> {
    let digits = number.trim_start_matches('-').bytes().filter(u8::is_ascii_digit);
    let significant = digits.skip_while(|digit| *digit == b'0').count();
    if significant <= DIGITS { number.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_rounded_is_no_number() {
        for number in ["0", "-0.01", "12345.67", "999999999999999", "-9999999999999.99", "0.000000000000001"] {
            assert_eq!(exact(number).map(|double| double.to_string()).as_deref(), Some(number));
        }
        for number in ["9007199254740993", "1234567890123456", "-12345678901234.56", "x"] {
            assert_eq!(exact(number), None, "{number}");
        }
    }
}
