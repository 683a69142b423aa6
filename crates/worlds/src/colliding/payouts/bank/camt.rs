//! camt.053 and camt.054 in many spellings.

use super::draft::DraftStatement;
use super::entries::Booked;
use crate::rng::Rng;

/// How a file is spelt.
struct Spelling {
    prefix: &'static str,
    version: u64,
    indent: &'static str,
    is_latin1: bool,
    /// A decimal more than the currency has: zero, or one that refuses the file.
    decimal: &'static str,
}

impl Spelling {
    fn random(rng: &mut Rng) -> Spelling {
        Spelling {
            prefix: rng.word(&["", "", "ns:", "camt:"]),
            version: 2 + rng.roll(12),
            indent: rng.word(&["", "\n  ", "\r\n\t"]),
            is_latin1: rng.once_in(5),
            decimal: if rng.once_in(30) { "5" } else { rng.word(&["", "", "", "0"]) },
        }
    }

    fn open(&self, name: &str) -> String {
        format!("{}<{}{name}>", self.indent, self.prefix)
    }

    fn close(&self, name: &str) -> String {
        format!("</{}{name}>", self.prefix)
    }

    fn text(&self, name: &str, text: &str) -> String {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        format!("{}{text}{}", self.open(name), self.close(name))
    }

    fn around(&self, name: &str, inside: &str) -> String {
        format!("{}{inside}{}{}", self.open(name), self.indent, self.close(name))
    }

    /// A text, or nothing where it is empty.
    fn some(&self, name: &str, text: &str) -> String {
        if text.is_empty() { String::new() } else { self.text(name, text) }
    }

    fn money(&self, amount: i64, currency: &str) -> String {
        let size = amount.unsigned_abs();
        let written = match currency {
            "JPY" if self.decimal.is_empty() => size.to_string(),
            "JPY" => format!("{size}.{}", self.decimal),
            _ => format!("{}.{:02}{}", size / 100, size % 100, self.decimal),
        };
        format!("{}<{}Amt Ccy=\"{currency}\">{written}{}", self.indent, self.prefix, self.close("Amt"))
    }

    fn side(&self, amount: i64) -> String {
        self.text("CdtDbtInd", if amount < 0 { "DBIT" } else { "CRDT" })
    }

    fn document(&self, family: &str, message: &str, inside: &str) -> Vec<u8> {
        let declared = if self.prefix.is_empty() {
            "xmlns".to_owned()
        } else {
            format!("xmlns:{}", &self.prefix[..self.prefix.len() - 1])
        };
        let encoding = if self.is_latin1 { "ISO-8859-1" } else { "UTF-8" };
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"{encoding}\"?>\n<!-- \u{e5} -->\n<{}Document {declared}=\"urn:iso:std:iso:20022:tech:xsd:{family}.001.{:02}\">{}{}\n",
            self.prefix,
            self.version,
            self.around(message, inside),
            self.close("Document")
        );
        if self.is_latin1 {
            return text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap_or(b'?')).collect();
        }
        text.into_bytes()
    }
}

pub fn statements(rng: &mut Rng, all: &[DraftStatement]) -> Vec<u8> {
    let spelling = Spelling::random(rng);
    let header = spelling.around("GrpHdr", &spelling.text("MsgId", "m"));
    let inside: String = all.iter().map(|one| statement(rng, &spelling, one)).collect();
    spelling.document("camt.053", "BkToCstmrStmt", &(header + &inside))
}

/// Notifications of some of the statements' entries, with texts of their own.
pub fn notifications(rng: &mut Rng, all: &[DraftStatement]) -> Vec<u8> {
    let spelling = Spelling::random(rng);
    let mut inside = String::new();
    for one in all {
        let mut made = spelling.text("Id", "n") + &account(&spelling, one, true);
        for booked in &one.entries {
            if rng.once_in(2) {
                continue;
            }
            let mut booked = booked.clone();
            booked.text = rng.word(&["R17483", "K-90001", "S55001", "Dintero", ""]).to_owned();
            made += &entry(rng, &spelling, &booked);
        }
        inside += &spelling.around("Ntfctn", &made);
    }
    spelling.document("camt.054", "BkToCstmrDbtCdtNtfctn", &inside)
}

fn account(spelling: &Spelling, one: &DraftStatement, has_currency: bool) -> String {
    let (scheme, number) = one.account;
    let id = match scheme {
        "IBAN" => spelling.text("IBAN", number),
        _ => spelling.around("Othr", &spelling.text("Id", number)),
    };
    let currency = if has_currency { spelling.text("Ccy", one.currency) } else { String::new() };
    spelling.around("Acct", &(spelling.around("Id", &id) + &currency))
}

