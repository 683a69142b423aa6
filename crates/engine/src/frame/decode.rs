//! Decodes what `encode` writes. The input is untrusted: invalid bytes give `None`.

use super::encode::{BLOCK, MINIBLOCK};
use super::thrift::ThriftReader;

/// Values of `width` bits each, least significant bit first; `None` if there are too few bytes.
pub fn unpack(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u64>> {
    let bits = count.checked_mul(width as usize)?;
    let mut bytes = bytes.get(..bits.div_ceil(8))?.iter();
    let mask = u64::MAX.checked_shr(u64::BITS.checked_sub(width)?).unwrap_or(0);
    let (mut waiting, mut held) = (0u128, 0);
    let mut values = Vec::with_capacity(count);
    for _ in 0..count {
        while held < width {
            waiting |= u128::from(*bytes.next()?) << held;
            held += 8;
        }
        values.push(waiting as u64 & mask);
        waiting >>= width;
        held -= width;
    }
    Some(values)
}

/// Decodes PLAIN numbers.
pub fn plain(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    let (numbers, rest) = bytes.as_chunks::<8>();
    let is_whole = rest.is_empty() && numbers.len() == count;
    is_whole.then(|| numbers.iter().map(|number| i64::from_le_bytes(*number)).collect())
}

/// Decodes DELTA_BINARY_PACKED. Numbers that `encode::can_be_deltas` admits never overflow here.
pub fn deltas(bytes: &[u8], count: usize) -> Option<Vec<i64>> {
    let mut reader = ThriftReader::new(bytes);
    let values = read_deltas(&mut reader, count)?;
    reader.rest().is_empty().then_some(values)
}

/// Decodes DELTA_BYTE_ARRAY into PLAIN texts of at most `room` bytes.
pub fn delta_texts(bytes: &[u8], count: usize, room: usize) -> Option<Vec<u8>> {
    let mut reader = ThriftReader::new(bytes);
    let [shared, others] = [read_deltas(&mut reader, count)?, read_deltas(&mut reader, count)?];
    let mut plain = Vec::new();
    let mut before = 0..0;
    for (shared, others) in shared.into_iter().zip(others) {
        let (shared, others) = (usize::try_from(shared).ok()?, usize::try_from(others).ok()?);
        let length = shared.checked_add(others)?;
        if shared > before.len() || length > room.checked_sub(plain.len())?.checked_sub(4)? {
            return None;
        }
        plain.extend_from_slice(&u32::try_from(length).ok()?.to_le_bytes());
        let start = plain.len();
        plain.extend_from_within(before.start..before.start + shared);
        plain.extend_from_slice(reader.take(others)?);
        before = start..plain.len();
    }
    reader.rest().is_empty().then_some(plain)
}

fn read_deltas(reader: &mut ThriftReader<'_>, count: usize) -> Option<Vec<i64>> {
    for expected in [BLOCK, BLOCK / MINIBLOCK, count] {
        if reader.varint()? != expected as u64 {
            return None;
        }
    }
    let mut last = reader.zigzag()?;
    let mut values = Vec::with_capacity(count);
    values.extend((count > 0).then_some(last));
    while values.len() < count {
        let least = reader.zigzag()?;
        let widths = reader.take(BLOCK / MINIBLOCK)?;
        for &width in widths {
            let wanted = MINIBLOCK.min(count - values.len());
            if wanted == 0 {
                break;
            }
            let packed = reader.take(MINIBLOCK / 8 * usize::from(width))?;
            for above in unpack(packed, u32::from(width), MINIBLOCK)?.into_iter().take(wanted) {
                last = last.checked_add(least)?.checked_add_unsigned(above)?;
                values.push(last);
            }
        }
    }
    Some(values)
}

/// Decodes the RLE/bit-packed hybrid of dictionary indices and definition levels.
pub fn runs(bytes: &[u8], width: u32, count: usize) -> Option<Vec<u32>> {
    let mut reader = ThriftReader::new(bytes);
    let mut values = Vec::with_capacity(count);
    while values.len() < count {
        let header = reader.varint()?;
        let (length, left) = (usize::try_from(header >> 1).ok()?, count - values.len());
        if header & 1 == 1 {
            // A group of eight values takes `width` bytes.
            let packed = reader.take(length.checked_mul(width as usize)?)?;
            let unpacked = unpack(packed, width, left.min(length.checked_mul(8)?))?;
            values.extend(unpacked.into_iter().map(|value| value as u32));
        } else {
            let mut value = [0; 4];
            let bytes = reader.take(width.div_ceil(8) as usize)?;
            value.get_mut(..bytes.len())?.copy_from_slice(bytes);
            let is_within = length <= left && u64::from(u32::from_le_bytes(value)) >> width == 0;
            values.extend(is_within.then(|| std::iter::repeat_n(u32::from_le_bytes(value), length))?);
        }
    }
    reader.rest().is_empty().then_some(values)
}

#[cfg(test)]
mod tests {
    use super::super::encode::{self, DeltaTexts};
    use super::*;

    fn packed(texts: &[&str]) -> Vec<u8> {
        let mut out = Vec::new();
        encode::delta_texts(&mut out, &mut DeltaTexts::default(), &plain_of(texts), texts.len());
        out
    }

    fn plain_of(texts: &[&str]) -> Vec<u8> {
        texts.iter().flat_map(|text| [&(text.len() as u32).to_le_bytes()[..], text.as_bytes()].concat()).collect()
    }

    #[test]
    fn texts_come_back_from_what_they_share() {
        let ids =
            ["P12345678.abc", "P12345678.abd", "P12345678.abd", "P12345678", "", "P1", "Åse", "Ærlig", "P12345678.x"];
        for count in 0..=ids.len() {
            let texts = &ids[..count];
            assert_eq!(delta_texts(&packed(texts), count, 1000), Some(plain_of(texts)));
        }
        let long: Vec<String> = (0..200).map(|n| "abcdef".repeat(n * 7 % 12) + &"g".repeat(n)).collect();
        let long: Vec<&str> = long.iter().map(String::as_str).collect();
        assert_eq!(delta_texts(&packed(&long), long.len(), 1 << 20), Some(plain_of(&long)));
        let many: Vec<String> = (0..1000).map(|n| format!("P12345678.{:05}", n * n)).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let bytes = packed(&many);
        assert!(bytes.len() < 1000 * 8, "{}", bytes.len());
        assert_eq!(delta_texts(&bytes, 1000, 1 << 20), Some(plain_of(&many)));
    }

    #[test]
    fn values_of_every_width_come_back() {
        for (width, count) in (0..=u64::BITS).flat_map(|width| (0..40).map(move |count| (width, count))) {
            let value =
                |at: u64| (at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).checked_shr(u64::BITS - width).unwrap_or(0);
            let (values, mut packed) = ((0..count).map(value).collect::<Vec<u64>>(), Vec::new());
            encode::pack(&mut packed, width, &values);
            assert_eq!(packed.len(), (count * u64::from(width)).div_ceil(8) as usize);
            assert_eq!(unpack(&packed, width, values.len()), Some(values), "{width}");
        }
    }

    #[test]
    fn texts_take_no_more_room_than_there_is() {
        let texts = ["a long text that all others are", "a long text that all others are"];
        let room = plain_of(&texts).len();
        assert!(delta_texts(&packed(&texts), 2, room).is_some());
        assert!(delta_texts(&packed(&texts), 2, room - 1).is_none());
    }

    #[test]
    fn broken_texts_are_none_or_fit_the_room() {
        let texts = ["P12345678.abc", "P12345678.abd", "Q"];
        let bytes = packed(&texts);
        for cut in 0..bytes.len() {
            assert!(delta_texts(&bytes[..cut], 3, 1000).is_none());
        }
        for at in 0..bytes.len() {
            for flip in 1..=255 {
                let mut broken = bytes.clone();
                broken[at] ^= flip;
                assert!(delta_texts(&broken, 3, 1000).is_none_or(|texts| texts.len() <= 1000), "{at} {flip}");
            }
        }
    }
}
