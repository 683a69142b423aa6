//! A settlement as the rules see it: a report with lines, or a header of the settlement list.

use crate::model::event::EventList;
use crate::model::finding::EventRef;
use crate::model::instant::Instant;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;

/// The sums of one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettlementAmounts<'p> {
    /// The currency as written.
    pub currency: Option<&'p str>,
    /// What was paid out.
    pub amount: Option<Minor>,
    pub capture: Option<Minor>,
    pub refund: Option<Minor>,
    pub fee: Option<Minor>,
}

/// The parts of a payout, signed by what they add to the money paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayoutParts {
    pub captures: Sum,
    pub refunds: Sum,
    pub fees: Sum,
}

impl PayoutParts {
    pub fn sum(&self) -> Sum {
        self.captures + self.refunds + self.fees
    }

    pub fn add(&mut self, other: &PayoutParts) {
        self.captures += other.captures;
        self.refunds += other.refunds;
        self.fees += other.fees;
    }
}

/// The signs with which a settlement writes its refunds and fees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Convention {
    /// +1 where refunds are written negative, −1 where they are magnitudes.
    pub refund: i8,
    /// +1 where fees are written negative, −1 where they are magnitudes.
    pub fee: i8,
}

/// The conventions found in a provider's settlements.
#[derive(Clone, Copy, Debug, Default)]
pub struct Conventions {
    /// The one that the provider documents.
    pub documented: Convention,
    /// The others, in the order in which they are tried.
    pub others: &'static [Convention],
}

impl Conventions {
    /// The first convention by which a header's parts sum to its amount; `None` when none does, or
    /// when no amount is stated.
    pub fn of(&self, header: &SettlementAmounts<'_>) -> Option<Convention> {
        let amount = Sum::from(header.amount?);
        let holds = |c: &Convention| c.net(header.capture, header.refund, header.fee) == amount;
        std::iter::once(&self.documented).chain(self.others).copied().find(holds)
    }
}

impl SettlementAmounts<'_> {
    /// The parts by a convention; without one, refunds and fees count as taken off.
    pub fn parts(&self, convention: Option<Convention>) -> PayoutParts {
        parts_of([self.capture, self.refund, self.fee], convention)
    }
}

/// The parts of a capture, a refund and a fee as written, by a convention; without one, refunds and
/// fees count as taken off.
fn parts_of(written: [Option<Minor>; 3], convention: Option<Convention>) -> PayoutParts {
    let [captures, refund, fee] = written.map(|part| Sum::from(part.unwrap_or(0)));
    let (refunds, fees) = match convention {
        Some(of) => (Sum::from(of.refund) * refund, Sum::from(of.fee) * fee),
        None => (-refund.abs(), -fee.abs()),
    };
    PayoutParts { captures, refunds, fees }
}

impl Convention {
    /// The net of the parts by this convention; a missing part is zero.
    pub fn net(self, capture: Option<Minor>, refund: Option<Minor>, fee: Option<Minor>) -> Sum {
        let part = |value: Option<Minor>| Sum::from(value.unwrap_or(0));
        part(capture) + Sum::from(self.refund) * part(refund) + Sum::from(self.fee) * part(fee)
    }

    /// As shown to users.
    pub const fn formula(self) -> &'static str {
        match (self.refund < 0, self.fee < 0) {
            (true, true) => "amount = capture - refund - fee",
            (false, true) => "amount = capture + refund - fee",
            (false, false) => "amount = capture + refund + fee",
            (true, false) => "amount = capture - refund + fee",
        }
    }

    /// The name of the convention.
    pub const fn word(self) -> &'static str {
        match (self.refund < 0, self.fee < 0) {
            (true, true) => "capture-refund-fee",
            (false, true) => "capture+refund-fee",
            (false, false) => "capture+refund+fee",
            (true, false) => "capture-refund+fee",
        }
    }

    /// A refund as a magnitude: positive for money given back.
    pub fn refund_magnitude(self, refund: Option<Minor>) -> Sum {
        -Sum::from(self.refund) * Sum::from(refund.unwrap_or(0))
    }
}

/// One line of a report.
#[derive(Clone, Copy, Debug, Default)]
pub struct SettlementLine<'p> {
    pub place: u32,
    pub transaction_id: Option<&'p str>,
    pub capture: Option<Minor>,
    pub refund: Option<Minor>,
    pub fee: Option<Minor>,
    /// The line's net as written: `net_amount`, else `amount`.
    pub net: Option<Minor>,
    /// The payment product's type, as written.
    pub product_type: Option<&'p str>,
}

/// What a settlement states about its payout besides amounts, as written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SettlementTexts<'p> {
    /// The text on the bank transfer.
    pub reference: Option<&'p str>,
    pub date: Option<&'p str>,
    pub settled_at: Option<&'p str>,
    pub payment_status: Option<&'p str>,
    pub provider: Option<&'p str>,
    pub provider_reference: Option<&'p str>,
    pub destination: Option<&'p str>,
}

impl SettlementLine<'_> {
    /// Its parts by a convention; without one, refunds and fees count as taken off.
    pub fn parts(&self, convention: Option<Convention>) -> PayoutParts {
        parts_of([self.capture, self.refund, self.fee], convention)
    }

    /// The line's net: as written, else computed from its parts.
    pub fn net_by(&self, convention: Convention) -> Sum {
        self.net.map_or_else(|| convention.net(self.capture, self.refund, self.fee), Sum::from)
    }
}

#[derive(Clone, Debug, Default)]
pub struct Settlement<'p> {
    pub id: &'p str,
    /// Whether it has a list of lines, and so is a report.
    pub is_report: bool,
    /// One header for a report, one per currency for a list item.
    pub amounts: Vec<SettlementAmounts<'p>>,
    pub lines: Vec<SettlementLine<'p>>,
    pub texts: SettlementTexts<'p>,
    /// When the list item was created.
    pub created_at: Option<Instant>,
    /// The provider's conventions; set only when a row is unpacked.
    pub conventions: Conventions,
    pub origin: Origin,
}

impl<'p> Settlement<'p> {
    /// The convention for its lines: the header's, else the documented one.
    pub fn convention(&self) -> Convention {
        self.amounts.first().and_then(|header| self.conventions.of(header)).unwrap_or(self.conventions.documented)
    }

    /// A reference to a line, for a finding.
    pub fn line_ref(&self, line: &SettlementLine<'p>) -> EventRef<'p> {
        EventRef {
            list: EventList::Transactions,
            place: line.place,
            kind: None,
            id: None,
            time: None,
            origin: self.origin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_convention_is_known_by_its_header_and_the_first_that_holds_counts() {
        let conventions = Conventions {
            documented: Convention { refund: -1, fee: -1 },
            others: &[Convention { refund: 1, fee: 1 }, Convention { refund: 1, fee: -1 }],
        };
        let of = |amount, refund, fee| {
            let header = SettlementAmounts {
                currency: None,
                amount: Some(amount),
                capture: Some(100),
                refund: Some(refund),
                fee: Some(fee),
            };
            conventions.of(&header).map(|found| (found.refund, found.fee))
        };
        assert_eq!(of(100 - 20 - 3, 20, 3), Some((-1, -1)));
        assert_eq!(of(100 - 20 - 3, -20, 3), Some((1, -1)));
        assert_eq!(of(100 - 20 - 3, -20, -3), Some((1, 1)));
        assert_eq!(of(100 - 20 - 3, 20, -3), None);
        assert_eq!(of(100, 0, 0), Some((-1, -1)), "all hold");
        assert_eq!(of(76, 20, 3), None);
    }
}
