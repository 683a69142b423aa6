//! Pages as text.

use std::collections::BTreeMap;

use anstyle::Style;
use avstem_core::model::card::Kind;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{decimal, visible};
use avstem_core::model::money::Sum;
use serde_json::Value;

use super::super::style::{DOUBTFUL, HEADING, QUIET, RIGHT, WRONG, of_severity, styled};
use super::page::{RecordPlace, Scene, ShowPage, ShownFinding, ShownLedger, ShownMovement, ShownShare};
use super::payout_text::payouts;
use super::table::{TextTable, line};

/// Limit on the links listed per document; the rest are counted.
const LINKS: usize = 20;

/// The column at which values of facts begin.
const FACTS: usize = 22;

pub fn text(pages: &[ShowPage]) -> String {
    let pages: Vec<String> = pages.iter().map(page).collect();
    pages.join("\n")
}

/// Maximum number of documents of one reference that are listed.
const SEVERAL: usize = 50;

/// Lists the documents of one reference.
pub fn several(reference: &str, found: &[(Kind, String)]) -> String {
    let mut out = format!("{reference} is stated by {} documents; show one of them by its id\n\n", found.len());
    for (kind, id) in found.iter().take(SEVERAL) {
        line(&mut out, &format!("  {:<12}{}", kind.word(), visible(id)));
    }
    if found.len() > SEVERAL {
        line(&mut out, &format!("  and {} more", found.len() - SEVERAL));
    }
    out
}

fn page(page: &ShowPage) -> String {
    let records = Records::of(page);
    let mut out = String::new();
    head(&mut out, page);
    records.write(&mut out, page);
    if let Some(account) = &page.account {
        timeline(&mut out, page, account, &records);
        proof(&mut out, page, account);
        shares(&mut out, page, "line", &account.lines);
        shares(&mut out, page, "payout destination", &account.destinations);
    }
    payouts(&mut out, page);
    let of_page = |told: &&ShownFinding| told.text("event").is_empty() || page.account.is_none();
    let findings: Vec<&ShownFinding> = page.findings.iter().filter(of_page).collect();
    if !findings.is_empty() {
        out.push('\n');
        findings.iter().for_each(|told| finding(&mut out, page, told, "  "));
    }
    links(&mut out, page);
    out
}

fn fact(out: &mut String, name: &str, value: &str) {
    line(out, &format!("  {name:<FACTS$}{value}"));
}

fn head(out: &mut String, page: &ShowPage) {
    let kind = page.kind.map_or("", |kind| kind.word());
    line(out, &styled(HEADING, &format!("{kind} {}", page.id)));
    if page.partial {
        line(out, "  known by a webhook or another partial document only: it has no events to re-add");
    }
    if let Some(currency) = &page.currency {
        fact(out, "currency", currency);
    }
    for (name, value) in &page.facts {
        let label = name.trim_end_matches("_minor").replace('_', " ");
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) if name.ends_with("_minor") => {
                number.as_i64().map_or_else(|| number.to_string(), |amount| page.money(Sum::from(amount)))
            }
            other => other.to_string(),
        };
        fact(out, &label, &text);
    }
}

/// The records that a page refers to, each with a number.
struct Records<'p> {
    numbers: BTreeMap<&'p RecordPlace, usize>,
    places: Vec<&'p RecordPlace>,
}

