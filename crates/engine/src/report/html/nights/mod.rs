//! `history.html`: many nights in a row, in one file that needs no other file and no script.
//!
//! * `pictures`: findings by night, new and resolved ones, ages and times to resolution

mod pictures;

use super::markup::{Markup, html};
use super::{STYLE, policy, words};
use crate::history::nights::{History, Night, Oddity};
use crate::report::history::notes;
use crate::{TOOL, VERSION};

/// The style of this page beside the style of all pages.
const OWN_STYLE: &str = include_str!("style.css");

/// Maximum number of notes that are listed.
const NOTES: usize = 100;

/// Maximum number of nights in the table; the last ones are listed.
const NIGHTS: usize = 400;

pub fn page(history: &History) -> Vec<u8> {
    let mut out = Markup::default();
    head(history, &mut out);
    html!(out; "<body><a class=\"skip\" href=\"#nights\">To the table of nights</a>");
    top(history, &mut out);
    html!(out; "<main>");
    odd(history, &mut out);
    html!(out; "<div id=\"pictures\">");
    pictures::pictures(history, &mut out);
    html!(out; "</div>");
    nights(history, &mut out);
    html!(out; "</main></body></html>\n");
    out.as_str().as_bytes().to_vec()
}

fn head(history: &History, out: &mut Markup) {
    html!(out; "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" [policy::source(STYLE)]
        "' '" [policy::source(OWN_STYLE)] "'; img-src data:; base-uri 'none'; form-action 'none'\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
        "<meta name=\"referrer\" content=\"no-referrer\"><link rel=\"icon\" href=\"data:,\"><title>" [headline(history)]
        " · avstem history</title><style>");
    out.raw(STYLE);
    html!(out; "</style><style>");
    out.raw(OWN_STYLE);
    html!(out; "</style></head>");
}

fn headline(history: &History) -> String {
    match history.nights.last() {
        Some(night) if night.open() == 0 => format!("Nothing open on {}", night.name()),
        Some(night) => format!("{} open on {}", words::counted(night.open(), "exception", "exceptions"), night.name()),
        None => "No nights".to_owned(),
    }
}

/// Writes the heading and the four answers.
fn top(history: &History, out: &mut Markup) {
    let last_is_whole = history.nights.last().is_none_or(|night| night.past.is_complete());
    let class = match history.nights.last().map(Night::open) {
        _ if !last_is_whole => "bad",
        Some(0) | None => "good",
        Some(_) => "fair",
    };
    html!(out; "<header class=\"top " [class] "\"><p class=\"over\">" [TOOL] " " [VERSION] " · history of "
        [words::counted(history.nights.len() as u64, "run", "runs")]);
    if let [first, .., last] = &history.nights[..] {
        html!(out; ", " [first.name()] " to " [last.name()]);
    }
    html!(out; "</p><h1 id=\"verdict\">" [headline(history)] "</h1><p class=\"reason\">");
    match &history.nights[..] {
        _ if !last_is_whole => {
            html!(out; "The input of that night was not complete: what is missing there means nothing.")
        }
        [.., before, last] => {
            let (then, now) = (before.open(), last.open());
            match now.cmp(&then) {
                std::cmp::Ordering::Equal => html!(out; "As many as the night before."),
                std::cmp::Ordering::Less => html!(out; [words::count(then - now)] " fewer than the night before."),
                std::cmp::Ordering::Greater => html!(out; [words::count(now - then)] " more than the night before."),
            }
        }
        _ => html!(out; "One night alone: what comes and goes is seen from the second on."),
    }
    html!(out; "</p>");
    answers(history, out);
    html!(out; "</header>");
}

fn answers(history: &History, out: &mut Markup) {
    let accepted = history.nights.last().map_or(0, |night| night.all().accepted);
    let open = history.nights.last().map_or(0, Night::open);
    html!(out; "<dl class=\"answers\"><div><dt>What is open?</dt><dd><b id=\"open\">" [words::count(open)] "</b><span>"
        [words::count(accepted)] " accepted beside it</span></dd></div>");
    let all = history.nights.iter().map(Night::all);
    let (new, resolved) = all.fold((0, 0), |(new, resolved), of| (new + of.new, resolved + of.resolved));
    html!(out; "<div><dt>What came and went?</dt><dd><b>" [words::count(new)] "\u{A0}new</b><span>" [words::count(resolved)]
        " put right, in all nights</span></dd></div><div><dt>How long does it take?</dt><dd>");
    match history.median_days() {
        Some(days) => {
            html!(out; "<b>" [words::counted(days.unsigned_abs(), "day", "days")] "</b><span>half of what was put right was within it</span>")
        }
        None => html!(out; "<b>not known</b><span>nothing was put right in these nights</span>"),
    }
    html!(out; "</dd></div><div><dt>Is a night missing?</dt><dd>");
    let missing: i64 = history
        .oddities
        .iter()
        .map(|oddity| if let Oddity::Missing(first, last) = oddity { last - first + 1 } else { 0 })
        .sum();
    match missing {
        0 => html!(out; "<b>none</b>"),
        days => html!(out; "<b>" [words::counted(days.unsigned_abs(), "day", "days")] "</b>"),
    }
    match notes(history).len() as u64 {
        0 => html!(out; "<span>each follows the one before it</span>"),
        notes => {
            html!(out; "<span><a href=\"#odd\">" [words::counted(notes, "note", "notes")] " on the runs</a></span>")
        }
    }
    html!(out; "</dd></div></dl>");
}

/// Writes the section of gaps and overlaps.
fn odd(history: &History, out: &mut Markup) {
    html!(out; "<section aria-labelledby=\"odd\"><h2 id=\"odd\">Gaps and overlaps</h2>");
    if history.oddities.is_empty() {
        html!(out; "<p>Every day has a run, each was complete and held against the one before it, and no file was read "
            "twice.</p></section>");
        return;
    }
    let notes = notes(history);
    html!(out; "<ul class=\"odd\">");
    for note in notes.iter().take(NOTES) {
        html!(out; "<li>" [note]);
    }
    html!(out; "</ul>");
    if notes.len() > NOTES {
        html!(out; "<p class=\"quiet\">And " [words::count((notes.len() - NOTES) as u64)] " more, which avstem history names.</p>");
    }
    html!(out; "</section>");
}

/// Writes the table of nights.
fn nights(history: &History, out: &mut Markup) {
    let skipped = history.nights.len().saturating_sub(NIGHTS);
    html!(out; "<section aria-labelledby=\"nights\"><h2 id=\"nights\">Night by night</h2><div class=\"scroll\" tabindex=\"0\" "
        "role=\"group\" aria-label=\"Night by night\"><table class=\"all\"><caption>");
    if skipped > 0 {
        html!(out; "The last " [words::count(NIGHTS as u64)] " nights; ");
    }
    html!(out; "by rule and age, every night is in history.csv.</caption><thead><tr><th scope=\"col\">night"
        "<th scope=\"col\" class=\"n\">exceptions<th scope=\"col\" class=\"n\">accepted<th scope=\"col\" class=\"n\">new"
        "<th scope=\"col\" class=\"n\">back<th scope=\"col\" class=\"n\">put right<th scope=\"col\" class=\"n\">not seen</tr></thead><tbody>");
    for night in &history.nights[skipped..] {
        let all = night.all();
        html!(out; "<tr><th scope=\"row\">" [night.name()]);
        for count in [all.findings, all.accepted, all.new, all.back, all.resolved, all.unseen] {
            html!(out; "<td class=\"n\">" [if count == 0 { "–".to_owned() } else { words::count(count) }]);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></div></section>");
}
