//! What must be in tonight's input before the silence of a rule means that a finding was cleared.
//!
//! An export is a window: a document that left it has not been put right. What is asked for follows from the checks
//! of the rule and from the row of the finding.

use avstem_core::model::card::Kind;
use avstem_core::model::event::EventList;
use avstem_core::model::evidence::Evidence;
use avstem_core::model::settings::Facts;
use avstem_core::model::status::Status;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use avstem_core::rules::{Check, Rule, find};

use super::field::Field;
use super::past::EarlierRow;

/// The evidence that the finding of a row asks for, by its numbers.
pub fn of(row: &EarlierRow<'_>) -> Vec<u64> {
    let Some((rule, kind, id)) = subject(row) else { return Vec::new() };
    let mut wanted = vec![document(rule, kind).of(kind, id)];
    if kind == Kind::Order {
        wanted.extend(lists(rule.card.code, row).iter().map(|list| Evidence::Given(*list).of(kind, id)));
    }
    for check in rule.checks {
        match check {
            Check::Copies(_) => wanted.push(Evidence::Copies.of(kind, id)),
            Check::OrderPartners(_) => wanted.push(Evidence::Partners.of(kind, id)),
            Check::SameReference(_) => wanted.push(Evidence::SameReference.of(kind, id)),
            Check::Settled(_) if is_about_lines(rule.card.code, row) => wanted.push(Evidence::Settled.of(kind, id)),
            Check::SessionPair(_) | Check::OrderPair(_) => {
                let partner = row.text(Field::TransactionId);
                wanted.extend(partner.map(|id| Evidence::Whole.of(Kind::Transaction, id)));
            }
            _ => {}
        }
    }
    wanted
}

/// Whether everything that the finding of a row asks for is in the input. `met` is sorted.
pub fn are_met(row: &EarlierRow<'_>, met: &[u64], facts: &Facts) -> bool {
    let Some((rule, ..)) = subject(row) else { return false };
    let is_whole = rule.checks.iter().all(|check| match check {
        Check::MissingTransaction(_) | Check::UnknownLine(_) => facts.has_transactions,
        Check::Document(_) => facts.has_production,
        _ => true,
    });
    let is_dated = rule.card.code != "AV706" || facts.has_reports;
    is_whole && is_dated && of(row).iter().all(|number| met.binary_search(number).is_ok())
}

fn subject<'r>(row: &EarlierRow<'r>) -> Option<(&'static Rule, Kind, &'r str)> {
    let kind = row.text(Field::Kind)?;
    let kind = Kind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some((find(row.rule())?, kind, row.text(Field::Id)?))
}

/// How much of the document the rule looks at.
fn document(rule: &Rule, kind: Kind) -> Evidence {
    let of_document = rule.checks.iter().any(|check| matches!(check, Check::Document(_)));
    match kind {
        Kind::Transaction => Evidence::Whole,
        Kind::Order if of_document || matches!(rule.card.code, "AV004" | "AV605") => Evidence::Whole,
        Kind::Settlement if rule.card.code != "AV701" => Evidence::Whole,
        Kind::Order | Kind::Session | Kind::Settlement => Evidence::Present,
    }
}

/// The collections of an order that a rule adds up, and the one that its event stands in.
fn lists(code: &str, row: &EarlierRow<'_>) -> Vec<EventList> {
    use EventList::{Authorizations, Cancellations, Captures, Refunds};
    let added: &[EventList] = match code {
        "AV101" | "AV202" | "AV512" => &[Authorizations, Captures],
        "AV102" | "AV103" | "AV203" | "AV303" | "AV605" => &[Captures, Refunds],
        "AV104" | "AV206" => &[Authorizations, Captures, Cancellations],
        "AV405" | "AV511" => &[Authorizations],
        "AV501" => &[Captures],
        "AV502" => &[Refunds],
        "AV503" => &[Cancellations],
        _ => &[],
    };
    let name = row.text(Field::Event).and_then(|place| place.split('[').next());
    let of_event = EventList::COLLECTIONS.into_iter().find(|list| Some(list.name()) == name);
    added.iter().copied().chain(of_event).collect()
}

/// Whether a settlement line spoke in the finding: AV704 is of lines, AV705 of lines when something was captured,
/// since its other half speaks of transactions without any capture.
fn is_about_lines(code: &str, row: &EarlierRow<'_>) -> bool {
    let derived = row.text(Field::StatusDerived).unwrap_or_default();
    match code {
        "AV704" => true,
        "AV705" => derived.split(" or ").filter_map(Active::status).any(Status::is_after_capture),
        _ => false,
    }
}
