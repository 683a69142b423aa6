//! Files of the presets, of others, and every defect that refuses one.

use std::cell::Cell;

use super::*;
use crate::bank::{BankAccount, CsvSettings, DateFormat, StatementEncoding};

fn read(input: impl BufRead, csv: &BankCsv) -> Result<BankFile, FileFault> {
    super::read(input, csv, &Cell::new(usize::MAX))
}

fn settings() -> CsvSettings {
    CsvSettings {
        account: BankAccount::new("1503.44.55667"),
        currency: Some(CsvCurrency::Fixed("NOK".to_owned())),
        date: Some("Dato".to_owned()),
        date_format: DateFormat::new("%d.%m.%Y"),
        amount: Some("Beløp".to_owned()),
        text: Some(vec!["Tekst".to_owned()]),
        ..CsvSettings::default()
    }
}

fn csv(set: impl FnOnce(&mut CsvSettings)) -> BankCsv {
    let mut settings = settings();
    set(&mut settings);
    settings.complete().unwrap()
}

fn preset(name: &str) -> BankCsv {
    let preset = CsvSettings::preset(name).unwrap();
    let currency = settings().currency.filter(|_| preset.currency.is_none());
    CsvSettings { account: settings().account, currency, ..CsvSettings::default() }.or(preset).complete().unwrap()
}

fn one(bytes: &[u8], csv: &BankCsv) -> ReadStatement {
    let file = read(bytes, csv).unwrap_or_else(|fault| panic!("{}", fault.sentence()));
    let [statement] = &file.statements[..] else { panic!("one statement") };
    statement.clone()
}

/// Day, amount and texts of each entry.
fn shown(statement: &ReadStatement) -> Vec<String> {
    let entry = |entry: &BookedEntry| format!("{} {} {}", format_day(entry.day), entry.amount, entry.texts.join("|"));
    statement.entries.iter().map(entry).collect()
}

fn balances(statement: &ReadStatement) -> (Option<Minor>, Option<Minor>) {
    let of = |balance: &Option<StatedBalance>| balance.as_ref().map(|balance| balance.amount);
    (of(&statement.opening), of(&statement.closing))
}

#[track_caller]
fn refused(text: &str, csv: &BankCsv, reason: FileReason, detail: &str) {
    let fault = read(text.as_bytes(), csv).expect_err(text);
    assert_eq!((fault.reason, &*fault.detail), (reason, detail), "{text}");
}

#[test]
fn all_rows_need_room() {
    let text = format!("Dato;Tekst;Beløp\n{}", "06.10.2026;x;1,00\n".repeat(1_000));
    let read = |bytes| super::read(text.as_bytes(), &csv(|_| {}), &Cell::new(bytes)).map_err(|fault| fault.reason);
    assert_eq!(read(300_000), Err(FileReason::IoError));
    assert_eq!(read(2_000_000).unwrap().statements[0].entries.len(), 1_000);
}

#[test]
fn files_of_the_presets_are_read() {
    let latin1 = |text: &str| text.chars().map(|c| c as u8).collect::<Vec<u8>>();
    let dnb = "\"Dato\";\"Forklaring\";\"Rentedato\";\"Ut fra konto\";\"Inn på konto\"\r\n\
               \"06.10.2026\";\"DINTERO R17483\";\"06.10.2026\";\"\";\"1.455,00\"\r\n\
               \"05.10.2026\";\"Kjøp; ost\";\"05.10.2026\";\"99,50\";\"\"\r\n";
    let found = one(&latin1(dnb), &preset("dnb"));
    assert_eq!(shown(&found), ["2026-10-06 145500 DINTERO R17483", "2026-10-05 -9950 Kjøp; ost"]);
    assert_eq!((&*found.id, &*found.account.number), ("csv:2026-10-05..2026-10-06", "15034455667"));
    assert_eq!((balances(&found), found.pending, found.offset), ((None, None), 0, 0));

    let nordea_no = "\u{feff}Bokføringsdato;Beløp;Avsender;Mottaker;Navn;Tittel;Valuta;Betalingstype\n\
                     2026/10/06;1455,00;;;;DINTERO;NOK;\n2026/10/06;-20,00;;;;Gebyr;NOK;\n";
    let found = one(nordea_no.as_bytes(), &preset("nordea-no"));
    assert_eq!(shown(&found), ["2026-10-06 145500 DINTERO", "2026-10-06 -2000 Gebyr"]);
    assert_eq!((found.currency.as_deref(), &*found.entries[0].currency), (Some("NOK"), "NOK"));

    let nordea_se = "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;\n\
                     2026/10/07;-20,00;;;;Avgift;1 535,00;SEK;\n2026/10/06;1455,00;;;;DINTERO;1 555,00;SEK;\n";
    let found = one(nordea_se.as_bytes(), &preset("nordea-se"));
    assert_eq!(shown(&found), ["2026-10-07 -2000 Avgift", "2026-10-06 145500 DINTERO"]);
    assert_eq!(balances(&found), (Some(10_000), Some(153_500)));

    let seb = "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n\
               2026-10-06;2026-10-06;5;DINTERO;1,455.000;1555.00\n";
    let found = one(seb.as_bytes(), &preset("seb"));
    assert_eq!(
        (shown(&found), balances(&found)),
        (vec!["2026-10-06 145500 DINTERO".to_owned()], (Some(10_000), Some(155_500)))
    );
}

