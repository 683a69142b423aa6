//! Writes settlement reports by currency and week, and the settlement list.

use crate::json::JsonText;
use crate::realistic::model::{CURRENCIES, DAY, END, FaultyReport, HOUR, Millis, Payment, SettlementEntry};
use crate::rng::Rng;

/// Number of weeks in which payments can be settled; older ones belong to the last.
const WEEKS: usize = 16;

/// A report is closed when its lines exceed this many bytes.
const FULL: usize = 256 << 10;

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

pub struct SettlementReports {
    seed: u64,
    open: Vec<OpenReport>,
    list: JsonText,
    listed: usize,
    pub written: u64,
}

impl SettlementReports {
    pub fn new(seed: u64) -> Self {
        let open = (0..CURRENCIES.len() * WEEKS).map(|_| OpenReport::default()).collect();
        SettlementReports { seed, open, list: JsonText::default(), listed: 0, written: 0 }
    }

    /// Adds the entries of a payment to their reports.
    pub fn add(&mut self, out: &mut JsonText, payment: &Payment, entries: &[SettlementEntry]) {
        let currency = CURRENCIES.iter().position(|(_, (code, _))| *code == payment.currency).unwrap_or(0);
        for entry in entries {
            let week = usize::try_from((END - entry.at) / (7 * DAY)).unwrap_or(0).min(WEEKS - 1);
            let place = currency * WEEKS + week;
            let (signs, net) = self.style(place);
            let report = &mut self.open[place];
            report.capture += entry.capture;
            report.refund += entry.refund;
            report.fee += entry.fee;
            report.lines.object(|out| {
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
            if report.lines.0.len() > FULL {
                self.close(out, place);
            }
        }
    }

    /// The sign convention of the report at `place`, and the member for net amounts of its lines.
    fn style(&self, place: usize) -> (SignConvention, Option<&'static str>) {
        let mut rng = Rng::stream(self.seed, place as u64, 5 + self.open[place].closed);
        (rng.pick(&CONVENTIONS), rng.pick(&[Some("net_amount"), Some("amount"), None]))
    }

    fn close(&mut self, out: &mut JsonText, place: usize) {
        let (signs, net) = self.style(place);
        let closed = self.open[place].closed;
        let mut report = std::mem::take(&mut self.open[place]);
        self.open[place].closed = closed + 1;
        let mut rng = Rng::stream(self.seed, place as u64, 1000 + closed);
        if rng.chance(300) {
            // A fee without a payment.
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
        let (id, currency) = (rng.pair(), CURRENCIES[place / WEEKS].1.0);
        let paid = (END - (place % WEEKS) as i64 * 7 * DAY).max(END - 200 * DAY);
        self.write(out, id, currency, paid, totals, &report.lines);
        self.add_to_list(id, currency, paid, totals);
    }

    fn add_to_list(&mut self, id: (u64, u64), currency: &str, paid: Millis, totals: ReportTotals) {
        if self.listed == LISTED {
            return;
        }
        self.listed += 1;
        self.list.object(|out| {
            out.uuid_member("id", id);
            out.text_member("provider", "payout");
            out.text_member("payment_status", "paid");
            out.time_member("created_at", paid - HOUR);
            out.time_member("settled_at", paid - HOUR);
            out.array_member("amounts", [currency], |out, currency| out.object(|out| totals.write(out, currency)));
        });
    }

    /// Adds the report of a fault.
    pub fn add_faulty(&mut self, out: &mut JsonText, faulty: &FaultyReport) {
        let totals = ReportTotals { amount: faulty.amount, capture: faulty.capture, refund: 0, fee: faulty.fee };
        if faulty.listed {
            // Makes room in the list for a required entry, as the list is limited.
            self.listed = self.listed.min(LISTED - 1);
            self.add_to_list(faulty.id, "NOK", END - DAY, totals);
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
        self.write(out, faulty.id, "NOK", END - DAY, totals, &line);
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
        let mut line = JsonText::default();
        line.object(|out| {
            out.text_member("reference", "abonnement");
            out.int_member("fee", 9900);
            out.int_member("net_amount", -9900);
        });
        self.write(out, id, "NOK", END, totals, &line);
        self.add_to_list(id, "NOK", END, totals);
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

    fn write(
        &mut self,
        out: &mut JsonText,
        id: (u64, u64),
        currency: &str,
        paid: Millis,
        totals: ReportTotals,
        lines: &JsonText,
    ) {
        out.object(|out| {
            out.uuid_member("dintero_settlement_id", id);
            out.date_member("settlement_date", paid);
            out.date_member("date_from", paid - 9 * DAY);
            out.date_member("date_to", paid - 2 * DAY);
            totals.write(out, currency);
            out.array_member("transactions", [lines], |out, lines| out.bytes(&lines.0));
        });
        out.raw("\n");
        self.written += 1;
    }
}

impl ReportTotals {
    fn write(&self, out: &mut JsonText, currency: &str) {
        out.text_member("currency", currency);
        out.int_member("amount", self.amount);
        out.int_member("capture", self.capture);
        out.int_member("refund", self.refund);
        out.int_member("fee", self.fee);
    }
}
