//! The payouts of providers that pay out themselves: they are put together from their rows, which come sorted, and one
//! that is the source of a settlement is put beside that.

use std::collections::BTreeMap;

use super::documents::Judge;
use super::remitted::RemittedPayout;
use crate::evidence;
use crate::ledger::{Remittance, RemittanceKind, RemittedPart};
use crate::link::{LinkFacts, RemittedLine, write as write_link};
use crate::model::card::Kind;
use crate::model::evidence::{Watch, documents_part, join};
use crate::payout::{JoinedLine, Origins, Payout, PayoutKey, PayoutLine, RemittedKey, write_remittance};
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::Group;
use crate::rows::{self, Key};

impl<'p> Judge<'_, 'p> {
    /// Writes the row of a remittance, and a link row for each id that may name a transaction.
    pub(super) fn remittance(&mut self, group: &Group<'p>) {
        self.count_documents(group);
        let Some(kept) = group.kept_row() else { return };
        let remittance = rows::remittance(kept);
        write_remittance(&mut self.out.remittances, &remittance, evidence::documents(group) as u64);
        if remittance.is_payout() {
            return;
        }
        let key = RemittedKey::of(&remittance);
        let Remittance { currency, part, amount, .. } = remittance;
        let line = LinkFacts::Remitted(RemittedLine { key: key.bytes(), currency, part, amount });
        for id in remittance.ids.into_iter().flatten() {
            write_link(self.out.links.of(id), Key::Correlation, id, &line);
        }
    }
}

/// Puts the payouts together; each remittance comes twice, in the order of its rows.
#[derive(Debug, Default)]
pub struct RemittedAccounts {
    payouts: Vec<RemittedPayout>,
    /// The places of payouts that lines name, and of those of running accounts.
    places: BTreeMap<PayoutKey, usize>,
    /// The payouts that end a part of a running account, in order; `None` where no payout ends it.
    ends: Vec<Option<usize>>,
    /// The running payout that is not ended, and the last one of the same account.
    running: Option<RemittedPayout>,
    last: Option<usize>,
    /// Approximate bytes of the payouts, which are all held at once.
    pub held: usize,
    /// Records so far, each once, and whether they contradict each other somewhere.
    pub documents: usize,
    has_rivals: bool,
    /// How many parts of running accounts were given out, and the account of the current one.
    given: usize,
    /// Whether a line of the current part was given out.
    is_open: bool,
    current: Option<(String, String, String)>,
}

/// The payout that a line names.
fn key_of(line: &Remittance<'_>) -> PayoutKey {
    let [namespace, id, currency] = [line.namespace, line.id, line.currency].map(str::to_owned);
    PayoutKey { namespace, id, currency }
}

/// The account of an entry.
fn account_of(entry: &Remittance<'_>) -> (String, String, String) {
    (entry.namespace.to_owned(), entry.id.to_owned(), entry.currency.to_owned())
}

fn is_same(account: &Option<(String, String, String)>, entry: &Remittance<'_>) -> bool {
    account.as_ref().is_some_and(|(namespace, id, currency)| {
        (namespace.as_str(), id.as_str(), currency.as_str()) == (entry.namespace, entry.id, entry.currency)
    })
}

impl RemittedAccounts {
    /// Takes the next remittance, how many different records state it, and whether it is joined with a transaction.
    pub fn add(&mut self, remittance: &Remittance<'_>, documents: u64, is_joined: bool) {
        self.documents += documents as usize;
        self.has_rivals |= documents > 1;
        match remittance.kind {
            RemittanceKind::Statement => {
                let made = RemittedPayout::of_statement(remittance);
                self.push(made);
            }
            RemittanceKind::Line => {
                let Remittance { namespace, id, currency, .. } = *remittance;
                let place = self.places.get(&key_of(remittance)).copied().unwrap_or_else(|| {
                    self.push(RemittedPayout::new(namespace, id.to_owned(), currency, Origins::Events))
                });
                self.payouts[place].add_line(remittance, is_joined);
            }
            RemittanceKind::Entry => self.entry(remittance, is_joined),
        }
    }

    fn push(&mut self, made: RemittedPayout) -> usize {
        let place = self.payouts.len();
        self.held += size_of::<RemittedPayout>() + size_of::<PayoutKey>() + 4 * made.key.id.len();
        self.places.insert(made.key.clone(), place);
        self.payouts.push(made);
        place
    }

    fn entry(&mut self, entry: &Remittance<'_>, is_joined: bool) {
        if !is_same(&self.current, entry) {
            self.end_account();
            self.current = Some(account_of(entry));
        }
        let mut running = self.running.take().unwrap_or_else(|| {
            let mut made = RemittedPayout::new(entry.namespace, entry.id.to_owned(), entry.currency, Origins::Provider);
            made.opening = entry.before;
            made
        });
        if entry.part != RemittedPart::Payout {
            running.add_line(entry, is_joined);
            self.running = Some(running);
            return;
        }
        running.close_running(entry);
        if let Some(last) = self.last {
            chain(&self.payouts[last], &mut running);
        }
        let place = match self.places.get(&running.key) {
            Some(place) => {
                self.payouts[*place].merge(&running);
                *place
            }
            None => self.push(running),
        };
        self.last = Some(place);
        self.ends.push(Some(place));
    }

    /// Ends a running account; lines behind its last payout are of none.
    fn end_account(&mut self) {
        if self.running.take().is_some() {
            self.ends.push(None);
        }
        self.last = None;
    }

