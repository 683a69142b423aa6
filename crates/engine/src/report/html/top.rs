//! The top of the page: verdict, amounts, what is new, what to do first.

use std::cmp::Reverse;

use avstem_core::model::card::Severity;
use avstem_core::model::money::Sum;

use super::badge::severity;
use super::charts::{currencies, fired};
use super::gather::{Gathered, OpenRule};
use super::markup::{Markup, html, with_code};
use super::words;
use crate::engine::outcome::{Comparison, Coverage, Outcome, Totals};
use crate::report::{ReportOptions, stake};
use crate::{TOOL, VERSION};

/// Maximum number of first steps.
const STEPS: usize = 5;

/// Maximum number of further steps: warnings about money, where errors take all of the first.
const WARNINGS: usize = 2;

/// Maximum number of currencies in the table of money.
const CURRENCIES: usize = 60;

/// The result of a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The control totals do not tie.
    Untied,
    /// Not all of the input could be read.
    Incomplete,
    /// There are open errors.
    Errors,
    /// There are only warnings or notes.
    Fair,
    /// There are no findings, but the input may not be what it should be.
    Doubtful,
    /// There are no open findings.
    Clean,
}

impl Verdict {
    pub fn of(outcome: &Outcome, gathered: &Gathered, options: &ReportOptions) -> Verdict {
        if outcome.control_totals.iter().any(|total| total.holds == Some(false)) {
            Verdict::Untied
        } else if !options.complete {
            Verdict::Incomplete
        } else if gathered.counts.open[Severity::Error as usize] > 0 {
            Verdict::Errors
        } else if !options.continuity.is_empty() && gathered.open_findings() == 0 {
            Verdict::Doubtful
        } else if gathered.open_findings() > 0 {
            Verdict::Fair
        } else {
            Verdict::Clean
        }
    }

    fn class(self) -> &'static str {
        match self {
            Verdict::Untied | Verdict::Incomplete | Verdict::Errors => "bad",
            Verdict::Fair | Verdict::Doubtful => "fair",
            Verdict::Clean => "good",
        }
    }

    pub fn headline(self, gathered: &Gathered) -> String {
        let [errors, warnings, infos] = gathered.counts.open;
        match self {
            Verdict::Untied => "The control totals do not tie".to_owned(),
            Verdict::Incomplete => "The input is not complete".to_owned(),
            Verdict::Errors => format!("{} to look into", words::counted(errors, "error", "errors")),
            Verdict::Fair if warnings > 0 => {
                format!("No errors, {} to look at", words::counted(warnings, "warning", "warnings"))
            }
            Verdict::Fair => format!("No errors, {} to know", words::counted(infos, "note", "notes")),
            Verdict::Doubtful => "No findings, but look at the input first".to_owned(),
            Verdict::Clean => "Everything balances".to_owned(),
        }
    }
}

/// Writes verdict, as-of, what was read, and the four answers.
pub fn top(outcome: &Outcome, gathered: &Gathered, options: &ReportOptions, out: &mut Markup) {
    let verdict = Verdict::of(outcome, gathered, options);
    html!(out; "<header class=\"top " [verdict.class()] "\"><p class=\"over\">" [TOOL] " " [VERSION] " · ");
    match outcome.as_of {
        Some(time) => html!(out; "as of <time datetime=\"" [time] "\">" [words::minute(time)] " UTC</time>"),
        None => html!(out; "undated: the input has no time"),
    }
    html!(out; "</p><h1 id=\"verdict\">" [verdict.headline(gathered)] "</h1><p class=\"reason\">" [options.exit.reason] " (exit code "
        [options.exit.code] ").</p>");
    read(outcome, options, out);
    answers(outcome, gathered, out);
    html!(out; "</header>");
}

/// Writes what was read, and whether all of it was.
fn read(outcome: &Outcome, options: &ReportOptions, out: &mut Markup) {
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count() as u64;
    let counts = outcome.counts;
    html!(out; "<p class=\"read\">");
    if refused + counts.rejected > 0 {
        html!(out; "<strong>Not all of it was read:</strong> " [words::counted(refused, "file", "files")] " refused, "
            [words::counted(counts.rejected, "record", "records")] " rejected; <a href=\"#rejects\">which and why</a>. ");
    } else {
        html!(out; "<strong>All of it was read:</strong> ");
    }
    html!(out; [words::counted(outcome.sources.len() as u64, "file", "files")] ", "
        [words::counted(counts.records, "record", "records")] ": " [words::count(counts.accepted)] " accepted, "
        [words::count(counts.duplicate)] " duplicate, " [words::count(counts.superseded)] " superseded, "
        [words::count(counts.rejected)] " rejected.");
    if !options.excluded.is_empty() {
        let excluded = options.excluded.len() as u64;
        html!(out; " " [words::counted(excluded, "file", "files")] " excluded by the configuration.");
    }
    html!(out; "</p>");
    for notice in &options.continuity {
        html!(out; "<p class=\"read\"><strong>Doubtful:</strong> " [notice.sentence()] "</p>");
    }
}

