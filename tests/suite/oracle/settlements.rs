//! Settlements: AV701–AV706.

use super::catalogue::differs;
use super::documents::*;
use super::findings::{Draft, Subject};
use super::ledger::Ledger;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    for copies in world.settlements.values() {
        let settlement = &copies.kept.document;
        let subject = Subject::of_settlement(settlement, copies.kept.place);
        settlement_unbalanced(&subject, settlement, drafts);
        settlement_lines_differ(world, &subject, settlement, drafts);
        settlement_line_unknown(world, &subject, settlement, drafts);
    }
    for ledger in &world.transaction_ledgers {
        if let Some(transaction) = &ledger.transaction {
            settled_differ(world, ledger, transaction, drafts);
            settlement_status_mismatch(world, ledger, transaction, drafts);
            unsettled(world, ledger, drafts);
        }
    }
}

/// The signs of refund and fee in `amount = capture ± refund ± fee`.
#[derive(Clone, Copy)]
struct Convention {
    refund: i128,
    fee: i128,
}

impl Convention {
    fn net(self, capture: i128, refund: i128, fee: i128) -> i128 {
        capture + self.refund * refund + self.fee * fee
    }
}

/// "The first that holds for its header of `amount = capture − refund − fee`,
/// `capture + refund − fee`, `capture + refund + fee`, `capture − refund + fee`."
const CONVENTIONS: [Convention; 4] = [
    Convention { refund: -1, fee: -1 },
    Convention { refund: 1, fee: -1 },
    Convention { refund: 1, fee: 1 },
    Convention { refund: -1, fee: 1 },
];

fn parts(header: &Header) -> [i128; 3] {
    [header.capture, header.refund, header.fee].map(|part| part.unwrap_or(0))
}

/// "(missing = 0)" holds for the parts; without `amount` no convention holds.
fn that_holds(header: &Header) -> Option<Convention> {
    let [capture, refund, fee] = parts(header);
    let amount = header.amount?;
    CONVENTIONS.into_iter().find(|convention| convention.net(capture, refund, fee) == amount)
}

/// "None: the first. It is used for the lines."
fn convention(settlement: &Settlement) -> Convention {
    let header = settlement.headers.first();
    header.and_then(that_holds).unwrap_or(CONVENTIONS[0])
}

/// "A line's net is `net_amount`, else `amount`, else what the convention makes
/// of its parts."
fn line_net(line: &SettlementLine, convention: Convention) -> i128 {
    let [capture, refund, fee] = [line.capture, line.refund, line.fee].map(|part| part.unwrap_or(0));
    let made = convention.net(capture, refund, fee);
    line.net.unwrap_or(made)
}

/// The nets of a report's lines, as AV702 sums them.
pub fn line_nets(report: &Settlement) -> Vec<i128> {
    let convention = convention(report);
    report.lines.iter().map(|line| line_net(line, convention)).collect()
}

/// AV701: "no convention holds for a header that has an `amount`. expected
/// capture − refund − fee, actual amount." On a header only: "once per
/// currency".
fn settlement_unbalanced(subject: &Subject, settlement: &Settlement, drafts: &mut Vec<Draft>) {
    let mut told: Vec<Option<&str>> = Vec::new();
    for header in &settlement.headers {
        let currency = header.currency.as_deref();
        let Some(amount) = header.amount else {
            continue;
        };
        if that_holds(header).is_some() || told.contains(&currency) {
            continue;
        }
        told.push(currency);
        let [capture, refund, fee] = parts(header);
        let draft = Draft::new("AV701", subject).currency(currency).detail(currency.unwrap_or(""));
        drafts.push(draft.expected(capture - refund - fee).actual(amount));
    }
}

/// AV702: "the lines' nets do not sum to the header's `amount`. expected the
/// header's, actual the lines'."
fn settlement_lines_differ(world: &World, subject: &Subject, settlement: &Settlement, drafts: &mut Vec<Draft>) {
    let amount = settlement.headers.first().and_then(|header| header.amount);
    let Some(amount) = amount else {
        return;
    };
    if !settlement.is_report {
        return;
    }
    let sum = line_nets(settlement).iter().sum();
    if differs("AV702", world.settings, amount, sum) {
        drafts.push(Draft::new("AV702", subject).expected(amount).actual(sum));
    }
}

/// AV703: "a line names a transaction that the input (which has transactions)
/// does not have; or names none and carries a capture or refund other than 0.
/// One finding per line; event: `transactions[k]`." A partial transaction counts
/// as present.
fn settlement_line_unknown(world: &World, subject: &Subject, settlement: &Settlement, drafts: &mut Vec<Draft>) {
    for (index, line) in settlement.lines.iter().enumerate() {
        let draft = Draft::new("AV703", subject).at_settlement_line(index);
        match &line.transaction_id {
            Some(id) => {
                if !world.transactions.is_empty() && !world.transactions.contains_key(id) {
                    drafts.push(draft.partner_transaction(id));
                }
            }
            None => {
                if line.capture.unwrap_or(0) != 0 || line.refund.unwrap_or(0) != 0 {
                    drafts.push(draft);
                }
            }
        }
    }
}

