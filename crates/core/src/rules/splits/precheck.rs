//! Prechecks splits and fees.

use crate::ledger::{Event, Figures, Head, Item, Ledger, Split, Triggers, splits_sum};
use crate::model::event::EventKind;
use crate::model::money::{Sum, beyond};
use crate::model::product::Platform;
use crate::rules::amounts::precheck::amount_of;

/// Lists longer than this are left to the rules.
const FEW: usize = 16;

pub fn triggers_of_seller(head: &Head<'_>) -> Triggers {
    let mut triggers = Triggers::NONE;
    let has_seller = head.seller.is_some() || head.store_seller.is_some();
    triggers.note(!has_seller && head.platform == Platform::OfSellers, Triggers::SELLER);
    triggers
}

/// Returns the triggers of splits and fees; puts the sums of splits into the figures.
pub fn triggers_of_splits(ledger: &Ledger<'_>, figures: &mut Figures) -> Triggers {
    let mut wrong = ledger.splits.iter().any(|split| split.amount < 0);
    wrong |= ledger.own_items().any(|item| is_item_wrong(ledger, item));
    let (mut shared, mut unshared) = (false, false);
    for event in ledger.events.iter().filter(|event| event.effective()) {
        wrong |= is_event_wrong(ledger, event);
        let sum = ledger.splits_of(event).map(|split| Sum::from(split.amount)).reduce(|a, b| a + b);
        let total = match event.kind {
            EventKind::Capture => &mut figures.split_captured,
            EventKind::Refund => &mut figures.split_refunded,
            _ => continue,
        };
        *total = total.map_or(sum, |total| Some(total + sum.unwrap_or(0)));
        shared |= event.kind == EventKind::Capture && sum.is_some();
        unshared |= event.kind == EventKind::Capture && sum.is_none();
    }
    wrong |= shared && unshared;
    wrong |= figures.split_refunded.is_some() && is_overdrawn(ledger);
    let mut triggers = Triggers::NONE;
    triggers.note(wrong, Triggers::SPLITS);
    triggers
}

/// Whether a list does not sum to its amount, names a destination twice, or is too long to check.
fn is_wrong(splits: &[Split<'_>], amount: Option<Sum>) -> bool {
    let named_before = |n: usize| splits[..n].iter().any(|other| other.destination == splits[n].destination);
    !splits.is_empty()
        && (splits.len() > FEW
            || amount.is_some_and(|amount| splits_sum(splits) != amount)
            || (1..splits.len()).any(named_before))
}

/// Whether there are splits and a fee names a destination without one, or the list is too long to
/// check.
fn has_unknown_destination<'l, 'p: 'l, I>(fees: &[&'p str], splits: impl Fn() -> I) -> bool
where
    I: Iterator<Item = &'l Split<'p>>,
{
    let is_named = |fee: &&str| splits().any(|split| split.destination == *fee);
    !fees.is_empty() && splits().next().is_some() && (fees.len() > FEW || !fees.iter().all(is_named))
}

fn is_item_wrong(ledger: &Ledger<'_>, item: &Item<'_>) -> bool {
    is_wrong(ledger.splits(item.splits), item.amount.map(Sum::from))
        || has_unknown_destination(ledger.fees(item.fees), || ledger.splits(item.splits).iter())
}

fn is_event_wrong(ledger: &Ledger<'_>, event: &Event<'_>) -> bool {
    let moves = matches!(event.kind, EventKind::Capture | EventKind::Refund);
    let amount = || if moves { amount_of(ledger, event)?.0.map(Sum::from) } else { None };
    (!event.splits.is_empty() && is_wrong(ledger.splits(event.splits), amount()))
        || has_unknown_destination(ledger.fees(event.fees), || ledger.splits_of(event))
        || ledger.items(event.items).iter().any(|item| is_item_wrong(ledger, item))
}

/// Whether a destination returns more than it received, or there are too many to check.
fn is_overdrawn(ledger: &Ledger<'_>) -> bool {
    let mut known: [(&str, Sum, Sum); FEW] = [("", 0, 0); FEW];
    let mut count = 0;
    for event in ledger.events.iter().filter(|event| event.effective()) {
        let is_refund = event.kind == EventKind::Refund;
        if !is_refund && event.kind != EventKind::Capture {
            continue;
        }
        for split in ledger.splits_of(event) {
            let at = known[..count].iter().position(|(name, ..)| *name == split.destination).unwrap_or(count);
            if at == FEW {
                return true;
            }
            count = count.max(at + 1);
            let (name, captured, refunded) = &mut known[at];
            *name = split.destination;
            *(if is_refund { refunded } else { captured }) += Sum::from(split.amount);
        }
    }
    known[..count].iter().any(|(_, captured, refunded)| beyond(*refunded, *captured, 0))
}
