//! Over random documents the oracle's results are consistent.

use std::collections::BTreeSet;

use super::*;

/// A deterministic generator of numbers.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn one_of(&mut self, values: &[Value]) -> Value {
        values[self.roll(values.len() as u64) as usize].clone()
    }

    fn amount(&mut self) -> Value {
        self.one_of(&[json!(100), json!(500), json!(1000), json!(-500), json!(0), json!(null)])
    }

    fn word(&mut self, words: &[&str]) -> Value {
        let values: Vec<Value> = words.iter().map(|word| json!(word)).collect();
        self.one_of(&values)
    }

    fn time(&mut self) -> Value {
        let on = 1 + self.roll(28) as u32;
        self.one_of(&[json!(day(on)), json!(day(on)), json!(day(3)), json!(null)])
    }

    fn list(&mut self, longest: u64, mut make: impl FnMut(&mut Dice) -> Value) -> Value {
        let length = self.roll(longest + 1);
        Value::Array((0..length).map(|_| make(self)).collect())
    }

    fn split(&mut self) -> Value {
        let amount = self.roll(7) as i64 * 100 - 100;
        json!({"payout_destination_id": self.word(&["p", "q"]), "amount": amount})
    }

    fn item(&mut self) -> Value {
        json!({
            "line_id": self.word(&["1", "2", "3", ""]), "amount": self.amount(),
            "quantity": self.one_of(&[json!(1), json!("1.5"), json!(null)]),
            "gross_amount": self.amount(),
            "discount_lines": self.list(1, |dice| json!({"amount": dice.amount()})),
            "splits": self.list(2, Dice::split),
            "fee_split": {"destinations": self.list(2, |dice| dice.word(&["p", "x"]))},
        })
    }

    fn event(&mut self) -> Value {
        let kinds = ["AUTHORIZE", "CAPTURE", "capture", "REFUND", "VOID", "INITIATE_VOID", "ODD"];
        json!({
            "id": self.word(&["e1", "e2", "", ""]), "event": self.word(&kinds),
            "transaction_status": self.word(&["CAPTURED", "REFUNDED", "UNKNOWN"]),
            "success": self.one_of(&[json!(true), json!(null), json!(false)]),
            "amount": self.amount(), "items": self.list(2, Dice::item),
            "splits": self.list(2, Dice::split), "created_at": self.time(),
            "request_id": self.word(&["r1", ""]),
            "gift_cards": self.list(1, |dice| json!({"card_id": "k", "amount": dice.amount()})),
            "correction": {"remaining_void_amount": self.amount()},
        })
    }

    fn transaction(&mut self) -> Value {
        json!({
            "id": self.word(&["t1", "t2", "P12345678.1", "T12345678.2"]),
            "amount": 1000, "currency": self.word(&["NOK", "JPY", "nok"]),
            "status": self.word(&["CAPTURED", "AUTHORIZED", "ON_HOLD", "FAILED", "odd"]),
            "settlement_status": self.word(&["SETTLED", "NOT_SETTLED", ""]),
            "merchant_reference": self.word(&["o1", "o2", ""]),
            "session_id": self.word(&["s1", "s2", ""]),
            "items": self.list(3, Dice::item), "shipping_option": self.item(),
            "events": self.list(5, Dice::event),
            "session": self.session(),
            "updated_at": self.time(), "created_at": self.time(),
        })
    }

    fn operation(&mut self) -> Value {
        let destination = json!({"destination": "p", "amount": self.roll(3) * 100});
        let item = json!({
            "line_id": self.roll(3), "amount": self.amount(),
            "payout": {"destinations": [destination]},
        });
        json!({
            "id": self.word(&["x1", "x2", "x3", ""]), "amount": self.amount(),
            "success": self.one_of(&[json!(true), json!(false)]),
            "authorization_id": self.word(&["x1", "x9", ""]),
            "payment_details": {"payment_id": self.word(&["t1", "t2", "t9", ""])},
            "processed_at": self.time(), "items": [item],
        })
    }

    fn order(&mut self) -> Value {
        json!({
            "order_id": self.word(&["o1", "o2"]), "currency": self.word(&["NOK", "SEK"]),
            "payment_status": self.word(&["paid", "pending", "refunded"]),
            "gross_amount": self.amount(), "updated_at": self.time(),
            "authorizations": self.list(3, Dice::operation),
            "captures": self.list(3, Dice::operation),
            "refunds": self.list(2, Dice::operation),
        })
    }

    fn session(&mut self) -> Value {
        json!({
            "id": self.word(&["s1", "s2", "s3"]), "updated_at": self.time(),
            "order": {"amount": 1000, "currency": "NOK", "items": self.list(2, Dice::item)},
            "transaction_id": self.word(&["t1", "t2", "t9", ""]), "cancelled_at": self.time(),
        })
    }

    fn report(&mut self) -> Value {
        let id = self.word(&["t1", "t2", "t9", ""]);
        json!({
            "dintero_settlement_id": self.word(&["e1", "e2"]), "amount": self.amount(),
            "capture": self.amount(), "refund": self.amount(), "fee": self.amount(),
            "transactions": self.list(2, |dice| json!({
                "transaction_id": id, "capture": dice.amount(), "refund": dice.amount(),
            })),
        })
    }

    fn document(&mut self) -> Value {
        match self.roll(6) {
            0 | 1 => self.transaction(),
            2 => self.order(),
            3 => self.session(),
            4 => self.report(),
            _ => json!({"order_id": "o1", "cancellations": self.list(2, Dice::operation)}),
        }
    }
}

/// An envelope's operations are records; every other document is one.
fn records_of(value: &Value) -> usize {
    if value.get("captures").is_some() || value.get("cancellations").is_none() {
        return 1;
    }
    value["cancellations"].as_array().map_or(0, Vec::len)
}

#[test]
fn the_judgement_holds_together() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut met = BTreeSet::new();
    for _ in 0..400 {
        let mut sources = Vec::new();
        let mut records = 0;
        for name in ["a", "b", "-"] {
            let values: Vec<Value> = (0..1 + dice.roll(3)).map(|_| dice.document()).collect();
            records += values.iter().map(records_of).sum::<usize>();
            sources.push(source(name, &values));
        }
        let forth = run_sources(sources.clone());
        sources.reverse();
        let back = run_sources(sources);
        assert_eq!(forth.findings, back.findings);
        assert_eq!(forth.balances, back.balances);
        let ids: BTreeSet<&String> = forth.findings.iter().map(|f| &f.exception_id).collect();
        assert_eq!(ids.len(), forth.findings.len());
        let counted: usize =
            forth.counts.iter().map(|(_, counts)| counts.accepted + counts.duplicate + counts.superseded).sum();
        assert_eq!(counted, records);
        met.extend(forth.findings.iter().map(|finding| finding.rule));
        for balance in &forth.balances {
            assert_eq!(balance.authorized, balance.captured + balance.released + balance.open);
        }
    }
    assert!(met.len() >= 50, "only these rules fired: {met:?}");
}
