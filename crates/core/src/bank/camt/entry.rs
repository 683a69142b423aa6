//! One entry, `Ntry`, with the payments that it names.

use std::io::BufRead;

use super::super::raw::{BookedEntry, EntryDetail};
use super::value::{Side, WrittenAmount, WrittenValue, all_at_path, at_path, missing};
use super::xml::{CamtResult, Tag, XmlStream};
use crate::model::money::{Minor, Sum};

/// Stands for a missing end-to-end id.
const NOT_PROVIDED: &str = "NOTPROVIDED";

pub enum ReadEntry {
    Booked(BookedEntry),
    /// One of another status.
    Pending,
}

/// What is read of an entry, before it is checked.
#[derive(Default)]
struct EntryParts {
    amount: Option<WrittenAmount>,
    side: Option<WrittenValue>,
    reversal: Option<WrittenValue>,
    status: Option<String>,
    has_other_status: bool,
    booked: Option<WrittenValue>,
    valued: Option<WrittenValue>,
    reference: Option<String>,
    entry_reference: Option<String>,
    text: Option<String>,
    payments: Vec<Payment>,
}

/// A `TxDtls`.
#[derive(Default)]
struct Payment {
    amount: Option<WrittenAmount>,
    /// The amount in `AmtDtls`.
    inner_amount: Option<WrittenAmount>,
    detail: EntryDetail,
}

/// Reads an entry.
pub fn entry<R: BufRead>(xml: &mut XmlStream<'_, R>, of: &Tag) -> CamtResult<ReadEntry> {
    let parts = EntryParts::read(xml)?;
    let amount = parts.amount.as_ref().ok_or_else(|| missing("Ntry", "`Amt`", of.at))?;
    let currency = amount.currency()?.to_owned();
    if parts.is_pending() {
        return Ok(ReadEntry::Pending);
    }
    let magnitude = amount.magnitude()?;
    let side = parts.side.as_ref().ok_or_else(|| missing("Ntry", "`CdtDbtInd`", of.at))?.side()?;
    let day = parts.booked.as_ref().or(parts.valued.as_ref());
    let day = day.ok_or_else(|| missing("Ntry", "`BookgDt` and no `ValDt`", of.at))?.day()?.day;
    let is_reversal = parts.reversal.as_ref().map_or(Ok(false), WrittenValue::flag)?;
    let amounts = amounts(&parts.payments, &currency)?;
    let sum: Sum = amounts.iter().flatten().copied().map(Sum::from).sum();
    let is_batch = amounts.as_ref().is_some_and(|amounts| amounts.len() > 1) && sum == Sum::from(magnitude);
    let details = details(parts.payments, amounts.filter(|_| is_batch), side);
    let entry = BookedEntry {
        day,
        currency,
        amount: side.signed(magnitude),
        is_reversal,
        reference: parts.reference,
        entry_reference: parts.entry_reference,
        texts: parts.text.into_iter().collect(),
        details,
        is_batch,
    };
    xml.hold(entry.held())?;
    Ok(ReadEntry::Booked(entry))
}

impl EntryParts {
    fn read<R: BufRead>(xml: &mut XmlStream<'_, R>) -> CamtResult<EntryParts> {
        let mut parts = EntryParts::default();
        xml.each(&mut |xml, tag| {
            match tag.name {
                "Amt" => parts.amount = Some(WrittenAmount::read(xml, tag)?),
                "CdtDbtInd" => parts.side = WrittenValue::read(xml, &tag)?,
                "RvslInd" => parts.reversal = WrittenValue::read(xml, &tag)?,
                "Sts" => parts.status(xml)?,
                "BookgDt" => parts.booked = WrittenValue::read_day(xml)?,
                "ValDt" => parts.valued = WrittenValue::read_day(xml)?,
                "AcctSvcrRef" => at_path(xml, &[], &mut parts.reference)?,
                "NtryRef" => at_path(xml, &[], &mut parts.entry_reference)?,
                "AddtlNtryInf" => at_path(xml, &[], &mut parts.text)?,
                "NtryDtls" => parts.details(xml)?,
                _ => xml.skip()?,
            }
            Ok(())
        })?;
        Ok(parts)
    }

