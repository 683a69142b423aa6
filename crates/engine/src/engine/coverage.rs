//! What each rule tested and found.

use std::collections::BTreeMap;

use avstem_core::judge::{CurrencySums, NO_CURRENCY};
use avstem_core::model::card::{Card, Kind, Need};
use avstem_core::model::finding::Finding;
use avstem_core::model::settings::{Facts, Settings};
use avstem_core::rules::CATALOGUE;

use super::outcome::{Coverage, CoverageCounts};
use crate::history::ageing::magnitude;

/// Findings and the magnitudes of their differences, by rule number and currency.
#[derive(Debug, Default)]
pub struct RuleTally(BTreeMap<u16, BTreeMap<String, CoverageCounts>>);

impl RuleTally {
    pub fn add(&mut self, finding: &Finding) {
        let currency = finding.subject.currency.as_deref().unwrap_or(NO_CURRENCY);
        let currencies = self.0.entry(finding.card.number).or_default();
        // Looks up before inserting to allocate the name only for a new currency.
        if !currencies.contains_key(currency) {
            currencies.insert(currency.to_owned(), CoverageCounts::default());
        }
        let Some(found) = currencies.get_mut(currency) else { return };
        let abs_delta = finding.delta().unwrap_or(0).abs();
        found.findings += 1;
        found.abs_delta += abs_delta;
        found.at_stake += magnitude(finding);
        if finding.accepted {
            found.accepted += 1;
            found.accepted_abs_delta += abs_delta;
        }
    }
}

/// Coverage of all rules, from the numbers of subjects and the counted findings.
pub fn coverage(
    sums: &BTreeMap<String, CurrencySums>,
    fired: &RuleTally,
    settings: &Settings,
    facts: &Facts,
) -> Vec<Coverage> {
    let none = BTreeMap::new();
    let of_rule = |card: &'static Card| {
        let is_run = match card.needs {
            Need::Settlements => facts.has_settlements,
            Need::Entries => facts.has_entries,
            Need::Statements => facts.has_statements,
            Need::StatedPayouts => facts.has_settlements || facts.has_provider_payouts,
            Need::ProviderPayouts => facts.has_provider_payouts,
            _ => true,
        };
        let found = fired.0.get(&card.number).unwrap_or(&none);
        let mut all = CoverageCounts::default();
        let mut by_currency = BTreeMap::new();
        let currencies = sums.keys().map(String::as_str).chain(found.keys().map(String::as_str));
        for currency in currencies.collect::<std::collections::BTreeSet<_>>() {
            let subjects = sums.get(currency).map(|sums| sums.subjects).unwrap_or_default();
            let is_judged = |kind: &Kind| is_run && card.subjects.contains(kind);
            let count = |wanted: bool| {
                Kind::ALL.iter().filter(|kind| is_judged(kind) == wanted).map(|kind| subjects[*kind as usize]).sum()
            };
            let found = found.get(currency).copied().unwrap_or_default();
            let counts = CoverageCounts { tested: count(true), not_applicable: count(false), ..found };
            all.tested += counts.tested;
            all.not_applicable += counts.not_applicable;
            all.findings += counts.findings;
            all.abs_delta += counts.abs_delta;
            all.at_stake += counts.at_stake;
            all.accepted += counts.accepted;
            all.accepted_abs_delta += counts.accepted_abs_delta;
            by_currency.insert(currency.to_owned(), counts);
        }
        Coverage { card, severity: settings.severity(card), all, by_currency }
    };
    CATALOGUE.iter().map(|rule| of_rule(rule.card)).collect()
}
