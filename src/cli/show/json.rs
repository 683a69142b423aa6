//! Pages for programs. The shape is described in docs/SHOW.md; keys are added, never changed.

use serde_json::{Map, Value, json};

use super::page::{Account, Moment, Moved, Page, Place, Share, Told, minor};
use crate::report::{TOOL, VERSION};

/// All pages as one JSON object.
pub fn json(id: &str, as_of: Option<&str>, pages: &[Page]) -> String {
    let documents: Vec<Value> = pages.iter().map(document).collect();
    let all = json!({ "tool": TOOL, "version": VERSION, "id": id, "as_of": as_of, "documents": documents });
    // Indented like every JSON that avstem writes; a value of texts, numbers and lists cannot fail.
    format!("{all:#}\n")
}

fn document(page: &Page) -> Value {
    let facts: Map<String, Value> =
        page.facts.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    let copies: Vec<Value> =
        page.copies.iter().map(|copy| with(place(&copy.place), "outcome", &copy.outcome)).collect();
    let links: Vec<Value> = page
        .links
        .iter()
        .map(|partner| json!({ "kind": partner.kind.word(), "id": partner.id, "by": partner.by }))
        .collect();
    json!({
        "kind": page.kind.map(|kind| kind.word()),
        "id": page.id,
        "partial": page.partial,
        "currency": page.currency,
        "states": facts,
        "record": page.place.as_ref().map(place),
        "copies": copies,
        "account": page.account.as_ref().map(account),
        "findings": page.findings.iter().map(finding).collect::<Vec<Value>>(),
        "links": links,
    })
}

fn place(place: &Place) -> Value {
    json!({ "source": place.source, "source_offset": place.offset })
}

fn with(mut object: Value, key: &str, value: &str) -> Value {
    object[key] = value.into();
    object
}

fn account(account: &Account) -> Value {
    let mut proof = moment(&account.totals);
    proof["net_minor"] = minor(account.totals.net());
    json!({
        "proof": proof,
        "timeline": account.timeline.iter().map(moved).collect::<Vec<Value>>(),
        "lines": account.lines.iter().map(|share| shared("line_id", share)).collect::<Vec<Value>>(),
        "destinations":
            account.destinations.iter().map(|share| shared("payout_destination_id", share)).collect::<Vec<Value>>(),
    })
}

fn moment(moment: &Moment) -> Value {
    json!({
        "authorized_minor": minor(moment.authorized),
        "captured_minor": minor(moment.captured),
        "refunded_minor": minor(moment.refunded),
        "released_minor": minor(moment.released),
        "open_minor": minor(moment.open()),
    })
}

fn moved(event: &Moved) -> Value {
    json!({
        "event": event.event,
        "kind": event.kind,
        "word": event.word,
        "effective": event.effective,
        "time": event.time,
        "id": event.id,
        "amount_minor": minor(event.amount),
        "after": moment(&event.after),
        "record": place(&event.place),
    })
}

fn shared(name: &str, share: &Share) -> Value {
    let mut of = json!({
        "authorized_minor": minor(share.authorized),
        "captured_minor": minor(share.captured),
        "refunded_minor": minor(share.refunded),
    });
    if share.released.is_some() {
        of["released_minor"] = minor(share.released);
    }
    with(of, name, &share.name)
}

/// The columns of exceptions.csv that are not empty, and the shortest story.
fn finding(told: &Told) -> Value {
    let mut row = told.row.clone();
    row.insert("story".to_owned(), told.story.as_ref().map_or(Value::Null, |story| story.as_slice().into()));
    Value::Object(row)
}
