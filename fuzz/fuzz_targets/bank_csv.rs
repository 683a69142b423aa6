//! The reader of banks' CSV files: it reads the same however the bytes come, and a file that is cut
//! states no row that the whole does not.

#![no_main]

use std::cell::Cell;
use std::io::BufReader;

use avstem_core::bank::delimited::read;
use avstem_core::bank::{BankAccount, BankCsv, CsvCurrency, CsvSettings, DateFormat, PRESETS};
use avstem_core::model::reject::FileReason;
use libfuzzer_sys::fuzz_target;

fn configured(choice: u8) -> BankCsv {
    let own = CsvSettings {
        account: BankAccount::new("1503.44.55667"),
        currency: (choice & 8 == 0).then(|| CsvCurrency::Fixed("NOK".to_owned())),
        ..CsvSettings::default()
    };
    let short = CsvSettings {
        currency: Some(CsvCurrency::Column("c".to_owned())),
        delimiter: Some(b','),
        skip_rows: Some(u64::from(choice >> 4)),
        date: Some("d".to_owned()),
        date_format: DateFormat::new("%Y%m%d"),
        amount: Some("a".to_owned()),
        text: Some(vec!["t".to_owned()]),
        reference: Some("r".to_owned()),
        balance: (choice & 128 != 0).then(|| "b".to_owned()),
        ..CsvSettings::default()
    };
    let preset = PRESETS.get(usize::from(choice & 7)).and_then(|name| CsvSettings::preset(name));
    let csv = own.or(preset.unwrap_or(short));
    csv.clone().complete().or_else(|_| {
        CsvSettings { currency: Some(CsvCurrency::Fixed("JPY".to_owned())), ..csv }.complete()
    }).expect("the currency alone may be missing")
}

fuzz_target!(|bytes: &[u8]| {
    let [choice, text @ ..] = bytes else { return };
    let csv = configured(*choice);
    let room = Cell::new(usize::MAX);
    let whole = read(text, &csv, &room);
    assert_eq!(whole, read(BufReader::with_capacity(1, text), &csv, &room), "how the bytes come does not count");
    let file = match whole {
        Ok(file) => file,
        Err(fault) => {
            let is_empty = fault.reason == FileReason::EmptyInput;
            assert!(is_empty || fault.detail.contains(" on line "), "{fault:?}");
            return;
        }
    };
    let [statement] = &file.statements[..] else { panic!("a file is one statement") };
    let days = statement.entries.iter().map(|entry| entry.day);
    assert_eq!(statement.days, days.clone().min().zip(days.max()));
    assert!(statement.entries.iter().all(|entry| Some(&entry.currency) == statement.currency.as_ref()));
    // Up to the last line end, a cut drops whole rows.
    let lines: Vec<usize> = (0..text.len()).filter(|at| text[*at] == b'\n').collect();
    if let Some(at) = lines.get(lines.len() / 2)
        && let Ok(cut) = read(&text[..=*at], &csv, &room)
    {
        assert!(statement.entries.starts_with(&cut.statements[0].entries));
    }
});
