//! The charts of a history: each calendar day has a slot, so that a missing night shows as a gap.

use std::collections::BTreeMap;

use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;
use avstem_core::rules::find;

use crate::history::ageing::BUCKETS;
use crate::history::nights::{History, Night, RuleNight};
use crate::report::html::charts::{bar, length};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// Maximum number of days that are drawn; the last ones are drawn.
const DAYS: i64 = 366;

/// Maximum number of rules that have their own row.
const RULES: usize = 120;

/// Heights in the pictures.
const TALL: Sum = 100;
const HALF: Sum = 60;
const SMALL: Sum = 26;

/// Age labels, the youngest first; the last one is for findings without a time.
const AGES: [&str; 5] = ["0–1 days", "2–7 days", "8–30 days", "over 30 days", "no time given"];
const AGE_CLASSES: [&str; 5] = ["a0", "a1", "a2", "a3", "a4"];

/// Nights by calendar day.
struct NightSeries<'h> {
    /// The days of the first and the last slot.
    ends: (i64, i64),
    /// A slot for each run, and an empty one for each day without a run.
    days: Vec<Option<&'h Night>>,
    /// Whether earlier days are left out.
    is_cut: bool,
}

impl<'h> NightSeries<'h> {
    /// Returns the days of a history; `None` if no night has a day.
    fn new(history: &'h History) -> Option<NightSeries<'h>> {
        let mut by_day: BTreeMap<i64, Vec<&Night>> = BTreeMap::new();
        for (day, night) in history.nights.iter().filter_map(|night| Some((night.day()?, night))) {
            by_day.entry(day).or_default().push(night);
        }
        let (earliest, last) = (*by_day.keys().next()?, *by_day.keys().next_back()?);
        let first = earliest.max(last - DAYS + 1);
        let slots = |day| by_day.get(&day).map_or(vec![None], |nights| nights.iter().copied().map(Some).collect());
        Some(NightSeries {
            ends: (first, last),
            days: (first..=last).flat_map(slots).collect(),
            is_cut: first > earliest,
        })
    }

    fn nights(&self) -> impl Iterator<Item = &'h Night> {
        self.days.iter().flatten().copied()
    }

    fn most(&self, of: impl Fn(&Night) -> u64) -> u64 {
        self.nights().map(of).max().unwrap_or(0)
    }

    /// Draws bars from one height to another, measured upwards from the line at `base`.
    fn bars(&self, class: &'static str, base: Sum, of: impl Fn(&Night) -> (Sum, Sum), out: &mut Markup) {
        html!(out; "<path class=\"" [class] "\" d=\"");
        for (place, night) in self.days.iter().enumerate() {
            let Some((from, to)) = night.map(&of).filter(|(from, to)| from != to) else { continue };
            html!(out; "M" [place * 10 + 1] " " [base - from] "V" [base - to] "h8V" [base - from] "z");
        }
        html!(out; "\"/>");
    }

    /// Draws days without a run.
    fn gaps(&self, tall: Sum, out: &mut Markup) {
        html!(out; "<path class=\"gap\" d=\"");
        for (place, _) in self.days.iter().enumerate().filter(|(_, night)| night.is_none()) {
            html!(out; "M" [place * 10 + 1] " 0h8v" [tall] "h-8z");
        }
        html!(out; "\"/>");
    }

