//! Vouchers of payouts made here, and what cannot become one.

use std::collections::BTreeMap;
use std::io::Cursor;

use avstem_core::model::money::Sum;

use super::stored::StoredSums;
use super::*;
use crate::config::{self, JournalConfig};
use crate::frame::ParquetTable;
use crate::frame::column::{Cell, Column};
use crate::report::payouts::{PAYOUT_LINES, PAYOUTS};

const CONFIG: &str = r#"
[journal]
company = "Butikken AS"
series = "U"
bank = "1930"
fee = "6570"
clearing = "1902"
"clearing.card" = "1580"
[journal.accounts.SEK]
bank = "1931"
clearing.klarna = "1686"
"#;

fn config(text: &str) -> JournalConfig {
    config::parse(text, "avstem.toml", &[]).unwrap().journal
}

/// A matched payout of 1455.00 NOK: 1500.00 sold, 45.00 of fees.
fn payout(id: &str) -> StoredPayout {
    StoredPayout {
        namespace: "dintero".to_owned(),
        id: id.to_owned(),
        currency: "NOK".to_owned(),
        origin: "report".to_owned(),
        state: "matched".to_owned(),
        settled_on: Some("2026-10-05".to_owned()),
        reference: Some("R17483".to_owned()),
        bank_date: Some("2026-10-07".to_owned()),
        bank_entries: Some("*4321~ab12/1".to_owned()),
        sums: Some(StoredSums { sold: 150_000, fees: -4500, amount: 145_500, ..StoredSums::default() }),
        by_product: Some(BTreeMap::new()),
    }
}

fn all(payouts: Vec<StoredPayout>) -> Journal {
    Journal::new(payouts, &config(CONFIG), JournalScope { all: true, currency: None })
}

