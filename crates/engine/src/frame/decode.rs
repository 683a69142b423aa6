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
    reader.rest().is_empty().then_some(values)
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
