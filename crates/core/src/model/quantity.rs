//! Quantities: exact decimals, since goods are sold by weight and volume too.

use rust_decimal::Decimal;

use super::limits::{QUANTITY_FRACTION_DIGITS, QUANTITY_WHOLE_DIGITS};

/// A quantity, or a sum of quantities, in units of 10^-9.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quantity(pub i128);

const SCALE: u32 = QUANTITY_FRACTION_DIGITS as u32;

/// Why a text is no quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuantityError {
    /// It is no number.
    NotANumber,
    /// It has more digits than are kept.
    OutOfRange,
}

impl Quantity {
    #[inline]
    pub fn whole(count: u32) -> Quantity {
        Quantity(i128::from(i64::from(count) * 1_000_000_000))
    }

    /// Parses a JSON number exactly.
    pub fn parse(text: &str) -> Result<Quantity, QuantityError> {
        // Fast path: nearly all quantities are whole numbers of few digits.
        let digits = text.as_bytes();
        if (1..=9).contains(&digits.len())
            && (digits[0] != b'0' || digits.len() == 1)
            && digits.iter().all(u8::is_ascii_digit)
        {
            let whole = digits.iter().fold(0i64, |n, d| n * 10 + i64::from(d - b'0'));
            return Ok(Quantity(i128::from(whole * 1_000_000_000)));
        }
        let number = super::number::Number::parse(text.as_bytes()).ok_or(QuantityError::NotANumber)?;
        let (negative, digits, exponent) = number.normalized();
        if digits.is_empty() {
            return Ok(Quantity(0));
        }
        let whole = i64::try_from(digits.len()).unwrap_or(i64::MAX).saturating_add(exponent);
        if whole > QUANTITY_WHOLE_DIGITS as i64 || exponent < -(QUANTITY_FRACTION_DIGITS as i64) {
            return Err(QuantityError::OutOfRange);
        }
        let scale = u32::try_from(i64::from(SCALE) + exponent).map_err(|_| QuantityError::OutOfRange)?;
        let magnitude = digits.iter().fold(0i128, |n, d| n * 10 + i128::from(d - b'0')) * 10i128.pow(scale);
        Ok(Quantity(if negative { -magnitude } else { magnitude }))
    }

    /// The quantity as a plain decimal without trailing zeros.
    pub fn display(self) -> String {
        match Decimal::try_from_i128_with_scale(self.0, SCALE) {
            Ok(decimal) => decimal.normalize().to_string(),
            Err(_) => {
                let text = super::display::decimal(self.0, SCALE as u8);
                text.trim_end_matches('0').trim_end_matches('.').to_owned()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_within_eighteen_and_nine_digits() {
        for (text, shown) in [
            ("2.5", "2.5"),
            ("2.50", "2.5"),
            ("0", "0"),
            ("7", "7"),
            ("999999999", "999999999"),
            ("1234567890", "1234567890"),
            ("-0.0", "0"),
            ("1e3", "1000"),
            ("1.5e-8", "0.000000015"),
            ("999999999999999999.999999999", "999999999999999999.999999999"),
            ("-3", "-3"),
        ] {
            assert_eq!(Quantity::parse(text).map(Quantity::display).as_deref(), Ok(shown), "{text}");
        }
        for text in ["1e18", "0.0000000001", "1e999999999999999999999", "1e-99999"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::OutOfRange), "{text}");
        }
        for text in ["", "x", "1,5", "01", ".5", "1.", "+1", "0x1", "1e"] {
            assert_eq!(Quantity::parse(text), Err(QuantityError::NotANumber), "{text}");
        }
    }
}
