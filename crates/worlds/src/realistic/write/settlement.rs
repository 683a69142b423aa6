//! Writes settlement reports by currency and week or day, and the settlement list.

use crate::json::JsonText;
use crate::realistic::model::{CURRENCIES, DAY, END, FaultyReport, HOUR, Millis, Payment};
use crate::realistic::names::seller_name;
use crate::realistic::payout::{PaidOut, PlantedPayout, SettledLine, payout_reference, provider_reference};
use crate::rng::Rng;

/// Number of weeks in which payments can be settled; older ones belong to the last.
const WEEKS: usize = 16;

/// A report is closed when its lines exceed this many bytes.
const FULL: usize = 256 << 10;

/// The same where payouts are wanted, so that there are more of them.
const FULL_PAYOUT: usize = 96 << 10;

/// The currency in which most is sold; it is paid out by the day, the others by the week.
const DAILY: usize = 0;

/// Maximum number of reports in the list.
const LISTED: usize = 1000;

/// The signs of refunds and fees in a report.
#[derive(Clone, Copy)]
struct SignConvention {
    refund: i64,
    fee: i64,
}

/// Conventions seen in real reports: as documented, negative refunds, both negative.
const CONVENTIONS: [SignConvention; 3] = [
    SignConvention { refund: 1, fee: 1 },
    SignConvention { refund: -1, fee: 1 },
    SignConvention { refund: -1, fee: -1 },
];

/// A report that is not closed yet.
#[derive(Default)]
struct OpenReport {
    lines: JsonText,
    capture: i64,
    refund: i64,
    fee: i64,
    /// Number of closed reports of this currency and week.
    closed: u64,
}

/// The amounts in the header of a report.
#[derive(Clone, Copy)]
struct ReportTotals {
    amount: i64,
    capture: i64,
    refund: i64,
    fee: i64,
}

/// What a report and the item of the settlement list have in common.
#[derive(Clone, Copy)]
struct ReportHeader {
    id: (u64, u64),
    currency: &'static str,
    paid: Millis,
    totals: ReportTotals,
}

pub struct SettlementReports {
    seed: u64,
    /// Whether reports have the texts of their payouts, and come by the day where most is sold.
    payouts: bool,
    open: Vec<OpenReport>,
    list: JsonText,
    listed: usize,
    pub written: u64,
    /// The payouts that were stated since they were last taken.
    pub paid: Vec<PaidOut>,
}

impl SettlementReports {
    pub fn new(seed: u64, payouts: bool) -> Self {
        let open = (0..CURRENCIES.len() * slots(payouts)).map(|_| OpenReport::default()).collect();
        SettlementReports { seed, payouts, open, list: JsonText::default(), listed: 0, written: 0, paid: Vec::new() }
    }

    /// Adds the entries of a payment to their reports; returns the settlement of each if payouts
    /// are wanted.
    pub fn add(&mut self, out: &mut JsonText, payment: &Payment, entries: &[SettledLine]) -> Vec<(u64, u64)> {
        let currency = CURRENCIES.iter().position(|(_, (code, _))| *code == payment.currency).unwrap_or(0);
        let mut settlements = Vec::new();
        for entry in entries {
            let place = currency * slots(self.payouts) + self.slot(currency, entry.at);
            if self.payouts {
                let (_, id) = self.drawn(place);
                settlements.push(id);
            }
            let (signs, net) = self.style(place);
            let report = &mut self.open[place];
            report.capture += entry.capture;
            report.refund += entry.refund;
            report.fee += entry.fee;
            line(&mut report.lines, payment, entry, signs, net);
            if report.lines.0.len() > if self.payouts { FULL_PAYOUT } else { FULL } {
                self.close(out, place);
            }
        }
        settlements
    }

    /// The report that an amount of this time belongs to, counted back from the last one.
    fn slot(&self, currency: usize, at: Millis) -> usize {
        let days = usize::try_from((END - at) / DAY).unwrap_or(0).min(WEEKS * 7 - 1);
        match days % 7 {
            _ if !self.payouts => days / 7,
            _ if currency != DAILY => days / 7 * 7,
            // The last day is a Friday; what falls on a weekend is paid on the Monday after it.
            5 => days - 1,
            6 => days - 2,
            _ => days,
        }
    }

