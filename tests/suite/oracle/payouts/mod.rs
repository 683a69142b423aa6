//! From payment to bank: the payout accounts, their rules, and the rows of payouts.csv.

mod account;
mod balance_rules;
mod bank;
mod bank_rules;
mod dintero;
mod judged;
mod klarna;
mod matching;
mod payments_rules;
mod providers;
mod rows;
mod vipps;
mod words;

use account::Payout;
use balance_rules::Spoken;
use bank::Bank;
#[cfg(test)]
pub use bank::masked;
use dintero::Documents;
use judged::JudgedPayout;
use matching::Matching;
pub use rows::{PAYOUT_COLUMNS, PayoutRow, rows};
pub use vipps::ledger;

use super::findings::Draft;
use super::reading::Everything;
use super::world::World;
use super::{PayoutSettings, Source};

/// All payouts, by namespace, id, currency.
pub fn judge(
    world: &World,
    everything: &Everything,
    sources: &[&Source],
    told: &PayoutSettings,
    drafts: &mut Vec<Draft>,
) -> Vec<JudgedPayout> {
    let of_dintero = dintero::payouts(world);
    let mut providers = klarna::payouts(world, &everything.klarna_payouts, &everything.klarna_lines);
    providers.extend(vipps::payouts(world, &everything.funds));
    let settlements: Vec<Option<(String, String)>> =
        providers.iter().map(|provider| settlement_of(world, &provider.payout)).collect();
    let mut payouts = of_dintero.payouts;
    let rows = providers.iter().zip(&settlements).filter(|(_, settlement)| settlement.is_none());
    payouts.extend(rows.map(|(provider, _)| provider.payout.clone()));
    payouts.sort_by(|one, other| key(one).cmp(&key(other)));
    let bank = bank::read(sources, &told.csv);
    let matching = matching::run(&payouts, &bank, told.window);
    let judged: Vec<JudgedPayout> =
        (0..payouts.len()).map(|at| judged(world, told, at, &payouts, &bank, &matching)).collect();
    let spoken: Vec<Spoken> = providers
        .iter()
        .zip(&settlements)
        .map(|(of, settlement)| {
            let (namespace, id, currency) = match settlement {
                Some((id, currency)) => ("dintero", id.as_str(), currency.as_str()),
                None => key(&of.payout),
            };
            let is_row = |row: &&JudgedPayout| key(&row.payout) == (namespace, id, currency);
            let row = judged.iter().find(is_row).expect("each payout has a row");
            Spoken { of, row, is_source: settlement.is_some() }
        })
        .collect();
    payments_rules::judge(world, &judged, &of_dintero.missing, drafts);
    balance_rules::judge(world, &judged, &spoken, drafts);
    bank_rules::judge(world, told, &judged, &bank, &matching, drafts);
    judged
}

/// The settlement that a provider's payout is the source of: "a provider's payout (not one that is
/// `unseen`) whose id (without ledger) is the `provider_reference` or `settlement_reference` of
/// exactly one Dintero settlement of its currency".
fn settlement_of(world: &World, payout: &Payout) -> Option<(String, String)> {
    let documents = dintero::documents(world);
    let is_its = |found: &&Documents| {
        found.currencies().contains(&payout.currency) && found.references().contains(&payout.reference)
    };
    let all: Vec<&Documents> = documents.iter().filter(is_its).collect();
    match all[..] {
        [only] if !payout.is_unseen && !payout.reference.is_empty() => {
            Some((only.id.to_owned(), payout.currency.clone()))
        }
        _ => None,
    }
}

fn key(payout: &Payout) -> (&str, &str, &str) {
    (payout.namespace, &payout.id, &payout.currency)
}

fn judged(
    world: &World,
    told: &PayoutSettings,
    at: usize,
    payouts: &[Payout],
    bank: &Bank,
    matching: &Matching,
) -> JudgedPayout {
    let mut judged = JudgedPayout::new(payouts[at].clone());
    if let Some(entries) = matching.entries.get(&at) {
        let entries: Vec<_> = entries.iter().map(|entry| (entry, &bank.entries[*entry])).collect();
        // "Its entries' sum (one entry for several: the amount)."
        let is_shared = entries.iter().any(|(at, _)| matching.shared.contains(at));
        let sum = entries.iter().map(|(_, entry)| entry.amount).sum();
        judged.received = Some(if is_shared { payouts[at].amount } else { sum });
        judged.matched_by = matching.matched_by[&at];
        judged.bank_date = entries.iter().map(|(_, entry)| entry.date).max();
        judged.bank_entries = entries.iter().map(|(_, entry)| entry.name.clone()).collect();
    }
    judged.state = state(world, told, at, &judged, bank, matching);
    if judged.state == "ambiguous" {
        judged.candidates = Some(matching.ambiguous.values().filter(|payouts| payouts.contains(&at)).count());
    }
    judged
}

/// "The first that applies."
fn state(
    world: &World,
    told: &PayoutSettings,
    at: usize,
    judged: &JudgedPayout,
    bank: &Bank,
    matching: &Matching,
) -> &'static str {
    let payout = &judged.payout;
    if payout.is_unseen {
        "unseen"
    } else if payout.is_postponed || payout.amount < 0 {
        "postponed"
    } else if payout.amount == 0 {
        "nothing"
    } else if bank.statements.is_empty() {
        "unchecked"
    } else if bank_rules::is_received_differently(world.settings, judged) || matching.foreign.contains_key(&at) {
        "differs"
    } else if judged.received.is_some() {
        "matched"
    } else if matching.ambiguous_payouts.contains(&at) {
        "ambiguous"
    } else if bank_rules::is_overdue(world, told, judged, bank) {
        "overdue"
    } else {
        "expected"
    }
}
