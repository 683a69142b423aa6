//! Vouchers as an SIE 4 file, for import.

use std::collections::{BTreeMap, BTreeSet};

use avstem_core::model::currency::display_exponent;
use avstem_core::model::display::decimal;
use avstem_core::model::instant::format_day;

use super::cp437;
use super::voucher::{Journal, Voucher};
use crate::config::JournalConfig;
use crate::{TOOL, VERSION};

/// Returns the file. It has one currency: a format of accounting systems that keep books in one.
pub fn write_sie(journal: &Journal, config: &JournalConfig, as_of_day: Option<i64>) -> Vec<u8> {
    let mut lines = SieLines(Vec::new());
    lines.push("#FLAGGA 0");
    lines.push(&format!("#PROGRAM {} {}", quoted(TOOL), quoted(VERSION)));
    lines.push("#FORMAT PC8");
    if let Some(day) = as_of_day {
        lines.push(&format!("#GEN {}", date(day)));
    }
    lines.push("#SIETYP 4");
    lines.push(&format!("#FNAMN {}", quoted(config.company.as_deref().unwrap_or_default())));
    for currency in journal.currencies().into_iter().filter(|currency| !currency.is_empty()) {
        lines.push(&format!("#VALUTA {}", word(currency)));
    }
    for (account, kinds) in accounts(journal) {
        let kinds: Vec<&str> = kinds.into_iter().collect();
        lines.push(&format!("#KONTO {account} {}", quoted(&kinds.join(", "))));
    }
    let series = config.series.as_deref().unwrap_or_default();
    journal.vouchers.iter().for_each(|voucher| lines.voucher(voucher, series));
    lines.0
}

/// The accounts used, and for what.
fn accounts(journal: &Journal) -> BTreeMap<&str, BTreeSet<&'static str>> {
    let mut accounts: BTreeMap<&str, BTreeSet<&'static str>> = BTreeMap::new();
    for posting in journal.vouchers.iter().flat_map(|voucher| &voucher.postings) {
        accounts.entry(&posting.account).or_default().insert(posting.kind);
    }
    accounts
}

struct SieLines(Vec<u8>);

impl SieLines {
    fn push(&mut self, line: &str) {
        cp437::encode(line, &mut self.0);
        self.0.extend_from_slice(b"\r\n");
    }

    /// The voucher has no number: the accounting system gives the next one of the series.
    fn voucher(&mut self, voucher: &Voucher, series: &str) {
        self.push(&format!("#VER {} \"\" {} {}", quoted(series), date(voucher.day), quoted(&voucher.text())));
        self.push("{");
        let exponent = display_exponent(Some(&voucher.payout.currency));
        for posting in &voucher.postings {
            self.push(&format!("#TRANS {} {{}} {}", posting.account, decimal(posting.amount, exponent)));
        }
        self.push("}");
    }
}

fn date(day: i64) -> String {
    format_day(day).replace('-', "")
}

/// A text in quotes. The format escapes quotes only: a backslash at the end would escape the closing
/// one, so there is none.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "/").replace('"', "\\\""))
}

/// A text without quotes where that is safe.
fn word(text: &str) -> String {
    if text.bytes().all(|byte| byte.is_ascii_alphanumeric()) { text.to_owned() } else { quoted(text) }
}
