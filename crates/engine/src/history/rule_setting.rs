//! The settings of a rule apart from its severity. A change of them alone can make a finding
//! disappear.

use avstem_core::model::card::{Card, Window};
use avstem_core::model::settings::Settings;
use serde_json::{Map, Value};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSetting {
    tolerance: String,
    window: Value,
}

impl RuleSetting {
    /// The setting of a rule in a manifest's configuration.
    pub fn of(card: &Card, configuration: &Value) -> RuleSetting {
        let tolerance = configuration["tolerance"][card.code].as_str().unwrap_or("0").to_owned();
        let window = card.window.manifest_key().map(|key| configuration["windows"][key].clone());
        RuleSetting { tolerance, window: window.unwrap_or_default() }
    }

    /// The setting of a rule in resolved settings.
    pub fn resolved(card: &Card, settings: &Settings) -> RuleSetting {
        RuleSetting { tolerance: settings.tolerance(card).to_string(), window: window_value(card, settings) }
    }
}

/// The window of a rule in the form that manifests have.
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
