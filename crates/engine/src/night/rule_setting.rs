//! What a configuration says to one rule, its severity aside: a finding may be gone because of that alone.

use avstem_core::model::card::Card;
use avstem_core::model::settings::Settings;
use serde_json::{Map, Value};

/// Tolerance and window of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    tolerance: String,
    window: Value,
}

impl RuleSetting {
    /// What a manifest's configuration says to the rule of this code.
    pub fn of(code: &str, configuration: &Value) -> RuleSetting {
        let tolerance = configuration["tolerance"][code].as_str().unwrap_or("0").to_owned();
        RuleSetting { tolerance, window: configuration["windows"][window(code)].clone() }
    }

    /// What resolved settings say to it.
    pub fn resolved(card: &Card, settings: &Settings) -> RuleSetting {
        let windows = &settings.windows;
        let days = || windows.authorization_days.iter().map(|(name, days)| (name.clone(), (*days).into()));
        let window = match window(card.code) {
            "double_operation_seconds" => windows.double_operation.into(),
            "pending_seconds" => windows.pending.into(),
            "on_hold_seconds" => windows.on_hold.into(),
            "unsettled_seconds" => windows.unsettled.into(),
            "authorization_days" => Value::Object(days().collect::<Map<_, _>>()),
            _ => Value::Null,
        };
        RuleSetting { tolerance: settings.tolerance(card).to_string(), window }
    }
}

/// The name of a rule's window in a manifest.
fn window(code: &str) -> &'static str {
    match code {
        "AV111" => "double_operation_seconds",
        "AV408" => "pending_seconds",
        "AV410" => "authorization_days",
        "AV412" => "on_hold_seconds",
        "AV706" => "unsettled_seconds",
        _ => "",
    }
}
