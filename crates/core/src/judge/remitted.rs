//! A payout of a provider that pays out itself: what it states, and what its lines come to.

use crate::ledger::{AccountParts, PayoutParts, Remittance, RemittedPart};
use crate::model::card::Kind;
use crate::model::evidence::{CopyState, document_part};
use crate::model::instant::parse_day;
use crate::model::money::{Minor, Sum};
use crate::payout::{JoinedLine, Origins, Payout, PayoutKey, PayoutLine};

/// What a payout and its lines come to.
#[derive(Debug)]
pub(super) struct RemittedPayout {
    pub key: PayoutKey,
    pub payout: Payout,
    /// Whose payouts follow each other; `None` where that is not known.
    pub holder: Option<String>,
    pub opening: Option<Minor>,
    pub closing: Option<Minor>,
    /// What its lines come to by the meaning of their words, and as their amounts are written.
    lines: [LineSums; 2],
    /// Whether a line whose amount is taken off is negative: then amounts count as they are.
    is_signed: bool,
    /// The settlement that it is the source of.
    pub settlement: Option<PayoutKey>,
    /// Whether its own entry ended it.
    is_ended: bool,
    /// Whether its lines were put to another.
    pub is_moved: bool,
    /// How many of its lines were given out.
    given: u32,
}

#[derive(Clone, Copy, Debug, Default)]
struct LineSums {
    parts: PayoutParts,
    other: Sum,
}

impl LineSums {
    fn add(&mut self, part: RemittedPart, amount: Sum) {
        let (parts, other) = of_line(part, amount);
        self.parts.add(&parts);
        self.other += other;
    }

    fn sum(&self) -> Sum {
        self.parts.sum() + self.other
    }
}

/// The parts of a line, and what it is besides.
fn of_line(part: RemittedPart, amount: Sum) -> (PayoutParts, Sum) {
    let mut parts = PayoutParts::default();
    match part {
        RemittedPart::Capture => parts.captures = amount,
        RemittedPart::Refund => parts.refunds = amount,
        RemittedPart::Fee => parts.fees = amount,
        RemittedPart::Other | RemittedPart::Payout => return (parts, amount),
    }
    (parts, 0)
}

/// What a line's amount adds to the money paid.
fn effect(line: &Remittance<'_>, is_signed: bool) -> Sum {
    let amount = Sum::from(line.amount);
    if line.is_taken_off && !is_signed { -amount } else { amount }
}

/// The words for the signs of a payout's numbers: told by their names, or by themselves.
const BY_NAME: &str = "by-type";
const AS_WRITTEN: &str = "signed";
const NEITHER: &str = "none";

impl RemittedPayout {
    pub fn new(namespace: &str, id: String, currency: &str, origin: Origins) -> Self {
        let payout = Payout { provider: Some(namespace.to_owned()), ..Payout::empty(origin) };
        RemittedPayout {
            key: PayoutKey { namespace: namespace.to_owned(), id, currency: currency.to_owned() },
            payout,
            holder: None,
            opening: None,
            closing: None,
            lines: Default::default(),
            is_signed: false,
            settlement: None,
            is_ended: false,
            is_moved: false,
            given: 0,
        }
    }

    pub fn of_statement(statement: &Remittance<'_>) -> Self {
        let Remittance { namespace, id, currency, .. } = *statement;
        let mut made = RemittedPayout::new(namespace, id.to_owned(), currency, Origins::Provider);
        let amount = Sum::from(statement.amount);
        let sum = |parts: &AccountParts| parts.iter().sum::<Sum>();
        let (parts, word) = match (&statement.by_name, &statement.as_written) {
            (by_name, _) if sum(by_name) == amount => (by_name, BY_NAME),
            (_, as_written) if sum(as_written) == amount => (as_written, AS_WRITTEN),
            (by_name, _) => (by_name, NEITHER),
        };
        let [captures, refunds, fees, other, carried_in, carried_out] = *parts;
        let payout = &mut made.payout;
        payout.parts = PayoutParts { captures, refunds, fees };
        (payout.other, payout.carried_in, payout.carried_out) = (other, carried_in, carried_out);
        (payout.amount, payout.unexplained) = (amount, amount - sum(parts));
        payout.stated[0] = Some(statement.amount);
        payout.convention = Some(word.to_owned());
        payout.day = statement.day.and_then(|day| parse_day(day.get(..10)?));
        payout.reference = Some(id.to_owned());
        payout.record = Some(statement.origin);
        made.holder = statement.holder.map(str::to_owned);
        (made.opening, made.closing) = (statement.before, statement.after);
        made
    }

    pub fn add_line(&mut self, line: &Remittance<'_>, is_joined: bool) {
        self.payout.lines += 1;
        self.payout.joined_lines += u64::from(is_joined);
        self.payout.record = self.payout.record.or(Some(line.origin));
        self.is_signed |= line.is_taken_off && line.amount < 0;
        self.lines[0].add(line.part, effect(line, false));
        self.lines[1].add(line.part, effect(line, true));
    }

