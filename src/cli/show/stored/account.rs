//! The account of a ledger, put together again from its frames.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::model::card::Kind;
use avstem_core::model::display::visible;
use avstem_core::model::money::Sum;

use super::super::super::exit::Failure;
use super::super::page::{Account, Moment, Money, Moved, Page, Share};
use super::{Key, Stored, place};
use crate::frame::read::Table;
use crate::frame::schema::{EVENT_ITEMS, EVENTS, LEDGERS, LINES, SPLITS};

/// Fills in the accounts of those documents that have one.
pub fn fill(run: &Stored, members: &BTreeSet<Key>, pages: &mut BTreeMap<Key, Page>) -> Result<(), Failure> {
    let mut accounts: BTreeMap<Key, Rebuilt> = BTreeMap::new();
    run.of_members("frames/ledgers.parquet", LEDGERS, members, &mut |key, table, row| {
        let sum = |column: &str| table.integers(column).get(row).map(Sum::from);
        let totals = Moment {
            authorized: sum("authorized_minor"),
            captured: sum("captured_minor"),
            refunded: sum("refunded_minor"),
            released: sum("released_minor"),
        };
        accounts.insert(key.clone(), Rebuilt::new(key.0, totals));
    })?;
    let ledgers: BTreeSet<Key> = accounts.keys().cloned().collect();
    let mut each = |file: &str, columns, take: fn(&mut Rebuilt, &Table, usize)| {
        run.of_members(file, columns, &ledgers, &mut |key, table, row| {
            if let Some(account) = accounts.get_mut(&key) {
                take(account, table, row);
            }
        })
    };
    each("frames/events.parquet", EVENTS, Rebuilt::event)?;
    each("frames/lines.parquet", LINES, Rebuilt::line)?;
    each("frames/event_items.parquet", EVENT_ITEMS, Rebuilt::item)?;
    each("frames/splits.parquet", SPLITS, Rebuilt::split)?;
    for (key, account) in accounts {
        pages.entry(key).or_default().account = Some(account.account());
    }
    Ok(())
}

/// An account on its way.
struct Rebuilt {
    is_order: bool,
    now: Moment,
    account: Account,
    lines: Shares,
    destinations: Shares,
}

/// Shares in the order in which they were met.
#[derive(Default)]
struct Shares {
    places: BTreeMap<String, usize>,
    list: Vec<Share>,
}

impl Shares {
    fn of(&mut self, name: &str, new: &Share) -> &mut Share {
        let next = self.list.len();
        let at = *self.places.entry(name.to_owned()).or_insert(next);
        if at == next {
            self.list.push(Share { name: visible(name).into_owned(), ..new.clone() });
        }
        &mut self.list[at]
    }
}

/// Adds to a sum that stands only while every part is known.
fn add(sum: &mut Money, part: Money) {
    *sum = sum.zip(part).map(|(sum, part)| sum + part);
}

/// Adds to a sum that may not have begun.
fn promise(sum: &mut Money, part: Sum) {
    *sum = Some(sum.unwrap_or(0) + part);
}

impl Rebuilt {
    fn new(kind: Kind, totals: Moment) -> Rebuilt {
        let is_order = kind == Kind::Order;
        let authorized = if is_order { Some(0) } else { totals.authorized };
        let now = Moment { authorized, captured: Some(0), refunded: Some(0), released: Some(0) };
        let account = Account { totals, ..Account::default() };
        Rebuilt { is_order, now, account, lines: Shares::default(), destinations: Shares::default() }
    }

    /// A share that nothing has moved yet.
    fn fresh(&self) -> Share {
        Share { captured: Some(0), refunded: Some(0), ..Share::default() }
    }