#[test]
fn rows_before_the_header_are_skipped_with_blank_ones() {
    let text = "Kontoutskrift\n\n\"an open quote;\nDato;Tekst;Beløp\n05.10.2026;a;1\n";
    let found = one(text.as_bytes(), &csv(|set| set.skip_rows = Some(3)));
    assert_eq!(shown(&found), ["2026-10-05 100 a"]);
    let bad = text.replace("05.10", "5.10");
    let what = "expected a date of the form `%d.%m.%Y` in column `Dato`, found another text on line 5";
    refused(&bad, &csv(|set| set.skip_rows = Some(3)), FileReason::BadTimestamp, what);
}

#[test]
fn every_way_to_write_a_row_is_read() {
    let tabs = csv(|set| {
        set.delimiter = Some(b'\t');
        set.text = Some(vec!["Tekst".to_owned(), " Melding ".to_owned()]);
        set.reference = Some("Ref".to_owned());
    });
    let text = "\n Dato \tTekst\tBeløp\tMelding\tRef\r\n\r\n05.10.2026\t\"a \"\"b\"\"\nc\"\t 1,5 \t\tR1\t\t\n\n06.10.2026\t\t2\tm\t";
    let found = one(text.as_bytes(), &tabs);
    assert_eq!(shown(&found), ["2026-10-05 150 a \"b\"\nc", "2026-10-06 200 m"]);
    let references: Vec<Option<&str>> = found.entries.iter().map(|entry| entry.reference.as_deref()).collect();
    assert_eq!(references, [Some("R1"), None]);
}

#[test]
fn a_header_alone_is_a_statement_of_nothing() {
    let found = one("Dato;Tekst;Beløp\n".as_bytes(), &csv(|_| {}));
    assert_eq!(
        (&*found.id, found.days, found.entries.len(), found.currency.as_deref()),
        ("csv:..", None, 0, Some("NOK"))
    );
    for text in ["", "\n\n", "\u{feff}", " \n"] {
        let fault = read(text.as_bytes(), &csv(|_| {})).unwrap_err();
        assert_eq!(fault, FileReason::EmptyInput.into(), "{text:?}");
    }
}

#[test]
fn balances_stand_after_the_row_in_either_direction() {
    let with = csv(|set| set.balance = Some("Saldo".to_owned()));
    let of = |rows: &str| balances(&one(format!("Dato;Tekst;Beløp;Saldo\n{rows}").as_bytes(), &with));
    assert_eq!(of("05.10.2026;;100;150\n06.10.2026;;-30;120\n"), (Some(5000), Some(12_000)));
    assert_eq!(of("06.10.2026;;-30;120\n05.10.2026;;100;150\n"), (Some(5000), Some(12_000)));
    assert_eq!(of("05.10.2026;;100;150\n05.10.2026;;-30;120\n"), (Some(5000), Some(12_000)));
    assert_eq!(of(""), (None, None));
    let header = "Dato;Tekst;Beløp;Saldo\n";
    let text = format!("{header}05.10.2026;;1;5\n05.10.2026;;1;\n");
    refused(&text, &with, FileReason::MissingField, "column `Saldo` is empty on line 3");
    let text = format!("{header}05.10.2026;;-92233720368547758,07;1\n");
    let what = "expected a balance that fits in 64 bits before the row on line 2";
    refused(&text, &with, FileReason::AmountOutOfRange, what);
}

#[test]
fn of_credit_and_debit_one_is_filled() {
    let split = csv(|set| (set.amount, set.credit, set.debit) = (None, Some("Inn".to_owned()), Some("Ut".to_owned())));
    let text = |credit: &str, debit: &str| format!("Dato;Tekst;Inn;Ut\n05.10.2026;;{credit};{debit}\n");
    for (credit, debit, amount) in [
        ("5", "", 500),
        ("5", "0,00", 500),
        ("", "5", -500),
        ("0", "-5", -500),
        ("", "92233720368547758,07", -i64::MAX),
    ] {
        assert_eq!(one(text(credit, debit).as_bytes(), &split).entries[0].amount, amount, "{credit};{debit}");
    }
    for (credit, debit, reason, detail) in [
        ("5", "5", FileReason::WrongType, "expected an amount in column `Inn` or `Ut`, found both on line 2"),
        ("", "0", FileReason::MissingField, "expected an amount in column `Inn` or `Ut`, found none on line 2"),
        ("-5", "", FileReason::WrongType, "expected an amount above 0 in column `Inn`, found a negative one on line 2"),
        ("x", "", FileReason::WrongType, "expected an amount in column `Inn`, found another text on line 2"),
    ] {
        refused(&text(credit, debit), &split, reason, detail);
    }
}