    /// The sign convention of the report at `place`, and the member for net amounts of its lines.
    fn style(&self, place: usize) -> (SignConvention, Option<&'static str>) {
        let mut rng = Rng::stream(self.seed, place as u64, 5 + self.open[place].closed);
        (rng.pick(&CONVENTIONS), rng.pick(&[Some("net_amount"), Some("amount"), None]))
    }

    /// Whether the report at `place` has a fee without a payment, and its id.
    fn drawn(&self, place: usize) -> (bool, (u64, u64)) {
        let mut rng = Rng::stream(self.seed, place as u64, 1000 + self.open[place].closed);
        (rng.chance(300), rng.pair())
    }

    fn close(&mut self, out: &mut JsonText, place: usize) {
        let (signs, net) = self.style(place);
        let (subscribed, id) = self.drawn(place);
        let closed = self.open[place].closed;
        let mut report = std::mem::take(&mut self.open[place]);
        self.open[place].closed = closed + 1;
        if subscribed {
            report.fee += 9900;
            report.lines.object(|out| {
                out.text_member("reference", "abonnement");
                out.int_member("capture", 0);
                out.int_member("refund", 0);
                out.int_member("fee", signs.fee * 9900);
                if let Some(name) = net {
                    out.int_member(name, -9900);
                }
            });
        }
        let totals = ReportTotals {
            amount: report.capture - report.refund - report.fee,
            capture: report.capture,
            refund: signs.refund * report.refund,
            fee: signs.fee * report.fee,
        };
        let (slots, days) = (slots(self.payouts), if self.payouts { 1 } else { 7 });
        let paid = (END - (place % slots) as i64 * days * DAY).max(END - 200 * DAY);
        let header = ReportHeader { id, currency: CURRENCIES[place / slots].1.0, paid, totals };
        self.write(out, &header, &report.lines);
        self.add_to_list(&header);
        self.state(&header);
    }

    fn add_to_list(&mut self, header: &ReportHeader) {
        if self.listed == LISTED {
            return;
        }
        self.listed += 1;
        let postponed = self.payouts && header.totals.amount < 0;
        self.list.object(|out| {
            out.uuid_member("id", header.id);
            out.text_member("provider", "payout");
            if self.payouts {
                out.text_member("provider_reference", provider_reference(header.id));
                out.text_member("payout_destination_id", seller_name(0));
            }
            out.text_member("payment_status", if postponed { "postponed" } else { "paid" });
            out.time_member("created_at", header.paid - HOUR);
            if !postponed {
                out.time_member("settled_at", header.paid - HOUR);
            }
            out.array_member("amounts", [header], |out, header| out.object(|out| header.write(out)));
        });
    }

    /// Adds the report of a fault.
    pub fn add_faulty(&mut self, out: &mut JsonText, faulty: &FaultyReport) {
        let totals = ReportTotals { amount: faulty.amount, capture: faulty.capture, refund: 0, fee: faulty.fee };
        let header = ReportHeader { id: faulty.id, currency: "NOK", paid: END - DAY, totals };
        self.state(&header);
        if faulty.listed {
            // Makes room in the list for a required entry, as the list is limited.
            self.listed = self.listed.min(LISTED - 1);
            self.add_to_list(&header);
            return;
        }
        let mut line = JsonText::default();
        line.object(|out| {
            if let Some(id) = faulty.line_names {
                out.text_member("transaction_id", id);
            }
            out.int_member("capture", faulty.capture);
            out.int_member("refund", 0);
            out.int_member("fee", faulty.capture - faulty.line_net);
            out.int_member("net_amount", faulty.line_net);
        });
        self.write(out, &header, &line);
    }

