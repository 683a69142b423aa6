//! Evenings of a person at the terminal: what was typed and what was printed, kept as text under `tests/evenings/`.
//!
//! `AVSTEM_BLESS=1 cargo test` rewrites them; review the difference like code.

mod inputs;
mod nights;

use serde_json::{Value, json};

use crate::support::{Desk, compare, none_of};

/// What was typed and printed, in order.
struct Evening {
    desk: Desk,
    said: String,
}

impl Evening {
    fn new() -> Evening {
        Evening { desk: Desk::new(), said: String::new() }
    }

    /// A remark of the person.
    fn note(&mut self, text: &str) {
        let blank = if self.said.is_empty() { "" } else { "\n" };
        self.said += &format!("{blank}# {text}\n");
    }

    fn avstem(&mut self, words: &str) {
        let ended = self.desk.avstem(&words.split(' ').collect::<Vec<_>>());
        self.said += &format!("$ avstem {words}\n{}{}[exit {}]\n", ended.out, ended.err, ended.code.unwrap());
    }

    /// Columns of a table in the last run's folder.
    fn columns(&mut self, run: &str, table: &str, columns: &[&str]) {
        let text = std::fs::read_to_string(self.desk.path().join(run).join(table)).unwrap();
        self.said += &format!("$ cut {run}/{table}: {}\n", columns.join(", "));
        for row in crate::support::rows(&text) {
            let cells: Vec<&str> = columns.iter().map(|column| row[*column].as_str()).collect();
            self.said += &format!("{}\n", cells.join(" | "));
        }
    }

    fn keep(self, name: &str) {
        let differs = compare(format!("tests/evenings/{name}.txt"), &self.said).err();
        none_of(&differs.into_iter().collect::<Vec<_>>());
    }
}

/// A payment of a day in November, authorised and captured.
fn payment(number: u32, day: u32, currency: &str, authorised: i64, captured: i64) -> Value {
    let at = |time: &str| format!("2026-11-{day:02}T{time}Z");
    json!({"id": format!("P12345678.{number}"), "amount": authorised, "currency": currency, "status": "CAPTURED",
        "merchant_reference": format!("order-{number}"), "payment_product_type": "bambora.creditcard",
        "created_at": at("09:00:00"), "updated_at": at("15:00:00"), "events": [
        {"id": format!("a{number}"), "event": "AUTHORIZE", "amount": authorised, "success": true,
            "transaction_status": "AUTHORIZED", "created_at": at("09:01:00")},
        {"id": format!("c{number}"), "event": "CAPTURE", "amount": captured, "success": true,
            "transaction_status": "CAPTURED", "created_at": at("15:00:00")}]})
}

/// One record a line.
fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

/// Balanced payments, one on each of these days.
fn fine(days: impl IntoIterator<Item = u32>) -> Vec<Value> {
    days.into_iter().map(|day| payment(day, day, "NOK", 10_000 + i64::from(day), 10_000 + i64::from(day))).collect()
}
