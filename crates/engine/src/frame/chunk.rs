//! One column of a row group: buffers its cells, then encodes them as pages.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io;
use std::ops::Range;

use avstem_core::model::bytes::prefix;
use avstem_core::model::instant::Instant;
use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::column::{Cell, Text, Type, Way};
use super::encode::{Levels, can_be_deltas, deltas, pack, plain, runs, width};
use super::thrift::Thrift;

/// Zstd level of texts. On balances, level 1 takes a fifth of the time of level 3 and no more
/// bytes.
const LEVEL: i32 = 1;

/// A dictionary is dropped at `MOST_TEXTS` texts, or at `FEW_TEXTS` if it has more than half as
/// many texts as rows.
const FEW_TEXTS: usize = 64;
const MOST_TEXTS: usize = 1 << 14;

/// Numbers of words that are remembered.
const MOST_NUMBERS: usize = 1 << 12;

/// Rows that are added at a time: as many as a word of definition levels has bits.
pub const MOST_ROWS: usize = 64;

/// Number of recent texts whose dictionary index is remembered.
const RECENT: usize = 64;

/// Overhead of a text in bytes (its length prefix).
const TEXT_BYTES: usize = 4;

/// Bytes of a number or a time.
const NUMBER_BYTES: usize = 8;

/// Longer bounds are left out of the statistics: a shortened one would no longer be a value.
const BOUND_BYTES: usize = 256;

/// Parquet's numbers of encodings and codecs.
pub const PLAIN: i32 = 0;
pub const RLE: i32 = 3;
pub const DELTA_BINARY_PACKED: i32 = 5;
pub const RLE_DICTIONARY: i32 = 8;
pub const UNCOMPRESSED: i32 = 0;
pub const ZSTD: i32 = 6;

/// Parquet's numbers of page types.
pub const DATA_PAGE: i32 = 0;
pub const DICTIONARY_PAGE: i32 = 2;

/// Why a value cannot have another type: tables declare columns and values together.
const STRANGE: &str = "a value is of its column's type";

/// The buffered cells of a column.
#[derive(Debug)]
pub struct Chunk {
    levels: Levels,
    values: Values,
}

