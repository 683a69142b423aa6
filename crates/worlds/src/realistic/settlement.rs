//! Settlement reports, by currency and week, and the list of them.

use super::random::Rng;
use super::text::Text;
use super::world::*;

/// Weeks in which payments of a world can be settled.
const WEEKS: usize = 16;

/// A report is closed when its lines take more bytes than this.
const FULL: usize = 256 << 10;

/// The list names no more reports than this.
const LISTED: usize = 1000;

/// How a report writes refunds and fees.
#[derive(Clone, Copy)]
struct Signs {
    refund: i64,
    fee: i64,
}

/// The conventions that were met: as documented, refunds negative, both negative.
const SIGNS: [Signs; 3] = [Signs { refund: 1, fee: 1 }, Signs { refund: -1, fee: 1 }, Signs { refund: -1, fee: -1 }];

/// One report while its lines come in.
#[derive(Default)]
struct Pile {
    lines: Text,
    capture: i64,
    refund: i64,
    fee: i64,
    /// How many reports of this currency and week went before.
    closed: u64,
}

/// All reports of a world.
pub struct Settlements {
    seed: u64,
    piles: Vec<Pile>,
    list: Text,
    listed: usize,
    /// Reports written so far.
    pub written: u64,
}

impl Settlements {
    /// No reports yet.
    pub fn new(seed: u64) -> Self {
        let piles = (0..CURRENCIES.len() * WEEKS).map(|_| Pile::default()).collect();
        Settlements { seed, piles, list: Text::default(), listed: 0, written: 0 }
    }

    /// Puts the settled lines of a payment into their reports.
    pub fn add(&mut self, out: &mut Text, tx: &Tx, lines: &[Settled]) {
        let currency = CURRENCIES.iter().position(|(_, (code, _))| *code == tx.currency).unwrap_or(0);
        for line in lines {
            let week = usize::try_from((END - line.at) / (7 * DAY)).unwrap_or(0).min(WEEKS - 1);
            let place = currency * WEEKS + week;
            let (signs, net) = self.style(place);
            let pile = &mut self.piles[place];
            pile.capture += line.capture;
            pile.refund += line.refund;
            pile.fee += line.fee;
            let text = &mut pile.lines;
            text.s(if text.0.is_empty() { "{\"transaction_id\":\"" } else { ",{\"transaction_id\":\"" });
            text.bytes(tx.id.bytes());
            text.s("\",\"reference\":\"");
            text.bytes(tx.reference.bytes());
            text.s("\",\"payment_product_type\":\"");
            text.s(tx.product.kind);
            text.s("\",\"transaction_date\":");
            text.date(line.at - 2 * DAY);
            text.field(",\"capture\":", line.capture);
            text.field(",\"refund\":", signs.refund * line.refund);
            text.field(",\"fee\":", signs.fee * line.fee);
            if let Some(name) = net {
                text.field(name, line.capture - line.refund - line.fee);
            }
            text.s("}");
            if text.0.len() > FULL {
                self.close(out, place);
            }
        }
    }

    /// How the report at a place writes its numbers, and under which name its lines state their nets.
    fn style(&self, place: usize) -> (Signs, Option<&'static str>) {
        let mut rng = Rng::new(self.seed, place as u64, 5 + self.piles[place].closed);
        (rng.pick(&SIGNS), rng.pick(&[Some(",\"net_amount\":"), Some(",\"amount\":"), None]))
    }

    fn close(&mut self, out: &mut Text, place: usize) {
        let (signs, net) = self.style(place);
        let closed = self.piles[place].closed;
        let mut pile = std::mem::take(&mut self.piles[place]);
        self.piles[place].closed = closed + 1;
        let mut rng = Rng::new(self.seed, place as u64, 1000 + closed);
        if rng.chance(300) {
            // A fee that belongs to no payment.
            pile.fee += 9900;
            pile.lines.field(",{\"reference\":\"abonnement\",\"capture\":0,\"refund\":0,\"fee\":", signs.fee * 9900);
            if let Some(name) = net {
                pile.lines.field(name, -9900);
            }
            pile.lines.s("}");
        }
        let amounts =
            [pile.capture - pile.refund - pile.fee, pile.capture, signs.refund * pile.refund, signs.fee * pile.fee];
        let (id, currency) = ((rng.next(), rng.next()), CURRENCIES[place / WEEKS].1.0);
        let paid = (END - (place % WEEKS) as i64 * 7 * DAY).max(END - 200 * DAY);
        report(out, id, currency, paid, amounts, &pile.lines.0);
        self.written += 1;
        self.enlist(id, currency, paid, amounts);
    }

