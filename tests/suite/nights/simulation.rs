//! A simulated month of exports: faults appear, change and are fixed; documents leave and return.

use std::collections::BTreeMap;

use avstem_worlds::Rng;
use serde_json::{Value, json};

pub const NIGHTS: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// The fault is present, with this difference in minor units.
    Fault(i64),
    /// All documents are in the export, without a fault.
    Clear,
    /// A document that the rule needs is not in the export.
    Away,
}

/// A rule and the id of its subject.
pub type Key = (&'static str, String);

/// One purchase: its difference on each night, and which documents are exported.
struct Purchase {
    number: usize,
    kind: Fault,
    off: [i64; NIGHTS],
    /// Whether the payment and its partner are in the export.
    there: [(bool, bool); NIGHTS],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    OverCaptured,
    /// A session's amount differs from its payment's.
    SessionAmount,
    /// An order's captured amount differs from its payment's.
    OrderCaptured,
}

pub struct Month {
    purchases: Vec<Purchase>,
}

impl Month {
    pub fn new(seed: u64, purchases: usize) -> Month {
        let mut rng = Rng::new(seed);
        Month { purchases: (0..purchases).map(|number| Purchase::new(number, &mut rng)).collect() }
    }

    /// The documents of a night's export, in no particular order.
    pub fn export(&self, night: usize) -> Vec<Value> {
        let mut documents: Vec<Value> = self.purchases.iter().flat_map(|purchase| purchase.documents(night)).collect();
        // One clean payment in every export: without transactions, links are not judged.
        documents.push(payment("P11111111.fine", 100, 100, night));
        documents
    }

    pub fn looks(&self, night: usize) -> BTreeMap<Key, Look> {
        self.purchases.iter().flat_map(|purchase| purchase.looks(night)).collect()
    }
}

impl Purchase {
    fn new(number: usize, rng: &mut Rng) -> Purchase {
        let kind = *rng.one_of(&[Fault::OverCaptured, Fault::SessionAmount, Fault::OrderCaptured]);
        let mut purchase = Purchase { number, kind, off: [0; NIGHTS], there: [(false, false); NIGHTS] };
        let born = rng.index(NIGHTS);
        let (mut off, mut there) = (0, (true, true));
        for night in born..NIGHTS {
            match rng.roll(8) {
                0 => off = 0,
                1 | 2 => off = 1 + rng.roll(500) as i64,
                _ => {}
            }
            match rng.roll(10) {
                0 => there = (false, false),
                1 => there = (rng.once_in(2), rng.once_in(2)),
                2 | 3 => there = (true, true),
                _ => {}
            }
            (purchase.off[night], purchase.there[night]) = (off, there);
        }
        purchase
    }

    fn payment_id(&self) -> String {
        format!("P11111111.p{}", self.number)
    }

    fn partner_id(&self) -> String {
        match self.kind {
            Fault::SessionAmount => format!("P11111111.s{}", self.number),
            _ => format!("order-{}", self.number),
        }
    }

    fn documents(&self, night: usize) -> Vec<Value> {
        let (off, (is_there, is_partner_there)) = (self.off[night], self.there[night]);
        let mut documents = Vec::new();
        if is_there {
            let captured = if self.kind == Fault::OverCaptured { 1000 + off } else { 1000 };
            documents.push(payment(&self.payment_id(), 1000, captured, night));
        }
        if is_partner_there && self.kind == Fault::SessionAmount {
            documents.push(json!({
                "id": self.partner_id(), "transaction_id": self.payment_id(),
                "order": { "amount": 1000 + off, "currency": "NOK", "items": [] },
            }));
        }
        if is_partner_there && self.kind == Fault::OrderCaptured {
            let operation = |amount: i64| {
                json!({
                    "id": format!("c{}", self.number), "amount": amount,
                    "payment_details": { "payment_id": self.payment_id() },
                })
            };
            documents.push(json!({
                "id": self.partner_id(), "order_id": self.partner_id(), "currency": "NOK", "gross_amount": 5000,
                "authorizations": [operation(5000)], "captures": [operation(1000 + off)],
            }));
        }
        documents
    }

    fn looks(&self, night: usize) -> Vec<(Key, Look)> {
        let (off, (is_there, is_partner_there)) = (self.off[night], self.there[night]);
        let is_missing = if is_there { Look::Clear } else { Look::Fault(0) };
        let fault = if off == 0 { Look::Clear } else { Look::Fault(off) };
        let seen = |is_seen: bool, look: Look| if is_seen { look } else { Look::Away };
        match self.kind {
            Fault::OverCaptured => vec![(("AV101", self.payment_id()), seen(is_there, fault))],
            Fault::SessionAmount | Fault::OrderCaptured => {
                let rule = if self.kind == Fault::SessionAmount { "AV508" } else { "AV501" };
                vec![
                    ((rule, self.partner_id()), seen(is_there && is_partner_there, fault)),
                    (("AV505", self.partner_id()), seen(is_partner_there, is_missing)),
                ]
            }
        }
    }
}

fn payment(id: &str, amount: i64, captured: i64, night: usize) -> Value {
    json!({
        "id": id, "amount": amount, "currency": "NOK", "status": "CAPTURED", "payment_product_type": "vipps",
        "created_at": "2026-10-01T10:00:00Z", "updated_at": format!("2026-11-{:02}T03:00:00Z", night + 1),
        "events": [
            { "id": "a", "event": "AUTHORIZE", "success": true, "transaction_status": "AUTHORIZED", "amount": amount,
              "created_at": "2026-10-01T10:00:00Z" },
            { "id": "c", "event": "CAPTURE", "success": true, "transaction_status": "CAPTURED", "amount": captured,
              "created_at": "2026-10-02T10:00:00Z" },
        ],
    })
}
