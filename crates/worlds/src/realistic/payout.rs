//! Payouts, the payments' own record of them, and what a bank books.

use chrono::NaiveDate;

/// The day on which every world ends, in days since 1970-01-01: a Friday.
pub const LAST_DAY: i64 = LAST_DATE.to_epoch_days() as i64;

const LAST_DATE: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 20).expect("it is in the calendar");

/// The Monday from which the bank statements run.
pub const FIRST_STATED_DAY: i64 = LAST_DAY - 109;

/// The last day of the last statement; the bank has not closed the day of the export yet.
pub const LAST_STATED_DAY: i64 = LAST_DAY - 1;

/// The day itself, or the Monday after it if banks are closed.
pub fn business_day(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    match (day + 3).rem_euclid(7) {
        5 => day + 2,
        6 => day + 1,
        _ => day,
    }
}

/// What an event of a payment records of its payout. The refund is a magnitude.
#[derive(Clone, Copy, Debug)]
pub struct OwnRecord {
    /// `None` until the line of the payment is in a report.
    pub settlement: Option<(u64, u64)>,
    /// The place of its line among the lines of the purchase.
    pub line: usize,
    pub capture: i64,
    pub refund: i64,
    pub fee: i64,
}

/// A line of a settlement report.
#[derive(Clone, Copy, Debug)]
pub struct SettledLine {
    pub capture: i64,
    /// The refunded amount as a magnitude.
    pub refund: i64,
    pub fee: i64,
    /// Unix time in milliseconds.
    pub at: i64,
}

/// A payout of a fault, which has a report of its own.
#[derive(Clone, Debug)]
pub struct PlantedPayout {
    pub id: (u64, u64),
    pub currency: &'static str,
    /// In days since 1970-01-01.
    pub day: i64,
    pub lines: Vec<SettledLine>,
    /// How much more the settlement list states, as a smaller fee.
    pub listed_more: i64,
    /// Whether no credit can be assigned to it.
    pub is_open: bool,
}

impl PlantedPayout {
    pub fn amount(&self) -> i64 {
        self.lines.iter().map(|line| line.capture - line.refund - line.fee).sum()
    }

    /// As its report states it.
    pub fn paid(&self) -> PaidOut {
        PaidOut { id: self.id, currency: self.currency, day: self.day, amount: self.amount() }
    }
}

/// A payout that a report states.
#[derive(Clone, Copy, Debug)]
pub struct PaidOut {
    pub id: (u64, u64),
    pub currency: &'static str,
    pub day: i64,
    pub amount: i64,
}

/// The text on the bank transfer, which is the reference of the payout.
pub fn payout_reference(id: (u64, u64)) -> String {
    format!("R{:05}-E{:06X}", id.0 % 100_000, (id.0 >> 32) & 0xFF_FFFF)
}

/// The payout's name at the provider that paid it.
pub fn provider_reference(id: (u64, u64)) -> String {
    format!("DP{:012}", id.1 % 1_000_000_000_000)
}

/// A movement on a bank account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountMovement {
    pub day: i64,
    /// The bank's reference of it.
    pub reference: String,
    pub currency: &'static str,
    /// Positive for a credit.
    pub amount: i64,
    pub text: String,
    /// Whether the text is the reference that the payer gave, not a message.
    pub end_to_end: bool,
    pub debtor: Option<&'static str>,
    pub stage: MovementStage,
    /// The payments that the bank booked as one, if it tells them.
    pub parts: Vec<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MovementStage {
    Booked,
    /// Takes back an earlier one.
    Reversal,
    /// Announced, not booked.
    Pending,
}

impl AccountMovement {
    /// A movement of which the bank says no more than a text.
    pub fn plain(reference: String, currency: &'static str, day: i64, amount: i64, text: &str) -> Self {
        let (text, stage) = (text.to_owned(), MovementStage::Booked);
        let parts = Vec::new();
        AccountMovement { day, reference, currency, amount, text, end_to_end: false, debtor: None, stage, parts }
    }

    pub fn is_booked(&self) -> bool {
        self.stage != MovementStage::Pending
    }
}

/// The text of a credit that does not name its payout.
pub const UNREFERENCED: &str = "DINTERO UTBETALING";

pub fn unreferenced_credit(reference: String, currency: &'static str, day: i64, amount: i64) -> AccountMovement {
    let debtor = Some("Dintero AS");
    AccountMovement { debtor, ..AccountMovement::plain(reference, currency, day, amount, UNREFERENCED) }
}

/// A credit with the reference of a payout, as banks print it in several ways. Its `number` tells
/// the credits of one payout apart.
pub fn referenced_credit(payout: &PaidOut, number: u64, day: i64, amount: i64) -> AccountMovement {
    let printed = payout_reference(payout.id);
    let (text, end_to_end) = match payout.id.1 % 4 {
        0 => (format!("DINTERO {printed}"), false),
        1 => (format!("Fra Dintero AS, utbetaling {}", printed.replace('-', "")), false),
        2 => (format!("utbetaling {}", printed.to_lowercase().replace('-', " ")), false),
        _ => (printed, true),
    };
    let debtor = Some("Dintero AS").filter(|_| payout.id.1.is_multiple_of(2));
    let plain = AccountMovement::plain(bank_reference(payout, number), payout.currency, day, amount, &text);
    AccountMovement { end_to_end, debtor, ..plain }
}

/// The bank's reference of a payout's credit.
pub fn bank_reference(payout: &PaidOut, number: u64) -> String {
    format!("{:013}{number}", payout.id.1 % 10_000_000_000_000)
}

/// The day on which the bank books a payout.
pub fn arrival(payout: &PaidOut) -> i64 {
    business_day(payout.day + 1 + (payout.id.1 % 2) as i64)
}

/// A statement of a bank account.
#[derive(Clone, Debug)]
pub struct AccountStatement {
    pub id: String,
    /// The first and the last day.
    pub days: (i64, i64),
    pub opening: i64,
    pub closing: i64,
    pub movements: Vec<AccountMovement>,
}

/// The statements of a further account of the shop, for a fault.
#[derive(Clone, Debug)]
pub struct PlantedAccount {
    pub number: String,
    pub statements: Vec<AccountStatement>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn banks_are_closed_on_two_days_of_seven() {
        let open: Vec<bool> = (FIRST_STATED_DAY..FIRST_STATED_DAY + 7).map(|day| business_day(day) == day).collect();
        assert_eq!(open, [true, true, true, true, true, false, false]);
        assert_eq!(business_day(FIRST_STATED_DAY + 5), FIRST_STATED_DAY + 7);
        assert_eq!(business_day(LAST_DAY), LAST_DAY);
    }

    #[test]
    fn a_payout_arrives_within_a_week() {
        for day in FIRST_STATED_DAY..LAST_DAY {
            for number in 0..4 {
                let payout = PaidOut { id: (0, number), currency: "NOK", day, amount: 1 };
                assert!((1..=4).contains(&(arrival(&payout) - day)));
            }
        }
    }
}
