//! Prechecks lines: named twice or unknown, captured or refunded beyond what there was.

use crate::ledger::{Event, Item, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::money::Sum;
use crate::model::quantity::Quantity;

/// The lines of one transaction.
#[derive(Clone, Debug)]
pub struct Lines {
    lines: Vec<Line>,
    /// Most names are one letter: by it the transaction's number, and the number of the line.
    by_letter: [(u32, u16); 256],
    transaction: u32,
    /// How many lines are the document's own.
    own: usize,
    hint: usize,
    /// Whether one may be overdrawn.
    is_doubtful: bool,
    /// The sum of the ledger's lines; `None` if none has an amount.
    pub sum: Option<Sum>,
}

impl Default for Lines {
    fn default() -> Self {
        let by_letter = [(0, 0); 256];
        Lines { lines: Vec::new(), by_letter, transaction: 0, own: 0, hint: 0, is_doubtful: false, sum: None }
    }
}

/// One line. Amounts are 64-bit here; on overflow the precheck gives up.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Index of the ledger's first item on it; `None` for the shipping option's line.
    item: Option<u32>,
    on_ledger: bool,
    amount: Option<i64>,
    captured: i64,
    refunded: i64,
    ordered: Option<i64>,
    taken: Option<i64>,
}

/// Adds a quantity; the sum becomes `None` as soon as a part has none. Returns `None` on 64-bit
/// overflow.
#[inline(always)]
fn add_quantity(sum: &mut Option<i64>, part: Option<Quantity>) -> Option<()> {
    if let Some(all) = *sum {
        *sum = match part {
            Some(Quantity(part)) => Some(all.checked_add(i64::try_from(part).ok()?)?),
            None => None,
        };
    }
    Some(())
}

pub fn same(a: &str, b: &str) -> bool {
    // Names and ids mostly differ at the end, which is quicker to check than to call a comparison.
    a.len() == b.len()
        && match (a.as_bytes(), b.as_bytes()) {
            ([.., end], [.., other]) if a.len() < 8 => end == other && (a.len() < 2 || a == b),
            (a, b) => a.last_chunk::<8>() == b.last_chunk::<8>() && a == b,
        }
}

impl Lines {
    /// Takes the document's own items and its shipping option; returns the triggers and the sum of
    /// the items' amounts. `None` on 64-bit overflow.
    pub fn begin(&mut self, ledger: &Ledger<'_>) -> Option<(Triggers, i64)> {
        self.lines.clear();
        self.transaction = self.transaction.wrapping_add(1);
        if self.transaction == 0 {
            *self = Lines { transaction: 1, ..Lines::default() };
        }
        (self.hint, self.is_doubtful, self.sum) = (0, false, None);
        let (mut triggers, mut sum) = (Triggers::NONE, 0i64);
        let start = ledger.head.items.start;
        for (n, item) in (start..).zip(ledger.document_items()) {
            sum = sum.checked_add(item.amount.unwrap_or(0))?;
            if let (Some(gross), Some(discounts), Some(amount)) = (item.gross, item.discounts, item.amount) {
                triggers.note(Sum::from(gross) - discounts != Sum::from(amount), Triggers::ITEMS);
            }
            let Some(name) = item.line else { continue };
            let known = self.find(ledger, name);
            triggers.note(known.is_some(), Triggers::LINES);
            self.own(known, Some(n), name, item)?;
        }
        self.shipping(ledger)?;
        self.own = self.lines.len();
        Some((triggers, sum))
    }

    /// Adds an item of the document, or its shipping option, to a line or as a new one.
    #[inline(always)]
    fn own(&mut self, known: Option<usize>, number: Option<u32>, name: &str, item: &Item<'_>) -> Option<()> {
        let at = known.unwrap_or_else(|| self.add(number, name, true));
        let line = &mut self.lines[at];
        add_quantity(&mut line.ordered, item.quantity)?;
        if let Some(amount) = item.amount {
            line.amount = Some(line.amount.unwrap_or(0).checked_add(amount)?);
            self.sum = Some(self.sum.unwrap_or(0) + Sum::from(amount));
        }
        Some(())
    }

