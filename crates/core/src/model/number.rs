//! JSON numbers as text, read exactly: exponents are never expanded, nothing passes through a float.

/// The parts of a JSON number.
#[derive(Clone, Copy, Debug)]
pub struct Number<'a> {
    negative: bool,
    whole: &'a [u8],
    fraction: &'a [u8],
    /// Saturates far beyond what any digit count can balance.
    exponent: i64,
}

/// Why a number is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnAmount {
    /// It has a non-zero fraction.
    Fraction,
    /// It is whole but does not fit in 64 bits.
    OutOfRange,
}

fn leading_digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

impl<'a> Number<'a> {
    /// Reads the whole text by the grammar of RFC 8259.
    pub fn parse(text: &'a [u8]) -> Option<Number<'a>> {
        let negative = text.first() == Some(&b'-');
        let rest = &text[usize::from(negative)..];
        let n = leading_digits(rest);
        let (whole, rest) = rest.split_at(n);
        if n == 0 || (n > 1 && whole[0] == b'0') {
            return None;
        }
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => rest.split_at(leading_digits(rest)),
            _ => (&rest[..0], rest),
        };
        if fraction.is_empty() && text.get(usize::from(negative) + n) == Some(&b'.') {
            return None;
        }
        let exponent = match rest {
            [] => 0,
            [b'e' | b'E', rest @ ..] => {
                let (minus, digits) = match rest {
                    [b'-', digits @ ..] => (true, digits),
                    [b'+', digits @ ..] => (false, digits),
                    digits => (false, digits),
                };
                if digits.is_empty() || leading_digits(digits) != digits.len() {
                    return None;
                }
                let magnitude =
                    digits.iter().fold(0i64, |e, d| e.saturating_mul(10).saturating_add(i64::from(d - b'0')));
                if minus { -magnitude } else { magnitude }
            }
            _ => return None,
        };
        Some(Number { negative, whole, fraction, exponent })
    }

    /// Sign, digits without leading or trailing zeros, and the power of ten of the last digit. No digits: zero.
    pub fn normalized(&self) -> (bool, Vec<u8>, i64) {
        let mut digits: Vec<u8> = self.whole.iter().chain(self.fraction).copied().collect();
        let mut exponent = self.exponent.saturating_sub(i64::try_from(self.fraction.len()).unwrap_or(i64::MAX));
        while digits.last() == Some(&b'0') {
            digits.pop();
            exponent = exponent.saturating_add(1);
        }
        let zeros = digits.iter().take_while(|d| **d == b'0').count();
        digits.drain(..zeros);
        (self.negative, digits, exponent)
    }

    /// The number as minor units, when it is whole and fits.
    pub fn amount(&self) -> Result<i64, NotAnAmount> {
        let (negative, digits, exponent) = self.normalized();
        if digits.is_empty() {
            return Ok(0);
        }
        if exponent < 0 {
            return Err(NotAnAmount::Fraction);
        }
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(exponent);
        if length > 19 {
            return Err(NotAnAmount::OutOfRange);
        }
        let power = u32::try_from(exponent).map_err(|_| NotAnAmount::OutOfRange)?;
        let magnitude = digits.iter().fold(0i128, |n, d| n * 10 + i128::from(d - b'0')) * 10i128.pow(power);
        i64::try_from(if negative { -magnitude } else { magnitude }).map_err(|_| NotAnAmount::OutOfRange)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<Result<i64, NotAnAmount>> {
        Number::parse(text.as_bytes()).map(|n| n.amount())
    }

    #[test]
    fn whole_numbers_in_any_spelling() {
        for (text, value) in [
            ("1100", 1100),
            ("1100.0", 1100),
            ("1.1e3", 1100),
            ("-0", 0),
            ("0e999999999999999999999", 0),
            ("11000e-1", 1100),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
            ("0.000", 0),
            ("1E+2", 100),
            ("922337203685477580.7e1", i64::MAX),
        ] {
            assert_eq!(amount(text), Some(Ok(value)), "{text}");
        }
    }

    #[test]
    fn fractions_and_giants_are_told_apart() {
        assert_eq!(amount("12.5"), Some(Err(NotAnAmount::Fraction)));
        assert_eq!(amount("1e-1"), Some(Err(NotAnAmount::Fraction)));
        assert_eq!(amount("1099.9999999999998"), Some(Err(NotAnAmount::Fraction)));
        assert_eq!(amount("1e-99999999999999999999"), Some(Err(NotAnAmount::Fraction)));
        for text in ["9223372036854775808", "-9223372036854775809", "1e19", "1e400", "1e99999999999999999999"] {
            assert_eq!(amount(text), Some(Err(NotAnAmount::OutOfRange)), "{text}");
        }
        let long = "7".repeat(4000);
        assert_eq!(amount(&long), Some(Err(NotAnAmount::OutOfRange)));
    }

    #[test]
    fn the_grammar_is_kept() {
        for text in ["", "-", "01", "-01", "1.", ".1", "1e", "1e+", "+1", "1.e1", "0x1", "1 ", "NaN", "1_0"] {
            assert!(Number::parse(text.as_bytes()).is_none(), "{text}");
        }
    }
}
