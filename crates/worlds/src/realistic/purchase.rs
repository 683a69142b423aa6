//! One purchase with all its documents, as a pure function of seed, index and what is wished for.
//!
//! Without a fault, nothing of it may cause a finding at [`END`]: what is open is recent, what is captured long ago is
//! settled, what was asked for is answered.

use super::basket::{self, Basket};
use super::life::unfold;
use super::orders;
use super::random::Rng;
use super::wish::{Life, OrderWish, Wish};
use super::world::*;

/// An authorization older than this is not left open: the shortest window is 28 days.
const OPEN_FOR: Ms = 25 * DAY;
/// A payment is not longer on hold than this: the window is 7 days.
const HELD_FOR: Ms = 6 * DAY;
/// What is older than this is settled: the window is 14 days.
const SETTLED_AFTER: Ms = 5 * DAY;

/// Draws a purchase.
pub fn draw(seed: u64, index: u64, wish: &Wish) -> Story {
    let mut rng = Rng::new(seed, index, 1);
    let (least, most) = wish.age.unwrap_or((2 * HOUR, DAYS * DAY));
    let age = rng.range(least, most);
    let account = Rng::new(seed, rng.below(12).min(rng.below(12)), 2).below(90_000_000) + 10_000_000;
    let life = wish.life.unwrap_or_else(|| course(&mut rng, age));
    let sharing = wish.sharing.unwrap_or_else(|| *rng.weighed(&SHARING));
    let place = wish.currency.unwrap_or_else(|| *rng.weighed(&PLACES));
    let (currency, decimals) = CURRENCIES[place].1;
    let basket = basket::draw(&mut rng, wish, decimals, sharing);
    let life = if basket.whole_only { wholly(life) } else { life };
    let mut main = payment(seed, index, account, END - age, &mut rng);
    main.product = wish.product.unwrap_or_else(|| product(&mut rng, wish, life, currency));
    main.currency = currency;
    fill(&mut main, basket, life);
    let card = sharing == Sharing::None && !std::ptr::eq(main.product, &EXTERNAL) && life != Life::Zero;
    if wish.gift.unwrap_or_else(|| card && rng.chance(30)) {
        main.gift_card = (main.amount * rng.range(10, 60) / 100).max(1);
    }
    if sharing != Sharing::None {
        main.platform = Some("marketplace");
    } else if rng.chance(100) {
        (main.platform, main.merchant_named) = (Some("aggregator"), true);
    }
    unfold(&mut main, &mut rng, wish, life, sharing);
    let settled = settle(&mut main, &mut rng, wish);
    (main.updated, main.version) = (main.last_at() + SECOND, main.events.len() as i64);
    let mut story = alone(index, main, settled);
    accompany(seed, &mut story, &mut rng, wish);
    story
}

static SHARING: [(u64, Sharing); 3] = [(75, Sharing::None), (17, Sharing::Events), (8, Sharing::Lines)];

static PLACES: [(u64, usize); CURRENCIES.len()] = {
    let mut places = [(0, 0); CURRENCIES.len()];
    let mut n = 0;
    while n < places.len() {
        places[n] = (CURRENCIES[n].0, n);
        n += 1;
    }
    places
};

static COURSES: [(u64, Life); 17] = [
    (20, Life::Initiated),
    (5, Life::OnHold),
    (30, Life::Declined),
    (10, Life::Failed),
    (70, Life::Authorized),
    (60, Life::Voided),
    (420, Life::Captured(1)),
    (90, Life::Captured(2)),
    (50, Life::Captured(4)),
    (40, Life::PartCaptured),
    (35, Life::PartVoided),
    (60, Life::Refunded(1, 1)),
    (20, Life::Refunded(2, 2)),
    (50, Life::PartRefunded(1, 1)),
    (20, Life::PartRefunded(2, 3)),
    (15, Life::PartCapturedRefunded),
    (5, Life::Zero),
];

/// A course that a payment of this age can have without standing still for too long.
fn course(rng: &mut Rng, age: Ms) -> Life {
    match *rng.weighed(&COURSES) {
        Life::OnHold if age > HELD_FOR => Life::Captured(1),
        Life::Authorized if age > OPEN_FOR => Life::Captured(1),
        Life::PartCaptured if age > OPEN_FOR => Life::Captured(2),
        life => life,
    }
}

