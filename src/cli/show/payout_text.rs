//! Payouts of a page as text.

use anstyle::Style;
use avstem_core::model::card::Kind;
use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::decimal;
use avstem_core::model::money::Sum;
use serde_json::Value;

use super::super::style::{DOUBTFUL, HEADING, QUIET, RIGHT, WRONG, styled};
use super::page::{ShowPage, ShownPayout, ShownRow, text_of};
use super::table::{TextTable, line};

/// Limit on the lines listed per payout; the rest are counted.
const LINES: usize = 20;

const UNEXPLAINED: &str = "unexplained_minor";

/// The parts of a payout, which come to its amount.
const PARTS: [(&str, &str); 7] = [
    ("captures_minor", "captured"),
    ("refunds_minor", "refunded"),
    ("fees_minor", "fees"),
    ("other_minor", "other"),
    ("carried_in_minor", "carried in"),
    ("carried_out_minor", "carried out"),
    (UNEXPLAINED, "unexplained"),
];

pub fn payouts(out: &mut String, page: &ShowPage) {
    for payout in &page.payouts {
        out.push('\n');
        if page.kind == Some(Kind::Transaction) {
            of_payment(out, payout);
        } else {
            whole(out, payout);
        }
    }
}

fn currency(row: &ShownRow) -> Option<&str> {
    Some(text_of(row, "currency")).filter(|currency| !currency.is_empty())
}

/// An amount; `None` where a file has none, since it is outside 64 bits.
fn minor(row: &ShownRow, column: &str) -> Option<Sum> {
    row.get(column).and_then(Value::as_i64).map(Sum::from)
}

fn number(payout: &ShownPayout, amount: Option<Sum>) -> String {
    let exponent = display_exponent(currency(&payout.row));
    amount.map_or_else(|| "-".to_owned(), |amount| decimal(amount, exponent))
}

fn money(payout: &ShownPayout, amount: Option<Sum>) -> String {
    format!("{} {}", number(payout, amount), currency(&payout.row).unwrap_or("no currency"))
}

/// A cell of a table: zero is dimmed, and what is unexplained is marked as wrong.
fn cell(payout: &ShownPayout, row: &ShownRow, column: &str) -> (String, Style) {
    let amount = minor(row, column);
    let style = match amount {
        None | Some(0) => QUIET,
        Some(_) if column == UNEXPLAINED => WRONG,
        Some(_) => Style::new(),
    };
    (number(payout, amount), style)
}

/// The payout by its day and names.
fn named(payout: &ShownPayout) -> String {
    let text = |column| text_of(&payout.row, column);
    let day = if text("settled_on").is_empty() { String::new() } else { format!(" of {}", text("settled_on")) };
    let reference = text("settlement_reference");
    let reference = if reference.is_empty() { String::new() } else { format!(", {reference}") };
    format!("payout {}{day} ({}{reference})", text("settlement_id"), text("namespace"))
}

/// What became of it, and how it was found on the bank account or why it was not.
fn state(payout: &ShownPayout) -> String {
    let row = &payout.row;
    let state = text_of(row, "state");
    let (style, why) = match state {
        "unseen" => (DOUBTFUL, "the input has no document of it".to_owned()),
        "postponed" => (DOUBTFUL, "it is to be paid later".to_owned()),
        "nothing" => (RIGHT, "nothing was to be paid".to_owned()),
        "unchecked" => (QUIET, "no bank statement was given".to_owned()),
        "differs" => (WRONG, format!("the bank received {}", received(payout))),
        "matched" => (RIGHT, format!("by {}", text_of(row, "matched_by"))),
        "ambiguous" => {
            let entries = row.get("candidates").and_then(Value::as_i64).unwrap_or(0);
            (DOUBTFUL, format!("entries of the bank account that may be its: {entries}"))
        }
        "overdue" => (WRONG, "the bank's statements cover its days and do not have it".to_owned()),
        "expected" => (QUIET, "the bank's statements do not cover all its days yet".to_owned()),
        _ => (QUIET, String::new()),
    };
    format!("{}: {why}", styled(style, state))
}

fn received(payout: &ShownPayout) -> String {
    match minor(&payout.row, "received_minor") {
        Some(amount) => money(payout, Some(amount)),
        None => "another currency".to_owned(),
    }
}

fn entries(out: &mut String, payout: &ShownPayout) {
    let entries = text_of(&payout.row, "bank_entries");
    if !entries.is_empty() {
        line(out, &format!("  on the bank account   {} {entries}", text_of(&payout.row, "bank_date")));
    }
}

fn whole(out: &mut String, payout: &ShownPayout) {
    let row = &payout.row;
    line(out, &format!("  {}", styled(HEADING, &named(payout))));
    line(out, &format!("  {}", state(payout)));
    entries(out, payout);
    let heads: Vec<&str> = PARTS.iter().map(|(_, head)| *head).chain(["amount", "received"]).collect();
    let mut table = TextTable::new(0, &heads);
    let columns = PARTS.iter().map(|(column, _)| *column).chain(["amount_minor", "received_minor"]);
    table.rows.push(columns.map(|column| cell(payout, row, column)).collect());
    table.lines().iter().for_each(|text| line(out, text));
    lines(out, payout);
}

fn lines(out: &mut String, payout: &ShownPayout) {
    if payout.lines.is_empty() {
        return;
    }
    out.push('\n');
    let mut table = TextTable::new(3, &["line", "kind", "transaction", "captured", "refunded", "fee", "other", "net"]);
    for row in payout.lines.iter().take(LINES) {
        let place = row.get("line").map_or_else(|| text_of(row, "event").to_owned(), Value::to_string);
        let texts = [place, text_of(row, "kind").to_owned(), text_of(row, "transaction_id").to_owned()];
        let amounts = ["capture_minor", "refund_minor", "fee_minor", "other_minor", "net_minor"];
        let texts = texts.into_iter().map(|text| (text, Style::new()));
        table.rows.push(texts.chain(amounts.map(|column| cell(payout, row, column))).collect());
    }
    table.lines().iter().for_each(|text| line(out, text));
    if payout.lines.len() > LINES {
        line(out, &format!("  and {} more; --format json has them all", payout.lines.len() - LINES));
    }
}

/// Where a payment's money went.
fn of_payment(out: &mut String, payout: &ShownPayout) {
    let nets = payout.lines.iter().map(|row| minor(row, "net_minor"));
    let (part, amount) = (money(payout, nets.sum()), money(payout, minor(&payout.row, "amount_minor")));
    line(out, &format!("  {part} in {}, {amount} in all", named(payout)));
    line(out, &format!("  {}", state(payout)));
    entries(out, payout);
}
