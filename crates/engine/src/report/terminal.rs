//! The run on a terminal of 80 by 24: what was read, what does not balance, the totals, the
//! verdict.

use std::cmp::Reverse;
use std::fmt::Write;

use avstem_core::model::card::Severity;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{counted, grouped, shown, visible};
use avstem_core::model::money::Sum;

use super::{ReportOptions, rejects, stake};
use crate::engine::outcome::{AcceptanceState, Coverage, Outcome, Totals};
use crate::{TOOL, VERSION};

/// The width of the terminal.
const WIDTH: usize = 80;

/// Lines shared by rejects, the results of earlier runs, and rules; rules that do not fit are
/// counted.
const LINES: usize = 5;

/// Maximum lines for the reason of the first reject.
const REASON: usize = 2;

/// Maximum acceptances of one kind that are named; the others are counted.
const ENTRIES: usize = 2;

/// The column where the text after a heading begins.
const INDENT: usize = 11;

/// Maximum characters of the name of a run.
const NAME: usize = 24;

/// Maximum characters of a currency: an export may have any text there.
const CURRENCY: usize = 8;

/// The summary of a run: 23 lines at most, and those of a doubtful input and of a long verdict.
///
/// `folder` is where the report is, as the user named it.
pub fn terminal_summary(outcome: &Outcome, options: &ReportOptions, folder: &str) -> String {
    let mut lines = Vec::new();
    head(&mut lines, outcome);
    let nights = nights(outcome);
    let doubts = doubts(options);
    let left_out = left_out(outcome, LINES.saturating_sub(nights.len() + doubts.len()).max(REASON));
    // A doubtful input costs lines, but never all of the findings.
    let least = if doubts.is_empty() { 0 } else { REASON };
    let rules = LINES.saturating_sub(nights.len() + doubts.len() + left_out.len()).max(least);
    lines.extend(left_out);
    lines.extend(doubts);
    lines.push(String::new());
    findings(&mut lines, outcome, rules, options.complete);
    lines.extend(nights);
    lines.push(String::new());
    totals(&mut lines, outcome);
    paragraph(&mut lines, "Verdict", &format!("{} (exit\u{A0}{})", options.exit.reason, options.exit.code));
    lines.push(entry("Report", &visible(folder)));
    lines.join("\n") + "\n"
}

/// Formats a heading and its text.
fn entry(heading: &str, text: &str) -> String {
    format!("{heading:<INDENT$}{text}").trim_end().to_owned()
}

/// Adds a heading and its text, which may need several lines.
fn paragraph(lines: &mut Vec<String>, heading: &str, text: &str) {
    for (at, line) in wrapped(&visible(text), WIDTH - INDENT).iter().enumerate() {
        lines.push(entry(if at == 0 { heading } else { "" }, &cut(&ascii(line), WIDTH - INDENT)));
    }
}

/// Formats a count with spaces between thousands.
fn count(number: u64) -> String {
    grouped(Sum::from(number), 0)
}

/// Replaces characters outside ASCII: every terminal shows ASCII, one column per character.
fn ascii(text: &str) -> String {
    let ascii = |c| match c {
        ' '..='~' => c,
        '\u{A0}' => ' ',
        _ => '?',
    };
    text.chars().map(ascii).collect()
}

/// Formats a currency as written, cut to what fits.
fn currency_name(text: &str) -> String {
    let mut name = ascii(&shown(text));
    if name.len() > CURRENCY {
        name.truncate(CURRENCY - 2);
        name.push_str("..");
    }
    name
}

fn head(lines: &mut Vec<String>, outcome: &Outcome) {
    let as_of = outcome.as_of.map_or("undated: no time in the input".to_owned(), |time| format!("as of {time}"));
    lines.push(format!("{TOOL} {VERSION}, {as_of}"));
    lines.push(String::new());
    let refused = outcome.sources.iter().filter(|source| source.fault.is_some()).count() as u64;
    let files = counted(outcome.sources.len() as u64, "file", "files");
    let refused = if refused == 0 { String::new() } else { format!(" ({} refused)", count(refused)) };
    let counts = outcome.counts;
    lines.push(entry("Read", &format!("{files}{refused}, {}:", counted(counts.records, "record", "records"))));
    let outcomes = [
        (counts.accepted, "accepted"),
        (counts.duplicate, "duplicate"),
        (counts.superseded, "superseded"),
        (counts.rejected, "rejected"),
    ];
    let outcomes: Vec<String> = outcomes.iter().map(|(number, word)| format!("{} {word}", count(*number))).collect();
    lines.push(entry("", &outcomes.join(", ")));
}