    /// A status is a text, since version 08 a text in `Cd`; a proprietary one is none that we know.
    fn status<R: BufRead>(&mut self, xml: &mut XmlStream<'_, R>) -> CamtResult<()> {
        let (mut code, mut is_other) = (None, false);
        let own = xml.mixed(&mut |xml, tag| {
            if tag.name == "Cd" {
                return at_path(xml, &[], &mut code);
            }
            is_other = true;
            xml.skip()
        })?;
        self.status = own.or(code);
        self.has_other_status = is_other;
        Ok(())
    }

    fn is_pending(&self) -> bool {
        self.status.as_deref().map_or(self.has_other_status, |status| status != "BOOK")
    }

    fn details<R: BufRead>(&mut self, xml: &mut XmlStream<'_, R>) -> CamtResult<()> {
        xml.each(&mut |xml, tag| match tag.name {
            "TxDtls" => {
                self.payments.push(Payment::read(xml)?);
                xml.hold(size_of::<Payment>())
            }
            _ => xml.skip(),
        })
    }
}

impl Payment {
    fn read<R: BufRead>(xml: &mut XmlStream<'_, R>) -> CamtResult<Payment> {
        let mut payment = Payment::default();
        let Payment { amount, inner_amount, detail } = &mut payment;
        let (mut end_to_end, mut id, mut free, mut structured) = (None, None, Vec::new(), Vec::new());
        xml.each(&mut |xml, tag| match tag.name {
            "Amt" => {
                *amount = Some(WrittenAmount::read(xml, tag)?);
                Ok(())
            }
            "AmtDtls" => inner(xml, inner_amount),
            "Refs" => xml.each(&mut |xml, tag| match tag.name {
                "EndToEndId" => at_path(xml, &[], &mut end_to_end),
                "TxId" => at_path(xml, &[], &mut id),
                _ => xml.skip(),
            }),
            "RltdPties" => xml.each(&mut |xml, tag| match tag.name {
                "Dbtr" => debtor(xml, &mut detail.debtors),
                _ => xml.skip(),
            }),
            "RmtInf" => xml.each(&mut |xml, tag| match tag.name {
                "Ustrd" => all_at_path(xml, &[], &mut free),
                "Strd" => all_at_path(xml, &["CdtrRefInf", "Ref"], &mut structured),
                _ => xml.skip(),
            }),
            _ => xml.skip(),
        })?;
        let named = end_to_end.filter(|id| id != NOT_PROVIDED).into_iter().chain(id);
        payment.detail.texts = named.chain(free).chain(structured).collect();
        Ok(payment)
    }
}

/// Reads the amount in `TxAmt`.
fn inner<R: BufRead>(xml: &mut XmlStream<'_, R>, amount: &mut Option<WrittenAmount>) -> CamtResult<()> {
    xml.each(&mut |xml, tag| match tag.name {
        "TxAmt" => xml.each(&mut |xml, tag| match tag.name {
            "Amt" => {
                *amount = Some(WrittenAmount::read(xml, tag)?);
                Ok(())
            }
            _ => xml.skip(),
        }),
        _ => xml.skip(),
    })
}

/// Reads a debtor's name; since version 04 it may stand in `Pty`.
fn debtor<R: BufRead>(xml: &mut XmlStream<'_, R>, names: &mut Vec<String>) -> CamtResult<()> {
    xml.each(&mut |xml, tag| match tag.name {
        "Nm" => all_at_path(xml, &[], names),
        "Pty" => all_at_path(xml, &["Nm"], names),
        _ => xml.skip(),
    })
}

/// The amounts of all payments; `None` if one has none in this currency.
fn amounts(payments: &[Payment], currency: &str) -> CamtResult<Option<Vec<Minor>>> {
    let mut amounts = Vec::new();
    for payment in payments {
        let Some(amount) = payment.amount.as_ref().or(payment.inner_amount.as_ref()) else { return Ok(None) };
        if amount.currency()? != currency {
            return Ok(None);
        }
        amounts.push(amount.magnitude()?);
    }
    Ok(Some(amounts))
}

fn details(payments: Vec<Payment>, amounts: Option<Vec<Minor>>, side: Side) -> Vec<EntryDetail> {
    let mut amounts = amounts.into_iter().flatten();
    let amount = |payment: Payment| {
        let amount = amounts.next().map_or(0, |amount| side.signed(amount));
        EntryDetail { amount, ..payment.detail }
    };
    payments.into_iter().map(amount).collect()
}
