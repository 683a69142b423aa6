//! Writes statements as camt.053, in the two versions that banks of the north deliver.

use super::account;
use crate::json::JsonText;
use crate::realistic::model::{CURRENCIES, DAY};
use crate::realistic::payout::{AccountMovement, AccountStatement, LAST_DAY, MovementStage};

/// The first day of which the bank delivers the newer version.
const NEWER_FROM: i64 = LAST_DAY - 53;

/// The statement of an account.
pub struct StatedAccount<'a> {
    pub number: &'a str,
    pub currency: &'static str,
    pub statement: &'a AccountStatement,
}

/// How many decimals the minor unit of a currency has.
pub fn decimals(currency: &str) -> u8 {
    CURRENCIES.iter().find(|(_, (code, _))| *code == currency).map_or(2, |(_, (_, decimals))| *decimals)
}

/// The magnitude of an amount in major units.
pub fn decimal(amount: i64, decimals: u8, sign: char) -> String {
    if decimals == 0 {
        return amount.unsigned_abs().to_string();
    }
    let unit = 10_u64.pow(decimals.into());
    let (whole, rest) = (amount.unsigned_abs() / unit, amount.unsigned_abs() % unit);
    format!("{whole}{sign}{rest:0width$}", width = decimals.into())
}

pub fn date(day: i64) -> String {
    let mut text = JsonText::default();
    text.date(day * DAY);
    String::from_utf8_lossy(&text.0).into_owned()
}

/// Nothing is escaped: no text of ours needs it.
#[derive(Default)]
struct Xml {
    text: String,
    newer: bool,
}

impl Xml {
    fn element(&mut self, name: &str, content: impl FnOnce(&mut Xml)) {
        self.text += &format!("<{name}>");
        content(self);
        self.text += &format!("</{name}>");
    }

    fn leaf(&mut self, name: &str, text: &str) {
        self.element(name, |xml| xml.text += text);
    }

    /// Elements inside each other, the last with the text.
    fn nested(&mut self, names: &[&str], text: &str) {
        match names {
            [] => self.text += text,
            [name, inner @ ..] => self.element(name, |xml| xml.nested(inner, text)),
        }
    }

    fn amount(&mut self, currency: &str, amount: i64) {
        self.bare_amount(currency, amount);
        self.leaf("CdtDbtInd", if amount < 0 { "DBIT" } else { "CRDT" });
    }

    fn bare_amount(&mut self, currency: &str, amount: i64) {
        let value = decimal(amount, decimals(currency), '.');
        self.text += &format!("<Amt Ccy=\"{currency}\">{value}</Amt>");
    }

    fn balance(&mut self, kind: &str, currency: &str, amount: i64, day: i64) {
        self.element("Bal", |xml| {
            xml.nested(&["Tp", "CdOrPrtry", "Cd"], kind);
            xml.amount(currency, amount);
            xml.nested(&["Dt", "Dt"], &date(day));
        });
        self.text.push('\n');
    }

    fn entry(&mut self, movement: &AccountMovement) {
        self.element("Ntry", |xml| {
            xml.amount(movement.currency, movement.amount);
            if movement.stage == MovementStage::Reversal {
                xml.leaf("RvslInd", "true");
            }
            let status = if movement.is_booked() { "BOOK" } else { "PDNG" };
            xml.nested(if xml.newer { &["Sts", "Cd"] } else { &["Sts"] }, status);
            xml.nested(&["BookgDt", "Dt"], &date(movement.day));
            xml.nested(&["ValDt", "Dt"], &date(movement.day));
            xml.leaf("AcctSvcrRef", &movement.reference);
            xml.element("BkTxCd", |xml| {
                xml.element("Domn", |xml| {
                    xml.leaf("Cd", "PMNT");
                    xml.element("Fmly", |xml| {
                        xml.leaf("Cd", if movement.amount < 0 { "ICDT" } else { "RCDT" });
                        xml.leaf("SubFmlyCd", "OTHR");
                    });
                });
            });
            xml.details(movement);
        });
        self.text.push('\n');
    }

