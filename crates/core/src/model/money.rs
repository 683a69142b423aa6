//! Money: minor units as stated are 64 bits; everything computed from them is 128 bits.
//!
//! Overflowing a 128-bit sum takes 2^64 amounts of 64 bits, more than any input can hold. Release
//! builds check arithmetic all the same.

/// An amount of minor units as a document states it.
pub type Minor = i64;

/// A computed amount of minor units.
pub type Sum = i128;

/// Whether `actual` exceeds a limit in the limit's own direction: above a non-negative limit, below
/// a negative one (lines of negative amount are legal).
pub fn beyond(actual: Sum, limit: Sum, tolerance: Sum) -> bool {
    if limit >= 0 { actual > limit + tolerance } else { actual < limit - tolerance }
}

/// The amount as 64 bits if it fits, for the integer columns of reports.
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