    fn enlist(&mut self, id: (u64, u64), currency: &str, paid: Ms, amounts: [i64; 4]) {
        if self.listed == LISTED {
            return;
        }
        self.listed += 1;
        let out = &mut self.list;
        out.s(if out.0.is_empty() { "{\"id\":\"" } else { ",{\"id\":\"" });
        out.uuid(id);
        out.s("\",\"provider\":\"payout\",\"payment_status\":\"paid\",\"created_at\":");
        out.time(paid - HOUR);
        out.s(",\"settled_at\":");
        out.time(paid - HOUR);
        out.s(",\"amounts\":[{\"currency\":\"");
        out.s(currency);
        totals(out, amounts);
        out.s("}]}");
    }

    /// Enters a report that a fault asks for.
    pub fn add_odd(&mut self, out: &mut Text, odd: &OddReport) {
        let amounts = [odd.amount, odd.capture, 0, odd.fee];
        if odd.listed {
            // What must be there stands before what may be left out.
            self.listed = self.listed.min(LISTED - 1);
            self.enlist(odd.id, "NOK", END - DAY, amounts);
            return;
        }
        let mut line = Text::default();
        line.s("{");
        if let Some(id) = odd.line_names {
            line.s("\"transaction_id\":\"");
            line.bytes(id.bytes());
            line.s("\",");
        }
        line.field("\"capture\":", odd.capture);
        line.field(",\"refund\":0,\"fee\":", odd.capture - odd.line_net);
        line.field(",\"net_amount\":", odd.line_net);
        line.s("}");
        report(out, odd.id, "NOK", END - DAY, amounts, &line.0);
        self.written += 1;
    }

    /// Closes all reports, adds the one that every world has, and gives the list of them.
    pub fn finish(&mut self, out: &mut Text) -> Text {
        for place in 0..self.piles.len() {
            if !self.piles[place].lines.0.is_empty() {
                self.close(out, place);
            }
        }
        let mut rng = Rng::new(self.seed, u64::MAX, 6);
        let (id, amounts) = ((rng.next(), rng.next()), [-9900, 0, 0, 9900]);
        report(out, id, "NOK", END, amounts, b"{\"reference\":\"abonnement\",\"fee\":9900,\"net_amount\":-9900}");
        self.written += 1;
        self.enlist(id, "NOK", END, amounts);
        let mut list = Text::default();
        list.s("{\"items\":[");
        list.bytes(&self.list.0);
        list.s("],\"last_evaluated_key\":{\"id\":\"");
        list.uuid(id);
        list.s("\",\"settled_at\":");
        list.time(END - HOUR);
        list.s("}}\n");
        list
    }
}

/// Amount, capture, refund and fee.
fn totals(out: &mut Text, [amount, capture, refund, fee]: [i64; 4]) {
    out.field("\",\"amount\":", amount);
    out.field(",\"capture\":", capture);
    out.field(",\"refund\":", refund);
    out.field(",\"fee\":", fee);
}

fn report(out: &mut Text, id: (u64, u64), currency: &str, paid: Ms, amounts: [i64; 4], lines: &[u8]) {
    out.s("{\"dintero_settlement_id\":\"");
    out.uuid(id);
    out.s("\",\"settlement_date\":");
    out.date(paid);
    out.s(",\"date_from\":");
    out.date(paid - 9 * DAY);
    out.s(",\"date_to\":");
    out.date(paid - 2 * DAY);
    out.s(",\"currency\":\"");
    out.s(currency);
    totals(out, amounts);
    out.s(",\"transactions\":[");
    out.bytes(lines);
    out.s("]}\n");
}
