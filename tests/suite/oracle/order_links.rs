//! Across documents, orders: AV501–AV503, AV511, AV512.

use std::collections::BTreeSet;

use super::amounts;
use super::catalogue::{differs, is_beyond};
use super::documents::*;
use super::findings::Draft;
use super::ledger::Ledger;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    let pairs = order_pairs(world);
    for order in &world.order_ledgers {
        totals_differ(world, order, &pairs, drafts);
        authorization_unknown(order, drafts);
        authorization_over_used(world, order, drafts);
    }
}

/// The transactions that any operation of the order names.
pub fn payment_ids(order: &Ledger) -> BTreeSet<String> {
    order.entries.iter().filter_map(|entry| entry.event.payment_id.clone()).collect()
}

/// An order and a transaction that is linked to it.
pub type Pair<'w> = (&'w Ledger, &'w Ledger);

/// "An order and a transaction when any operation's `payment_details.payment_id`
/// = `transaction.id`, or, for an order without any `payment_id`, when
pub fn order_pairs<'w>(world: &'w World) -> Vec<Pair<'w>> {
    let mut pairs = Vec::new();
    for order in &world.order_ledgers {
        let named = payment_ids(order);
        for ledger in &world.transaction_ledgers {
            let is_linked = match named.is_empty() {
                true => ledger.subject.merchant_reference.as_deref() == Some(order.id()),
                false => named.contains(ledger.id()),
            };
            if is_linked {
                pairs.push((order, ledger));
            }
        }
    }
    pairs
}

/// The linked transactions, when the order can be judged by AV501–AV503: "all
/// that it names, or that bear its id as `merchant_reference` when it names
/// none, are in the input and full, at least one, none linked to another order
/// too".
fn judged_partners<'w>(world: &'w World, order: &Ledger, pairs: &[Pair]) -> Option<Vec<&'w Ledger>> {
    let mut ids = payment_ids(order);
    if ids.is_empty() {
        for (id, copies) in &world.transactions {
            let reference = copies.kept.document.merchant_reference.as_deref();
            if reference == Some(order.id()) {
                ids.insert(id.clone());
            }
        }
    }
    let mut partners = Vec::new();
    for id in &ids {
        partners.push(world.transaction_ledger(id)?);
    }
    let is_shared = pairs.iter().any(|(other, ledger)| other.id() != order.id() && ids.contains(ledger.id()));
    (!partners.is_empty() && !is_shared).then_some(partners)
}

/// AV501: "order C differs from the sum of their C (captures given). expected
/// the transactions', actual the order's." AV502: "likewise R (refunds given)."
/// AV503: "likewise V (cancellations given), when no linked transaction has
/// O > 0."
fn totals_differ(world: &World, order: &Ledger, pairs: &[Pair], drafts: &mut Vec<Draft>) {
    let Some(partners) = judged_partners(world, order, pairs) else {
        return;
    };
    let sum = |total: fn(&Ledger) -> i128| partners.iter().map(|ledger| total(ledger)).sum();
    let captured: i128 = sum(|ledger| ledger.totals.captured);
    let refunded: i128 = sum(|ledger| ledger.totals.refunded);
    let released: i128 = sum(|ledger| ledger.totals.released);
    let none_open = partners.iter().all(|ledger| ledger.open() <= 0);
    let own = &order.totals;
    // "Silent, as is AV502, when the order has an effective capture or refund of negative amount […], captures and
    // refunds are given, and its C − R equals the sum of theirs."
    let is_reversal = |kind| order.effective(kind).iter().any(|entry| entry.event.money() < 0);
    let is_booked_so = (is_reversal(EventKind::Capture) || is_reversal(EventKind::Refund))
        && order.given.captures
        && order.given.refunds
        && own.captured - own.refunded == captured - refunded;
    let checks = [
        ("AV501", order.given.captures && !is_booked_so, captured, own.captured),
        ("AV502", order.given.refunds && !is_booked_so, refunded, own.refunded),
        ("AV503", order.given.cancellations && none_open, released, own.released),
    ];
    for (rule, is_judged, expected, actual) in checks {
        if is_judged && differs(rule, world.settings, expected, actual) {
            let mut draft = Draft::new(rule, &order.subject);
            if let [only] = partners[..] {
                draft = draft.partner_transaction(only.id());
            }
            drafts.push(draft.expected(expected).actual(actual));
        }
    }
}

/// AV511: "an order with authorizations given: an effective capture, refund or
/// cancellation bears an `authorization_id` that is no authorization's `id` of
/// the order; or bears none while the order has two or more effective
/// authorizations and another capture, refund or cancellation bears one."
fn authorization_unknown(order: &Ledger, drafts: &mut Vec<Draft>) {
    if !order.given.authorizations {
        return;
    }
    let is_use = |event: &Event| !event.is(EventKind::Authorize);
    let several = order.effective(EventKind::Authorize).len() >= 2;
    let some_bear_one =
        order.entries.iter().any(|entry| is_use(&entry.event) && entry.event.authorization_id.is_some());
    for entry in &order.entries {
        let event = &entry.event;
        if !event.is_effective() || !is_use(event) {
            continue;
        }
        let fires = match &event.authorization_id {
            Some(_) => !order
                .entries
                .iter()
                .any(|other| other.event.is(EventKind::Authorize) && other.event.id == event.authorization_id),
            None => several && some_bear_one,
        };
        if fires {
            drafts.push(Draft::new("AV511", &order.subject).at(entry));
        }
    }
}

/// AV512: "AV101 and AV104 do not fire on the order (authorizations given): for
/// an effective authorization, the effective captures and cancellations that
/// bear its id sum to more than its amount. event: `authorizations[k]`; expected
/// its amount, actual the sum."
fn authorization_over_used(world: &World, order: &Ledger, drafts: &mut Vec<Draft>) {
    let settings = world.settings;
    if !order.given.authorizations
        || amounts::is_over_captured(order, settings)
        || amounts::is_over_released(order, settings)
    {
        return;
    }
    for authorization in order.effective(EventKind::Authorize) {
        if authorization.event.id.is_none() {
            continue;
        }
        let used: i128 = order
            .entries
            .iter()
            .map(|entry| &entry.event)
            .filter(|event| event.is(EventKind::Capture) || event.is(EventKind::Cancel))
            .filter(|event| event.is_effective())
            .filter(|event| event.authorization_id == authorization.event.id)
            .map(Event::money)
            .sum();
        let amount = authorization.event.money();
        if is_beyond("AV512", settings, amount, used) {
            let draft = Draft::new("AV512", &order.subject).at(authorization);
            drafts.push(draft.expected(amount).actual(used));
        }
    }
}
