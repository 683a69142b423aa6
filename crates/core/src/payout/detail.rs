//! What tells findings on one settlement id apart.

/// The detail of a finding on a payout: an id may have a payout of each provider and currency.
pub fn detail(namespace: &str, currency: &str, told: &str) -> String {
    let mut text = format!("{namespace} {currency}");
    if !told.is_empty() {
        text.push(' ');
        text.push_str(told);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_detail_ends_in_what_is_told_if_anything_is() {
        assert_eq!(detail("dintero", "NOK", ""), "dintero NOK");
        assert_eq!(detail("dintero", "NOK", "*7890~0a1b/7"), "dintero NOK *7890~0a1b/7");
    }
}
