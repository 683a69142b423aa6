//! Payouts of their own, for faults of payouts and of the bank.

use crate::realistic::model::*;
use crate::realistic::names::uuid_name;
use crate::realistic::payout::{PlantedPayout, SettledLine, arrival, business_day, referenced_credit};
use crate::realistic::truth::ExpectedFinding;
use crate::rng::Rng;

impl Purchase {
    pub fn expect_on_payout(
        &mut self,
        rule: u16,
        id: (u64, u64),
        more: impl FnOnce(ExpectedFinding) -> ExpectedFinding,
    ) {
        self.truth.push(more(ExpectedFinding::new(rule, "payout", uuid_name(id))));
    }

    /// A payout of these events of the payment, which name it from now on; without them, of all
    /// that are settled. The caller says what becomes of it.
    pub fn own_payout(&mut self, rng: &mut Rng, only: Option<usize>) -> PlantedPayout {
        let (id, currency) = (rng.pair(), self.main.currency);
        let mut lines: Vec<SettledLine> = Vec::new();
        for (place, event) in self.main.events.iter_mut().enumerate() {
            let Some(record) = event.own_record.as_mut().filter(|_| only.is_none_or(|only| only == place)) else {
                continue;
            };
            record.settlement = Some(id);
            let at = event.at + 3 * DAY;
            lines.push(SettledLine { capture: record.capture, refund: record.refund, fee: record.fee, at });
        }
        let last = lines.iter().map(|line| line.at).max().unwrap_or(self.main.last_at());
        let day = business_day(last / DAY + 1);
        PlantedPayout { id, currency, day, lines, listed_more: 0, is_open: false }
    }

    /// Takes all lines of the payment into a payout of its own.
    pub fn whole_payout(&mut self, rng: &mut Rng) -> PlantedPayout {
        self.settled.clear();
        self.own_payout(rng, None)
    }

    /// Books this part of a payout's amount, with its reference.
    pub fn book(&mut self, payout: &PlantedPayout, number: u64, amount: i64) -> usize {
        let paid = payout.paid();
        self.credits.push(referenced_credit(&paid, number, arrival(&paid), amount));
        self.credits.len() - 1
    }
}