impl<'p> Records<'p> {
    fn of(page: &'p ShowPage) -> Records<'p> {
        let mut records = Records { numbers: BTreeMap::new(), places: Vec::new() };
        let events = page.account.iter().flat_map(|account| &account.timeline).map(|event| &event.place);
        for place in page.place.iter().chain(events).chain(page.copies.iter().map(|copy| &copy.place)) {
            if !records.numbers.contains_key(place) {
                records.places.push(place);
                records.numbers.insert(place, records.places.len());
            }
        }
        records
    }

    fn mark(&self, place: &RecordPlace) -> String {
        self.numbers.get(place).map_or_else(String::new, |number| format!("[{number}]"))
    }

    fn write(&self, out: &mut String, page: &ShowPage) {
        for place in &self.places {
            let fates = page.copies.iter().filter(|copy| copy.place == **place && copy.outcome != "accepted");
            let fate = fates.map(|copy| copy.outcome.as_str()).next();
            let fate = fate.map_or_else(String::new, |fate| format!(" ({fate})"));
            let place_text = format!("{} {} at byte {}{fate}", self.mark(place), place.source, place.offset);
            fact(out, if self.numbers[place] == 1 { "records" } else { "" }, &place_text);
        }
    }
}

/// An amount and its style: zero is dimmed, negative amounts are marked as wrong.
fn amount(page: &ShowPage, amount: Sum) -> (String, Style) {
    let style = match amount {
        0 => QUIET,
        ..0 => WRONG,
        _ => Style::new(),
    };
    (page.money(amount), style)
}

fn timeline(out: &mut String, page: &ShowPage, account: &ShownLedger, records: &Records<'_>) {
    if account.timeline.is_empty() {
        return line(out, "\n  no events");
    }
    let heads = ["event", "time", "what", "in", "amount", "authorised", "captured", "refunded", "released", "open"];
    let mut table = TextTable::new(4, &heads);
    for event in &account.timeline {
        table.rows.push(moved(page, event, records));
    }
    out.push('\n');
    let mut lines = table.lines().into_iter();
    line(out, &lines.next().unwrap_or_default());
    for (event, text) in account.timeline.iter().zip(lines) {
        line(out, &text);
        for told in page.findings.iter().filter(|told| told.text("event") == event.event) {
            finding(out, page, told, "    ^ ");
        }
    }
}

fn moved(page: &ShowPage, event: &ShownMovement, records: &Records<'_>) -> Vec<(String, Style)> {
    let plain = Style::new();
    let what = match (&event.word, event.effective) {
        (Some(word), _) if event.kind == "other" => (format!("other: {word}"), DOUBTFUL),
        (_, true) => (event.kind.clone(), plain),
        (_, false) => (format!("{} FAILED", event.kind), QUIET),
    };
    let own = event.amount.map_or_else(|| ("-".to_owned(), QUIET), |own| amount(page, own));
    let after = &event.after;
    let running = [after.authorized, after.captured, after.refunded, after.released, after.open()];
    let time = event.time.clone().unwrap_or_else(|| "-".to_owned());
    let mut cells = vec![(event.event.clone(), plain), (time, plain), what, (records.mark(&event.place), QUIET), own];
    cells.extend(running.map(|sum| amount(page, sum)));
    cells
}

/// The proof in minor units, to be re-added by hand: authorised = captured + released + open.
fn proof(out: &mut String, page: &ShowPage, account: &ShownLedger) {
    if let Some(asked) = account.not_authorized {
        let currency = page.currency.as_deref().unwrap_or("no currency");
        let what = styled(QUIET, &format!("not authorised        {} {currency}", page.money(asked)));
        return line(out, &format!("\n  {what}, neither authorised nor open"));
    }
    let totals = &account.totals;
    let [a, c, r, v] = [totals.authorized, totals.captured, totals.refunded, totals.released];
    let (open, net) = (totals.open(), totals.net());
    let style = if open < 0 { WRONG } else { RIGHT };
    out.push('\n');
    let sum = styled(style, &format!("{a} = {c} + {v} + {open}"));
    line(out, &format!("  proof in minor units  {sum}  authorised = captured + released + open"));
    line(
        out,
        &format!("                        {}  net = captured - refunded", styled(style, &format!("{net} = {c} - {r}"))),
    );
    let currency = page.currency.as_deref().unwrap_or("no currency");
    let (open, net) = (page.money(totals.open()), page.money(totals.net()));
    line(out, &format!("  that is               {open} open and {net} kept ({currency})"));
}

fn shares(out: &mut String, page: &ShowPage, what: &str, shares: &[ShownShare]) {
    if shares.is_empty() {
        return;
    }
    let released = shares.iter().any(|share| share.released.is_some());
    let heads = [what, "authorised", "captured", "refunded", "released"];
    let mut table = TextTable::new(1, &heads[..if released { 5 } else { 4 }]);
    for share in shares {
        let promised = share.authorized.map_or_else(|| ("-".to_owned(), QUIET), |sum| amount(page, sum));
        let mut cells = vec![(share.name.clone(), Style::new()), promised];
        cells.extend([share.captured, share.refunded].map(|sum| amount(page, sum)));
        if released {
            cells.push(amount(page, share.released.unwrap_or(0)));
        }
        table.rows.push(cells);
    }
    out.push('\n');
    table.lines().iter().for_each(|text| line(out, text));
}

/// A finding, and below it the events of its story if they are fewer than all.
fn finding(out: &mut String, page: &ShowPage, told: &ShownFinding, before: &str) {
    let severity = told.text("severity");
    let accepted = if told.row.get("accepted") == Some(&Value::Bool(true)) { " (accepted)" } else { "" };
    let name = format!("{severity} {} {}{accepted}", told.text("rule"), told.text("name"));
    line(out, &format!("{before}{}: {}", styled(of_severity(severity), &name), told.text("message")));
    let name = |scene: &Scene, event: &ShownMovement| {
        if told.is_own(scene) { event.event.clone() } else { format!("{} of {} {}", event.event, scene.kind, scene.id) }
    };
    let scenes = told.story.as_deref().unwrap_or_default();
    let all = page.account.as_ref().map_or(0, |account| account.timeline.len());
    let events: Vec<String> =
        scenes.iter().flat_map(|scene| scene.events.iter().map(move |event| name(scene, event))).collect();
    let short = match events.as_slice() {
        // A story of all events of this document alone adds nothing to the timeline.
        all_own if scenes.iter().all(|scene| told.is_own(scene)) && all_own.len() >= all => return,
        [] => return,
        [only] => format!("{only} alone breaks it"),
        [others @ .., last] => format!("{} and {last} alone break it", others.join(", ")),
    };
    let indent = before.len().max(4);
    line(out, &format!("{:indent$}{}", "", styled(QUIET, &short)));
}

fn links(out: &mut String, page: &ShowPage) {
    if page.links.is_empty() {
        return;
    }
    out.push('\n');
    for partner in page.links.iter().take(LINKS) {
        line(out, &format!("  linked to {} {} by {}", partner.kind, partner.id, partner.by));
    }
    if page.links.len() > LINKS {
        line(out, &format!("  and {} more; --format json has them all", page.links.len() - LINKS));
    }
}

pub fn tickets(pages: &[ShowPage]) -> String {
    let mut out = String::new();
    for page in pages {
        for told in &page.findings {
            ticket(&mut out, told);
        }
    }
    if out.is_empty() {
        out.push_str("no finding: there is no story to tell\n");
    }
    out
}

fn ticket(out: &mut String, told: &ShownFinding) {
    if !out.is_empty() {
        out.push('\n');
    }
    let subject = format!("{} {}", told.text("kind"), told.text("id"));
    let name = format!("{} {}", told.text("rule"), told.text("name"));
    line(out, &format!("{}, {name}: {}", styled(HEADING, &subject), told.text("message")));
    let mut table = TextTable::new(5, &["", "", "", "", "", ""]);
    for (scene, event) in told.story.iter().flatten().flat_map(|s| s.events.iter().map(move |event| (s, event))) {
        let of = if told.is_own(scene) { String::new() } else { format!("{} {}", scene.kind, scene.id) };
        let time = event.time.clone().unwrap_or_else(|| "no time".to_owned());
        let kind = if event.effective { event.kind.clone() } else { format!("{} FAILED", event.kind) };
        let id = event.id.clone().map_or_else(String::new, |id| format!("id {id}"));
        let exponent = display_exponent(scene.currency.as_deref());
        let currency = scene.currency.as_deref().map_or_else(String::new, |currency| format!(" {currency}"));
        let amount = event.amount.map_or_else(String::new, |sum| decimal(sum, exponent) + &currency);
        let cells = [of, event.event.clone(), time, kind, id, amount];
        table.rows.push(cells.map(|text| (text, Style::new())).to_vec());
    }
    table.lines().iter().skip(1).for_each(|text| line(out, text));
}
