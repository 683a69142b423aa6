//! Reads Parquet files written by this program, row group by row group.
//!
//! The expected columns come from the declarations used for writing. Only the layout that `chunk`
//! writes is supported: a dictionary page and a data page per column. The file is untrusted: any
//! deviation is an error, and memory is bounded whatever the file states.

use std::fmt;
use std::io::{self, Read, Seek};
use std::ops::Range;

use avstem_core::model::instant::Instant;

use super::chunk::{
    DATA_PAGE, DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DICTIONARY_PAGE, PLAIN, RLE, RLE_DICTIONARY, UNCOMPRESSED, ZSTD,
    crc,
};
use super::column::{Column, Type};
use super::decode::{delta_texts, deltas, plain, runs, unpack};
use super::encode::GROUP_ROWS;
use super::footer::{ChunkBounds, Footer, MOST_BYTES, PageRange, ROOM, read_at};
use super::thrift::{I32, STRUCT, ThriftReader};

#[derive(Debug)]
pub struct ReadError {
    /// The file name as given to `open`.
    pub file: String,
    pub what: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot read {}: {}", self.file, self.what)
    }
}

impl std::error::Error for ReadError {}

/// Columns that run folders of earlier versions lack. They read as empty there.
pub const ADDED_LATER: &[&str] = &["evidence", "not_authorized_minor"];

/// An open Parquet file and the columns requested from it.
pub struct ParquetFile<R> {
    reader: R,
    name: String,
    columns: &'static [Column],
    /// Index in the file of each requested column; `None` reads as empty.
    places: Vec<Option<usize>>,
    footer: Footer,
}

impl<R: Read + Seek> ParquetFile<R> {
    /// Reads the footer. All of `columns` but [`ADDED_LATER`] must exist with the declared type;
    /// further ones are allowed.
    ///
    /// # Errors
    ///
    /// When it is no Parquet file, or lacks a column; `name` identifies the file in messages.
    pub fn open(mut reader: R, name: &str, columns: &'static [Column]) -> Result<ParquetFile<R>, ReadError> {
        let failed = |what: String| ReadError { file: name.to_owned(), what };
        let footer = Footer::read(&mut reader).map_err(|error| failed(error.to_string()))?;
        let mut places = Vec::with_capacity(columns.len());
        for column in columns {
            let place = footer.schema.iter().position(|stored| stored.name == column.name);
            match place {
                Some(place) if footer.schema[place].holds(column.kind) => places.push(Some(place)),
                None if ADDED_LATER.contains(&column.name) => places.push(None),
                _ => {
                    let what = match place {
                        None => format!("it has no column {}", column.name),
                        Some(_) => format!("its column {} is no {}", column.name, column.kind.words()),
                    };
                    return Err(failed(what + "; another version of avstem wrote it, run again with this one"));
                }
            }
        }
        Ok(ParquetFile { reader, name: name.to_owned(), columns, places, footer })
    }

    pub fn rows(&self) -> u64 {
        self.footer.rows
    }

    pub fn groups(&self) -> usize {
        self.footer.groups.len()
    }

    /// Reads some columns of a row group.
    pub fn group(&mut self, at: usize, columns: &[&str]) -> Result<Table, ReadError> {
        let rows = self.footer.groups[at].rows;
        let mut room = MOST_BYTES;
        let mut read = Vec::with_capacity(columns.len());
        for name in columns {
            let declared = self.columns.iter().position(|column| column.name == *name);
            let declared = declared.expect("columns are declared when a file is opened");
            let Column { name, kind, .. } = self.columns[declared];
            let Some(place) = self.places[declared] else {
                read.push((name, Values::empty(kind, rows)));
                continue;
            };
            let place = self.footer.groups[at].chunks[place];
            let values = column(&mut self.reader, place, kind, rows, &mut room).map_err(|error| ReadError {
                file: self.name.clone(),
                what: match error {
                    Unread::File(error) => error.to_string(),
                    Unread::Invalid => format!("its column {name} is not as avstem writes it"),
                },
            })?;
            read.push((name, values));
        }
        Ok(Table { rows, columns: read })
    }