/// The course of a payment whose lines can only be moved together.
fn wholly(life: Life) -> Life {
    match life {
        Life::Captured(_) | Life::PartCaptured => Life::Captured(1),
        Life::PartVoided => Life::Voided,
        Life::Refunded(..) | Life::PartRefunded(..) | Life::PartCapturedRefunded => Life::Refunded(1, 1),
        life => life,
    }
}

fn product(rng: &mut Rng, wish: &Wish, life: Life, currency: &str) -> &'static Product {
    let drawn = *rng.weighed(&PRODUCTS);
    match life {
        Life::Zero => &ZERO,
        Life::OnHold => &COLLECTOR,
        Life::Captured(_) if !wish.plain && rng.chance(6) => &EXTERNAL,
        Life::PartVoided if !drawn.voids_remainder => &CARD,
        _ if drawn.kind == "payex.swish" && currency != "SEK" => &CARD,
        _ => drawn,
    }
}

/// A payment of which nothing has happened yet.
pub fn payment(seed: u64, index: u64, account: u64, created: Ms, rng: &mut Rng) -> Tx {
    Tx {
        id: Id::draw(b'P', account, rng),
        created,
        updated: created,
        version: 0,
        amount: 0,
        currency: "NOK",
        product: &CARD,
        status: "INITIATED",
        settlement_status: "NOT_SETTLED",
        reference: Reference::new(seed, index, 0),
        session_id: Id::draw(b'P', account, rng),
        lines: Vec::new(),
        shipping_in_items: false,
        gift_card: 0,
        events: Vec::with_capacity(8),
        platform: None,
        merchant_named: false,
    }
}

fn fill(tx: &mut Tx, basket: Basket, life: Life) {
    if life != Life::Zero {
        (tx.lines, tx.shipping_in_items) = (basket.lines, basket.shipping_in_items);
        tx.amount = tx.lines.iter().map(|l| l.amount).sum();
    }
}

/// Lines of settlement reports for what was captured and refunded long enough ago.
fn settle(tx: &mut Tx, rng: &mut Rng, wish: &Wish) -> Vec<Settled> {
    let mut lines = Vec::new();
    if !wish.settled || matches!(tx.product.kind, "dintero.zero" | "dintero.external") {
        return lines;
    }
    let moved = |e: &&Event| e.success && matches!(e.kind, Kind::Capture | Kind::Refund);
    let mut all = true;
    for event in tx.events.iter().filter(moved) {
        if event.at > END - SETTLED_AFTER {
            all = false;
            continue;
        }
        let amount = event.amount.unwrap_or(0) - event.gift;
        let (capture, refund) = if event.kind == Kind::Capture { (amount, 0) } else { (0, amount) };
        let at = event.at + 2 * DAY + rng.range(0, 2 * DAY);
        lines.push(Settled { capture, refund, fee: amount.abs() / 40 + rng.range(50, 300), at });
    }
    if lines.len() > 1 && rng.chance(150) {
        let last = lines.iter().map(|l| l.at).max().unwrap_or(0);
        let sum = |of: fn(&Settled) -> i64| lines.iter().map(of).sum();
        lines = vec![Settled { capture: sum(|l| l.capture), refund: sum(|l| l.refund), fee: sum(|l| l.fee), at: last }];
    }
    tx.settlement_status = match (lines.is_empty(), all) {
        (false, true) => "SETTLED",
        (false, false) => "PARTIALLY_SETTLED",
        (true, _) if tx.sum(Kind::Capture) > 0 && rng.chance(300) => "PENDING_SETTLEMENT",
        (true, _) => "NOT_SETTLED",
    };
    let paid = lines.iter().map(|l| l.at).max();
    if let Some(at) = paid.filter(|at| *at > tx.last_at() && rng.chance(100)) {
        let event = Event::new(Kind::Settlement, at, tx.status, rng);
        tx.events.push(event);
    }
    lines
}

