//! How old open authorizations are.

use super::bar;
use crate::engine::outcome::{Aged, Outcome};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// The ages as people read them, in the order of [`Aged::DAYS`].
const AGES: [&str; 5] = ["0–1 days", "2–7 days", "8–30 days", "over 30 days", "no time given"];

/// Currencies that are listed.
const MOST: usize = 40;

/// A table of currencies and ages, with a bar for each.
pub fn ageing(outcome: &Outcome, out: &mut Markup) {
    if outcome.open_ages.is_empty() {
        return;
    }
    let has_untimed = outcome.open_ages.values().any(|ages| ages[4].ledgers > 0);
    let shown = if has_untimed { AGES.len() } else { AGES.len() - 1 };
    html!(out; "<section aria-labelledby=\"h-ageing\"><h2 id=\"h-ageing\">Age of open authorizations</h2>"
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Age of open authorizations\"><table class=\"ageing\">"
        "<caption>What is authorised and neither captured nor released, by the days since it was authorised. The older, the "
        "likelier it lapses.</caption><thead><tr><th scope=\"col\">currency");
    for age in &AGES[..shown] {
        html!(out; "<th scope=\"col\" class=\"n\">" [age]);
    }
    html!(out; "</tr></thead><tbody>");
    for (currency, ages) in outcome.open_ages.iter().take(MOST) {
        let most = ages.iter().map(|aged| aged.open).max().unwrap_or(0);
        html!(out; "<tr><th scope=\"row\">" [words::currency_name(currency)]);
        for (place, aged) in ages.iter().take(shown).enumerate() {
            html!(out; "<td class=\"n\">");
            cell(aged, currency, out);
            bar(aged.open, most, if place == 3 { "late" } else { "plain" }, out);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></div></section>");
}

fn cell(aged: &Aged, currency: &str, out: &mut Markup) {
    if aged.ledgers == 0 {
        html!(out; "–");
        return;
    }
    html!(out; [words::amount(aged.open, currency)] "<small>" [words::counted(aged.ledgers, "transaction", "transactions")] "</small>");
}
