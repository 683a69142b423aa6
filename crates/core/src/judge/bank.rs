//! Payouts held against bank statements: what was received, and the rules about it.

use std::collections::BTreeMap;

use crate::bank::Statement;
use crate::findings::{Found, Judged};
use crate::model::card::Card;
use crate::model::evidence::Watch;
use crate::model::finding::RuleHit;
use crate::model::settings::{Facts, Settings};
use crate::payout::claim::{Claim, Credit};
use crate::payout::coverage::CoveredDays;
use crate::payout::evidence::MatchedInput;
use crate::payout::facts::{Credited, Received};
use crate::payout::matching::matched;
use crate::payout::receipt::{CreditTotals, Receipt};
use crate::payout::statements::{self, Neighbours};
use crate::payout::words::Payers;
use crate::payout::{BankSide, Origins, Payout, PayoutKey, PayoutState, evidence};
use crate::rules::{Checks, Cx, bank};

/// The run-wide inputs of judging payouts.
#[derive(Clone, Copy)]
pub struct PayoutPlan<'a> {
    pub checks: &'a Checks,
    pub settings: &'a Settings,
    pub facts: &'a Facts,
    pub watch: Watch<'a>,
    /// Days from a payout's day to the bank.
    pub window: u64,
    /// The names of those whose credits must be payouts.
    pub payers: &'a Payers,
}

/// What judging payouts found.
#[derive(Debug, Default)]
pub struct PayoutResult {
    pub findings: Found,
    /// Credits by currency; empty without bank statements.
    pub credits: BTreeMap<String, CreditTotals>,
    /// Numbers of the watched evidence parts that were met.
    pub met: Vec<u64>,
}

/// Matches payouts with bank statements, if the input has any, and judges both.
pub fn judge_payouts(
    payouts: &mut [(PayoutKey, Payout)],
    statements: &[Statement],
    plan: &PayoutPlan<'_>,
) -> PayoutResult {
    let mut out = PayoutResult::default();
    let claimed: Vec<usize> = (0..payouts.len()).filter(|at| payouts[*at].1.is_claimed()).collect();
    let sides = plan.bank_sides(payouts, &claimed, statements, &mut out);
    for (side, at) in sides.into_iter().zip(claimed) {
        payouts[at].1.bank = side;
    }
    plan.accounts(payouts, &mut out.findings);
    out
}

