//! The shop's bank accounts and their names in outputs.

use sha2::{Digest, Sha256};

/// The account in which the shop receives this currency; the number is of no bank that exists.
pub fn of_currency(place: usize) -> String {
    format!("999944{:05}", 55_667 + 11 * place)
}

/// A further account of the shop.
pub fn further(number: u64) -> String {
    format!("9998{:07}", number % 10_000_000)
}

/// An account as findings show it: its last four digits, and four hex digits of its hash.
pub fn masked(number: &str) -> String {
    let hash: [u8; 32] = Sha256::digest(number).into();
    let [first, second, ..] = hash;
    format!("*{}~{first:02x}{second:02x}", &number[number.len() - 4..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_masked_account_shows_four_digits_and_a_hash() {
        // The first digits of `printf 99994455667 | sha256sum`.
        assert_eq!(masked("99994455667"), "*5667~a71b");
        assert_eq!(masked(&of_currency(0)), masked("99994455667"));
        assert_ne!(of_currency(1), of_currency(0));
    }
}
