//! Decimal texts as minor units, exactly.

use crate::model::money::Minor;
use crate::model::reject::FileReason;

/// Reads a decimal text: an optional sign, digits, and a point with further digits; one of the two
/// groups of digits may be empty. Decimals beyond the currency's must be zeros.
pub fn minor(text: &str, decimals: u8) -> Result<Minor, FileReason> {
    let (is_negative, digits) = match text.as_bytes() {
        [b'-', digits @ ..] => (true, digits),
        [b'+', digits @ ..] => (false, digits),
        digits => (false, digits),
    };
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = (&digits[..point], digits.get(point + 1..).unwrap_or_default());
    let are_digits = whole.iter().chain(fraction).all(u8::is_ascii_digit);
    if !are_digits || whole.len() + fraction.len() == 0 {
        return Err(FileReason::WrongType);
    }
    let (kept, beyond) = fraction.split_at(fraction.len().min(usize::from(decimals)));
    if beyond.iter().any(|digit| *digit != b'0') {
        return Err(FileReason::AmountNotInteger);
    }
    let zeros = std::iter::repeat_n(&b'0', usize::from(decimals) - kept.len());
    let magnitude = whole.iter().chain(kept).chain(zeros).try_fold(0i64, |sum, digit| {
        // Summed below zero, where 64 bits reach one further.
        sum.checked_mul(10)?.checked_sub(i64::from(digit - b'0'))
    });
    let amount = if is_negative { magnitude } else { magnitude.and_then(i64::checked_neg) };
    amount.ok_or(FileReason::AmountOutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_become_minor_units() {
        for (text, decimals, amount) in [
            ("1455.00", 2, 145_500),
            ("1455", 2, 145_500),
            ("1455.5", 2, 145_550),
            ("0.07", 2, 7),
            (".07", 2, 7),
            ("7.", 2, 700),
            ("100.000", 2, 10_000),
            ("+1.10", 2, 110),
            ("-1.10", 2, -110),
            ("-0", 2, 0),
            ("12", 0, 12),
            ("12.00", 0, 12),
            ("1.234", 3, 1234),
            ("1.2345", 4, 12_345),
            ("00000000000000000000000001.00", 2, 100),
            ("92233720368547758.07", 2, i64::MAX),
            ("-92233720368547758.08", 2, i64::MIN),
        ] {
            assert_eq!(minor(text, decimals), Ok(amount), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount_says_why() {
        use FileReason::{AmountNotInteger, AmountOutOfRange, WrongType};
        for text in ["", "-", ".", "1,5", "1e2", "1 5", " 1", "1.5.0", "--1", "NaN", "1.-5", "٣"] {
            assert_eq!(minor(text, 2), Err(WrongType), "{text}");
        }
        for (text, decimals) in [("100.005", 2), ("1.5", 0), ("0.00001", 4), ("99999999999999999999.001", 2)] {
            assert_eq!(minor(text, decimals), Err(AmountNotInteger), "{text}");
        }
        for (text, decimals) in [("92233720368547758.08", 2), ("-92233720368547758.09", 2), ("9223372036854775808", 0)]
        {
            assert_eq!(minor(text, decimals), Err(AmountOutOfRange), "{text}");
        }
    }
}