fn refused(payout: StoredPayout) -> String {
    let journal = all(vec![payout]);
    assert!(journal.vouchers.is_empty());
    journal.refused.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Account and amount of each posting of the only voucher.
fn posted(journal: &Journal) -> Vec<(&str, Sum)> {
    let [only] = journal.vouchers.as_slice() else { panic!("{} vouchers", journal.vouchers.len()) };
    only.postings.iter().map(|posting| (posting.account.as_str(), posting.amount)).collect()
}

#[test]
fn what_is_sold_is_cleared_by_product_where_the_lines_come_to_it() {
    let by_product = |parts: &[(&str, Sum)]| {
        let parts = parts.iter().map(|(product, sum)| ((*product).to_owned(), *sum));
        StoredPayout { by_product: Some(parts.collect()), ..payout("S1") }
    };
    let whole = [("1930", 145_500), ("6570", 4500), ("1902", -150_000)];
    assert_eq!(posted(&all(vec![payout("S1")])), whole);
    let products = by_product(&[("card", 180_000), ("klarna", -30_000)]);
    let by_account = [("1930", 145_500), ("6570", 4500), ("1580", -180_000), ("1902", 30_000)];
    assert_eq!(posted(&all(vec![products])), by_account);
    assert_eq!(posted(&all(vec![by_product(&[("card", 150_001)])])), whole);
    assert_eq!(posted(&all(vec![StoredPayout { by_product: None, ..payout("S1") }])), whole);
}

#[test]
fn accounts_of_a_currency_come_before_those_of_all() {
    let config = config(CONFIG);
    let of = |currency, kind, product| config.account(currency, kind, product);
    assert_eq!(of("SEK", "bank", None), Some("1931"));
    assert_eq!(of("SEK", "fee", None), Some("6570"));
    assert_eq!(of("SEK", "clearing", Some("klarna")), Some("1686"));
    assert_eq!(of("SEK", "clearing", Some("default")), Some("1902"));
    assert_eq!(of("SEK", "clearing", Some("card")), Some("1580"));
    assert_eq!(of("NOK", "clearing", Some("klarna")), Some("1902"));
    assert_eq!(of("NOK", "carried", None), None);
}

#[test]
fn only_payouts_on_the_bank_account_are_booked_unless_all_are_asked_for() {
    let states =
        ["unseen", "postponed", "nothing", "unchecked", "differs", "matched", "ambiguous", "overdue", "expected"];
    let in_all = || states.iter().map(|state| StoredPayout { state: (*state).to_owned(), ..payout(state) }).collect();
    let ids = |journal: &Journal| journal.vouchers.iter().map(|voucher| voucher.payout.id.clone()).collect::<Vec<_>>();
    let own = Journal::new(in_all(), &config(CONFIG), JournalScope::default());
    assert_eq!(ids(&own), ["matched", "nothing"]);
    assert_eq!(own.waiting.keys().collect::<Vec<_>>(), ["expected", "overdue", "unchecked"]);
    let more = all(in_all());
    assert_eq!(ids(&more), ["expected", "matched", "nothing", "overdue", "unchecked"]);
    assert!(more.waiting.is_empty());
    assert_eq!((own.refused.len(), more.refused.len()), (2, 2));
    let none = Journal::new(in_all(), &config(CONFIG), JournalScope { all: true, currency: Some("SEK") });
    assert!(none.vouchers.is_empty() && none.refused.is_empty());
}

#[test]
fn what_was_carried_clears_though_nothing_is_paid_and_nothing_at_all_is_no_voucher() {
    let nothing = |sums: StoredSums| StoredPayout { state: "nothing".to_owned(), sums: Some(sums), ..payout("S1") };
    let config = config("[journal]\ncarried = \"1580\"\nclearing = \"1902\"\n");
    let journal = |sums| Journal::new(vec![nothing(sums)], &config, JournalScope::default());
    let debt = StoredSums { sold: -700, carried: 700, ..StoredSums::default() };
    assert_eq!(posted(&journal(debt)), [("1902", 700), ("1580", -700)]);
    let none = journal(StoredSums::default());
    assert!(none.vouchers.is_empty() && none.refused.is_empty());
}

#[test]
fn what_cannot_be_booked_is_refused_with_its_reason() {
    let of = |change: fn(&mut StoredPayout)| {
        let mut payout = payout("S1");
        change(&mut payout);
        refused(payout)
    };
    let received = "S1 (dintero, NOK): the bank received another amount or currency";
    assert_eq!(of(|payout| payout.state = "differs".to_owned()), received);
    assert!(of(|payout| payout.state = "ambiguous".to_owned()).ends_with("which entry of the bank account is its"));
    assert!(of(|payout| payout.sums = None).ends_with("outside 64 bits"));
    assert!(of(|payout| (payout.bank_date, payout.settled_on) = (None, None)).ends_with("it has no day"));
    assert!(of(|payout| payout.bank_date = Some("2026-02-30".to_owned())).ends_with("it has no day"));
    let broken = of(|payout| payout.sums.iter_mut().for_each(|sums| sums.amount += 1));
    assert!(broken.ends_with("its parts do not come to its amount"));
    let lacking = of(|payout| {
        payout.sums = Some(StoredSums { unexplained: 5, other: -2, amount: 3, ..StoredSums::default() });
        payout.currency = String::new();
    });
    assert_eq!(lacking, "S1 (dintero, no currency): no account is configured for other, unexplained");
}

#[test]
fn vouchers_sum_to_zero_whatever_the_parts_are() {
    let mut state = 7u64;
    let mut next = |most: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % most
    };
    let accounts = ["bank", "fee", "clearing", "other", "carried", "unexplained"];
    let lines = accounts.iter().map(|kind| format!("{kind} = \"{}\"\n", kind.len()));
    let config = config(&format!("[journal]\n{}", lines.collect::<String>()));
    let mut vouchers = 0;
    for round in 0..2000u64 {
        let mut amount = || match next(4) {
            0 => 0,
            1 => Sum::from(i64::MAX) - Sum::from(next(3)),
            2 => Sum::from(i64::MIN),
            _ => Sum::from(next(1000)) - 500,
        };
        let mut sums = StoredSums { sold: amount(), fees: amount(), other: amount(), ..StoredSums::default() };
        (sums.carried, sums.unexplained) = (amount(), amount());
        sums.amount = sums.sold + sums.fees + sums.other + sums.carried + sums.unexplained;
        let first = amount();
        let missing = if next(3) == 0 { 1 } else { 0 };
        let by_product = [("card", first), ("default", sums.sold - first - missing)];
        let by_product = by_product.map(|(product, sum)| (product.to_owned(), sum));
        let payout = StoredPayout { sums: Some(sums), by_product: Some(by_product.into()), ..payout("S1") };
        let journal = Journal::new(vec![payout], &config, JournalScope::default());
        assert!(journal.refused.is_empty(), "{round}");
        for voucher in &journal.vouchers {
            assert_eq!(voucher.postings.iter().map(|posting| posting.amount).sum::<Sum>(), 0, "{round}");
            assert!(voucher.postings.iter().all(|posting| posting.amount != 0), "{round}");
            vouchers += 1;
        }
    }
    assert!(vouchers > 1500);
}

#[test]
fn a_csv_row_is_a_posting_and_no_text_is_a_formula() {
    let late = StoredPayout { bank_date: Some("2026-10-08".to_owned()), ..payout("A") };
    let evil = StoredPayout { id: "=1+1".to_owned(), bank_entries: Some("@a\n,\"".to_owned()), ..payout("") };
    let mut out = Vec::new();
    let filled = write_csv(&mut out, &all(vec![late, evil]), "5e1f").unwrap();
    assert_eq!(filled.rows, 6);
    let text = String::from_utf8(out).unwrap();
    let rows: Vec<&str> = text.lines().collect();
    assert_eq!(
        rows[..3],
        [
            "voucher,date,account,amount_minor,amount,currency,kind,product,text,namespace,settlement_id,bank_entries,run",
            "1,2026-10-07,1930,145500,1455.00,NOK,bank,,Utbetalning R17483,dintero,'=1+1,\"'@a\\u{A},\"\"\",5e1f",
            "1,2026-10-07,6570,4500,45.00,NOK,fee,,Utbetalning R17483,dintero,'=1+1,\"'@a\\u{A},\"\"\",5e1f",
        ]
    );
    assert!(rows[6].starts_with("2,2026-10-08,1902,-150000,-1500.00,NOK,clearing,default,"));
}

