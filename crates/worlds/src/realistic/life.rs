//! The course of one payment: its events in time, with the states, lines and shares that follow from them.

use super::basket::{share, stretch, take_back};
use super::random::Rng;
use super::wish::{Life, Wish};
use super::world::{DAY, END, Event, HOUR, Kind, MINUTE, Ms, SECOND, Sharing, Tx};

/// The last moment at which anything of a purchase happens, so that its documents are updated before the end.
const LAST: Ms = END - 10 * SECOND;

/// The state that the totals imply; where the rules accept several words, one of them.
pub fn status(amount: i64, captured: i64, refunded: i64, voided: bool) -> &'static str {
    match (captured, refunded) {
        (0, 0) if voided => "AUTHORIZATION_VOIDED",
        (0, 0) => "AUTHORIZED",
        (c, 0) if c < amount => "PARTIALLY_CAPTURED",
        (_, 0) => "CAPTURED",
        (c, _) if c < amount => "PARTIALLY_CAPTURED_REFUNDED",
        (c, r) if r < c => "PARTIALLY_REFUNDED",
        _ => "REFUNDED",
    }
}

/// A payment while its events happen.
struct Living<'a> {
    tx: &'a mut Tx,
    rng: &'a mut Rng,
    wish: &'a Wish,
    items: bool,
    clock: Ms,
    captured: i64,
    refunded: i64,
    released: i64,
    voided: bool,
    gift_left: i64,
    gift_taken: i64,
    /// What each seller has, where events name them.
    sellers: Vec<(u32, i64)>,
}

/// Lets a payment of this life happen, until it is over or time is.
pub fn unfold(tx: &mut Tx, rng: &mut Rng, wish: &Wish, life: Life, sharing: Sharing) {
    let items = sharing == Sharing::Lines || wish.items.unwrap_or_else(|| rng.chance(850));
    let sellers = if sharing == Sharing::Events {
        let first = rng.below(9000) as u32 * 10;
        (0..rng.range(2, 3) as u32).map(|k| (first + k, 0)).collect()
    } else {
        Vec::new()
    };
    let (clock, gift_left) = (tx.created, tx.gift_card);
    let zero = (0, 0, 0);
    let (captured, refunded, released) = zero;
    let mut living = Living {
        tx,
        rng,
        wish,
        items,
        clock,
        captured,
        refunded,
        released,
        voided: false,
        gift_left,
        gift_taken: 0,
        sellers,
    };
    living.begin(life);
    if living.tx.status == "AUTHORIZED" {
        living.go_on(life);
    }
}

