//! Explains each rule that fired, so that the page needs no other document.

use super::badge::severity;
use super::charts::fired;
use super::markup::{Markup, html};
use crate::engine::outcome::Outcome;

/// Writes the section of rules.
pub fn explanations(outcome: &Outcome, out: &mut Markup) {
    let mut rules = fired(outcome);
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|(_, rule)| rule.card.number);
    html!(out; "<section id=\"rules\" aria-labelledby=\"h-meaning\"><h2 id=\"h-meaning\">What the rules mean</h2>");
    for (worst, rule) in rules {
        let card = rule.card;
        html!(out; "<article id=\"" [card.code] "\" aria-labelledby=\"h-" [card.code] "\"><h3 id=\"h-" [card.code] "\">" [card.code]
            " " [card.name] " ");
        severity(worst, out);
        html!(out; "</h3>");
        paragraphs(card.docs, out);
        html!(out; "<dl><div><dt>What to do</dt><dd>" [card.action] "</dd></div><div><dt>It fires</dt><dd>" [card.fires]
            "</dd></div><div><dt>It is silent</dt><dd>" [card.silent] "</dd></div></dl></article>");
    }
    html!(out; "</section>");
}

/// Writes the paragraphs of a rule's documentation; text between backticks becomes code.
fn paragraphs(docs: &str, out: &mut Markup) {
    let lines: Vec<&str> = docs.lines().map(str::trim).collect();
    for paragraph in lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty()) {
        html!(out; "<p>");
        for (place, part) in paragraph.join(" ").split('`').enumerate() {
            match place % 2 {
                0 => html!(out; [part]),
                _ => html!(out; "<code>" [part] "</code>"),
            }
        }
        html!(out; "</p>");
    }
}
