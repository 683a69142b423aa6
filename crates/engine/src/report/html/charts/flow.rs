//! The flow of authorised money by currency: captured, released, open; of the captured, kept or
//! refunded.

use avstem_core::model::money::Sum;

use super::scale::{CURRENCIES, currencies, length};
use crate::engine::outcome::{Outcome, Totals};
use crate::report::html::markup::{Markup, html};
use crate::report::html::words;

/// The height of the first column, from which everything flows.
const TALL: Sum = 120;

/// The height of a label, which has two lines.
const LABEL: Sum = 30;

/// The gap between the parts of a column.
const GAP: Sum = 8;

/// The left edges of the three columns, and the width of a part.
const COLUMNS: [Sum; 3] = [0, 128, 256];
const WIDTH: Sum = 10;

/// A part of the chart.
struct Part {
    class: &'static str,
    name: &'static str,
    column: usize,
    amount: Sum,
    y: Sum,
    height: Sum,
}

/// Writes a chart for each currency.
pub fn flow(outcome: &Outcome, out: &mut Markup) {
    let currencies = currencies(outcome);
    if currencies.is_empty() {
        return;
    }
    html!(out; "<section aria-labelledby=\"h-flow\"><h2 id=\"h-flow\">Where the money went</h2><div class=\"figures\">");
    for (currency, totals) in currencies.iter().take(CURRENCIES) {
        picture(currency, totals, out);
    }
    html!(out; "</div>");
    if currencies.len() > CURRENCIES {
        html!(out; "<p class=\"quiet\">The currencies with most at stake; the table above has all of them.</p>");
    }
    html!(out; "</section>");
}

/// Stacks the parts of a column so that labels do not overlap; returns them and the height they
/// need.
fn column(at: usize, of: &[(&'static str, &'static str, Sum)], whole: Sum) -> (Vec<Part>, Sum) {
    let mut y = 0;
    let mut parts = Vec::new();
    for &(class, name, amount) in of {
        let height = length(amount, whole, TALL);
        parts.push(Part { class, name, column: at, amount, y, height });
        y += height.max(LABEL) + GAP;
    }
    (parts, y - GAP)
}

fn picture(currency: &str, totals: &Totals, out: &mut Markup) {
    let whole = totals.authorized.max(totals.captured.max(0) + totals.released.max(0) + totals.open.max(0));
    let (first, _) = column(0, &[("all", "authorised", totals.authorized)], whole);
    let middle =
        [("taken", "captured", totals.captured), ("freed", "released", totals.released), ("open", "open", totals.open)];
    let (second, tall) = column(1, &middle, whole);
    let (third, other) = column(2, &[("kept", "net", totals.net), ("back", "refunded", totals.refunded)], whole);
    html!(out; "<figure><figcaption><b>" [words::currency_name(currency)] "</b> ");
    in_words(currency, totals, out);
    html!(out; "</figcaption><svg class=\"flow\" viewBox=\"0 0 360 " [tall.max(other).max(TALL) + 2]
        "\" aria-hidden=\"true\">");
    ribbons(&first[0], &second, out);
    ribbons(&second[0], &third, out);
    for part in first.iter().chain(&second).chain(&third) {
        draw(part, currency, out);
    }
    html!(out; "</svg></figure>");
}

/// Draws bands from one part to the parts it flows to.
fn ribbons(from: &Part, to: &[Part], out: &mut Markup) {
    let (left, right) = (COLUMNS[from.column] + WIDTH, COLUMNS[from.column + 1]);
    let middle = (left + right) / 2;
    let mut y = from.y;
    for part in to.iter().filter(|part| part.height > 0) {
        // A part drawn with the minimum height must not extend beyond the end of its origin.
        let top = y.min(from.y + (from.height - part.height).max(0));
        html!(out; "<path class=\"" [part.class] "\" d=\"M" [left] " " [top] "C" [middle] " " [top] " " [middle] " " [part.y]
            " " [right] " " [part.y] "V" [part.y + part.height] "C" [middle] " " [part.y + part.height] " " [middle] " "
            [top + part.height] " " [left] " " [top + part.height] "Z\"/>");
        y += part.height;
    }
}

fn draw(part: &Part, currency: &str, out: &mut Markup) {
    let x = COLUMNS[part.column];
    if part.height > 0 {
        html!(out; "<rect class=\"" [part.class] "\" x=\"" [x] "\" y=\"" [part.y] "\" width=\"" [WIDTH] "\" height=\""
            [part.height] "\"/>");
    }
    html!(out; "<text x=\"" [x + WIDTH + 6] "\" y=\"" [part.y + 11] "\">" [part.name] "</text><text class=\"b\" x=\""
        [x + WIDTH + 6] "\" y=\"" [part.y + 26] "\">" [words::rough(part.amount, currency)] "</text>");
}

fn in_words(currency: &str, totals: &Totals, out: &mut Markup) {
    let sum = |sum: Sum| words::amount(sum, currency);
    html!(out; "Of " [sum(totals.authorized)] " authorised, " [sum(totals.captured)] " captured (" [sum(totals.refunded)]
        " of it refunded), " [sum(totals.released)] " released, " [sum(totals.open)] " open.");
}
