//! Across documents: AV504–AV510, and the links.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{differs, is_more};
use super::documents::*;
use super::findings::{Draft, Subject};
use super::ledger::Ledger;
use super::order_links;
use super::world::World;

pub fn judge(world: &World, drafts: &mut Vec<Draft>) {
    currencies_differ(world, drafts);
    transaction_missing(world, drafts);
    for (id, ledger) in session_pairs(world) {
        let subject = world.session_subject(&id);
        let session = &world.sessions[&id].document;
        cancelled_sessions(world, &subject, session, ledger, drafts);
        session_amount_differs(world, &subject, session, ledger, drafts);
        session_link_broken(&subject, session, ledger, drafts);
    }
    paid_twice(world, drafts);
}

/// "A session and a transaction when `session.transaction_id` =
/// `transaction.id` or `transaction.session_id` = `session.id`." A partial
/// transaction is linked to nothing.
fn session_pairs<'w>(world: &'w World) -> Vec<(String, &'w Ledger)> {
    let mut pairs = Vec::new();
    for (id, found) in &world.sessions {
        for ledger in &world.transaction_ledgers {
            let names_it = found.document.transaction_id.as_deref() == Some(ledger.id());
            let named_by = ledger.subject.session_id.as_ref() == Some(id);
            if names_it || named_by {
                pairs.push((id.clone(), ledger));
            }
        }
    }
    pairs
}

/// AV504: "linked documents with a currency each have different ones. expected
/// the transaction's, actual the other's."
fn currencies_differ(world: &World, drafts: &mut Vec<Draft>) {
    let mut pairs: Vec<(Subject, &Ledger)> = Vec::new();
    for (id, ledger) in session_pairs(world) {
        pairs.push((world.session_subject(&id), ledger));
    }
    for (order, ledger) in order_links::order_pairs(world) {
        pairs.push((order.subject.clone(), ledger));
    }
    for (subject, ledger) in pairs {
        let (Some(ours), Some(other)) = (&ledger.subject.currency, &subject.currency) else {
            continue;
        };
        if ours != other {
            let draft = Draft::new("AV504", &subject).partner_transaction(ledger.id()).detail(ledger.id());
            drafts.push(draft.expected_words(ours).actual_words(other));
        }
    }
}

/// AV505: "the input has transactions, and an order's `payment_id` or a
/// session's `transaction_id` names one that it does not have. One finding per
/// order or session and id." A partial transaction counts as present.
fn transaction_missing(world: &World, drafts: &mut Vec<Draft>) {
    if world.transactions.is_empty() {
        return;
    }
    let mut named: BTreeSet<(bool, String, String)> = BTreeSet::new();
    for order in &world.order_ledgers {
        for payment_id in order_links::payment_ids(order) {
            named.insert((true, order.id().to_owned(), payment_id));
        }
    }
    for (id, found) in &world.sessions {
        if let Some(transaction_id) = &found.document.transaction_id {
            named.insert((false, id.clone(), transaction_id.clone()));
        }
    }
    for (is_order, id, transaction_id) in named {
        if world.transactions.contains_key(&transaction_id) {
            continue;
        }
        let subject = match is_order {
            true => world.order_subject(&id),
            false => world.session_subject(&id),
        };
        let draft = Draft::new("AV505", &subject).partner_transaction(&transaction_id);
        drafts.push(draft.detail(&transaction_id));
    }
}

/// AV506: "a session has `cancelled_at` and its linked transaction has C > 0.
/// expected 0, actual C."
/// AV507: "a session has `cancelled_at`, its linked transaction has C = 0, O > 0
/// and an effective authorize. expected 0, actual O."
fn cancelled_sessions(world: &World, subject: &Subject, session: &Session, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    if session.cancelled_at.is_none() {
        return;
    }
    let captured = ledger.totals.captured;
    let mut tell = |rule: &'static str, actual: i128| {
        let draft = Draft::new(rule, subject).partner_transaction(ledger.id()).detail(ledger.id());
        drafts.push(draft.expected(0).actual(actual));
    };
    if is_more("AV506", world.settings, 0, captured) {
        tell("AV506", captured);
    }
    if captured == 0 && is_more("AV507", world.settings, 0, ledger.open()) && ledger.totals.has_authorize {
        tell("AV507", ledger.open());
    }
}

/// AV508: "`session.order.amount` differs from its linked transaction's A.
/// expected A, actual the session's."
fn session_amount_differs(
    world: &World,
    subject: &Subject,
    session: &Session,
    ledger: &Ledger,
    drafts: &mut Vec<Draft>,
) {
    if let Some(amount) = session.amount
        && differs("AV508", world.settings, ledger.authorised, amount)
    {
        let draft = Draft::new("AV508", subject).partner_transaction(ledger.id()).detail(ledger.id());
        drafts.push(draft.expected(ledger.authorised).actual(amount));
    }
}

/// AV509: "`session.transaction_id` = a transaction's `id`, whose non-empty
/// `session_id` names another session."
fn session_link_broken(subject: &Subject, session: &Session, ledger: &Ledger, drafts: &mut Vec<Draft>) {
    let names_it = session.transaction_id.as_deref() == Some(ledger.id());
    let names_another = ledger.subject.session_id.as_ref().is_some_and(|session_id| *session_id != subject.id);
    if names_it && names_another {
        let draft = Draft::new("AV509", subject).partner_transaction(ledger.id());
        drafts.push(draft);
    }
}

/// "The id's `P…`/`T…` prefix before the dot, or none."
fn account(id: &str) -> Option<&str> {
    let (prefix, _) = id.split_once('.')?;
    (prefix.starts_with('P') || prefix.starts_with('T')).then_some(prefix)
}

/// AV510: "two or more transactions with C − R > 0 share a non-empty
/// `merchant_reference`, currency and account […]. One finding per transaction
/// after the first (by created_at, missing last, then id); expected 0, actual
/// its C − R."
fn paid_twice(world: &World, drafts: &mut Vec<Draft>) {
    type Key<'k> = (String, Option<String>, Option<&'k str>);
    let mut groups: BTreeMap<Key, Vec<&Ledger>> = BTreeMap::new();
    for ledger in &world.transaction_ledgers {
        let subject = &ledger.subject;
        if let Some(reference) = &subject.merchant_reference
            && ledger.net() > 0
        {
            let key = (reference.clone(), subject.currency.clone(), account(&subject.id));
            groups.entry(key).or_default().push(ledger);
        }
    }
    for mut group in groups.into_values() {
        group.sort_by_key(|ledger| {
            let created_at = ledger.subject.created_at;
            (created_at.is_none(), created_at, ledger.id().to_owned())
        });
        for ledger in group.into_iter().skip(1) {
            if is_more("AV510", world.settings, 0, ledger.net()) {
                let draft = Draft::new("AV510", &ledger.subject);
                drafts.push(draft.expected(0).actual(ledger.net()));
            }
        }
    }
}