#[derive(Debug)]
enum Values {
    Text(Texts),
    Integer(Vec<i64>),
    Flag(Vec<bool>),
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
            Type::Text | Type::Number => Values::Text(Texts::new()),
            Type::Integer | Type::Time => Values::Integer(Vec::new()),
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
                TEXT_BYTES + texts.push(text, Way::Raw)
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
    pub fn texts<'a>(&mut self, values: impl Iterator<Item = Text<'a>>) -> usize {
        let Values::Text(texts) = &mut self.values else { unreachable!("{STRANGE}") };
        let mut bytes = 0;
        let (has_value, rows) = fill(values, |text| {
            let (text, way, number) = text.parts();
            if text.is_empty() {
                return false;
            }
            bytes +=
                TEXT_BYTES + if number > 0 { texts.push_numbered(text, way, number) } else { texts.push(text, way) };
            true
        });
        self.levels.push(has_value, rows);
        bytes + rows - has_value.count_ones() as usize
    }

    #[inline(always)]
    pub fn times(&mut self, values: impl Iterator<Item = Option<Instant>>) -> usize {
        self.integers(values.map(|time| time.map(Instant::micros)))
    }

    #[inline(always)]
    pub fn integers(&mut self, values: impl Iterator<Item = Option<i64>>) -> usize {
        let Values::Integer(numbers) = &mut self.values else { unreachable!("{STRANGE}") };
        let (mut room, mut count) = ([0; MOST_ROWS], 0);
        let (has_value, rows) = fill(values, |number| {
            room[count % MOST_ROWS] = number.unwrap_or(0);
            count += usize::from(number.is_some());
            number.is_some()
        });
        numbers.extend_from_slice(&room[..count]);
        self.levels.push(has_value, rows);
        rows - count + NUMBER_BYTES * count
    }

    /// Encodes the cells and appends the pages to `out`.
    pub fn write(&self, out: &mut Vec<u8>, room: &mut PageBuffers) -> io::Result<Described> {
        let PageBuffers { packer, body, small } = room;
        let mut pages = Pages { out, packer, small, codec: UNCOMPRESSED, unpacked: 0, packed: 0, data_page: 0 };
        body.clear();
        self.levels.write(body);
        let (encoding, [least, greatest]) = match &self.values {
            Values::Integer(numbers) => {
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
                pack(body, 1, flags.iter().map(|flag| u64::from(*flag)));
                let bounds = [flags.iter().min(), flags.iter().max()];
                (PLAIN, bounds.map(|bound| bound.map(|flag| vec![u8::from(*flag)])))
            }
            Values::Text(texts) => {
                pages.codec = ZSTD;
                (texts.write(body, &mut pages)?, texts.bounds())
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
            Values::Integer(numbers) => numbers.clear(),
            Values::Flag(flags) => flags.clear(),
        }
    }

    /// Whether all rows have the same value.
    pub fn is_constant(&self) -> bool {
        match &self.values {
            Values::Text(texts) => self.levels.nulls() == 0 && texts.dictionary.places.len() == 1,
            Values::Integer(_) | Values::Flag(_) => false,
        }
    }

    /// Calls `take` with the value of each row.
    pub fn each<'c>(&'c self, mut take: impl FnMut(Value<'c>)) {
        let mut texts = self.texts_in_order();
        let (mut numbers, mut flags) = match &self.values {
            Values::Text(_) => ([].iter(), [].iter()),
            Values::Integer(numbers) => (numbers.iter(), [].iter()),
            Values::Flag(flags) => ([].iter(), flags.iter()),
        };
        for row in 0..self.levels.rows() {
            let value = match &self.values {
                _ if !self.levels.has_value(row) => None,
                Values::Text(_) => texts.next().map(|text| Value::Text(prefix(text), text)),
                Values::Integer(_) => numbers.next().map(|number| Value::Number(*number)),
                Values::Flag(_) => flags.next().map(|flag| Value::Number(i64::from(*flag))),
            };
            take(value.unwrap_or(Value::Empty));
        }
    }

    fn texts_in_order(&self) -> impl Iterator<Item = &[u8]> {
        let texts = if let Values::Text(texts) = &self.values { Some(texts) } else { None };
        let (words, others) = match texts {
            Some(texts) if texts.dictionary.given_up => (None, Some(lengthy(&texts.plain))),
            Some(texts) => (Some(texts), None),
            None => (None, None),
        };
        let words = words.into_iter().flat_map(|texts| {
            let text = |number: &u32| &texts.plain[texts.dictionary.places[*number as usize].clone()];
            texts.numbers.iter().map(text)
        });
        words.chain(others.into_iter().flatten())
    }
}

/// A value in Parquet's order: nulls are last. The values of a column are all texts or all numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value<'c> {
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
        has_value = has_value >> 1 | u64::from(add(value)) << (MOST_ROWS - 1);
        rows += 1;
    }
    assert!(rows <= MOST_ROWS, "rows come in small batches");
    (if rows == 0 { 0 } else { has_value >> (MOST_ROWS - rows) }, rows)
}

/// The least and the greatest number.
fn extremes(numbers: &[i64]) -> [Option<i64>; 2] {
    let Some(first) = numbers.first() else { return [None; 2] };
    let wider = |(least, greatest): (i64, i64), number: &i64| (least.min(*number), greatest.max(*number));
    let (least, greatest) = numbers.iter().fold((*first, *first), wider);
    [Some(least), Some(greatest)]
}

/// The texts of PLAIN-encoded bytes.
fn lengthy(mut plain: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, rest) = plain.split_first_chunk::<4>()?;
        let (text, rest) = rest.split_at(u32::from_le_bytes(*length) as usize);
        plain = rest;
        Some(text)
    })
}

