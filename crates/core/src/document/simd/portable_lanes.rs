//! The portable version of `lanes`: eight bytes at a time in `u64` words.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks bytes below `limit`, which is at most 0x80. A marked byte borrows from the next higher
/// one, which may then be marked wrongly; the lowest mark is always right.
fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(ONES * u64::from(limit)) & !word
}

fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ (ONES * u64::from(byte)), 1)
}

fn lowest(chunk: &[u8; 16], marks: impl Fn(u64) -> u64) -> u32 {
    let (words, _) = chunk.as_chunks::<8>();
    for (n, word) in words.iter().enumerate() {
        let marks = marks(u64::from_le_bytes(*word)) & HIGHS;
        if marks != 0 {
            return 1 << (n as u32 * 8 + marks.trailing_zeros() / 8);
        }
    }
    0
}

/// Marks every byte that differs.
pub fn differing(one: &[u8; 16], other: &[u8; 16]) -> u32 {
    let words = |bytes: &[u8; 16]| u128::from_le_bytes(*bytes);
    let differs = words(one) ^ words(other);
    let marks = |word: u64| {
        let highs = (((word & !HIGHS) + !HIGHS) | word) & HIGHS;
        ((highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
    };
    marks(differs as u64) | marks((differs >> 64) as u64) << 8
}

pub fn special(chunk: &[u8; 16]) -> u32 {
    lowest(chunk, |word| equal(word, b'"') | equal(word, b'\\') | below(word, 0x20))
}

pub fn word_ends(chunk: &[u8; 16]) -> u32 {
    lowest(chunk, |word| equal(word, b',') | equal(word | (ONES * 0x20), b'}') | below(word, 0x21))
}

pub fn opens(chunk: &[u8; 16]) -> u32 {
    lowest(chunk, |word| equal(word, b'"') | equal(word | (ONES * 0x20), b'{'))
}
