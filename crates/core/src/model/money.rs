//! Money: minor units as stated are 64 bits; everything computed from them is 128 bits.
//!
//! A sum of 64-bit amounts would need 2^64 of them to leave 128 bits, more than any input can hold, so
//! no addition of ours can overflow. (Release builds check arithmetic all the same.)

/// An amount of minor units as a document states it.
pub type Minor = i64;

/// An amount of minor units as we compute it.
pub type Sum = i128;

/// More than the limit allows, in the limit's own direction: above a limit that is not negative,
/// below one that is (lines of negative amount are legal).
pub fn beyond(actual: Sum, limit: Sum, tolerance: Sum) -> bool {
    if limit >= 0 { actual > limit + tolerance } else { actual < limit - tolerance }
}

/// The amount as 64 bits where it fits, as the integer columns of reports need it.
pub fn minor(sum: Sum) -> Option<Minor> {
    Minor::try_from(sum).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_passed_in_its_own_direction() {
        assert!(beyond(101, 100, 0) && !beyond(100, 100, 0) && !beyond(101, 100, 1));
        assert!(beyond(-101, -100, 0) && !beyond(-100, -100, 0) && !beyond(5, -100, 0));
        assert!(beyond(1, 0, 0) && !beyond(-1, 0, 0));
    }

    #[test]
    fn a_tolerance_widens_a_limit_of_either_sign() {
        assert!(beyond(106, 100, 5) && !beyond(105, 100, 5));
        assert!(beyond(-106, -100, 5) && !beyond(-105, -100, 5));
    }

    #[test]
    fn what_fits_sixty_four_bits_is_the_same() {
        let most = Sum::from(Minor::MAX);
        assert_eq!([minor(7), minor(most), minor(most + 1)], [Some(7), Some(Minor::MAX), None]);
    }
}
