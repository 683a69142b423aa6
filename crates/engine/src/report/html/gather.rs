//! What the page counts: one pass over the findings, whatever their number.

use std::collections::BTreeMap;

use avstem_core::model::card::Severity;
use avstem_core::model::finding::Finding;
use avstem_core::model::money::Sum;

use super::words;
use crate::engine::outcome::{FindingCounts, NO_CURRENCY, Outcome};

/// Payment products that are counted apart; an export may have anything there.
const PRODUCTS: usize = 500;

/// What findings without a product are counted as.
pub const NO_PRODUCT: &str = "no product";

/// What products beyond the limit are counted as.
pub const OTHER_PRODUCTS: &str = "other products";

/// Counts of all findings.
#[derive(Default)]
pub struct Gathered {
    /// All of them.
    pub all: u64,
    /// Those that nobody has accepted, by severity, and those that somebody has.
    pub counts: FindingCounts,
    /// What the open errors differ by, by currency.
    pub error_money: BTreeMap<String, Sum>,
    /// Open findings of each rule, by its number.
    pub rules: BTreeMap<u16, OpenRule>,
    /// Payment products of all findings.
    pub products: BTreeMap<String, u64>,
}

/// The open findings of one rule.
#[derive(Default)]
pub struct OpenRule {
    /// How many.
    pub count: u64,
    /// What they differ by, by currency.
    pub money: BTreeMap<String, Sum>,
    /// How many for each product; accepted ones too.
    pub products: BTreeMap<String, u64>,
}

impl Gathered {
    /// Counts them.
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
        if let Some(delta) = finding.delta() {
            add(&mut rule.money, currency, delta.abs());
            if finding.severity == Severity::Error {
                add(&mut self.error_money, currency, delta.abs());
            }
        }
    }

    /// The product as the page names it. Which ones are beyond the limit follows from the order of findings.
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

/// The payment product of a finding as the page names it.
pub fn product_name(finding: &Finding) -> String {
    finding.subject.payment_product_type.as_deref().map_or(NO_PRODUCT.to_owned(), |name| words::free(name).into_owned())
}

fn add<N: std::ops::AddAssign + Default>(to: &mut BTreeMap<String, N>, name: &str, number: N) {
    match to.get_mut(name) {
        Some(sum) => *sum += number,
        None => drop(to.insert(name.to_owned(), number)),
    }
}
