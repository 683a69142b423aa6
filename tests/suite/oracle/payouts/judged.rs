//! Payouts with what the bank says of them.

use chrono::NaiveDate;

use super::account::Payout;
use crate::oracle::findings::{Draft, Subject};

#[derive(Clone, Debug)]
pub struct JudgedPayout {
    pub payout: Payout,
    pub state: &'static str,
    pub received: Option<i128>,
    pub matched_by: &'static str,
    pub bank_date: Option<NaiveDate>,
    /// `<account>/<id>`, by date, account, id.
    pub bank_entries: Vec<String>,
    pub candidates: Option<usize>,
}

impl JudgedPayout {
    pub fn new(payout: Payout) -> JudgedPayout {
        JudgedPayout {
            payout,
            state: "",
            received: None,
            matched_by: "",
            bank_date: None,
            bank_entries: Vec::new(),
            candidates: None,
        }
    }

    /// A finding of kind payout.
    pub fn draft(&self, rule: &'static str, told: &str) -> Draft {
        let payout = &self.payout;
        let subject = Subject::of_payout(&payout.id, &payout.currency, self.state, payout.place);
        Draft::new(rule, &subject).detail(&payout.detail(told))
    }
}
