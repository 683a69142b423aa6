//! The timelines of the findings that the page shows in detail, gathered from the balances in one
//! pass.

use std::collections::BTreeMap;
use std::io;

use avstem_core::model::card::Kind;
use avstem_core::model::event::EventList;
use avstem_core::model::finding::Finding;
use avstem_core::model::money::Sum;

use super::markup::{Markup, html};
use super::words;
use crate::engine::outcome::timeline::{Moment, moments};
use crate::engine::outcome::{Balance, NO_CURRENCY, Outcome};

/// Number of events shown at each end of a timeline, and on either side of one that breaks a rule.
const ENDS: usize = 8;
const AROUND: usize = 3;

/// An event by its list and its index.
type At = (EventList, u32);

/// The ledgers to show, each with the events that break a rule.
#[derive(Default)]
pub struct WantedTimelines {
    ledgers: BTreeMap<Kind, BTreeMap<String, Vec<At>>>,
}

impl WantedTimelines {
    /// Adds the ledgers of a finding.
    pub fn add(&mut self, finding: &Finding) {
        for (kind, id) in ledgers_of(finding) {
            let events = self.ledgers.entry(kind).or_default().entry(id.to_owned()).or_default();
            events
                .extend(finding.event.as_ref().filter(|_| kind == finding.kind).map(|event| (event.list, event.place)));
        }
    }

    /// Returns the events of a ledger that break a rule; `None` if the ledger is not to be shown.
    fn events(&self, kind: Kind, id: &str) -> Option<&[At]> {
        self.ledgers.get(&kind)?.get(id).map(Vec::as_slice)
    }

    /// Reads the timelines from the balances.
    pub fn gather(self, outcome: &Outcome) -> io::Result<Timelines> {
        let mut by_ledger = BTreeMap::new();
        if self.ledgers.is_empty() {
            return Ok(Timelines { by_ledger });
        }
        let kinds = self.ledgers.iter();
        let ledgers: Vec<(Kind, &str)> =
            kinds.flat_map(|(kind, ids)| ids.keys().map(|id| (*kind, id.as_str()))).collect();
        outcome.balances.find(&ledgers, &mut |balance| {
            let events = self.events(balance.kind, balance.id).unwrap_or_default();
            by_ledger.insert((balance.kind, balance.id.to_owned()), Timeline::new(balance, events));
        })?;
        Ok(Timelines { by_ledger })
    }
}

/// Returns the ledgers of a finding: its own, and the transaction that it is compared with.
fn ledgers_of(finding: &Finding) -> impl Iterator<Item = (Kind, &str)> {
    let own = matches!(finding.kind, Kind::Transaction | Kind::Order).then_some((finding.kind, finding.id.as_str()));
    let partner = finding.subject.transaction_id.as_deref().map(|id| (Kind::Transaction, id));
    own.into_iter().chain(partner.filter(|partner| Some(*partner) != own))
}

/// The events and amounts of one ledger.
struct Timeline {
    currency: String,
    authorized: Sum,
    /// Some where nothing was ever authorised or captured.
    not_authorized: Option<Sum>,
    captured: Sum,
    refunded: Sum,
    released: Sum,
    open: Sum,
    net: Sum,
    /// Number of all events.
    events: usize,
    /// The events that may be shown, each with its index.
    moments: Vec<(usize, Moment)>,
}

impl Timeline {
    fn new(balance: &Balance<'_>, breaks: &[At]) -> Timeline {
        let not_authorized = balance.not_authorized.filter(|sum| *sum != 0);
        let authorized = balance.authorized.unwrap_or(0) + not_authorized.unwrap_or(0);
        let all = || moments(balance.timeline, authorized).enumerate();
        let is_break = |moment: &Moment| breaks.contains(&(moment.list, moment.place));
        let events = all().count();
        let broken: Vec<usize> = all().filter(|(_, moment)| is_break(moment)).map(|(at, _)| at).collect();
        let is_shown = |at: usize| is_near(at, events, None) || broken.iter().any(|b| is_near(at, events, Some(*b)));
        Timeline {
            currency: balance.currency.unwrap_or(NO_CURRENCY).to_owned(),
            authorized,
            not_authorized,
            captured: balance.captured,
            refunded: balance.refunded,
            released: balance.released.unwrap_or(0),
            open: balance.open.unwrap_or(0),
            net: balance.net,
            events,
            moments: all().filter(|(at, _)| is_shown(*at)).collect(),
        }
    }
}

