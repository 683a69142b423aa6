//! The account of a payout: its parts, and the amount that they add up to.

use crate::ledger::{Convention, Conventions, PayoutParts, Settlement, SettlementAmounts, SettlementTexts};
use crate::model::card::Severity;
use crate::model::instant::parse_day;
use crate::model::money::{Minor, Sum};
use crate::model::origin::Origin;

/// What a payout is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Origins {
    /// A settlement report.
    Report,
    /// An item of the settlement list, or a report without lines.
    Header,
    /// Only payments, or lines without their payout, name it.
    Events,
    /// The report of a provider that pays out itself, whose name reports show.
    Provider,
}

impl Origins {
    pub const ALL: [Origins; 4] = [Origins::Report, Origins::Header, Origins::Events, Origins::Provider];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            Origins::Report => "report",
            Origins::Header => "header",
            Origins::Events => "events",
            Origins::Provider => "provider",
        }
    }
}

/// What names the transaction of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum JoinedBy {
    /// The line itself.
    Line,
    /// An id that the payment states for the settlement.
    Entry,
    /// An id in the metadata of one of the payment's events.
    Event,
    /// An id in the payment's metadata.
    Metadata,
}

impl JoinedBy {
    pub const ALL: [JoinedBy; 4] = [JoinedBy::Line, JoinedBy::Entry, JoinedBy::Event, JoinedBy::Metadata];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            JoinedBy::Line => "transaction_id",
            JoinedBy::Entry => "entry",
            JoinedBy::Event => "event",
            JoinedBy::Metadata => "metadata",
        }
    }
}

/// What became of a payout, in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayoutState {
    /// Only payments, or lines without it, name it.
    Unseen,
    /// It is not paid out yet.
    Postponed,
    /// Nothing is to be paid.
    Nothing,
    /// No bank statement was given.
    Unchecked,
    /// The bank received another amount, or another currency.
    Differs,
    Matched,
    /// Which entry of the bank account is its cannot be told.
    Ambiguous,
    /// It should have come.
    Overdue,
    /// It may still come.
    Expected,
}

impl PayoutState {
    pub const ALL: [PayoutState; 9] = [
        PayoutState::Unseen,
        PayoutState::Postponed,
        PayoutState::Nothing,
        PayoutState::Unchecked,
        PayoutState::Differs,
        PayoutState::Matched,
        PayoutState::Ambiguous,
        PayoutState::Overdue,
        PayoutState::Expected,
    ];

    /// The word in reports.
    pub const fn word(self) -> &'static str {
        match self {
            PayoutState::Unseen => "unseen",
            PayoutState::Postponed => "postponed",
            PayoutState::Nothing => "nothing",
            PayoutState::Unchecked => "unchecked",
            PayoutState::Differs => "differs",
            PayoutState::Matched => "matched",
            PayoutState::Ambiguous => "ambiguous",
            PayoutState::Overdue => "overdue",
            PayoutState::Expected => "expected",
        }
    }
}

/// What bank statements say about a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankSide {
    pub state: PayoutState,
    /// The sum of its entries.
    pub received: Option<Sum>,
    /// How its entries were found.
    pub matched_by: Option<&'static str>,
    /// The last day of its entries.
    pub day: Option<i64>,
    /// The names of its entries.
    pub entries: Vec<String>,
    /// How many ambiguous entries may be its, where it is ambiguous.
    pub candidates: Option<u64>,
}

impl Default for BankSide {
    fn default() -> Self {
        BankSide {
            state: PayoutState::Unchecked,
            received: None,
            matched_by: None,
            day: None,
            entries: Vec::new(),
            candidates: None,
        }
    }
}

/// What was captured and refunded of a transaction in one settlement.
#[derive(Clone, Copy, Debug)]
pub struct SettledTwice<'p> {
    pub settlement: &'p str,
    /// By the transaction's own entries.
    pub entries: [Sum; 2],
    /// By the lines of the settlement's report.
    pub lines: [Sum; 2],
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payout {
    pub provider: Option<String>,
    pub destination: Option<String>,
    pub origin: Origins,
    /// The day of the payout.
    pub day: Option<i64>,
    /// The text on the bank transfer.
    pub reference: Option<String>,
    pub provider_reference: Option<String>,
    pub is_postponed: bool,
    /// The sign convention of its numbers.
    pub convention: Option<String>,
    pub lines: u64,
    pub joined_lines: u64,
    /// Transactions whose entries name it.
    pub payments: u64,
    pub parts: PayoutParts,
    pub other: Sum,
    pub carried_in: Sum,
    pub carried_out: Sum,
    pub unexplained: Sum,
    pub amount: Sum,
    /// The sum of its lines' nets; `None` without lines.
    pub nets: Option<Sum>,
    /// What the report and the header state.
    pub stated: [Option<Minor>; 2],
    /// The payouts that it comes from, as those state them who paid them out.
    pub sources: Vec<Payout>,
    /// Captured and refunded by its lines, where it states its parts without them.
    pub in_lines: Option<[Sum; 2]>,
    /// The balance after the payout before it, and the one that it begins with.
    pub chain: Option<[Minor; 2]>,
    /// Whether the input has settlements, and lacks this one.
    pub is_missing: bool,
    /// How many documents of it the input has, with those that others supersede.
    pub documents: u64,
    /// What findings on it rest on.
    pub evidence: String,
    /// Its record; `None` where only payments name it.
    pub record: Option<Origin>,
    /// What the bank received of it; stays empty without bank statements.
    pub bank: BankSide,
    /// Findings on it; counted last.
    pub findings: u64,
    pub worst: Option<Severity>,
}