    /// The bounds of a row group's columns.
    pub fn bounds(&self, at: usize) -> Bounds<'_> {
        Bounds { columns: self.columns, places: &self.places, stored: &self.footer.groups[at].bounds }
    }

    /// Reads the rows that are selected, by row group.
    pub fn select(&mut self, selection: &Selection<'_>) -> Result<Vec<TableRows>, ReadError> {
        let all: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        let mut tables = Vec::new();
        for at in 0..self.groups() {
            if !(selection.can_be_in)(&self.bounds(at)) {
                continue;
            }
            let table = self.group(at, selection.keys)?;
            let rows: Vec<usize> = (0..table.rows()).filter(|row| (selection.is_wanted)(&table, *row)).collect();
            if !rows.is_empty() {
                tables.push((self.group(at, &all)?, rows));
            }
        }
        Ok(tables)
    }

    /// All declared columns, one row group at a time.
    pub fn tables(&mut self) -> impl Iterator<Item = Result<Table, ReadError>> {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        (0..self.groups()).map(move |at| self.group(at, &names))
    }
}

/// Which rows of a file are read.
#[derive(Clone, Copy)]
pub struct Selection<'s> {
    /// The columns that `is_wanted` looks at.
    pub keys: &'s [&'s str],
    /// Whether a row group can hold a wanted row; if not, it is skipped.
    pub can_be_in: &'s dyn Fn(&Bounds<'_>) -> bool,
    pub is_wanted: &'s dyn Fn(&Table, usize) -> bool,
}

/// A table and the indices of the selected rows in it.
pub type TableRows = (Table, Vec<usize>);

/// The bounds of a row group's columns, as the footer states them.
#[derive(Clone, Copy)]
pub struct Bounds<'f> {
    columns: &'static [Column],
    places: &'f [Option<usize>],
    stored: &'f [ChunkBounds],
}

impl Bounds<'_> {
    /// Whether a text can be in a column; true where the file states no bounds.
    pub fn admit(&self, column: &str, text: &str) -> bool {
        let declared = self.columns.iter().position(|declared| declared.name == column);
        let place = self.places[declared.expect("columns are declared when a file is opened")];
        place.is_none_or(|place| self.stored[place].admit(text.as_bytes()))
    }
}

enum Unread {
    File(io::Error),
    Invalid,
}

fn column(
    file: &mut (impl Read + Seek),
    place: PageRange,
    kind: Type,
    rows: usize,
    room: &mut usize,
) -> Result<Values, Unread> {
    if rows > GROUP_ROWS || place.bytes > MOST_BYTES {
        return Err(Unread::Invalid);
    }
    let bytes = read_at(file, place.start, place.bytes).map_err(Unread::File)?;
    values(&bytes, place.codec, kind, rows, room).ok_or(Unread::Invalid)
}

