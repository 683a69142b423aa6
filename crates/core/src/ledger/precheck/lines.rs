//! Prechecks lines: named twice or unknown, captured or refunded beyond what there was.

use super::super::{Event, Item, Ledger, Triggers};
use crate::model::event::EventKind;
use crate::model::money::Sum;
use crate::model::quantity::Quantity;

/// The lines of one transaction.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    lines: Vec<Line>,
    /// Most names are one letter: the number of the line plus one, by its letter; 0 for none.
    by_letter: [u16; 256],
    /// How many lines are the document's own.
    own: usize,
    hint: usize,
}

impl Default for Lines {
    fn default() -> Self {
        Lines { lines: Vec::new(), by_letter: [0; 256], own: 0, hint: 0 }
    }
}

/// One line. Amounts are 64-bit here; on overflow the precheck gives up.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// Index of the ledger's first item on it; `None` for the shipping option's line.
    item: Option<u32>,
    /// Its name if that is one letter.
    letter: Option<u8>,
    on_ledger: bool,
    amount: Option<i64>,
    captured: i64,
    refunded: i64,
    ordered: Option<i64>,
    taken: Option<i64>,
}

fn letter(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [letter] => Some(*letter),
        _ => None,
    }
}

/// Adds a quantity; the sum becomes `None` as soon as a part has none. Returns `None` on 64-bit
/// overflow.
fn add_quantity(sum: &mut Option<i64>, part: Option<Quantity>) -> Option<()> {
    if let Some(all) = *sum {
        *sum = match part {
            Some(Quantity(part)) => Some(all.checked_add(i64::try_from(part).ok()?)?),
            None => None,
        };
    }
    Some(())
}

pub(super) fn same(a: &str, b: &str) -> bool {
    // Names and ids mostly differ at the end, which is quicker to check than to call a comparison.
    // Many have one byte, which is compared already.
    a.len() == b.len() && a.as_bytes().last() == b.as_bytes().last() && (a.len() < 2 || a == b)
}

impl Lines {
    /// Takes the document's own items and its shipping option; returns the triggers and the sum of
    /// the items' amounts. `None` on 64-bit overflow.
    pub(super) fn begin(&mut self, ledger: &Ledger<'_>) -> Option<(Triggers, i64)> {
        for letter in self.lines.drain(..).filter_map(|line| line.letter) {
            self.by_letter[usize::from(letter)] = 0;
        }
        self.hint = 0;
        let (mut triggers, mut sum) = (Triggers::NONE, 0i64);
        let start = ledger.head.items.start;
        for (n, item) in (start..).zip(ledger.document_items()) {
            sum = sum.checked_add(item.amount.unwrap_or(0))?;
            let Some(name) = item.line else { continue };
            let known = self.find(ledger, name);
            triggers.note(known.is_some(), Triggers::LINES);
            let at = known.unwrap_or_else(|| self.add(Some(n), name, true));
            self.lines[at].own(item)?;
        }
        self.shipping(ledger)?;
        self.own = self.lines.len();
        Some((triggers, sum))
    }

    /// Takes the items of an effective capture or refund; returns the triggers and the sum of their
    /// amounts. `None` on 64-bit overflow.
    pub(super) fn moved(&mut self, ledger: &Ledger<'_>, event: &Event<'_>) -> Option<(Triggers, i64)> {
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
        }
        Some((triggers, sum))
    }

    /// The triggers of all lines, after the last event.
    pub(super) fn end(&self) -> Triggers {
        let mut triggers = Triggers::NONE;
        triggers.note(self.lines.iter().any(Line::is_overdrawn), Triggers::LINES);
        triggers
    }

    /// The sum of the ledger's lines; `None` if none has an amount.
    pub(super) fn sum(&self) -> Option<Sum> {
        let own = self.lines.iter().filter(|line| line.on_ledger);
        own.filter_map(|line| line.amount).map(Sum::from).reduce(|a, b| a + b)
    }

    /// The index of a line.
    #[inline(always)]
    fn find(&mut self, ledger: &Ledger<'_>, name: &str) -> Option<usize> {
        match letter(name) {
            Some(letter) => usize::from(self.by_letter[usize::from(letter)]).checked_sub(1),
            None => self.find_long(ledger, name),
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
        let (at, letter) = (self.lines.len(), letter(name));
        self.lines.push(Line { item, letter, on_ledger, ..Line::NEW });
        if let Some(letter) = letter {
            // There are fewer lines than a precheck takes items.
            self.by_letter[usize::from(letter)] = at as u16 + 1;
        }
        self.hint = at + 1;
        at
    }

    fn shipping(&mut self, ledger: &Ledger<'_>) -> Option<()> {
        let Some(shipping) = &ledger.head.shipping else { return Some(()) };
        let Some(name) = shipping.line.filter(|_| shipping.amount.is_some()) else { return Some(()) };
        // An item with the shipping option's line id replaces the option.
        if self.find(ledger, name).is_none() {
            let at = self.add(None, name, true);
            self.lines[at].own(shipping)?;
        }
        Some(())
    }
}

impl Line {
    const NEW: Line = Line {
        item: None,
        letter: None,
        on_ledger: false,
        amount: None,
        captured: 0,
        refunded: 0,
        ordered: Some(0),
        taken: Some(0),
    };

    /// Adds an item of the document, or its shipping option.
    fn own(&mut self, item: &Item<'_>) -> Option<()> {
        if let Some(amount) = item.amount {
            self.amount = Some(self.amount.unwrap_or(0).checked_add(amount)?);
        }
        add_quantity(&mut self.ordered, item.quantity)
    }

    fn name<'p>(&self, ledger: &Ledger<'p>) -> &'p str {
        let item = match self.item {
            Some(item) => Some(&ledger.items[item as usize]),
            None => ledger.head.shipping.as_ref(),
        };
        item.and_then(|item| item.line).unwrap_or_default()
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
        let names = ["", "1", "2", "11", "21", "211", "221", "ship", "whip"];
        for (a, b) in names.into_iter().flat_map(|a| names.map(|b| (a, b))) {
            assert_eq!(same(a, b), a == b, "{a} {b}");
        }
    }
}
