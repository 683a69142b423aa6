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

pub struct Surroundings {
    /// Kind and id of each; those with the requested id first.
    pub members: Vec<(Kind, String)>,
    /// The links of all members, sorted.
    pub links: Vec<ShownLink>,
}

impl Surroundings {
    /// The surroundings of an id. `bearers` are the kinds of documents with this id; `links`
    /// returns all links accepted by a predicate on kind, id and transaction.
    ///
    /// Includes the transactions that the id is linked to, and their sessions and orders. A
    /// settlement is linked to too many transactions, and is included only if it is requested
    /// itself.
    pub fn around<E>(
        id: &str,
        bearers: &[Kind],
        mut links: impl FnMut(&dyn Fn(Kind, &str, &str) -> bool) -> Result<Vec<ShownLink>, E>,
    ) -> Result<Surroundings, E> {
        let mut members: Vec<(Kind, String)> = bearers.iter().map(|kind| (*kind, id.to_owned())).collect();
        let is_bearer = |kind: Kind| kind != Kind::Settlement && bearers.contains(&kind);
        let first = links(&|kind, other, _| other == id && is_bearer(kind))?;
        let mut transactions: BTreeSet<String> = first.into_iter().map(|link| link.transaction).collect();
        members.extend(transactions.iter().map(|transaction| (Kind::Transaction, transaction.clone())));
        if bearers.contains(&Kind::Transaction) {
            transactions.insert(id.to_owned());
        }
        let partners = links(&|kind, _, transaction| kind != Kind::Settlement && transactions.contains(transaction))?;
        members.extend(partners.into_iter().map(|link| (link.kind, link.id)));
        let mut seen = BTreeSet::new();
        members.retain(|member| seen.insert(member.clone()));
        let is_member = |kind: Kind, id: &str| seen.contains(&(kind, id.to_owned()));
        let mut links =
            links(&|kind, other, transaction| is_member(kind, other) || is_member(Kind::Transaction, transaction))?;
        links.sort();
        links.dedup();
        Ok(Surroundings { members, links })
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

    /// The member beside which a finding is shown: its subject or, for a settlement's finding, the
    /// transaction.
    pub fn place(&self, kind: Kind, id: &str, transaction: Option<&str>) -> Option<usize> {
        let member = |kind: Kind, id: &str| self.members.iter().position(|(k, i)| *k == kind && i == id);
        let about = transaction.filter(|_| kind == Kind::Settlement);
        member(kind, id).or_else(|| member(Kind::Transaction, about?))
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
            let hits = all.iter().filter(|link| wanted(link.kind, &link.id, &link.transaction));
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
}
