//! Values that several elements have: amounts, sides, days.

use std::io::BufRead;

use super::super::amount;
use super::super::day::{StatedDay, stated};
use super::xml::{CamtResult, Tag, XmlStream, fault};
use crate::model::currency::exponent;
use crate::model::money::Minor;
use crate::model::reject::{FileFault, FileReason};

/// The fault of an element without a value that it must have.
pub fn missing(element: &str, what: &str, at: u64) -> FileFault {
    fault(FileReason::MissingField, &format!("`{element}` has no {what}, it stands"), at)
}

/// An amount as written; it is only checked where it counts.
#[derive(Clone, Debug)]
pub struct WrittenAmount {
    pub currency: Option<String>,
    text: Option<String>,
    at: u64,
}

impl WrittenAmount {
    pub fn read<R: BufRead>(xml: &mut XmlStream<'_, R>, tag: Tag) -> CamtResult<WrittenAmount> {
        Ok(WrittenAmount { currency: tag.currency.filter(|code| !code.is_empty()), text: xml.text()?, at: tag.at })
    }

    pub fn currency(&self) -> CamtResult<&str> {
        self.currency.as_deref().ok_or_else(|| missing("Amt", "`Ccy`", self.at))
    }

    /// The magnitude in minor units.
    pub fn magnitude(&self) -> CamtResult<Minor> {
        let text = self.text.as_deref().ok_or_else(|| missing("Amt", "value", self.at))?;
        let wrong = |what: &str| fault(FileReason::WrongType, what, self.at);
        let decimals = exponent(self.currency()?)
            .ok_or_else(|| wrong("expected a currency code of ISO 4217 in `Ccy`, found another text"))?;
        match amount::minor(text, decimals) {
            Ok(amount) if amount < 0 => Err(wrong("expected an amount of 0 or more in `Amt`, found a negative one")),
            Ok(amount) => Ok(amount),
            Err(FileReason::WrongType) => Err(wrong("expected a decimal number in `Amt`, found another text")),
            Err(FileReason::AmountNotInteger) => {
                let what = format!("expected at most {decimals} decimals in `Amt`, found more");
                Err(fault(FileReason::AmountNotInteger, &what, self.at))
            }
            Err(reason) => {
                Err(fault(reason, "expected an amount of at most 64 bits in `Amt`, found a larger one", self.at))
            }
        }
    }
}

/// Whether money came in or went out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Credit,
    Debit,
}

impl Side {
    /// The amount with its sign.
    pub fn signed(self, magnitude: Minor) -> Minor {
        if self == Side::Debit { -magnitude } else { magnitude }
    }
}

/// A value as written; it is only checked where it counts.
#[derive(Clone, Debug)]
pub struct WrittenValue {
    name: &'static str,
    text: String,
    at: u64,
}

impl WrittenValue {
    pub fn read<R: BufRead>(xml: &mut XmlStream<'_, R>, tag: &Tag) -> CamtResult<Option<WrittenValue>> {
        Ok(xml.text()?.map(|text| WrittenValue { name: tag.name, text, at: tag.at }))
    }

    /// Reads an element that holds a `Dt` or a `DtTm`.
    pub fn read_day<R: BufRead>(xml: &mut XmlStream<'_, R>) -> CamtResult<Option<WrittenValue>> {
        let mut found = None;
        xml.each(&mut |xml, tag| match tag.name {
            "Dt" | "DtTm" => {
                let day = WrittenValue::read(xml, &tag)?;
                found = found.take().or(day);
                Ok(())
            }
            _ => xml.skip(),
        })?;
        Ok(found)
    }

    pub fn side(&self) -> CamtResult<Side> {
        match &*self.text {
            "CRDT" => Ok(Side::Credit),
            "DBIT" => Ok(Side::Debit),
            _ => Err(self.wrong(FileReason::WrongType, "CRDT or DBIT")),
        }
    }

    pub fn flag(&self) -> CamtResult<bool> {
        match &*self.text {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            _ => Err(self.wrong(FileReason::WrongType, "true or false")),
        }
    }

    /// A day, or a day with a time.
    pub fn day(&self) -> CamtResult<StatedDay> {
        let form = "a date like 2026-10-05, alone or before a time,";
        stated(&self.text).ok_or_else(|| self.wrong(FileReason::BadTimestamp, form))
    }

    fn wrong(&self, reason: FileReason, expected: &str) -> FileFault {
        fault(reason, &format!("expected {expected} in `{}`, found another text", self.name), self.at)
    }
}

/// Reads the text of the element at the end of a path of children; of several the first.
pub fn at_path<R: BufRead>(xml: &mut XmlStream<'_, R>, path: &[&str], found: &mut Option<String>) -> CamtResult<()> {
    let Some((first, rest)) = path.split_first() else {
        let text = xml.text()?;
        *found = found.take().or(text);
        return Ok(());
    };
    xml.each(&mut |xml, tag| if tag.name == *first { at_path(xml, rest, found) } else { xml.skip() })
}

/// Reads the texts of all elements at the end of a path of children.
pub fn all_at_path<R: BufRead>(xml: &mut XmlStream<'_, R>, path: &[&str], found: &mut Vec<String>) -> CamtResult<()> {
    let Some((first, rest)) = path.split_first() else {
        found.extend(xml.text()?);
        return Ok(());
    };
    xml.each(&mut |xml, tag| if tag.name == *first { all_at_path(xml, rest, found) } else { xml.skip() })
}
