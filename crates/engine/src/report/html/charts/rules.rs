//! Findings by rule: number, severity and amounts.

use avstem_core::model::card::Severity;
use avstem_core::model::money::Sum;

use super::scale::bar;
use crate::engine::outcome::{Coverage, Outcome};
use crate::report::html::badge::severity;
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;
use crate::report::stake;

/// Maximum number of amounts listed for a rule.
const AMOUNTS: usize = 3;

/// Returns the rules that fired, worst first.
pub fn fired(outcome: &Outcome) -> Vec<(Severity, &Coverage)> {
    let of = outcome.coverage.iter().filter(|rule| rule.all.findings > 0);
    let mut fired: Vec<(Severity, &Coverage)> = of.filter_map(|rule| Some((rule.severity?, rule))).collect();
    fired.sort_by_key(|(severity, rule)| (*severity, u64::MAX - rule.all.findings, rule.card.number));
    fired
}

/// Writes the table of rules, with a bar each.
pub fn rules(outcome: &Outcome, out: &mut Markup) {
    let fired = fired(outcome);
    if fired.is_empty() {
        return;
    }
    let most = fired.iter().map(|(_, rule)| rule.all.findings).max().unwrap_or(0);
    html!(out; "<section aria-labelledby=\"h-rules\"><h2 id=\"h-rules\">Exceptions by rule</h2><table class=\"rules\">"
        "<caption>Every exception, accepted ones too; the amount is what they come to, added up.</caption>"
        "<thead><tr><th scope=\"col\">severity<th scope=\"col\">rule<th scope=\"col\" class=\"wide\"><span class=\"hear\">share</span>"
        "<th scope=\"col\" class=\"n\">exceptions<th scope=\"col\" class=\"n\">amount</tr></thead><tbody>");
    for (worst, rule) in fired {
        let card = rule.card;
        html!(out; "<tr><td>");
        severity(worst, out);
        html!(out; "<th scope=\"row\"><a href=\"#" [card.code] "\">" [card.code] "</a> " [card.name] "<td class=\"wide\">");
        bar(Sum::from(rule.all.findings), Sum::from(most), worst.word(), out);
        let sums = stake::of_rule(rule).into_iter();
        html!(out; "<td class=\"n\"><a href=\"#exceptions\" data-rule=\"" [card.code] "\" aria-label=\""
            [words::counted(rule.all.findings, "exception", "exceptions")] " of " [card.code] ", show\">"
            [words::count(rule.all.findings)] "</a><td class=\"n money\">" [words::amounts(sums, AMOUNTS)] "</tr>");
    }
    html!(out; "</tbody></table></section>");
}
