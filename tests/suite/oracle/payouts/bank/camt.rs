//! camt.053 and camt.054. "Any defect refuses the file, all its statements": None here.

use chrono::{Days, NaiveDate};

use super::statement::{Balance, Part, StatedEntry, Statement, account_number, minor};
use super::xml::{self, Element};
use crate::oracle::reading::Place;

/// The booked entries of a `Ntfctn`, with the account they are of.
pub struct Notification {
    pub account: String,
    pub entries: Vec<StatedEntry>,
}

#[derive(Default)]
pub struct CamtFile {
    pub statements: Vec<Statement>,
    pub notifications: Vec<Notification>,
}

/// "Root `Document`, namespace ending in `camt.053.001.02` to `.13`, prefixes ignored."
fn is_of(root: &Element, family: &str) -> bool {
    let versions = (2..=13).map(|version| format!("{family}.001.{version:02}"));
    root.name == "Document" && versions.into_iter().any(|version| root.namespace.ends_with(&version))
}

pub fn read(bytes: &[u8], source: usize) -> Option<CamtFile> {
    let root = xml::parse(bytes)?;
    let mut file = CamtFile::default();
    if is_of(&root, "camt.053") {
        for found in root.at("BkToCstmrStmt")?.all("Stmt") {
            file.statements.push(statement(found, source)?);
        }
    } else if is_of(&root, "camt.054") {
        for found in root.at("BkToCstmrDbtCdtNtfctn")?.all("Ntfctn") {
            file.notifications.push(Notification { account: account(found)?, entries: entries(found)? });
        }
    } else {
        return None;
    }
    Some(file)
}

/// "`Acct/Id/IBAN` else `Othr/Id`."
fn account(found: &Element) -> Option<String> {
    let written = found.text_at("Acct/Id/IBAN").or_else(|| found.text_at("Acct/Id/Othr/Id"))?;
    Some(account_number(written))
}

fn statement(found: &Element, source: usize) -> Option<Statement> {
    let entries = entries(found)?;
    // "`Bal` OPBD (else PRCD) and CLBD."
    let opening = match balance(found, "OPBD")? {
        Some(stated) => Some(stated),
        None => balance(found, "PRCD")?,
    };
    let closing = balance(found, "CLBD")?;
    let amount_of = |stated: &Option<(Balance, NaiveDate)>| stated.as_ref().map(|(balance, _)| balance.clone());
    // "Statement currency: `Acct/Ccy`, else a balance's, else the first entry's."
    let of_balance = opening.as_ref().or(closing.as_ref()).map(|((currency, _), _)| currency.clone());
    let currency = found.text_at("Acct/Ccy").map(str::to_owned).or(of_balance);
    Some(Statement {
        id: found.text_at("Id")?.to_owned(),
        account: account(found)?,
        currency: currency.or_else(|| entries.first().map(|entry| entry.currency.clone())),
        days: days(found, &entries, closing.as_ref().map(|(_, day)| *day))?,
        opening: amount_of(&opening),
        closing: amount_of(&closing),
        entries,
        place: Place { source, offset: found.offset as u64, inner: 0 },
    })
}

fn day(written: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(written.get(..10)?, "%Y-%m-%d").ok()
}

/// The day of an element with `Dt` or `DtTm`.
fn day_of(found: &Element) -> Option<NaiveDate> {
    day(found.text_at("Dt").or_else(|| found.text_at("DtTm"))?)
}

/// "Covered days: `FrToDt` (an end at 00:00:00 means the day before), else from the first entry's
/// day to CLBD's, without CLBD to the last entry's; without entries CLBD's day alone; without
/// either it covers nothing."
fn days(
    found: &Element,
    entries: &[StatedEntry],
    closing: Option<NaiveDate>,
) -> Option<Option<(NaiveDate, NaiveDate)>> {
    if let Some(stated) = found.at("FrToDt") {
        let end = stated.text_at("ToDtTm")?;
        let mut last = day(end)?;
        if end.get(11..19) == Some("00:00:00") {
            last = last.checked_sub_days(Days::new(1))?;
        }
        return Some(Some((day(stated.text_at("FrDtTm")?)?, last)));
    }
    let first = entries.iter().map(|entry| entry.date).min();
    let last = entries.iter().map(|entry| entry.date).max();
    Some(first.or(closing).zip(closing.or(last)))
}

