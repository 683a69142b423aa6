//! Which documents are shown together: those with the requested id, and the documents linked to
//! them.

use std::collections::BTreeSet;

use avstem_core::model::card::Kind;
use avstem_core::model::display::visible;

use super::page::LinkedDocument;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShownLink {
    pub kind: Kind,
    pub id: String,
    pub transaction: String,
    /// The field that names the partner.
    pub by: String,
}

/// The links that are asked for, by one of their ends.
pub enum LinkEnds {
    /// Those of documents that name a transaction.
    From(BTreeSet<(Kind, String)>),
    /// Those to transactions.
    To(BTreeSet<String>),
}

impl LinkEnds {
    pub fn have(&self, kind: Kind, id: &str, transaction: &str) -> bool {
        match self {
            LinkEnds::From(documents) => documents.contains(&(kind, id.to_owned())),
            LinkEnds::To(transactions) => transactions.contains(transaction),
        }
    }
}

pub struct Surroundings {
    /// Kind and id of each; those with the requested id first.
    pub members: Vec<(Kind, String)>,
    /// The links of all members, sorted.
    pub links: Vec<ShownLink>,
}

impl Surroundings {
    /// The surroundings of an id. `bearers` are the kinds of documents with this id; `links`
    /// returns all links with one of these ends.
    ///
    /// Includes the transactions that the id is linked to, and their sessions and orders. A
    /// settlement is linked to too many transactions, and is included only if it is requested
    /// itself.
    pub fn around<E>(
        id: &str,
        bearers: &[Kind],
        mut links: impl FnMut(&LinkEnds) -> Result<Vec<ShownLink>, E>,
    ) -> Result<Surroundings, E> {
        let mut members: Vec<(Kind, String)> = bearers.iter().map(|kind| (*kind, id.to_owned())).collect();
        let namers = members.iter().filter(|(kind, _)| !matches!(kind, Kind::Settlement | Kind::Payout)).cloned();
        let first = links(&LinkEnds::From(namers.collect()))?;
        let mut transactions: BTreeSet<String> = first.into_iter().map(|link| link.transaction).collect();
        members.extend(transactions.iter().map(|transaction| (Kind::Transaction, transaction.clone())));
        if bearers.contains(&Kind::Transaction) {
            transactions.insert(id.to_owned());
        }
        // Every transaction among the members is in `transactions`.
        let mut all = links(&LinkEnds::To(transactions))?;
        let partners = all.iter().filter(|link| link.kind != Kind::Settlement);
        members.extend(partners.map(|link| (link.kind, link.id.clone())));
        let mut seen = BTreeSet::new();
        members.retain(|member| seen.insert(member.clone()));
        all.extend(links(&LinkEnds::From(seen))?);
        all.sort();
        all.dedup();
        Ok(Surroundings { members, links: all })
    }

    pub fn partners(&self, kind: Kind, id: &str) -> Vec<LinkedDocument> {
        let of = |link: &ShownLink| {
            let (kind, other) = if kind == Kind::Transaction && link.transaction == id {
                (link.kind, &link.id)
            } else if link.kind == kind && link.id == id {
                (Kind::Transaction, &link.transaction)
            } else {
                return None;
            };
            Some(LinkedDocument { kind, id: visible(other).into_owned(), by: link.by.clone() })
        };
        self.links.iter().filter_map(of).collect()
    }

    /// The member beside which a finding is shown: its subject; for a settlement's finding else the
    /// transaction, for a payout's else the settlement.
    pub fn place(&self, kind: Kind, id: &str, transaction: Option<&str>) -> Option<usize> {
        let member = |kind: Kind, id: &str| self.members.iter().position(|(k, i)| *k == kind && i == id);
        let about = transaction.filter(|_| kind == Kind::Settlement);
        let settled = Some(Kind::Settlement).filter(|_| kind == Kind::Payout);
        member(kind, id).or_else(|| member(Kind::Transaction, about?)).or_else(|| member(settled?, id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(id: &str, bearers: &[Kind]) -> Vec<String> {
        let link = |kind, id: &str, transaction: &str| ShownLink {
            kind,
            id: id.to_owned(),
            transaction: transaction.to_owned(),
            by: "by".to_owned(),
        };
        let all = [
            link(Kind::Session, "s1", "t1"),
            link(Kind::Order, "o1", "t1"),
            link(Kind::Order, "o1", "t2"),
            link(Kind::Session, "s2", "t2"),
            link(Kind::Settlement, "r", "t1"),
            link(Kind::Settlement, "r", "t3"),
        ];
        let surroundings = Surroundings::around(id, bearers, |wanted| {
            let hits = all.iter().filter(|link| wanted.have(link.kind, &link.id, &link.transaction));
            Ok::<_, ()>(hits.cloned().collect())
        });
        surroundings.unwrap().members.into_iter().map(|(kind, id)| format!("{kind} {id}")).collect()
    }

    #[test]
    fn a_purchase_is_shown_from_whichever_side_it_is_asked_for() {
        let all = ["transaction t1", "transaction t2", "session s1", "session s2", "order o1"];
        let sorted = |mut members: Vec<String>| {
            members.sort();
            members
        };
        let mut wanted: Vec<String> = all.iter().map(|text| (*text).to_owned()).collect();
        wanted.sort();
        assert_eq!(sorted(around("o1", &[Kind::Order])), wanted);
        assert_eq!(around("t1", &[Kind::Transaction]), ["transaction t1", "session s1", "order o1"]);
        assert_eq!(around("s2", &[Kind::Session]), ["session s2", "transaction t2", "order o1"]);
        assert_eq!(around("r", &[Kind::Settlement]), ["settlement r"]);
        assert!(around("gone", &[]).is_empty());
    }

    #[test]
    fn a_finding_on_a_payout_is_shown_with_its_settlement() {
        let place = |members: &[(Kind, &str)], kind| {
            let members = members.iter().map(|(kind, id)| (*kind, (*id).to_owned())).collect();
            Surroundings { members, links: Vec::new() }.place(kind, "S1", None)
        };
        let settled = [(Kind::Transaction, "S1"), (Kind::Settlement, "S1")];
        assert_eq!(place(&settled, Kind::Payout), Some(1));
        assert_eq!(place(&[(Kind::Payout, "S1")], Kind::Payout), Some(0));
        assert_eq!(place(&[(Kind::Payout, "S1")], Kind::Settlement), None);
        assert_eq!(place(&[(Kind::Settlement, "S2")], Kind::Payout), None);
    }
}
