//! Payouts of a run, read from its Parquet files.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use avstem_core::model::money::Sum;

use crate::frame::read::{ParquetFile, ReadError, Table};
use crate::report::payouts::{PAYOUT_LINES, PAYOUTS};

/// The product of lines that have none.
const NO_PRODUCT: &str = "default";

/// A payout, as the run states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredPayout {
    pub namespace: String,
    pub id: String,
    pub currency: String,
    pub origin: String,
    pub state: String,
    pub settled_on: Option<String>,
    pub reference: Option<String>,
    pub bank_date: Option<String>,
    pub bank_entries: Option<String>,
    /// `None` if one of its amounts is outside 64 bits.
    pub sums: Option<StoredSums>,
    /// Captured and refunded by its own lines, by product; `None` if a line is outside 64 bits.
    pub by_product: Option<BTreeMap<String, Sum>>,
}

/// The parts of a payout and its amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StoredSums {
    /// Captured and refunded.
    pub sold: Sum,
    pub fees: Sum,
    pub other: Sum,
    /// Carried in and out.
    pub carried: Sum,
    pub unexplained: Sum,
    pub amount: Sum,
}

const OF_PAYOUTS: [&str; 17] = [
    "namespace",
    "settlement_id",
    "currency",
    "origin",
    "state",
    "settled_on",
    "settlement_reference",
    "bank_date",
    "bank_entries",
    "captures_minor",
    "refunds_minor",
    "fees_minor",
    "other_minor",
    "carried_in_minor",
    "carried_out_minor",
    "unexplained_minor",
    "amount_minor",
];

const OF_LINES: [&str; 7] =
    ["namespace", "settlement_id", "currency", "origin", "payment_product_type", "capture_minor", "refund_minor"];

/// Reads `payouts.parquet` and `payout_lines.parquet`.
///
/// # Errors
///
/// When one of them is not as this version writes it.
pub fn read<R: Read + Seek>(payouts: R, lines: R) -> Result<Vec<StoredPayout>, ReadError> {
    let mut file = ParquetFile::open(payouts, "payouts.parquet", PAYOUTS)?;
    let mut all = Vec::new();
    for at in 0..file.groups() {
        let table = file.group(at, &OF_PAYOUTS)?;
        all.extend((0..table.rows()).map(|row| payout(&table, row)));
    }
    let places: BTreeMap<[String; 3], usize> =
        (0..).zip(&all).map(|(place, of): (usize, &StoredPayout)| (of.key(), place)).collect();
    let mut file = ParquetFile::open(lines, "payout_lines.parquet", PAYOUT_LINES)?;
    for at in 0..file.groups() {
        let table = file.group(at, &OF_LINES)?;
        for row in 0..table.rows() {
            if let Some(place) =
                places.get(&["namespace", "settlement_id", "currency"].map(|name| text(&table, name, row)))
            {
                add_line(&mut all[*place], &table, row);
            }
        }
    }
    Ok(all)
}

impl StoredPayout {
    pub fn key(&self) -> [String; 3] {
        [self.namespace.clone(), self.id.clone(), self.currency.clone()]
    }

    /// What is cleared, by product; all of it without one where the lines do not say.
    pub fn cleared(&self, sums: &StoredSums) -> BTreeMap<String, Sum> {
        let of_lines = self
            .by_product
            .as_ref()
            .filter(|by_product| !by_product.is_empty() && by_product.values().sum::<Sum>() == sums.sold);
        of_lines.cloned().unwrap_or_else(|| BTreeMap::from([(NO_PRODUCT.to_owned(), sums.sold)]))
    }
}

fn payout(table: &Table, row: usize) -> StoredPayout {
    let filled = |name: &str| table.texts(name).get(row).map(str::to_owned);
    StoredPayout {
        namespace: text(table, "namespace", row),
        id: text(table, "settlement_id", row),
        currency: text(table, "currency", row),
        origin: text(table, "origin", row),
        state: text(table, "state", row),
        settled_on: filled("settled_on"),
        reference: filled("settlement_reference"),
        bank_date: filled("bank_date"),
        bank_entries: filled("bank_entries"),
        sums: sums(table, row),
        by_product: Some(BTreeMap::new()),
    }
}

fn sums(table: &Table, row: usize) -> Option<StoredSums> {
    let minor = |name: &str| table.integers(name).get(row).map(Sum::from);
    Some(StoredSums {
        sold: minor("captures_minor")? + minor("refunds_minor")?,
        fees: minor("fees_minor")?,
        other: minor("other_minor")?,
        carried: minor("carried_in_minor")? + minor("carried_out_minor")?,
        unexplained: minor("unexplained_minor")?,
        amount: minor("amount_minor")?,
    })
}

/// Adds a line. Those of a payout's source are listed with it, too, and have another origin.
fn add_line(payout: &mut StoredPayout, table: &Table, row: usize) {
    if payout.origin != text(table, "origin", row) {
        return;
    }
    let minor = |name: &str| table.integers(name).get(row).map(Sum::from);
    let Some(sold) = minor("capture_minor").zip(minor("refund_minor")).map(|(captured, refunded)| captured + refunded)
    else {
        payout.by_product = None;
        return;
    };
    let product_type = table.texts("payment_product_type").get(row).unwrap_or_default();
    let product = product_type.split('.').next().filter(|product| !product.is_empty()).unwrap_or(NO_PRODUCT);
    if let Some(by_product) = &mut payout.by_product {
        match by_product.get_mut(product) {
            Some(sum) => *sum += sold,
            None => drop(by_product.insert(product.to_owned(), sold)),
        }
    }
}

fn text(table: &Table, name: &str, row: usize) -> String {
    table.texts(name).get(row).unwrap_or_default().to_owned()
}