    fn event(&mut self, table: &Table, row: usize) {
        let text = |column: &str| table.texts(column).get(row);
        let number = |column: &str| table.integers(column).get(row).map(Sum::from);
        let effective = table.flags("effective").get(row).unwrap_or(true);
        // An amount that is not there counts as nothing, unless it is too large for its cell.
        let exact = table.flags("exact").get(row).unwrap_or(true);
        let known = |amount: Money| amount.or(exact.then_some(0));
        let kind = text("event").unwrap_or_default();
        if effective {
            match kind {
                "authorize" if self.is_order => add(&mut self.now.authorized, known(number("amount_minor"))),
                "capture" => add(&mut self.now.captured, known(number("amount_minor"))),
                "refund" => add(&mut self.now.refunded, known(number("amount_minor"))),
                "void" | "cancel" => add(&mut self.now.released, known(number("released_minor"))),
                _ => {}
            }
        }
        let Some(place) = place(table, row) else { return };
        self.account.timeline.push(Moved {
            event: format!("{}[{}]", text("list").unwrap_or_default(), number("place").unwrap_or(0)),
            kind: kind.to_owned(),
            word: text("word").map(str::to_owned),
            effective,
            time: table.times("time").get(row).map(|time| time.to_string()),
            amount: number("amount_minor"),
            id: text("event_id").map(|id| visible(id).into_owned()),
            after: self.now,
            place,
        });
    }

    fn line(&mut self, table: &Table, row: usize) {
        let Some(line) = table.texts("line_id").get(row) else { return };
        // A shipping option that an item stands for, or without an amount, is no line of its own.
        if table.flags("counted").get(row) == Some(true) {
            let fresh = self.fresh();
            let share = self.lines.of(line, &fresh);
            if let Some(amount) = table.integers("amount_minor").get(row) {
                promise(&mut share.authorized, Sum::from(amount));
            }
        }
    }

    fn item(&mut self, table: &Table, row: usize) {
        let Some(line) = table.texts("line_id").get(row) else { return };
        let amount = table.integers("amount_minor").get(row).map(Sum::from);
        let effective = table.flags("effective").get(row).unwrap_or(true);
        let kind = table.texts("event").get(row).unwrap_or_default();
        let fresh = Share { released: self.is_order.then_some(0), ..self.fresh() };
        match kind {
            "authorize" if self.is_order => {
                let share = self.lines.of(line, &fresh);
                // A failed authorization names the line, and grants it nothing.
                if let Some(amount) = amount {
                    promise(&mut share.authorized, if effective { amount } else { 0 });
                }
            }
            "capture" if effective => add(&mut self.lines.of(line, &fresh).captured, amount.or(Some(0))),
            "refund" if effective => add(&mut self.lines.of(line, &fresh).refunded, amount.or(Some(0))),
            "cancel" if effective => add(&mut self.lines.of(line, &fresh).released, amount.or(Some(0))),
            _ => {}
        }
    }

    fn split(&mut self, table: &Table, row: usize) {
        let text = |column: &str| table.texts(column).get(row);
        let (Some(destination), Some(amount)) =
            (text("payout_destination_id"), table.integers("amount_minor").get(row).map(Sum::from))
        else {
            return;
        };
        let is_counted =
            table.flags("counted").get(row) == Some(true) && table.flags("effective").get(row) == Some(true);
        let fresh = self.fresh();
        match text("event") {
            None => promise(&mut self.destinations.of(destination, &fresh).authorized, amount),
            Some("authorize") if is_counted && self.is_order => {
                promise(&mut self.destinations.of(destination, &fresh).authorized, amount);
            }
            Some("capture") if is_counted => add(&mut self.destinations.of(destination, &fresh).captured, Some(amount)),
            Some("refund") if is_counted => add(&mut self.destinations.of(destination, &fresh).refunded, Some(amount)),
            _ => {}
        }
    }

    fn account(mut self) -> Account {
        self.destinations.list.sort_by(|a, b| a.name.cmp(&b.name));
        Account { lines: self.lines.list, destinations: self.destinations.list, ..self.account }
    }
}
