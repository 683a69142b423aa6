//! One purchase with all its documents; a pure function of seed, index and specification.
//!
//! Without a fault it causes no finding at [`END`]: open amounts are recent, old captures are
//! settled, and requests are answered.

use super::basket::{self, Basket};
use super::events::add_events;
use super::order;
use crate::realistic::model::*;
use crate::realistic::names::{DocumentId, MerchantReference};
use crate::realistic::payout::{OwnRecord, SettledLine};
use crate::realistic::spec::{Lifecycle, OrderSpec, PurchaseSpec};
use crate::rng::Rng;

/// Maximum age of an open authorization; the shortest window is 28 days.
const OPEN_FOR: Millis = 25 * DAY;
/// Maximum age of a payment on hold; the window is 7 days.
const HELD_FOR: Millis = 6 * DAY;
/// Age from which amounts are settled; the window is 14 days.
const SETTLED_AFTER: Millis = 5 * DAY;

pub fn draw(seed: u64, index: u64, spec: &PurchaseSpec) -> Purchase {
    let mut rng = Rng::stream(seed, index, 1);
    let (least, most) = spec.age.unwrap_or((2 * HOUR, DAYS * DAY));
    let age = rng.range(least, most);
    let account = Rng::stream(seed, rng.below(12).min(rng.below(12)), 2).below(90_000_000) + 10_000_000;
    let lifecycle = spec.lifecycle.unwrap_or_else(|| lifecycle_for_age(&mut rng, age));
    let splitting = spec.splitting.unwrap_or_else(|| *rng.weighted(&SPLITTINGS));
    let place = spec.currency.unwrap_or_else(|| *rng.weighted(&CURRENCY_WEIGHTS));
    let (currency, decimals) = CURRENCIES[place].1;
    let basket = basket::draw(&mut rng, spec, decimals, splitting);
    let lifecycle = if basket.whole_only { in_full(lifecycle) } else { lifecycle };
    let mut main = without_events(seed, index, account, END - age, &mut rng);
    main.product = spec.product.unwrap_or_else(|| product(&mut rng, spec, lifecycle, currency));
    main.currency = currency;
    add_lines(&mut main, basket, lifecycle);
    let card = splitting == Splitting::None && !std::ptr::eq(main.product, &EXTERNAL) && lifecycle != Lifecycle::Zero;
    if spec.gift.unwrap_or_else(|| card && rng.chance(30)) {
        main.gift_card = (main.amount * rng.range(10, 60) / 100).max(1);
    }
    if splitting != Splitting::None {
        main.platform = Some("marketplace");
    } else if rng.chance(100) {
        (main.platform, main.merchant_named) = (Some("aggregator"), true);
    }
    add_events(&mut main, &mut rng, spec, lifecycle, splitting);
    let settled = settlement_entries(&mut main, &mut rng, spec);
    (main.updated, main.version) = (main.last_at() + SECOND, main.events.len() as i64);
    let mut purchase = payment_only(index, main, settled);
    add_documents(seed, &mut purchase, &mut rng, spec);
    purchase
}

static SPLITTINGS: [(u64, Splitting); 3] = [(75, Splitting::None), (17, Splitting::OnEvents), (8, Splitting::OnLines)];

static CURRENCY_WEIGHTS: [(u64, usize); CURRENCIES.len()] = {
    let mut places = [(0, 0); CURRENCIES.len()];
    let mut n = 0;
    while n < places.len() {
        places[n] = (CURRENCIES[n].0, n);
        n += 1;
    }
    places
};

static LIFECYCLES: [(u64, Lifecycle); 17] = [
    (20, Lifecycle::Initiated),
    (5, Lifecycle::OnHold),
    (30, Lifecycle::Declined),
    (10, Lifecycle::Failed),
    (70, Lifecycle::Authorized),
    (60, Lifecycle::Voided),
    (420, Lifecycle::Captured(1)),
    (90, Lifecycle::Captured(2)),
    (50, Lifecycle::Captured(4)),
    (40, Lifecycle::PartCaptured),
    (35, Lifecycle::PartVoided),
    (60, Lifecycle::Refunded(1, 1)),
    (20, Lifecycle::Refunded(2, 2)),
    (50, Lifecycle::PartRefunded(1, 1)),
    (20, Lifecycle::PartRefunded(2, 3)),
    (15, Lifecycle::PartCapturedRefunded),
    (5, Lifecycle::Zero),
];