impl PayoutPlan<'_> {
    /// Runs the rules about accounts.
    fn accounts(&self, payouts: &[(PayoutKey, Payout)], out: &mut Found) {
        for (key, payout) in payouts {
            // What is wrong with its source is wrong with it.
            let accounts = std::iter::once(payout).chain(&payout.sources);
            let hits = accounts.flat_map(|account| self.hits(&self.checks.payout, |check, cx| check(account, cx)));
            let hits = hits.map(|(card, mut hit)| {
                hit.detail = key.detail(&hit.detail).into();
                (card, hit)
            });
            self.conclude(hits.collect(), || Judged::payout(key, payout), out);
        }
    }

    fn hits<'p, F: Copy>(&self, checks: &[(&'static Card, F)], run: impl Fn(F, &mut Cx<'_, 'p>)) -> Vec<RuleHit<'p>> {
        let mut hits = Vec::new();
        for (card, check) in checks {
            run(*check, &mut Cx { settings: self.settings, facts: self.facts, card, hits: &mut hits });
        }
        hits
    }

    fn conclude(&self, hits: Vec<RuleHit<'_>>, judged: impl FnOnce() -> Judged, out: &mut Found) {
        if !hits.is_empty() {
            let judged = judged();
            out.extend(hits.into_iter().filter_map(|(card, hit)| judged.finding(card, hit, self.settings)));
        }
    }

    /// What statements say about the claimed payouts; none without statements.
    fn bank_sides(
        &self,
        payouts: &[(PayoutKey, Payout)],
        claimed: &[usize],
        statements: &[Statement],
        out: &mut PayoutResult,
    ) -> Vec<BankSide> {
        let claims: Vec<Claim<'_>> = claimed.iter().map(|at| claim(&payouts[*at])).collect();
        let days = CoveredDays::of(statements.iter());
        // What an earlier run rested on is there, too, where a payout is not claimed any more.
        let known: Vec<Claim<'_>> = payouts.iter().filter(|(_, payout)| payout.is_stated()).map(claim).collect();
        let input = MatchedInput::of(statements.iter(), &known);
        evidence::note(known.iter(), &input, &days, self.watch, &mut out.met);
        if !self.facts.has_statements {
            return Vec::new();
        }
        let (mut credits, mut of_statement) = (Vec::new(), Vec::new());
        for statement in statements {
            credits.extend(Credit::all(statement));
            of_statement.resize(credits.len(), statement);
        }
        let matches = matched(&claims, &credits, self.window);
        let mut sides = Vec::new();
        for ((of_claim, at), receipt) in claims.iter().zip(claimed).zip(&matches.receipts) {
            let received = Received::new((of_claim, receipt), &credits, &days, self.window);
            let side = self.side(&received);
            let hits = self.hits(&self.checks.received, |check, cx| check(&received, cx));
            let (key, payout) = &payouts[*at];
            let judged = || {
                let payout = Payout { bank: side.clone(), ..payout.clone() };
                Judged::payout(key, &payout).with_evidence(&evidence::of_received(&received, &input))
            };
            self.conclude(hits, judged, &mut out.findings);
            sides.push(side);
        }
        for ((credit, used), statement) in credits.iter().zip(&matches.uses).zip(of_statement) {
            let credited = Credited::new((credit, *used), &claims, &matches, self.payers);
            let hits = self.hits(&self.checks.credited, |check, cx| check(&credited, cx));
            let judged = || Judged::bank(credit.name(), statement, evidence::of_credited(&credited, &input));
            self.conclude(hits, judged, &mut out.findings);
        }
        self.statements(statements, &input, &mut out.findings);
        out.credits = matches.totals;
        sides
    }

    fn statements(&self, statements: &[Statement], input: &MatchedInput, out: &mut Found) {
        for statement in statements {
            let hits = self.hits(&self.checks.statement, |check, cx| check(statement, cx));
            let judged = || Judged::bank(statements::name(statement), statement, input.part(statement));
            self.conclude(hits, judged, out);
        }
        for pair in Neighbours::all(statements.iter()) {
            let hits = self.hits(&self.checks.neighbours, |check, cx| check(&pair, cx));
            let judged = || Judged::bank(statements::name(pair.later), pair.later, input.of_neighbours(&pair));
            self.conclude(hits, judged, out);
        }
    }

    fn side(&self, received: &Received<'_>) -> BankSide {
        let is_other = bank::is_other_amount(received, self.settings);
        let is_overdue = bank::is_overdue(received, self.settings, self.facts);
        match received.receipt {
            Receipt::Matched { by, credits, received: sum, .. } => {
                let entry = |at: &usize| &received.credits[*at];
                BankSide {
                    state: if is_other { PayoutState::Differs } else { PayoutState::Matched },
                    received: Some(*sum),
                    matched_by: Some(by.word()),
                    day: credits.iter().map(|at| entry(at).entry.day).max(),
                    entries: credits.iter().map(|at| entry(at).name()).collect(),
                    candidates: None,
                }
            }
            Receipt::Ambiguous { candidates, .. } => {
                BankSide { state: PayoutState::Ambiguous, candidates: Some(*candidates as u64), ..BankSide::default() }
            }
            Receipt::OtherCurrency(_) => BankSide { state: PayoutState::Differs, ..BankSide::default() },
            Receipt::Nothing if is_overdue => BankSide { state: PayoutState::Overdue, ..BankSide::default() },
            Receipt::Nothing => BankSide { state: PayoutState::Expected, ..BankSide::default() },
        }
    }
}

/// A payout as it is looked for on bank accounts.
fn claim((key, payout): &(PayoutKey, Payout)) -> Claim<'_> {
    // A provider's own reference stands without what its id has before it.
    let own_id = Some(key.id.as_str()).filter(|_| payout.origin != Origins::Provider);
    let references = [payout.reference.as_deref(), payout.provider_reference.as_deref()];
    Claim {
        namespace: &key.namespace,
        id: &key.id,
        currency: &key.currency,
        amount: payout.amount,
        day: payout.day,
        tokens: references.into_iter().flatten().chain(own_id).collect(),
        provider: payout.provider.as_deref().unwrap_or_default(),
        destination: payout.destination.as_deref().unwrap_or_default(),
    }
}
