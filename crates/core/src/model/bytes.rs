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

/// Both halves of a text as long as most ids, which may overlap. What is folded over all pairs is compiled to a few vector
/// instructions.
#[inline(always)]
fn halves(bytes: &[u8]) -> Option<impl Iterator<Item = (&u8, &u8)>> {
    let (first, last) = (bytes.first_chunk::<16>()?, bytes.last_chunk::<16>()?);
    (bytes.len() <= 32).then(|| first.iter().zip(last))
}

/// Whether all bytes are ASCII.
#[inline]
pub fn is_ascii(bytes: &[u8]) -> bool {
    if let Some(halves) = halves(bytes) {
        return halves.fold(true, |all, (one, other)| all & ((one | other) < 0x80));
    }
    marks(bytes, |word| word) & HIGHS == 0
}

/// Whether all bytes are printable ASCII.
#[inline]
pub fn is_printable(bytes: &[u8]) -> bool {
    if let Some(halves) = halves(bytes) {
        let above = |byte: &u8| byte.wrapping_sub(b' ');
        return halves.fold(true, |all, (one, other)| all & (above(one).max(above(other)) <= b'~' - b' '));
    }
    // A byte below the blank loses a carry to the next one, but is marked itself; so is DEL.
    marks(bytes, |word| word | word.wrapping_sub(ONES * 0x20) | word.wrapping_add(ONES)) & HIGHS == 0
}

/// Whether one of these bytes is among them.
#[inline]
pub fn has_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> bool {
    let mark = |word: u64| {
        wanted.iter().fold(0, |found, byte| {
            // A byte that is zero now is marked; above it, where it lost a carry, others may be.
            let other = word ^ (ONES * u64::from(*byte));
            found | (other.wrapping_sub(ONES) & !other)
        })
    };
    marks(bytes, mark) & HIGHS != 0
}

/// How many bytes two texts begin with alike.
#[inline]
pub fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    common_prefix_of((prefix(one), one), (prefix(other), other))
}

/// The same of texts behind their [`prefix`]es.
#[inline]
pub fn common_prefix_of((a, one): (u128, &[u8]), (b, other): (u128, &[u8])) -> usize {
    let alike = ((a ^ b).leading_zeros() / 8) as usize;
    if alike < 16 { alike.min(one.len()).min(other.len()) } else { long_common_prefix(one, other) }
}

fn long_common_prefix(one: &[u8], other: &[u8]) -> usize {
    let ((a, _), (b, _)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        let differ = u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b);
        if differ != 0 {
            return 8 * at + (differ.trailing_zeros() / 8) as usize;
        }
    }
    let from = 8 * a.len().min(b.len());
    from + one[from..].iter().zip(&other[from..]).take_while(|(a, b)| a == b).count()
}

/// The first 16 bytes as a number, with zeros for those that are not there. Texts compare as their
/// numbers do, unless these are equal.
#[inline]
pub fn prefix(bytes: &[u8]) -> u128 {
    if let Some(first) = bytes.first_chunk::<16>() {
        return u128::from_be_bytes(*first);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
        let behind = u64::from_be_bytes(*last).checked_shl(8 * (16 - bytes.len() as u32)).unwrap_or(0);
        return u128::from(u64::from_be_bytes(*first)) << 64 | u128::from(behind);
    }
    match (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        (Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|four| u64::from(u32::from_be_bytes(*four)));
            u128::from(first << 32 | last << (8 * (8 - bytes.len()))) << 64
        }
        _ => bytes.iter().rev().fold(0, |number, byte| number >> 8 | u128::from(*byte) << 120),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_compare_as_their_texts_do() {
        let text: Vec<u8> = (1..=40).map(|byte| byte * 6).collect();
        for length in 0..40 {
            let mut padded = [0; 16];
            let first = &text[..length.min(16)];
            padded[..first.len()].copy_from_slice(first);
            assert_eq!(prefix(&text[..length]), u128::from_be_bytes(padded), "{length}");
        }
    }

    #[test]
    fn a_common_prefix_ends_at_the_first_difference() {
        let text: Vec<u8> = (0..40).collect();
        for (length, other) in (0..40).flat_map(|length| (0..40).map(move |other| (length, other))) {
            assert_eq!(common_prefix(&text[..length], &text[..other]), length.min(other));
            let mut changed = text[..length].to_vec();
            if let Some(byte) = changed.get_mut(other) {
                *byte ^= 0x80;
                assert_eq!(common_prefix(&changed, &text), other);
            }
        }
    }

    #[test]
    fn every_byte_is_seen_wherever_it_stands() {
        for length in 0..40 {
            let mut text = vec![b' '; length];
            assert!(is_ascii(&text) && is_printable(&text));
            for at in 0..length {
                for (byte, fill) in (0..=u8::MAX).flat_map(|byte| [b' ', b'~'].map(|fill| (byte, fill))) {
                    text.fill(fill);
                    text[at] = byte;
                    assert_eq!(has_any(&text, [b',', 0xff]), matches!(byte, b',' | 0xff), "{byte} at {at} of {length}");
                    assert_eq!(is_ascii(&text), byte < 0x80, "{byte} at {at} of {length}");
                    assert_eq!(is_printable(&text), matches!(byte, b' '..=b'~'), "{byte} at {at} of {length}");
                }
            }
        }
    }
}