/// Draws a lifecycle that leaves nothing open for too long at this age.
fn lifecycle_for_age(rng: &mut Rng, age: Millis) -> Lifecycle {
    match *rng.weighted(&LIFECYCLES) {
        Lifecycle::OnHold if age > HELD_FOR => Lifecycle::Captured(1),
        Lifecycle::Authorized if age > OPEN_FOR => Lifecycle::Captured(1),
        Lifecycle::PartCaptured if age > OPEN_FOR => Lifecycle::Captured(2),
        lifecycle => lifecycle,
    }
}

/// Replaces the lifecycle of a payment whose lines can only be moved as a whole.
fn in_full(lifecycle: Lifecycle) -> Lifecycle {
    match lifecycle {
        Lifecycle::Captured(_) | Lifecycle::PartCaptured => Lifecycle::Captured(1),
        Lifecycle::PartVoided => Lifecycle::Voided,
        Lifecycle::Refunded(..) | Lifecycle::PartRefunded(..) | Lifecycle::PartCapturedRefunded => {
            Lifecycle::Refunded(1, 1)
        }
        lifecycle => lifecycle,
    }
}

fn product(rng: &mut Rng, spec: &PurchaseSpec, lifecycle: Lifecycle, currency: &str) -> &'static SoldProduct {
    let drawn = *rng.weighted(&PRODUCTS);
    match lifecycle {
        Lifecycle::Zero => &ZERO,
        Lifecycle::OnHold => &COLLECTOR,
        Lifecycle::Captured(_) if !spec.plain && rng.chance(6) => &EXTERNAL,
        Lifecycle::PartVoided if !drawn.voids_remainder => &CARD,
        _ if drawn.kind == "payex.swish" && currency != "SEK" => &CARD,
        _ => drawn,
    }
}

fn without_events(seed: u64, index: u64, account: u64, created: Millis, rng: &mut Rng) -> Payment {
    Payment {
        id: DocumentId::draw(b'P', account, rng),
        created,
        updated: created,
        version: 0,
        amount: 0,
        currency: "NOK",
        product: &CARD,
        status: "INITIATED",
        settlement_status: "NOT_SETTLED",
        reference: MerchantReference::new(seed, index, 0),
        session_id: DocumentId::draw(b'P', account, rng),
        lines: Vec::new(),
        shipping_in_items: false,
        gift_card: 0,
        events: Vec::with_capacity(8),
        platform: None,
        merchant_named: false,
    }
}

fn add_lines(payment: &mut Payment, basket: Basket, lifecycle: Lifecycle) {
    if lifecycle != Lifecycle::Zero {
        (payment.lines, payment.shipping_in_items) = (basket.lines, basket.shipping_in_items);
        payment.amount = payment.lines.iter().map(|l| l.amount).sum();
    }
}

/// Settles captures and refunds that are old enough.
fn settlement_entries(payment: &mut Payment, rng: &mut Rng, spec: &PurchaseSpec) -> Vec<SettledLine> {
    let mut lines = Vec::new();
    if !spec.settled || matches!(payment.product.kind, "dintero.zero" | "dintero.external") {
        return lines;
    }
    let mut all = true;
    for event in payment.events.iter_mut().filter(|event| event.moves_money()) {
        if event.at > END - SETTLED_AFTER {
            all = false;
            continue;
        }
        let amount = event.amount.unwrap_or(0) - event.gift;
        let (capture, refund) = if event.kind == EventType::Capture { (amount, 0) } else { (0, amount) };
        let at = event.at + 2 * DAY + rng.range(0, 2 * DAY);
        let fee = amount.abs() / 40 + rng.range(50, 300);
        event.own_record = Some(OwnRecord { settlement: None, line: lines.len(), capture, refund, fee });
        lines.push(SettledLine { capture, refund, fee, at });
    }
    if lines.len() > 1 && rng.chance(150) {
        let last = lines.iter().map(|l| l.at).max().unwrap_or(0);
        let sum = |of: fn(&SettledLine) -> i64| lines.iter().map(of).sum();
        lines =
            vec![SettledLine { capture: sum(|l| l.capture), refund: sum(|l| l.refund), fee: sum(|l| l.fee), at: last }];
        payment.events.iter_mut().filter_map(|event| event.own_record.as_mut()).for_each(|record| record.line = 0);
    }
    payment.settlement_status = match (lines.is_empty(), all) {
        (false, true) => "SETTLED",
        (false, false) => "PARTIALLY_SETTLED",
        (true, _) if payment.sum(EventType::Capture) > 0 && rng.chance(300) => "PENDING_SETTLEMENT",
        (true, _) => "NOT_SETTLED",
    };
    let paid = lines.iter().map(|l| l.at).max();
    if let Some(at) = paid.filter(|at| *at > payment.last_at() && rng.chance(100)) {
        let event = PaymentEvent::new(EventType::Settlement, at, payment.status, rng);
        payment.events.push(event);
    }
    lines
}

