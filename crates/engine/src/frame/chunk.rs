//! One column of a row group: buffers its cells, then encodes them as pages.

use std::io;

use avstem_core::model::bytes::prefix;
use avstem_core::model::instant::Instant;
use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::column::{Cell, Showing, TextCell, Type};
use super::encode::{DeltaTexts, GROUP_ROWS, Levels, can_be_deltas, delta_texts, deltas, pack, plain};
use super::texts::TextColumn;
use super::thrift::Thrift;

/// Zstd level of texts. On balances, level 1 takes a fifth of the time of level 3 and no more
/// bytes.
const LEVEL: i32 = 1;

/// Bytes of a text column that tell whether it is worth compressing.
const SAMPLE: usize = 16 << 10;

/// Rows that are added at a time: as many as a word of definition levels has bits.
pub const MOST_ROWS: usize = 64;

/// Overhead of a text in bytes (its length prefix).
const TEXT_BYTES: usize = 4;

/// Bytes of a number or a time.
const NUMBER_BYTES: usize = 8;

/// Parquet's numbers of encodings and codecs.
pub const PLAIN: i32 = 0;
pub const RLE: i32 = 3;
pub const DELTA_BINARY_PACKED: i32 = 5;
pub const DELTA_BYTE_ARRAY: i32 = 7;
pub const RLE_DICTIONARY: i32 = 8;
pub const UNCOMPRESSED: i32 = 0;
pub const ZSTD: i32 = 6;

/// Parquet's numbers of page types.
pub const DATA_PAGE: i32 = 0;
pub const DICTIONARY_PAGE: i32 = 2;

/// Why a value cannot have another type: tables declare columns and values together.
const STRANGE: &str = "a value is of its column's type";

/// Why there is room for the next rows.
const ROOM: &str = "a row group is written when it has its rows";

/// The buffered cells of a column.
#[derive(Debug)]
pub struct Chunk {
    levels: Levels,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Text(TextColumn),
    Integer(Integers),
    Flag(Vec<bool>),
}

/// The integers of a column, in room for those of a whole row group: they are written where they stay.
#[derive(Debug)]
struct Integers {
    room: Vec<i64>,
    count: usize,
}

/// Rows for which room is made ready at a time.
const MORE_ROWS: usize = 1 << 10;

impl Integers {
    /// Where the next rows are written.
    #[inline(always)]
    fn next(&mut self) -> &mut [i64; MOST_ROWS] {
        if self.room.len() < self.count + MOST_ROWS {
            self.room.resize((self.count + MORE_ROWS).min(self.room.capacity()), 0);
        }
        self.room[self.count..].first_chunk_mut().expect(ROOM)
    }

    fn all(&self) -> &[i64] {
        &self.room[..self.count]
    }
}

/// Metadata of a column chunk for the footer.
#[derive(Clone, Debug)]
pub struct Described {
    /// Minimum and maximum, PLAIN-encoded.
    pub least: Option<Vec<u8>>,
    pub greatest: Option<Vec<u8>>,
    pub nulls: usize,
    pub rows: usize,
    pub codec: i32,
    pub encodings: Vec<i32>,
    /// Bytes of page headers and pages, before and after compression.
    pub unpacked: usize,
    pub packed: usize,
    /// Offset of the data page after the dictionary page; 0 without a dictionary.
    pub data_page: usize,
}

impl Chunk {
    pub fn new(kind: Type) -> Chunk {
        let values = match kind {
            Type::Text | Type::Number => Values::Text(TextColumn::new()),
            Type::Integer | Type::Time => {
                Values::Integer(Integers { room: Vec::with_capacity(GROUP_ROWS + MOST_ROWS), count: 0 })
            }
            Type::Flag => Values::Flag(Vec::new()),
        };
        Chunk { levels: Levels::default(), values }
    }

    /// Adds a cell; returns its size in bytes.
    pub fn push(&mut self, cell: &Cell<'_>) -> usize {
        match cell {
            Cell::Text(text) | Cell::Number(text) => {
                let Values::Text(texts) = &mut self.values else { unreachable!("{STRANGE}") };
                self.levels.push(1, 1);
                TEXT_BYTES + texts.push(text, Showing::Raw)
            }
            Cell::Integer(number) => self.integers([Some(*number)].into_iter()),
            Cell::Time(time) => self.times([Some(*time)].into_iter()),
            Cell::Flag(flag) => {
                let Values::Flag(flags) = &mut self.values else { unreachable!("{STRANGE}") };
                flags.push(*flag);
                self.levels.push(1, 1);
                1
            }
            Cell::Empty => {
                self.levels.push(0, 1);
                1
            }
        }
    }

