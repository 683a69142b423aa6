//! Statements of bank accounts as they were read.

use chrono::NaiveDate;

use crate::oracle::currencies;
use crate::oracle::reading::Place;

/// A balance: its currency and amount.
pub type Balance = (String, i128);

/// "Two or more `TxDtls` with amounts of the entry's currency that sum to it: each an entry of its
/// own."
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub amount: i128,
    pub texts: Vec<String>,
    pub debtors: Vec<String>,
}

/// A booked entry.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedEntry {
    pub date: NaiveDate,
    pub currency: String,
    /// "CRDT +, DBIT −."
    pub amount: i128,
    pub is_reversal: bool,
    /// `AcctSvcrRef`.
    pub reference: Option<String>,
    /// `NtryRef`.
    pub own_reference: Option<String>,
    pub texts: Vec<String>,
    pub debtors: Vec<String>,
    pub parts: Vec<Part>,
}

#[derive(Clone, Debug)]
pub struct Statement {
    pub id: String,
    /// The letters and digits of the account in capitals.
    pub account: String,
    pub currency: Option<String>,
    /// The first and the last day that are covered.
    pub days: Option<(NaiveDate, NaiveDate)>,
    pub opening: Option<Balance>,
    pub closing: Option<Balance>,
    pub entries: Vec<StatedEntry>,
    pub place: Place,
}

impl Statement {
    /// "Statements equal in all that is read."
    pub fn is_equal(&self, other: &Statement) -> bool {
        self.id == other.id
            && self.account == other.account
            && self.currency == other.currency
            && self.days == other.days
            && self.opening == other.opening
            && self.closing == other.closing
            && self.entries == other.entries
    }
}

/// "Its letters and digits in capitals."
pub fn account_number(written: &str) -> String {
    written.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_uppercase()).collect()
}

/// A decimal as minor units. None: no decimal, or "more decimals than the exponent, not zeros".
pub fn minor(written: &str, currency: &str) -> Option<i128> {
    let (sign, size) = match written.strip_prefix(['-', '+']) {
        Some(rest) => (if written.starts_with('-') { -1 } else { 1 }, rest),
        None => (1, written),
    };
    let (whole, fraction) = size.split_once('.').unwrap_or((size, ""));
    let is_digits = |text: &str| text.chars().all(|letter| letter.is_ascii_digit());
    if !is_digits(whole) || !is_digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let decimals = currencies::decimals(currency);
    let mut digits = fraction.to_owned();
    while digits.len() < decimals {
        digits.push('0');
    }
    let (kept, beyond) = digits.split_at(decimals);
    if beyond.chars().any(|letter| letter != '0') {
        return None;
    }
    Some(sign * format!("0{whole}{kept}").parse::<i128>().ok()?)
}
