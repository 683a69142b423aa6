//! Pages of documents read from the frames and exceptions of a run.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use avstem_core::model::card::Kind;
use avstem_core::model::display::{shown, visible};
use avstem_core::model::instant::Instant;
use avstem_core::model::origin::Origin;
use serde_json::Value;

use super::super::exit::Failure;
use super::super::options::settings_of;
use super::super::run::Run;
use super::ledger::{account, scenes, whole};
use super::page::{RecordPlace, ShowPage, ShownCopy, ShownFinding, shown_row};
use super::payouts::{PayoutPages, is_among};
use super::surroundings::{LinkEnds, ShownLink, Surroundings};
use avstem_engine::engine::{Documents, Minimizer};
use avstem_engine::frame::column::{Cell, Column, Type, cell};
use avstem_engine::frame::read::{Bounds, ParquetFile, ReadError, Selection, Table, TableRows};
use avstem_engine::frame::rebuild::{DocumentKey, LedgerFrames, Sources, key, kind, of_members};
use avstem_engine::frame::schema::{DOCUMENTS, LEDGERS, LINKS};
use avstem_engine::report::payouts::{PAYOUT_LINES, PAYOUTS};
use avstem_engine::report::table::EXCEPTIONS;

/// Columns of the ledgers frame that are shown as stated by the document.
const FACTS: [&str; 9] = [
    "status",
    "status_derived",
    "settlement_status",
    "payment_product_type",
    "merchant_reference",
    "merchant_reference_2",
    "session_id",
    "payout_destination_id",
    "created_at",
];

const PAYOUTS_FILE: &str = "payouts.parquet";
const LINES_FILE: &str = "payout_lines.parquet";

pub struct StoredRun {
    run: Run,
}

impl StoredRun {
    /// Opens a run.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not a run, or has no frames.
    pub fn open(path: &Path) -> Result<StoredRun, Failure> {
        let run = Run::open(path)?;
        if !run.has("frames/ledgers.parquet") {
            return Err(Failure::usage(format!("{}: the run has no frames to show documents from", run.name))
                .help("run again with `avstem check --frames`, or name the inputs: `avstem show ID INPUT...`"));
        }
        run.verify(&[
            "frames/documents.parquet",
            "frames/ledgers.parquet",
            "frames/events.parquet",
            "frames/lines.parquet",
            "frames/event_items.parquet",
            "frames/splits.parquet",
            "frames/links.parquet",
            "exceptions.parquet",
            PAYOUTS_FILE,
            LINES_FILE,
        ])?;
        Ok(StoredRun { run })
    }

    pub fn as_of(&self) -> Option<String> {
        self.run.manifest.as_of.clone()
    }

    /// The selected rows, by row group.
    fn tables(
        &self,
        name: &str,
        columns: &'static [Column],
        selection: &Selection<'_>,
    ) -> Result<Vec<TableRows>, Failure> {
        let unread = |error: ReadError| {
            Failure::usage(format!("{}: {error}", self.run.name)).help("run again with this version of avstem")
        };
        let file = self.run.file(name)?;
        let mut file = ParquetFile::open(file, name, columns).map_err(unread)?;
        file.select(selection).map_err(unread)
    }

    /// Calls `take` with the selected rows.
    fn rows(
        &self,
        name: &str,
        columns: &'static [Column],
        selection: &Selection<'_>,
        take: &mut dyn FnMut(&Table, usize),
    ) -> Result<(), Failure> {
        let tables = self.tables(name, columns, selection)?;
        tables.iter().for_each(|(table, rows)| rows.iter().for_each(|row| take(table, *row)));
        Ok(())
    }

    /// Calls `take` with the rows of a frame that belong to `members`.
    fn of_members(
        &self,
        name: &str,
        columns: &'static [Column],
        members: &BTreeSet<DocumentKey>,
        take: &mut dyn FnMut(DocumentKey, &Table, usize),
    ) -> Result<(), Failure> {
        let mut take = |table: &Table, row| key(table, row).into_iter().for_each(|key| take(key, table, row));
        of_members(members, |selection| self.rows(name, columns, selection, &mut take))
    }

    pub fn ids(&self, mut look: impl FnMut(&str)) -> Result<(), Failure> {
        let ids = RefCell::new(&mut look);
        let all = |table: &Table, row: usize| {
            table.texts("id").get(row).into_iter().for_each(|id| ids.borrow_mut()(id));
            false
        };
        let selection = Selection { keys: &["id"], can_be_in: &|_| true, is_wanted: &all };
        self.rows("frames/documents.parquet", DOCUMENTS, &selection, &mut |_, _| {})?;
        let of_payouts = |table: &Table, row: usize| {
            table.texts("settlement_id").get(row).into_iter().for_each(|id| ids.borrow_mut()(id));
            false
        };
        self.payout_rows(&of_payouts, &mut |_, _| {})
    }