    /// Adds the texts of up to [`MOST_ROWS`] rows; returns their size in bytes, as the functions
    /// below do.
    #[inline(always)]
    pub fn texts<'a>(&mut self, values: impl Iterator<Item = TextCell<'a>>) -> usize {
        let Values::Text(texts) = &mut self.values else { unreachable!("{STRANGE}") };
        let mut bytes = 0;
        let (has_value, rows) = fill(values, |text| {
            let (text, way, number) = text.parts();
            if text.is_empty() {
                return false;
            }
            bytes += if number > 0 { texts.push_numbered(text, way, number) } else { texts.push(text, way) };
            true
        });
        self.levels.push(has_value, rows);
        let count = has_value.count_ones() as usize;
        bytes + TEXT_BYTES * count + rows - count
    }

    #[inline(always)]
    pub fn times(&mut self, values: impl Iterator<Item = Option<Instant>>) -> usize {
        self.integers(values.map(|time| time.map(Instant::micros)))
    }

    #[inline(always)]
    pub fn integers(&mut self, values: impl Iterator<Item = Option<i64>>) -> usize {
        let Values::Integer(numbers) = &mut self.values else { unreachable!("{STRANGE}") };
        let (next, mut count) = (numbers.next(), 0);
        let (has_value, rows) = fill(values, |number| {
            next[count % MOST_ROWS] = number.unwrap_or(0);
            count += usize::from(number.is_some());
            number.is_some()
        });
        numbers.count += count;
        self.levels.push(has_value, rows);
        rows - count + NUMBER_BYTES * count
    }

    /// Encodes the cells and appends the pages to `out`.
    pub fn write(&self, out: &mut Vec<u8>, room: &mut PageBuffers) -> io::Result<Described> {
        let PageBuffers { packer, body, small, deltas: parts } = room;
        let mut pages = Pages { out, packer, small, parts, codec: UNCOMPRESSED, unpacked: 0, packed: 0, data_page: 0 };
        body.clear();
        self.levels.write(body);
        let (encoding, [least, greatest]) = match &self.values {
            Values::Integer(numbers) => {
                let numbers = numbers.all();
                let ends = extremes(numbers);
                let bounds = ends.map(|end| end.map(|number| number.to_le_bytes().to_vec()));
                match ends {
                    [Some(least), Some(greatest)] if can_be_deltas(least, greatest) => {
                        deltas(body, numbers);
                        (DELTA_BINARY_PACKED, bounds)
                    }
                    _ => {
                        plain(body, numbers);
                        (PLAIN, bounds)
                    }
                }
            }
            Values::Flag(flags) => {
                pack(body, 1, flags);
                let bounds = [flags.iter().min(), flags.iter().max()];
                (PLAIN, bounds.map(|bound| bound.map(|flag| vec![u8::from(*flag)])))
            }
            Values::Text(texts) => {
                pages.codec = ZSTD;
                let encoding = match texts.dictionary() {
                    Some((words, count)) => {
                        pages.dictionary(words, count)?;
                        texts.write_indices(body);
                        RLE_DICTIONARY
                    }
                    None => pages.texts(body, texts, self.levels.rows() - self.levels.nulls())?,
                };
                (encoding, texts.bounds())
            }
        };
        pages.data(body, self.levels.rows(), encoding)?;
        Ok(Described {
            least,
            greatest,
            nulls: self.levels.nulls(),
            rows: self.levels.rows(),
            codec: pages.codec,
            encodings: if encoding == RLE_DICTIONARY { vec![PLAIN, RLE, encoding] } else { vec![RLE, encoding] },
            unpacked: pages.unpacked,
            packed: pages.packed,
            data_page: pages.data_page,
        })
    }

    /// Whether another text column has equal cells, and so equal pages.
    pub fn equals(&self, other: &Chunk) -> bool {
        match (&self.values, &other.values) {
            (Values::Text(one), Values::Text(two)) => one.equals(two) && self.levels == other.levels,
            _ => false,
        }
    }

    /// Removes the cells but keeps the capacity.
    pub fn clear(&mut self) {
        self.levels.clear();
        match &mut self.values {
            Values::Text(texts) => texts.clear(),
            Values::Integer(numbers) => numbers.count = 0,
            Values::Flag(flags) => flags.clear(),
        }
    }

    /// Whether all rows have the same value.
    pub fn is_constant(&self) -> bool {
        match &self.values {
            Values::Text(texts) => self.levels.nulls() == 0 && texts.is_one_word(),
            Values::Integer(_) | Values::Flag(_) => false,
        }
    }

    /// Calls `take` with the value of each row.
    pub fn each<'c>(&'c self, mut take: impl FnMut(SortValue<'c>)) {
        let has_nulls = self.levels.nulls() > 0;
        let has_value = |row: &usize| self.levels.has_value(*row);
        let mut rows = 0..self.levels.rows();
        let mut put = |value: SortValue<'c>| {
            if has_nulls {
                rows.by_ref().take_while(|row| !has_value(row)).for_each(|_| take(SortValue::Empty));
            }
            take(value);
        };
        match &self.values {
            Values::Text(texts) => texts.each(|text| put(SortValue::Text(prefix(text), text))),
            Values::Integer(numbers) => numbers.all().iter().for_each(|number| put(SortValue::Number(*number))),
            Values::Flag(flags) => flags.iter().for_each(|flag| put(SortValue::Number(i64::from(*flag)))),
        }
        rows.filter(|_| has_nulls).for_each(|_| take(SortValue::Empty));
    }
}

