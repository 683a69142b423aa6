//! `avstem show`: one account as a person re-adds it.

use std::collections::BTreeMap;
use std::fmt::Write;

use avstem_core::ledger::{Event, Ledger, Session, Step};
use avstem_core::model::card::Kind;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{decimal, shown, visible};
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;
use clap::Args;

use super::exit::{Exit, Failure};
use super::explain::edits;
use super::options::{Asked, InputArgs};
use super::print;
use super::work::work;
use crate::engine::outcome::SourceOutcome;
use crate::engine::{Done, Kept};
use crate::io::inputs::discover;
use crate::report::message::message;

/// Show one transaction, order or session: its timeline with running balance, the proof, its findings.
#[derive(Args, Debug)]
pub struct ShowArgs {
    /// The id of a transaction, an order or a session
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub input: InputArgs,
}

/// Runs the command.
pub fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    let asked = Asked::new(&args.input)?;
    let sources = discover(&args.input.inputs);
    let done = work(&args.input, &asked, &sources, true, None)?;
    let Some(kept) = &done.kept else { return Ok(Exit::Clean) };
    let wanted = wanted(&args.id, &done, kept);
    if wanted.is_empty() {
        return Err(not_there(&args.id, &done, kept));
    }
    print(pages(&args.id, &wanted, &done, kept))?;
    Ok(Exit::Clean)
}

/// The documents to show: those of this id, and what they are linked to.
fn wanted(id: &str, done: &Done, kept: &Kept) -> Vec<(Kind, String)> {
    let mut wanted = Vec::new();
    let found: Result<(), std::convert::Infallible> = kept.documents(|document| {
        if document.id == id {
            wanted.push((document.kind, document.id.clone()));
        }
        Ok(())
    });
    found.unwrap_or_default();
    for link in done.links.iter() {
        if link.id == id {
            wanted.push((Kind::Transaction, link.transaction.clone()));
        }
        if link.transaction == id {
            wanted.push((link.kind, link.id.clone()));
        }
    }
    // A session inside a transaction is no record of its own, and yet has an id to ask for.
    kept.sessions(|session| {
        if session.id == id {
            wanted.push((Kind::Session, id.to_owned()));
        }
    });
    wanted.sort();
    wanted.dedup();
    wanted
}

fn not_there(id: &str, done: &Done, kept: &Kept) -> Failure {
    let limit = 2 + id.chars().count() / 6;
    let mut near: Option<(usize, String)> = None;
    let walked: Result<(), std::convert::Infallible> = kept.documents(|document| {
        let other = edits(id, &document.id);
        if other <= limit && near.as_ref().is_none_or(|(least, name)| (other, &document.id) < (*least, name)) {
            near = Some((other, document.id.clone()));
        }
        Ok(())
    });
    walked.unwrap_or_default();
    let hint = near.map_or_else(
        || format!("{} records were read", done.outcome.counts.records),
        |(_, near)| format!("did you mean {}?", visible(&near)),
    );
    Failure::usage(format!("nothing in the input has the id {}; {hint}", visible(id)))
}

fn pages(asked: &str, wanted: &[(Kind, String)], done: &Done, kept: &Kept) -> String {
    let mut out = String::new();
    let is_wanted = |kind: Kind, id: &str| wanted.iter().any(|(k, i)| *k == kind && i == id);
    let shown: Result<(), std::convert::Infallible> = kept.ledgers(|ledger| {
        if is_wanted(ledger.head.kind, ledger.head.id) {
            let page = Page { ledger, done };
            page.write(&mut out);
        }
        Ok(())
    });
    shown.unwrap_or_default();
    let mut sessions = BTreeMap::new();
    kept.sessions(|session| {
        if is_wanted(Kind::Session, session.id) {
            sessions.insert(session.id.to_owned(), session_facts(session, &done.outcome.sources));
        }
    });
    for (kind, id) in wanted.iter().filter(|(kind, _)| matches!(kind, Kind::Session | Kind::Settlement)) {
        let _ = writeln!(out, "{kind} {}", visible(id));
        out.push_str(sessions.get(id).filter(|_| *kind == Kind::Session).map_or("", String::as_str));
        for finding in done.outcome.findings.iter().filter(|f| f.kind == *kind && f.id == *id) {
            out.push_str(&finding_line(&finding, "  "));
        }
        // A settlement shown beside one of its transactions is not asked for all the others.
        for link in done.links_of(*kind, id).filter(|link| id == asked || link.transaction == asked) {
            let _ = writeln!(out, "  linked to transaction {} by {}", visible(&link.transaction), link.by);
        }
        out.push('\n');
    }
    out
}

/// What a session states, a line each.
fn session_facts(session: &Session<'_>, sources: &[SourceOutcome]) -> String {
    let money = |amount: Sum| decimal(amount, display_exponent(session.currency));
    let items: Sum = session.items.iter().filter_map(|item| item.amount).map(Sum::from).sum();
    let shipping = session.shipping.and_then(|option| option.amount).map(Sum::from);
    let time = |instant: Option<Instant>| instant.map(|instant| instant.to_string());
    let reference = |text: Option<&str>| text.map(|text| shown(text).into_owned());
    let place = sources.get(session.origin.file as usize).map_or("?", |source| &source.name);
    let facts = [
        ("currency", reference(session.currency)),
        ("reference", reference(session.merchant_reference)),
        ("reference 2", reference(session.merchant_reference_2)),
        ("transaction", session.transaction_id.map(|id| visible(id).into_owned())),
        ("created", time(session.created_at)),
        ("cancelled", time(session.cancelled_at)),
        ("found in", Some(format!("{} at byte {}", visible(place), session.origin.offset))),
        ("amount", Some(money(Sum::from(session.amount)))),
        ("items", (!session.items.is_empty()).then(|| money(items))),
        ("shipping", shipping.map(money)),
    ];
    facts.into_iter().fold(String::new(), |mut out, (name, value)| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name:<12} {value}");
        }
        out
    })
}

