//! Single documents among those that are kept: taken out in one walk, and looked at one by one.

use std::collections::BTreeMap;
use std::convert::Infallible;

use avstem_core::judge::ledger_of;
pub use avstem_core::judge::{Documents, LedgerEvent, Minimizer};
use avstem_core::ledger::{Ledger, Session, SessionFacts, Settlement};
use avstem_core::model::card::Kind;
use avstem_core::normalize::{self, RowKind};
use avstem_core::resolve::{Group, each_group};

use super::frames::{DocumentFate, Kept};

impl Kept {
    fn each(&self, mut take: impl FnMut(&Group<'_>)) {
        let walked: Result<(), Infallible> = self.groups(|group| {
            take(group);
            Ok(())
        });
        walked.unwrap_or_else(|never| match never {});
    }

    /// Calls `take` with the id of every document, by kind and id.
    pub fn ids(&self, mut take: impl FnMut(&str)) {
        self.each(|group| take(group.id()));
    }

    /// The ids of transactions whose merchant reference is wanted.
    pub fn transactions_of(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let (mut ids, mut moves) = (Vec::new(), Vec::new());
        self.each(|group| {
            let kept = group.kept_row().filter(|_| group.kind == Kind::Transaction);
            let reference = kept.and_then(|kept| normalize::account(kept, &mut moves).names().merchant_reference);
            if reference.is_some_and(&wanted) {
                ids.push(group.id().to_owned());
            }
        });
        ids
    }

    /// Takes out the documents that are wanted, by kind and id.
    pub fn pick(&self, wanted: impl Fn(Kind, &str) -> bool) -> Picked<'_> {
        let mut rows: BTreeMap<(Kind, String), Vec<u8>> = BTreeMap::new();
        self.each(|group| {
            if wanted(group.kind, group.id()) {
                let bytes = rows.entry((group.kind, group.id().to_owned())).or_default();
                group.rows.iter().for_each(|row| row.write(bytes, |out| out.extend_from_slice(row.body)));
            }
        });
        Picked { kept: self, rows }
    }
}

/// Documents that were taken out.
pub struct Picked<'k> {
    kept: &'k Kept,
    /// The rows of each, by kind and id.
    rows: BTreeMap<(Kind, String), Vec<u8>>,
}

impl Picked<'_> {
    fn document<'s>(&'s self, kind: Kind, id: &str, look: impl FnMut(&Group<'s>)) {
        if let Some(rows) = self.rows.get(&(kind, id.to_owned())) {
            each_group(&[rows], self.kept.order(), |_| true, look);
        }
    }

    /// Whether there is something to see: an order that is known by an empty list alone has nothing.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        match kind {
            Kind::Transaction | Kind::Order => self.ledger(kind, id, |_, _| {}),
            Kind::Session => self.session(id, |_| {}),
            Kind::Settlement => self.settlement(id, |_| {}),
        }
    }

    /// Shows the ledger of a transaction or an order, and whether a partial document is all that is known of it.
    /// False when it is not there.
    pub fn ledger<'s>(&'s self, kind: Kind, id: &str, mut look: impl FnMut(&Ledger<'s>, bool)) -> bool {
        let mut found = false;
        self.document(kind, id, |group| {
            let mut ledger = Ledger::new();
            found = ledger_of(group, self.kept.order(), &mut ledger);
            if found {
                self.kept.name_sources(&mut ledger);
                look(&ledger, group.kept_row().is_some_and(|kept| kept.kind == RowKind::Partial));
            }
        });
        found
    }

    /// Shows a session, be it one inside a kept transaction. False when it is not there.
    pub fn session<'s>(&'s self, id: &str, mut look: impl FnMut(&Session<'s>)) -> bool {
        let mut found = false;
        self.document(Kind::Session, id, |group| {
            let Some(kept) = group.kept_row() else { return };
            let mut session = Session::default();
            normalize::session(kept, &mut session);
            session.origin = self.kept.in_input_order(session.origin);
            found = true;
            look(&session);
        });
        found
    }

    /// Shows a settlement. False when it is not there.
    pub fn settlement<'s>(&'s self, id: &str, mut look: impl FnMut(&Settlement<'s>)) -> bool {
        let mut found = false;
        self.document(Kind::Settlement, id, |group| {
            let Some(kept) = group.kept_row() else { return };
            let mut settlement = Settlement::default();
            normalize::settlement(kept, &mut settlement);
            settlement.origin = self.kept.in_input_order(settlement.origin);
            found = true;
            look(&settlement);
        });
        found
    }

    /// All of them, to be held against each other; partial documents are held against nothing.
    pub fn company(&self) -> Documents<'_> {
        let mut company = Documents::default();
        for (kind, id) in self.rows.keys() {
            match kind {
                Kind::Transaction | Kind::Order => {
                    self.ledger(*kind, id, |ledger, is_partial| {
                        company.ledgers.extend((!is_partial).then(|| ledger.clone()));
                    });
                }
                Kind::Session => {
                    self.session(id, |session| company.sessions.push(SessionFacts::from(session)));
                }
                Kind::Settlement => {
                    self.settlement(id, |settlement| company.settlements.push(settlement.clone()));
                }
            }
        }
        company
    }

    /// What became of every copy of a document, and of every operation of an order, in input order.
    pub fn copies(&self, kind: Kind, id: &str) -> Vec<DocumentFate> {
        let mut fates = Vec::new();
        self.document(kind, id, |group| fates = self.kept.fates(group));
        fates
    }
}
