//! Captured and refunded amounts by day.

use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;

use super::scale::{CURRENCIES, currencies, length};
use crate::engine::outcome::{DayMoves, Outcome};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// Maximum number of bars of a chart: a longer period is drawn in steps of several days.
const BARS: i64 = 92;

/// Heights in the chart: captured above the line, refunded below it.
const UP: Sum = 100;
const DOWN: Sum = 50;

/// The amounts of a step.
#[derive(Clone, Copy, Default)]
struct Moved {
    captured: Sum,
    refunded: Sum,
}

/// The amounts of one currency, step by step.
struct DaySeries {
    first: i64,
    last: i64,
    /// Number of days of a step.
    step: i64,
    steps: Vec<Moved>,
    /// Amounts without a day.
    undated: Moved,
}

/// Returns the days of a currency on which something was captured or refunded.
fn moved<'o>(outcome: &'o Outcome, currency: &'o str) -> impl Iterator<Item = (Option<i64>, &'o DayMoves)> {
    let of_currency =
        outcome.days.range((currency.to_owned(), None)..).take_while(move |((code, _), _)| code == currency);
    let days = of_currency.map(|((_, day), moves)| (*day, moves));
    days.filter(|(_, moves)| (moves.captured, moves.refunded) != (0, 0))
}

impl DaySeries {
    /// Builds the series from the first day to the last.
    fn new(outcome: &Outcome, currency: &str, (first, last): (i64, i64)) -> DaySeries {
        let step = (last - first) / BARS + 1;
        let steps = usize::try_from((last - first) / step).unwrap_or(0) + 1;
        let (steps, undated) = (vec![Moved::default(); steps], Moved::default());
        let mut series = DaySeries { first, last, step, steps, undated };
        for (day, moves) in moved(outcome, currency) {
            let place = day.and_then(|day| usize::try_from((day - first) / step).ok());
            let at = place.map_or(&mut series.undated, |place| &mut series.steps[place]);
            at.captured += moves.captured;
            at.refunded += moves.refunded;
        }
        series
    }

    /// The first day of a step.
    fn day(&self, place: usize) -> i64 {
        self.first + i64::try_from(place).unwrap_or(0) * self.step
    }

    fn fullest(&self) -> (usize, Moved) {
        let by_size = |(place, moved): &(usize, &Moved)| (moved.captured, usize::MAX - place);
        self.steps
            .iter()
            .enumerate()
            .max_by_key(by_size)
            .map_or((0, Moved::default()), |(place, moved)| (place, *moved))
    }
}

/// Writes a chart for each currency, all over the same period.
pub fn days(outcome: &Outcome, out: &mut Markup) {
    let currencies: Vec<&str> = currencies(outcome).iter().map(|(code, _)| *code).take(CURRENCIES).collect();
    let dated = || currencies.iter().flat_map(|code| moved(outcome, code)).filter_map(|(day, _)| day);
    let Some(span) = dated().min().zip(dated().max()) else { return };
    let all: Vec<(&str, DaySeries)> = currencies
        .iter()
        .filter(|code| moved(outcome, code).next().is_some())
        .map(|code| (*code, DaySeries::new(outcome, code, span)))
        .collect();
    html!(out; "<section aria-labelledby=\"h-days\"><h2 id=\"h-days\">Captured and refunded per day</h2><div class=\"figures\">");
    for (currency, series) in &all {
        picture(currency, series, out);
    }
    html!(out; "</div><p class=\"quiet\">Every day and currency is in rollforward.csv.</p></section>");
}

fn picture(currency: &str, series: &DaySeries, out: &mut Markup) {
    let name = words::currency_name(currency);
    let most = series.steps.iter().map(|moved| moved.captured.max(moved.refunded)).max().unwrap_or(0);
    html!(out; "<figure><figcaption><b>" [name] "</b> ");
    in_words(currency, series, out);
    html!(out; "</figcaption><svg class=\"days\" viewBox=\"0 0 " [series.steps.len() * 10]
        " 150\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    for (place, moved) in series.steps.iter().enumerate() {
        let (up, down) = (length(moved.captured, most, UP), length(moved.refunded, most, UP).min(DOWN));
        if up > 0 {
            html!(out; "<rect class=\"up\" x=\"" [place * 10 + 1] "\" y=\"" [UP - up] "\" width=\"8\" height=\"" [up] "\"/>");
        }
        if down > 0 {
            html!(out; "<rect class=\"down\" x=\"" [place * 10 + 1] "\" y=\"" [UP + 2] "\" width=\"8\" height=\"" [down] "\"/>");
        }
    }
    html!(out; "<path class=\"axis\" d=\"M0 101H" [series.steps.len() * 10] "\"/></svg><p class=\"axis\"><span>"
        [format_day(series.first)] "</span><span>" [format_day(series.last)] "</span></p>");
    numbers(currency, series, out);
    html!(out; "</figure>");
}

fn in_words(currency: &str, series: &DaySeries, out: &mut Markup) {
    let total = |of: fn(&Moved) -> Sum| series.steps.iter().map(of).sum::<Sum>();
    let (place, fullest) = series.fullest();
    html!(out; "Captured (up) " [words::amount(total(|m| m.captured), currency)] ", refunded (down) "
        [words::amount(total(|m| m.refunded), currency)] "; ");
    if series.step > 1 {
        html!(out; "each bar is " [words::count(series.step.unsigned_abs())] " days; ");
    }
    html!(out; "most on " [format_day(series.day(place))] ": " [words::amount(fullest.captured, currency)]);
    if (series.undated.captured, series.undated.refunded) != (0, 0) {
        html!(out; "; without a day " [words::amount(series.undated.captured, currency)] " and "
            [words::amount(series.undated.refunded, currency)]);
    }
    html!(out; ".");
}

fn numbers(currency: &str, series: &DaySeries, out: &mut Markup) {
    html!(out; "<details><summary>In numbers</summary><table><caption class=\"hear\">Captured and refunded, "
        [words::currency_name(currency)] "</caption><thead><tr><th scope=\"col\">from<th scope=\"col\" class=\"n\">captured"
        "<th scope=\"col\" class=\"n\">refunded</tr></thead><tbody>");
    for (place, moved) in series.steps.iter().enumerate().filter(|(_, m)| (m.captured, m.refunded) != (0, 0)) {
        html!(out; "<tr><th scope=\"row\">" [format_day(series.day(place))] "<td class=\"n\">"
            [words::amount(moved.captured, currency)] "<td class=\"n\">" [words::amount(moved.refunded, currency)] "</tr>");
    }
    html!(out; "</tbody></table></details>");
}
