//! The section "From payment to bank": payouts by state, what became of the captured money, and the
//! payouts that are not on the bank account.

use avstem_core::model::instant::format_day;
use avstem_core::model::money::Sum;
use avstem_core::payout::{Payout, PayoutKey, PayoutState};

use super::badge::severity;
use super::charts::step;
use super::markup::{Markup, html};
use super::words;
use crate::engine::outcome::{NO_CURRENCY, Outcome, PayoutSums};
use crate::report::stake;

/// Maximum number of payouts that are listed; payouts.csv has all.
const MOST: usize = 30;

/// Maximum number of currencies with sums; summary.json has all.
const CURRENCIES: usize = 12;

/// States of payouts that need a look, the worst first.
const OPEN: [PayoutState; 6] = [
    PayoutState::Differs,
    PayoutState::Overdue,
    PayoutState::Ambiguous,
    PayoutState::Unseen,
    PayoutState::Postponed,
    PayoutState::Expected,
];

/// Writes the section; nothing without payouts.
pub fn payouts(outcome: &Outcome, out: &mut Markup) {
    if outcome.payouts.all.is_empty() {
        return;
    }
    html!(out; "<section id=\"payouts\" aria-labelledby=\"h-payouts\"><h2 id=\"h-payouts\">From payment to bank</h2>");
    let sums = outcome.payouts.sums();
    let mut currencies: Vec<(&str, &PayoutSums)> = sums.iter().map(|(code, sums)| (code.as_str(), sums)).collect();
    currencies.sort_by_key(|(code, sums)| std::cmp::Reverse(stake::weight(sums.amount, code)));
    states(&currencies, out);
    html!(out; "<div class=\"figures\">");
    currencies.iter().take(CURRENCIES).for_each(|(currency, sums)| waterfall(currency, sums, out));
    html!(out; "</div>");
    if currencies.len() > CURRENCIES {
        html!(out; "<p class=\"quiet\">" [words::counted((currencies.len() - CURRENCIES) as u64, "currency", "currencies")]
            " more in summary.json.</p>");
    }
    open(outcome, out);
    html!(out; "</section>");
}

/// Writes the number of payouts by currency and state.
fn states(currencies: &[(&str, &PayoutSums)], out: &mut Markup) {
    let occurs = |state: &&PayoutState| currencies.iter().any(|(_, sums)| sums.by_state.contains_key(state.word()));
    let states: Vec<&PayoutState> = PayoutState::ALL.iter().filter(occurs).collect();
    html!(out; "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Payouts by state\"><table>"
        "<caption>Payouts by state. <code>matched</code>: on the bank account; <code>nothing</code>: nothing was to be paid.</caption>"
        "<thead><tr><th scope=\"col\">currency<th scope=\"col\" class=\"n\">payouts");
    for state in &states {
        html!(out; "<th scope=\"col\" class=\"n\">" [state.word()]);
    }
    html!(out; "<th scope=\"col\" class=\"n\">to be paid<th scope=\"col\" class=\"n\">received</tr></thead><tbody>");
    for (currency, sums) in currencies.iter().take(CURRENCIES) {
        html!(out; "<tr><th scope=\"row\">" [words::currency_name(currency)] "<td class=\"n\">" [words::count(sums.payouts)]);
        for state in &states {
            match sums.by_state.get(state.word()) {
                Some(count) => html!(out; "<td class=\"n\">" [words::count(*count)]),
                None => html!(out; "<td class=\"n\">–"),
            }
        }
        html!(out; "<td class=\"n\">" [words::amount(sums.amount, currency)] "<td class=\"n\">"
            [words::amount(sums.received, currency)] "</tr>");
    }
    html!(out; "</tbody></table></div>");
}