    /// Takes the items of an effective capture or refund; returns the triggers and the sum of their
    /// amounts. `None` on 64-bit overflow.
    pub fn moved(&mut self, ledger: &Ledger<'_>, event: &Event<'_>) -> Option<(Triggers, i64)> {
        self.hint = 0;
        let (mut triggers, mut sum) = (Triggers::NONE, 0i64);
        let is_capture = event.kind == EventKind::Capture;
        for (n, item) in (event.items.start..).zip(ledger.items(event.items)) {
            let amount = item.amount.unwrap_or(0);
            sum = sum.checked_add(amount)?;
            let Some(name) = item.line else { continue };
            let at = match self.find(ledger, name) {
                Some(at) => at,
                None => self.add(Some(n), name, false),
            };
            triggers.note(self.own > 0 && at >= self.own, Triggers::LINES);
            let line = &mut self.lines[at];
            if is_capture {
                line.captured = line.captured.checked_add(amount)?;
                add_quantity(&mut line.taken, item.quantity)?;
            } else {
                line.refunded = line.refunded.checked_add(amount)?;
            }
            self.is_doubtful |= !line.is_surely_covered();
        }
        Some((triggers, sum))
    }

    /// The triggers of all lines, after the last event.
    pub fn end(&self) -> Triggers {
        let mut triggers = Triggers::NONE;
        triggers.note(self.is_doubtful && self.lines.iter().any(Line::is_overdrawn), Triggers::LINES);
        triggers
    }

    /// The index of a line.
    #[inline(always)]
    fn find(&mut self, ledger: &Ledger<'_>, name: &str) -> Option<usize> {
        match name.as_bytes() {
            [letter] => {
                let (transaction, at) = self.by_letter[usize::from(*letter)];
                (transaction == self.transaction).then_some(usize::from(at))
            }
            _ => self.find_long(ledger, name),
        }
    }

    /// The index of a line whose name is not one letter. Events repeat the lines of the document in
    /// order, so the one after the last one found is tried first.
    #[inline(never)]
    fn find_long(&mut self, ledger: &Ledger<'_>, name: &str) -> Option<usize> {
        let is = |line: &Line| same(line.name(ledger), name);
        let at = match self.lines.get(self.hint) {
            Some(next) if is(next) => self.hint,
            _ => self.lines.iter().position(is)?,
        };
        self.hint = at + 1;
        Some(at)
    }

    /// Adds a line; returns its index.
    #[inline(always)]
    fn add(&mut self, item: Option<u32>, name: &str, on_ledger: bool) -> usize {
        let at = self.lines.len();
        self.lines.push(Line { item, on_ledger, ..Line::NEW });
        if let [letter] = name.as_bytes() {
            // There are fewer lines than a precheck takes items.
            self.by_letter[usize::from(*letter)] = (self.transaction, at as u16);
        }
        self.hint = at + 1;
        at
    }

    fn shipping(&mut self, ledger: &Ledger<'_>) -> Option<()> {
        let Some(shipping) = &ledger.head.shipping else { return Some(()) };
        let Some(name) = shipping.line.filter(|_| shipping.amount.is_some()) else { return Some(()) };
        // An item with the shipping option's line id replaces the option.
        if self.find(ledger, name).is_some() { Some(()) } else { self.own(None, None, name, shipping) }
    }
}

impl Line {
    const NEW: Line =
        Line { item: None, on_ledger: false, amount: None, captured: 0, refunded: 0, ordered: Some(0), taken: Some(0) };

    fn name<'p>(&self, ledger: &Ledger<'p>) -> &'p str {
        let item = match self.item {
            Some(item) => Some(&ledger.items[item as usize]),
            None => ledger.head.shipping.as_ref(),
        };
        item.and_then(|item| item.line).unwrap_or_default()
    }

    /// Whether it is not overdrawn, as most are; one that is not may lack what would tell.
    #[inline(always)]
    fn is_surely_covered(&self) -> bool {
        let (Some(amount), Some(ordered), Some(taken)) = (self.amount, self.ordered, self.taken) else { return false };
        let is_in = |part: i64, whole: i64| 0 <= part && part <= whole;
        self.on_ledger && is_in(self.captured, amount) && is_in(taken, ordered) && self.refunded <= self.captured
    }

    fn is_overdrawn(&self) -> bool {
        // As `beyond` without tolerance, in 64 bits.
        let over = |actual: i64, limit: i64| if limit >= 0 { actual > limit } else { actual < limit };
        let of_ledger = self.on_ledger
            && (self.amount.is_some_and(|amount| over(self.captured, amount))
                || self.ordered.zip(self.taken).is_some_and(|(ordered, taken)| over(taken, ordered)));
        of_ledger || over(self.refunded, self.captured)
    }
}

#[cfg(test)]
mod tests {
    use super::same;

    #[test]
    fn names_are_the_same_when_all_their_letters_are() {
        let long = ["a-shipping", "b-shipping", "a-shopping", "shipping", "shopping", "-shipping"];
        let names = ["", "1", "2", "11", "21", "211", "221", "ship", "whip"].into_iter().chain(long);
        for (a, b) in names.clone().flat_map(|a| names.clone().map(move |b| (a, b))) {
            assert_eq!(same(a, b), a == b, "{a} {b}");
        }
    }
}
