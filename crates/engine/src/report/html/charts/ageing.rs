//! The age of open authorizations and of exceptions.

use avstem_core::model::money::Sum;

use super::scale::bar;
use crate::engine::outcome::{Aged, Buckets, Outcome, Profile};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// Age labels, in the order of [`Aged::DAYS`].
const AGES: [&str; 5] = ["0–1 days", "2–7 days", "8–30 days", "over 30 days", "no time given"];

/// Maximum number of currencies that are listed.
const MOST: usize = 40;

/// The index of the age over 30 days.
const LATE: usize = 3;

/// Returns how many ages are shown: the one without a time only if it occurs.
fn shown(has_untimed: bool) -> usize {
    if has_untimed { AGES.len() } else { AGES.len() - 1 }
}

/// Writes the open authorizations: a table of currencies and ages, with a bar for each.
pub fn open_ages(outcome: &Outcome, out: &mut Markup) {
    if outcome.open_ages.is_empty() {
        return;
    }
    let shown = shown(outcome.open_ages.values().any(|ages| ages[4].ledgers > 0));
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
            bar(aged.open, most, if place == LATE { "late" } else { "plain" }, out);
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

/// Writes the exceptions by age since the event and, if there is a baseline, since a run first had
/// them.
pub fn finding_ages(outcome: &Outcome, out: &mut Markup) {
    let by_currency = &outcome.ageing.by_currency;
    if by_currency.is_empty() {
        return;
    }
    html!(out; "<section aria-labelledby=\"h-ages\"><h2 id=\"h-ages\">Age of exceptions</h2>");
    profile("By the days since it happened, accepted ones too.", |profile| &profile.since_event, outcome, out);
    if outcome.comparison.is_some() {
        profile("By the days since a run first had them.", |profile| &profile.since_seen, outcome, out);
    }
    html!(out; "</section>");
}

fn profile(caption: &'static str, buckets: fn(&Profile) -> &Buckets, outcome: &Outcome, out: &mut Markup) {
    let by_currency = || outcome.ageing.by_currency.iter().take(MOST).map(|(code, profile)| (code, buckets(profile)));
    let shown = shown(by_currency().any(|(_, buckets)| buckets[AGES.len() - 1].count > 0));
    html!(out; "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Age of exceptions\"><table class=\"ageing\"><caption>"
        [caption] "</caption><thead><tr><th scope=\"col\">currency");
    for age in &AGES[..shown] {
        html!(out; "<th scope=\"col\" class=\"n\">" [age]);
    }
    html!(out; "</tr></thead><tbody>");
    for (currency, buckets) in by_currency() {
        let most = buckets.iter().map(|tally| tally.count).max().unwrap_or(0);
        html!(out; "<tr><th scope=\"row\">" [words::currency_name(currency)]);
        for (place, tally) in buckets.iter().take(shown).enumerate() {
            if tally.count == 0 {
                html!(out; "<td class=\"n\">–");
            } else {
                html!(out; "<td class=\"n\">" [words::count(tally.count)] "<small>" [words::amount(tally.delta, currency)] "</small>");
            }
            bar(Sum::from(tally.count), Sum::from(most), if place == LATE { "late" } else { "plain" }, out);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></div>");
}
