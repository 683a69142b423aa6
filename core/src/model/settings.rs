//! What the configuration says to the rules, resolved.

use super::card::{Card, MAX_RULE_NUMBER, Severity};
use super::instant::{DAY, Instant};
use super::money::Sum;
use super::product::PaymentProduct;

/// How a rule's severity stands after configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The card's own.
    Card,
    /// Another one.
    As(Severity),
    /// Turned off.
    Off,
}

/// Windows of the rules about time, in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Windows {
    /// AV111: two equal operations within this are suspected doubles.
    pub double_operation: u64,
    /// AV408: an initiated operation may stay open this long.
    pub pending: u64,
    /// AV412: a transaction may be on hold this long.
    pub on_hold: u64,
    /// AV706: a capture may stay unsettled this long.
    pub unsettled: u64,
    /// AV410: days by product or product type, before the defaults.
    pub authorization_days: Vec<(String, u64)>,
}

impl Default for Windows {
    fn default() -> Self {
        Windows {
            double_operation: 600,
            pending: DAY as u64,
            on_hold: 7 * DAY as u64,
            unsettled: 14 * DAY as u64,
            authorization_days: Vec::new(),
        }
    }
}

impl Windows {
    /// The least of all seconds that [`Windows::authorization`] gives, where no product has fewer days of its own.
    pub fn shortest_authorization(&self, fewest_days: u64) -> u64 {
        let configured = self.authorization_days.iter().map(|(_, days)| *days);
        configured.min().unwrap_or(fewest_days).min(fewest_days).saturating_mul(DAY as u64)
    }

    /// Seconds an authorization of this product type may stay open. A product type's own entry goes before
    /// that of its family, and both before the product's own days.
    pub fn authorization(&self, product_type: &str, product: &PaymentProduct<'_>) -> u64 {
        let configured = |name: &str| self.authorization_days.iter().find(|(n, _)| n == name).map(|(_, days)| *days);
        let days = configured(product_type).or_else(|| configured(product.family));
        days.unwrap_or(product.authorization_days).saturating_mul(DAY as u64)
    }
}

/// What the rules are told.
#[derive(Clone, Debug)]
pub struct Settings {
    tolerance: Box<[Sum]>,
    voice: Box<[Voice]>,
    /// The windows.
    pub windows: Windows,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            tolerance: vec![0; MAX_RULE_NUMBER].into_boxed_slice(),
            voice: vec![Voice::Card; MAX_RULE_NUMBER].into_boxed_slice(),
            windows: Windows::default(),
        }
    }
}

impl Settings {
    /// The tolerance of a rule in minor units.
    pub fn tolerance(&self, card: &Card) -> Sum {
        self.tolerance[usize::from(card.number)]
    }

    /// Sets the tolerance of the rule of this number.
    pub fn set_tolerance(&mut self, number: u16, minor: Sum) {
        self.tolerance[usize::from(number)] = minor;
    }

    /// Sets how the rule of this number speaks.
    pub fn set_voice(&mut self, number: u16, voice: Voice) {
        self.voice[usize::from(number)] = voice;
    }

    /// The severity of a rule's findings; `None` when it is off.
    pub fn severity(&self, card: &Card) -> Option<Severity> {
        match self.voice[usize::from(card.number)] {
            Voice::Card => Some(card.severity),
            Voice::As(severity) => Some(severity),
            Voice::Off => None,
        }
    }
}

/// Facts of the whole input that single ledgers cannot know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The instant the run judges at.
    pub as_of: Option<Instant>,
    /// Some document has an id of a production account.
    pub has_production: bool,
    /// Some transaction is in the input, partial ones included.
    pub has_transactions: bool,
    /// Some settlement report is in the input.
    pub has_reports: bool,
}

impl Facts {
    /// Joins the facts of two parts of the input.
    pub fn merge(self, other: Facts) -> Facts {
        Facts {
            as_of: self.as_of.max(other.as_of),
            has_production: self.has_production || other.has_production,
            has_transactions: self.has_transactions || other.has_transactions,
            has_reports: self.has_reports || other.has_reports,
        }
    }
}