    fn begin(&self, class: &'static str, tall: Sum, out: &mut Markup) {
        html!(out; "<svg class=\"" [class] "\" viewBox=\"0 0 " [self.days.len() * 10] " " [tall]
            "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
        self.gaps(tall, out);
    }

    fn end(&self, axis: Sum, out: &mut Markup) {
        html!(out; "<path class=\"axis\" d=\"M0 " [axis] "H" [self.days.len() * 10] "\"/></svg><p class=\"axis\"><span>"
            [format_day(self.ends.0)] "</span><span>" [format_day(self.ends.1)] "</span></p>");
    }
}

/// Writes all charts.
pub fn pictures(history: &History, out: &mut Markup) {
    if let Some(series) = NightSeries::new(history) {
        html!(out; "<section aria-labelledby=\"h-nights\"><h2 id=\"h-nights\">From night to night</h2>");
        if series.is_cut {
            html!(out; "<p class=\"quiet\">The pictures are of the last " [words::count(DAYS.unsigned_abs())] " days.</p>");
        }
        exceptions(&series, out);
        moves(&series, out);
        html!(out; "</section>");
        rules(&series, history, out);
        ages(&series, out);
    }
    times(history, out);
}

/// Writes the legend of the colours.
fn key(parts: &[(&'static str, &'static str)], out: &mut Markup) {
    html!(out; "<ul class=\"key nights\">");
    for (class, name) in parts {
        html!(out; "<li><svg viewBox=\"0 0 10 10\" aria-hidden=\"true\"><rect class=\"" [class] "\" width=\"10\" height=\"10\"/></svg>" [name]);
    }
    html!(out; "</ul>");
}

fn exceptions(series: &NightSeries<'_>, out: &mut Markup) {
    let most = series.most(|night| night.all().findings);
    let fullest = series.nights().max_by_key(|night| (night.all().findings, std::cmp::Reverse(night.day())));
    html!(out; "<figure><figcaption><b>Exceptions of each night</b> ");
    if let Some(night) = fullest.filter(|_| most > 0) {
        html!(out; "Most on " [night.name()] ": " [words::count(most)] ". ");
    }
    let last = series.nights().last();
    if let Some(night) = last {
        html!(out; "Last " [words::count(night.open())] " open and " [words::count(night.all().accepted)] " accepted.");
    }
    html!(out; "</figcaption>");
    key(&[("open", "open"), ("accepted", "accepted"), ("gap", "no run")], out);
    let height = |count: u64| length(sum(count), sum(most), TALL);
    series.begin("nights", TALL + 2, out);
    series.bars("open", TALL, |night| (0, height(night.open())), out);
    series.bars("accepted", TALL, |night| (height(night.open()), height(night.all().findings)), out);
    series.end(TALL + 1, out);
    html!(out; "</figure>");
}

fn moves(series: &NightSeries<'_>, out: &mut Markup) {
    let most = series.most(|night| night.all().new.max(night.all().resolved));
    if most == 0 {
        return;
    }
    html!(out; "<figure><figcaption><b>What came and what was put right</b> New (up) ");
    total(series, |of| of.new, out);
    html!(out; "; put right (down) ");
    total(series, |of| of.resolved, out);
    html!(out; ".</figcaption>");
    key(&[("came", "new"), ("went", "put right"), ("gap", "no run")], out);
    let height = |count: u64| length(sum(count), sum(most), HALF);
    series.begin("nights", 2 * HALF + 4, out);
    series.bars("came", HALF, |night| (0, height(night.all().new)), out);
    series.bars("went", HALF + 3, |night| (0, -height(night.all().resolved)), out);
    series.end(HALF + 1, out);
    html!(out; "</figure>");
}

/// Writes the total, and the night with the most.
fn total(series: &NightSeries<'_>, of: fn(&RuleNight) -> u64, out: &mut Markup) {
    html!(out; [words::count(series.nights().map(|night| of(&night.all())).sum())]);
    let fullest = series.nights().max_by_key(|night| (of(&night.all()), std::cmp::Reverse(night.day())));
    if let Some(night) = fullest.filter(|night| of(&night.all()) > 0) {
        html!(out; ", most on " [night.name()]);
    }
}

/// A rule over all nights.
struct Trend<'h> {
    code: &'h str,
    last: RuleNight,
    most: u64,
    new: u64,
    resolved: u64,
}