    /// The transactions that state a text as a merchant reference or session id.
    pub fn stating(&self, text: &str) -> Result<Vec<DocumentKey>, Failure> {
        const STATED: [&str; 3] = ["merchant_reference", "merchant_reference_2", "session_id"];
        let free = shown(text);
        let is_wanted = |table: &Table, row: usize| {
            let is_text =
                |column: &&str| table.texts(column).get(row).is_some_and(|stated| stated == text || stated == free);
            table.texts("kind").get(row) == Some(Kind::Transaction.word()) && STATED.iter().any(is_text)
        };
        let keys = ["kind", "merchant_reference", "merchant_reference_2", "session_id"];
        let can_be_in =
            |bounds: &Bounds<'_>| STATED.iter().any(|column| bounds.admit(column, text) || bounds.admit(column, &free));
        let selection = Selection { keys: &keys, can_be_in: &can_be_in, is_wanted: &is_wanted };
        let mut found = Vec::new();
        self.rows("frames/ledgers.parquet", LEDGERS, &selection, &mut |table, row| {
            found.extend(key(table, row));
        })?;
        Ok(found)
    }

    pub fn surroundings(&self, id: &str) -> Result<Surroundings, Failure> {
        let mut bearers = BTreeSet::new();
        let of_id: BTreeSet<DocumentKey> = Kind::ALL.into_iter().map(|kind| (kind, id.to_owned())).collect();
        self.of_members("frames/documents.parquet", DOCUMENTS, &of_id, &mut |(kind, _), _, _| {
            bearers.insert(kind);
        })?;
        // A session embedded in a transaction has no row of its own, and is known only by its
        // links.
        for link in self.links(&LinkEnds::From(of_id))? {
            bearers.insert(link.kind);
        }
        if !bearers.contains(&Kind::Settlement) && self.is_payout(id)? {
            bearers.insert(Kind::Payout);
        }
        if self.is_on_bank(id)? {
            bearers.insert(Kind::Bank);
        }
        let bearers: Vec<Kind> = bearers.into_iter().collect();
        Surroundings::around(id, &bearers, |wanted| self.links(wanted))
    }

    fn links(&self, wanted: &LinkEnds) -> Result<Vec<ShownLink>, Failure> {
        let link = |table: &Table, row: usize| {
            let text = |column: &str| table.texts(column).get(row);
            Some((kind(text("left_kind")?)?, text("left_id")?.to_owned(), text("right_id")?.to_owned()))
        };
        let mut links = Vec::new();
        let mut take = |table: &Table, row: usize| {
            let by = table.texts("by").get(row).unwrap_or_default().to_owned();
            links.extend(link(table, row).map(|(kind, id, transaction)| ShownLink { kind, id, transaction, by }));
        };
        ends(wanted, |selection| self.rows("frames/links.parquet", LINKS, selection, &mut take))?;
        Ok(links)
    }

    /// One page per document of the surroundings.
    pub fn pages(&self, surroundings: &Surroundings) -> Result<Vec<ShowPage>, Failure> {
        let members: BTreeSet<DocumentKey> = surroundings.members.iter().cloned().collect();
        let mut pages: BTreeMap<DocumentKey, ShowPage> =
            members.iter().map(|key| (key.clone(), ShowPage::default())).collect();
        self.of_members("frames/documents.parquet", DOCUMENTS, &members, &mut |key, table, row| {
            let outcome = table.texts("outcome").get(row).unwrap_or_default().to_owned();
            pages.entry(key).or_default().copies.extend(place(table, row).map(|place| ShownCopy { place, outcome }));
        })?;
        self.of_members("frames/ledgers.parquet", LEDGERS, &members, &mut |key, table, row| {
            head(pages.entry(key).or_default(), table, row);
        })?;
        self.findings(surroundings, &mut pages)?;
        self.ledgers(&members, &mut pages)?;
        let payouts = self.payouts(surroundings)?;
        let page = |(kind, id): &DocumentKey| {
            let mut page = pages.remove(&(*kind, id.clone())).unwrap_or_default();
            page.partial = *kind == Kind::Transaction && page.account.is_none();
            page.place = page.place.or_else(|| kept(&page.copies));
            let links = surroundings.partners(*kind, id);
            let page = ShowPage { kind: Some(*kind), id: visible(id).into_owned(), links, ..page };
            ShowPage { payouts: payouts.shown(&page), ..page }
        };
        Ok(surroundings.members.iter().map(page).collect())
    }

