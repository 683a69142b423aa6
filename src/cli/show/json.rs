//! Pages as JSON. The format is documented in docs/SHOW.md; keys are only ever added.

use avstem_core::model::card::Kind;
use avstem_core::model::display::visible;
use serde_json::{Map, Value, json};

use super::page::{
    RecordPlace, Scene, ShowPage, ShownEvent, ShownFinding, ShownLedger, ShownMovement, ShownPayout, ShownShare, minor,
};
use avstem_engine::{TOOL, VERSION};

/// All pages as one JSON object.
pub fn json(id: &str, as_of: Option<&str>, pages: &[ShowPage]) -> String {
    let documents: Vec<Value> = pages.iter().map(document).collect();
    let all = json!({ "tool": TOOL, "version": VERSION, "id": id, "as_of": as_of, "documents": documents });
    // Indented like all JSON that avstem writes; serializing texts, numbers and lists cannot fail.
    format!("{all:#}\n")
}

/// The documents of one reference.
pub fn several(reference: &str, found: &[(Kind, String)]) -> String {
    let found = found.iter().map(|(kind, id)| json!({ "kind": kind.word(), "id": visible(id) }));
    let all = json!({
        "tool": TOOL,
        "version": VERSION,
        "id": reference,
        "documents": [],
        "stated_by": found.collect::<Vec<Value>>(),
    });
    format!("{all:#}\n")
}

fn document(page: &ShowPage) -> Value {
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
        "payouts": page.payouts.iter().map(payout).collect::<Vec<Value>>(),
    })
}

/// The non-empty columns of payouts.csv and, of lines, of payout_lines.parquet.
fn payout(payout: &ShownPayout) -> Value {
    json!({ "payout": payout.row, "lines": payout.lines })
}

fn place(place: &RecordPlace) -> Value {
    json!({ "source": place.source, "source_offset": place.offset })
}

fn with(mut object: Value, key: &str, value: &str) -> Value {
    object[key] = value.into();
    object
}

fn account(account: &ShownLedger) -> Value {
    let mut proof = moment(&account.totals);
    proof["net_minor"] = minor(Some(account.totals.net()));
    json!({
        "proof": if account.not_authorized.is_none() { proof } else { Value::Null },
        "not_authorized_minor": minor(Some(account.not_authorized.unwrap_or(0))),
        "timeline": account.timeline.iter().map(moved).collect::<Vec<Value>>(),
        "lines": account.lines.iter().map(|share| shared("line_id", share)).collect::<Vec<Value>>(),
        "destinations":
            account.destinations.iter().map(|share| shared("payout_destination_id", share)).collect::<Vec<Value>>(),
    })
}

fn moment(moment: &ShownEvent) -> Value {
    json!({
        "authorized_minor": minor(Some(moment.authorized)),
        "captured_minor": minor(Some(moment.captured)),
        "refunded_minor": minor(Some(moment.refunded)),
        "released_minor": minor(Some(moment.released)),
        "open_minor": minor(Some(moment.open())),
    })
}

fn moved(event: &ShownMovement) -> Value {
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

fn shared(name: &str, share: &ShownShare) -> Value {
    let mut of = json!({
        "authorized_minor": minor(share.authorized),
        "captured_minor": minor(Some(share.captured)),
        "refunded_minor": minor(Some(share.refunded)),
    });
    if share.released.is_some() {
        of["released_minor"] = minor(share.released);
    }
    with(of, name, &share.name)
}

/// The non-empty columns of exceptions.csv, and the shortest story: events of the document itself,
/// and events of others.
fn finding(told: &ShownFinding) -> Value {
    let events = |scene: &Scene| scene.events.iter().map(|event| event.event.as_str().into()).collect::<Vec<Value>>();
    let scenes = || told.story.iter().flatten();
    let own: Vec<Value> = scenes().filter(|scene| told.is_own(scene)).flat_map(events).collect();
    let others = scenes().filter(|scene| !told.is_own(scene));
    let others: Vec<Value> =
        others.map(|scene| json!({ "kind": scene.kind.word(), "id": scene.id, "events": events(scene) })).collect();
    let mut row = told.row.clone();
    row.insert("story".to_owned(), if told.story.is_some() { own.into() } else { Value::Null });
    if !others.is_empty() {
        row.insert("story_elsewhere".to_owned(), others.into());
    }
    Value::Object(row)
}
