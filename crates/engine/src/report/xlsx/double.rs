//! How a spreadsheet stores numbers: as doubles, of which it shows 15 digits.

/// Significant digits that a spreadsheet shows unchanged.
const DIGITS: usize = 15;

/// Returns the number as a spreadsheet stores it, if nothing is lost: a plain decimal of at most 15
/// significant digits.
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
