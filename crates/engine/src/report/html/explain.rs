//! Explains each rule that fired, so that the page needs no other document.

use super::badge::severity;
use super::charts::fired;
use super::markup::{Markup, html, with_code};
use crate::engine::outcome::Outcome;

/// Writes the section of rules.
pub fn explanations(outcome: &Outcome, out: &mut Markup) {
    let mut rules = fired(outcome);
    if rules.is_empty() {
        return;
    }
    rules.sort_by_key(|(_, rule)| rule.card.number);
    html!(out; "<section id=\"rules\" aria-labelledby=\"h-meaning\"><h2 id=\"h-meaning\">What the rules mean</h2>"
        "<p class=\"quiet no-print\"><label><input type=\"checkbox\" id=\"print-rules\"> print these texts too</label></p>");
    for (worst, rule) in rules {
        let card = rule.card;
        html!(out; "<article id=\"" [card.code] "\" aria-labelledby=\"h-" [card.code] "\"><h3 id=\"h-" [card.code] "\">" [card.code]
            " " [card.name] " ");
        severity(worst, out);
        html!(out; "</h3>");
        paragraphs(card.docs, out);
        html!(out; "<dl>");
        for (name, text) in [("What to do", card.action), ("It fires", card.fires), ("It is silent", card.silent)] {
            html!(out; "<div><dt>" [name] "</dt><dd>");
            with_code(text, out);
            html!(out; "</dd></div>");
        }
        html!(out; "</dl></article>");
    }
    html!(out; "</section>");
}

/// Writes the paragraphs of a rule's documentation.
fn paragraphs(docs: &str, out: &mut Markup) {
    let lines: Vec<&str> = docs.lines().map(str::trim).collect();
    for paragraph in lines.split(|line| line.is_empty()).filter(|paragraph| !paragraph.is_empty()) {
        html!(out; "<p>");
        with_code(&paragraph.join(" "), out);
        html!(out; "</p>");
    }
}
