//! Ids and names of documents, orders, lines and sellers.

use std::fmt;

use crate::json::JsonText;
use crate::rng::Rng;

/// Account (letter and 8 digits), dot, 21 letters and digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DocumentId([u8; 31]);

impl DocumentId {
    /// A new id in an account; `kind` is `P` (production) or `T` (sandbox).
    pub fn draw(kind: u8, account: u64, rng: &mut Rng) -> Self {
        const LETTERS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
        let mut id = [b'.'; 31];
        id[0] = kind;
        let mut rest = account;
        for digit in id[1..9].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        let mut bits = 0;
        for (i, letter) in id[10..].iter_mut().enumerate() {
            if i % 10 == 0 {
                bits = rng.next_u64();
            }
            *letter = LETTERS[(bits % 58) as usize];
            bits /= 58;
        }
        DocumentId(id)
    }

    /// A new id in the same account.
    pub fn another(&self, rng: &mut Rng) -> Self {
        let account = self.account()[1..].iter().fold(0, |n, digit| n * 10 + u64::from(digit - b'0'));
        DocumentId::draw(self.0[0], account, rng)
    }

    /// The account part, such as `P12345678`.
    pub fn account(&self) -> &[u8] {
        &self.0[..9]
    }
}

impl AsRef<[u8]> for DocumentId {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for DocumentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// A merchant's order number: nine letters and digits. Numbers are unique; a purchase has four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MerchantReference([u8; 9]);

impl MerchantReference {
    /// The order number `which` (0 to 3) of the purchase `index`.
    pub fn new(seed: u64, index: u64, which: u64) -> Self {
        const ALL: u128 = 36u128.pow(9);
        // The multiplier has no prime factor of 36, so different numbers give different references.
        let number = u128::from(index) * 4 + u128::from(which & 3) + u128::from(seed) * 7919;
        let mut rest = (number % ALL * 61_803_398_875 % ALL) as u64;
        let mut out = [0; 9];
        for letter in &mut out {
            *letter = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(rest % 36) as usize];
            rest /= 36;
        }
        MerchantReference(out)
    }
}

impl AsRef<[u8]> for MerchantReference {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for MerchantReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineName {
    /// Orders know lines by number only.
    Number(u32),
    /// Has the number 900 on orders.
    Shipping(u32),
    /// An item that rounds the sum; has the number 901 on orders.
    Rounding,
}

impl LineName {
    /// The number of the line on orders.
    pub fn number(self) -> u32 {
        match self {
            LineName::Number(n) => n,
            LineName::Shipping(_) => 900,
            LineName::Rounding => 901,
        }
    }

    pub fn is_shipping(self) -> bool {
        matches!(self, LineName::Shipping(_))
    }
}

impl fmt::Display for LineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineName::Number(n) => write!(f, "{n}"),
            LineName::Shipping(n) => write!(f, "bring-pick-up-{n:05}"),
            LineName::Rounding => f.write_str("rounding-fee"),
        }
    }
}

/// The text of a UUID.
pub fn uuid_name(id: (u64, u64)) -> String {
    let mut text = JsonText::default();
    text.uuid(id);
    String::from_utf8_lossy(&text.0).into_owned()
}

/// A seller's payout destination.
pub fn seller_name(seller: u32) -> String {
    format!("seller-{seller:05}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn order_numbers_are_never_used_twice() {
        let all = (0..50_000).flat_map(|index| (0..4).map(move |which| MerchantReference::new(9, index, which).0));
        assert_eq!(all.collect::<BTreeSet<_>>().len(), 200_000);
    }

    #[test]
    fn ids_begin_with_their_account() {
        let id = DocumentId::draw(b'P', 12_345_678, &mut Rng::stream(1, 1, 1));
        assert!(id.to_string().starts_with("P12345678.") && id.as_ref().len() == 31);
        assert_eq!(id.account(), b"P12345678");
        assert_eq!(id.another(&mut Rng::new(1)).account(), b"P12345678");
    }
}
