//! The table of exceptions, which can be filtered and sorted, with the timeline of each of the
//! first thousand.

use std::collections::BTreeMap;
use std::io;

use avstem_core::model::display::visible;
use avstem_core::model::finding::Finding;
use avstem_core::model::instant::Instant;
use avstem_core::model::money::Sum;

use super::badge::severity;
use super::gather::{Gathered, product_name};
use super::markup::{Markup, html, with_code};
use super::timeline::{Timelines, WantedTimelines};
use super::words;
use crate::engine::outcome::{NO_CURRENCY, Outcome};
use crate::frame::column::Cell;
use crate::report::table::{EXCEPTIONS, Exception, exception_row};

/// Maximum number of findings with a timeline.
const MAX_TIMELINES: usize = 1_000;

/// Maximum number of findings that the page lists.
const ROWS: usize = 2_000;

/// Bytes of the table from which on no timeline, and no row, is added: the whole page stays below
/// 10 MB.
const STORY_BYTES: usize = 5_000_000;
const BYTES: usize = 7_000_000;

/// The decimals that all amounts are scaled to for sorting: no currency has more.
const SORTED_DECIMALS: u32 = 4;

/// The options of the filters, with the number of rows of each.
#[derive(Default)]
struct Choices {
    severities: BTreeMap<(u8, String), u64>,
    rules: BTreeMap<(String, String), u64>,
    products: BTreeMap<String, u64>,
    currencies: BTreeMap<String, u64>,
    changes: BTreeMap<String, u64>,
}

/// Writes the section of exceptions.
pub fn exceptions(outcome: &Outcome, gathered: &Gathered, out: &mut Markup) -> io::Result<()> {
    html!(out; "<section id=\"exceptions\" aria-labelledby=\"h-exceptions\"><h2 id=\"h-exceptions\">Exceptions</h2>");
    if gathered.all == 0 {
        html!(out; "<p>None. Every rule that is on has looked; <a href=\"#coverage\">Coverage</a> says at how much.</p></section>");
        return Ok(());
    }
    let mut wanted = WantedTimelines::default();
    outcome.findings.iter().take(MAX_TIMELINES).for_each(|finding| wanted.add(&finding));
    let timelines = wanted.gather(outcome)?;
    let (mut body, mut choices, mut shown) = (Markup::with_room(BYTES), Choices::default(), 0);
    for finding in outcome.findings.iter().take(ROWS) {
        if body.size() > BYTES {
            break;
        }
        let is_shown = shown < MAX_TIMELINES && body.size() < STORY_BYTES;
        entry(&finding, outcome, is_shown.then_some(&timelines), &mut choices, &mut body);
        shown += 1;
    }
    extent(shown as u64, gathered.all, out);
    filters(&choices, out);
    html!(out; "<table id=\"list\"><caption class=\"hear\">Exceptions, errors first</caption><thead><tr>"
        "<th scope=\"col\" data-sort=\"s\">severity<th scope=\"col\" data-sort=\"r\">rule<th scope=\"col\" data-sort=\"i\">"
        "what was found<th scope=\"col\" data-sort=\"p\" class=\"wide\">product<th scope=\"col\" data-sort=\"d\" class=\"n\">"
        "amount<th scope=\"col\" data-sort=\"a\" class=\"n wide\">age in days</tr></thead>" {body} "</table></section>");
    Ok(())
}

/// Writes how many exceptions are listed, and where the rest is.
fn extent(shown: u64, all: u64, out: &mut Markup) {
    if shown == all {
        html!(out; "<p>" [words::counted(all, "exception", "exceptions")] ", errors first. exceptions.csv has them with every column.</p>");
        return;
    }
    html!(out; "<p class=\"note\">Here are the first " [words::count(shown)] " of " [words::counted(all, "exception", "exceptions")]
        ", errors first. The others are in <b>exceptions.csv</b> and exceptions.parquet; the sums and pictures above are of "
        "all.</p>");
}

