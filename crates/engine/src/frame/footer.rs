//! Reads the footer of a Parquet file. The file is untrusted.

use std::io::{self, Read, Seek, SeekFrom};

use super::column::Type;
use super::parquet::{MAGIC, TIMESTAMP_MICROS, UTF8, physical};
use super::thrift::{BINARY, I32, I64, LIST, STRUCT, ThriftReader};

/// Upper limit in bytes of a footer, and of a column chunk; files of this program are far smaller.
pub const MOST_BYTES: usize = 256 << 20;

/// Upper limit in bytes of what is reserved for bytes that may not be there.
pub const ROOM: usize = 4 << 20;

/// The footer length and the magic bytes at the end of the file.
const TAIL: usize = 8;

/// The fields of the footer that are needed.
pub struct Footer {
    pub schema: Vec<StoredColumn>,
    pub groups: Vec<RowGroup>,
    pub rows: u64,
}

/// A column of the schema.
pub struct StoredColumn {
    pub name: String,
    physical: i64,
    converted: Option<i64>,
}

/// Number of rows, and the byte range and bounds of each column.
pub struct RowGroup {
    pub rows: usize,
    pub chunks: Vec<PageRange>,
    pub bounds: Vec<ChunkBounds>,
}

/// The minimum and the maximum of a column's values in a row group, where the file states them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ChunkBounds {
    pub least: Option<Box<[u8]>>,
    pub greatest: Option<Box<[u8]>>,
}

impl ChunkBounds {
    /// Whether a text can be among the values.
    pub fn admit(&self, text: &[u8]) -> bool {
        let is_below = self.least.as_ref().is_some_and(|least| text < &**least);
        let is_above = self.greatest.as_ref().is_some_and(|greatest| text > &**greatest);
        !is_below && !is_above
    }
}

/// The byte range of a column's pages, and their codec.
#[derive(Clone, Copy)]
pub struct PageRange {
    pub start: u64,
    pub bytes: usize,
    pub codec: i64,
}

impl StoredColumn {
    /// Whether the stored type is that of the declared one.
    pub fn holds(&self, kind: Type) -> bool {
        let converted = match kind {
            Type::Text | Type::Number => Some(UTF8),
            Type::Time => Some(TIMESTAMP_MICROS),
            Type::Integer | Type::Flag => None,
        };
        self.physical == i64::from(physical(kind)) && self.converted == converted.map(i64::from)
    }
}

impl Footer {
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or is no Parquet file.
    pub fn read(file: &mut (impl Read + Seek)) -> io::Result<Footer> {
        let strange = || io::Error::new(io::ErrorKind::InvalidData, "it is no Parquet file");
        let size = file.seek(SeekFrom::End(0))?;
        if size < (MAGIC.len() + TAIL) as u64 {
            return Err(strange());
        }
        let head = read_at(file, 0, MAGIC.len())?;
        let tail = read_at(file, size - TAIL as u64, TAIL)?;
        let (length, magic) = tail.split_first_chunk().ok_or_else(strange)?;
        let length = u32::from_le_bytes(*length);
        let start = (size - TAIL as u64).checked_sub(u64::from(length)).ok_or_else(strange)?;
        if head != MAGIC || magic != MAGIC || length as usize > MOST_BYTES {
            return Err(strange());
        }
        let bytes = read_at(file, start, length as usize)?;
        let footer = footer(&mut ThriftReader::new(&bytes)).filter(|footer| footer.lies_before(start));
        footer.ok_or_else(strange)
    }

    /// Whether row counts and column counts agree, and all chunks end before `end`.
    fn lies_before(&self, end: u64) -> bool {
        let rows = self.groups.iter().try_fold(0u64, |sum, group| sum.checked_add(group.rows as u64));
        let mut chunks = self.groups.iter().flat_map(|group| &group.chunks);
        rows == Some(self.rows)
            && self.groups.iter().all(|group| group.chunks.len() == self.schema.len())
            && chunks.all(|chunk| chunk.start.checked_add(chunk.bytes as u64).is_some_and(|behind| behind <= end))
    }
}