    /// Ends all payouts, once the last remittance was taken; `settlements` documents may name one as their source. Notes
    /// which parts of evidence of an earlier run they meet.
    pub fn finish(&mut self, settlements: usize, watch: Watch<'_>, met: &mut Vec<u64>) {
        self.end_account();
        self.current = None;
        self.place_lines_without_currency();
        self.payouts.iter_mut().for_each(RemittedPayout::close_named);
        self.chain_holders();
        let named_by = documents_part(Kind::Settlement, settlements);
        // Without the last of several that differ an earlier one counts.
        let rivals = documents_part(Kind::Payout, if self.has_rivals { self.documents } else { 0 });
        for made in &mut self.payouts {
            let own = made.evidence();
            made.payout.evidence = join([own.as_str(), &made.payout.evidence, &named_by, &rivals]);
            if made.payout.origin != Origins::Events {
                watch.note(Kind::Payout, &made.name(), |part| made.has(part), met);
            }
        }
    }

    /// Puts lines that state no currency to the payout of their id, if there is only one.
    fn place_lines_without_currency(&mut self) {
        let without = |made: &RemittedPayout| made.payout.origin == Origins::Events && made.key.currency.is_empty();
        for from in (0..self.payouts.len()).filter(|at| without(&self.payouts[*at])).collect::<Vec<_>>() {
            let key = self.payouts[from].key.clone();
            let first = PayoutKey { currency: String::new(), ..key.clone() };
            let of_id =
                self.places.range(first..).take_while(|(of, _)| (&of.namespace, &of.id) == (&key.namespace, &key.id));
            let stated: Vec<usize> = of_id
                .map(|(_, place)| *place)
                .filter(|place| self.payouts[*place].payout.origin == Origins::Provider)
                .collect();
            if let [to] = stated.as_slice() {
                let [to, from] =
                    self.payouts.get_disjoint_mut([*to, from]).expect("one states a payout, the other does not");
                to.add_lines(from);
                from.is_moved = true;
                self.places.insert(key, stated[0]);
            }
        }
    }

    /// Notes of payouts of one holder where each begins, and where the one before it ended.
    fn chain_holders(&mut self) {
        let all = &self.payouts;
        let order = |made: &RemittedPayout| {
            let key = made.key.clone();
            Some((key.namespace, made.holder.clone()?, key.currency, made.payout.day?, key.id))
        };
        let mut places: Vec<(_, usize)> = all.iter().map(order).zip(0..).filter(|(order, _)| order.is_some()).collect();
        places.sort_unstable();
        for pair in places.windows(2) {
            let [(Some(one), earlier), (Some(other), later)] = pair else { continue };
            let is_of_one = (&one.0, &one.1, &one.2) == (&other.0, &other.1, &other.2);
            if is_of_one && one.3 != other.3 {
                let [before, next] = self.payouts.get_disjoint_mut([*earlier, *later]).expect("they are two");
                chain(before, next);
            }
        }
    }

    /// Adds the payouts to `all`; those that are the source of exactly one settlement are put beside it.
    pub fn deliver(&mut self, all: &mut Vec<(PayoutKey, Payout)>) {
        // `None` stands for several.
        let mut settlements: BTreeMap<(String, String), Option<usize>> = BTreeMap::new();
        for (place, (key, payout)) in all.iter().enumerate() {
            let texts = [&payout.reference, &payout.provider_reference].into_iter().flatten();
            let is_stated = key.namespace == Active::NAMESPACE && payout.origin != Origins::Events;
            for text in texts.filter(|_| is_stated) {
                let of_text = settlements.entry((key.currency.clone(), text.clone())).or_insert(Some(place));
                *of_text = of_text.filter(|other| *other == place);
            }
        }
        for made in self.payouts.iter_mut().filter(|made| !made.is_moved) {
            let is_stated = made.payout.origin == Origins::Provider;
            let text = made.payout.reference.clone().filter(|_| is_stated).unwrap_or_default();
            match settlements.get(&(made.key.currency.clone(), text)).copied().flatten() {
                Some(place) => {
                    let (key, settlement) = &mut all[place];
                    settlement.evidence = join([settlement.evidence.as_str(), &made.payout.evidence]);
                    made.settlement = Some(key.clone());
                    settlement.sources.push(made.take_payout());
                }
                None => all.push((made.key.clone(), made.take_payout())),
            }
        }
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// Gives out the line that a remittance is, under the payout that it is listed with.
    pub fn line(&mut self, remittance: &Remittance<'_>, joined: Option<JoinedLine>) -> Option<(PayoutKey, PayoutLine)> {
        let place = match remittance.kind {
            RemittanceKind::Statement => return None,
            RemittanceKind::Line => *self.places.get(&key_of(remittance))?,
            RemittanceKind::Entry => self.place_of_entry(remittance)?,
        };
        let made = &mut self.payouts[place];
        let line = made.line(remittance, joined);
        Some((made.settlement.as_ref().unwrap_or(&made.key).clone(), line))
    }

    fn place_of_entry(&mut self, entry: &Remittance<'_>) -> Option<usize> {
        if !is_same(&self.current, entry) {
            self.given += usize::from(std::mem::take(&mut self.is_open));
            self.current = Some(account_of(entry));
        }
        let place = self.ends.get(self.given).copied().flatten();
        self.is_open = entry.part != RemittedPart::Payout;
        self.given += usize::from(!self.is_open);
        place.filter(|_| self.is_open)
    }
}

/// Notes where a payout begins, and where the one before it ended.
fn chain(before: &RemittedPayout, next: &mut RemittedPayout) {
    if let (Some(closing), Some(opening)) = (before.closing, next.opening) {
        next.payout.chain = Some([closing, opening]);
    }
    next.payout.evidence = before.evidence();
}
