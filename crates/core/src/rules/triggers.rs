//! Tests on small random transactions: the precheck must show a trigger of every check that fires,
//! and compute the same figures as the settled ledger.

use std::collections::BTreeSet;

use super::{CATALOGUE, Check, Checks, Cx, prechecker};
use crate::ledger::{
    Event, EventSettlements, Figures, GiftCard, Item, Ledger, Precheck, Settled, SettlementEntry, Span, Split,
    TransactionFacts, Triggers,
};
use crate::model::card::Kind;
use crate::model::event::{EventKind, EventList};
use crate::model::instant::Instant;
use crate::model::money::Sum;
use crate::model::origin::Origin;
use crate::model::product::{PaymentProduct, Platform};
use crate::model::quantity::Quantity;
use crate::model::settings::{Facts, Settings};
use crate::model::status::{PaymentStatus, SettlementStatus, Status};

const ROUNDS: u64 = 50_000;

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) % end
    }

    fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, values: &[T]) -> T {
        values[self.below(values.len() as u64) as usize]
    }

    fn some_of<T: Copy>(&mut self, values: &[T]) -> Option<T> {
        (!self.one_in(4)).then(|| self.of(values))
    }
}

const AMOUNTS: [i64; 10] = [10, 10, 20, 20, 30, 100, 0, -10, 60, 10_000];
const LINES: [&str; 4] = ["1", "2", "3", "ship"];
const SELLERS: [&str; 3] = ["a", "b", "c"];

fn splits(random: &mut Random, ledger: &mut Ledger<'_>) -> Span {
    let start = ledger.splits.len() as u32;
    for _ in 0..if random.one_in(3) { random.below(3) } else { 0 } {
        ledger.splits.push(Split { destination: random.of(&SELLERS), amount: random.of(&AMOUNTS) });
    }
    Span { start, end: ledger.splits.len() as u32 }
}

fn fees(random: &mut Random, ledger: &mut Ledger<'_>) -> Span {
    let start = ledger.fees.len() as u32;
    for _ in 0..if random.one_in(4) { 1 } else { 0 } {
        ledger.fees.push(random.of(&SELLERS));
    }
    Span { start, end: ledger.fees.len() as u32 }
}

fn cards(random: &mut Random, ledger: &mut Ledger<'_>) -> Span {
    let start = ledger.cards.len() as u32;
    for _ in 0..if random.one_in(6) { 1 } else { 0 } {
        ledger.cards.push(GiftCard { card: Some("card"), amount: Some(random.of(&AMOUNTS)) });
    }
    Span { start, end: ledger.cards.len() as u32 }
}

