//! Whether a payout's own documents agree: AV712 and AV713.

use super::dintero::documents;
use super::judged::JudgedPayout;
use super::providers::ProviderPayout;
use crate::oracle::findings::Draft;
use crate::oracle::world::World;

/// A payout of a provider with the row that speaks for it: its own, or the settlement's that it is
/// the source of.
pub struct Spoken<'p> {
    pub of: &'p ProviderPayout,
    pub row: &'p JudgedPayout,
    pub is_source: bool,
}

pub fn judge(world: &World, payouts: &[JudgedPayout], providers: &[Spoken], drafts: &mut Vec<Draft>) {
    amounts_of_report_and_header(world, payouts, drafts);
    for spoken in providers {
        sums(spoken, drafts);
    }
    amounts_of_sources(payouts, providers, drafts);
    chain_broken(providers, drafts);
}

/// AV712: "(list) report and header state other amounts: expected the report's."
fn amounts_of_report_and_header(world: &World, payouts: &[JudgedPayout], drafts: &mut Vec<Draft>) {
    for found in documents(world) {
        for judged in payouts.iter().filter(|judged| judged.payout.is_of_dintero(found.id)) {
            let currency = &judged.payout.currency;
            if let (Some(report), Some(header)) = (found.report_amount(currency), found.header_amount(currency))
                && report != header
            {
                drafts.push(judged.draft("AV712", "list").expected(report).actual(header));
            }
        }
    }
}

/// AV712: "(sum) a Klarna or Vipps payout's unexplained ≠ 0: expected the other parts' sum, actual
/// amount; (captures, refunds) lines of a Klarna payout, if any, sum to another SALE or RETURN than
/// its part: expected the part."
fn sums(spoken: &Spoken, drafts: &mut Vec<Draft>) {
    let payout = &spoken.of.payout;
    if payout.is_unseen {
        return;
    }
    if payout.unexplained() != 0 {
        drafts.push(spoken.row.draft("AV712", "sum").expected(payout.parts.sum()).actual(payout.amount));
    }
    let Some(lines) = spoken.of.line_sums else {
        return;
    };
    let checks =
        [("captures", payout.parts.captures, lines.captures), ("refunds", payout.parts.refunds, lines.refunds)];
    for (name, part, sum) in checks {
        if part != sum {
            drafts.push(spoken.row.draft("AV712", name).expected(part).actual(sum));
        }
    }
}

/// AV712: "(source) settlement and source both state an amount, and differ: expected the
/// settlement's". "One per detail": of several sources the first that differs.
fn amounts_of_sources(payouts: &[JudgedPayout], providers: &[Spoken], drafts: &mut Vec<Draft>) {
    for judged in payouts.iter().filter(|judged| judged.payout.is_stated) {
        let sources = providers.iter().filter(|spoken| spoken.is_source && std::ptr::eq(spoken.row, judged));
        let differing = sources.map(|spoken| spoken.of.payout.amount).find(|amount| *amount != judged.payout.amount);
        if let Some(amount) = differing {
            drafts.push(judged.draft("AV712", "source").expected(judged.payout.amount).actual(amount));
        }
    }
}

/// AV713: "neighbours of one Klarna `merchant_id` or Vipps ledger, and currency (Klarna: with day
/// and `merchant_id`, by day, id, of different days; Vipps: in the order of 1.3), both stated:
/// opening ≠ earlier closing. kind payout, the later; expected closing, actual opening."
fn chain_broken(providers: &[Spoken], drafts: &mut Vec<Draft>) {
    let mut linked: Vec<(&String, &Spoken)> =
        providers.iter().filter_map(|spoken| Some((spoken.of.chain.as_ref()?, spoken))).collect();
    linked.sort_by_key(|(chain, spoken)| {
        let payout = &spoken.of.payout;
        (payout.namespace, *chain, &payout.currency, &spoken.of.rank)
    });
    for pair in linked.windows(2) {
        let [(one, earlier), (other, later)] = pair else { unreachable!("windows of two") };
        let (before, after) = (&earlier.of.payout, &later.of.payout);
        let is_klarna = before.namespace == "klarna";
        if before.namespace != after.namespace
            || one != other
            || before.currency != after.currency
            || (is_klarna && before.settled_on == after.settled_on)
        {
            continue;
        }
        if let (Some(closing), Some(opening)) = (earlier.of.closing, later.of.opening)
            && closing != opening
        {
            drafts.push(later.row.draft("AV713", "").expected(closing).actual(opening));
        }
    }
}
