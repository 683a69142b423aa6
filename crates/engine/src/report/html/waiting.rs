//! The section of findings that are not due yet.

use std::collections::BTreeMap;
use std::io;

use avstem_core::model::instant::Instant;
use avstem_core::rules::find;

use super::markup::{Markup, html};
use super::words;
use crate::engine::outcome::{NO_CURRENCY, Outcome, Waiting};

/// Maximum number of rows; waiting.csv has all.
const NEXT: usize = 20;

/// Writes how many findings are waiting by rule, and which are due next.
pub fn waiting(outcome: &Outcome, out: &mut Markup) -> io::Result<()> {
    let all: u64 = outcome.waiting_by_rule.values().sum();
    html!(out; "<section id=\"waiting\" aria-labelledby=\"h-waiting\"><h2 id=\"h-waiting\">Waiting, not broken</h2>");
    if all == 0 {
        html!(out; "<p>Nothing: no rule about time will have more to say if nothing happens.</p></section>");
        return Ok(());
    }
    html!(out; "<p>What these rules will say of " [words::count(all)] " more, unless it is settled before they are due.</p><ul>");
    for (code, count) in &outcome.waiting_by_rule {
        let name = find(code).map_or("", |rule| rule.card.name);
        html!(out; "<li>" [code] " " [name] ": " [words::count(*count)] "</li>");
    }
    html!(out; "</ul><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"What is due next\"><table><caption>Due next"
        "</caption><thead><tr><th scope=\"col\">due (UTC)<th scope=\"col\">rule<th scope=\"col\">transaction"
        "<th scope=\"col\">event<th scope=\"col\" class=\"n\">amount</tr></thead><tbody>");
    for row in due_next(outcome)? {
        html!(out; {row});
    }
    html!(out; "</tbody></table></div>");
    if all > NEXT as u64 {
        html!(out; "<p class=\"note\">These are the first " [NEXT] " to be due; waiting.csv has all.</p>");
    }
    html!(out; "</section>");
    Ok(())
}

/// Returns the rows that are due first, in that order.
fn due_next(outcome: &Outcome) -> io::Result<Vec<Markup>> {
    // By due time, then in the order of waiting.csv.
    let mut next: BTreeMap<(Instant, u64), Markup> = BTreeMap::new();
    let mut place = 0;
    outcome.waiting.visit(&mut |waiting| {
        place += 1;
        if next.len() < NEXT || next.last_key_value().is_some_and(|((last, _), _)| waiting.due < *last) {
            next.insert((waiting.due, place), row(waiting));
            if next.len() > NEXT {
                next.pop_last();
            }
        }
        Ok(())
    })?;
    Ok(next.into_values().collect())
}

fn row(waiting: &Waiting<'_>) -> Markup {
    let mut out = Markup::default();
    let currency = waiting.waiter.currency.unwrap_or(NO_CURRENCY);
    html!(out; "<tr><th scope=\"row\">" [words::minute(waiting.due)] "<td>" [waiting.card.code] " " [waiting.card.name]
        "<td><code>" [words::id(waiting.waiter.id)] "</code><td>" [waiting.place_text().unwrap_or_default()] "<td class=\"n\">");
    match waiting.amount {
        Some(amount) => html!(out; [words::money(amount, currency)]),
        None => html!(out; "–"),
    }
    html!(out; "</tr>");
    out
}
