//! The lines of a purchase, whose amounts sum to its total, and the parts of them that events move.

use crate::realistic::model::{PurchaseLine, Splitting};
use crate::realistic::names::LineName;
use crate::realistic::spec::PurchaseSpec;
use crate::rng::Rng;

pub struct Basket {
    /// If there is a rounding line or a shipping line, they come last, in this order.
    pub lines: Vec<PurchaseLine>,
    pub shipping_in_items: bool,
    /// There is a line with a negative amount, so events with lines can only move everything.
    pub whole_only: bool,
}

/// Draws the lines, in a currency with `decimals` decimals.
pub fn draw(rng: &mut Rng, spec: &PurchaseSpec, decimals: u8, splitting: Splitting) -> Basket {
    let count = rng.range(spec.min_items as i64, 5.max(spec.min_items as i64)) as u32;
    let mut prices = Rng::stream(rng.next_u64(), 0, 7);
    let sellers = rng.range(2, 3) as u64;
    let first = rng.below(99_000) as u32;
    let mut seller = |amount: i64| {
        (splitting == Splitting::OnLines).then(|| (first + rng.below(sellers) as u32, amount)).filter(|_| amount != 0)
    };
    let mut lines: Vec<PurchaseLine> = Vec::with_capacity(count as usize + 2);
    for number in 1..=count {
        let quantity = prices.range(1, 4);
        let amount = quantity * unit_price(&mut prices, decimals, spec.hundredfold);
        let discounted = !spec.plain && prices.chance(120);
        let off = discounted.then(|| prices.range(1, 90) * 100);
        let discount = off.map(|off| (amount + off, off));
        let split = seller(amount);
        lines.push(PurchaseLine { id: LineName::Number(number), amount, quantity: Some(quantity), discount, split });
    }
    let whole_only = !spec.plain && splitting == Splitting::None && decimals == 2 && prices.chance(30);
    if whole_only {
        let amount = -prices.range(1, 49);
        lines.push(PurchaseLine { id: LineName::Rounding, amount, quantity: Some(1), discount: None, split: None });
    }
    if spec.shipping && prices.chance(350) {
        let amount = if decimals == 0 { prices.range(300, 1900) } else { prices.range(1, 149) * 100 };
        let id = LineName::Shipping(prices.below(99_999) as u32);
        lines.push(PurchaseLine { id, amount, quantity: Some(1), discount: None, split: seller(amount) });
    }
    if decimals == 0 && !spec.hundredfold {
        make_uneven(&mut lines);
    }
    Basket { lines, shipping_in_items: prices.chance(300), whole_only }
}

fn unit_price(rng: &mut Rng, decimals: u8, hundredfold: bool) -> i64 {
    match (decimals, hundredfold) {
        (0, true) => rng.range(100, 9999) * 100,
        (0, false) => rng.range(90, 19_999),
        (3, _) => rng.range(100, 15_000) * 5,
        _ => rng.range(9, 1999) * 100 + if rng.chance(250) { 50 } else { 0 },
    }
}

/// In a currency without decimals, a total divisible by 100 would look a hundred times too large.
fn make_uneven(lines: &mut [PurchaseLine]) {
    let total: i64 = lines.iter().map(|l| l.amount).sum();
    if total % 100 == 0
        && let Some(line) = lines.first_mut()
    {
        line.amount += 7;
        line.quantity = Some(1);
        line.discount = line.discount.map(|(gross, off)| (gross + 7, off));
        line.split = line.split.map(|(seller, amount)| (seller, amount + 7));
    }
}