fn payment_only(index: u64, main: Payment, settled: Vec<SettledLine>) -> Purchase {
    Purchase {
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
        faulty_report: None,
        payouts: Vec::new(),
        credits: Vec::new(),
        account: None,
        truth: Vec::new(),
    }
}

/// Adds the documents related to the payment.
fn add_documents(seed: u64, purchase: &mut Purchase, rng: &mut Rng, spec: &PurchaseSpec) {
    if !spec.plain && rng.chance(50) && !spec.single {
        purchase.other = Some(declined_attempt(purchase, rng));
    }
    let order = spec.order.unwrap_or_else(|| if rng.chance(350) { OrderSpec::Linked } else { OrderSpec::None });
    purchase.order = match order {
        OrderSpec::None => None,
        OrderSpec::Linked => Some(order::linked(purchase, rng, spec)),
        OrderSpec::Unlinked => Some(order::unlinked(seed, purchase, rng)),
    };
    purchase.session = spec.session.unwrap_or_else(|| rng.chance(850)).then(|| session(&purchase.main, rng));
    if let Some(session) = &mut purchase.session {
        session.standalone = spec.plain || rng.chance(450);
        let released = purchase.main.last(EventType::Void).filter(|_| purchase.main.sum(EventType::Capture) == 0);
        if let Some(void) = released.filter(|_| !spec.plain && rng.chance(200)) {
            let at = purchase.main.events[void].at;
            (session.cancelled, session.updated) = (Some(at), at);
        }
    }
    if spec.plain {
        return;
    }
    if rng.chance(40) {
        purchase.abandoned = Some(abandoned(&purchase.main, rng));
    }
    if rng.chance(25) {
        purchase.copies.push(ExtraCopy::Duplicate);
    }
    let events = purchase.main.events.len();
    if events > 2 && rng.chance(40) {
        purchase.copies.push(ExtraCopy::Earlier(rng.range(2, events as i64 - 1) as usize));
    }
    purchase.order_copy = purchase.order.as_ref().is_some_and(|o| !o.operations_in_files) && rng.chance(20);
    purchase.webhook = rng.chance(80);
}

/// A declined payment for the same order, shortly before this one.
fn declined_attempt(purchase: &Purchase, rng: &mut Rng) -> Payment {
    let main = &purchase.main;
    let mut payment = main.clone();
    payment.id = main.id.another(rng);
    payment.session_id = main.id.another(rng);
    payment.created = main.created - rng.range(2 * MINUTE, 50 * MINUTE);
    let mut refused = PaymentEvent::new(EventType::Authorize, payment.created + 20 * SECOND, "DECLINED", rng);
    refused.success = false;
    payment.events = vec![PaymentEvent::new(EventType::Initiate, payment.created, "INITIATED", rng), refused];
    (payment.status, payment.settlement_status, payment.gift_card) = ("DECLINED", "NOT_SETTLED", 0);
    (payment.updated, payment.version) = (payment.last_at() + SECOND, 2);
    payment
}

fn session(payment: &Payment, rng: &mut Rng) -> CheckoutSession {
    CheckoutSession {
        id: payment.session_id,
        transaction: Some(payment.id),
        currency: payment.currency,
        amount: payment.amount,
        lines: payment.lines.clone(),
        reference: payment.reference,
        created: payment.created - rng.range(30 * SECOND, 10 * MINUTE),
        updated: payment.created + rng.range(SECOND, MINUTE),
        cancelled: None,
        standalone: true,
    }
}

/// A session that the payer abandoned.
fn abandoned(payment: &Payment, rng: &mut Rng) -> CheckoutSession {
    let mut left = session(payment, rng);
    left.id = payment.id.another(rng);
    left.transaction = None;
    left.created -= HOUR;
    left.updated = left.created + MINUTE;
    left
}

/// An unpaid session at the end of every world, so that even a small world is judged at [`END`].
pub fn closing_session(seed: u64) -> CheckoutSession {
    let purchase = draw(seed, u64::MAX, &PurchaseSpec::plain(Lifecycle::Captured(1)));
    let mut left = abandoned(&purchase.main, &mut Rng::stream(seed, u64::MAX, 3));
    (left.created, left.updated) = (END - 20 * MINUTE, END);
    left
}
