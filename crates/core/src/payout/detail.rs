//! What tells findings on one settlement id apart.

/// The detail of a finding on a payout: an id may have a payout of each provider and currency.
pub fn detail(namespace: &str, currency: &str, told: &str) -> String {
    let parts = [namespace, currency, told].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_ends_in_what_is_told_if_anything_is() {
        assert_eq!(detail("dintero", "NOK", ""), "dintero NOK");
        assert_eq!(detail("dintero", "", "currency"), "dintero currency");
        assert_eq!(detail("dintero", "NOK", "*7890~0a1b/7"), "dintero NOK *7890~0a1b/7");
    }
}