/// Decodes a column chunk. `room` is the remaining limit of decompressed bytes.
fn values(bytes: &[u8], codec: i64, kind: Type, rows: usize, room: &mut usize) -> Option<Values> {
    let mut reader = ThriftReader::new(bytes);
    let mut page = Page::read(&mut reader, codec, room)?;
    let dictionary = match page.kind == i64::from(DICTIONARY_PAGE) {
        false => None,
        true => {
            let mut texts = TextValues::default();
            texts.read(&page.body, page.count, |_| true)?;
            page = Page::read(&mut reader, codec, room)?;
            Some(texts)
        }
    };
    let is_data = page.kind == i64::from(DATA_PAGE) && page.levels == Some(i64::from(RLE));
    if !is_data || page.count != rows || !reader.rest().is_empty() {
        return None;
    }
    let (length, rest) = page.body.split_first_chunk()?;
    let (levels, body) = rest.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    let levels = runs(levels, 1, rows)?;
    let count = levels.iter().filter(|level| **level == 1).count();
    let encoding = i32::try_from(page.encoding).ok()?;
    match (kind, encoding) {
        (Type::Flag, PLAIN) => {
            let flags = unpack(body, 1, count)?.into_iter().map(|bit| bit == 1);
            Some(Values::Flags(placed(&levels, flags)))
        }
        (Type::Integer | Type::Time, PLAIN) => Some(Values::Numbers(placed(&levels, plain(body, count)?))),
        (Type::Integer | Type::Time, DELTA_BINARY_PACKED) => {
            Some(Values::Numbers(placed(&levels, deltas(body, count)?)))
        }
        (Type::Text | Type::Number, PLAIN) => {
            let mut texts = TextValues::default();
            texts.read(body, rows, |row| levels[row] == 1)?;
            Some(Values::Texts(texts))
        }
        (Type::Text | Type::Number, DELTA_BYTE_ARRAY) => {
            let plain = delta_texts(body, count, *room)?;
            *room -= plain.len();
            let mut texts = TextValues::default();
            texts.read(&plain, rows, |row| levels[row] == 1)?;
            Some(Values::Texts(texts))
        }
        (Type::Text | Type::Number, RLE_DICTIONARY) => {
            let TextValues { text, rows: places } = dictionary?;
            let (width, body) = body.split_first()?;
            let numbers = runs(body, u32::from(*width), count)?;
            let named = numbers.iter().map(|number| places.get(*number as usize).cloned().flatten());
            let named: Vec<Range<usize>> = named.collect::<Option<_>>()?;
            Some(Values::Texts(TextValues { text, rows: placed(&levels, named) }))
        }
        _ => None,
    }
}

/// Distributes values to the rows whose level is 1; both numbers must be equal.
fn placed<T>(levels: &[u32], values: impl IntoIterator<Item = T>) -> Vec<Option<T>> {
    let mut values = values.into_iter();
    levels.iter().map(|level| if *level == 1 { values.next() } else { None }).collect()
}

/// A decompressed page.
struct Page {
    kind: i64,
    count: usize,
    encoding: i64,
    /// Encoding of the definition levels; data pages only.
    levels: Option<i64>,
    body: Vec<u8>,
}

impl Page {
    fn read(reader: &mut ThriftReader<'_>, codec: i64, room: &mut usize) -> Option<Page> {
        let (mut kind, mut unpacked, mut packed, mut checksum, mut inner) = (None, None, None, None, None);
        reader.structure(|reader, field| {
            match field {
                (1, I32) => kind = Some(reader.zigzag()?),
                (2, I32) => unpacked = Some(usize::try_from(reader.zigzag()?).ok()?),
                (3, I32) => packed = Some(usize::try_from(reader.zigzag()?).ok()?),
                (4, I32) => checksum = Some(i32::try_from(reader.zigzag()?).ok()? as u32),
                // The header of a data page or of a dictionary page.
                (5 | 7, STRUCT) => inner = Some(Page::inner(reader)?),
                _ => return Some(false),
            }
            Some(true)
        })?;
        let (packed, unpacked) = (reader.take(packed?)?, unpacked?);
        *room = room.checked_sub(unpacked)?;
        if checksum.is_some_and(|checksum| checksum != crc(packed)) {
            return None;
        }
        let mut body = Vec::with_capacity(unpacked.min(ROOM));
        match i32::try_from(codec).ok()? {
            UNCOMPRESSED => body.extend_from_slice(packed),
            ZSTD => {
                let decoder = zstd::stream::read::Decoder::with_buffer(packed).ok()?;
                // Reads at most one byte more than stated, and allocates little for bytes that may not exist.
                decoder.take(unpacked as u64 + 1).read_to_end(&mut body).ok()?;
            }
            _ => return None,
        }
        let (count, encoding, levels) = inner?;
        (body.len() == unpacked && count <= GROUP_ROWS).then_some(Page { kind: kind?, count, encoding, levels, body })
    }

    /// Number of values, their encoding, and the encoding of their levels.
    fn inner(reader: &mut ThriftReader<'_>) -> Option<(usize, i64, Option<i64>)> {
        let (mut count, mut encoding, mut levels) = (None, None, None);
        reader.structure(|reader, field| {
            match field {
                (1, I32) => count = Some(usize::try_from(reader.zigzag()?).ok()?),
                (2, I32) => encoding = Some(reader.zigzag()?),
                (3, I32) => levels = Some(reader.zigzag()?),
                _ => return Some(false),
            }
            Some(true)
        })?;
        Some((count?, encoding?, levels))
    }
}