fn filters(choices: &Choices, out: &mut Markup) {
    html!(out; "<form id=\"filters\" hidden role=\"search\" aria-label=\"Filter the exceptions\"><label>Text <input type=\"search\" "
        "name=\"t\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"id, reference, words\"></label>");
    let severities = choices.severities.iter().map(|((_, word), count)| (word.clone(), word.clone(), *count));
    select("s", "Severity", severities, out);
    let rules = choices.rules.iter().map(|((code, name), count)| (code.clone(), format!("{code} {name}"), *count));
    select("r", "Rule", rules, out);
    let plain = |of: &BTreeMap<String, u64>| of.clone().into_iter().map(|(name, count)| (name.clone(), name, count));
    select("p", "Product", plain(&choices.products), out);
    select("c", "Currency", plain(&choices.currencies), out);
    if !choices.changes.is_empty() {
        select("n", "Change", plain(&choices.changes), out);
    }
    html!(out; "<button type=\"reset\">Show all</button> <output id=\"shown\" role=\"status\"></output></form>"
        "<noscript><p class=\"quiet\">Scripts are off: the table is whole, in the order of severity and rule, but cannot be "
        "filtered here.</p></noscript>");
}

fn select(name: &'static str, label: &'static str, of: impl Iterator<Item = (String, String, u64)>, out: &mut Markup) {
    html!(out; "<label>" [label] " <select name=\"" [name] "\"><option value=\"\">all");
    for (value, text, count) in of {
        html!(out; "<option value=\"" [value] "\">" [text] " (" [words::count(count)] ")");
    }
    html!(out; "</select></label>");
}

/// A finding with the cells of its row.
struct Entry<'e> {
    finding: &'e Finding,
    cells: [Cell<'e>; EXCEPTIONS.len()],
    currency: &'e str,
    product: String,
}

impl Entry<'_> {
    /// Returns a column of exceptions.csv as text.
    fn column(&self, name: &str) -> Option<String> {
        let at = EXCEPTIONS.iter().position(|column| column.name == name)?;
        match &self.cells[at] {
            Cell::Empty => None,
            Cell::Text(text) | Cell::Number(text) => Some(words::brief(text).into_owned()),
            Cell::Integer(number) => Some(number.to_string()),
            Cell::Flag(flag) => Some(flag.to_string()),
            Cell::Time(time) => Some(time.to_string()),
        }
    }
}

fn entry(finding: &Finding, outcome: &Outcome, timelines: Option<&Timelines>, choices: &mut Choices, out: &mut Markup) {
    let exception = Exception::new(finding, outcome);
    let currency = finding.subject.currency.as_deref().unwrap_or(NO_CURRENCY);
    let entry = Entry { finding, cells: exception_row(&exception), currency, product: product_name(finding) };
    let change = entry.column("change");
    let card = finding.card;
    *choices.severities.entry((finding.severity as u8, finding.severity.word().to_owned())).or_default() += 1;
    *choices.rules.entry((card.code.to_owned(), card.name.to_owned())).or_default() += 1;
    *choices.products.entry(entry.product.clone()).or_default() += 1;
    *choices.currencies.entry(words::currency_name(currency).into_owned()).or_default() += 1;
    if let Some(change) = &change {
        *choices.changes.entry(change.clone()).or_default() += 1;
    }
    html!(out; "<tbody id=\"x" [finding.exception_id] "\" data-s=\"" [finding.severity.word()] "\" data-r=\"" [card.code]
        "\" data-p=\"" [entry.product] "\" data-c=\"" [words::currency_name(currency)] "\" data-d=\"" [sorted_amount(finding, currency)]
        "\" data-i=\"" [words::id(&finding.id)] "\" data-a=\"" [entry.column("age_days").unwrap_or_default()] "\"");
    if let Some(change) = &change {
        html!(out; " data-n=\"" [change] "\"");
    }
    html!(out; ">");
    row(&entry, change.as_deref(), out);
    if let Some(timelines) = timelines {
        html!(out; "<tr class=\"more\"><td colspan=\"6\"><details><summary>Timeline and proof</summary>");
        details(&entry, outcome.as_of, out);
        timelines.tell(finding, out);
        html!(out; "</details></td></tr>");
    }
    html!(out; "</tbody>");
}