fn finding_line(finding: &Finding, indent: &str) -> String {
    format!("{indent}{} {} {}: {}\n", finding.severity, finding.card.code, finding.card.name, message(finding))
}

struct Page<'l, 'p> {
    ledger: &'l Ledger<'p>,
    done: &'l Done,
}

impl Page<'_, '_> {
    fn money(&self, sum: Sum) -> String {
        decimal(sum, display_exponent(self.ledger.head.currency))
    }

    fn sources(&self) -> &[SourceOutcome] {
        &self.done.outcome.sources
    }

    fn findings(&self) -> impl Iterator<Item = Finding> {
        let head = &self.ledger.head;
        self.done.outcome.findings.iter().filter(|f| f.kind == head.kind && f.id == head.id)
    }

    fn write(&self, out: &mut String) {
        self.head(out);
        self.timeline(out);
        self.proof(out);
        self.lines(out);
        self.destinations(out);
        for finding in self.findings().filter(|f| f.event.is_none()) {
            out.push_str(&finding_line(&finding, "  "));
        }
        for link in self.done.links_of(self.ledger.head.kind, self.ledger.head.id) {
            let (kind, other) =
                if self.ledger.is_order() { (Kind::Transaction, &link.transaction) } else { (link.kind, &link.id) };
            let _ = writeln!(out, "  linked to {kind} {} by {}", visible(other), link.by);
        }
        out.push('\n');
    }

    fn head(&self, out: &mut String) {
        let head = &self.ledger.head;
        let _ = writeln!(out, "{} {}", head.kind, visible(head.id));
        let place = self.sources().get(head.origin.file as usize).map_or("?", |source| &source.name);
        let facts = [
            ("currency", head.currency),
            ("status", head.status_word),
            ("product", head.product_type),
            ("reference", head.merchant_reference),
            ("reference 2", head.merchant_reference_2),
        ];
        for (name, value) in facts {
            if let Some(value) = value {
                let _ = writeln!(out, "  {name:<12} {}", shown(value));
            }
        }
        if let Some(session) = head.session_id {
            let _ = writeln!(out, "  {:<12} {}", "session", visible(session));
        }
        if let Some(created) = head.created_at {
            let _ = writeln!(out, "  {:<12} {created}", "created");
        }
        let _ = writeln!(out, "  {:<12} {} at byte {}", "found in", visible(place), head.origin.offset);
        let _ = writeln!(out, "  {:<12} {}", "authorised", self.money(self.ledger.authorized));
    }

    fn timeline(&self, out: &mut String) {
        let heads = ["captured", "refunded", "released", "open"].map(|name| format!("{name:>14}"));
        let _ = writeln!(out, "\n  {:<20} {:<24} {:<18} {:>14}{}", "event", "time", "what", "amount", heads.concat());
        for (event, step) in self.ledger.timeline() {
            self.event(out, event, step);
        }
    }

    fn event(&self, out: &mut String, event: &Event<'_>, step: &Step) {
        let place = format!("{}[{}]", event.list.name(), event.place);
        let time = event.time.map_or_else(|| "-".to_owned(), |time| time.to_string());
        let what =
            if event.effective() { event.kind.word().to_owned() } else { format!("{} FAILED", event.kind.word()) };
        let amount = event.amount.map_or_else(|| "-".to_owned(), |amount| self.money(amount));
        let now = &step.after;
        let open = self.ledger.authorized - now.captured - now.released;
        let running = [now.captured, now.refunded, now.released, open].map(|sum| format!("{:>14}", self.money(sum)));
        let _ = writeln!(out, "  {place:<20} {time:<24} {what:<18} {amount:>14}{}", running.concat());
        let here = |f: &Finding| f.event.as_ref().is_some_and(|at| at.list == event.list && at.place == event.place);
        for finding in self.findings().filter(here) {
            out.push_str(&finding_line(&finding, "    ^ "));
        }
    }

    /// The proof in minor units, to be re-added by hand: authorised = captured + released + open.
    fn proof(&self, out: &mut String) {
        let (ledger, totals) = (self.ledger, &self.ledger.totals);
        let _ = writeln!(
            out,
            "\n  proof (minor units): {} = {} + {} + {}  (authorised = captured + released + open); net {} = {} - {}",
            ledger.authorized,
            totals.captured,
            totals.released,
            ledger.open(),
            ledger.net(),
            totals.captured,
            totals.refunded
        );
    }

    fn lines(&self, out: &mut String) {
        if self.ledger.tallies.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n  {:<36} {:>14}{:>14}{:>14}", "line", "amount", "captured", "refunded");
        for tally in &self.ledger.tallies {
            let amount = tally.amount.map_or_else(|| "-".to_owned(), |amount| self.money(amount));
            let (captured, refunded) = (self.money(tally.captured), self.money(tally.refunded));
            let _ = writeln!(out, "  {:<36} {amount:>14}{captured:>14}{refunded:>14}", visible(tally.line));
        }
    }

    fn destinations(&self, out: &mut String) {
        if self.ledger.destinations.is_empty() {
            return;
        }
        let _ = writeln!(out, "\n  {:<36} {:>14}{:>14}", "payout destination", "captured", "refunded");
        for tally in &self.ledger.destinations {
            let (captured, refunded) = (self.money(tally.captured), self.money(tally.refunded));
            let _ = writeln!(out, "  {:<36} {captured:>14}{refunded:>14}", visible(tally.destination));
        }
    }
}