    /// Takes over the lines of another payout.
    pub fn add_lines(&mut self, other: &RemittedPayout) {
        self.payout.lines += other.payout.lines;
        self.payout.joined_lines += other.payout.joined_lines;
        self.is_signed |= other.is_signed;
        for (mine, theirs) in self.lines.iter_mut().zip(&other.lines) {
            mine.parts.add(&theirs.parts);
            mine.other += theirs.other;
        }
    }

    /// Ends a payout that lines name.
    pub fn close_named(&mut self) {
        if self.is_ended {
            return;
        }
        let lines = self.lines[usize::from(self.is_signed)];
        let payout = &mut self.payout;
        if payout.origin == Origins::Events {
            payout.parts = lines.parts;
            (payout.other, payout.amount) = (lines.other, lines.sum());
            payout.convention = Some(if self.is_signed { AS_WRITTEN } else { BY_NAME }.to_owned());
            payout.reference = Some(self.key.id.clone());
        } else if payout.lines > 0 {
            payout.in_lines = Some([lines.parts.captures, lines.parts.refunds]);
        }
        payout.nets = Some(lines.sum()).filter(|_| payout.lines > 0);
    }

    /// Ends a running account's payout with its own entry.
    pub fn close_running(&mut self, entry: &Remittance<'_>) {
        let lines = self.lines[1];
        if self.payout.lines == 0 {
            self.opening = entry.before;
        }
        self.closing = entry.after;
        self.is_ended = true;
        let payout = &mut self.payout;
        payout.parts = lines.parts;
        payout.other = lines.other;
        payout.carried_in = self.opening.unwrap_or(0).into();
        payout.carried_out = -Sum::from(self.closing.unwrap_or(0));
        payout.amount = -Sum::from(entry.amount);
        payout.unexplained = payout.amount - lines.sum() - payout.carried_in - payout.carried_out;
        payout.stated[0] = entry.amount.checked_neg();
        payout.nets = Some(lines.sum()).filter(|_| payout.lines > 0);
        payout.convention = Some(AS_WRITTEN.to_owned());
        payout.day = entry.day.and_then(parse_day);
        payout.record = Some(entry.origin);
        let reference = entry.ids[0].or(entry.ids[1]);
        payout.reference = reference.map(str::to_owned);
        self.key.id = id_of(&self.key.id, reference.unwrap_or_default());
    }

    /// Adds another payout of one id and currency.
    pub fn merge(&mut self, other: &RemittedPayout) {
        self.add_lines(other);
        let (mine, theirs) = (&mut self.payout, &other.payout);
        mine.parts.add(&theirs.parts);
        mine.other += theirs.other;
        mine.carried_in += theirs.carried_in;
        mine.carried_out += theirs.carried_out;
        mine.unexplained += theirs.unexplained;
        mine.amount += theirs.amount;
        mine.nets = mine.nets.map(|nets| nets + theirs.nets.unwrap_or(0)).or(theirs.nets);
        self.closing = other.closing;
    }

    /// Takes the account out; what its lines need stays.
    pub fn take_payout(&mut self) -> Payout {
        std::mem::replace(&mut self.payout, Payout::empty(Origins::Events))
    }

    /// The next of its lines.
    pub fn line(&mut self, line: &Remittance<'_>, joined: Option<JoinedLine>) -> PayoutLine {
        let number = self.given;
        self.given += 1;
        let net = effect(line, self.is_signed);
        PayoutLine {
            line: number,
            provider: Some(self.key.namespace.clone()),
            transaction: joined.as_ref().map(|joined| joined.transaction.clone()),
            joined_by: joined.as_ref().map(|joined| joined.by),
            event: joined.as_ref().and_then(|joined| joined.event),
            product_type: joined.and_then(|joined| joined.product_type),
            parts: of_line(line.part, net).0,
            net,
            record: line.origin,
        }
    }

    /// What names it in evidence.
    pub fn name(&self) -> String {
        let PayoutKey { namespace, id, currency } = &self.key;
        format!("{namespace} {currency} {id}")
    }

    /// The part of evidence: the payout, with as many lines.
    pub fn evidence(&self) -> String {
        format!("{}/{}", document_part(Kind::Payout, &self.name(), &CopyState::default()), self.payout.lines)
    }

    /// Whether it has what a part of evidence about it says.
    pub fn has(&self, part: &str) -> bool {
        let lines = part.get(18..).and_then(|rest| rest.strip_prefix('/')).and_then(|lines| lines.parse().ok());
        lines.is_some_and(|lines: u64| self.payout.lines >= lines)
    }
}

/// The id of a running account's payout: the account, if it is known, and the payout's own reference.
fn id_of(account: &str, reference: &str) -> String {
    let id = if account.is_empty() { reference.to_owned() } else { format!("{account}/{reference}") };
    if id.chars().any(char::is_control) { id.escape_debug().to_string() } else { id }
}
