//! `report.html`: the run as a page, in one file that needs no other file.
//!
//! * `top`: verdict, the four answers, the money, what to do first
//! * `charts`: the charts
//! * `table`, `timeline`: the exceptions, and their timelines
//! * `explain`: the rules that fired
//! * `waiting`: findings that are not due yet
//! * `tail`: control totals, coverage, rejects
//! * [`nights`]: the page of many nights in a row
//!
//! `badge` shows a severity, `gather` counts once over all findings, `words` formats numbers and
//! texts, `markup` escapes data. Coordinates of charts are integers: no float is used near money.

mod badge;
mod charts;
mod explain;
mod gather;
mod markup;
pub mod nights;
mod payouts;
mod policy;
mod table;
mod tail;
mod timeline;
mod top;
mod waiting;
mod words;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use self::gather::Gathered;
use self::markup::{Markup, html};
use self::top::Verdict;
use super::ReportOptions;
use crate::engine::outcome::Outcome;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// More bytes than a page has.
const ROOM: usize = 10_000_000;

pub fn write<W: Write>(mut out: W, outcome: &Outcome, options: &ReportOptions) -> io::Result<W> {
    out.write_all(page(outcome, options)?.as_str().as_bytes())?;
    Ok(out)
}

fn page(outcome: &Outcome, options: &ReportOptions) -> io::Result<Markup> {
    let gathered = Gathered::new(outcome);
    let mut out = Markup::with_room(ROOM);
    head(outcome, &gathered, options, &mut out);
    html!(out; "<body><a class=\"skip\" href=\"#exceptions\">To the exceptions</a>");
    top::top(outcome, &gathered, options, &mut out);
    html!(out; "<nav aria-label=\"On this page\"><a href=\"#money\">Money</a> <a href=\"#pictures\">Pictures</a> ");
    if !outcome.payouts.all.is_empty() {
        html!(out; "<a href=\"#payouts\">Payouts</a> ");
    }
    html!(out; "<a href=\"#exceptions\">Exceptions</a> <a href=\"#waiting\">Waiting</a> <a href=\"#control\">Control totals</a> <a href=\"#coverage\">Coverage</a> "
        "<a href=\"#rejects\">Rejects</a></nav><main>");
    top::first(outcome, &gathered, options, &mut out);
    top::money(outcome, &mut out);
    html!(out; "<div id=\"pictures\">");
    charts::rules(outcome, &mut out);
    charts::flow(outcome, &mut out);
    charts::days(outcome, &mut out);
    charts::open_ages(outcome, &mut out);
    charts::finding_ages(outcome, &mut out);
    charts::heat(outcome, &gathered, &mut out);
    html!(out; "</div>");
    payouts::payouts(outcome, &mut out);
    table::exceptions(outcome, &gathered, &mut out)?;
    explain::explanations(outcome, &mut out);
    waiting::waiting(outcome, &mut out)?;
    tail::tail(outcome, options, &mut out);
    html!(out; "</main><script>");
    out.raw(SCRIPT);
    html!(out; "</script></body></html>\n");
    Ok(out)
}

fn head(outcome: &Outcome, gathered: &Gathered, options: &ReportOptions, out: &mut Markup) {
    html!(out; "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '" [policy::source(STYLE)]
        "'; script-src '" [policy::source(SCRIPT)] "'; img-src data:; base-uri 'none'; form-action 'none'\">"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light dark\">"
        "<meta name=\"referrer\" content=\"no-referrer\"><link rel=\"icon\" href=\"data:,\"><title>"
        [Verdict::of(outcome, gathered, options).headline(gathered)] " · avstem");
    if let Some(time) = outcome.as_of {
        html!(out; " · " [words::minute(time)]);
    }
    html!(out; "</title><style>");
    out.raw(STYLE);
    html!(out; "</style></head>");
}
