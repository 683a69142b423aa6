//! One column of a row group: buffers its cells, then encodes them as pages.

use std::collections::HashMap;
use std::io;
use std::ops::Range;

use flate2::Crc;
use zstd::bulk::Compressor;
use zstd::zstd_safe::compress_bound;

use super::column::{Cell, Type};
use super::encode::{Levels, can_be_deltas, deltas, pack, plain, runs, width};
use super::thrift::Thrift;

/// Zstd level of texts. On balances, level 1 takes a fifth of the time of level 3 and no more
/// bytes.
const LEVEL: i32 = 1;

/// A dictionary is dropped at `MOST_TEXTS` texts, or at `FEW_TEXTS` if it has more than half as
/// many texts as rows.
const FEW_TEXTS: usize = 64;
const MOST_TEXTS: usize = 1 << 14;

/// Number of slots that cache the dictionary index of recent texts.
const MEMO: usize = 64;

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
            Type::Text | Type::Number => Values::Text(Texts::default()),
            Type::Integer | Type::Time => Values::Integer(Vec::new()),
            Type::Flag => Values::Flag(Vec::new()),
        };
        Chunk { levels: Levels::default(), values }
    }

    /// Adds a cell; returns its size in bytes.
    pub fn push(&mut self, cell: &Cell<'_>) -> usize {
        self.levels.push(!matches!(cell, Cell::Empty));
        match (&mut self.values, cell) {
            (_, Cell::Empty) => 1,
            (Values::Text(texts), Cell::Text(text) | Cell::Number(text)) => {
                texts.push(text.as_bytes());
                TEXT_BYTES + text.len()
            }
            (Values::Integer(numbers), Cell::Integer(number)) => {
                numbers.push(*number);
                NUMBER_BYTES
            }
            (Values::Integer(numbers), Cell::Time(time)) => {
                numbers.push(time.micros());
                NUMBER_BYTES
            }
            (Values::Flag(flags), Cell::Flag(flag)) => {
                flags.push(*flag);
                1
            }
            _ => unreachable!("a cell is of its column's type"),
        }
    }

    /// Encodes the cells and appends the pages to `out`.
    pub fn write(&self, out: &mut Vec<u8>, room: &mut PageBuffers) -> io::Result<Described> {
        let PageBuffers { packer, body, small } = room;
        let mut pages = Pages { out, packer, small, codec: UNCOMPRESSED, unpacked: 0, packed: 0, data_page: 0 };
        body.clear();
        self.levels.write(body);
        let encoding = match &self.values {
            Values::Integer(numbers) if !numbers.is_empty() && can_be_deltas(numbers) => {
                deltas(body, numbers);
                DELTA_BINARY_PACKED
            }
            Values::Integer(numbers) => {
                plain(body, numbers);
                PLAIN
            }
            Values::Flag(flags) => {
                pack(body, 1, flags.iter().map(|flag| u64::from(*flag)));
                PLAIN
            }
            Values::Text(texts) => {
                pages.codec = ZSTD;
                texts.write(body, &mut pages)?
            }
        };
        pages.data(body, self.levels.rows(), encoding)?;
        let (least, greatest) = self.bounds();
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

    fn bounds(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        match &self.values {
            Values::Text(texts) => texts.bounds(),
            Values::Integer(numbers) => {
                let bytes = |number: &i64| number.to_le_bytes().to_vec();
                (numbers.iter().min().map(bytes), numbers.iter().max().map(bytes))
            }
            Values::Flag(flags) => {
                let bytes = |flag: &bool| vec![u8::from(*flag)];
                (flags.iter().min().map(bytes), flags.iter().max().map(bytes))
            }
        }
    }
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
    let mut crc = Crc::new();
    crc.update(page);
    crc.sum()
}

fn size(bytes: &[u8]) -> io::Result<i32> {
    i32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge.into())
}

/// Texts: dictionary indices while texts repeat, otherwise plain.
#[derive(Debug, Default)]
struct Texts {
    /// PLAIN-encoded (length-prefixed) texts: of the dictionary while there is one, otherwise of
    /// all rows.
    plain: Vec<u8>,
    numbers: Vec<u32>,
    dictionary: Dictionary,
    /// Ranges in `plain` of the minimum and the maximum.
    bounds: Option<(Range<usize>, Range<usize>)>,
}

#[derive(Debug, Default)]
struct Dictionary {
    given_up: bool,
    /// Ranges of the texts in `plain`.
    places: Vec<Range<usize>>,
    numbers: HashMap<Box<[u8]>, u32>,
    memo: Vec<u32>,
}

impl Texts {
    fn push(&mut self, text: &[u8]) {
        if self.dictionary.given_up {
            self.append(text);
            return;
        }
        let slot = memo_of(text);
        let lately = self.dictionary.memo.get(slot).map(|number| *number as usize);
        if let Some(number) = lately.filter(|n| self.place(*n).is_some_and(|place| self.plain[place] == *text)) {
            self.numbers.push(number as u32);
            return;
        }
        let number = match self.dictionary.numbers.get(text) {
            Some(number) => *number,
            None => self.add(text),
        };
        self.dictionary.memo.resize(MEMO, u32::MAX);
        self.dictionary.memo[slot] = number;
        self.numbers.push(number);
        let texts = self.dictionary.places.len();
        if texts >= MOST_TEXTS || (texts >= FEW_TEXTS && 2 * texts > self.numbers.len()) {
            self.give_up();
        }
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
        let place = self.plain.len()..self.plain.len() + text.len();
        self.plain.extend_from_slice(text);
        match &mut self.bounds {
            None => self.bounds = Some((place.clone(), place.clone())),
            Some((least, greatest)) => {
                if *text > self.plain[greatest.clone()] {
                    *greatest = place.clone();
                } else if *text < self.plain[least.clone()] {
                    *least = place.clone();
                }
            }
        }
        place
    }

    /// Converts dictionary indices to plain texts, because texts hardly repeat.
    fn give_up(&mut self) {
        let (numbers, plain) = (std::mem::take(&mut self.numbers), std::mem::take(&mut self.plain));
        let places = std::mem::take(&mut self.dictionary).places;
        self.dictionary.given_up = true;
        self.bounds = None;
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

    fn bounds(&self) -> (Option<Vec<u8>>, Option<Vec<u8>>) {
        let Some((least, greatest)) = &self.bounds else { return (None, None) };
        let bound = |place: &Range<usize>| (place.len() <= BOUND_BYTES).then(|| self.plain[place.clone()].to_vec());
        (bound(least), bound(greatest))
    }

    fn clear(&mut self) {
        self.plain.clear();
        self.numbers.clear();
        self.dictionary = Dictionary::default();
        self.bounds = None;
    }
}

/// The cache slot of a text, from its length, first and last byte. Few distinct texts rarely
/// collide.
fn memo_of(text: &[u8]) -> usize {
    let [first, .., last] = text else { return text.len() % MEMO };
    (text.len() * 7 + usize::from(*first) + usize::from(*last) * 3) % MEMO
}
