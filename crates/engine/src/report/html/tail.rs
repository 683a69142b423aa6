//! The end of the page: control totals, coverage, rejects, and the facts of the run.

use std::fmt::Display;

use avstem_core::model::card::Severity;

use super::markup::{Markup, html};
use super::words;
use crate::engine::outcome::{ControlTotal, Outcome};
use crate::report::ReportOptions;
use crate::report::table::source_name;

/// Maximum rows of each list; the files beside the page have all.
const MOST: usize = 100;

pub fn tail(outcome: &Outcome, options: &ReportOptions, out: &mut Markup) {
    control(outcome, out);
    coverage(outcome, out);
    rejects(outcome, out);
    about(outcome, options, out);
}

/// Writes whether the control totals tie, and which do not.
fn control(outcome: &Outcome, out: &mut Markup) {
    let judged = || outcome.control_totals.iter().filter(|total| total.holds.is_some());
    let broken = judged().filter(|total| total.holds == Some(false)).count();
    html!(out; "<section id=\"control\" aria-labelledby=\"h-control\"><h2 id=\"h-control\">Control totals</h2><p>");
    if broken == 0 {
        html!(out; "All " [words::count(judged().count() as u64)] " identities hold: what was counted on the way in is what was "
            "counted on the way out.");
    } else {
        html!(out; "<strong>" [words::count(broken as u64)] " of " [words::count(judged().count() as u64)]
            " identities do not hold.</strong> This is a mistake of avstem itself.");
    }
    html!(out; " control_totals.csv has every count for every file.</p>");
    let of_all = |total: &&ControlTotal| total.source.is_empty() && total.holds.is_some() || total.holds == Some(false);
    let mut rows: Vec<&ControlTotal> = judged().filter(of_all).collect();
    rows.sort_by_key(|total| total.holds);
    html!(out; "<details><summary>The identities of the whole run</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" "
        "aria-label=\"Control totals\"><table><caption class=\"hear\">Identities</caption><thead><tr><th scope=\"col\">measure"
        "<th scope=\"col\">currency<th scope=\"col\" class=\"n\">value<th scope=\"col\">must equal<th scope=\"col\">holds</tr></thead><tbody>");
    for total in rows.iter().take(MOST) {
        html!(out; "<tr><th scope=\"row\">" [total.measure]);
        if !total.source.is_empty() {
            html!(out; " of " [words::id(&total.source)]);
        }
        html!(out; "<td>" [total.currency.as_deref().map(words::currency_name).unwrap_or_default()] "<td class=\"n\">" [total.value]
            "<td>" [words::id(total.identity.as_deref().unwrap_or_default())] "<td>"
            [if total.holds == Some(true) { "yes" } else { "NO" }] "</tr>");
    }
    html!(out; "</tbody></table></div>");
    rest(rows.len(), "control_totals.csv", out);
    html!(out; "</details></section>");
}

/// Writes what every rule tested.
fn coverage(outcome: &Outcome, out: &mut Markup) {
    let off = outcome.coverage.iter().filter(|rule| rule.severity.is_none()).count() as u64;
    let fired = outcome.coverage.iter().filter(|rule| rule.all.findings > 0).count() as u64;
    html!(out; "<section id=\"coverage\" aria-labelledby=\"h-coverage\"><h2 id=\"h-coverage\">Coverage</h2><p>"
        [words::counted(outcome.coverage.len() as u64, "rule", "rules")] ": " [words::count(fired)] " fired, "
        [words::count(off)] " off, the others looked and found nothing. coverage.csv has the same for each currency.</p>"
        "<details><summary>Every rule</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Coverage\"><table>"
        "<caption class=\"hear\">Coverage of every rule</caption><thead><tr><th scope=\"col\">rule<th scope=\"col\">severity"
        "<th scope=\"col\" class=\"n\">tested<th scope=\"col\" class=\"n\">not applicable<th scope=\"col\" class=\"n\">exceptions"
        "</tr></thead><tbody>");
    for rule in &outcome.coverage {
        html!(out; "<tr><th scope=\"row\">" [rule.card.code] " " [rule.card.name] "<td>" [rule.severity.map_or("off", Severity::word)]
            "<td class=\"n\">" [words::count(rule.all.tested)] "<td class=\"n\">" [words::count(rule.all.not_applicable)]
            "<td class=\"n\">" [words::count(rule.all.findings)] "</tr>");
    }
    html!(out; "</tbody></table></div></details></section>");
}

/// Writes the refused files and rejected records, with reasons.
fn rejects(outcome: &Outcome, out: &mut Markup) {
    html!(out; "<section id=\"rejects\" aria-labelledby=\"h-rejects\"><h2 id=\"h-rejects\">Rejects</h2>");
    let refused = || outcome.sources.iter().filter_map(|source| Some((source, source.fault.as_ref()?)));
    let all = refused().count() + outcome.rejects.len();
    if all == 0 {
        html!(out; "<p>None: every file and every record was used.</p></section>");
        return;
    }
    html!(out; "<p>" [words::counted(refused().count() as u64, "file", "files")] " refused, "
        [words::counted(outcome.counts.rejected, "record", "records")] " rejected.</p><div class=\"scroll\" tabindex=\"0\" "
        "role=\"group\" aria-label=\"Rejects\"><table><caption class=\"hear\">Refused files, then rejected records</caption><thead><tr>"
        "<th scope=\"col\">file<th scope=\"col\" class=\"n\">byte<th scope=\"col\" class=\"n\">line<th scope=\"col\">why"
        "<th scope=\"col\">field</tr></thead><tbody>");
    let line = |file: &str, at: &dyn Display, line: &dyn Display, why: &str, path: &str, out: &mut Markup| {
        html!(out; "<tr><th scope=\"row\">" [words::id(file)] "<td class=\"n\">" [at] "<td class=\"n\">" [line] "<td>" [why] "<td><code>"
            [words::id(path)] "</code></tr>");
    };
    for (source, fault) in refused().take(MOST) {
        line(&source.name, &"", &"", fault.reason.code(), "", out);
    }
    for reject in outcome.rejects.iter().take(MOST) {
        let file = source_name(&outcome.sources, reject.origin.file).unwrap_or_default();
        let number = reject.line.map_or_else(String::new, |line| line.to_string());
        line(file, &reject.origin.offset, &number, reject.reason.code(), &reject.path, out);
    }
    html!(out; "</tbody></table></div>");
    rest(refused().count().max(outcome.rejects.len()), "rejects.csv", out);
    html!(out; "</section>");
}

/// Writes which file has the rest of a list.
fn rest(all: usize, file: &'static str, out: &mut Markup) {
    if all > MOST {
        html!(out; "<p class=\"note\">These are the first " [MOST] "; " [file] " has all.</p>");
    }
}

fn about(outcome: &Outcome, options: &ReportOptions, out: &mut Markup) {
    html!(out; "<section id=\"about\" aria-labelledby=\"h-about\"><h2 id=\"h-about\">This run</h2><p>"
        [words::counted(outcome.sources.len() as u64, "input file", "input files")] ", hashed with " [options.input_hash]
        ". manifest.json names each with its hash, the configuration, and the hash of every file of this folder; the same "
        "input gives the same bytes. Amounts are exact; labels in pictures are rounded. Ids and references are as written, with "
        "what is invisible spelled out and card numbers masked.</p></section>");
}
