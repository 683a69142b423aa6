//! Faults. Each is added to a purchase made for it, so that all findings it causes are known.

mod amounts;
mod bank;
mod documents;
mod fault;
mod lines;
mod links;
mod own;
mod settlements;
mod splits;
mod states;
mod sums;

use fault::FaultKind;

/// The families of worlds without payouts come first.
static FAMILIES: [&[FaultKind]; 9] = [
    documents::ALL,
    amounts::ALL,
    lines::ALL,
    splits::ALL,
    states::ALL,
    links::ALL,
    sums::ALL,
    settlements::ALL,
    bank::ALL,
];

const WITHOUT_PAYOUTS: usize = 7;

/// The number of kinds of faults in a world with or without payouts.
pub fn count(payouts: bool) -> u64 {
    let families = if payouts { &FAMILIES[..] } else { &FAMILIES[..WITHOUT_PAYOUTS] };
    families.iter().map(|family| family.len() as u64).sum()
}

fn numbered(number: u64) -> Option<&'static FaultKind> {
    FAMILIES.iter().flat_map(|family| family.iter()).nth(number as usize)
}

/// The fault of the purchase `index`, if it has one. Faults are evenly spaced, and all kinds
/// alternate.
pub fn fault_of(seed: u64, index: u64, per_million: u32, payouts: bool) -> Option<&'static FaultKind> {
    let before = |index: u128| index * u128::from(per_million) / 1_000_000;
    let (this, next) = (before(u128::from(index)), before(u128::from(index) + 1));
    let turn = (this + u128::from(seed)) % u128::from(count(payouts));
    if next > this { numbered(turn as u64) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_can_be_put_in_and_names_its_rule_first() {
        for number in 0..count(true) {
            let fault = numbered(number).unwrap();
            for index in 0..50 {
                let purchase = fault.purchase(7, index);
                assert!(!purchase.truth.is_empty(), "{} {index}", fault.name);
            }
        }
    }

    #[test]
    fn names_are_unique_and_every_rule_has_a_fault() {
        let mut names: Vec<_> = (0..count(true)).filter_map(numbered).map(|f| f.name).collect();
        let mut rules: Vec<u16> = (0..count(true))
            .filter_map(numbered)
            .flat_map(|f| f.purchase(1, 1).truth.into_iter().map(|t| t.rule))
            .collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        rules.sort_unstable();
        rules.dedup();
        let families =
            [(1, 7), (101, 111), (201, 208), (301, 309), (401, 414), (501, 512), (601, 605), (701, 712), (801, 807)];
        let want: Vec<u16> = families.into_iter().flat_map(|(from, to)| from..=to).collect();
        assert_eq!(rules, want);
    }

    #[test]
    fn faults_take_turns() {
        let named =
            |seed, rate| (0..1000).filter_map(|i| fault_of(seed, i, rate, true)).map(|f| f.name).collect::<Vec<_>>();
        assert_eq!(named(1, 0).len(), 0);
        assert_eq!(named(1, 30_000).len(), 30);
        assert_eq!(named(1, 1_000_000).len(), 1000);
        let mut all = named(3, 1_000_000);
        all.truncate(count(true) as usize);
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len() as u64, count(true));
    }
}
