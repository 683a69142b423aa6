//! One statement or notification.

use std::io::BufRead;

use super::super::raw::{BookedEntry, Notification, ReadStatement, StatementForm};
use super::super::{BankAccount, StatedBalance};
use super::entry::{ReadEntry, entry};
use super::value::{WrittenAmount, WrittenValue, at_path, missing};
use super::xml::{CamtResult, Tag, XmlStream};

/// What is read of a statement or notification.
#[derive(Default)]
struct Parts {
    id: Option<String>,
    iban: Option<String>,
    other_account: Option<String>,
    currency: Option<String>,
    period: Option<(i64, i64)>,
    balances: ReadBalances,
    entries: Vec<BookedEntry>,
    pending: u64,
}

/// The first balance of each kind that is read.
#[derive(Default)]
struct ReadBalances {
    opening: Option<StatedBalance>,
    previous: Option<StatedBalance>,
    closing: Option<(StatedBalance, i64)>,
}

impl Parts {
    fn read<R: BufRead>(xml: &mut XmlStream<'_, R>) -> CamtResult<Parts> {
        let mut parts = Parts::default();
        xml.each(&mut |xml, tag| match tag.name {
            "Id" => at_path(xml, &[], &mut parts.id),
            "FrToDt" => {
                let period = period(xml, &tag)?;
                parts.period = parts.period.or(period);
                Ok(())
            }
            "Acct" => parts.account(xml),
            "Bal" => parts.balances.add(xml, &tag),
            "Ntry" => parts.entry(xml, &tag),
            _ => xml.skip(),
        })?;
        Ok(parts)
    }

    fn account<R: BufRead>(&mut self, xml: &mut XmlStream<'_, R>) -> CamtResult<()> {
        xml.each(&mut |xml, tag| match tag.name {
            "Id" => xml.each(&mut |xml, tag| match tag.name {
                "IBAN" => at_path(xml, &[], &mut self.iban),
                "Othr" => at_path(xml, &["Id"], &mut self.other_account),
                _ => xml.skip(),
            }),
            "Ccy" => at_path(xml, &[], &mut self.currency),
            _ => xml.skip(),
        })
    }

    fn entry<R: BufRead>(&mut self, xml: &mut XmlStream<'_, R>, tag: &Tag) -> CamtResult<()> {
        match entry(xml, tag)? {
            ReadEntry::Booked(entry) => self.entries.push(entry),
            ReadEntry::Pending => self.pending += 1,
        }
        Ok(())
    }

    fn own_id(&mut self, of: &Tag) -> CamtResult<String> {
        self.id.take().ok_or_else(|| missing(of.name, "`Id`", of.at))
    }

    fn own_account(&mut self, of: &Tag) -> CamtResult<BankAccount> {
        let number = self.iban.take().or(self.other_account.take());
        number.and_then(|number| BankAccount::new(&number)).ok_or_else(|| missing(of.name, "account", of.at))
    }

    /// The days that the statement covers.
    fn days(&self) -> Option<(i64, i64)> {
        let days = || self.entries.iter().map(|entry| entry.day);
        let closing = self.balances.closing.as_ref().map(|(_, day)| *day);
        match (self.period, days().min(), days().max()) {
            (Some(period), ..) => Some(period),
            (None, Some(first), Some(last)) => Some((first, closing.unwrap_or(last))),
            _ => closing.map(|day| (day, day)),
        }
    }

    /// The account's currency, else that of a balance, else that of the first entry.
    fn own_currency(&self) -> Option<String> {
        let ReadBalances { opening, previous, closing } = &self.balances;
        let balance = opening.as_ref().or(previous.as_ref()).or(closing.as_ref().map(|(balance, _)| balance));
        let balance = balance.map(|balance| &balance.currency);
        let entry = self.entries.first().map(|entry| &entry.currency);
        self.currency.as_ref().or(balance).or(entry).cloned()
    }
}

impl ReadBalances {
    fn add<R: BufRead>(&mut self, xml: &mut XmlStream<'_, R>, of: &Tag) -> CamtResult<()> {
        let (mut kind, mut amount, mut side, mut day) = (None, None, None, None);
        xml.each(&mut |xml, tag| {
            match tag.name {
                "Tp" => at_path(xml, &["CdOrPrtry", "Cd"], &mut kind)?,
                "Amt" => amount = Some(WrittenAmount::read(xml, tag)?),
                "CdtDbtInd" => side = WrittenValue::read(xml, &tag)?,
                "Dt" => day = WrittenValue::read_day(xml)?,
                _ => xml.skip()?,
            }
            Ok(())
        })?;
        if !matches!(kind.as_deref(), Some("OPBD" | "PRCD" | "CLBD")) {
            return Ok(());
        }
        let amount = amount.ok_or_else(|| missing("Bal", "`Amt`", of.at))?;
        let magnitude = amount.magnitude()?;
        let side = side.ok_or_else(|| missing("Bal", "`CdtDbtInd`", of.at))?.side()?;
        let stated = StatedBalance { currency: amount.currency()?.to_owned(), amount: side.signed(magnitude) };
        match kind.as_deref() {
            Some("OPBD") => self.opening = self.opening.take().or(Some(stated)),
            Some("PRCD") => self.previous = self.previous.take().or(Some(stated)),
            _ => {
                let day = day.ok_or_else(|| missing("Bal", "date", of.at))?.day()?.day;
                self.closing = self.closing.take().or(Some((stated, day)));
            }
        }
        Ok(())
    }
}

/// The first and the last day of `FrToDt`. An end at the start of a day means the day before.
fn period<R: BufRead>(xml: &mut XmlStream<'_, R>, of: &Tag) -> CamtResult<Option<(i64, i64)>> {
    let (mut from, mut to) = (None, None);
    xml.each(&mut |xml, tag| {
        match tag.name {
            "FrDtTm" => from = WrittenValue::read(xml, &tag)?,
            "ToDtTm" => to = WrittenValue::read(xml, &tag)?,
            _ => xml.skip()?,
        }
        Ok(())
    })?;
    let from = from.ok_or_else(|| missing("FrToDt", "`FrDtTm`", of.at))?.day()?;
    let to = to.ok_or_else(|| missing("FrToDt", "`ToDtTm`", of.at))?.day()?;
    Ok(Some((from.day, to.day - i64::from(to.is_start))))
}

/// Reads a statement of camt.053.
pub fn statement<R: BufRead>(xml: &mut XmlStream<'_, R>, tag: &Tag) -> CamtResult<ReadStatement> {
    let mut parts = Parts::read(xml)?;
    Ok(ReadStatement {
        form: StatementForm::Camt,
        id: parts.own_id(tag)?,
        account: parts.own_account(tag)?,
        currency: parts.own_currency(),
        days: parts.days(),
        opening: parts.balances.opening.or(parts.balances.previous),
        closing: parts.balances.closing.map(|(balance, _)| balance),
        entries: parts.entries,
        pending: parts.pending,
        offset: tag.at,
    })
}

/// Reads a notification of camt.054.
pub fn notification<R: BufRead>(xml: &mut XmlStream<'_, R>, tag: &Tag) -> CamtResult<Notification> {
    let mut parts = Parts::read(xml)?;
    parts.own_id(tag)?;
    Ok(Notification { account: parts.own_account(tag)?, entries: parts.entries })
}