/// Writes how captures become the amount paid: each part with a bar from where the one before ends.
fn waterfall(currency: &str, sums: &PayoutSums, out: &mut Markup) {
    let parts = [
        ("captured", sums.parts.captures),
        ("refunded", sums.parts.refunds),
        ("fees", sums.parts.fees),
        ("other", sums.other),
        ("carried in", sums.carried_in),
        ("carried out", sums.carried_out),
        ("unexplained", sums.unexplained),
    ];
    let ends = || {
        parts.iter().scan(0, |so_far: &mut Sum, (_, part)| {
            *so_far += part;
            Some(*so_far)
        })
    };
    let low = ends().min().unwrap_or(0).min(0).min(sums.amount).min(sums.received);
    let high = ends().max().unwrap_or(0).max(0).max(sums.amount).max(sums.received);
    html!(out; "<figure><figcaption><b>" [words::currency_name(currency)] "</b> from captured to paid</figcaption><table class=\"fall\"><tbody>");
    let mut row = |name: &'static str, class: &'static str, from: Sum, part: Sum| {
        html!(out; "<tr><th scope=\"row\">" [name] "<td class=\"n\">" [words::amount(part, currency)] "<td class=\"wide\">");
        step((from, from + part), (low, high), class, out);
        html!(out; "</tr>");
    };
    let mut from = 0;
    for (place, (name, part)) in parts.into_iter().enumerate() {
        if part != 0 || place == 0 {
            row(name, if name == "unexplained" { "error" } else { "plain" }, from, part);
        }
        from += part;
    }
    row("paid out", "plain", 0, sums.amount);
    row("received", if sums.received == sums.amount { "plain" } else { "warning" }, 0, sums.received);
    html!(out; "</tbody></table></figure>");
}

/// Writes the payouts that are not on the bank account, or otherwise than stated.
fn open(outcome: &Outcome, out: &mut Markup) {
    let mut open: Vec<(usize, &PayoutKey, &Payout)> = outcome
        .payouts
        .all
        .iter()
        .filter_map(|(key, payout)| {
            let place = OPEN.iter().position(|state| *state == payout.state())?;
            Some((place, key, payout))
        })
        .collect();
    if outcome.payouts.all.iter().any(|(_, payout)| payout.state() == PayoutState::Unchecked) {
        html!(out; "<p class=\"note\">No bank statement was given, so nothing is known of what the bank received.</p>");
    } else if open.is_empty() {
        html!(out; "<p>Every payout is on the bank account.</p>");
    }
    if open.is_empty() {
        return;
    }
    open.sort_by_cached_key(|(place, key, payout)| {
        (*place, std::cmp::Reverse(stake::weight(payout.amount, &key.currency)), *key)
    });
    html!(out; "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"Payouts to look at\"><table>"
        "<caption>Payouts that are not matched, the worst first</caption><thead><tr><th scope=\"col\">state"
        "<th scope=\"col\">settlement<th scope=\"col\">day<th scope=\"col\">reference<th scope=\"col\" class=\"n\">amount"
        "<th scope=\"col\" class=\"n\">received<th scope=\"col\">findings</tr></thead><tbody>");
    for (_, key, payout) in open.iter().take(MOST) {
        row(key, payout, out);
    }
    html!(out; "</tbody></table></div>");
    if open.len() > MOST {
        html!(out; "<p class=\"note\">These are the first " [MOST] " of " [words::count(open.len() as u64)]
            "; payouts.csv has all.</p>");
    }
}

fn row(key: &PayoutKey, payout: &Payout, out: &mut Markup) {
    let currency = if key.currency.is_empty() { NO_CURRENCY } else { &key.currency };
    html!(out; "<tr><th scope=\"row\">" [payout.state().word()] "<td><code>" [words::id(&key.id)] "</code><td>"
        [payout.day.map_or_else(|| "–".to_owned(), format_day)] "<td>"
        [words::free(payout.reference.as_deref().unwrap_or("–"))] "<td class=\"n\">"
        [words::money(payout.amount, currency)] "<td class=\"n\">");
    match payout.bank.received {
        Some(received) => html!(out; [words::amount(received, currency)]),
        None => html!(out; "–"),
    }
    html!(out; "<td>");
    if let Some(worst) = payout.worst {
        severity(worst, out);
        html!(out; " " [words::count(payout.findings)]);
    }
    html!(out; "</tr>");
}