/// The lines of the input's reports that name the transaction.
fn lines_of<'w>(world: &'w World, id: &str) -> Vec<(&'w SettlementLine, Convention)> {
    let mut lines = Vec::new();
    for report in world.reports() {
        let convention = convention(&report.document);
        for line in &report.document.lines {
            if line.transaction_id.as_deref() == Some(id) {
                lines.push((line, convention));
            }
        }
    }
    lines
}

fn has_cards_or_splits(transaction: &Transaction, ledger: &Ledger) -> bool {
    let own = transaction.items.iter().chain(&transaction.shipping_option);
    let own_splits = own.into_iter().any(|item| !item.splits.is_empty());
    let on_events =
        ledger.entries.iter().any(|entry| !entry.event.gift_cards.is_empty() || !entry.event.all_splits().is_empty());
    !transaction.gift_cards.is_empty() || own_splits || on_events
}

/// AV704: "`settlement_status` is SETTLED and settlement reports of the input
/// name the transaction, which has no `gift_cards` (on itself or an event) and
/// no `splits` (on an item, the shipping option or an event): settled capture
/// differs from C, or settled refund from R. One finding each; expected ours,
/// actual settled." "Refund as a magnitude in the convention."
fn settled_differ(world: &World, ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    for (name, ours, settled) in settled_sums(world, ledger) {
        if is_settled_differ(world, ledger, transaction, ours, settled) {
            let draft = Draft::new("AV704", &ledger.subject).detail(name);
            drafts.push(draft.expected(ours).actual(settled));
        }
    }
}

/// AV704's judgement of one of the two sums.
pub fn is_settled_differ(world: &World, ledger: &Ledger, transaction: &Transaction, ours: i128, settled: i128) -> bool {
    transaction.settlement_status.as_deref() == Some("SETTLED")
        && !lines_of(world, ledger.id()).is_empty()
        && !has_cards_or_splits(transaction, ledger)
        && differs("AV704", world.settings, ours, settled)
}

/// Captured and refunded: its name, ours, and what reports settle. "Settled capture and refund are
/// summed over the lines that name the transaction, refund as a magnitude in the convention."
pub fn settled_sums(world: &World, ledger: &Ledger) -> [(&'static str, i128, i128); 2] {
    let lines = lines_of(world, ledger.id());
    let captured: i128 = lines.iter().map(|(line, _)| line.capture.unwrap_or(0)).sum();
    let refunded: i128 = lines.iter().map(|(line, convention)| -convention.refund * line.refund.unwrap_or(0)).sum();
    [("captured", ledger.totals.captured, captured), ("refunded", ledger.totals.refunded, refunded)]
}

/// AV705: "`settlement_status` is NOT_SETTLED though a settlement line names the
/// transaction; or SETTLED while C = 0."
fn settlement_status_mismatch(world: &World, ledger: &Ledger, transaction: &Transaction, drafts: &mut Vec<Draft>) {
    let fires = match transaction.settlement_status.as_deref() {
        Some("NOT_SETTLED") => !lines_of(world, ledger.id()).is_empty(),
        Some("SETTLED") => ledger.totals.captured == 0,
        _ => false,
    };
    if fires {
        drafts.push(Draft::new("AV705", &ledger.subject));
    }
}

fn names_a_settlement(ledger: &Ledger) -> bool {
    ledger.entries.iter().any(|entry| !entry.event.settlements.entries.is_empty())
}

/// AV706: "the input has settlement reports; C − R > 0; the last effective
/// capture is more than 14 days (configurable) before as-of; no settlement line
/// names the transaction, and none of its events names a settlement of its own;
/// its product type is not `dintero.zero` or `dintero.external`. actual C − R."
fn unsettled(world: &World, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let outside = ["dintero.zero", "dintero.external"];
    if world.reports().is_empty()
        || ledger.net() <= 0
        || !lines_of(world, ledger.id()).is_empty()
        || names_a_settlement(ledger)
        || ledger.product_type().is_some_and(|written| outside.contains(&written))
    {
        return;
    }
    let captures = ledger.effective(EventKind::Capture);
    let last = captures.last().and_then(|entry| entry.event.time());
    if let (Some(as_of), Some(last)) = (world.as_of, last)
        && as_of.is_past(last, world.settings.windows.unsettled)
    {
        drafts.push(Draft::new("AV706", &ledger.subject).actual(ledger.net()));
    }
}
