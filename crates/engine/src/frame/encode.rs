//! Parquet encodings: bit packing, deltas, runs, definition levels.

use avstem_core::model::bytes::{common_prefix_of, prefix};

use super::thrift::{varint, zigzag};

/// Upper limit of rows in a row group.
pub const GROUP_ROWS: usize = 64 << 10;

/// Cell bytes at which a row group is written, so that memory stays bounded for any input texts.
/// Not much smaller, because the footer, which is held in memory, grows with the number of groups.
pub const GROUP_BYTES: usize = 16 << 20;

/// Values per block of deltas, and per miniblock; a block has four miniblocks.
pub const BLOCK: usize = 128;
pub const MINIBLOCK: usize = 32;

/// Minimum length of a run of equal values.
const RUN: usize = 16;

pub fn width(value: u64) -> u32 {
    u64::BITS - value.leading_zeros()
}

/// Appends values of `width` bits each, least significant bit first; pads the last byte with zeros.
pub fn pack<T: Copy + Into<u64>>(out: &mut Vec<u8>, width: u32, values: &[T]) {
    match width {
        0 => {}
        1..=8 => pack_by::<8, T>(out, width, values),
        9..=16 => pack_by::<4, T>(out, width, values),
        17..=32 => pack_by::<2, T>(out, width, values),
        _ => pack_by::<1, T>(out, width, values),
    }
}

/// The same, `N` values at a time, which together have at most 64 bits.
fn pack_by<const N: usize, T: Copy + Into<u64>>(out: &mut Vec<u8>, width: u32, values: &[T]) {
    let join = |values: &[T]| values.iter().rev().fold(0, |word, value| word << (width % u64::BITS) | (*value).into());
    let (whole, rest) = values.as_chunks::<N>();
    let (mut waiting, mut bits) = (0, 0);
    let mut put = |word: u64, width: u32| {
        waiting |= word << bits;
        bits += width;
        if bits >= u64::BITS {
            out.extend_from_slice(&waiting.to_le_bytes());
            bits -= u64::BITS;
            // The bits of the word that had no room.
            waiting = word.checked_shr(width - bits).unwrap_or(0);
        }
    };
    whole.iter().for_each(|values| put(join(values), width * N as u32));
    put(join(rest), width * rest.len() as u32);
    out.extend_from_slice(&waiting.to_le_bytes()[..bits.div_ceil(8) as usize]);
}

/// Whether numbers between two bounds can be delta-encoded without causing overflow in readers.
///
/// For equal deltas some readers multiply the delta by their number; with overflow checks (for
/// example polars in queries) they panic if that leaves the i64 range. With all values within 54
/// bits, even a block of the largest deltas stays in range.
pub fn can_be_deltas(least: i64, greatest: i64) -> bool {
    const FAR: i64 = 1 << 54;
    -FAR < least && greatest < FAR
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
        for ((step, before), value) in block.iter_mut().zip(&values[start - 1..]).zip(&values[start..end]) {
            *step = value.wrapping_sub(*before);
        }
        let first = block[0];
        block[count..].fill(first);
        if block.iter().fold(0, |differ, step| differ | (step ^ first)) == 0 {
            zigzag(out, first);
            out.extend_from_slice(&[0; BLOCK / MINIBLOCK]);
            continue;
        }
        let least = least_of(&block);
        zigzag(out, least);
        // Padding equals the least delta, which does not increase the bit width.
        block[count..].fill(least);
        let above = block.map(|step| step.wrapping_sub(least) as u64);
        let (minis, _) = above.as_chunks::<MINIBLOCK>();
        let width_of = |deltas: &[u64; MINIBLOCK]| width(deltas.iter().fold(0, |all, delta| all | delta));
        let widths = out.len();
        out.extend(minis.iter().map(|deltas| width_of(deltas) as u8));
        for (width, deltas) in (widths..).zip(&minis[..count.div_ceil(MINIBLOCK)]) {
            let width = u32::from(out[width]);
            pack(out, width, deltas);
        }
    }
}

/// The least of some numbers, in four lanes: as one, it is compiled to vector code, which takes three times as long where
/// no instruction compares 64 bits.
fn least_of(numbers: &[i64; BLOCK]) -> i64 {
    let (fours, _) = numbers.as_chunks::<4>();
    let [mut a, mut b, mut c, mut d] = fours[0];
    for four in fours {
        (a, b, c, d) = (a.min(four[0]), b.min(four[1]), c.min(four[2]), d.min(four[3]));
    }
    a.min(b).min(c.min(d))
}

/// The parts of [`delta_texts`]: room that is used again.
#[derive(Default)]
pub struct DeltaTexts {
    shared: Vec<i64>,
    others: Vec<i64>,
    bytes: Vec<u8>,
}

/// Appends PLAIN-encoded texts as DELTA_BYTE_ARRAY: how many bytes each shares with the one before it, and the others.
pub fn delta_texts(out: &mut Vec<u8>, room: &mut DeltaTexts, mut plain: &[u8], count: usize) {
    let DeltaTexts { shared, others, bytes } = room;
    shared.resize(count, 0);
    others.resize(count, 0);
    bytes.clear();
    bytes.reserve(plain.len());
    let mut before: (u128, &[u8]) = (0, &[]);
    for (shared, others) in shared.iter_mut().zip(others.iter_mut()) {
        let (length, rest) = plain.split_first_chunk::<4>().expect("there are as many texts as values");
        let (text, behind) = rest.split_at(u32::from_le_bytes(*length) as usize);
        let text = (prefix(text), text);
        let same = common_prefix_of(before, text);
        let other = text.1.len() - same;
        (*shared, *others) = (same as i64, other as i64);
        match rest[same..].first_chunk::<32>() {
            // A copy of a fixed size is no call; what follows the text is cut off.
            Some(chunk) if other <= chunk.len() => {
                let end = bytes.len() + other;
                bytes.extend_from_slice(chunk);
                bytes.truncate(end);
            }
            _ => bytes.extend_from_slice(&text.1[same..]),
        }
        (before, plain) = (text, behind);
    }
    deltas(out, shared);
    deltas(out, others);
    out.extend_from_slice(bytes);
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
    let start = out.len();
    pack(out, width, values);
    // A group of eight values takes as many bytes as a value has bits.
    out.resize(start + groups * width as usize, 0);
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
    /// Adds up to 64 rows; the lowest bit of `has_value` is the first one's, and bits beyond the
    /// rows are zero.
    pub fn push(&mut self, has_value: u64, rows: usize) {
        let used = self.rows % 64;
        self.last |= has_value << used;
        self.rows += rows;
        self.values += has_value.count_ones() as usize;
        if used + rows >= 64 {
            self.bits.push(self.last);
            self.last = has_value.checked_shr(64 - used as u32).unwrap_or(0);
        }
    }

    pub fn has_value(&self, row: usize) -> bool {
        self.bits.get(row / 64).unwrap_or(&self.last) >> (row % 64) & 1 == 1
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