/// What a reader must know of the input before trusting the findings, and the files that are excluded.
fn doubts(options: &ReportOptions) -> Vec<String> {
    let mut lines = Vec::new();
    for notice in &options.continuity {
        paragraph(&mut lines, "Doubtful", &notice.sentence());
    }
    if let Some(first) = options.excluded.first() {
        let more = match options.excluded.len() - 1 {
            0 => String::new(),
            more => format!(" and {} more", count(more as u64)),
        };
        lines.push(entry("Excluded", &(end_of(&visible(first), WIDTH - INDENT - more.len()) + &more)));
    }
    lines
}

/// Returns the first refused file or rejected record and why, in at most `most` lines; `most` must
/// be at least 2.
fn left_out(outcome: &Outcome, most: usize) -> Vec<String> {
    let Some((place, reason, more)) = rejects::first(outcome) else { return Vec::new() };
    let more = match more {
        0 => String::new(),
        more => format!(", and {} more in rejects.csv", count(more)),
    };
    let room = WIDTH - INDENT - more.len();
    let mut lines = vec![entry("Left out", &(end_of(&visible(&place), room) + &more))];
    let mut reason = wrapped(&ascii(&reason), WIDTH - INDENT);
    let shown = REASON.min(most - lines.len());
    if reason.len() > shown {
        let rest = reason.split_off(shown - 1).join(" ");
        reason.push(cut(&rest, WIDTH - INDENT));
    }
    lines.extend(reason.iter().map(|line| entry("", line)));
    lines
}

/// Cuts the beginning of a text that is too long: the end of a path identifies it.
fn end_of(text: &str, width: usize) -> String {
    match text.chars().count().checked_sub(width) {
        None | Some(0) => text.to_owned(),
        Some(over) => "..".chars().chain(text.chars().skip(over + 2)).collect(),
    }
}

/// Cuts the end of a text that is too long.
fn cut(text: &str, width: usize) -> String {
    match text.char_indices().nth(width) {
        None => text.to_owned(),
        Some(_) => text.chars().take(width - 2).chain("..".chars()).collect(),
    }
}

/// Wraps the words of a text at a width; a longer word has its own line.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn findings(lines: &mut Vec<String>, outcome: &Outcome, rules: usize, complete: bool) {
    let [errors, warnings, infos] = outcome.findings.counts().open;
    let severities = [
        counted(errors, "error", "errors"),
        counted(warnings, "warning", "warnings"),
        format!("{} info", count(infos)),
    ];
    let accepted = outcome.findings.counts().accepted;
    let mut text = match (errors + warnings + infos, outcome.counts.accepted) {
        (0, 0) => "none, as nothing was read".to_owned(),
        (0, _) if !complete => "none in what was read".to_owned(),
        (0, _) => "none".to_owned(),
        _ => severities.join(", "),
    };
    let (roots, all) = (outcome.findings.counts().roots, outcome.findings.len() as u64);
    if roots < all {
        text += &format!("; from {}", counted(roots, "cause", "causes"));
    }
    if accepted > 0 {
        text += &format!("; {} accepted", count(accepted));
    }
    lines.push(entry("Findings", &text));
    let mut fired: Vec<(Severity, &Coverage)> = outcome
        .coverage
        .iter()
        .filter(|rule| rule.all.findings > 0)
        .filter_map(|rule| Some((rule.severity?, rule)))
        .collect();
    fired.sort_by_cached_key(|(severity, rule)| {
        (*severity, Reverse((stake::most(rule), rule.all.findings)), rule.card.number)
    });
    for (severity, rule) in fired.iter().take(rules) {
        lines.push(rule_line(*severity, rule));
    }
    if fired.len() > rules {
        let more = counted((fired.len() - rules) as u64, "other rule", "other rules");
        lines.push(format!("  and {more} in exceptions.csv"));
    }
}

