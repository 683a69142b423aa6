//! Deterministic random numbers (splitmix64).
//!
//! There are two methods for a number below a bound, one per recipe. Both must stay unchanged: the
//! output of `avstem generate` for a seed never changes, and test reports cite seeds of colliding
//! worlds.

#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    pub fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// A generator for one purchase and purpose; a pure function of the three arguments.
    pub fn stream(seed: u64, index: u64, purpose: u64) -> Rng {
        let mut rng = Rng(seed ^ index.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) ^ purpose.rotate_left(48));
        // Neighbouring seeds and indices must give unrelated first numbers.
        rng.0 = rng.next_u64() ^ index;
        rng.next_u64();
        rng
    }

    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Two numbers, as a UUID needs.
    pub fn pair(&mut self) -> (u64, u64) {
        (self.next_u64(), self.next_u64())
    }
}

/// Bounds by multiplication, for realistic exports.
impl Rng {
    /// A number in `0..n`.
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next_u64()) * u128::from(n)) >> 64) as u64
    }

    /// A number in `low..=high`.
    pub fn range(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as u64) as i64
    }

    pub fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }

    /// Picks a value by weight; at least one weight must be above 0.
    pub fn weighted<'a, T>(&mut self, of: &'a [(u64, T)]) -> &'a T {
        let mut at = self.below(of.iter().map(|(weight, _)| weight).sum());
        for (weight, value) in of {
            if at < *weight {
                return value;
            }
            at -= weight;
        }
        &of[of.len() - 1].1
    }
}

/// Bounds by remainder, for colliding exports and random choices in tests.
impl Rng {
    /// A number in `0..sides`.
    pub fn roll(&mut self, sides: u64) -> u64 {
        self.next_u64() % sides
    }

    pub fn index(&mut self, length: usize) -> usize {
        self.roll(length as u64) as usize
    }

    /// True with probability 1/`times`.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.roll(times) == 0
    }

    pub fn one_of<'v, T>(&mut self, values: &'v [T]) -> &'v T {
        &values[self.index(values.len())]
    }

    pub fn word(&mut self, words: &[&'static str]) -> &'static str {
        words[self.index(words.len())]
    }

    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.index(at + 1));
        }
    }

    /// A list of 0 to `longest` elements.
    pub fn list<T>(&mut self, longest: u64, mut make: impl FnMut(&mut Rng) -> T) -> Vec<T> {
        (0..self.roll(longest + 1)).map(|_| make(self)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let first = |seed, index, purpose| Rng::stream(seed, index, purpose).next_u64();
        assert_eq!(first(1, 2, 3), first(1, 2, 3));
        let mut all: Vec<u64> =
            (0..20).flat_map(|s| (0..20).flat_map(move |i| (0..5).map(move |p| first(s, i, p)))).collect();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 2000);
    }

    #[test]
    fn numbers_stay_in_range_and_reach_its_ends() {
        let mut rng = Rng::stream(1, 1, 1);
        let drawn: Vec<i64> = (0..1000).map(|_| rng.range(-2, 2)).collect();
        assert!((-2..=2).all(|n| drawn.contains(&n)) && drawn.iter().all(|n| (-2..=2).contains(n)));
        assert!((0..1000).all(|_| *rng.weighted(&[(0, 'a'), (3, 'b')]) == 'b'));
    }
}