#[test]
fn an_sie_file_has_the_vouchers_and_no_text_leaves_its_quotes() {
    let config = config(CONFIG);
    let evil = "R\"1\"\r\n}\r\n#VER å ø \\";
    let payouts = vec![StoredPayout { reference: Some(evil.to_owned()), ..payout("S1") }];
    let journal = Journal::new(payouts, &config, JournalScope::default());
    let written = write_sie(&journal, &config, Some(20_000));
    let mut expected =
        format!("#FLAGGA 0\r\n#PROGRAM \"avstem\" \"{}\"\r\n#FORMAT PC8\r\n", crate::VERSION).into_bytes();
    expected.extend_from_slice(
        b"#GEN 20241004\r\n#SIETYP 4\r\n#FNAMN \"Butikken AS\"\r\n#VALUTA NOK\r\n#KONTO 1902 \"clearing\"\r\n\
          #KONTO 1930 \"bank\"\r\n#KONTO 6570 \"fee\"\r\n\
          #VER \"U\" \"\" 20261007 \"Utbetalning R\\\"1\\\"??}??#VER \x86 ? /\"\r\n{\r\n#TRANS 1930 {} 1455.00\r\n\
          #TRANS 6570 {} 45.00\r\n#TRANS 1902 {} -1500.00\r\n}\r\n",
    );
    assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&expected));
    assert_eq!(written, expected);
}

/// A Parquet file of rows that have some of their columns.
fn parquet(columns: &'static [Column], rows: &[&[(&str, Cell<'_>)]]) -> Cursor<Vec<u8>> {
    let mut table = ParquetTable::new(Vec::new(), columns).unwrap();
    for row in rows {
        let cell = |column: &Column| row.iter().find(|(name, _)| *name == column.name).map(|(_, cell)| cell.clone());
        let cells: Vec<Cell<'_>> = columns.iter().map(|column| cell(column).unwrap_or(Cell::Empty)).collect();
        table.push(&cells).unwrap();
    }
    Cursor::new(table.finish().unwrap().writer)
}

#[test]
fn payouts_are_read_with_what_their_own_lines_sold_by_product() {
    let text = |text: &'static str| Cell::Text(text.into());
    let amounts = ["captures_minor", "fees_minor", "other_minor", "carried_in_minor", "unexplained_minor"];
    let mut whole: Vec<(&str, Cell<'_>)> = amounts.into_iter().map(|name| (name, Cell::Integer(0))).collect();
    whole.extend([("refunds_minor", Cell::Integer(-300)), ("carried_out_minor", Cell::Integer(-5))]);
    whole.extend([("amount_minor", Cell::Integer(-305)), ("namespace", text("n")), ("settlement_id", text("S1"))]);
    whole.extend([("currency", text("NOK")), ("origin", text("report")), ("state", text("matched"))]);
    let other = [("namespace", text("n")), ("settlement_id", text("S2")), ("origin", text("report"))];
    let line = |id, origin, product, capture: Cell<'static>| {
        let mut row = vec![("namespace", text("n")), ("settlement_id", text(id)), ("origin", text(origin))];
        row.extend([
            ("payment_product_type", product),
            ("capture_minor", capture),
            ("refund_minor", Cell::Integer(-1)),
        ]);
        row.extend(Some(("currency", text("NOK"))).filter(|_| id == "S1"));
        row
    };
    let lines = [
        line("S1", "report", text("card.visa"), Cell::Integer(11)),
        line("S1", "report", text("card"), Cell::Integer(21)),
        line("S1", "report", Cell::Empty, Cell::Integer(31)),
        line("S1", "source", text("card"), Cell::Integer(1000)),
        line("S2", "report", text("card"), Cell::Empty),
        line("S3", "report", text("card"), Cell::Integer(1)),
    ];
    let lines: Vec<&[(&str, Cell<'_>)]> = lines.iter().map(Vec::as_slice).collect();
    let read = read(parquet(PAYOUTS, &[&whole, &other]), parquet(PAYOUT_LINES, &lines)).unwrap();
    let by_product = BTreeMap::from([("card".to_owned(), 30), ("default".to_owned(), 30)]);
    assert_eq!(read[0].by_product, Some(by_product));
    let sums = StoredSums { sold: -300, carried: -5, amount: -305, ..StoredSums::default() };
    assert_eq!((read[0].sums, read[0].key()), (Some(sums), ["n", "S1", "NOK"].map(str::to_owned)));
    assert_eq!((read[1].sums, read[1].by_product.clone(), read.len()), (None, None, 2));
    assert!(super::read(parquet(PAYOUT_LINES, &[]), parquet(PAYOUTS, &[])).is_err());
}