fn signed(amount: i128, found: &Element) -> Option<i128> {
    match found.text_at("CdtDbtInd")? {
        "CRDT" => Some(amount),
        "DBIT" => Some(-amount),
        _ => None,
    }
}

/// The amount of an `Amt` with its currency.
fn money(found: &Element) -> Option<Balance> {
    let currency = found.attribute("Ccy")?.to_owned();
    let amount = minor(&found.text, &currency)?;
    Some((currency, amount))
}

/// The inner None: there is no such balance.
fn balance(found: &Element, code: &str) -> Option<Option<(Balance, NaiveDate)>> {
    let stated = found.all("Bal").find(|balance| balance.text_at("Tp/CdOrPrtry/Cd") == Some(code));
    let Some(stated) = stated else {
        return Some(None);
    };
    let (currency, amount) = money(stated.at("Amt")?)?;
    Some(Some(((currency, signed(amount, stated)?), day_of(stated.at("Dt")?)?)))
}

/// "`Sts` (text or `Cd`; absent is BOOK; others are left out, counted pending)."
fn is_booked(found: &Element) -> bool {
    match found.at("Sts") {
        None => true,
        Some(status) => status.text_at("Cd").unwrap_or(&status.text) == "BOOK",
    }
}

fn entries(found: &Element) -> Option<Vec<StatedEntry>> {
    found.all("Ntry").filter(|entry| is_booked(entry)).map(entry).collect()
}

fn entry(found: &Element) -> Option<StatedEntry> {
    let (currency, amount) = money(found.at("Amt")?)?;
    let date = match found.at("BookgDt") {
        Some(booked) => day_of(booked)?,
        None => day_of(found.at("ValDt")?)?,
    };
    let own: Vec<String> = found.text_at("AddtlNtryInf").map(str::to_owned).into_iter().collect();
    let details: Vec<&Element> = found.all("NtryDtls").flat_map(|details| details.all("TxDtls")).collect();
    let mut entry = StatedEntry {
        date,
        amount: signed(amount, found)?,
        is_reversal: !matches!(found.text_at("RvslInd"), None | Some("false" | "0")),
        reference: found.text_at("AcctSvcrRef").map(str::to_owned),
        own_reference: found.text_at("NtryRef").map(str::to_owned),
        texts: own.iter().cloned().chain(details.iter().flat_map(|detail| texts(detail))).collect(),
        debtors: details.iter().flat_map(|detail| debtors(detail)).collect(),
        parts: Vec::new(),
        currency,
    };
    let mut amounts = Vec::new();
    for detail in &details {
        let stated = detail.at("Amt").or_else(|| detail.at("AmtDtls/TxAmt/Amt"));
        amounts.push(stated.map(money).map_or(Some(None), |read| read.map(Some))?);
    }
    let of_currency: Vec<i128> = amounts
        .iter()
        .flatten()
        .filter(|(currency, _)| *currency == entry.currency)
        .map(|(_, amount)| *amount)
        .collect();
    if details.len() >= 2 && of_currency.len() == details.len() && of_currency.iter().sum::<i128>() == amount {
        for (detail, amount) in details.iter().zip(of_currency) {
            let texts = texts(detail).into_iter().chain(own.clone()).collect();
            entry.parts.push(Part { amount: signed(amount, found)?, texts, debtors: debtors(detail) });
        }
    }
    Some(entry)
}

/// "Of each `TxDtls`, `EndToEndId` (not `NOTPROVIDED`), `TxId`, `Ustrd`, `Strd/CdtrRefInf/Ref`."
fn texts(detail: &Element) -> Vec<String> {
    let mut all: Vec<&str> = Vec::new();
    all.extend(detail.text_at("Refs/EndToEndId").filter(|text| *text != "NOTPROVIDED"));
    all.extend(detail.text_at("Refs/TxId"));
    for remittance in detail.all("RmtInf") {
        all.extend(remittance.all("Ustrd").map(|text| text.text.as_str()));
        all.extend(remittance.all("Strd").filter_map(|structured| structured.text_at("CdtrRefInf/Ref")));
    }
    all.into_iter().filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

/// "The debtor's `Nm` (or `Pty/Nm`)."
fn debtors(detail: &Element) -> Vec<String> {
    let name = detail.text_at("RltdPties/Dbtr/Nm").or_else(|| detail.text_at("RltdPties/Dbtr/Pty/Nm"));
    name.map(str::to_owned).into_iter().collect()
}