/// The words for numbers that fit no convention: the amount is what it would be without the refund,
/// or nothing is known of it.
const REFUND_NOT_TAKEN: &str = "refund-not-taken";
const NO_CONVENTION: &str = "none";

/// The report and the header of one settlement; at least one is there.
#[derive(Clone, Copy)]
pub struct SettlementPair<'s, 'p> {
    pub report: Option<&'s Settlement<'p>>,
    pub header: Option<&'s Settlement<'p>>,
}

/// How the lines of a report count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineTerms<'p> {
    /// The currency of the report's payout; empty if none is stated.
    pub currency: &'p str,
    pub convention: Option<Convention>,
}

impl<'s, 'p> SettlementPair<'s, 'p> {
    /// Its payouts by currency; none where its documents state no amounts at all.
    pub fn payouts(&self) -> Vec<(&'p str, Payout)> {
        let of_report = self.report.map(|_| self.report_currency());
        let listed = self.header.into_iter().flat_map(|header| &header.amounts);
        let listed = listed.map(|amounts| amounts.currency.unwrap_or_default());
        let mut currencies: Vec<&str> = of_report.into_iter().chain(listed).collect();
        currencies.sort_unstable();
        currencies.dedup();
        currencies.into_iter().map(|currency| (currency, self.payout(currency))).collect()
    }

    /// How the report's lines count.
    pub fn line_terms(&self) -> LineTerms<'p> {
        let currency = self.report_currency();
        LineTerms { currency, convention: self.numbers(currency).1 }
    }

    /// The report's currency, else the header's, if that has one.
    fn report_currency(&self) -> &'p str {
        let stated = self.report.and_then(|report| report.amounts.first()).and_then(|amounts| amounts.currency);
        let stated = stated.filter(|currency| !currency.is_empty());
        let of_header = || {
            let amounts = self.header.into_iter().flat_map(|header| &header.amounts);
            let mut currencies = amounts.filter_map(|amounts| amounts.currency).filter(|currency| !currency.is_empty());
            let first = currencies.next()?;
            currencies.all(|other| other == first).then_some(first)
        };
        stated.or_else(of_header).unwrap_or_default()
    }

    /// What the report and the header state for a currency.
    fn amounts(&self, currency: &str) -> [Option<&'s SettlementAmounts<'p>>; 2] {
        let report = self.report.filter(|_| self.report_currency() == currency);
        let of_header = |amounts: &&SettlementAmounts<'_>| amounts.currency.unwrap_or_default() == currency;
        [
            report.and_then(|report| report.amounts.first()),
            self.header.and_then(|header| header.amounts.iter().find(of_header)),
        ]
    }

    /// The numbers that count for a currency, and their convention: those of the first document for
    /// which one holds, else of the report, else of the header.
    fn numbers(&self, currency: &str) -> (Option<&'s SettlementAmounts<'p>>, Option<Convention>) {
        let all = self.amounts(currency);
        let by_convention = |conventions: &Conventions| {
            all.iter().flatten().find_map(|amounts| conventions.of(amounts).map(|found| (Some(*amounts), Some(found))))
        };
        let conventions = self.report.or(self.header).map(|any| any.conventions);
        conventions.as_ref().and_then(by_convention).unwrap_or((all[0].or(all[1]), None))
    }

    /// A payout with its texts alone.
    pub fn stated(&self) -> Payout {
        let texts = self.texts();
        Payout {
            provider: texts.provider.map(str::to_owned),
            destination: texts.destination.map(str::to_owned),
            day: day(&texts),
            reference: texts.reference.map(str::to_owned),
            provider_reference: texts.provider_reference.map(str::to_owned),
            ..Payout::empty(Origins::Header)
        }
    }

    fn payout(&self, currency: &'p str) -> Payout {
        let stated = self.amounts(currency);
        let is_reported = stated[0].is_some();
        let (numbers, convention) = self.numbers(currency);
        let mut payout = Payout {
            origin: if is_reported { Origins::Report } else { Origins::Header },
            convention: Some(word(numbers, convention).to_owned()),
            stated: stated.map(|amounts| amounts.and_then(|amounts| amounts.amount)),
            record: if is_reported { self.report } else { self.header }.map(|document| document.origin),
            ..self.stated()
        };
        let amount = payout.stated[0].or(payout.stated[1]).map(Sum::from);
        let lines = self.report.filter(|report| is_reported && !report.lines.is_empty());
        match lines {
            Some(report) => payout.add_lines(report, convention, amount),
            None => {
                payout.parts = numbers.map(|amounts| amounts.parts(convention)).unwrap_or_default();
                payout.amount = amount.unwrap_or(payout.parts.sum());
                payout.unexplained = payout.amount - payout.parts.sum();
            }
        }
        payout
    }

    /// Each text of the report, else of the header.
    pub fn texts(&self) -> SettlementTexts<'p> {
        let [report, header] = [self.report, self.header].map(|one| one.map(|one| one.texts).unwrap_or_default());
        SettlementTexts {
            reference: report.reference.or(header.reference),
            date: report.date.or(header.date),
            settled_at: report.settled_at.or(header.settled_at),
            payment_status: report.payment_status.or(header.payment_status),
            provider: report.provider.or(header.provider),
            provider_reference: report.provider_reference.or(header.provider_reference),
            destination: report.destination.or(header.destination),
        }
    }
}

