//! The number of a bank account, and how it is shown.

use sha2::{Digest, Sha256};

/// How many letters or digits of a number stay readable.
const SHOWN: usize = 4;

/// A bank account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankAccount {
    /// Its letters and digits as capitals. Compared, never written.
    pub number: String,
    /// What outputs show instead of the number.
    pub masked: String,
}

impl BankAccount {
    /// `None` if the text has no letter and no digit.
    pub fn new(text: &str) -> Option<BankAccount> {
        let number: String = text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let tail = number.get(number.len().saturating_sub(SHOWN)..).filter(|tail| !tail.is_empty())?;
        let hash = Sha256::digest(&number);
        let masked = format!("*{tail}~{:02x}{:02x}", hash[0], hash[1]);
        Some(BankAccount { number, masked })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_shown_by_its_end_and_a_hash() {
        // The first digits of the output of sha256sum.
        for (text, number, masked) in [
            ("15034455667", "15034455667", "*5667~ff9c"),
            ("1503.44.55667", "15034455667", "*5667~ff9c"),
            ("no93 8601 1117 947", "NO9386011117947", "*7947~f6c8"),
            ("a1", "A1", "*A1~16a3"),
        ] {
            let account = BankAccount::new(text).unwrap();
            assert_eq!((&*account.number, &*account.masked), (number, masked));
        }
        assert_eq!(BankAccount::new(" -. "), None);
    }
}