fn settlements(random: &mut Random, ledger: &mut Ledger<'static>) -> EventSettlements<'static> {
    let start = ledger.entries.len() as u32;
    for _ in 0..random.below(3) {
        let [amount, capture, refund, fee] = [(); 4].map(|()| random.some_of(&AMOUNTS));
        ledger.entries.push(SettlementEntry { settlement: "e", amount, capture, refund, fee, ..Default::default() });
    }
    let status = random.some_of(&[SettlementStatus::Whole, SettlementStatus::InPart]);
    EventSettlements { word: None, status, entries: Span { start, end: ledger.entries.len() as u32 } }
}

fn item(random: &mut Random, ledger: &mut Ledger<'static>, simple: bool) -> Item<'static> {
    let amount = random.some_of(&AMOUNTS);
    let mut item = Item { line: random.some_of(&LINES), amount, ..Item::default() };
    item.quantity = random.some_of(&[1, 2, 1, 2, -1]).map(|whole| Quantity(whole * 1_000_000_000));
    if !simple {
        item.gross = random.some_of(&AMOUNTS);
        item.discounts = random.some_of(&[0, 10]);
        item.splits = splits(random, ledger);
        item.fees = fees(random, ledger);
    }
    item
}

fn items(random: &mut Random, ledger: &mut Ledger<'static>, simple: bool) -> Span {
    let start = ledger.items.len() as u32;
    for _ in 0..random.below(4) {
        let item = item(random, ledger, simple);
        ledger.items.push(item);
    }
    Span { start, end: ledger.items.len() as u32 }
}

fn event(random: &mut Random, ledger: &mut Ledger<'static>, place: u32, simple: bool) {
    use EventKind::*;
    let mut event = Event::empty(EventList::Events, place, Origin::default());
    let kinds = [Authorize, Capture, Capture, Refund, Void, Initialize, InitiateCapture, Other];
    event.kind = random.of(&kinds[..if simple { 6 } else { 8 }]);
    event.success = random.some_of(&[Some(true), Some(true), Some(true), Some(false)]).flatten();
    event.stated = random.some_of(&AMOUNTS);
    event.status = random.some_of(&[Status::Authorized, Status::Captured, Status::PartiallyCaptured, Status::Refunded]);
    let mostly = if simple { i64::from(place) * 3600 } else { random.below(3) as i64 * 500 };
    event.time = (!random.one_in(12)).then_some(Instant { seconds: mostly, nanos: 0 });
    if random.one_in(3) {
        event.items = items(random, ledger, simple);
    }
    if !simple {
        event.id = random.some_of(&["x", "y", "z"]);
        event.request_id = random.some_of(&["r", "s"]);
        event.correlation_request_id = random.some_of(&["r", "s"]);
        event.correction[random.below(3) as usize] = random.some_of(&AMOUNTS).filter(|_| place.is_multiple_of(3));
        event.splits = splits(random, ledger);
        event.fees = fees(random, ledger);
        event.cards = cards(random, ledger);
    }
    if random.one_in(4) {
        event.settlements = settlements(random, ledger);
    }
    ledger.events.push(event);
}

/// Fills a ledger with a random transaction; half are simple, so that many show no trigger.
fn fill(random: &mut Random, ledger: &mut Ledger<'static>) {
    use Status::*;
    ledger.clear(Kind::Transaction);
    let simple = random.one_in(2);
    let statuses = [Captured, Authorized, PartiallyCaptured, Refunded, Failed, Initiated, OnHold];
    ledger.head.amount = random.some_of(if simple { &[10, 30] } else { &[10, 20, 30, 100, 0, -10, 10_000] });
    ledger.head.currency = Some(if simple { "NOK" } else { random.of(&["NOK", "ISK", "nok"]) });
    ledger.head.status = random.some_of(&statuses);
    ledger.head.product.voids_remainder = random.one_in(2);
    if !simple && random.one_in(2) {
        ledger.head.platform = Platform::OfSellers;
    }
    ledger.head.seller = random.some_of(&SELLERS);
    ledger.head.created_at = random.some_of(&[Instant { seconds: 0, nanos: 0 }]);
    ledger.head.items = items(random, ledger, simple);
    ledger.head.shipping = random.one_in(3).then(|| item(random, ledger, simple));
    ledger.head.cards = if simple { Span::default() } else { cards(random, ledger) };
    for place in 0..random.below(5) as u32 {
        event(random, ledger, place, simple);
    }
}

#[test]
fn precheck_triggers_every_firing_rule() {
    let mut random = Random(0x5EED);
    let settings = Settings::default();
    let facts = Facts { as_of: Some(Instant { seconds: 1 << 40, nanos: 0 }), ..Facts::default() };
    let (mut ledger, mut precheck, mut moves) = (Ledger::new(), Precheck::default(), Vec::new());
    let mut prechecker = prechecker();
    let (mut quiet, mut fired) = (0, BTreeSet::new());
    for round in 0..ROUNDS {
        fill(&mut random, &mut ledger);
        prechecker(&ledger, &mut precheck);
        ledger.settle();
        if !precheck.triggers.has(Triggers::UNREAD) {
            assert_eq!(precheck.figures, Figures::of(&ledger, &mut moves), "round {round}: {ledger:#?}");
            assert_eq!(precheck.moves, moves, "round {round}");
        }
        quiet += u64::from(precheck.triggers.without(Triggers::OF_ROW) == Triggers::NONE);
        for rule in CATALOGUE {
            for check in rule.checks {
                let Check::Ledger(triggers, check) = check else { continue };
                let mut hits = Vec::new();
                check(&ledger, &mut Cx { settings: &settings, facts: &facts, card: rule.card, hits: &mut hits });
                if !hits.is_empty() && !precheck.triggers.has(Triggers::UNREAD) {
                    fired.insert(rule.card.name);
                    let seen = precheck.triggers;
                    assert!(seen.has(*triggers), "round {round}: {} fires on {seen:?}: {ledger:#?}", rule.card.name);
                }
            }
        }
    }
    assert!(quiet > ROUNDS / 100, "only {quiet} were quiet");
    let judged = CATALOGUE.iter().filter(|rule| rule.checks.iter().any(|check| matches!(check, Check::Ledger(..))));
    // The precheck gives up on events that are not in the order of time.
    let never = judged.map(|rule| rule.card.name).filter(|name| !fired.contains(name)).collect::<Vec<_>>();
    assert_eq!(never, ["events-out-of-order"]);
}

/// Fills a ledger with a random order.
fn fill_order(random: &mut Random, ledger: &mut Ledger<'static>) {
    ledger.clear(Kind::Order);
    ledger.head.has_document = true;
    ledger.head.currency = Some(random.of(&["NOK", "ISK", "nok"]));
    ledger.head.payment_status = random.some_of(&PaymentStatus::ALL);
    ledger.head.gross = random.some_of(&AMOUNTS);
    ledger.head.given = [(); 4].map(|()| !random.one_in(4));
    for (list, given) in EventList::COLLECTIONS.into_iter().zip(ledger.head.given) {
        for place in 0..if given { random.below(3) as u32 } else { 0 } {
            let mut event = Event::empty(list, place, Origin::default());
            event.kind = list.kind();
            event.success = random.some_of(&[Some(true), Some(false)]).flatten();
            event.stated = random.some_of(&AMOUNTS);
            event.time = random.some_of(&[0, 300]).map(|seconds| Instant { seconds, nanos: 0 });
            event.id = random.some_of(&["x", "y"]);
            event.authorization_id = random.some_of(&["x", "z"]);
            event.items = items(random, ledger, false);
            ledger.events.push(event);
        }
    }
    ledger.fees.clear();
    for item in &mut ledger.items {
        item.fees = Span::default();
    }
}

#[test]
fn a_rule_speaks_of_an_order_only_if_its_card_says_so() {
    let mut random = Random(0x5EED);
    let settings = Settings::default();
    let facts = Facts { as_of: Some(Instant { seconds: 1 << 40, nanos: 0 }), ..Facts::default() };
    let (mut ledger, mut fired) = (Ledger::new(), BTreeSet::new());
    for round in 0..ROUNDS / 10 {
        fill_order(&mut random, &mut ledger);
        ledger.settle();
        for rule in CATALOGUE {
            let mut hits = Vec::new();
            let mut cx = Cx { settings: &settings, facts: &facts, card: rule.card, hits: &mut hits };
            for check in rule.checks {
                if let Check::Ledger(_, check) | Check::Order(check) = check {
                    check(&ledger, &mut cx);
                }
            }
            if !hits.is_empty() {
                assert!(rule.card.subjects.contains(&Kind::Order), "round {round}: {}: {ledger:#?}", rule.card.name);
                fired.insert(rule.card.name);
            }
        }
    }
    let of_orders = CATALOGUE.iter().filter(|rule| {
        let judges = |check: &Check| matches!(check, Check::Ledger(..) | Check::Order(_));
        rule.card.subjects.contains(&Kind::Order) && rule.checks.iter().any(judges)
    });
    let never: Vec<_> = of_orders.map(|rule| rule.card.name).filter(|name| !fired.contains(name)).collect();
    assert_eq!(never, [""; 0]);
}

#[test]
fn without_reports_no_rule_on_settling_fires_but_on_a_status_without_captures() {
    let mut random = Random(0x5EED);
    let settings = Settings::default();
    const STATUSES: [SettlementStatus; 4] =
        [SettlementStatus::Not, SettlementStatus::Pending, SettlementStatus::InPart, SettlementStatus::Whole];
    let whole = Facts { as_of: Some(Instant { seconds: 1 << 40, nanos: 0 }), ..Facts::default() };
    let mut fired = 0;
    for _ in 0..1000 {
        let amounts = [(); 4].map(|()| Sum::from(random.of(&AMOUNTS)));
        let transaction = TransactionFacts {
            authorized: amounts[0],
            captured: amounts[1],
            refunded: amounts[2],
            released: amounts[3],
            last_capture: random.some_of(&[(0, Some(Instant { seconds: 0, nanos: 0 }))]),
            ..TransactionFacts::default()
        };
        let product_of: fn(&str) -> PaymentProduct<'_> = match random.one_in(2) {
            true => |_| PaymentProduct { settles_elsewhere: true, ..PaymentProduct::default() },
            false => |_| PaymentProduct::default(),
        };
        let settled = Settled {
            transaction: &transaction,
            status: random.some_of(&STATUSES),
            product_of,
            lines: 0,
            captured: 0,
            refunded: 0,
            names_settlements: random.one_in(2),
        };
        let mut hits = Vec::new();
        for (card, check) in &Checks::new(&settings).settled {
            check(&settled, &mut Cx { settings: &settings, facts: &whole, card, hits: &mut hits });
        }
        fired += hits.len();
        assert!(hits.is_empty() || (settled.status.is_some() && transaction.captured == 0));
    }
    assert!(fired > 0);
}
