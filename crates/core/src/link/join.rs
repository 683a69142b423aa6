//! Joins link rows by key and runs the cross-document rules on them.

use super::follow::{WithoutCause, follow, missing_move, repaired, repaired_order};
use super::rows::{LineFacts, LinkFacts, LinkRow, SealedLink, link_rows, pack_undone, write};
use crate::evidence;
use crate::findings::{Found, Judged, WaitingSubject, move_waiting};
use crate::ledger::{OrderFacts, OrderPartners, Partner, SessionFacts, Settled, TransactionFacts};
use crate::model::card::{Card, Kind};
use crate::model::cause::{Cause, Undone};
use crate::model::evidence::{MOST_DOCUMENTS, TOO_MUCH, Watch, document_part, partners_part};
use crate::model::finding::{Finding, RuleHit};
use crate::model::money::Sum;
use crate::model::settings::{Facts, Settings};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::rows::{Key, Partitions};
use crate::rules::{Checks, Cx};

/// A session, order or settlement that is linked to a transaction.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    pub kind: Kind,
    pub id: String,
    pub transaction: String,
    /// The field that names the partner.
    pub by: &'static str,
}

/// The output of the joins.
#[derive(Debug)]
pub struct Linked {
    pub findings: Found,
    /// Pairs of orders and transactions, for the next join.
    pub pairs: Partitions,
    /// The links found, if the caller asked for them.
    pub links: Option<Vec<Link>>,
    /// Numbers of the watched evidence parts that were met.
    pub met: Vec<u64>,
    /// Packed findings that are not due yet.
    pub waiting: Vec<u8>,
    /// Packed rows about payouts.
    pub payouts: Vec<u8>,
    /// Packed rows of lines of providers that pay out themselves.
    pub remittances: Vec<u8>,
}

impl Linked {
    /// Creates an empty result with `partitions` partitions of pairs.
    pub fn new(partitions: usize, keep_links: bool) -> Self {
        Linked {
            findings: Found::default(),
            pairs: Partitions::new(partitions),
            links: keep_links.then(Vec::new),
            met: Vec::new(),
            waiting: Vec::new(),
            payouts: Vec::new(),
            remittances: Vec::new(),
        }
    }

    fn link(&mut self, kind: Kind, id: &str, transaction: &str, by: &'static str) {
        if let Some(links) = &mut self.links {
            links.push(Link { kind, id: id.to_owned(), transaction: transaction.to_owned(), by });
        }
    }
}

pub(super) struct Joiner<'j> {
    pub(super) checks: &'j Checks,
    settings: &'j Settings,
    pub(super) whole: &'j Facts,
    watch: Watch<'j>,
    pub(super) out: &'j mut Linked,
}

/// Calls `each` with the rows of each key. A row that is alone with its key is passed only if it is
/// `keeps_single`.
///
/// Rows are grouped by hash, and whole keys are compared only if hashes are equal. Most rows are
/// alone with their key and are not unpacked.
fn groups<'p>(
    parts: &[&'p [u8]],
    keeps_single: impl Fn(&SealedLink<'p>) -> bool,
    mut each: impl FnMut(Key, &'p str, &mut [LinkRow<'p>]),
) {
    let sealed: Vec<SealedLink<'p>> = parts.iter().flat_map(|part| link_rows(part)).collect();
    let mut hashes: Vec<(u64, u32)> = (0u32..).zip(&sealed).map(|(n, row)| (row.hash(), n)).collect();
    hashes.sort_unstable();
    let row = |at: &(u64, u32)| &sealed[at.1 as usize];
    let mut rows: Vec<LinkRow<'p>> = Vec::new();
    for alike in hashes.chunk_by(|a, b| a.0 == b.0) {
        let is_nothing = match alike {
            [only] => !keeps_single(row(only)),
            [one, other] => name_each_other(row(one), row(other)),
            _ => false,
        };
        if is_nothing {
            continue;
        }
        rows.clear();
        rows.extend(alike.iter().map(|at| row(at).open()));
        rows.sort_by(|a, b| (a.key, a.id).cmp(&(b.key, b.id)));
        for group in rows.chunk_by_mut(|a, b| (a.key, a.id) == (b.key, b.id)) {
            each(group[0].key, group[0].id, group);
        }
    }
}

