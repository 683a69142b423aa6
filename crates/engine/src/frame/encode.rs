//! Parquet encodings: bit packing, deltas, runs, definition levels.

use super::thrift::{varint, zigzag};

/// Values per block of deltas, and per miniblock; a block has four miniblocks.
pub const BLOCK: usize = 128;
pub const MINIBLOCK: usize = 32;

/// Minimum length of a run of equal values.
const RUN: usize = 16;

pub fn width(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// Appends values of `width` bits each, least significant bit first; pads the last byte with zeros.
pub fn pack(out: &mut Vec<u8>, width: u32, values: impl IntoIterator<Item = u64>) {
    let (mut waiting, mut bits) = (0u128, 0);
    for value in values {
        waiting |= u128::from(value) << bits;
        bits += width;
        if bits >= 64 {
            out.extend_from_slice(&(waiting as u64).to_le_bytes());
            waiting >>= 64;
            bits -= 64;
        }
    }
    out.extend_from_slice(&(waiting as u64).to_le_bytes()[..bits.div_ceil(8) as usize]);
}

/// Whether numbers can be delta-encoded without causing overflow in readers.
///
/// For equal deltas some readers multiply the delta by their number; with overflow checks (for
/// example polars in queries) they panic if that leaves the i64 range. With all values within 54
/// bits, even a block of the largest deltas stays in range.
pub fn can_be_deltas(values: &[i64]) -> bool {
    const FAR: u64 = 1 << 54;
    values.iter().all(|value| value.unsigned_abs() < FAR)
}

/// Appends numbers as PLAIN.
pub fn plain(out: &mut Vec<u8>, values: &[i64]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

/// Appends numbers as DELTA_BINARY_PACKED; small differences take few bits.
pub fn deltas(out: &mut Vec<u8>, values: &[i64]) {
    [BLOCK, BLOCK / MINIBLOCK, values.len()].iter().for_each(|number| varint(out, *number as u64));
    zigzag(out, values.first().copied().unwrap_or(0));
    let mut block = [0i64; BLOCK];
    for start in (1..values.len()).step_by(BLOCK) {
        let end = values.len().min(start + BLOCK);
        let count = end - start;
        for (delta, pair) in block.iter_mut().zip(values[start - 1..end].windows(2)) {
            *delta = pair[1].wrapping_sub(pair[0]);
        }
        let least = block[..count].iter().copied().min().unwrap_or(0);
        zigzag(out, least);
        // Padding equals the least delta, which does not increase the bit width.
        block[count..].fill(least);
        let above = |delta: &i64| delta.wrapping_sub(least) as u64;
        let widths = [0, 1, 2, 3].map(|n| {
            let deltas = &block[n * MINIBLOCK..][..MINIBLOCK];
            width(deltas.iter().map(above).fold(0, |all, delta| all | delta))
        });
        out.extend(widths.map(|width| width as u8));
        for (n, width) in widths.into_iter().enumerate().take(count.div_ceil(MINIBLOCK)) {
            pack(out, width, block[n * MINIBLOCK..][..MINIBLOCK].iter().map(above));
        }
    }
}

/// Appends dictionary indices as RLE/bit-packed hybrid.
pub fn runs(out: &mut Vec<u8>, width: u32, values: &[u32]) {
    let mut start = 0;
    let mut at = 0;
    while at < values.len() {
        let same = values[at..].iter().take_while(|value| **value == values[at]).count();
        // Bit-packed values before a run must fill groups of eight.
        let fill = (at - start).next_multiple_of(8) - (at - start);
        if same < RUN + fill {
            at += same;
            continue;
        }
        packed(out, width, &values[start..at + fill]);
        varint(out, ((same - fill) as u64) << 1);
        out.extend_from_slice(&values[at].to_le_bytes()[..width.div_ceil(8) as usize]);
        at += same;
        start = at;
    }
    packed(out, width, &values[start..]);
}

fn packed(out: &mut Vec<u8>, width: u32, values: &[u32]) {
    if values.is_empty() {
        return;
    }
    let groups = values.len().div_ceil(8);
    varint(out, (groups as u64) << 1 | 1);
    let padding = groups * 8 - values.len();
    pack(out, width, values.iter().map(|value| u64::from(*value)).chain(std::iter::repeat_n(0, padding)));
}

/// Definition levels: which rows have a value.
#[derive(Debug, Default, PartialEq)]
pub struct Levels {
    /// Complete words of 64 rows.
    bits: Vec<u64>,
    /// The incomplete last word.
    last: u64,
    rows: usize,
    values: usize,
}

impl Levels {
    pub fn push(&mut self, has_value: bool) {
        self.last |= u64::from(has_value) << (self.rows % 64);
        self.rows += 1;
        self.values += usize::from(has_value);
        if self.rows.is_multiple_of(64) {
            self.bits.push(std::mem::take(&mut self.last));
        }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    pub fn nulls(&self) -> usize {
        self.rows - self.values
    }

    /// Appends the definition levels with a length prefix.
    pub fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend_from_slice(&[0; 4]);
        if self.values == self.rows || self.values == 0 {
            varint(out, (self.rows as u64) << 1);
            out.push(u8::from(self.values > 0));
        } else {
            let groups = self.rows.div_ceil(8);
            varint(out, (groups as u64) << 1 | 1);
            let bytes = self.bits.iter().chain([&self.last]).flat_map(|bits| bits.to_le_bytes());
            out.extend(bytes.take(groups));
        }
        let length = (out.len() - start - 4) as u32;
        out[start..start + 4].copy_from_slice(&length.to_le_bytes());
    }

    /// Removes all rows but keeps the capacity.
    pub fn clear(&mut self) {
        self.bits.clear();
        (self.last, self.rows, self.values) = (0, 0, 0);
    }
}