/// Buffers reused for all pages.
pub struct PageBuffers {
    packer: Compressor<'static>,
    body: Vec<u8>,
    small: Vec<u8>,
}

impl PageBuffers {
    pub fn new() -> io::Result<PageBuffers> {
        Ok(PageBuffers { packer: Compressor::new(LEVEL)?, body: Vec::new(), small: Vec::new() })
    }
}

/// The pages of one column chunk being written.
struct Pages<'p> {
    out: &'p mut Vec<u8>,
    packer: &'p mut Compressor<'static>,
    small: &'p mut Vec<u8>,
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

    fn page(&mut self, body: &[u8], kind: i32, rest: impl FnOnce(&mut Thrift)) -> io::Result<()> {
        let written = if self.codec == ZSTD {
            self.small.clear();
            self.small.reserve(compress_bound(body.len()));
            self.packer.compress_to_buffer(body, self.small)?;
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

/// Texts: dictionary indices while texts repeat, otherwise plain.
#[derive(Debug)]
struct Texts {
    /// PLAIN-encoded (length-prefixed) texts: of the dictionary while there is one, otherwise of
    /// all rows.
    plain: Vec<u8>,
    numbers: Vec<u32>,
    dictionary: Dictionary,
    recent: Box<[Recent; RECENT]>,
    /// Of words by their numbers: the index in the dictionary, and the length.
    numbered: Vec<(u32, u32)>,
}

#[derive(Debug, Default)]
struct Dictionary {
    given_up: bool,
    /// Ranges of the texts in `plain`.
    places: Vec<Range<usize>>,
    numbers: HashMap<Box<[u8]>, u32>,
}

/// A recent text of the dictionary that is shown as it is.
#[derive(Clone, Copy, Debug)]
struct Recent {
    /// With the length all of a text of up to 16 bytes.
    prefix: u128,
    length: usize,
    way: Way,
    number: u32,
}

impl Recent {
    /// Equal to no text.
    const NONE: Recent = Recent { prefix: 0, length: usize::MAX, way: Way::Raw, number: 0 };

    #[inline(always)]
    fn new(text: &str, way: Way) -> Recent {
        Recent { prefix: prefix(text.as_bytes()), length: text.len(), way, number: 0 }
    }

    /// Its slot: few distinct texts rarely collide.
    #[inline(always)]
    fn slot(&self) -> usize {
        let mixed = (self.prefix >> 64) as u64 ^ self.prefix as u64 ^ self.length as u64;
        (mixed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 58) as usize
    }
}

impl Texts {
    fn new() -> Texts {
        let recent = Box::new([Recent::NONE; RECENT]);
        Texts {
            plain: Vec::new(),
            numbers: Vec::new(),
            dictionary: Dictionary::default(),
            recent,
            numbered: Vec::new(),
        }
    }

    /// Adds a text; returns its length as it is shown.
    #[inline(always)]
    fn push(&mut self, text: &str, way: Way) -> usize {
        if self.dictionary.given_up {
            if !way.keeps(text) {
                return self.push_changed(text, way);
            }
            self.append(text.as_bytes());
            return text.len();
        }
        let wanted = Recent::new(text, way);
        let found = self.recent[wanted.slot()];
        let is_equal = (found.prefix, found.length, found.way) == (wanted.prefix, wanted.length, way);
        if is_equal && (text.len() <= 16 || self.is_word(found.number, text)) {
            self.numbers.push(found.number);
            return text.len();
        }
        self.push_word(text, wanted)
    }

    /// Adds a word that has a number.
    #[inline(always)]
    fn push_numbered(&mut self, text: &str, way: Way, number: u32) -> usize {
        match self.numbered.get(number as usize) {
            Some((index, length)) if *length > 0 => {
                self.numbers.push(*index);
                *length as usize
            }
            _ => self.push_new_number(text, way, number),
        }
    }

    fn push_new_number(&mut self, text: &str, way: Way, number: u32) -> usize {
        let length = self.push(text, way);
        // Words beyond the limit are rare, and found as other texts are.
        if let Some(index) = self.numbers.last().filter(|_| (number as usize) < MOST_NUMBERS) {
            self.numbered.resize(self.numbered.len().max(number as usize + 1), (0, 0));
            self.numbered[number as usize] = (*index, length as u32);
        }
        length
    }

    fn is_word(&self, number: u32, text: &str) -> bool {
        self.place(number as usize).is_some_and(|place| self.plain[place] == *text.as_bytes())
    }

    #[cold]
    fn push_changed(&mut self, text: &str, way: Way) -> usize {
        let shown = way.show(text);
        self.append(shown.as_bytes());
        shown.len()
    }

    /// Adds a text that is not among the recent ones.
    fn push_word(&mut self, text: &str, recent: Recent) -> usize {
        let shown = recent.way.show(text);
        let number = match self.dictionary.numbers.get(shown.as_bytes()) {
            Some(number) => *number,
            None => self.add(shown.as_bytes()),
        };
        if matches!(shown, Cow::Borrowed(_)) {
            self.recent[recent.slot()] = Recent { number, ..recent };
        }
        self.numbers.push(number);
        let texts = self.dictionary.places.len();
        if texts >= MOST_TEXTS || (texts >= FEW_TEXTS && 2 * texts > self.numbers.len()) {
            self.give_up();
        }
        shown.len()
    }

    fn place(&self, number: usize) -> Option<Range<usize>> {
        self.dictionary.places.get(number).cloned()
    }

    /// Adds a text to the dictionary; returns its index.
    fn add(&mut self, text: &[u8]) -> u32 {
        let number = self.dictionary.places.len() as u32;
        let place = self.append(text);
        self.dictionary.places.push(place);
        self.dictionary.numbers.insert(text.into(), number);
        number
    }

    fn append(&mut self, text: &[u8]) -> Range<usize> {
        self.plain.extend_from_slice(&(text.len() as u32).to_le_bytes());
        let start = self.plain.len();
        self.plain.extend_from_slice(text);
        start..self.plain.len()
    }

    /// Converts dictionary indices to plain texts, because texts hardly repeat.
    fn give_up(&mut self) {
        let (numbers, plain) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.plain));
        let places = std::mem::take(&mut self.dictionary).places;
        self.dictionary.given_up = true;
        self.numbered.clear();
        for number in numbers {
            self.append(&plain[places[number as usize].clone()]);
        }
    }

    fn equals(&self, other: &Texts) -> bool {
        self.plain == other.plain
            && self.numbers == other.numbers
            && self.dictionary.given_up == other.dictionary.given_up
    }

    /// Appends the values to the data page; writes the dictionary page first, if there is one.
    fn write(&self, body: &mut Vec<u8>, pages: &mut Pages<'_>) -> io::Result<i32> {
        if self.dictionary.given_up || self.numbers.is_empty() {
            body.extend_from_slice(&self.plain);
            return Ok(PLAIN);
        }
        pages.dictionary(&self.plain, self.dictionary.places.len())?;
        let bits = width(self.dictionary.places.len() as u64 - 1).max(1);
        body.push(bits as u8);
        runs(body, bits, &self.numbers);
        Ok(RLE_DICTIONARY)
    }

    fn bounds(&self) -> [Option<Vec<u8>>; 2] {
        let mut texts = lengthy(&self.plain).map(|text| (prefix(text), text));
        let Some(first) = texts.next() else { return [None, None] };
        let (mut least, mut greatest) = (first, first);
        for text in texts {
            if text > greatest {
                greatest = text;
            } else if text < least {
                least = text;
            }
        }
        [least, greatest].map(|(_, bound)| (bound.len() <= BOUND_BYTES).then(|| bound.to_vec()))
    }

    fn clear(&mut self) {
        self.plain.clear();
        self.numbers.clear();
        self.dictionary = Dictionary::default();
        *self.recent = [Recent::NONE; RECENT];
        self.numbered.clear();
    }
}
