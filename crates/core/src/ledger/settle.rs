//! Derives amounts, timeline, totals, and the totals of each line and destination from a ledger's
//! rows.

use super::{Event, Ledger, Running, Step, items_sum, tally};
use crate::model::event::EventKind;
use crate::model::money::Sum;

impl Ledger<'_> {
    pub fn settle(&mut self) {
        for event in &mut self.events {
            event.amount = match event.stated {
                Some(amount) => Some(Sum::from(amount)),
                None if event.items.is_empty() => None,
                None => Some(items_sum(&self.items[event.items.range()])),
            };
        }
        self.authorized = if self.is_order() {
            self.events.iter().filter(|e| e.is(EventKind::Authorize)).map(Event::sum).sum()
        } else {
            Sum::from(self.head.amount.unwrap_or(0))
        };
        self.head.has_seller = self.head.seller.is_some() || self.head.store_seller.is_some();
        self.order_timeline();
        self.run();
        tally::lines(self);
        tally::destinations(self);
    }

    fn order_timeline(&mut self) {
        self.steps.clear();
        let nothing = Running::default();
        self.steps.extend((0..self.events.len() as u32).map(|event| Step { event, before: nothing, after: nothing }));
        let events = &self.events;
        let time = |step: &Step| events[step.event as usize].time;
        if !self.steps.is_sorted_by_key(time) && events.iter().all(|e| e.time.is_some()) {
            self.steps.sort_by_key(time);
        }
    }

    fn run(&mut self) {
        let mut now = Running::default();
        for step in &mut self.steps {
            step.before = now;
            let event = &self.events[step.event as usize];
            if event.effective() {
                now.move_money(event.kind, event.sum(), self.authorized);
            }
            step.after = now;
        }
        self.totals = now;
    }
}
