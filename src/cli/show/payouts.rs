//! What pages show of payouts: rows of payouts.csv and payout_lines.parquet, whether they come from
//! the input or from a run.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::model::card::Kind;
use avstem_core::model::display::visible;

use super::page::{ShowPage, ShownPayout, ShownRow, text_of};
use super::surroundings::Surroundings;

/// Namespace, settlement id and currency.
type Name = [String; 3];

/// Reads a text of a row.
pub type TextOf<'t> = &'t dyn Fn(&str) -> Option<&'t str>;

/// The payouts of some documents. Lines are added first, then payouts. All ids are escaped for display,
/// as they are in the files.
#[derive(Default)]
pub struct PayoutPages {
    /// Settlements and payouts with a page.
    ids: BTreeSet<String>,
    transactions: BTreeSet<String>,
    /// Entries of bank accounts with a page.
    entries: BTreeSet<String>,
    lines: BTreeMap<Name, Vec<ShownRow>>,
    payouts: BTreeMap<Name, ShownRow>,
}

impl PayoutPages {
    pub fn of(surroundings: &Surroundings) -> PayoutPages {
        let mut pages = PayoutPages::default();
        for (kind, id) in &surroundings.members {
            let of_kind = match kind {
                Kind::Settlement | Kind::Payout => &mut pages.ids,
                Kind::Transaction => &mut pages.transactions,
                Kind::Bank => &mut pages.entries,
                Kind::Order | Kind::Session => continue,
            };
            of_kind.insert(visible(id).into_owned());
        }
        pages
    }

    /// Whether a row group can have lines that are shown.
    pub fn can_be_in(&self, admit: &dyn Fn(&str, &str) -> bool) -> bool {
        let has = |column: &str, texts: &BTreeSet<String>| texts.iter().any(|text| admit(column, text));
        has("settlement_id", &self.ids) || has("transaction_id", &self.transactions)
    }

    pub fn wants_line(&self, text: TextOf<'_>) -> bool {
        let is_one = |column: &str, texts: &BTreeSet<String>| text(column).is_some_and(|text| texts.contains(text));
        is_one("settlement_id", &self.ids) || is_one("transaction_id", &self.transactions)
    }

    pub fn add_line(&mut self, row: ShownRow) {
        self.lines.entry(name(&|column| Some(text_of(&row, column)))).or_default().push(row);
    }

    pub fn wants_payout(&self, text: TextOf<'_>) -> bool {
        let name = name(text);
        let has_entry = || {
            let entries = text("bank_entries").unwrap_or_default();
            self.entries.iter().any(|entry| is_among(entry, entries))
        };
        self.ids.contains(&name[1]) || self.lines.contains_key(&name) || has_entry()
    }

    pub fn add_payout(&mut self, row: ShownRow) {
        self.payouts.insert(name(&|column| Some(text_of(&row, column))), row);
    }

    /// The payouts of a page, by name.
    pub fn shown(&self, page: &ShowPage) -> Vec<ShownPayout> {
        let of_page = |(name, row): (&Name, &ShownRow)| {
            let lines = self.lines.get(name).map(Vec::as_slice).unwrap_or_default();
            let lines = match page.kind? {
                Kind::Settlement | Kind::Payout if name[1] == page.id => own(row, lines),
                Kind::Transaction => of_payment(&page.id, lines),
                Kind::Bank if is_among(&page.id, text_of(row, "bank_entries")) => Vec::new(),
                _ => return None,
            };
            let is_of_payment = page.kind == Some(Kind::Transaction);
            (!is_of_payment || !lines.is_empty()).then(|| ShownPayout { row: row.clone(), lines })
        };
        self.payouts.iter().filter_map(of_page).collect()
    }
}

fn name(text: TextOf<'_>) -> Name {
    ["namespace", "settlement_id", "currency"].map(|column| text(column).unwrap_or_default().to_owned())
}

/// Whether an entry is one of a payout's. Its id may have blanks, as there are between entries.
pub fn is_among(entry: &str, entries: &str) -> bool {
    format!(" {entries} ").contains(&format!(" {entry} "))
}

/// Whether a payment says it, and no document of the payout.
fn is_entry(row: &ShownRow) -> bool {
    text_of(row, "origin") == "events"
}

/// The lines of a payout; what payments say of it counts only if it has no document.
fn own(payout: &ShownRow, lines: &[ShownRow]) -> Vec<ShownRow> {
    lines.iter().filter(|line| is_entry(payout) || !is_entry(line)).cloned().collect()
}

/// The lines that name a payment, else what the payment says itself.
fn of_payment(id: &str, lines: &[ShownRow]) -> Vec<ShownRow> {
    let naming: Vec<&ShownRow> = lines.iter().filter(|line| text_of(line, "transaction_id") == id).collect();
    let has_lines = naming.iter().any(|line| !is_entry(line));
    naming.into_iter().filter(|line| !has_lines || !is_entry(line)).cloned().collect()
}
