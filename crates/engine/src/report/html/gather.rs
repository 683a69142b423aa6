//! The counts of the page, taken in one pass over the findings.

use std::collections::BTreeMap;

use avstem_core::model::finding::Finding;
use avstem_core::model::money::Sum;

use super::words;
use crate::engine::outcome::{FindingCounts, NO_CURRENCY, Outcome};
use crate::history::ageing::magnitude;

/// Maximum number of payment products counted separately; an export may have any names.
const PRODUCTS: usize = 500;

/// The name for findings without a product.
pub const NO_PRODUCT: &str = "no product";

/// The name for products beyond the limit.
pub const OTHER_PRODUCTS: &str = "other products";

/// Counts of all findings.
#[derive(Default)]
pub struct Gathered {
    /// Number of all findings.
    pub all: u64,
    /// Open findings by severity, and accepted ones.
    pub counts: FindingCounts,
    /// What open errors, warnings and notes come to, by severity and currency.
    pub money: [BTreeMap<String, Sum>; 3],
    /// By the number of the rule.
    pub rules: BTreeMap<u16, OpenRule>,
    /// Number of findings by payment product, accepted ones too.
    pub products: BTreeMap<String, u64>,
}

/// The open findings of one rule.
#[derive(Default)]
pub struct OpenRule {
    pub count: u64,
    /// What they come to, by currency.
    pub money: BTreeMap<String, Sum>,
    /// Number of findings by product, accepted ones too.
    pub products: BTreeMap<String, u64>,
}

impl Gathered {
    pub fn new(outcome: &Outcome) -> Gathered {
        let counts = outcome.findings.counts().clone();
        let mut all = Gathered { all: outcome.findings.len() as u64, counts, ..Gathered::default() };
        for finding in &outcome.findings {
            all.count(&finding);
        }
        all
    }

    fn count(&mut self, finding: &Finding) {
        let product = self.product(finding);
        let rule = self.rules.entry(finding.card.number).or_default();
        add(&mut rule.products, &product, 1);
        add(&mut self.products, &product, 1);
        if finding.accepted {
            return;
        }
        rule.count += 1;
        let currency = finding.subject.currency.as_deref().unwrap_or(NO_CURRENCY);
        let amount = magnitude(finding);
        if amount != 0 {
            add(&mut rule.money, currency, amount);
            add(&mut self.money[finding.severity as usize], currency, amount);
        }
    }

    /// Returns the product as the page names it. Which products exceed the limit depends on the
    /// order of findings.
    fn product(&self, finding: &Finding) -> String {
        let name = product_name(finding);
        if self.products.len() < PRODUCTS || self.products.contains_key(&name) {
            name
        } else {
            OTHER_PRODUCTS.to_owned()
        }
    }

    pub fn open_findings(&self) -> u64 {
        self.counts.open.iter().sum()
    }
}

/// Returns the payment product of a finding as the page names it.
pub fn product_name(finding: &Finding) -> String {
    finding.subject.payment_product_type.as_deref().map_or(NO_PRODUCT.to_owned(), |name| words::free(name).into_owned())
}

fn add<N: std::ops::AddAssign + Default>(to: &mut BTreeMap<String, N>, name: &str, number: N) {
    match to.get_mut(name) {
        Some(sum) => *sum += number,
        None => drop(to.insert(name.to_owned(), number)),
    }
}