fn statement(rng: &mut Rng, spelling: &Spelling, one: &DraftStatement) -> String {
    let mut made = spelling.text("Id", &one.id);
    let has_days = !rng.once_in(4);
    if has_days {
        let end = match one.days.1 {
            // The end of January at the midnight after it.
            "2026-01-31" if rng.once_in(3) => "2026-02-01T00:00:00+01:00".to_owned(),
            last => format!("{last}T23:59:59"),
        };
        let from = spelling.text("FrDtTm", &format!("{}T00:00:00", one.days.0));
        made += &spelling.around("FrToDt", &(from + &spelling.text("ToDtTm", &end)));
    }
    made += &account(spelling, one, !rng.once_in(5));
    if !rng.once_in(8) {
        let code = rng.word(&["OPBD", "OPBD", "PRCD"]);
        made += &balance(rng, spelling, code, one.opening, one.currency, one.days.0);
    }
    if !rng.once_in(8) {
        made += &balance(rng, spelling, "CLBD", one.closing, one.currency, one.days.1);
    }
    for booked in &one.entries {
        made += &entry(rng, spelling, booked);
    }
    spelling.around("Stmt", &made)
}

fn balance(rng: &mut Rng, spelling: &Spelling, code: &str, amount: i64, currency: &str, day: &str) -> String {
    let kind = spelling.around("Tp", &spelling.around("CdOrPrtry", &spelling.text("Cd", code)));
    let inside = kind + &spelling.money(amount, currency) + &spelling.side(amount) + &date(rng, spelling, "Dt", day);
    spelling.around("Bal", &inside)
}

fn date(rng: &mut Rng, spelling: &Spelling, name: &str, day: &str) -> String {
    let inside = match rng.once_in(4) {
        true => spelling.text("DtTm", &format!("{day}T23:30:00-08:00")),
        false => spelling.text("Dt", day),
    };
    spelling.around(name, &inside)
}

fn entry(rng: &mut Rng, spelling: &Spelling, booked: &Booked) -> String {
    let mut made = spelling.some("NtryRef", booked.own_reference);
    made += &spelling.money(booked.amount, booked.currency);
    made += &spelling.side(booked.amount);
    made += &spelling.some("RvslInd", booked.reversal);
    if !booked.status.is_empty() {
        made += &match rng.once_in(2) {
            true => spelling.text("Sts", booked.status),
            false => spelling.around("Sts", &spelling.text("Cd", booked.status)),
        };
    }
    if rng.once_in(6) {
        made += &date(rng, spelling, "ValDt", booked.day);
    } else {
        made += &date(rng, spelling, "BookgDt", booked.day);
        made += &date(rng, spelling, "ValDt", "2026-01-02");
    }
    made += &spelling.some("AcctSvcrRef", booked.reference);
    let mut text = booked.text.trim();
    if rng.once_in(2) || !booked.debtor.is_empty() {
        made += &details(rng, spelling, booked);
        text = if rng.once_in(2) { text } else { "" };
    }
    made += &spelling.some("AddtlNtryInf", text);
    spelling.around("Ntry", &made)
}

/// One detail, or the parts of a batch, whose amounts sum to the entry's or miss it by one.
fn details(rng: &mut Rng, spelling: &Spelling, booked: &Booked) -> String {
    let size = booked.amount.abs();
    let parts = match rng.roll(4) {
        0 if size > 400 => vec![size - 400, 400],
        1 if size > 400 => vec![size - 400, 401],
        _ => vec![size],
    };
    let mut made = String::new();
    for (n, part) in parts.iter().enumerate() {
        let mut detail = String::new();
        let end_to_end = rng.word(&["", "NOTPROVIDED", "E2E-1"]);
        if !end_to_end.is_empty() {
            detail += &spelling.around("Refs", &spelling.text("EndToEndId", end_to_end));
        }
        if parts.len() > 1 || rng.once_in(3) {
            detail += &match rng.once_in(2) {
                true => spelling.money(*part, booked.currency),
                false => {
                    let amount = spelling.money(*part, booked.currency);
                    spelling.around("AmtDtls", &spelling.around("TxAmt", &amount))
                }
            };
        }
        if !booked.debtor.is_empty() {
            let name = spelling.text("Nm", booked.debtor);
            let party = if rng.once_in(2) { spelling.around("Pty", &name) } else { name };
            detail += &spelling.around("RltdPties", &spelling.around("Dbtr", &party));
        }
        let text = booked.text.trim();
        if n == 0 && !text.is_empty() {
            let written = match rng.once_in(4) {
                true => spelling.around("Strd", &spelling.around("CdtrRefInf", &spelling.text("Ref", text))),
                false => spelling.text("Ustrd", text),
            };
            detail += &spelling.around("RmtInf", &written);
        }
        made += &spelling.around("TxDtls", &detail);
    }
    spelling.around("NtryDtls", &made)
}