    /// Adds the report of a planted payout; what the bank books of it is the fault's.
    pub fn add_planted(&mut self, out: &mut JsonText, payment: &Payment, planted: &PlantedPayout) {
        let mut lines = JsonText::default();
        for entry in &planted.lines {
            line(&mut lines, payment, entry, CONVENTIONS[0], Some("net_amount"));
        }
        let sum = |of: fn(&SettledLine) -> i64| planted.lines.iter().map(of).sum();
        let (capture, refund, fee) = (sum(|l| l.capture), sum(|l| l.refund), sum(|l| l.fee));
        let totals = ReportTotals { amount: planted.amount(), capture, refund, fee };
        let mut header =
            ReportHeader { id: planted.id, currency: planted.currency, paid: planted.day * DAY + 4 * HOUR, totals };
        self.write(out, &header, &lines);
        if planted.listed_more != 0 {
            self.listed = self.listed.min(LISTED - 1);
            header.totals.amount += planted.listed_more;
            header.totals.fee -= planted.listed_more;
        }
        self.add_to_list(&header);
    }

    /// Closes all reports, adds one that every world has, and returns the settlement list.
    pub fn finish(&mut self, out: &mut JsonText) -> JsonText {
        for place in 0..self.open.len() {
            if !self.open[place].lines.0.is_empty() {
                self.close(out, place);
            }
        }
        let id = Rng::stream(self.seed, u64::MAX, 6).pair();
        let totals = ReportTotals { amount: -9900, capture: 0, refund: 0, fee: 9900 };
        let header = ReportHeader { id, currency: "NOK", paid: END, totals };
        let mut line = JsonText::default();
        line.object(|out| {
            out.text_member("reference", "abonnement");
            out.int_member("fee", 9900);
            out.int_member("net_amount", -9900);
        });
        self.write(out, &header, &line);
        self.add_to_list(&header);
        let mut list = JsonText::default();
        list.object(|out| {
            out.array_member("items", [&self.list], |out, reports| out.bytes(&reports.0));
            out.object_member("last_evaluated_key", |out| {
                out.uuid_member("id", id);
                out.time_member("settled_at", END - HOUR);
            });
        });
        list.raw("\n");
        list
    }

    fn write(&mut self, out: &mut JsonText, header: &ReportHeader, lines: &JsonText) {
        out.object(|out| {
            out.uuid_member("dintero_settlement_id", header.id);
            if self.payouts {
                out.text_member("settlement_reference", payout_reference(header.id));
                out.text_member("payout_destination_id", seller_name(0));
            }
            out.date_member("settlement_date", header.paid);
            out.date_member("date_from", header.paid - 9 * DAY);
            out.date_member("date_to", header.paid - 2 * DAY);
            header.write(out);
            out.array_member("transactions", [lines], |out, lines| out.bytes(&lines.0));
        });
        out.raw("\n");
        self.written += 1;
    }

    /// Notes the payout, so that the bank books it.
    fn state(&mut self, header: &ReportHeader) {
        if self.payouts {
            let ReportHeader { id, currency, paid, totals } = *header;
            self.paid.push(PaidOut { id, currency, day: paid / DAY, amount: totals.amount });
        }
    }
}

fn slots(payouts: bool) -> usize {
    if payouts { WEEKS * 7 } else { WEEKS }
}

fn line(out: &mut JsonText, payment: &Payment, entry: &SettledLine, signs: SignConvention, net: Option<&'static str>) {
    out.object(|out| {
        out.text_member("transaction_id", payment.id);
        out.text_member("reference", payment.reference);
        out.text_member("payment_product_type", payment.product.kind);
        out.date_member("transaction_date", entry.at - 2 * DAY);
        out.int_member("capture", entry.capture);
        out.int_member("refund", signs.refund * entry.refund);
        out.int_member("fee", signs.fee * entry.fee);
        if let Some(name) = net {
            out.int_member(name, entry.capture - entry.refund - entry.fee);
        }
    });
}

impl ReportHeader {
    fn write(&self, out: &mut JsonText) {
        out.text_member("currency", self.currency);
        out.int_member("amount", self.totals.amount);
        out.int_member("capture", self.totals.capture);
        out.int_member("refund", self.totals.refund);
        out.int_member("fee", self.totals.fee);
    }
}