/// Returns a line each on the baseline, waiting findings and acceptances, if there are any.
fn nights(outcome: &Outcome) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(comparison) = &outcome.comparison {
        let all = comparison.moves.all();
        let parts = [
            (all.new.count, "new"),
            (all.back.count, "back"),
            (all.open.count, "open"),
            (all.changed.count, "changed"),
            (all.resolved.count, "resolved"),
            (all.unseen.count, "unseen"),
        ];
        let shown = parts.iter().filter(|(number, word)| *word != "back" || *number > 0);
        let parts: Vec<String> = shown.map(|(number, word)| format!("{} {word}", count(*number))).collect();
        let name = comparison.baseline.past.name();
        lines.push(entry("Since", &format!("{}: {}", ascii(&end_of(&name, NAME)), parts.join(", "))));
    }
    let waiting: u64 = outcome.waiting_by_rule.values().sum();
    if waiting > 0 {
        lines.push(entry("Waiting", &format!("{} not due yet, see waiting.csv", count(waiting))));
    }
    let parts = AcceptanceState::ALL.into_iter().filter_map(|stand| {
        let of = || outcome.acceptances.iter().filter(|acceptance| acceptance.stand() == stand);
        let first: Vec<String> = of().take(ENTRIES).map(|acceptance| acceptance.entry.line.to_string()).collect();
        match of().count() {
            0 => None,
            number if stand == AcceptanceState::Holds => {
                Some(format!("{} of the acceptances hold", count(number as u64)))
            }
            number => {
                let more = if number > ENTRIES { ", .." } else { "" };
                let lines = if number == 1 { "line" } else { "lines" };
                Some(format!("{} {} ({lines} {}{more})", count(number as u64), stand.word(), first.join(", ")))
            }
        }
    });
    let text = parts.collect::<Vec<_>>().join(", ");
    if !text.is_empty() {
        lines.push(entry("Accepted", &text));
    }
    lines
}

/// Formats one rule: how often it fired, and the sums of its differences.
fn rule_line(severity: Severity, rule: &Coverage) -> String {
    let money = stake::of_rule(rule).into_iter();
    let money: Vec<String> = money.map(|(code, minor)| amount(minor, code) + " " + &currency_name(code)).collect();
    let (code, name, findings) = (rule.card.code, rule.card.name, count(rule.all.findings));
    let mut line = format!("  {code} {name:<28} {:<7} {findings:>9}", severity.word());
    // The largest amount is worth more than columns in line.
    if money.first().is_some_and(|first| line.len() + first.len() + "  , ..".len() > WIDTH) {
        line = format!("  {code} {name} {} {findings}", severity.word());
    }
    for (at, text) in money.iter().enumerate() {
        let rest = if at + 1 < money.len() { ", ..".len() } else { 0 };
        if line.len() + 2 + text.len() + rest > WIDTH {
            line.push_str(if at == 0 { "  .." } else { ", .." });
            break;
        }
        // Writing to a String cannot fail.
        let _ = write!(line, "{}{text}", if at == 0 { "  " } else { ", " });
    }
    line
}

fn amount(minor: Sum, currency: &str) -> String {
    grouped(minor, display_exponent(Some(currency)))
}

/// Writes the totals of transactions, one column per currency; those with most at stake first, as many as fit.
fn totals(lines: &mut Vec<String>, outcome: &Outcome) {
    if outcome.totals.is_empty() {
        return;
    }
    type Of = fn(&Totals) -> Sum;
    let rows: [(&str, Of); 6] = [
        ("authorised", |t| t.authorized),
        ("captured", |t| t.captured),
        ("refunded", |t| t.refunded),
        ("released", |t| t.released),
        ("open", |t| t.open),
        ("net", |t| t.net),
    ];
    let currencies = stake::currencies(outcome, &outcome.totals);
    let all = currencies.len();
    let mut text: Vec<String> = rows.iter().map(|(name, _)| format!("  {name:<11}")).collect();
    let mut heading = format!("{:<13}", "Totals");
    let mut taken = 0;
    for (code, totals) in currencies {
        let name = currency_name(code);
        let cells = rows.map(|(_, of)| amount(of(totals), code));
        let width = cells.iter().map(String::len).max().unwrap_or(0).max(name.len()) + 2;
        let more = if taken + 1 < all { "  and 999 more".len() } else { 0 };
        if taken > 0 && heading.len() + width + more > WIDTH {
            break;
        }
        let _ = write!(heading, "{name:>width$}");
        for (line, cell) in text.iter_mut().zip(cells) {
            let _ = write!(line, "{cell:>width$}");
        }
        taken += 1;
    }
    if taken < all {
        let _ = write!(heading, "  and {} more", all - taken);
    }
    lines.push(heading);
    lines.append(&mut text);
    lines.push(String::new());
}