fn answers(outcome: &Outcome, gathered: &Gathered, out: &mut Markup) {
    let [errors, warnings, infos] = gathered.counts.open;
    html!(out; "<dl class=\"answers\"><div><dt>Is anything wrong?</dt><dd><b id=\"errors\">" [words::counted(errors, "error", "errors")]
        "</b><span>" [words::counted(warnings, "warning", "warnings")] ", " [words::count(infos)] "\u{A0}info");
    if gathered.counts.roots < gathered.all {
        html!(out; "; from " [words::counted(gathered.counts.roots, "cause", "causes")]);
    }
    if gathered.counts.accepted > 0 {
        html!(out; "; " [words::count(gathered.counts.accepted)] "\u{A0}accepted");
    }
    html!(out; "</span></dd></div><div><dt>How much money?</dt><dd>");
    difference(gathered, out);
    html!(out; "</dd></div><div><dt>What is new?</dt><dd>");
    news(outcome, out);
    html!(out; "</dd></div><div><dt>What first?</dt><dd>");
    match steps(outcome, gathered).first() {
        Some((_, rule, _)) => {
            html!(out; "<b><a href=\"#first\">" [rule.card.name] "</a></b><span>" [rule.card.code] "</span>")
        }
        None => html!(out; "<b>nothing</b><span>keep this folder with the day's papers</span>"),
    }
    html!(out; "</dd></div></dl>");
}

/// Writes the changes since the baseline.
fn news(outcome: &Outcome, out: &mut Markup) {
    let Some(comparison) = &outcome.comparison else {
        html!(out; "<b>not known</b><span>no earlier run was given to compare with</span>");
        return;
    };
    let moves = comparison.moves.all();
    html!(out; "<b>" [words::count(moves.new.count)] "\u{A0}new</b><span>" [words::count(moves.changed.count)]
        "\u{A0}changed, " [words::count(moves.open.count)] "\u{A0}still open, " [words::count(moves.resolved.count)]
        "\u{A0}resolved");
    if moves.back.count > 0 {
        html!(out; ", " [words::count(moves.back.count)] "\u{A0}back");
    }
    if moves.unseen.count > 0 {
        html!(out; ", " [words::count(moves.unseen.count)] "\u{A0}not in this input");
    }
    if let Some(time) = comparison.baseline.past.as_of {
        html!(out; " since " [words::minute(time)]);
    }
    html!(out; "</span>");
}

/// Returns how many findings of a rule the baseline does not have.
fn new_of(outcome: &Outcome, rule: &str) -> u64 {
    let of_rule = |comparison: &Comparison| {
        let moves = comparison.moves.by_rule.iter().filter(|((code, _), _)| code == rule);
        moves.map(|(_, moves)| moves.new.count).sum()
    };
    outcome.comparison.as_ref().map_or(0, of_rule)
}

/// Writes what the open errors come to, the largest amount large, and below that what the warnings come to.
fn difference(gathered: &Gathered, out: &mut Markup) {
    let [errors, warnings, _] = gathered.money.each_ref().map(|of| {
        let mut amounts: Vec<(&str, Sum)> = of.iter().map(|(code, sum)| (code.as_str(), *sum)).collect();
        stake::sort(&mut amounts);
        amounts
    });
    let (name, first) = if errors.is_empty() { ("warnings", &warnings) } else { ("errors", &errors) };
    let Some(((main, sum), others)) = first.split_first() else {
        html!(out; "<b>none</b><span>no error or warning is about an amount</span>");
        return;
    };
    html!(out; "<b>" [words::amount(*sum, main)] " <span class=\"unit\">" [words::currency_name(main)] "</span></b><span>");
    if !others.is_empty() {
        html!(out; "and " [words::amounts(others.iter().copied(), 3)] "; ");
    }
    html!(out; "in " [name]);
    if !errors.is_empty() && !warnings.is_empty() {
        html!(out; "; in warnings " [words::amounts(warnings.into_iter(), 2)]);
    }
    html!(out; "</span>");
}

/// Returns the rules to begin with: errors first, then by their largest amount, then rules with new findings, then by
/// number of findings. Behind the first ones come the warnings with the largest amounts.
fn steps<'o>(outcome: &'o Outcome, gathered: &'o Gathered) -> Vec<(Severity, &'o Coverage, &'o OpenRule)> {
    let open = fired(outcome).into_iter().filter_map(|(severity, rule)| {
        let found = gathered.rules.get(&rule.card.number).filter(|found| found.count > 0)?;
        Some((severity, rule, found))
    });
    let mut steps: Vec<_> = open.collect();
    let money = |found: &OpenRule| found.money.iter().map(|(code, sum)| stake::weight(*sum, code)).max().unwrap_or(0);
    steps.sort_by_cached_key(|(severity, rule, found)| {
        let new = new_of(outcome, rule.card.code) > 0;
        (*severity, Reverse((money(found), new, found.count)), rule.card.number)
    });
    let later = steps.split_off(STEPS.min(steps.len()));
    let warnings = later.into_iter().filter(|(severity, _, found)| *severity == Severity::Warning && money(found) > 0);
    steps.extend(warnings.take(WARNINGS));
    steps
}

