//! What a configuration says to one rule, its severity aside: a finding may be gone because of that alone.

use avstem_core::model::card::{Card, Window};
use avstem_core::model::settings::Settings;
use serde_json::{Map, Value};

/// Tolerance and window of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    tolerance: String,
    window: Value,
}

impl RuleSetting {
    /// What a manifest's configuration says to a rule.
    pub fn of(card: &Card, configuration: &Value) -> RuleSetting {
        let tolerance = configuration["tolerance"][card.code].as_str().unwrap_or("0").to_owned();
        let window = card.window.manifest_key().map(|key| configuration["windows"][key].clone());
        RuleSetting { tolerance, window: window.unwrap_or_default() }
    }

    /// What resolved settings say to it.
    pub fn resolved(card: &Card, settings: &Settings) -> RuleSetting {
        RuleSetting { tolerance: settings.tolerance(card).to_string(), window: window_value(card, settings) }
    }
}

/// The window of a rule as a manifest has it.
pub fn window_value(card: &Card, settings: &Settings) -> Value {
    match card.window {
        Window::None => Value::Null,
        Window::Seconds { .. } => settings.seconds(card).into(),
        Window::DaysByProduct { .. } => {
            let days = settings.days_by_product.iter().map(|(name, days)| (name.clone(), (*days).into()));
            Value::Object(days.collect::<Map<_, _>>())
        }
    }
}