/// Whether two rows under a session's id are the session and the one transaction that both name.
/// These also meet under the transaction's id.
fn name_each_other(one: &SealedLink<'_>, other: &SealedLink<'_>) -> bool {
    one.key == Key::Session
        && other.key == Key::Session
        && one.id == other.id
        && one.is_transaction() != other.is_transaction()
        && one.transaction().is_some()
        && one.transaction() == other.transaction()
}

/// Joins sessions, orders, settlement lines and transactions.
pub fn join_keys(
    parts: &[&[u8]],
    checks: &Checks,
    settings: &Settings,
    whole: &Facts,
    watch: Watch<'_>,
    out: &mut Linked,
) {
    let mut joiner = Joiner { checks, settings, whole, watch, out };
    // Without settlement reports, a lone transaction was already judged with its ledger.
    let keeps_single = |row: &SealedLink<'_>| {
        row.key == Key::Transaction && (whole.has_reports || !row.is_transaction() || row.names_settlements())
    };
    groups(parts, keeps_single, |key, id, rows| match key {
        Key::Transaction => joiner.by_transaction(id, rows),
        Key::Session => joiner.by_session(rows),
        Key::Reference => joiner.by_reference(rows),
        Key::Correlation => joiner.by_correlation(rows),
        Key::Order | Key::Copy => {}
    });
}

/// Joins pairs by transaction, to mark transactions that are linked to several orders.
pub fn join_transactions(parts: &[&[u8]], out: &mut Partitions) {
    groups(
        parts,
        |_| true,
        |_, _, rows| {
            let shared = orders(rows).windows(2).any(|pair| pair[0] != pair[1]);
            for row in rows.iter() {
                match row.facts {
                    LinkFacts::Pair(order, transaction, _) => {
                        write(out.of(order.id), Key::Order, order.id, &LinkFacts::Pair(order, transaction, shared));
                    }
                    LinkFacts::Former(_) => write(out.of(row.id), Key::Order, row.id, &row.facts),
                    _ => {}
                }
            }
        },
    );
}

fn orders<'p>(rows: &[LinkRow<'p>]) -> Vec<&'p str> {
    let of = |row: &LinkRow<'p>| match row.facts {
        LinkFacts::Pair(order, ..) => Some(order.id),
        _ => None,
    };
    let mut ids: Vec<&str> = rows.iter().filter_map(of).collect();
    ids.sort_unstable();
    ids
}

/// Joins pairs by order, and judges each order with all of its transactions.
pub fn join_orders(
    parts: &[&[u8]],
    checks: &Checks,
    settings: &Settings,
    whole: &Facts,
    watch: Watch<'_>,
    out: &mut Linked,
) {
    let mut joiner = Joiner { checks, settings, whole, watch, out };
    groups(
        parts,
        |_| true,
        |_, _, rows| {
            let pair = |row: &LinkRow<'_>| matches!(row.facts, LinkFacts::Pair(..));
            let partner = |row: &_| match *row {
                LinkRow { facts: LinkFacts::Pair(_, transaction, shared), .. } => Some(Partner { transaction, shared }),
                _ => None,
            };
            let Some(LinkRow { facts: LinkFacts::Pair(order, ..), .. }) = rows.iter().find(|row| pair(row)).copied()
            else {
                return;
            };
            let mut transactions: Vec<Partner<'_>> = rows.iter().filter_map(partner).collect();
            transactions.sort_by(|a, b| a.transaction.id.cmp(b.transaction.id));
            let partners = OrderPartners { order, transactions: &transactions };
            if partners.are_comparable() {
                let part = partners_part(order.id);
                joiner.watch.note(Kind::Order, order.id, |wanted| wanted == part, &mut joiner.out.met);
            }
            let hits = joiner.hits(&checks.order_partners, |check, cx| check(&partners, cx));
            let known = joiner.without_partners(&hits, &partners);
            joiner.conclude(hits, &known, &|| {
                let parts = transactions.iter().map(|partner| evidence::of_transaction(&partner.transaction));
                Judged::order(&order)
                    .with_evidence(&partners_part(order.id))
                    .with_evidence(&joined_evidence(parts, rows))
            });
        },
    );
}

