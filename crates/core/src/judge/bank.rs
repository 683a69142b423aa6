//! Payouts held against bank statements: what was received, and the rules about it.

use std::collections::BTreeMap;

use crate::bank::Statement;
use crate::findings::{Found, Judged};
use crate::model::card::Card;
use crate::model::evidence::{MOST_DOCUMENTS, TOO_MUCH, Watch, join};
use crate::model::finding::{Finding, RuleHit};
use crate::model::settings::{Facts, Settings};
use crate::payout::claim::{Claim, Credit};
use crate::payout::coverage::CoveredDays;
use crate::payout::evidence::{MatchedInput, PayoutDocuments};
use crate::payout::facts::{Credited, Received};
use crate::payout::matching::matched;
use crate::payout::receipt::{Matches, Receipt};
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
    /// What came of claimed payouts and of credits; empty without bank statements.
    pub matches: Matches,
    /// Numbers of the watched evidence parts that were met.
    pub met: Vec<u64>,
}

/// Matches payouts with bank statements, if the input has any, and judges both.
pub fn judge_payouts(
    payouts: &mut [(PayoutKey, Payout)],
    statements: &[Statement],
    documents: PayoutDocuments,
    plan: &PayoutPlan<'_>,
) -> PayoutResult {
    let mut out = PayoutResult::default();
    let claimed: Vec<usize> = (0..payouts.len()).filter(|at| payouts[*at].1.is_claimed()).collect();
    let input = MatchedInput::of(statements.iter(), documents);
    let sides = plan.bank_sides((payouts, &claimed), statements, &input, &mut out);
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
        out.extend(self.findings(hits, judged));
    }

    fn findings(&self, hits: Vec<RuleHit<'_>>, judged: impl FnOnce() -> Judged) -> Vec<Finding> {
        if hits.is_empty() {
            return Vec::new();
        }
        let judged = judged();
        hits.into_iter().filter_map(|(card, hit)| judged.finding(card, hit, self.settings)).collect()
    }

    /// What statements say about the claimed payouts; none without statements.
    fn bank_sides(
        &self,
        (payouts, claimed): (&[(PayoutKey, Payout)], &[usize]),
        statements: &[Statement],
        input: &MatchedInput,
        out: &mut PayoutResult,
    ) -> Vec<BankSide> {
        let claims: Vec<Claim<'_>> = claimed.iter().map(|at| claim(&payouts[*at])).collect();
        let days = CoveredDays::of(statements.iter());
        // What an earlier run rested on is there, too, where a payout is not claimed any more.
        let known: Vec<Claim<'_>> = payouts.iter().filter(|(_, payout)| payout.is_stated()).map(claim).collect();
        evidence::note(known.iter(), input, &days, self.watch, &mut out.met);
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
                Judged::payout(key, &payout).with_evidence(&evidence::of_received(&received, input))
            };
            self.conclude(hits, judged, &mut out.findings);
            sides.push(side);
        }
        let mut order: Vec<usize> = (0..credits.len()).collect();
        order.sort_by_key(|at| credits[*at].name_order());
        let name = |at: &usize| (&credits[*at].account.masked, &credits[*at].entry.id);
        for same in order.chunk_by(|a, b| name(a) == name(b)) {
            let found = same.iter().flat_map(|at| {
                let credit = &credits[*at];
                let credited = Credited::new((credit, matches.uses[*at]), &claims, &matches, self.payers);
                let hits = self.hits(&self.checks.credited, |check, cx| check(&credited, cx));
                let judged = || Judged::bank(credit.name(), of_statement[*at], evidence::of_credited(&credited, input));
                self.findings(hits, judged)
            });
            out.findings.extend(of_one_name(found.collect()));
        }
        self.statements(statements, input, &mut out.findings);
        out.matches = matches;
        sides
    }

    fn statements(&self, statements: &[Statement], input: &MatchedInput, out: &mut Found) {
        let mut named: BTreeMap<String, (Vec<&Statement>, Vec<Neighbours<'_>>)> = BTreeMap::new();
        for statement in statements {
            named.entry(statements::name(statement)).or_default().0.push(statement);
        }
        // They come by account and currency.
        for pair in Neighbours::all(statements.iter()) {
            named.entry(statements::name(pair.later)).or_default().1.push(pair);
        }
        for (name, (mut same, pairs)) in named {
            same.sort_by(|a, b| order_of(a).cmp(&order_of(b)));
            let of_pairs = pairs.iter().flat_map(|pair| {
                let hits = self.hits(&self.checks.neighbours, |check, cx| check(pair, cx));
                self.findings(hits, || Judged::bank(name.clone(), pair.later, input.of_neighbours(pair)))
            });
            let of_each = same.iter().flat_map(|statement| {
                let hits = self.hits(&self.checks.statement, |check, cx| check(statement, cx));
                self.findings(hits, || Judged::bank(name.clone(), statement, input.part(statement)))
            });
            out.extend(of_one_name(of_each.chain(of_pairs).collect()));
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

/// What statements of one name are told apart by.
fn order_of(statement: &Statement) -> impl Ord + '_ {
    let Statement { currency, days, opening, closing, booked, .. } = statement;
    (currency, days, opening, closing, booked)
}

/// The findings on all entries, or statements, of one name. Those of one rule are told apart by their number alone, so
/// each rests on what all of them rest on.
fn of_one_name(mut findings: Vec<Finding>) -> Vec<Finding> {
    findings.sort_by_key(|finding| finding.card.number);
    for same in findings.chunk_by_mut(|a, b| a.card.number == b.card.number).filter(|same| same.len() > 1) {
        let all = match same.len() {
            ..=MOST_DOCUMENTS => join(same.iter().map(|finding| finding.evidence.as_str())),
            _ => TOO_MUCH.to_owned(),
        };
        same.iter_mut().for_each(|finding| finding.evidence.clone_from(&all));
    }
    findings
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::finding::Hit;
    use crate::payout::matching::tests::{account, entry};
    use crate::payout::statements::tests::statement;
    use crate::rules::find;

    fn found(rule: &str, evidence: &str) -> Finding {
        let statement = statement("1503", "s", None);
        let judged = Judged::bank("*1/s".to_owned(), &statement, evidence.to_owned());
        judged.finding(find(rule).unwrap().card, Hit::amounts(0, 1), &Settings::default()).unwrap()
    }

    #[test]
    fn entries_of_one_name_are_judged_in_one_order() {
        let account = account("1503");
        let entries = [
            entry("a", 9, "EUR", 9, "z"),
            entry("a", 1, "NOK", 9, "z"),
            entry("a", 2, "NOK", 3, "z"),
            entry("a", 2, "NOK", 4, "x"),
            entry("a", 2, "NOK", 4, "y"),
            entry("b", 0, "EUR", 1, "a"),
        ];
        let credits: Vec<Credit<'_>> = entries.iter().filter_map(|entry| Credit::of(&account, entry)).collect();
        let mut mixed = [4, 0, 5, 2, 1, 3].map(|at| credits[at]);
        mixed.sort_by_key(Credit::name_order);
        let order = |credits: &[Credit<'_>]| credits.iter().map(|credit| credit.entry.clone()).collect::<Vec<_>>();
        assert_eq!(order(&mixed), entries);
    }

    #[test]
    fn findings_of_one_rule_and_name_rest_on_the_same() {
        let all = [found("AV806", "b:1"), found("AV805", "b:2"), found("AV806", "b:3")];
        let evidence: Vec<String> = of_one_name(all.to_vec()).into_iter().map(|finding| finding.evidence).collect();
        assert_eq!(evidence, ["b:2 has:statements", "b:1 has:statements b:3", "b:1 has:statements b:3"]);
        let many = vec![found("AV806", "b:1"); MOST_DOCUMENTS + 1];
        assert!(of_one_name(many).iter().all(|finding| finding.evidence == TOO_MUCH));
    }
}