/// A value in Parquet's order: nulls are last. The values of a column are all texts or all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue<'c> {
    /// A text, behind its [`prefix`].
    Text(u128, &'c [u8]),
    Number(i64),
    Empty,
}

/// Adds values of up to [`MOST_ROWS`] rows: `add` returns whether one is there. Returns which are
/// there, the first one in the lowest bit, and the number of rows.
#[inline(always)]
fn fill<T>(values: impl Iterator<Item = T>, mut add: impl FnMut(T) -> bool) -> (u64, usize) {
    let (mut has_value, mut rows) = (0, 0);
    for value in values {
        has_value |= u64::from(add(value)) << (rows % MOST_ROWS);
        rows += 1;
    }
    assert!(rows <= MOST_ROWS, "rows come in small batches");
    (has_value, rows)
}

/// The least and the greatest number.
fn extremes(numbers: &[i64]) -> [Option<i64>; 2] {
    let Some(first) = numbers.first() else { return [None; 2] };
    let wider = |(least, greatest): (i64, i64), number: &i64| (least.min(*number), greatest.max(*number));
    let (least, greatest) = numbers.iter().fold((*first, *first), wider);
    [Some(least), Some(greatest)]
}

/// Buffers reused for all pages.
pub struct PageBuffers {
    packer: Compressor<'static>,
    body: Vec<u8>,
    small: Vec<u8>,
    deltas: DeltaTexts,
}

impl PageBuffers {
    pub fn new() -> io::Result<PageBuffers> {
        let (packer, deltas) = (Compressor::new(LEVEL)?, DeltaTexts::default());
        Ok(PageBuffers { packer, body: Vec::new(), small: Vec::new(), deltas })
    }
}

/// The pages of one column chunk being written.
struct Pages<'p> {
    out: &'p mut Vec<u8>,
    packer: &'p mut Compressor<'static>,
    small: &'p mut Vec<u8>,
    parts: &'p mut DeltaTexts,
    codec: i32,
    unpacked: usize,
    packed: usize,
    data_page: usize,
}

impl Pages<'_> {
    fn data(&mut self, body: &[u8], rows: usize, encoding: i32) -> io::Result<()> {
        self.data_page = self.packed;
        self.page(body, DATA_PAGE, |header| {
            header.structure(5, |data| {
                data.i32(1, rows as i32);
                data.i32(2, encoding);
                data.i32(3, RLE);
                data.i32(4, RLE);
            });
        })
    }

    fn dictionary(&mut self, body: &[u8], texts: usize) -> io::Result<()> {
        self.page(body, DICTIONARY_PAGE, |header| {
            header.structure(7, |dictionary| {
                dictionary.i32(1, texts as i32);
                dictionary.i32(2, PLAIN);
            });
        })
    }

    /// Appends the texts of a column without a dictionary to a page's body; returns their encoding.
    ///
    /// Ids hardly get smaller by compression than by what they share with the one before, and it takes ten times as
    /// long. What gets half as small, judged by its first bytes, is compressed.
    fn texts(&mut self, body: &mut Vec<u8>, texts: &TextColumn, count: usize) -> io::Result<i32> {
        let (start, plain) = (body.len(), texts.plain());
        delta_texts(body, self.parts, plain, count);
        let deltas = body.len() - start;
        let sample = &plain[..plain.len().min(SAMPLE)];
        let compressed = self.compress(sample)?.len();
        if 2 * compressed * plain.len() > deltas * sample.len() {
            self.codec = UNCOMPRESSED;
            return Ok(DELTA_BYTE_ARRAY);
        }
        body.truncate(start);
        body.extend_from_slice(plain);
        Ok(PLAIN)
    }

    fn compress(&mut self, body: &[u8]) -> io::Result<&[u8]> {
        self.small.clear();
        self.small.reserve(compress_bound(body.len()));
        self.packer.compress_to_buffer(body, self.small)?;
        Ok(self.small)
    }

    fn page(&mut self, body: &[u8], kind: i32, rest: impl FnOnce(&mut Thrift)) -> io::Result<()> {
        let written = if self.codec == ZSTD {
            self.compress(body)?;
            &self.small[..]
        } else {
            body
        };
        let mut header = Thrift::default();
        header.i32(1, kind);
        header.i32(2, size(body)?);
        header.i32(3, size(written)?);
        header.i32(4, crc(written) as i32);
        rest(&mut header);
        let header = header.finish();
        self.out.extend_from_slice(&header);
        self.out.extend_from_slice(written);
        self.unpacked += header.len() + body.len();
        self.packed += header.len() + written.len();
        Ok(())
    }
}

/// The checksum of a page as stored.
pub fn crc(page: &[u8]) -> u32 {
    crc32fast::hash(page)
}

fn size(bytes: &[u8]) -> io::Result<i32> {
    i32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge.into())
}
