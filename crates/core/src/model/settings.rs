//! The resolved configuration of the rules.

use serde::{Deserialize, Serialize};

use super::card::{Card, MAX_RULE_NUMBER, Severity, Window};
use super::instant::{DAY, Instant};
use super::money::Sum;
use super::product::PaymentProduct;

/// The configured severity of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeveritySetting {
    /// The card's default.
    Card,
    As(Severity),
    /// The rule is off.
    Off,
}

/// The settings of all rules.
#[derive(Clone, Debug)]
pub struct Settings {
    tolerance: Box<[Sum]>,
    severity: Box<[SeveritySetting]>,
    /// Configured windows by rule number; a list, since there are few.
    seconds: Vec<(u16, u64)>,
    /// Days by product family or product type, for the rule with [`Window::DaysByProduct`].
    pub days_by_product: Vec<(String, u64)>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            tolerance: vec![0; MAX_RULE_NUMBER].into_boxed_slice(),
            severity: vec![SeveritySetting::Card; MAX_RULE_NUMBER].into_boxed_slice(),
            seconds: Vec::new(),
            days_by_product: Vec::new(),
        }
    }
}

impl Settings {
    /// The tolerance of a rule in minor units.
    pub fn tolerance(&self, card: &Card) -> Sum {
        self.tolerance[usize::from(card.number)]
    }

    pub fn set_tolerance(&mut self, number: u16, minor: Sum) {
        self.tolerance[usize::from(number)] = minor;
    }

    pub fn set_severity(&mut self, number: u16, severity: SeveritySetting) {
        self.severity[usize::from(number)] = severity;
    }

    /// The severity of a rule's findings; `None` when it is off.
    pub fn severity(&self, card: &Card) -> Option<Severity> {
        match self.severity[usize::from(card.number)] {
            SeveritySetting::Card => Some(card.severity),
            SeveritySetting::As(severity) => Some(severity),
            SeveritySetting::Off => None,
        }
    }

    /// The window of a rule in seconds; 0 where the card has none of its own.
    pub fn seconds(&self, card: &Card) -> u64 {
        let Window::Seconds { default, .. } = card.window else { return 0 };
        self.seconds.iter().rev().find(|(number, _)| *number == card.number).map_or(default, |(_, seconds)| *seconds)
    }

    pub fn set_seconds(&mut self, number: u16, seconds: u64) {
        self.seconds.push((number, seconds));
    }

    /// Seconds that an authorization of this product type may stay open. A configured product type
    /// takes precedence over its family, and both over the product's own days.
    pub fn authorization(&self, product_type: &str, product: &PaymentProduct<'_>) -> u64 {
        let configured = |name: &str| self.days_by_product.iter().find(|(n, _)| n == name).map(|(_, days)| *days);
        let days = configured(product_type).or_else(|| configured(product.family));
        days.unwrap_or(product.authorization_days).saturating_mul(DAY as u64)
    }
}

/// Facts of the whole input that single ledgers cannot know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The instant the run judges at.
    pub as_of: Option<Instant>,
    /// Some document has an id of a production account.
    pub has_production: bool,
    /// Some transaction is in the input, partial ones included.
    pub has_transactions: bool,
    /// Some settlement report is in the input.
    pub has_reports: bool,
    /// Some settlement is in the input: a report, or an item of the list.
    pub has_settlements: bool,
    /// Some event names a settlement of its own.
    pub has_entries: bool,
    /// Some bank statement is in the input.
    pub has_statements: bool,
    /// Some payout of a provider that pays out itself is in the input.
    pub has_provider_payouts: bool,
}

impl Facts {
    pub fn merge(self, other: Facts) -> Facts {
        Facts {
            as_of: self.as_of.max(other.as_of),
            has_production: self.has_production || other.has_production,
            has_transactions: self.has_transactions || other.has_transactions,
            has_reports: self.has_reports || other.has_reports,
            has_settlements: self.has_settlements || other.has_settlements,
            has_entries: self.has_entries || other.has_entries,
            has_statements: self.has_statements || other.has_statements,
            has_provider_payouts: self.has_provider_payouts || other.has_provider_payouts,
        }
    }
}
