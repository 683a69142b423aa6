//! Values of a column as Parquet lays them out: packed bits, deltas, runs, definition levels.

use super::thrift::{varint, zigzag};

/// Values of a block of deltas, and of each of its four miniblocks.
pub const BLOCK: usize = 128;
pub const MINIBLOCK: usize = 32;

/// Repeated values from so many on are a run.
const RUN: usize = 16;

/// How many bits a number takes.
pub fn width(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// Appends values of so many bits each, the least significant bit first; the last byte is filled with zeros.
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

/// Whether numbers may be written as deltas.
///
/// A reader that is compiled with checks, as polars is for queries, multiplies equal steps by how many there are, and ends
/// where that leaves the range of numbers. While all numbers are within 54 bits, a whole block of the largest steps does not.
pub fn can_be_deltas(values: &[i64]) -> bool {
    const FAR: u64 = 1 << 54;
    values.iter().all(|value| value.unsigned_abs() < FAR)
}

/// Appends numbers as they are.
pub fn plain(out: &mut Vec<u8>, values: &[i64]) {
    values.iter().for_each(|value| out.extend_from_slice(&value.to_le_bytes()));
}

/// Appends numbers as DELTA_BINARY_PACKED: what is near the number before takes few bits.
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
        // What is behind the last value counts as the least of them, and takes no bits of its own.
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

/// Appends numbers of a dictionary as runs: repeated ones once, others packed.
pub fn runs(out: &mut Vec<u8>, width: u32, values: &[u32]) {
    let mut start = 0;
    let mut at = 0;
    while at < values.len() {
        let same = values[at..].iter().take_while(|value| **value == values[at]).count();
        // What is packed before a run has to fill groups of eight.
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

/// Which rows have a value.
#[derive(Debug, Default, PartialEq)]
pub struct Levels {
    /// Those of every 64 rows.
    bits: Vec<u64>,
    /// Those of the rows since.
    last: u64,
    rows: usize,
    values: usize,
}

impl Levels {
    /// Adds a row.
    pub fn push(&mut self, has_value: bool) {
        self.last |= u64::from(has_value) << (self.rows % 64);
        self.rows += 1;
        self.values += usize::from(has_value);
        if self.rows.is_multiple_of(64) {
            self.bits.push(std::mem::take(&mut self.last));
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many rows have no value.
    pub fn nulls(&self) -> usize {
        self.rows - self.values
    }

    /// Appends the definition levels with their length before them.
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

    /// Forgets all rows, and keeps its room.
    pub fn clear(&mut self) {
        self.bits.clear();
        (self.last, self.rows, self.values) = (0, 0, 0);
    }
}