/// Rows of some columns in memory.
pub struct Table {
    rows: usize,
    columns: Vec<(&'static str, Values)>,
}

enum Values {
    Texts(TextValues),
    Numbers(Vec<Option<i64>>),
    Flags(Vec<Option<bool>>),
}

impl Values {
    /// A column without a value in any row.
    fn empty(kind: Type, rows: usize) -> Values {
        match kind {
            Type::Text | Type::Number => Values::Texts(TextValues { text: Default::default(), rows: vec![None; rows] }),
            Type::Integer | Type::Time => Values::Numbers(vec![None; rows]),
            Type::Flag => Values::Flags(vec![None; rows]),
        }
    }
}

/// Concatenated texts, and the range of each row's text.
#[derive(Default)]
struct TextValues {
    text: String,
    rows: Vec<Option<Range<usize>>>,
}

impl TextValues {
    /// Reads length-prefixed texts for the rows that have one.
    fn read(&mut self, body: &[u8], rows: usize, has_one: impl Fn(usize) -> bool) -> Option<()> {
        let mut reader = ThriftReader::new(body);
        for row in 0..rows {
            let place = match has_one(row) {
                false => None,
                true => {
                    let length = u32::from_le_bytes(*reader.take(4)?.first_chunk()?);
                    let start = self.text.len();
                    self.text.push_str(std::str::from_utf8(reader.take(length as usize)?).ok()?);
                    Some(start..self.text.len())
                }
            };
            self.rows.push(place);
        }
        reader.rest().is_empty().then_some(())
    }
}

impl Table {
    pub fn rows(&self) -> usize {
        self.rows
    }

    fn column(&self, name: &str) -> &Values {
        let found = self.columns.iter().find(|(column, _)| *column == name);
        &found.expect("a column is asked for before it is looked at").1
    }

    /// A column of type text or number.
    pub fn texts(&self, name: &str) -> Texts<'_> {
        match self.column(name) {
            Values::Texts(texts) => Texts(texts),
            _ => unreachable!("{OF_ITS_TYPE}"),
        }
    }

    pub fn integers(&self, name: &str) -> Integers<'_> {
        match self.column(name) {
            Values::Numbers(numbers) => Integers(numbers),
            _ => unreachable!("{OF_ITS_TYPE}"),
        }
    }

    pub fn flags(&self, name: &str) -> Flags<'_> {
        match self.column(name) {
            Values::Flags(flags) => Flags(flags),
            _ => unreachable!("{OF_ITS_TYPE}"),
        }
    }

    pub fn times(&self, name: &str) -> Times<'_> {
        Times(self.integers(name))
    }
}

/// Why the type mismatch cannot happen.
const OF_ITS_TYPE: &str = "types were compared when the file was opened";

#[derive(Clone, Copy)]
pub struct Texts<'t>(&'t TextValues);

impl<'t> Texts<'t> {
    pub fn get(self, row: usize) -> Option<&'t str> {
        let place = self.0.rows.get(row)?.clone()?;
        self.0.text.get(place)
    }
}

#[derive(Clone, Copy)]
pub struct Integers<'t>(&'t [Option<i64>]);

impl Integers<'_> {
    pub fn get(self, row: usize) -> Option<i64> {
        *self.0.get(row)?
    }
}

#[derive(Clone, Copy)]
pub struct Flags<'t>(&'t [Option<bool>]);

impl Flags<'_> {
    pub fn get(self, row: usize) -> Option<bool> {
        *self.0.get(row)?
    }
}

#[derive(Clone, Copy)]
pub struct Times<'t>(Integers<'t>);

impl Times<'_> {
    pub fn get(self, row: usize) -> Option<Instant> {
        let micros = self.0.get(row)?;
        let nanos = u32::try_from(micros.rem_euclid(MICROS) * 1000).expect("less than a second");
        Some(Instant { seconds: micros.div_euclid(MICROS), nanos })
    }
}

const MICROS: i64 = 1_000_000;
