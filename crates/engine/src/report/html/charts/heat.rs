//! Which rule fires on which payment product.

use avstem_core::model::money::Sum;

use super::rules::fired;
use super::scale::length;
use crate::engine::outcome::Outcome;
use crate::report::html::gather::{Gathered, OTHER_PRODUCTS};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// Maximum number of products that have their own column.
const COLUMNS: usize = 8;

/// Maximum characters of the name of a column.
const LONGEST: usize = 40;

/// The largest cell counts as at least this many findings, so that a few are not shown dark.
const DARK: u64 = 10;

/// The shades of a cell, by its number relative to the largest one.
const SHADES: [&str; 6] = ["h0", "h1", "h2", "h3", "h4", "h5"];

/// Writes the heat map: rules by products, each cell shaded by the number in it.
pub fn heat(outcome: &Outcome, gathered: &Gathered, out: &mut Markup) {
    let mut products: Vec<(&str, u64)> =
        gathered.products.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    if products.is_empty() {
        return;
    }
    products.sort_by_key(|(name, count)| (*name == OTHER_PRODUCTS, u64::MAX - count, *name));
    let columns: Vec<&str> = products.iter().take(COLUMNS).map(|(name, _)| *name).collect();
    let rest = products.len() > columns.len();
    let most = gathered.rules.values().flat_map(|rule| rule.products.values()).max().copied().unwrap_or(0).max(DARK);
    html!(out; "<section aria-labelledby=\"h-heat\"><h2 id=\"h-heat\">Rules by payment product</h2>"
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Rules by payment product\"><table class=\"heat\">"
        "<caption>How many exceptions of a rule concern a product: the more, the darker. A dark row is a rule to look at, a "
        "dark column a product.</caption><thead><tr><td></td>");
    for name in &columns {
        html!(out; "<th scope=\"col\">");
        breakable(name, out);
    }
    if rest {
        html!(out; "<th scope=\"col\">others");
    }
    html!(out; "</tr></thead><tbody>");
    for (_, rule) in fired(outcome) {
        let Some(found) = gathered.rules.get(&rule.card.number) else { continue };
        html!(out; "<tr><th scope=\"row\"><a href=\"#" [rule.card.code] "\">" [rule.card.code] "</a> " [rule.card.name]);
        let mut left: u64 = found.products.values().sum();
        for name in &columns {
            let count = found.products.get(*name).copied().unwrap_or(0);
            left -= count;
            cell(count, most, Some((rule.card.code, name)), out);
        }
        if rest {
            cell(left, most, None, out);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></div></section>");
}

/// Writes a name that may be broken after `.`, `_` and `-`, and only there; it is cut if it is longer than
/// any name.
fn breakable(name: &str, out: &mut Markup) {
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
    for part in name[..end].split_inclusive(['.', '_', '-']) {
        html!(out; [part] "<wbr>");
    }
    if end < name.len() {
        html!(out; "…");
    }
}

fn cell(count: u64, most: u64, shows: Option<(&str, &str)>, out: &mut Markup) {
    if count == 0 {
        html!(out; "<td class=\"h0\">·");
        return;
    }
    let shade = length(Sum::from(count), Sum::from(most), SHADES.len() as Sum - 1);
    html!(out; "<td class=\"" [SHADES[usize::try_from(shade).unwrap_or(0)]] "\">");
    match shows {
        Some((rule, product)) => {
            html!(out; "<a href=\"#exceptions\" data-rule=\"" [rule] "\" data-product=\"" [product]
            "\" aria-label=\"" [words::counted(count, "exception", "exceptions")] " of " [rule] ", " [product] ", show\">"
            [words::count(count)] "</a>")
        }
        None => html!(out; [words::count(count)]),
    }
}