    /// Whether the run has a payout of this id.
    fn is_payout(&self, id: &str) -> Result<bool, Failure> {
        let (id, mut is_there) = (visible(id), false);
        self.payout_rows(&|table, row| table.texts("settlement_id").get(row) == Some(&*id), &mut |_, _| {
            is_there = true
        })?;
        Ok(is_there)
    }

    /// Whether a payout or a finding of the run names this entry or statement of a bank account.
    fn is_on_bank(&self, name: &str) -> Result<bool, Failure> {
        let (name, mut is_there) = (visible(name), false);
        let has_entry = |table: &Table, row: usize| {
            table.texts("bank_entries").get(row).is_some_and(|entries| is_among(&name, entries))
        };
        self.payout_rows(&has_entry, &mut |_, _| is_there = true)?;
        let is_it = |table: &Table, row: usize| {
            table.texts("kind").get(row) == Some(Kind::Bank.word()) && table.texts("id").get(row) == Some(&*name)
        };
        let selection = Selection { keys: &["kind", "id"], can_be_in: &|_| true, is_wanted: &is_it };
        self.rows("exceptions.parquet", EXCEPTIONS, &selection, &mut |_, _| is_there = true)?;
        Ok(is_there)
    }

    /// Calls `take` with the wanted rows of payouts; without that file with none.
    fn payout_rows(
        &self,
        is_wanted: &dyn Fn(&Table, usize) -> bool,
        take: &mut dyn FnMut(&Table, usize),
    ) -> Result<(), Failure> {
        let keys = ["namespace", "settlement_id", "currency", "bank_entries"];
        let selection = Selection { keys: &keys, can_be_in: &|_| true, is_wanted };
        if self.run.has(PAYOUTS_FILE) { self.rows(PAYOUTS_FILE, PAYOUTS, &selection, take) } else { Ok(()) }
    }

    fn payouts(&self, surroundings: &Surroundings) -> Result<PayoutPages, Failure> {
        let mut pages = PayoutPages::of(surroundings);
        let mut found = Vec::new();
        if self.run.has(LINES_FILE) {
            let selection = Selection {
                keys: &["settlement_id", "transaction_id"],
                can_be_in: &|bounds| pages.can_be_in(&|column, text| bounds.admit(column, text)),
                is_wanted: &|table, row| pages.wants_line(&|column| table.texts(column).get(row)),
            };
            let mut take = |table: &Table, row| found.push(shown_row(PAYOUT_LINES, &cells(table, PAYOUT_LINES, row)));
            self.rows(LINES_FILE, PAYOUT_LINES, &selection, &mut take)?;
        }
        found.drain(..).for_each(|row| pages.add_line(row));
        let is_wanted = |table: &Table, row: usize| pages.wants_payout(&|column| table.texts(column).get(row));
        self.payout_rows(&is_wanted, &mut |table, row| found.push(shown_row(PAYOUTS, &cells(table, PAYOUTS, row))))?;
        found.into_iter().for_each(|row| pages.add_payout(row));
        Ok(pages)
    }

    /// Adds the accounts to all pages, and the stories based on them.
    fn ledgers(
        &self,
        members: &BTreeSet<DocumentKey>,
        pages: &mut BTreeMap<DocumentKey, ShowPage>,
    ) -> Result<(), Failure> {
        let told = pages.values().flat_map(|page| &page.findings);
        let references =
            told.filter(|told| told.is_by_reference()).map(|told| told.text("merchant_reference").to_owned());
        let read = |name: &str, columns, selection: &Selection<'_>| self.tables(name, columns, selection);
        let frames = LedgerFrames::read(&read, members, &references.collect())?;
        let mut sources = Sources::default();
        let ledgers = frames.ledgers(&mut sources);
        let place = |origin: Origin| RecordPlace { source: sources.name(origin).to_owned(), offset: origin.offset };
        for (key, ledger) in &ledgers {
            if let Some(page) = pages.get_mut(key) {
                page.account = Some(account(ledger, &place));
            }
        }
        let settings = settings_of(&self.run.manifest.configuration);
        let facts = whole(self.as_of().and_then(|text| Instant::parse(&text)));
        let documents = Documents { ledgers: ledgers.into_values().collect(), ..Documents::default() };
        let mut minimizer = Minimizer::new(&settings, &facts);
        let findings = minimizer.findings(&documents);
        for told in pages.values_mut().flat_map(|page| &mut page.findings) {
            let events = match findings.get(told.text("exception_id")) {
                Some(finding) => minimizer.shortest(finding, &documents),
                None => told.needs_no_event().then(Vec::new),
            };
            if let Some(events) = events {
                told.tell(scenes(&documents, &events, &place));
            }
        }
        Ok(())
    }