#[test]
fn a_header_that_does_not_fit_refuses_the_file() {
    for (text, reason, detail) in [
        ("Dato;Tekst\n", FileReason::MissingField, "expected a column `Beløp`, found none in the header on line 1"),
        (
            "dato;Tekst;Beløp\n",
            FileReason::MissingField,
            "expected a column `Dato`, found none in the header on line 1",
        ),
        (
            "\nDato;Tekst;Beløp;Dato\n",
            FileReason::WrongType,
            "expected one column `Dato`, found several in the header on line 2",
        ),
    ] {
        refused(text, &csv(|_| {}), reason, detail);
    }
    let skipping = csv(|set| set.skip_rows = Some(4));
    let what = "expected a row with the names of the columns, found the end on line 1";
    refused("Dato;Tekst;Beløp\n", &skipping, FileReason::MissingField, what);
}

#[test]
fn a_row_that_does_not_fit_refuses_the_file() {
    use FileReason::{AmountNotInteger, AmountOutOfRange, BadTimestamp, BrokenText, MissingField, WrongType};
    for (row, reason, detail) in [
        ("05.10.2026;a", BrokenText, "expected 3 cells as in the header, found 2 on line 3"),
        ("05.10.2026;a;1;x", BrokenText, "expected 3 cells as in the header, found 4 on line 3"),
        ("05.10.2026;a;1;;x;", BrokenText, "expected 3 cells as in the header, found 6 on line 3"),
        (
            "Sum;;1",
            BadTimestamp,
            "expected a date of the form `%d.%m.%Y` in column `Dato`, found another text on line 3",
        ),
        (";;", MissingField, "column `Dato` is empty on line 3"),
        ("05.10.2026;a;", MissingField, "column `Beløp` is empty on line 3"),
        ("05.10.2026;a;1.0", WrongType, "expected an amount in column `Beløp`, found another text on line 3"),
        (
            "05.10.2026;a;100,005",
            AmountNotInteger,
            "expected at most 2 decimals in column `Beløp`, found more on line 3",
        ),
        (
            "05.10.2026;a;99999999999999999999",
            AmountOutOfRange,
            "expected an amount of at most 64 bits in column `Beløp`, found a larger one on line 3",
        ),
        (
            "05.10.2026;\"a;1",
            BrokenText,
            "a quoted cell is not closed, it begins on line 3: the file is cut, fetch it from the bank again",
        ),
    ] {
        let text = format!("Dato;Tekst;Beløp\n04.10.2026;\"x\";1;;\n{row}\n");
        refused(&text, &csv(|_| {}), reason, detail);
    }
    let long = format!("Dato;Tekst;Beløp\n05.10.2026;{};1\n", "x".repeat(70_000));
    refused(&long, &csv(|_| {}), BrokenText, "a row is longer than 64 KiB, it begins on line 2");
}

#[test]
fn one_currency_a_file() {
    let column = csv(|set| set.currency = Some(CsvCurrency::Column("Valuta".to_owned())));
    let text =
        |first: &str, second: &str| format!("Dato;Tekst;Beløp;Valuta\n05.10.2026;;1;{first}\n05.10.2026;;1;{second}\n");
    assert_eq!(one(text("JPY", "JPY").as_bytes(), &column).entries[0].amount, 1);
    let what = "expected the currency of the rows before, found another on line 3";
    refused(&text("NOK", "SEK"), &column, FileReason::WrongType, what);
    refused(&text("NOK", ""), &column, FileReason::MissingField, "column `Valuta` is empty on line 3");
    let what = "expected a currency code of ISO 4217, found another text on line 2";
    refused(&text("kr", "kr"), &column, FileReason::WrongType, what);
}

#[test]
fn text_in_another_encoding_is_refused() {
    let latin = b"Dato;Tekst;Bel\xf8p\n05.10.2026;\xe5;1\n";
    let fault = read(&latin[..], &csv(|_| {})).unwrap_err();
    assert_eq!((fault.reason, &*fault.detail), (FileReason::Encoding, "expected UTF-8, found other bytes on line 1"));
    let found = one(latin, &csv(|set| set.encoding = Some(StatementEncoding::Latin1)));
    assert_eq!(found.entries[0].texts, ["å"]);
    let wide: Vec<u8> = "Dato;Tekst;Bel\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for encoding in [StatementEncoding::Utf8, StatementEncoding::Latin1] {
        let fault = read(&wide[..], &csv(|set| set.encoding = Some(encoding))).unwrap_err();
        assert_eq!(fault.reason, FileReason::Encoding);
    }
}

#[test]
fn a_cut_never_changes_what_a_row_states() {
    let text = "Dato;Tekst;Beløp;Ref\n05.10.2026;\"a\";1,00;R1\n06.10.2026;\"b;c\";2,00;R2\n";
    let whole = shown(&one(text.as_bytes(), &csv(|set| set.reference = Some("Ref".to_owned()))));
    for length in 0..text.len() {
        let cut = read(&text.as_bytes()[..length], &csv(|set| set.reference = Some("Ref".to_owned())));
        if let Ok(file) = cut {
            let entries = shown(&file.statements[0]);
            assert!(whole.starts_with(&entries), "{length}: {entries:?}");
        }
    }
}