/// Writes what to do first.
pub fn first(outcome: &Outcome, gathered: &Gathered, options: &ReportOptions, out: &mut Markup) {
    let verdict = Verdict::of(outcome, gathered, options);
    let steps = steps(outcome, gathered);
    if steps.is_empty() && !matches!(verdict, Verdict::Untied | Verdict::Incomplete) {
        return;
    }
    html!(out; "<section id=\"first\" aria-labelledby=\"h-first\"><h2 id=\"h-first\">What to do first</h2>");
    if !steps.is_empty() {
        html!(out; "<p class=\"quiet\">Errors first, then warnings; of each the largest amount in one currency first (by its number, "
            "not by exchange rates), then what is new, then the most exceptions.</p>");
    }
    html!(out; "<ol class=\"steps\">");
    match verdict {
        Verdict::Untied => {
            html!(out; "<li><b>Do not use these numbers.</b> The <a href=\"#control\">control totals</a> do not tie: "
            "a mistake of avstem itself. Report it, with this folder.</li>")
        }
        Verdict::Incomplete => {
            html!(out; "<li><b>Get what is missing.</b> <a href=\"#rejects\">Rejects</a> says which files and "
            "records could not be used and why; until then a missing exception means nothing.</li>")
        }
        _ => {}
    }
    for (worst, rule, found) in &steps {
        let card = rule.card;
        html!(out; "<li>");
        severity(*worst, out);
        let sums = words::amounts(found.money.iter().map(|(code, sum)| (code.as_str(), *sum)), 3);
        html!(out; " <b><a href=\"#exceptions\" data-rule=\"" [card.code] "\">" [card.code] " " [card.name] "</a></b>, "
            [words::counted(found.count, "exception", "exceptions")]);
        let new = new_of(outcome, card.code);
        if new > 0 {
            html!(out; " (" [words::count(new)] "\u{A0}new)");
        }
        if !sums.is_empty() {
            html!(out; ", " [sums]);
        }
        html!(out; ". ");
        with_code(card.action, out);
        html!(out; "</li>");
    }
    html!(out; "</ol></section>");
}

/// Writes the totals of transactions and of orders, by currency.
pub fn money(outcome: &Outcome, out: &mut Markup) {
    html!(out; "<section id=\"money\" aria-labelledby=\"h-money\"><h2 id=\"h-money\">The money</h2>");
    let orders = stake::currencies(outcome, &outcome.order_totals);
    if outcome.totals.is_empty() && orders.is_empty() {
        html!(out; "<p>The input has no transaction and no order.</p>");
    }
    totals(
        "t-transactions",
        "Transactions: authorised = captured + released + open; net = captured − refunded",
        &currencies(outcome),
        out,
    );
    totals("t-orders", "Shopping orders, as they record the same", &orders, out);
    html!(out; "</section>");
}

fn totals(id: &'static str, caption: &'static str, of: &[(&str, &Totals)], out: &mut Markup) {
    if of.is_empty() {
        return;
    }
    html!(out; "<table class=\"totals\" id=\"" [id] "\" role=\"table\"><caption>" [caption] "</caption><thead role=\"rowgroup\"><tr role=\"row\">"
        "<th scope=\"col\" role=\"columnheader\">currency");
    for name in COLUMNS {
        html!(out; "<th scope=\"col\" role=\"columnheader\" class=\"n\">" [name]);
    }
    html!(out; "</tr></thead><tbody role=\"rowgroup\">");
    for (currency, totals) in of.iter().take(CURRENCIES) {
        html!(out; "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">" [words::currency_name(currency)]);
        let sums = [totals.authorized, totals.captured, totals.refunded, totals.released, totals.open, totals.net];
        for (name, sum) in COLUMNS.into_iter().zip(sums) {
            html!(out; "<td role=\"cell\" class=\"n\" data-l=\"" [name] "\">" [words::amount(sum, currency)]);
        }
        html!(out; "<td role=\"cell\" class=\"n\" data-l=\"" [COLUMNS[6]] "\">" [words::count(totals.ledgers)] "</tr>");
    }
    html!(out; "</tbody></table>");
    let declined: Vec<(&str, Sum)> = of.iter().map(|(code, totals)| (*code, totals.not_authorized)).collect();
    let declined = words::amounts(declined.into_iter(), 6);
    if !declined.is_empty() {
        html!(out; "<p class=\"quiet\">Beside that, declined, failed or only begun: " [declined] ".</p>");
    }
    if of.len() > CURRENCIES {
        html!(out; "<p class=\"quiet\">" [words::counted((of.len() - CURRENCIES) as u64, "currency", "currencies")]
            " more in summary.json.</p>");
    }
}

/// The columns of the table of money.
const COLUMNS: [&str; 7] = ["authorised", "captured", "refunded", "released", "open", "net", "accounts"];