    /// Adds the findings to all pages. Ids in the exceptions are escaped for display.
    fn findings(
        &self,
        surroundings: &Surroundings,
        pages: &mut BTreeMap<DocumentKey, ShowPage>,
    ) -> Result<(), Failure> {
        let seen = surroundings.members.iter().map(|(kind, id)| (*kind, visible(id).into_owned()));
        let shown = Surroundings { members: seen.collect(), links: Vec::new() };
        let of = |table: &Table, row: usize| {
            let (kind, id) = key(table, row)?;
            shown.place(kind, &id, table.texts("transaction_id").get(row))
        };
        let wanted = |table: &Table, row: usize| of(table, row).is_some();
        let keys = ["kind", "id", "transaction_id"];
        // Findings are sorted by severity, so that every row group has nearly all ids.
        let selection = Selection { keys: &keys, can_be_in: &|_| true, is_wanted: &wanted };
        self.rows("exceptions.parquet", EXCEPTIONS, &selection, &mut |table, row| {
            let told = ShownFinding::new(EXCEPTIONS, &cells(table, EXCEPTIONS, row));
            if let Some(page) = of(table, row).and_then(|at| pages.get_mut(&surroundings.members[at])) {
                page.findings.push(told);
            }
        })
    }
}

/// Calls `read` with the selection of the links that have these ends. Links are sorted by the
/// documents that name a transaction.
fn ends<T>(wanted: &LinkEnds, read: impl FnOnce(&Selection<'_>) -> T) -> T {
    match wanted {
        LinkEnds::From(documents) => {
            let can_be_in = |bounds: &Bounds<'_>| {
                documents.iter().any(|(kind, id)| bounds.admit("left_id", id) && bounds.admit("left_kind", kind.word()))
            };
            let left = |table: &Table, row: usize| {
                Some((kind(table.texts("left_kind").get(row)?)?, table.texts("left_id").get(row)?.to_owned()))
            };
            let is_wanted = |table: &Table, row: usize| left(table, row).is_some_and(|left| documents.contains(&left));
            read(&Selection { keys: &["left_kind", "left_id"], can_be_in: &can_be_in, is_wanted: &is_wanted })
        }
        LinkEnds::To(transactions) => {
            let can_be_in = |bounds: &Bounds<'_>| transactions.iter().any(|id| bounds.admit("right_id", id));
            let is_wanted = |table: &Table, row: usize| {
                table.texts("right_id").get(row).is_some_and(|id| transactions.contains(id))
            };
            read(&Selection { keys: &["right_id"], can_be_in: &can_be_in, is_wanted: &is_wanted })
        }
    }
}

fn place(table: &Table, row: usize) -> Option<RecordPlace> {
    let offset = u64::try_from(table.integers("source_offset").get(row)?).ok()?;
    Some(RecordPlace { source: table.texts("source").get(row)?.to_owned(), offset })
}

/// The record of the kept copy.
fn kept(copies: &[ShownCopy]) -> Option<RecordPlace> {
    copies.iter().find(|copy| copy.outcome == "accepted").map(|copy| copy.place.clone())
}

/// Adds the columns of a ledger's row to its page. Ids are stored unescaped there.
fn head(page: &mut ShowPage, table: &Table, row: usize) {
    page.currency = table.texts("currency").get(row).map(str::to_owned);
    page.place = place(table, row);
    for name in FACTS {
        let column = LEDGERS.iter().find(|column| column.name == name).expect("facts are columns of ledgers");
        let text = |name: &str| table.texts(name).get(row).map(|text| visible(text).into_owned());
        let text = match column.kind {
            Type::Time => table.times(name).get(row).map(|time| time.to_string()),
            // The seller named by the transaction, else by its store.
            _ if name == "payout_destination_id" => text(name).or_else(|| text("store_payout_destination_id")),
            _ => text(name),
        };
        page.facts.extend(text.map(|text| (name, Value::String(text))));
    }
}

/// Reads the cells of a row from a table.
fn cells<'t>(table: &'t Table, columns: &[Column], row: usize) -> Vec<Cell<'t>> {
    columns.iter().map(|column| cell(table, column, row)).collect()
}

/// Reads a cell from a table.
fn cell<'t>(table: &'t Table, column: &Column, row: usize) -> Cell<'t> {
    match column.kind {
        Type::Text | Type::Number => Cell::from(cell::raw(table.texts(column.name).get(row))),
        Type::Integer => Cell::from(cell::integer(table.integers(column.name).get(row))),
        Type::Flag => Cell::from(cell::flag(table.flags(column.name).get(row))),
        Type::Time => Cell::from(cell::time(table.times(column.name).get(row))),
    }
}