    fn details(&mut self, movement: &AccountMovement) {
        let by_bank = movement.debtor.is_none() && !movement.end_to_end;
        if !by_bank || !movement.parts.is_empty() {
            self.element("NtryDtls", |xml| {
                let whole = [movement.amount];
                let parts = if movement.parts.is_empty() { &whole } else { &movement.parts[..] };
                parts.iter().for_each(|part| xml.payment(movement, *part));
            });
        }
        if by_bank {
            self.leaf("AddtlNtryInf", &movement.text);
        }
    }

    /// One payment of an entry.
    fn payment(&mut self, movement: &AccountMovement, amount: i64) {
        self.element("TxDtls", |xml| {
            let reference = if movement.end_to_end { &movement.text } else { "NOTPROVIDED" };
            xml.nested(&["Refs", "EndToEndId"], reference);
            if xml.newer {
                xml.amount(movement.currency, amount);
            } else {
                xml.element("AmtDtls", |xml| xml.element("TxAmt", |xml| xml.bare_amount(movement.currency, amount)));
            }
            if let Some(name) = movement.debtor {
                let path: &[&str] =
                    if xml.newer { &["RltdPties", "Dbtr", "Pty", "Nm"] } else { &["RltdPties", "Dbtr", "Nm"] };
                xml.nested(path, name);
            }
            if !movement.end_to_end && movement.debtor.is_some() {
                xml.nested(&["RmtInf", "Ustrd"], &movement.text);
            }
        });
    }

    fn statement(&mut self, stated: &StatedAccount) {
        let AccountStatement { id, days: (first, last), opening, closing, movements } = stated.statement;
        self.element("Stmt", |xml| {
            xml.leaf("Id", id);
            xml.leaf("CreDtTm", &format!("{}T02:10:00", date(last + 1)));
            xml.element("FrToDt", |xml| {
                xml.leaf("FrDtTm", &format!("{}T00:00:00", date(*first)));
                xml.leaf("ToDtTm", &format!("{}T23:59:59", date(*last)));
            });
            xml.element("Acct", |xml| {
                xml.nested(&["Id", "Othr", "Id"], stated.number);
                xml.leaf("Ccy", stated.currency);
            });
            xml.text.push('\n');
            xml.balance("OPBD", stated.currency, *opening, *first);
            xml.balance("CLBD", stated.currency, *closing, *last);
            movements.iter().for_each(|movement| xml.entry(movement));
        });
        self.text.push('\n');
    }
}

/// A file with the statements of one period.
pub fn document(stated: &[StatedAccount]) -> Vec<u8> {
    let last = stated.iter().map(|stated| stated.statement.days.1).max().unwrap_or(LAST_DAY);
    let mut xml = Xml { text: String::new(), newer: last >= NEWER_FROM };
    let version = if xml.newer { "08" } else { "02" };
    xml.text += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    xml.text += &format!("<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}\">");
    xml.element("BkToCstmrStmt", |xml| {
        xml.element("GrpHdr", |xml| {
            let number = stated.first().map(|stated| account::masked(stated.number)).unwrap_or_default();
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            xml.leaf("MsgId", &format!("CAMT{digits}{}", date(last).replace('-', "")));
            xml.leaf("CreDtTm", &format!("{}T02:10:00", date(last + 1)));
        });
        xml.text.push('\n');
        stated.iter().for_each(|stated| xml.statement(stated));
    });
    xml.text += "</Document>\n";
    xml.text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        for (amount, currency, text) in
            [(145_500, "NOK", "1455.00"), (-5, "SEK", "0.05"), (7, "JPY", "7"), (-12_345, "KWD", "12.345")]
        {
            assert_eq!(decimal(amount, decimals(currency), '.'), text);
        }
    }

    #[test]
    fn a_bank_delivers_the_newer_version_from_one_day_on() {
        let of = |last: i64| {
            let statement =
                AccountStatement { id: "1".into(), days: (last, last), opening: 0, closing: 0, movements: Vec::new() };
            let stated = StatedAccount { number: "99994455667", currency: "NOK", statement: &statement };
            String::from_utf8(document(&[stated])).unwrap()
        };
        assert!(of(NEWER_FROM - 1).contains("camt.053.001.02\""));
        assert!(of(NEWER_FROM).contains("camt.053.001.08\""));
    }
}