/// The number of rows of a file; the file is untrusted.
///
/// # Errors
///
/// When it cannot be read, or is no Parquet file.
pub fn parquet_rows(mut file: impl Read + Seek) -> io::Result<u64> {
    Ok(Footer::read(&mut file)?.rows)
}

/// Reads up to `length` bytes, fewer at the end of the file.
pub fn read_at(file: &mut (impl Read + Seek), at: u64, length: usize) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(length.min(ROOM));
    file.take(length as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn footer(reader: &mut ThriftReader<'_>) -> Option<Footer> {
    let (mut schema, mut groups, mut rows) = (None, None, None);
    reader.structure(|reader, field| {
        match field {
            (2, LIST) => schema = Some(reader.structures(element)?),
            (3, I64) => rows = Some(u64::try_from(reader.zigzag()?).ok()?),
            (4, LIST) => groups = Some(reader.structures(group)?),
            _ => return Some(false),
        }
        Some(true)
    })?;
    // The root comes first and has no type. Nested groups have none either; they are not supported.
    let schema = schema?.into_iter().skip(1).collect::<Option<_>>()?;
    Some(Footer { schema, groups: groups?, rows: rows? })
}

/// A schema element; `Some(None)` if it is a group.
fn element(reader: &mut ThriftReader<'_>) -> Option<Option<StoredColumn>> {
    let (mut name, mut physical, mut converted) = (None, None, None);
    reader.structure(|reader, field| {
        match field {
            (1, I32) => physical = Some(reader.zigzag()?),
            (4, BINARY) => name = Some(std::str::from_utf8(reader.bytes()?).ok()?.to_owned()),
            (6, I32) => converted = Some(reader.zigzag()?),
            _ => return Some(false),
        }
        Some(true)
    })?;
    let name = name?;
    Some(physical.map(|physical| StoredColumn { name, physical, converted }))
}

fn group(reader: &mut ThriftReader<'_>) -> Option<RowGroup> {
    let (mut columns, mut rows) = (None, None);
    reader.structure(|reader, field| {
        match field {
            (1, LIST) => columns = Some(reader.structures(chunk)?),
            (3, I64) => rows = Some(usize::try_from(reader.zigzag()?).ok()?),
            _ => return Some(false),
        }
        Some(true)
    })?;
    let (chunks, bounds) = columns?.into_iter().unzip();
    Some(RowGroup { rows: rows?, chunks, bounds })
}

fn chunk(reader: &mut ThriftReader<'_>) -> Option<(PageRange, ChunkBounds)> {
    let mut column = None;
    reader.structure(|reader, field| {
        if field != (3, STRUCT) {
            return Some(false);
        }
        column = Some(metadata(reader)?);
        Some(true)
    })?;
    column
}

fn metadata(reader: &mut ThriftReader<'_>) -> Option<(PageRange, ChunkBounds)> {
    let (mut codec, mut bytes, mut data, mut dictionary) = (None, None, None, None);
    let mut bounds = ChunkBounds::default();
    reader.structure(|reader, field| {
        match field {
            (4, I32) => codec = Some(reader.zigzag()?),
            (7, I64) => bytes = Some(usize::try_from(reader.zigzag()?).ok()?),
            (9, I64) => data = Some(u64::try_from(reader.zigzag()?).ok()?),
            (11, I64) => dictionary = Some(u64::try_from(reader.zigzag()?).ok()?),
            (12, STRUCT) => bounds = statistics(reader)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some((PageRange { start: dictionary.or(data)?, bytes: bytes?, codec: codec? }, bounds))
}

/// The bounds alone; fields 1 and 2 are older bounds, whose order is not defined.
fn statistics(reader: &mut ThriftReader<'_>) -> Option<ChunkBounds> {
    let mut bounds = ChunkBounds::default();
    reader.structure(|reader, field| {
        match field {
            (5, BINARY) => bounds.greatest = Some(reader.bytes()?.into()),
            (6, BINARY) => bounds.least = Some(reader.bytes()?.into()),
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(bounds)
}
