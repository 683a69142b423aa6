//! Picks single documents out of the kept rows in one pass and reads them one by one.

use std::collections::BTreeMap;
use std::convert::Infallible;

use avstem_core::judge::ledger_of;
pub use avstem_core::judge::{Documents, LedgerEvent, Minimizer};
use avstem_core::ledger::{Ledger, Session, SessionFacts, Settlement};
use avstem_core::model::card::Kind;
use avstem_core::resolve::Group;
use avstem_core::rows::{self, RowKind};

use super::frames::{DocumentFate, Kept, fates};

impl Kept {
    fn each(&self, mut take: impl FnMut(&Group<'_>)) {
        let walked: Result<(), Infallible> = self.groups(|group| {
            take(group);
            Ok(())
        });
        walked.unwrap_or_else(|never| match never {});
    }

    /// Calls `take` with the id of every document, ordered by kind and id.
    pub fn ids(&self, mut take: impl FnMut(&str)) {
        self.each(|group| take(group.id()));
    }

    /// Ids of the transactions whose merchant reference satisfies `wanted`.
    pub fn transactions_of(&self, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let mut ids = Vec::new();
        self.each(|group| {
            let kept = group.kept_row().filter(|_| group.kind == Kind::Transaction);
            let reference = kept.and_then(|kept| rows::account(kept).names().merchant_reference);
            if reference.is_some_and(&wanted) {
                ids.push(group.id().to_owned());
            }
        });
        ids
    }

    /// The transactions that state a text as a merchant reference or session id, else the sessions that state it as a
    /// merchant reference.
    pub fn stating(&self, text: &str) -> Vec<(Kind, String)> {
        let (mut transactions, mut sessions) = (Vec::new(), Vec::new());
        self.each(|group| {
            let Some(kept) = group.kept_row() else { return };
            let is_text = |stated: &Option<&str>| *stated == Some(text);
            let key = || (group.kind, group.id().to_owned());
            if group.kind == Kind::Transaction {
                let names = rows::account(kept).names();
                let stated = [names.merchant_reference, names.merchant_reference_2, names.session_id];
                transactions.extend(stated.iter().any(is_text).then(key));
            } else if group.kind == Kind::Session {
                let mut session = Session::default();
                rows::session(kept, &mut session);
                let stated = [session.merchant_reference, session.merchant_reference_2];
                sessions.extend(stated.iter().any(is_text).then(key));
            }
        });
        if transactions.is_empty() { sessions } else { transactions }
    }

    /// Collects the rows of all wanted documents in one pass.
    pub fn pick(&self, wanted: impl Fn(Kind, &str) -> bool) -> Picked {
        let mut rows: BTreeMap<(Kind, String), Vec<u8>> = BTreeMap::new();
        self.each(|group| {
            if wanted(group.kind, group.id()) {
                let bytes = rows.entry((group.kind, group.id().to_owned())).or_default();
                group.rows.iter().for_each(|row| row.write(bytes, |out| out.extend_from_slice(row.body)));
            }
        });
        Picked { rows }
    }
}

pub struct Picked {
    /// The packed rows of each document.
    rows: BTreeMap<(Kind, String), Vec<u8>>,
}

impl Picked {
    fn document(&self, kind: Kind, id: &str) -> Option<Group<'_>> {
        self.rows.get(&(kind, id.to_owned())).and_then(|rows| Group::read(rows))
    }

    /// Whether the document has any content; an order known only from an empty list has none.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        match kind {
            Kind::Transaction | Kind::Order => self.ledger(kind, id).is_some(),
            Kind::Session => self.session(id).is_some(),
            Kind::Settlement => self.settlement(id).is_some(),
            Kind::Payout | Kind::Bank => false,
        }
    }

    /// The ledger of a transaction or an order, and whether only a partial document of it exists.
    pub fn ledger(&self, kind: Kind, id: &str) -> Option<(Ledger<'_>, bool)> {
        let group = self.document(kind, id)?;
        let mut ledger = Ledger::new();
        let is_partial = group.kept_row().is_some_and(|kept| kept.kind == RowKind::Partial);
        ledger_of(&group, &mut ledger).then_some((ledger, is_partial))
    }

    /// A session document, or a session embedded in a kept transaction.
    pub fn session(&self, id: &str) -> Option<Session<'_>> {
        let mut session = Session::default();
        rows::session(self.document(Kind::Session, id)?.kept_row()?, &mut session);
        Some(session)
    }

    pub fn settlement(&self, id: &str) -> Option<Settlement<'_>> {
        let mut settlement = Settlement::default();
        rows::settlement(self.document(Kind::Settlement, id)?.kept_row()?, &mut settlement);
        Some(settlement)
    }

    /// All picked documents, for checks across documents; partial documents are left out.
    pub fn documents(&self) -> Documents<'_> {
        let mut documents = Documents::default();
        for (kind, id) in self.rows.keys() {
            match kind {
                Kind::Transaction | Kind::Order => {
                    let whole = self.ledger(*kind, id).filter(|(_, is_partial)| !is_partial);
                    documents.ledgers.extend(whole.map(|(ledger, _)| ledger));
                }
                Kind::Session => documents.sessions.extend(self.session(id).as_ref().map(SessionFacts::from)),
                Kind::Settlement => documents.settlements.extend(self.settlement(id)),
                Kind::Payout | Kind::Bank => {}
            }
        }
        documents
    }

    /// The fate of every copy of a document and of every operation of an order, in input order.
    pub fn copies(&self, kind: Kind, id: &str) -> Vec<DocumentFate> {
        self.document(kind, id).map(|group| fates(&group)).unwrap_or_default()
    }
}
