//! Questions about short texts, answered eight bytes at a time.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES * 0x80;

/// Combines the marks of words that together hold every byte, some of them twice.
#[inline(always)]
fn marks(bytes: &[u8], mark: impl Fn(u64) -> u64) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    if let Some(last) = bytes.last_chunk::<8>() {
        let of = |word: &[u8; 8]| mark(u64::from_le_bytes(*word));
        return words.iter().fold(of(last), |all, word| all | of(word));
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>(), bytes) {
        (Some(first), Some(last), _) => {
            mark(u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32)
        }
        (_, _, [first, .., last]) => {
            let middle = bytes[bytes.len() / 2];
            mark((ONES * u64::from(*first)) & !0xffff | u64::from(middle) << 8 | u64::from(*last))
        }
        (_, _, [only]) => mark(ONES * u64::from(*only)),
        _ => 0,
    }
}

/// Whether all bytes are ASCII.
#[inline]
pub fn is_ascii(bytes: &[u8]) -> bool {
    marks(bytes, |word| word) & HIGHS == 0
}

/// Whether all bytes are printable ASCII.
#[inline]
pub fn is_printable(bytes: &[u8]) -> bool {
    // A byte below the blank loses a carry to the next one, but is marked itself; so is DEL.
    marks(bytes, |word| word | word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES)) & HIGHS == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_seen_wherever_it_stands() {
        for length in 0..40 {
            let mut text = vec![b' '; length];
            assert!(is_ascii(&text) && is_printable(&text));
            for at in 0..length {
                for (byte, fill) in (0..=u8::MAX).flat_map(|byte| [b' ', b'~'].map(|fill| (byte, fill))) {
                    text.fill(fill);
                    text[at] = byte;
                    assert_eq!(is_ascii(&text), byte < 0x80, "{byte} at {at} of {length}");
                    assert_eq!(is_printable(&text), matches!(byte, b' '..=b'~'), "{byte} at {at} of {length}");
                }
            }
        }
    }
}