/// The range of `amount` after the first `skip` of the concatenated lines: whole lines, with
/// partial lines at both ends.
pub fn lines_between(lines: &[PurchaseLine], skip: i64, amount: i64) -> Vec<PurchaseLine> {
    let whole: i64 = lines.iter().map(|l| l.amount).sum();
    let plain = |l: &PurchaseLine| PurchaseLine { discount: None, ..l.clone() };
    if skip == 0 && amount == whole {
        return lines.iter().map(plain).collect();
    }
    let (mut at, mut out, end) = (0, Vec::new(), skip + amount);
    for line in lines.iter().filter(|l| l.amount > 0) {
        let (from, to) = (at.max(skip), (at + line.amount).min(end));
        if to > from {
            let unit = line.quantity.map_or(line.amount, |q| line.amount / q);
            let whole_units = (from - at) % unit == 0 && (to - at) % unit == 0;
            let part = to - from;
            out.push(PurchaseLine {
                id: line.id,
                amount: part,
                quantity: whole_units.then(|| part / unit),
                discount: None,
                split: line.split.map(|(seller, _)| (seller, part)),
            });
        }
        at += line.amount;
    }
    out
}

/// Splits an amount randomly between sellers; the last one gets the rest.
pub fn share(rng: &mut Rng, sellers: &[u32], amount: i64) -> Vec<(u32, i64)> {
    let mut left = amount;
    let mut out: Vec<(u32, i64)> = Vec::with_capacity(sellers.len());
    for (i, &seller) in sellers.iter().enumerate() {
        let part = if i + 1 == sellers.len() { left } else { left * rng.range(20, 60) / 100 };
        left -= part;
        out.push((seller, part));
    }
    out
}

/// Takes back an amount from sellers in proportion to their balances, never more than a balance.
pub fn refund_shares(balances: &mut [(u32, i64)], amount: i64) -> Vec<(u32, i64)> {
    let all: i64 = balances.iter().map(|(_, left)| left).sum();
    if all == 0 {
        return Vec::new();
    }
    let mut parts: Vec<(u32, i64)> = balances.iter().map(|&(seller, left)| (seller, left * amount / all)).collect();
    let mut rest = amount - parts.iter().map(|(_, part)| part).sum::<i64>();
    for (part, left) in parts.iter_mut().zip(balances) {
        let more = rest.min(left.1 - part.1);
        part.1 += more;
        rest -= more;
        left.1 -= part.1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::realistic::spec::Lifecycle;

    fn total(lines: &[PurchaseLine]) -> i64 {
        lines.iter().map(|l| l.amount).sum()
    }

    #[test]
    fn stretches_cut_the_row_without_a_gap() {
        for index in 0..200 {
            let mut rng = Rng::stream(1, index, 0);
            let basket = draw(&mut rng, &PurchaseSpec::plain(Lifecycle::Authorized).items(2), 2, Splitting::OnLines);
            let all = total(&basket.lines);
            let cut = rng.range(1, all - 1);
            let (first, second) = (lines_between(&basket.lines, 0, cut), lines_between(&basket.lines, cut, all - cut));
            assert_eq!((total(&first), total(&second)), (cut, all - cut));
            for line in &basket.lines {
                let of = |part: &[PurchaseLine]| part.iter().filter(|l| l.id == line.id).map(|l| l.amount).sum::<i64>();
                assert_eq!(of(&first) + of(&second), line.amount);
            }
            assert!(first.iter().all(|l| l.split.is_some_and(|(_, part)| part == l.amount)));
        }
    }

    #[test]
    fn currencies_without_decimals_are_not_round() {
        for index in 0..2000 {
            let mut rng = Rng::stream(2, index, 0);
            let basket = draw(&mut rng, &PurchaseSpec::ANY, 0, Splitting::None);
            assert_ne!(total(&basket.lines) % 100, 0);
            let round = draw(&mut rng, &PurchaseSpec::plain(Lifecycle::Authorized).hundredfold(5), 0, Splitting::None);
            assert!(round.lines.iter().all(|l| l.amount % 100 == 0));
        }
    }

    #[test]
    fn sellers_never_give_back_more_than_they_have() {
        let mut rng = Rng::stream(3, 0, 0);
        for _ in 0..500 {
            let amount = rng.range(10, 100_000);
            let mut balances = share(&mut rng, &[1, 2, 3], amount);
            let back = rng.range(1, amount);
            let parts = refund_shares(&mut balances, back);
            assert_eq!(parts.iter().map(|(_, part)| part).sum::<i64>(), back);
            assert!(balances.iter().all(|(_, left)| *left >= 0), "{balances:?}");
        }
    }
}
