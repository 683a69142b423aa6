//! Vouchers as CSV.

use std::io::{self, Write};

use avstem_core::model::currency::display_exponent;
use avstem_core::model::instant::format_day;

use super::voucher::{Journal, Posting, Voucher};
use crate::frame::column::{Filled, NumberCell, cell, columns};
use crate::report::delimited::{CsvTable, Dialect};

struct JournalLine<'r> {
    voucher: &'r Voucher,
    text: &'r str,
    posting: &'r Posting,
    run: &'r str,
}

columns! {
    /// The columns of a journal.
    pub const JOURNAL, fn line_row<'r>(l: JournalLine<'r>);
    "voucher" Integer "The number of the voucher in the file, from 1, by date, namespace and settlement id." => cell::count(l.voucher.number);
    "date" Text "The day on which the bank received the payout, else the payout's day." => cell::made(Some(format_day(l.voucher.day)));
    "account" Text "The account of the configuration." => cell::raw(&*l.posting.account);
    "amount_minor" Integer "Minor units; debit is positive. The postings of a voucher sum to zero." => cell::exact(l.posting.amount);
    "amount" Number "The same in major units." => NumberCell::Amount(l.posting.amount, display_exponent(Some(&l.voucher.payout.currency)));
    "currency" Text "The currency as written." => cell::free(&*l.voucher.payout.currency);
    "kind" Text "bank, fee, clearing, other, carried or unexplained." => cell::raw(l.posting.kind);
    "product" Text "Of clearing the payment product; default for what has none." => cell::free(l.posting.product.as_deref());
    "text" Text "The text of the voucher, with that of the bank transfer." => cell::free(l.text);
    "namespace" Text "Who states the payout." => cell::free(&*l.voucher.payout.namespace);
    "settlement_id" Text "The id of the settlement." => cell::id(&*l.voucher.payout.id);
    "bank_entries" Text "Its entries on bank accounts." => cell::id(l.voucher.payout.bank_entries.as_deref());
    "run" Text "The SHA-256 of the run's manifest." => cell::raw(l.run);
}

/// Writes a row a posting; `run` is the hash of the run's manifest.
pub fn write_csv<W: Write>(out: W, journal: &Journal, run: &str) -> io::Result<Filled<W>> {
    let mut table = CsvTable::new(out, JOURNAL, Dialect::Plain)?;
    for voucher in &journal.vouchers {
        let text = voucher.text();
        for posting in &voucher.postings {
            table.push(&line_row(&JournalLine { voucher, text: &text, posting, run }))?;
        }
    }
    table.finish()
}