fn row(entry: &Entry<'_>, change: Option<&str>, out: &mut Markup) {
    let (finding, card) = (entry.finding, entry.finding.card);
    html!(out; "<tr><td>");
    severity(finding.severity, out);
    if let Some(change) = change {
        html!(out; " <span class=\"tag\">" [change] "</span>");
    }
    if finding.accepted {
        html!(out; " <span class=\"tag\">accepted</span>");
    }
    html!(out; "<td><a href=\"#" [card.code] "\">" [card.code] "</a> <span class=\"name\">" [card.name] "</span><td class=\"what\">"
        [entry.column("message").unwrap_or_default()] "<small>" [finding.kind] " <code>" [words::id(&finding.id)] "</code>");
    if let Some(reference) = finding.subject.merchant_reference.as_deref() {
        html!(out; " · reference " [words::free(reference)]);
    }
    html!(out; "<span class=\"narrow\"> · " [entry.product] "</span></small><td class=\"wide\">" [entry.product] "<td class=\"n\">");
    match amount(finding) {
        Some(amount) => html!(out; [words::amount(amount, entry.currency)] "<small>"
            [words::currency_name(entry.currency)] "</small>"),
        None => html!(out; "–"),
    }
    html!(out; "<td class=\"n wide\">" [entry.column("age_days").unwrap_or_default()] "</tr>");
}

/// Writes what the row has no room for: both values, the position of the record, what to do.
fn details(entry: &Entry<'_>, as_of: Option<Instant>, out: &mut Markup) {
    html!(out; "<p>");
    with_code(entry.finding.card.action, out);
    html!(out; "</p><dl>");
    let place = entry.column("source").map(|source| format!("{source}, from byte {}", entry.finding.origin.offset));
    let first_seen =
        entry.column("first_seen").filter(|seen| as_of.map(|time| time.to_string()).as_ref() != Some(seen));
    for (name, value) in [
        ("expected", entry.column("expected")),
        ("actual", entry.column("actual")),
        ("line", entry.column("line_id")),
        ("payout destination", entry.column("payout_destination_id")),
        ("settlement", entry.column("settlement_id")),
        ("session", entry.column("session_id")),
        ("status", entry.column("status")),
        ("status by its amounts", entry.column("status_derived")),
        ("first seen", first_seen),
        ("record", place),
        ("exception", Some(visible(&entry.finding.exception_id).into_owned())),
    ] {
        if let Some(value) = value {
            html!(out; "<div><dt>" [name] "</dt><dd>" [value] "</dd></div>");
        }
    }
    html!(out; "</dl>");
    cause(entry, out);
}

/// Writes the cause of the finding, if it is known.
fn cause(entry: &Entry<'_>, out: &mut Markup) {
    let Some(root) = &entry.finding.root else { return };
    html!(out; "<p>");
    if root.id == entry.finding.exception_id {
        html!(out; "The cause is here: ");
    } else {
        html!(out; "Follows from <a href=\"#x" [root.id] "\">exception " [root.id] "</a>: ");
    }
    html!(out; "<b>" [root.cause.word().replace('_', " ")] "</b>");
    if let Some(delta) = entry.finding.delta() {
        html!(out; ", which explains " [words::amount(root.explained, entry.currency)] " of "
            [words::money(delta, entry.currency)]);
    }
    html!(out; ".</p>");
}

/// How far a finding is off, else the amount that its message names.
fn amount(finding: &Finding) -> Option<Sum> {
    finding.delta().or_else(|| finding.actual.amount())
}

/// Returns the sort key of the amount, a whole number; empty if there is none.
fn sorted_amount(finding: &Finding, currency: &str) -> String {
    let decimals = u32::from(avstem_core::model::currency::display_exponent(Some(currency)));
    let unit = Sum::from(10).pow(SORTED_DECIMALS.saturating_sub(decimals));
    amount(finding).map_or_else(String::new, |amount| amount.saturating_mul(unit).to_string())
}