/// Joins the evidence of documents with that of the [`LinkFacts::Former`] rows among `rows`.
fn joined_evidence(parts: impl Iterator<Item = String>, rows: &[LinkRow<'_>]) -> String {
    let former = |row: &LinkRow<'_>| if let LinkFacts::Former(part) = row.facts { Some(part.to_owned()) } else { None };
    let mut all: Vec<String> = parts.chain(rows.iter().filter_map(former)).collect();
    all.sort_unstable();
    all.dedup();
    if all.len() > MOST_DOCUMENTS { TOO_MUCH.to_owned() } else { all.join(" ") }
}

/// Sums up a transaction's settlement lines.
fn sum_up<'c, 'p>(transaction: &'c TransactionFacts<'p>, lines: &[LineFacts<'p>]) -> Settled<'c, 'p> {
    let captured = lines.iter().map(|line| Sum::from(line.capture.unwrap_or(0))).sum();
    let refunded = lines.iter().map(|line| line.refund_magnitude).sum();
    let status = transaction.settlement_status.and_then(Active::settlement_status);
    let names_settlements = !transaction.entries.is_empty();
    Settled {
        transaction,
        status,
        product_of: Active::product,
        lines: lines.len(),
        captured,
        refunded,
        names_settlements,
    }
}

impl Joiner<'_> {
    /// Runs checks on a subject, and keeps what they find.
    fn judge<'p, F: Copy>(
        &mut self,
        checks: &[(&'static Card, F)],
        judged: &dyn Fn() -> Judged,
        run: impl Fn(F, &mut Cx<'_, 'p>),
    ) {
        let hits = self.hits(checks, run);
        self.conclude(hits, &[], judged);
    }

    pub(super) fn hits<'p, F: Copy>(
        &self,
        checks: &[(&'static Card, F)],
        run: impl Fn(F, &mut Cx<'_, 'p>),
    ) -> Vec<RuleHit<'p>> {
        let mut hits = Vec::new();
        for (card, check) in checks {
            run(*check, &mut Cx { settings: self.settings, facts: self.whole, card, hits: &mut hits });
        }
        hits
    }

    pub(super) fn conclude<'p>(
        &mut self,
        hits: Vec<RuleHit<'p>>,
        known: &[WithoutCause<'p>],
        judged: &dyn Fn() -> Judged,
    ) {
        if hits.is_empty() {
            return;
        }
        let (judged, roots) = (judged(), follow(&hits, known));
        let findings = hits.into_iter().zip(roots).filter_map(|((card, hit), root)| {
            judged.finding(card, hit, self.settings).map(|finding| Finding { root, ..finding })
        });
        self.out.findings.extend(findings);
    }

    /// Re-runs the checks on the repaired transaction, if any hit.
    fn without<'p>(
        &self,
        hits: &[RuleHit<'p>],
        transaction: &TransactionFacts<'p>,
        ask: &dyn Fn(&TransactionFacts<'p>) -> Vec<RuleHit<'p>>,
    ) -> Vec<WithoutCause<'p>> {
        let repaired = if hits.is_empty() { None } else { repaired(transaction) };
        let without =
            repaired.map(|(repaired, Undone { root, cause, .. })| WithoutCause { root, cause, left: ask(&repaired) });
        without.into_iter().collect()
    }

    /// Re-runs the checks with the order repaired, and with each of its transactions repaired in turn.
    fn without_partners<'p>(&self, hits: &[RuleHit<'p>], partners: &OrderPartners<'_, 'p>) -> Vec<WithoutCause<'p>> {
        if hits.is_empty() {
            return Vec::new();
        }
        let checks = &self.checks.order_partners;
        let mut known = Vec::new();
        let mut add = |undone: Undone, order, transactions: &[Partner<'p>]| {
            let partners = OrderPartners { order, transactions };
            let left = self.hits(checks, |check, cx| check(&partners, cx));
            known.push(WithoutCause { root: undone.root, cause: undone.cause, left });
        };
        if let Some((order, undone)) = repaired_order(&partners.order) {
            add(undone, order, partners.transactions);
        }
        for (at, partner) in partners.transactions.iter().enumerate() {
            if let Some((transaction, undone)) = repaired(&partner.transaction) {
                let mut transactions = partners.transactions.to_vec();
                transactions[at].transaction = transaction;
                add(undone, partners.order, &transactions);
            }
        }
        known
    }

    fn by_transaction<'p>(&mut self, id: &'p str, rows: &[LinkRow<'p>]) {
        let found = rows.iter().find_map(|row| match row.facts {
            LinkFacts::Transaction(facts) => Some(facts),
            _ => None,
        });
        let to_settle = found.filter(|t| self.whole.has_reports && !t.partial);
        let agreed =
            to_settle.and_then(|transaction| self.settled(&transaction, rows)).map(|undone| pack_undone(&undone));
        let found = found.map(|facts| TransactionFacts { undone: facts.undone.or(agreed.as_deref()), ..facts });
        self.payouts(id, found.as_ref().filter(|transaction| !transaction.partial), rows);
        for row in rows {
            match (row.facts, &found) {
                (LinkFacts::Session(session), Some(transaction)) if !transaction.partial => {
                    self.session_pair(&session, transaction, "transaction_id");
                }
                (LinkFacts::Order(order), Some(transaction)) => self.order_pair(&order, transaction, "payment_id"),
                (LinkFacts::Line(line), Some(_)) => {
                    self.out.link(Kind::Settlement, line.settlement, id, "transaction_id");
                }
                (LinkFacts::Session(session), None) => self.missing(&|| Judged::session_facts(&session), id),
                (LinkFacts::Order(order), None) => self.missing(&|| Judged::order(&order), id),
                (LinkFacts::Line(line), None) => self.unknown_line(id, &line),
                _ => {}
            }
        }
    }

    /// Runs the settlement rules on a transaction and its settlement lines. Returns the move that
    /// it lacks, if its order and the reports agree on it.
    fn settled<'p>(&mut self, transaction: &TransactionFacts<'p>, rows: &[LinkRow<'p>]) -> Option<Undone> {
        let lines: Vec<LineFacts<'p>> = rows
            .iter()
            .filter_map(|row| if let LinkFacts::Line(line) = row.facts { Some(line) } else { None })
            .collect();
        let mut hits = self.settled_hits(transaction, &lines);
        move_waiting(&mut hits, &WaitingSubject::from(transaction), &mut self.out.waiting);
        if hits.is_empty() {
            return None;
        }
        let reports = lines.iter().map(|line| document_part(Kind::Settlement, line.settlement, &line.state));
        let judged = Judged::transaction(transaction).with_evidence(&joined_evidence(reports, rows));
        let agreed = match transaction.undone {
            None => missing_move(transaction, &hits, rows, &|card, hit| judged.finding(card, hit, self.settings)),
            Some(_) => None,
        };
        let mut known = self.without(&hits, transaction, &|transaction| self.settled_hits(transaction, &lines));
        if let Some(Undone { root, cause, captured, refunded, .. }) = agreed {
            let repaired = TransactionFacts { captured, refunded, ..*transaction };
            known.push(WithoutCause { root, cause, left: self.settled_hits(&repaired, &lines) });
        }
        for (at, line) in lines.iter().enumerate() {
            if let Some(root) = line.repeated_line {
                let mut once = lines.clone();
                once.remove(at);
                known.push(WithoutCause {
                    root,
                    cause: Cause::DuplicateEvent,
                    left: self.settled_hits(transaction, &once),
                });
            }
        }
        known.iter_mut().for_each(|without| without.left.retain(|(_, hit)| !hit.waits()));
        self.conclude(hits, &known, &|| judged.clone());
        agreed
    }

    fn settled_hits<'p>(&self, transaction: &TransactionFacts<'p>, lines: &[LineFacts<'p>]) -> Vec<RuleHit<'p>> {
        let settled = sum_up(transaction, lines);
        self.hits(&self.checks.settled, |check, cx| check(&settled, cx))
    }

    fn session_pair<'p>(&mut self, session: &SessionFacts<'p>, transaction: &TransactionFacts<'p>, by: &'static str) {
        self.out.link(Kind::Session, session.id, transaction.id, by);
        let judged = || {
            let judged = Judged::session_facts(session).with_transaction(transaction.id);
            judged.with_evidence(&evidence::of_transaction(transaction))
        };
        let checks = &self.checks.session_pair;
        let hits = self.hits(checks, |check, cx| check(session, transaction, cx));
        let known =
            self.without(&hits, transaction, &|repaired| self.hits(checks, |check, cx| check(session, repaired, cx)));
        self.conclude(hits, &known, &judged);
    }

    fn order_pair<'p>(&mut self, order: &OrderFacts<'p>, transaction: &TransactionFacts<'p>, by: &'static str) {
        let pair = LinkFacts::Pair(*order, *transaction, false);
        write(self.out.pairs.of(transaction.id), Key::Transaction, transaction.id, &pair);
        if transaction.partial {
            return;
        }
        self.out.link(Kind::Order, order.id, transaction.id, by);
        let judged = || {
            let judged = Judged::order(order).with_transaction(transaction.id);
            judged.with_evidence(&evidence::of_transaction(transaction))
        };
        self.judge(&self.checks.order_pair, &judged, |check, cx| check(order, transaction, cx));
    }

    fn missing(&mut self, judged: &dyn Fn() -> Judged, id: &str) {
        if self.whole.has_transactions {
            self.judge(&self.checks.missing_transaction, judged, |check, cx| check(id, cx));
        }
    }

    fn unknown_line<'p>(&mut self, id: &'p str, line: &LineFacts<'p>) {
        if !self.whole.has_transactions {
            return;
        }
        let (settlement, named) = line.of_report(id);
        let hits = self.hits(&self.checks.unknown_line, |check, cx| check(&settlement, &named, cx));
        let gone = line.repeated_line.map(|root| WithoutCause { root, cause: Cause::DuplicateEvent, left: Vec::new() });
        let known: Vec<WithoutCause<'p>> = gone.into_iter().collect();
        let rested = document_part(Kind::Settlement, line.settlement, &line.state);
        self.conclude(hits, &known, &|| {
            Judged::settlement(&settlement).with_transaction(id).replace_evidence(rested.clone())
        });
    }

    /// Judges transactions that name a session. Pairs whose session names the transaction too were
    /// joined by transaction.
    fn by_session(&mut self, rows: &[LinkRow<'_>]) {
        for row in rows {
            let LinkFacts::Session(session) = row.facts else { continue };
            for other in rows {
                if let LinkFacts::Transaction(transaction) = other.facts
                    && session.transaction_id != Some(transaction.id)
                {
                    self.session_pair(&session, &transaction, "session_id");
                }
            }
        }
    }

    fn by_reference(&mut self, rows: &[LinkRow<'_>]) {
        let mut transactions: Vec<TransactionFacts<'_>> = rows
            .iter()
            .filter_map(|row| if let LinkFacts::Transaction(facts) = row.facts { Some(facts) } else { None })
            .collect();
        for row in rows {
            if let LinkFacts::Order(order) = row.facts {
                transactions.iter().for_each(|transaction| self.order_pair(&order, transaction, "merchant_reference"));
                for row in rows.iter().filter(|row| matches!(row.facts, LinkFacts::Former(_))) {
                    write(self.out.pairs.of(order.id), Key::Order, order.id, &row.facts);
                }
            }
        }
        transactions.retain(|transaction| !transaction.partial);
        if transactions.len() > 1 {
            transactions.sort_by_key(|t| (t.created_at.is_none(), t.created_at, t.id));
            self.same_reference(&transactions);
        }
    }

    fn same_reference(&mut self, transactions: &[TransactionFacts<'_>]) {
        for (card, check) in &self.checks.same_reference {
            let mut hits = Vec::new();
            let mut none = Vec::new();
            let cx = Cx { settings: self.settings, facts: self.whole, card, hits: &mut none };
            check(transactions, &mut |of, beside, hit| hits.push((of, beside, hit)), &cx);
            for (of, beside, hit) in hits {
                let beside = evidence::of_transaction(&transactions[beside]);
                let judged = Judged::transaction(&transactions[of]).with_evidence(&beside);
                self.out.findings.extend(judged.finding(card, hit, self.settings));
            }
        }
    }
}
