//! The message of a finding: its card's template, filled with the finding's values.

use std::borrow::Cow;

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::{decimal, shown, visible};
use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::money::Sum;

/// Inserted for a value that the finding does not have.
const NONE: &str = "(none)";

/// The names that a template may use.
pub const PLACEHOLDERS: [&str; 10] =
    ["expected", "actual", "delta", "event", "line", "destination", "detail", "candidates", "id", "currency"];

/// Returns the finding in one sentence. Differences have no sign: the words around them give the
/// direction.
pub fn message(finding: &Finding) -> String {
    fill(finding.card.message, |name| match name {
        "expected" => Some(value(&finding.expected, finding)),
        "actual" => Some(value(&finding.actual, finding)),
        "delta" => Some(finding.delta().map_or(NONE.into(), |delta| money(delta.saturating_abs(), finding).into())),
        "event" => Some(finding.event.as_ref().map_or(NONE.into(), |event| event.place_text().into())),
        "line" => Some(id(finding.line.as_deref())),
        "destination" => Some(id(finding.destination.as_deref())),
        "detail" => Some(id(Some(&finding.detail))),
        "candidates" => Some(id(Some(&finding.candidates))),
        "id" => Some(id(Some(&finding.id))),
        "currency" => Some(finding.subject.currency.as_deref().map_or(NONE.into(), shown)),
        _ => None,
    })
}

fn id(text: Option<&str>) -> Cow<'_, str> {
    text.filter(|text| !text.is_empty()).map_or(NONE.into(), visible)
}

fn value<'f>(value: &'f Value<'static>, finding: &Finding) -> Cow<'f, str> {
    match value {
        Value::None => NONE.into(),
        Value::Amount(amount) => money(*amount, finding).into(),
        Value::Words(words) | Value::Both(words, _) => shown(words),
    }
}

/// Formats an amount in major units with its currency, if known.
fn money(amount: Sum, finding: &Finding) -> String {
    let currency = finding.subject.currency.as_deref();
    let number = decimal(amount, display_exponent(currency));
    match currency {
        Some(currency) if !currency.is_empty() => format!("{number} {}", shown(currency)),
        _ => number,
    }
}

/// Replaces `{name}` by the result of `of`; unknown names stay as they are. Inserted text is not
/// scanned again, so a text of the input cannot insert other values.
fn fill<'t>(template: &str, of: impl Fn(&str) -> Option<Cow<'t, str>>) -> String {
    let mut out = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}').and_then(|(name, after)| Some((of(name)?, after))) {
            Some((text, after)) => {
                out.push_str(&text);
                rest = after;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