fn alone(index: u64, main: Tx, settled: Vec<Settled>) -> Story {
    Story {
        index,
        main,
        other: None,
        order: None,
        session: None,
        abandoned: None,
        settled,
        copies: Vec::new(),
        contradiction: None,
        order_copy: false,
        webhook: false,
        webhook_only: false,
        odd_report: None,
        truth: Vec::new(),
    }
}

/// The documents around a payment.
fn accompany(seed: u64, story: &mut Story, rng: &mut Rng, wish: &Wish) {
    if !wish.plain && rng.chance(50) && !wish.single {
        story.other = Some(declined_try(story, rng));
    }
    let order = wish.order.unwrap_or_else(|| if rng.chance(350) { OrderWish::Linked } else { OrderWish::None });
    story.order = match order {
        OrderWish::None => None,
        OrderWish::Linked => Some(orders::of(story, rng, wish)),
        OrderWish::Alone => Some(orders::unlinked(seed, story, rng)),
    };
    story.session = wish.session.unwrap_or_else(|| rng.chance(850)).then(|| session(&story.main, rng));
    if let Some(session) = &mut story.session {
        session.apart = wish.plain || rng.chance(450);
        let released = story.main.last(Kind::Void).filter(|_| story.main.sum(Kind::Capture) == 0);
        if let Some(void) = released.filter(|_| !wish.plain && rng.chance(200)) {
            let at = story.main.events[void].at;
            (session.cancelled, session.updated) = (Some(at), at);
        }
    }
    if wish.plain {
        return;
    }
    if rng.chance(40) {
        story.abandoned = Some(abandoned(&story.main, rng));
    }
    if rng.chance(25) {
        story.copies.push(Copy::Duplicate);
    }
    let events = story.main.events.len();
    if events > 2 && rng.chance(40) {
        story.copies.push(Copy::Earlier(rng.range(2, events as i64 - 1) as usize));
    }
    story.order_copy = story.order.as_ref().is_some_and(|o| !o.in_files) && rng.chance(20);
    story.webhook = rng.chance(80);
}

/// A declined payment for the same order, shortly before.
fn declined_try(story: &Story, rng: &mut Rng) -> Tx {
    let main = &story.main;
    let mut tx = main.clone();
    tx.id = another_id(&main.id, rng);
    tx.session_id = another_id(&main.id, rng);
    tx.created = main.created - rng.range(2 * MINUTE, 50 * MINUTE);
    let mut refused = Event::new(Kind::Authorize, tx.created + 20 * SECOND, "DECLINED", rng);
    refused.success = false;
    tx.events = vec![Event::new(Kind::Initiate, tx.created, "INITIATED", rng), refused];
    (tx.status, tx.settlement_status, tx.gift_card) = ("DECLINED", "NOT_SETTLED", 0);
    (tx.updated, tx.version) = (tx.last_at() + SECOND, 2);
    tx
}

/// Another id of the same account.
pub fn another_id(id: &Id, rng: &mut Rng) -> Id {
    let account = id.account()[1..].iter().fold(0, |n, digit| n * 10 + u64::from(digit - b'0'));
    Id::draw(id.account()[0], account, rng)
}

/// The session of a payment.
fn session(tx: &Tx, rng: &mut Rng) -> Session {
    Session {
        id: tx.session_id,
        transaction: Some(tx.id),
        currency: tx.currency,
        amount: tx.amount,
        lines: tx.lines.clone(),
        reference: tx.reference,
        created: tx.created - rng.range(30 * SECOND, 10 * MINUTE),
        updated: tx.created + rng.range(SECOND, MINUTE),
        cancelled: None,
        apart: true,
    }
}

/// A session that the payer left.
fn abandoned(tx: &Tx, rng: &mut Rng) -> Session {
    let mut left = session(tx, rng);
    left.id = another_id(&tx.id, rng);
    left.transaction = None;
    left.created -= HOUR;
    left.updated = left.created + MINUTE;
    left
}

/// The session, paid by nobody, that every world ends with, so that it is judged at [`END`] however small it is.
pub fn last_session(seed: u64) -> Session {
    let story = draw(seed, u64::MAX, &Wish::plain(Life::Captured(1)));
    let mut left = abandoned(&story.main, &mut Rng::new(seed, u64::MAX, 3));
    (left.created, left.updated) = (END - 20 * MINUTE, END);
    left
}