impl Living<'_> {
    fn begin(&mut self, life: Life) {
        let first = if life == Life::OnHold { "ON_HOLD" } else { "INITIATED" };
        self.tx.events.push(Event::new(Kind::Initiate, self.clock, first, self.rng));
        self.clock += 5 * SECOND + self.rng.range(0, MINUTE);
        let (success, state) = match life {
            Life::Initiated | Life::OnHold => {
                self.tx.status = first;
                return;
            }
            Life::Declined => (false, "DECLINED"),
            Life::Failed => (false, "FAILED"),
            _ => (true, "AUTHORIZED"),
        };
        let mut event = Event::new(Kind::Authorize, self.clock, state, self.rng);
        event.success = success;
        event.amount = self.rng.chance(100).then_some(self.tx.amount);
        self.tx.events.push(event);
        self.tx.status = state;
    }

    fn go_on(&mut self, life: Life) {
        let amount = self.tx.amount;
        let part = (amount * self.rng.range(30, 80) / 100).max(1);
        let extended = self.tx.product.name == "klarna" && !self.wish.plain && self.rng.chance(60);
        if extended && let Some(at) = self.later(HOUR, DAY) {
            let event = Event::new(Kind::Authorize, at, "AUTHORIZED", self.rng);
            self.tx.events.push(event);
        }
        match life {
            Life::Voided => self.void(),
            Life::Captured(parts) => self.in_parts(Kind::Capture, amount, parts),
            Life::PartCaptured => self.in_parts(Kind::Capture, part, 1),
            Life::PartVoided => {
                self.in_parts(Kind::Capture, part, 1);
                if self.captured == part {
                    self.void();
                }
            }
            Life::Refunded(captures, refunds) => {
                self.in_parts(Kind::Capture, amount, captures);
                if self.captured == amount {
                    self.in_parts(Kind::Refund, amount, refunds);
                }
            }
            Life::PartRefunded(captures, refunds) => {
                self.in_parts(Kind::Capture, amount, captures);
                if self.captured == amount {
                    self.in_parts(Kind::Refund, part, refunds);
                }
            }
            Life::PartCapturedRefunded => {
                self.in_parts(Kind::Capture, part, 1);
                let back = (part * self.rng.range(20, 100) / 100).max(1);
                if self.captured == part {
                    self.in_parts(Kind::Refund, back, 1);
                }
            }
            _ => {}
        }
    }

    /// The time of the next event, so long after the last one; none when it is over by then.
    fn later(&mut self, least: Ms, most: Ms) -> Option<Ms> {
        let at = self.clock + self.rng.range(least, most);
        (at <= LAST).then(|| {
            self.clock = at;
            at
        })
    }

    fn in_parts(&mut self, kind: Kind, total: i64, parts: u8) {
        let mut left = total;
        for k in 1..=parts {
            let share = if k == parts { left } else { left * self.rng.range(25, 60) / 100 };
            if share <= 0 {
                continue;
            }
            if !self.operation(kind, share) {
                return;
            }
            left -= share;
        }
    }

    /// A capture or refund, with what goes before it; false when time was over first.
    fn operation(&mut self, kind: Kind, amount: i64) -> bool {
        // Equal operations within ten minutes would look like one done twice.
        let (least, most) = match kind {
            _ if self.wish.plain => (11 * MINUTE, 10 * HOUR),
            Kind::Capture => (11 * MINUTE, 16 * HOUR),
            _ => (6 * HOUR, 6 * DAY),
        };
        let Some(at) = self.later(least, most) else { return false };
        let tries = if self.wish.plain { 0 } else { self.rng.below(1000) };
        let (failed, asked) = ((1..=40).contains(&tries), (41..=100).contains(&tries));
        let request = (self.rng.next(), self.rng.next());
        let answered = if failed || asked { self.later(11 * MINUTE, 2 * HOUR) } else { Some(at) };
        if asked {
            let asking = if kind == Kind::Capture { Kind::InitiateCapture } else { Kind::InitiateRefund };
            let mut event = Event::new(asking, at, self.tx.status, self.rng);
            event.request = Some(request);
            self.tx.events.push(event);
        }
        // What was asked for less than two hours before the end may still be open; what failed is left out.
        let Some(done_at) = answered else { return false };
        let from = if kind == Kind::Capture { self.captured } else { self.refunded };
        if failed {
            let mut event = self.moving(kind, at, from, amount);
            (event.success, event.status) = (false, Some("FAILED"));
            self.tx.events.push(event);
        }
        let mut event = self.moving(kind, done_at, from, amount);
        event.answers = asked.then_some(request);
        self.share_out(&mut event, amount);
        if kind == Kind::Capture {
            self.captured += amount
        } else {
            self.refunded += amount
        }
        self.settle_state(event, failed);
        true
    }

    fn moving(&mut self, kind: Kind, at: Ms, from: i64, amount: i64) -> Event {
        let mut event = Event::new(kind, at, "", self.rng).of(amount);
        event.from = from;
        event.items = self.items.then(|| stretch(&self.tx.lines, from, amount));
        event
    }

    /// Sellers and gift card of an effective capture or refund.
    fn share_out(&mut self, event: &mut Event, amount: i64) {
        let capture = event.kind == Kind::Capture;
        if !self.sellers.is_empty() && capture {
            let names: Vec<u32> = self.sellers.iter().map(|(seller, _)| *seller).collect();
            event.splits = share(self.rng, &names, amount);
            for (have, (_, part)) in self.sellers.iter_mut().zip(&event.splits) {
                have.1 += part;
            }
            if self.rng.chance(500) {
                event.fee_to = names[..1].to_vec();
            }
        } else if !self.sellers.is_empty() {
            event.splits = take_back(&mut self.sellers, amount);
        }
        if capture {
            event.gift = self.gift_left.min(amount);
            self.gift_left -= event.gift;
            self.gift_taken += event.gift;
        } else {
            event.gift = self.gift_taken.min(amount);
            self.gift_taken -= event.gift;
        }
    }

    fn void(&mut self) {
        let Some(at) = self.later(11 * MINUTE, if self.wish.plain { 10 * HOUR } else { 2 * DAY }) else { return };
        let left = self.tx.amount - self.captured;
        let mut event = Event::new(Kind::Void, at, "", self.rng);
        event.amount = self.rng.chance(300).then_some(left);
        (self.voided, self.released, event.from) = (true, left, self.captured);
        self.settle_state(event, false);
    }

    /// The state after an effective event, and sometimes what the provider says is left.
    fn settle_state(&mut self, mut event: Event, repaired: bool) {
        self.tx.status = status(self.tx.amount, self.captured, self.refunded, self.voided);
        event.status = Some(self.tx.status);
        if repaired && self.rng.chance(300) {
            let open = self.tx.amount - self.captured - self.released;
            let voidable = if self.captured > 0 && !self.tx.product.voids_remainder { 0 } else { open };
            event.correction = Some((open, self.captured - self.refunded, voidable));
        }
        self.tx.events.push(event);
    }
}