impl<'h> Trend<'h> {
    fn of(code: &'h str, history: &History) -> Trend<'h> {
        let of = |night: &Night| night.rules.get(code).copied().unwrap_or_default();
        Trend {
            code,
            last: history.nights.last().map(of).unwrap_or_default(),
            most: history.nights.iter().map(|night| of(night).findings).max().unwrap_or(0),
            new: history.nights.iter().map(|night| of(night).new).sum(),
            resolved: history.nights.iter().map(|night| of(night).resolved).sum(),
        }
    }
}

/// Writes a row for each rule, those with most findings in the last night first.
fn rules(series: &NightSeries<'_>, history: &History, out: &mut Markup) {
    let mut trends: Vec<Trend<'_>> = history.rules().into_iter().map(|code| Trend::of(code, history)).collect();
    trends.sort_by_key(|trend| (std::cmp::Reverse((trend.last.findings, trend.most)), trend.code));
    if trends.is_empty() {
        return;
    }
    html!(out; "<section aria-labelledby=\"h-rules\"><h2 id=\"h-rules\">Trend by rule</h2><table class=\"trend\"><caption>Exceptions "
        "of a rule from night to night, each row by its own measure: its tallest bar is the number under most. Accepted ones are lighter.</caption><thead><tr>"
        "<th scope=\"col\">rule<th scope=\"col\">from " [format_day(series.ends.0)] " to " [format_day(series.ends.1)]
        "<th scope=\"col\" class=\"n\">last<th scope=\"col\" class=\"n\">most<th scope=\"col\" class=\"n wide\">new"
        "<th scope=\"col\" class=\"n wide\">put right</tr></thead><tbody>");
    for trend in trends.iter().take(RULES) {
        let of = |night: &Night| night.rules.get(trend.code).copied().unwrap_or_default();
        let height = |count: u64| length(sum(count), sum(trend.most), SMALL);
        html!(out; "<tr><th scope=\"row\">" [trend.code] "<span>" [find(trend.code).map_or("", |rule| rule.card.name)]
            "</span><td class=\"spark\">");
        series.begin("spark", SMALL, out);
        series.bars("open", SMALL, |night| (0, height(of(night).findings - of(night).accepted)), out);
        series.bars(
            "accepted",
            SMALL,
            |night| (height(of(night).findings - of(night).accepted), height(of(night).findings)),
            out,
        );
        html!(out; "</svg>");
        for (class, count) in
            [("n", trend.last.findings), ("n", trend.most), ("n wide", trend.new), ("n wide", trend.resolved)]
        {
            html!(out; "<td class=\"" [class] "\">" [if count == 0 { "–".to_owned() } else { words::count(count) }]);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></section>");
}

/// Writes how long the findings of each night have been open.
fn ages(series: &NightSeries<'_>, out: &mut Markup) {
    let Some(last) = series.nights().last() else { return };
    let most = series.most(|night| night.ages.iter().sum());
    html!(out; "<section aria-labelledby=\"h-ages\"><h2 id=\"h-ages\">Age profile</h2><figure><figcaption><b>How long exceptions are open</b> "
        "By the days since a run first had them, accepted ones too. On " [last.name()] ": ");
    let shown = if series.most(|night| night.ages[BUCKETS.len()]) > 0 { AGES.len() } else { BUCKETS.len() };
    for (at, (name, count)) in AGES.iter().zip(last.ages).take(shown).enumerate() {
        html!(out; [if at > 0 { ", " } else { "" }] [words::count(count)] " of " [name]);
    }
    html!(out; ".</figcaption>");
    let mut parts: Vec<(&str, &str)> = AGE_CLASSES.into_iter().zip(AGES).take(shown).collect();
    parts.push(("gap", "no run"));
    key(&parts, out);
    series.begin("nights", TALL + 2, out);
    let height = |night: &Night, ages: usize| length(sum(night.ages[..ages].iter().sum()), sum(most), TALL);
    for (at, class) in AGE_CLASSES.into_iter().enumerate().take(shown) {
        // The oldest are at the bottom, where their series is easiest to follow.
        series.bars(
            class,
            TALL,
            |night| {
                let all = height(night, AGES.len());
                (all - height(night, at + 1), all - height(night, at))
            },
            out,
        );
    }
    series.end(TALL + 1, out);
    html!(out; "<details><summary>In numbers</summary><div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Age profile\"><table>"
        "<caption class=\"hear\">Exceptions by age, night by night</caption><thead><tr><th scope=\"col\">night");
    for name in AGES.iter().take(shown) {
        html!(out; "<th scope=\"col\" class=\"n\">" [name]);
    }
    html!(out; "</tr></thead><tbody>");
    for night in series.nights() {
        html!(out; "<tr><th scope=\"row\">" [night.name()]);
        for count in night.ages.iter().take(shown) {
            html!(out; "<td class=\"n\">" [words::count(*count)]);
        }
        html!(out; "</tr>");
    }
    html!(out; "</tbody></table></div></details></figure></section>");
}

/// Writes how long it took to resolve findings.
fn times(history: &History, out: &mut Markup) {
    let Some(days) = history.median_days() else { return };
    let within = history.resolved_within();
    let most = within.into_iter().max().unwrap_or(0);
    html!(out; "<section aria-labelledby=\"h-times\"><h2 id=\"h-times\">Time to resolution</h2><table class=\"rules\"><caption>"
        "Days of the calendar from the run that first had an exception to the run that no longer had it; half of them within "
        [words::counted(days.unsigned_abs(), "day", "days")] ".</caption><thead><tr><th scope=\"col\">within<th scope=\"col\" class=\"wide\">"
        "<span class=\"hear\">share</span><th scope=\"col\" class=\"n\">put right</tr></thead><tbody>");
    for (name, count) in AGES.into_iter().zip(within) {
        html!(out; "<tr><th scope=\"row\">" [name] "<td class=\"wide\">");
        bar(sum(count), sum(most), "plain", out);
        html!(out; "<td class=\"n\">" [words::count(count)] "</tr>");
    }
    html!(out; "</tbody></table></section>");
}

/// Converts a count to the type that chart lengths are computed in.
fn sum(count: u64) -> Sum {
    Sum::from(count)
}
