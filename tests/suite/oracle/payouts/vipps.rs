//! Vipps MobilePay Report API, topic funds.

use std::collections::BTreeMap;

use serde_json::Value;

use super::account::{Parts, Payout};
use super::providers::{ProviderPayout, is_joined};
use crate::oracle::json;
use crate::oracle::reading::{Place, ProviderRecord};
use crate::oracle::time::Instant;
use crate::oracle::world::World;

/// A funds entry.
struct Funds<'r> {
    place: Place,
    ledger: String,
    currency: String,
    entry_type: String,
    ledger_date: String,
    amount: i128,
    time: Option<Instant>,
    psp_reference: Option<String>,
    reference: Option<String>,
    before: Option<i128>,
    after: Option<i128>,
    value: &'r Value,
}

/// "Its offset may lack the colon."
fn instant(value: &Value) -> Option<Instant> {
    let written = json::text(value, "time")?;
    let at = written.len().checked_sub(5)?;
    if written.get(at..)?.starts_with(['+', '-']) {
        return Instant::parse(&format!("{}:{}", &written[..at + 3], &written[at + 3..]));
    }
    Instant::parse(&written)
}

/// "The id in a path `…/ledgers/<id>/…`, else empty."
pub fn ledger(path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let at = parts.iter().position(|part| *part == "ledgers");
    at.filter(|at| at + 2 < parts.len()).map_or(String::new(), |at| parts[at + 1].to_owned())
}

/// "Topic fees (path `…/fees/…`, or `capture-fee`, `fees-invoiced`): read, left out."
fn is_of_fees(record: &ProviderRecord, entry_type: &str) -> bool {
    let mut folders: Vec<&str> = record.path.split('/').collect();
    folders.pop();
    folders.contains(&"fees") || ["capture-fee", "fees-invoiced"].contains(&entry_type)
}

fn funds(record: &ProviderRecord) -> Option<Funds<'_>> {
    let value = &record.value;
    let entry_type = json::text(value, "entryType")?;
    if is_of_fees(record, &entry_type) {
        return None;
    }
    Some(Funds {
        place: record.place,
        ledger: ledger(&record.path),
        currency: json::text(value, "currency")?,
        ledger_date: json::text(value, "ledgerDate")?,
        amount: json::minor(value, "amount")?,
        time: instant(value),
        psp_reference: json::reference(value, "pspReference"),
        reference: json::reference(value, "reference"),
        before: json::minor(value, "balanceBefore"),
        after: json::minor(value, "balanceAfter"),
        entry_type,
        value,
    })
}

impl Funds<'_> {
    fn is_payout(&self) -> bool {
        ["payout-scheduled", "scheduled-for-payout", "payout"].contains(&self.entry_type.as_str())
    }

    /// "`capture`, `refund`, `fees-retained` → fee, any other word → other."
    fn parts(&self) -> Parts {
        let mut parts = Parts::default();
        match self.entry_type.as_str() {
            "capture" => parts.captures = self.amount,
            "refund" => parts.refunds = self.amount,
            "fees-retained" => parts.fees = self.amount,
            _ => parts.other = self.amount,
        }
        parts
    }
}

pub fn payouts(world: &World, records: &[ProviderRecord]) -> Vec<ProviderPayout> {
    let mut ledgers: BTreeMap<(String, String), Vec<Funds>> = BTreeMap::new();
    for found in records.iter().filter_map(funds) {
        let ledger = ledgers.entry((found.ledger.clone(), found.currency.clone())).or_default();
        // "Entries equal in everything count once."
        if !ledger.iter().any(|known| known.value == found.value) {
            ledger.push(found);
        }
    }
    let mut all = Vec::new();
    for ((ledger, _), mut entries) in ledgers {
        // "`ledgerDate`, payouts last, `time` as an instant, `pspReference`, `entryType`, `amount`."
        entries.sort_by(|one, other| {
            let key = |of: &Funds| (of.ledger_date.clone(), of.is_payout(), of.time, of.psp_reference.clone());
            let then = |of: &Funds| (of.entry_type.clone(), of.amount);
            (key(one), then(one)).cmp(&(key(other), then(other)))
        });
        let mut lines: Vec<&Funds> = Vec::new();
        for entry in &entries {
            if entry.is_payout() {
                let rank = all.len();
                all.push(payout(world, &ledger, entry, &lines, rank));
                lines.clear();
            } else {
                lines.push(entry);
            }
        }
    }
    all
}

fn payout(world: &World, ledger: &str, entry: &Funds, lines: &[&Funds], rank: usize) -> ProviderPayout {
    // "`<ledger>/` (when known) + `reference`, else `pspReference`."
    let own = entry.reference.clone().or(entry.psp_reference.clone()).unwrap_or_default();
    let id = if ledger.is_empty() { own.clone() } else { format!("{ledger}/{own}") };
    let mut payout = Payout::new("vipps", &id, &entry.currency, "vipps", entry.place);
    payout.provider = "vipps".to_owned();
    payout.reference = own.clone();
    payout.tokens = vec![own];
    payout.convention = "signed";
    payout.settled_on = entry.ledger_date.chars().take(10).collect();
    payout.amount = -entry.amount;
    payout.is_stated = true;
    payout.lines = lines.len();
    let ids = |line: &&&Funds| [line.psp_reference.clone(), line.reference.clone()];
    payout.joined_lines = lines.iter().filter(|line| is_joined(world, &line.currency, &ids(line))).count();
    lines.iter().for_each(|line| payout.parts.add(line.parts()));
    // "carried_in = `balanceBefore` of the first line (a first line without it: 0), or of the payout
    // when it has no lines, carried_out = −`balanceAfter` of the payout; missing 0."
    let opening = lines.first().map_or(entry.before, |line| line.before);
    payout.parts.carried_in = opening.unwrap_or(0);
    payout.parts.carried_out = -entry.after.unwrap_or(0);
    ProviderPayout {
        payout,
        opening,
        closing: entry.after,
        chain: Some(ledger.to_owned()),
        rank: (format!("{rank:06}"), String::new()),
        line_sums: None,
    }
}