/// The day that a settlement states; a text that is no date counts as none.
fn day(texts: &SettlementTexts<'_>) -> Option<i64> {
    let settled_at = texts.settled_at.and_then(|text| text.get(..10)).and_then(parse_day);
    settled_at.or_else(|| texts.date.and_then(parse_day))
}

fn word(numbers: Option<&SettlementAmounts<'_>>, convention: Option<Convention>) -> &'static str {
    let is_refund_left = |amounts: &SettlementAmounts<'_>| {
        let parts = amounts.parts(None);
        parts.refunds != 0 && amounts.amount.map(Sum::from) == Some(parts.captures + parts.fees)
    };
    match convention {
        Some(convention) => convention.word(),
        None if numbers.is_some_and(is_refund_left) => REFUND_NOT_TAKEN,
        None => NO_CONVENTION,
    }
}

impl Payout {
    /// A payout of which nothing is known.
    pub fn empty(origin: Origins) -> Payout {
        Payout {
            provider: None,
            destination: None,
            origin,
            day: None,
            reference: None,
            provider_reference: None,
            is_postponed: false,
            convention: None,
            lines: 0,
            joined_lines: 0,
            payments: 0,
            parts: PayoutParts::default(),
            other: 0,
            carried_in: 0,
            carried_out: 0,
            unexplained: 0,
            amount: 0,
            nets: None,
            stated: [None; 2],
            sources: Vec::new(),
            in_lines: None,
            chain: None,
            is_missing: false,
            documents: 0,
            evidence: String::new(),
            record: None,
            bank: BankSide::default(),
            findings: 0,
            worst: None,
        }
    }

    /// Takes the parts from the lines of its report.
    fn add_lines(&mut self, report: &Settlement<'_>, convention: Option<Convention>, amount: Option<Sum>) {
        let for_nets = report.convention();
        let nets: Sum = report.lines.iter().map(|line| line.net_by(for_nets)).sum();
        report.lines.iter().for_each(|line| self.parts.add(&line.parts(convention)));
        self.lines = report.lines.len() as u64;
        self.nets = Some(nets);
        self.other = nets - self.parts.sum();
        self.amount = amount.unwrap_or(nets);
        self.unexplained = self.amount - nets;
    }

    /// Takes the texts of a document of the same settlement.
    pub fn set_texts_of(&mut self, document: &Payout) {
        self.provider.clone_from(&document.provider);
        self.destination.clone_from(&document.destination);
        self.day = document.day;
        self.reference.clone_from(&document.reference);
        self.provider_reference.clone_from(&document.provider_reference);
    }

    /// Whether a document of its own states it.
    pub fn is_stated(&self) -> bool {
        self.origin != Origins::Events
    }

    /// Whether a bank account should receive it.
    pub fn is_claimed(&self) -> bool {
        self.is_stated() && !self.is_postponed && self.amount > 0
    }

    pub fn state(&self) -> PayoutState {
        match self.origin {
            Origins::Events => PayoutState::Unseen,
            _ if self.is_postponed || self.amount < 0 => PayoutState::Postponed,
            _ if self.amount == 0 => PayoutState::Nothing,
            _ => self.bank.state,
        }
    }
}
