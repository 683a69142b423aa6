//! Statements and notifications as banks write them, and every defect that refuses one.

mod room;

use std::cell::Cell;

use super::*;
use crate::bank::{BookedEntry, ReadStatement, StatedBalance};
use crate::model::instant::format_day;

fn read(input: impl BufRead) -> Result<BankFile, FileFault> {
    super::read(input, &Cell::new(usize::MAX))
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\
    <Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><GrpHdr><MsgId>m</MsgId></GrpHdr>";
const TAIL: &str = "</BkToCstmrStmt></Document>";
const ACCOUNT: &str = "<Id>S1</Id><Acct><Id><IBAN>NO93 8601 1117 947</IBAN></Id><Ccy>NOK</Ccy></Acct>";

fn file(inner: &str) -> String {
    format!("{HEAD}{inner}{TAIL}")
}

fn stmt(inner: &str) -> String {
    file(&format!("<Stmt>{ACCOUNT}{inner}</Stmt>"))
}

fn entry(inner: &str) -> String {
    let rest = "<CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-10-06</Dt></BookgDt>";
    stmt(&format!("<Ntry><Amt Ccy=\"NOK\">1455.00</Amt>{rest}{inner}</Ntry>"))
}

fn balance(kind: &str, amount: &str, day: &str) -> String {
    format!(
        "<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy=\"NOK\">{amount}</Amt>\
         <CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )
}

fn dated(day: &str) -> String {
    format!("<Ntry><Amt Ccy=\"NOK\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>{day}</Dt></BookgDt></Ntry>")
}

fn of(text: &str) -> BankFile {
    read(text.as_bytes()).unwrap_or_else(|fault| panic!("{}: {text}", fault.sentence()))
}

fn one(text: &str) -> ReadStatement {
    let file = of(text);
    assert_eq!((file.statements.len(), file.notifications.len()), (1, 0), "{text}");
    file.statements.into_iter().next().unwrap()
}

fn one_entry(inner: &str) -> BookedEntry {
    one(&entry(inner)).entries.into_iter().next().unwrap()
}

#[track_caller]
fn refused(text: &str, reason: FileReason, detail: &str) {
    let fault = read(text.as_bytes()).expect_err(text);
    let (what, rest) = fault.detail.rsplit_once(" at byte ").expect("it names the byte");
    let (at, remedy) = rest.split_at(rest.find(':').unwrap_or(rest.len()));
    assert!(at.parse::<usize>().is_ok_and(|at| at <= text.len()), "{}", fault.detail);
    assert_eq!((fault.reason, format!("{what}{remedy}").as_str()), (reason, detail), "{text}");
}

fn days(of: &ReadStatement) -> Option<[String; 2]> {
    of.days.map(|(first, last)| [first, last].map(format_day))
}

#[test]
fn a_statement_is_read() {
    let text = stmt(&format!(
        "<FrToDt><FrDtTm>2026-10-05T00:00:00</FrDtTm><ToDtTm>2026-10-07T00:00:00</ToDtTm></FrToDt>{}{}{}{}\
         <Ntry><NtryRef>7</NtryRef><Amt Ccy=\"NOK\">1455.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><RvslInd>false</RvslInd>\
         <Sts>BOOK</Sts><BookgDt><Dt>2026-10-06</Dt></BookgDt><ValDt><Dt>2026-10-09</Dt></ValDt>\
         <AcctSvcrRef>A1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>R17483</EndToEndId><TxId>T1</TxId></Refs>\
         <RltdPties><Dbtr><Nm>Dintero AS</Nm></Dbtr><Cdtr><Nm>Shop</Nm></Cdtr></RltdPties><RmtInf><Ustrd>one</Ustrd><Ustrd>two</Ustrd>\
         <Strd><CdtrRefInf><Ref>KID1</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls>\
         <AddtlNtryInf>DINTERO</AddtlNtryInf></Ntry>",
        balance("PRCD", "90.00", "2026-10-04"),
        balance("OPBD", "100.00", "2026-10-05"),
        balance("ITBD", "broken", "no day"),
        balance("CLBD", "1555.00", "2026-10-06"),
    ));
    let found = one(&text);
    assert_eq!((&*found.id, &*found.account.number, found.currency.as_deref()), ("S1", "NO9386011117947", Some("NOK")));
    assert_eq!(days(&found), Some(["2026-10-05", "2026-10-06"].map(str::to_owned)));
    let stated = |amount| Some(StatedBalance { currency: "NOK".to_owned(), amount });
    assert_eq!((found.opening, found.closing), (stated(10_000), stated(155_500)));
    assert_eq!(found.offset, text.find("<Stmt>").unwrap() as u64);
    let [entry] = &found.entries[..] else { panic!("one entry") };
    assert_eq!((&*format_day(entry.day), &*entry.currency, entry.amount), ("2026-10-06", "NOK", 145_500));
    assert_eq!((entry.reference.as_deref(), entry.entry_reference.as_deref()), (Some("A1"), Some("7")));
    assert_eq!((&entry.texts[..], entry.is_reversal, entry.is_batch), (&["DINTERO".to_owned()][..], false, false));
    assert_eq!(entry.details[0].texts, ["R17483", "T1", "one", "two", "KID1"]);
    assert_eq!(entry.details[0].debtors, ["Dintero AS"]);
}

#[test]
fn the_kind_of_a_file_is_told_by_its_content() {
    let root = |root: &str| format!("<?xml version=\"1.0\"?><!-- note -->\n{root}");
    for (version, is_read) in
        [("01", false), ("02", true), ("08", true), ("13", true), ("14", false), ("0a", false), ("2", false)]
    {
        for (family, is_known) in
            [("camt.053.001", true), ("camt.054.001", true), ("camt.052.001", false), ("pain.001.001", false)]
        {
            let namespace = format!("urn:iso:std:iso:20022:tech:xsd:{family}.{version}");
            for text in [
                root(&format!("<Document xmlns=\"{namespace}\">")),
                root(&format!("<n:Document a='1' xmlns:n='{namespace}'/>")),
                root(&format!("<Document xmlns:xsi=\"x\" xmlns=\"{namespace}\" xsi:y=\"z\"/>")),
            ] {
                assert_eq!(is_camt(text.as_bytes(), false), Some(is_read && is_known), "{text}");
            }
            let text = root(&format!("<!DOCTYPE Document []><Document xmlns=\"{namespace}\">"));
            assert_eq!(is_camt(text.as_bytes(), false), Some(is_read && is_known), "{text}");
            for text in [
                root(&format!("<Doc xmlns=\"{namespace}\"/>")),
                root(&format!("<Document xmlns:n=\"{namespace}\"/>")),
                root(&format!("<n:Document xmlns=\"{namespace}\"/>")),
                root(&format!("<Envelope><Document xmlns=\"{namespace}\"/></Envelope>")),
            ] {
                assert_eq!(is_camt(text.as_bytes(), true), Some(false), "{text}");
            }
        }
    }
    for text in ["{\"id\":1}", "id;amount", "<!doctype html><html>", "<html>", "</a>", "\0"] {
        assert_eq!(is_camt(text.as_bytes(), false), Some(false), "{text}");
    }
    for text in ["", " ", "<", "<?xml version=\"1.0\"", "<!-- ", "<Document xmlns=\"urn:iso"] {
        assert_eq!(is_camt(text.as_bytes(), false), None, "{text}");
        assert_eq!(is_camt(text.as_bytes(), true), Some(false), "{text}");
    }
    assert_eq!(is_camt(" ".repeat(WINDOW).as_bytes(), false), Some(false));
}

#[test]
fn prefixes_do_not_count() {
    let text = entry("<AddtlNtryInf>x</AddtlNtryInf>");
    let prefixed = text.replace("</", "</n:").replace('<', "<n:").replace("<n:/n:", "</n:").replace("<n:?", "<?");
    let prefixed = prefixed.replace("xmlns=", "xmlns:n=");
    assert!(prefixed.contains("<n:Document xmlns:n="), "{prefixed}");
    let strip = |text: &str| ReadStatement { offset: 0, ..one(text) };
    assert_eq!(strip(&prefixed), strip(&text));
}

#[test]
fn texts_are_unescaped_and_decoded() {
    let inner = "<AddtlNtryInf> &lt;R&amp;D&gt; &#66;&#x43;<!-- no --><![CDATA[<D>]]>&quot;&apos; </AddtlNtryInf>";
    assert_eq!(one_entry(inner).texts, ["<R&D> BC<D>\"'"]);
    let latin = entry("<AddtlNtryInf>Kj\u{f8}p</AddtlNtryInf>").replace("UTF-8", "iso-8859-1");
    let bytes: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    assert_eq!(read(&bytes[..]).unwrap().statements[0].entries[0].texts, ["Kjøp"]);
    let undeclared = read(&bytes[HEAD.find("<Document").unwrap() - 5..]).unwrap_err();
    assert_eq!(undeclared.reason, FileReason::BrokenText);
    let marked = format!("\u{feff}{}", entry("<AddtlNtryInf>Kjøp</AddtlNtryInf>"));
    let found = one(&marked);
    assert_eq!((&*found.entries[0].texts[0], found.offset), ("Kjøp", marked.find("<Stmt>").unwrap() as u64));
}

#[test]
fn text_in_another_encoding_is_refused() {
    let latin = entry("<AddtlNtryInf>Kj\u{f8}p</AddtlNtryInf>");
    let bytes: Vec<u8> = latin.chars().map(|c| c as u8).collect();
    let fault = read(&bytes[..]).unwrap_err();
    let at = latin.find("Kj").unwrap();
    let expected = format!(
        "expected UTF-8, or ISO-8859-1 if the XML declaration says so, found other bytes in the text at byte {at}"
    );
    assert_eq!((fault.reason, fault.detail), (FileReason::Encoding, expected));
    for declared in ["UTF-16", "windows-1252", "US-ASCII", ""] {
        let text = entry("").replace("UTF-8", declared);
        let what = "expected UTF-8 or ISO-8859-1, found another encoding in the XML declaration";
        refused(&text, FileReason::Encoding, what);
    }
}

#[test]
fn the_account_is_the_iban_else_the_other_number() {
    let account = |id: &str| one(&file(&format!("<Stmt><Id>S</Id><Acct><Id>{id}</Id></Acct></Stmt>"))).account.number;
    assert_eq!(account("<IBAN>no12</IBAN>"), "NO12");
    assert_eq!(account("<Othr><Id>1503.44.55667</Id><SchmeNm><Cd>BBAN</Cd></SchmeNm></Othr>"), "15034455667");
    assert_eq!(account("<Othr><Id>2</Id></Othr><IBAN>NO1</IBAN>"), "NO1");
}

#[test]
fn the_side_gives_the_sign() {
    let of = |side: &str, reversal: &str| {
        let text = entry(reversal).replace("CRDT", side);
        let entry = one(&text).entries.remove(0);
        (entry.amount, entry.is_reversal)
    };
    assert_eq!(of("CRDT", ""), (145_500, false));
    assert_eq!(of("DBIT", "<RvslInd>0</RvslInd>"), (-145_500, false));
    assert_eq!(of("CRDT", "<RvslInd>true</RvslInd>"), (145_500, true));
    assert_eq!(of("DBIT", "<RvslInd>1</RvslInd>"), (-145_500, true));
    let debit = one(&stmt(&balance("OPBD", "5.00", "2026-10-05").replace("CRDT", "DBIT")));
    assert_eq!(debit.opening.unwrap().amount, -500);
}

#[test]
fn what_is_not_booked_is_counted_and_left_out() {
    for (status, is_booked) in [
        ("", true),
        ("<Sts/>", true),
        ("<Sts>BOOK</Sts>", true),
        ("<Sts><Cd>BOOK</Cd></Sts>", true),
        ("<Sts>PDNG</Sts>", false),
        ("<Sts> INFO </Sts>", false),
        ("<Sts><Cd>PDNG</Cd></Sts>", false),
        ("<Sts><Prtry>BOOK</Prtry></Sts>", false),
    ] {
        let found = one(&entry(status));
        assert_eq!((found.entries.len(), found.pending), (usize::from(is_booked), u64::from(!is_booked)), "{status}");
    }
    let undated = stmt("<Ntry><Amt Ccy=\"NOK\">x</Amt><Sts>PDNG</Sts></Ntry>").replace("<Ccy>NOK</Ccy>", "");
    let found = one(&undated);
    assert_eq!(
        (found.pending, found.currency.as_deref(), found.days),
        (1, None, None),
        "its currency is left out, too"
    );
}

#[test]
fn the_day_is_that_of_the_booking_else_of_the_value() {
    let day = |days: &str| {
        let inner = format!("<Ntry><Amt Ccy=\"NOK\">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>{days}</Ntry>");
        format_day(one(&stmt(&inner)).entries[0].day)
    };
    assert_eq!(day("<BookgDt><Dt>2026-10-06</Dt></BookgDt><ValDt><Dt>x</Dt></ValDt>"), "2026-10-06");
    assert_eq!(day("<BookgDt><DtTm>2026-10-06T23:59:59+02:00</DtTm></BookgDt>"), "2026-10-06");
    assert_eq!(day("<ValDt><Dt>2026-10-07</Dt></ValDt>"), "2026-10-07");
    assert_eq!(day("<BookgDt/><ValDt><Dt>2026-10-07</Dt></ValDt>"), "2026-10-07");
}

#[test]
fn days_are_covered_as_stated_else_as_seen() {
    let period = |from: &str, to: &str| format!("<FrToDt><FrDtTm>{from}</FrDtTm><ToDtTm>{to}</ToDtTm></FrToDt>");
    let closing = balance("CLBD", "1", "2026-10-09");
    let entries = dated("2026-10-07") + &dated("2026-10-05");
    for (inner, expected) in [
        (period("2026-10-01T00:00:00", "2026-10-02T00:00:00") + &entries, Some(["2026-10-01", "2026-10-01"])),
        (period("2026-10-01T00:00:00", "2026-10-02T23:59:59"), Some(["2026-10-01", "2026-10-02"])),
        (period("2026-10-01", "2026-10-02"), Some(["2026-10-01", "2026-10-02"])),
        (period("2026-10-01T00:00:00", "2026-10-01T00:00:00"), Some(["2026-10-01", "2026-09-30"])),
        (format!("{closing}{entries}"), Some(["2026-10-05", "2026-10-09"])),
        (entries, Some(["2026-10-05", "2026-10-07"])),
        (closing, Some(["2026-10-09", "2026-10-09"])),
        (balance("OPBD", "1", "2026-10-01"), None),
    ] {
        assert_eq!(days(&one(&stmt(&inner))), expected.map(|days| days.map(str::to_owned)), "{inner}");
    }
}

#[test]
fn the_currency_is_the_accounts_else_a_balances_else_the_first_entrys() {
    let closing = balance("CLBD", "1", "2026-10-09").replace("NOK", "EUR");
    let entry = dated("2026-10-05").replace("NOK", "SEK");
    let plain = |inner: &str| one(&stmt(inner).replace("<Ccy>NOK</Ccy>", "")).currency;
    assert_eq!(one(&stmt(&format!("{closing}{entry}"))).currency.as_deref(), Some("NOK"));
    assert_eq!(plain(&format!("{closing}{entry}")).as_deref(), Some("EUR"));
    assert_eq!(plain(&entry).as_deref(), Some("SEK"));
    assert_eq!(plain(""), None);
    let previous = balance("PRCD", "7", "2026-10-01");
    assert_eq!(one(&stmt(&previous)).opening.unwrap().amount, 700, "the closing of the day before");
}

fn detail(amount: &str, text: &str) -> String {
    format!("<TxDtls>{amount}<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>")
}

#[test]
fn details_that_sum_to_the_entry_make_it_a_batch() {
    let plain = |amount: &str| format!("<Amt Ccy=\"NOK\">{amount}</Amt>");
    let inner = |amount: &str| format!("<AmtDtls><TxAmt>{}</TxAmt></AmtDtls>", plain(amount));
    for (first, second, is_batch) in [
        (plain("1000"), plain("455.00"), true),
        (plain("1000"), inner("455.00"), true),
        (format!("{}{}", plain("1000"), inner("9")), plain("455.00"), true),
        (plain("1000"), plain("455.01"), false),
        (plain("1455"), String::new(), false),
        (plain("1000"), plain("455.00").replace("NOK", "SEK"), false),
        (inner("1000").replace("Tx", "Instd"), inner("455"), false),
    ] {
        let texts =
            format!("<NtryDtls>{}</NtryDtls><NtryDtls>{}</NtryDtls>", detail(&first, "a"), detail(&second, "b"));
        let entry = one_entry(&texts);
        let amounts: Vec<i64> = entry.details.iter().map(|detail| detail.amount).collect();
        assert_eq!(
            (entry.is_batch, &amounts[..]),
            (is_batch, &[if is_batch { 100_000 } else { 0 }, if is_batch { 45_500 } else { 0 }][..]),
            "{texts}"
        );
    }
    let single = one_entry(&format!("<NtryDtls>{}</NtryDtls>", detail(&plain("1455"), "a")));
    assert!(!single.is_batch, "one detail is the entry");
    let two = format!("<NtryDtls>{}{}</NtryDtls>", detail(&plain("1000"), "a"), detail(&plain("455"), "b"));
    let debit = one(&entry(&two).replace("CRDT", "DBIT")).entries.remove(0);
    assert_eq!([debit.details[0].amount, debit.details[1].amount], [-100_000, -45_500]);
}

#[test]
fn ids_that_are_not_provided_and_names_of_others_do_not_count() {
    let entry = one_entry(
        "<NtryDtls><Btch><MsgId>B</MsgId></Btch><TxDtls><Refs><MsgId>M</MsgId><EndToEndId>NOTPROVIDED</EndToEndId></Refs>\
         <RltdPties><Dbtr><Pty><Nm>Klarna Bank AB</Nm></Pty></Dbtr><UltmtDbtr><Nm>X</Nm></UltmtDbtr></RltdPties></TxDtls></NtryDtls>",
    );
    assert_eq!((entry.details[0].texts.len(), &entry.details[0].debtors[..]), (0, &["Klarna Bank AB".to_owned()][..]));
}

#[test]
fn notifications_are_no_statements() {
    let text = entry("<AcctSvcrRef>A1</AcctSvcrRef><AddtlNtryInf>x</AddtlNtryInf>")
        .replace("camt.053.001.02", "camt.054.001.08");
    let text = text.replace("BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn").replace("Stmt>", "Ntfctn>");
    let file = of(&text);
    assert_eq!((file.statements.len(), file.records()), (0, 1));
    let [notification] = &file.notifications[..] else { panic!("one notification") };
    assert_eq!((&*notification.account.number, &*notification.entries[0].texts[0]), ("NO9386011117947", "x"));
}

#[test]
fn a_file_may_hold_no_statement_or_several() {
    assert_eq!(of(&file("")).records(), 0);
    let two = format!("<Stmt>{ACCOUNT}</Stmt>{}", format!("<Stmt>{ACCOUNT}</Stmt>").replace("NO93", "NO94"));
    let found = of(&file(&two)).statements;
    assert_eq!(found.len(), 2);
    assert_ne!(found[0].account, found[1].account);
}

#[test]
fn a_missing_value_refuses_the_file() {
    use FileReason::MissingField;
    let ntry = |inner: &str| stmt(&format!("<Ntry>{inner}</Ntry>"));
    let amount = "<Amt Ccy=\"NOK\">1</Amt>";
    let side = "<CdtDbtInd>CRDT</CdtDbtInd>";
    let bal = |inner: &str| stmt(&format!("<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp>{inner}</Bal>"));
    let period = |inner: &str| stmt(&format!("<FrToDt>{inner}</FrToDt>"));
    for (text, detail) in [
        (file("<Stmt><Acct><Id><IBAN>1</IBAN></Id></Acct></Stmt>"), "`Stmt` has no `Id`, it stands"),
        (file("<Stmt><Id> </Id><Acct><Id><IBAN>1</IBAN></Id></Acct></Stmt>"), "`Stmt` has no `Id`, it stands"),
        (file("<Stmt><Id>S</Id></Stmt>"), "`Stmt` has no account, it stands"),
        (file("<Stmt><Id>S</Id><Acct><Id><IBAN>-</IBAN></Id></Acct></Stmt>"), "`Stmt` has no account, it stands"),
        (ntry(side), "`Ntry` has no `Amt`, it stands"),
        (ntry(&format!("<Amt>1</Amt>{side}")), "`Amt` has no `Ccy`, it stands"),
        (ntry(&format!("<Amt Ccy=\"\">1</Amt>{side}")), "`Amt` has no `Ccy`, it stands"),
        (ntry(&format!("<Amt Ccy=\"NOK\"/>{side}")), "`Amt` has no value, it stands"),
        (ntry(amount), "`Ntry` has no `CdtDbtInd`, it stands"),
        (ntry(&format!("{amount}{side}")), "`Ntry` has no `BookgDt` and no `ValDt`, it stands"),
        (bal(&format!("{side}<Dt><Dt>2026-10-05</Dt></Dt>")), "`Bal` has no `Amt`, it stands"),
        (bal(&format!("{amount}<Dt><Dt>2026-10-05</Dt></Dt>")), "`Bal` has no `CdtDbtInd`, it stands"),
        (bal(&format!("{amount}{side}")), "`Bal` has no date, it stands"),
        (period("<ToDtTm>2026-10-05</ToDtTm>"), "`FrToDt` has no `FrDtTm`, it stands"),
        (period("<FrDtTm>2026-10-05</FrDtTm>"), "`FrToDt` has no `ToDtTm`, it stands"),
        (entry(&format!("<NtryDtls>{}</NtryDtls>", detail("<Amt>1</Amt>", "a"))), "`Amt` has no `Ccy`, it stands"),
    ] {
        refused(&text, MissingField, detail);
    }
}

#[test]
fn a_value_of_another_kind_refuses_the_file() {
    use FileReason::{AmountNotInteger, AmountOutOfRange, BadTimestamp, WrongType};
    let amount = |text: &str| entry("").replace("1455.00", text);
    for (text, reason, detail) in [
        (amount("1,00"), WrongType, "expected a decimal number in `Amt`, found another text"),
        (amount("1 455.00"), WrongType, "expected a decimal number in `Amt`, found another text"),
        (amount("-1"), WrongType, "expected an amount of 0 or more in `Amt`, found a negative one"),
        (amount("100.005"), AmountNotInteger, "expected at most 2 decimals in `Amt`, found more"),
        (
            amount("92233720368547758.08"),
            AmountOutOfRange,
            "expected an amount of at most 64 bits in `Amt`, found a larger one",
        ),
        (
            entry("").replace("Ccy=\"NOK\"", "Ccy=\"kr\""),
            WrongType,
            "expected a currency code of ISO 4217 in `Ccy`, found another text",
        ),
        (entry("").replace("CRDT", "C"), WrongType, "expected CRDT or DBIT in `CdtDbtInd`, found another text"),
        (entry("<RvslInd>yes</RvslInd>"), WrongType, "expected true or false in `RvslInd`, found another text"),
        (
            entry("").replace("2026-10-06", "06.10.2026"),
            BadTimestamp,
            "expected a date like 2026-10-05, alone or before a time, in `Dt`, found another text",
        ),
        (
            stmt("<FrToDt><FrDtTm>2026-10-05T</FrDtTm><ToDtTm>2026-10-05</ToDtTm></FrToDt>"),
            BadTimestamp,
            "expected a date like 2026-10-05, alone or before a time, in `FrDtTm`, found another text",
        ),
        (
            stmt(&balance("OPBD", "0.001", "2026-10-05")),
            AmountNotInteger,
            "expected at most 2 decimals in `Amt`, found more",
        ),
        (
            entry(&format!("<NtryDtls>{}</NtryDtls>", detail("<Amt Ccy=\"NOK\">1.001</Amt>", "a"))),
            AmountNotInteger,
            "expected at most 2 decimals in `Amt`, found more",
        ),
    ] {
        refused(&text, reason, detail);
    }
    assert_eq!(one(&amount("100.000")).entries[0].amount, 10_000);
    assert_eq!(one(&entry("").replace("\"NOK\"", "\"JPY\"")).entries[0].amount, 1455);
}

#[test]
fn broken_text_refuses_the_file() {
    let deep = "<a>".repeat(200);
    let many: String = (0..65).map(|n| format!(" a{n}=\"\"")).collect();
    for (text, detail) in [
        (
            entry("").replace("</BkToCstmrStmt></Document>", ""),
            "the text ends before its elements are closed,: the file is cut, fetch it from the bank again",
        ),
        (
            entry("").replace("</Document>", "</Document"),
            "the text ends inside a tag or comment,: the file is cut, fetch it from the bank again",
        ),
        (entry("").replace("</Ntry>", "</Stmt>"), "tags do not match, or a mark of XML is missing,"),
        (entry("<AddtlNtryInf>&nbsp;</AddtlNtryInf>"), "an entity is none of the five of XML itself"),
        (entry("<AddtlNtryInf>a & b</AddtlNtryInf>"), "tags do not match, or a mark of XML is missing,"),
        (entry("<x y=\"&e;\"/>"), "an entity is none of the five of XML itself"),
        (entry("<x y=\"1\" y=\"2\"/>"), "an attribute is written wrongly, or stands twice,"),
        (entry("<AddtlNtryInf>&#1;</AddtlNtryInf>"), "a control character is written"),
        (entry("<AddtlNtryInf>\u{1}</AddtlNtryInf>"), "a control character stands in the text"),
        (entry("") + "x", "text stands outside the root element"),
        (entry("") + "<a/>", "a second root element stands"),
        (format!(" {}", entry("")), "an XML declaration stands behind the first byte,"),
        (entry(&deep), "elements are nested deeper than 128 levels"),
        (entry(&format!("<x{many}/>")), "an element has more than 64 attributes"),
        (entry(&format!("<NtryRef>{}</NtryRef>", "x".repeat(70_000))), "a value is longer than 64 KiB"),
        (
            entry("").replace("<Document", "<!DOCTYPE Document [<!ENTITY e \"x\">]><Document"),
            "a document type declaration is not allowed, it stands",
        ),
        (String::new(), "expected an element, found the end"),
    ] {
        refused(&text, FileReason::BrokenText, detail);
    }
    let skipped = entry(&format!("<CardTx>{}</CardTx>", "x".repeat(70_000)));
    assert_eq!(one(&skipped).entries.len(), 1, "what is not read may be long");
    let other = file("").replace("camt.053", "camt.052");
    refused(
        &other,
        FileReason::NotAnExport,
        "expected camt.053 or camt.054 of version 02 to 13, found another element",
    );
}

#[test]
fn what_is_kept_of_one_tag_or_text_is_bounded() {
    use std::io::{BufReader, Read, repeat};
    let head = entry("<CardTx>").split("<CardTx>").next().unwrap().to_owned();
    for open in ["<a>", "<a b=\"", "<!-- "] {
        let endless = BufReader::new(std::io::Cursor::new(format!("{head}{open}")).chain(repeat(b'x')));
        let fault = read(endless).unwrap_err();
        assert!(fault.detail.starts_with("a tag, comment or text is larger than 16 MiB at byte "), "{}", fault.detail);
    }
}

#[test]
fn every_cut_refuses_the_file() {
    let text = entry(&format!("<NtryDtls>{}</NtryDtls>", detail("<Amt Ccy=\"NOK\">1</Amt>", "a")));
    for length in 0..text.len() {
        let fault = read(&text.as_bytes()[..length]).expect_err(&text[..length]);
        assert!(
            matches!(fault.reason, FileReason::BrokenText | FileReason::NotAnExport),
            "{length}: {}",
            fault.sentence()
        );
    }
}