/// Whether an event is shown: all events of a short timeline; of a long one both ends, and those
/// around the breaking event.
fn is_near(at: usize, events: usize, breaking: Option<usize>) -> bool {
    at < ENDS || at + ENDS >= events || breaking.is_some_and(|b| b.abs_diff(at) <= AROUND)
}

/// The timelines that were found.
pub struct Timelines {
    by_ledger: BTreeMap<(Kind, String), Timeline>,
}

impl Timelines {
    pub fn tell(&self, finding: &Finding, out: &mut Markup) {
        let mut by_ledger = false;
        for (kind, id) in ledgers_of(finding) {
            let Some(timeline) = self.by_ledger.get(&(kind, id.to_owned())) else { continue };
            let own = kind == finding.kind;
            let breaking = finding.event.as_ref().filter(|_| own).map(|event| (event.list, event.place));
            table((kind, id), timeline, breaking, out);
            proof(timeline, out);
            by_ledger = true;
        }
        if !by_ledger {
            html!(out; "<p class=\"quiet\">No account stands behind this document: it has no timeline.</p>");
        }
    }
}

fn table((kind, id): (Kind, &str), timeline: &Timeline, breaking: Option<At>, out: &mut Markup) {
    let currency = timeline.currency.as_str();
    html!(out; "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline of " [kind] " " [words::id(id)]
        "\"><table class=\"story\"><caption>" [kind] " <code>" [words::id(id)] "</code>, in " [words::currency_name(currency)]
        [if timeline.not_authorized.is_some() { "; not authorised" } else { "; authorised" }] " <b>"
        [words::amount(timeline.authorized, currency)] "</b></caption><thead><tr><th scope=\"col\">event"
        "<th scope=\"col\">when (UTC)<th scope=\"col\">what<th scope=\"col\" class=\"n\">amount"
        "<th scope=\"col\" class=\"n\">captured<th scope=\"col\" class=\"n\">refunded<th scope=\"col\" class=\"n\">released"
        "<th scope=\"col\" class=\"n\">open</tr></thead><tbody>");
    let broken = timeline.moments.iter().find(|(_, m)| breaking == Some((m.list, m.place))).map(|(at, _)| *at);
    let mut next = 0;
    for (at, moment) in timeline.moments.iter().filter(|(at, _)| is_near(*at, timeline.events, broken)) {
        if *at > next {
            html!(out; "<tr><td colspan=\"8\">… " [words::counted((*at - next) as u64, "event", "events")]
                " not shown here</tr>");
        }
        next = at + 1;
        event(moment, timeline, broken == Some(*at), out);
    }
    html!(out; "</tbody></table></div>");
}

fn event(moment: &Moment, timeline: &Timeline, breaks: bool, out: &mut Markup) {
    let currency = timeline.currency.as_str();
    let sum = |sum: Sum| words::amount(sum, currency);
    out.raw(if breaks { "<tr class=\"breaks\">" } else { "<tr>" });
    html!(out; "<th scope=\"row\">" [moment.list.name()] "[" [moment.place] "]");
    if breaks {
        html!(out; " <strong>breaks the rule</strong>");
    }
    html!(out; "<td>" [moment.time.map_or_else(|| "–".to_owned(), words::minute)] "<td>" [moment.kind.word()]);
    if !moment.effective {
        html!(out; " (failed)");
    }
    let now = &moment.after;
    let open = match timeline.not_authorized {
        Some(_) => 0,
        None => timeline.authorized - now.captured - now.released,
    };
    html!(out; "<td class=\"n\">" [moment.amount.map_or_else(|| "–".to_owned(), sum)] "<td class=\"n\">" [sum(now.captured)]
        "<td class=\"n\">" [sum(now.refunded)] "<td class=\"n\">" [sum(now.released)] "<td class=\"n\">"
        [sum(open)] "</tr>");
}

fn proof(timeline: &Timeline, out: &mut Markup) {
    let sum = |sum: Sum| words::amount(sum, &timeline.currency);
    if let Some(asked) = timeline.not_authorized {
        html!(out; "<p class=\"proof\">Not authorised: <b>" [sum(asked)] "</b>, neither authorised nor open.</p>");
        return;
    }
    html!(out; "<p class=\"proof\">Proof: authorised <b>" [sum(timeline.authorized)] "</b> = captured <b>" [sum(timeline.captured)]
        "</b> + released <b>" [sum(timeline.released)] "</b> + open <b>" [sum(timeline.open)] "</b>; net <b>" [sum(timeline.net)]
        "</b> = captured " [sum(timeline.captured)] " − refunded " [sum(timeline.refunded)] ".</p>");
}
