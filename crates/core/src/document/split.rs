//! Finds the records of a text: consecutive values, arrays, arrays of arrays, pages of any size.

use std::ops::Range;

use super::scan::{FAST_DEPTH, Skipped, Unclosed, container_end, container_end_by_count};
use super::simd::Way;
use crate::model::limits::MAX_DEPTH;
use crate::model::number::Number;
use crate::model::reject::{FileFault, FileReason};

/// Where the records of a block are.
#[derive(Debug)]
pub enum Pieces {
    /// Each line is a record.
    Lines,
    /// The byte ranges of the records.
    Spans(Vec<Range<usize>>),
}

/// Member names that identify an envelope larger than a record may be.
#[derive(Debug)]
pub struct EnvelopeNames {
    /// Lists whose elements are records of their own.
    pub lists: &'static [&'static str],
    /// Lists whose elements can only be read together with the envelope's other members.
    pub other_lists: &'static [&'static str],
    /// Members allowed beside a list.
    pub paging: &'static [&'static str],
    /// The member that names the owner of the lists; a list after it is not a page's list.
    pub owner: &'static str,
}

fn has(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|known| known.as_bytes() == name)
}

/// The top level of a text, to recognise a file that is a single value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TopValue {
    /// Number of consecutive values.
    pub values: u64,
    /// Whether the first is an array.
    pub is_list: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Level {
    /// An element or the end may come.
    First,
    /// A comma or the end must come.
    After,
    /// An element must come.
    Comma,
    /// The list of a large page was closed: a comma or the page's end must come.
    Page,
    /// A further paging key of a large page must come.
    PageKey,
}

/// A record over the size limit that is being skipped.
#[derive(Clone, Copy, Debug, Default)]
struct Oversized {
    offset: u64,
    length: u64,
    /// Whether it is a number or literal, which has no closing byte.
    is_bare: bool,
    depth: u64,
    in_string: bool,
    escaped: bool,
}

/// Cuts a text into records, block by block.
#[derive(Debug)]
pub struct Splitter {
    levels: Vec<Level>,
    top: TopValue,
    max_record: u64,
    names: &'static EnvelopeNames,
    passing: Option<Oversized>,
    too_large: Vec<(u64, u64)>,
    way: Way,
}

/// Result of reading a token or value.
enum Step {
    Advanced(usize),
    /// More bytes are needed to see its end.
    More,
}

fn broken(what: &str, at: u64) -> FileFault {
    FileFault::new(FileReason::BrokenText, format!("{what} at byte {at}; fetch the export again"))
}

impl Splitter {
    pub fn new(max_record: u64, names: &'static EnvelopeNames) -> Self {
        Splitter {
            levels: Vec::new(),
            top: TopValue::default(),
            max_record,
            names,
            passing: None,
            too_large: Vec::new(),
            way: Way::best(),
        }
    }

    /// The top level read so far.
    pub fn top(&self) -> TopValue {
        self.top
    }

    /// Records that were too large, by offset and length.
    pub fn take_too_large(&mut self) -> Vec<(u64, u64)> {
        std::mem::take(&mut self.too_large)
    }

    /// Finds the whole records of `bytes`, which are at offset `base` of the stream and begin where
    /// the last call stopped. Returns them with the number of bytes consumed.
    pub fn split(&mut self, bytes: &[u8], base: u64, at_end: bool) -> Result<(Pieces, usize), FileFault> {
        let mut spans = Vec::new();
        let mut at = 0;
        if self.passing.is_some() {
            at = self.pass(bytes);
            // The next call reads what follows.
            if at < bytes.len() || !at_end {
                return Ok((Pieces::Spans(spans), at));
            }
        }
        let mut walk = Walk { bytes, names: self.names, way: self.way, base, at_end };
        loop {
            at = walk.blanks(at);
            if at == bytes.len() {
                if at_end && (!self.levels.is_empty() || self.passing.is_some()) {
                    return Err(broken("the text ends before it is closed,", base + at as u64));
                }
                break;
            }
            match self.step(&mut walk, at, &mut spans)? {
                Step::Advanced(to) => at = to,
                Step::More if at_end => {
                    return Err(broken("the text ends before it is closed,", base + bytes.len() as u64));
                }
                Step::More => {
                    if (bytes.len() - at) as u64 > self.max_record {
                        at = self.large(&walk, at)?;
                    }
                    break;
                }
            }
            if self.passing.is_some() {
                break;
            }
        }
        Ok((Pieces::Spans(spans), at))
    }

    fn step(&mut self, walk: &mut Walk<'_>, at: usize, spans: &mut Vec<Range<usize>>) -> Result<Step, FileFault> {
        let here = walk.base + at as u64;
        match (self.levels.last().copied(), walk.bytes[at]) {
            (Some(Level::First | Level::After), b']') => {
                self.levels.pop();
                self.value_ended();
                Ok(Step::Advanced(at + 1))
            }
            (Some(Level::After), b',') => {
                self.set(Level::Comma);
                Ok(Step::Advanced(at + 1))
            }
            (Some(Level::Page), b'}') => {
                self.levels.pop();
                self.value_ended();
                Ok(Step::Advanced(at + 1))
            }
            (Some(Level::Page), b',') => {
                self.set(Level::PageKey);
                Ok(Step::Advanced(at + 1))
            }
            (Some(Level::PageKey), b'"') => self.page_key(walk, at),
            (None | Some(Level::First | Level::Comma), byte) => self.value(walk, at, byte, spans),
            _ => Err(broken("a comma or a closing bracket is missing", here)),
        }
    }

    fn value(
        &mut self,
        walk: &mut Walk<'_>,
        at: usize,
        byte: u8,
        spans: &mut Vec<Range<usize>>,
    ) -> Result<Step, FileFault> {
        let here = walk.base + at as u64;
        if self.levels.is_empty() && self.top.values == 0 {
            self.top.is_list = byte == b'[';
        }
        let end = match byte {
            b'[' => {
                if self.levels.len() as u32 >= MAX_DEPTH {
                    return Err(broken("arrays are nested deeper than 128 levels", here));
                }
                self.levels.push(Level::First);
                return Ok(Step::Advanced(at + 1));
            }
            b'{' => match walk.container(at) {
                Ok(Some(end)) => end,
                Ok(None) => return Ok(Step::More),
                Err(wrong) => return Err(broken("brackets do not match", walk.base + wrong as u64)),
            },
            _ => match walk.scalar(at) {
                Scalar::Open => return Ok(Step::More),
                Scalar::Ends(end) => end,
                Scalar::None if self.levels.is_empty() && self.top.values > 0 => {
                    let detail = format!("what stands at byte {here} is no further JSON value");
                    return Err(FileFault::new(FileReason::TrailingData, detail));
                }
                Scalar::None => return Err(broken("this is no JSON value,", here)),
            },
        };
        spans.push(at..end);
        self.value_ended();
        Ok(Step::Advanced(end))
    }

    /// A value ended: updates the level around it.
    fn value_ended(&mut self) {
        match self.levels.last_mut() {
            None => self.top.values += 1,
            Some(Level::Page | Level::PageKey) => self.set(Level::Page),
            Some(level) => *level = Level::After,
        }
    }

    fn set(&mut self, level: Level) {
        if let Some(last) = self.levels.last_mut() {
            *last = level;
        }
    }

    /// Handles a value over the record limit: a page is entered and its elements are read one by
    /// one, another envelope is read once it is complete, and a record is skipped.
    fn large(&mut self, walk: &Walk<'_>, at: usize) -> Result<usize, FileFault> {
        if walk.bytes[at] == b'{'
            && let Some((name, list)) = walk.list(at)
        {
            if !has(self.names.lists, name) {
                return Ok(at);
            }
            walk.text(at..list)?;
            self.levels.push(Level::Page);
            self.levels.push(Level::First);
            return Ok(list + 1);
        }
        let is_bare = !matches!(walk.bytes[at], b'{' | b'[' | b'"');
        self.passing = Some(Oversized { offset: walk.base + at as u64, is_bare, ..Oversized::default() });
        Ok(at)
    }

    /// Skips a record that is too large; returns the position where it stopped.
    fn pass(&mut self, bytes: &[u8]) -> usize {
        let Some(mut passing) = self.passing.take() else { return 0 };
        if passing.is_bare {
            let length = bytes.iter().take_while(|byte| !ends_word(**byte)).count();
            passing.length += length as u64;
            if length < bytes.len() {
                self.too_large.push((passing.offset, passing.length));
                self.value_ended();
            } else {
                self.passing = Some(passing);
            }
            return length;
        }
        for (n, &byte) in bytes.iter().enumerate() {
            let was_escaped = std::mem::take(&mut passing.escaped);
            match byte {
                b'"' if !was_escaped => passing.in_string = !passing.in_string,
                b'\\' if passing.in_string && !was_escaped => passing.escaped = true,
                _ if passing.in_string => {}
                b'{' | b'[' => passing.depth += 1,
                b'}' | b']' => passing.depth = passing.depth.saturating_sub(1),
                _ => {}
            }
            if passing.depth == 0 && !passing.in_string {
                self.too_large.push((passing.offset, passing.length + n as u64 + 1));
                self.value_ended();
                return n + 1;
            }
        }
        passing.length += bytes.len() as u64;
        self.passing = Some(passing);
        bytes.len()
    }

    /// Reads a further key of a large page: only paging keys are allowed beside its list.
    fn page_key(&mut self, walk: &mut Walk<'_>, at: usize) -> Result<Step, FileFault> {
        let Some((name, value)) = walk.key(at) else { return Ok(Step::More) };
        if !has(self.names.paging, name) {
            return Err(broken(
                "the list of the page is followed by other members, or stands twice,",
                walk.base + at as u64,
            ));
        }
        let end = match walk.bytes.get(value) {
            None => None,
            Some(b'{' | b'[') => {
                walk.container(value).map_err(|w| broken("brackets do not match", walk.base + w as u64))?
            }
            Some(_) => walk.scalar(value).end(),
        };
        let Some(end) = end else { return Ok(Step::More) };
        walk.text(at..end)?;
        self.set(Level::Page);
        Ok(Step::Advanced(end))
    }
}

/// Whether this byte ends a number or literal.
fn ends_word(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b']' | b'}' | b'{' | b'[' | b'"' | b':')
}

/// Result of scanning a string, number or literal.
enum Scalar {
    /// The position after it.
    Ends(usize),
    /// More bytes are needed to see its end.
    Open,
    /// Not a valid JSON scalar.
    None,
}

impl Scalar {
    fn end(self) -> Option<usize> {
        if let Scalar::Ends(end) = self { Some(end) } else { None }
    }
}

struct Walk<'w> {
    bytes: &'w [u8],
    names: &'static EnvelopeNames,
    way: Way,
    base: u64,
    at_end: bool,
}

impl Walk<'_> {
    fn blanks(&self, at: usize) -> usize {
        at + self.bytes[at..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')).count()
    }

    /// The end of the container at `at`; `None` when the bytes end first, an error where brackets
    /// do not match.
    fn container(&self, at: usize) -> Result<Option<usize>, usize> {
        match self.way.skip(self.bytes, at, self.bytes.len(), FAST_DEPTH) {
            Skipped::Closed(end) => Ok(Some(end)),
            Skipped::AtEnd => Ok(None),
            Skipped::Unusual => match container_end(self.bytes, at, 0) {
                Ok(end) => Ok(Some(end)),
                Err(Unclosed::AtEnd) => Ok(None),
                Err(Unclosed::Mismatch(wrong)) => Err(wrong),
                Err(Unclosed::TooDeep(_)) => Ok(container_end_by_count(self.bytes, at)),
            },
        }
    }

    /// The closing quote of the string whose content starts at `from`.
    fn quote(&self, from: usize) -> Option<usize> {
        let mut at = from;
        loop {
            at += memchr::memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at] == b'"' {
                return Some(at);
            }
            at += 2;
        }
    }

    fn scalar(&self, at: usize) -> Scalar {
        if self.bytes[at] == b'"' {
            return self.quote(at + 1).map_or(Scalar::Open, |close| Scalar::Ends(close + 1));
        }
        let length = self.bytes[at..].iter().take_while(|byte| !ends_word(**byte)).count();
        let word = &self.bytes[at..at + length];
        if at + length == self.bytes.len() && !self.at_end {
            Scalar::Open
        } else if matches!(word, b"true" | b"false" | b"null") || Number::parse(word).is_some() {
            Scalar::Ends(at + length)
        } else {
            Scalar::None
        }
    }

    /// The text beside the list of a page must be UTF-8.
    fn text(&self, own: Range<usize>) -> Result<(), FileFault> {
        let start = self.base + own.start as u64;
        simdutf8::compat::from_utf8(&self.bytes[own])
            .map(|_| ())
            .map_err(|error| broken("what stands beside a list is no UTF-8", start + error.valid_up_to() as u64))
    }

    /// The name of the member at `at` and the position of its value.
    fn key(&self, at: usize) -> Option<(&[u8], usize)> {
        let close = self.quote(at + 1)?;
        let colon = self.blanks(close + 1);
        if self.bytes.get(colon) != Some(&b':') {
            return None;
        }
        let value = self.blanks(colon + 1);
        (value < self.bytes.len()).then(|| (&self.bytes[at + 1..close], value))
    }

    /// Name and position of the list of the envelope that opens at `at`; `None` if a member before
    /// the list is not one that envelopes have.
    fn list(&self, at: usize) -> Option<(&[u8], usize)> {
        let mut at = self.blanks(at + 1);
        let mut has_owner = false;
        while self.bytes.get(at) == Some(&b'"') {
            let (name, value) = self.key(at)?;
            let is_list = has(self.names.other_lists, name) || has(self.names.lists, name) && !has_owner;
            if is_list && self.bytes[value] == b'[' {
                return Some((name, value));
            }
            let is_owner = name == self.names.owner.as_bytes();
            has_owner |= is_owner;
            if !is_owner && !has(self.names.paging, name) {
                return None;
            }
            let end = match self.bytes[value] {
                b'{' | b'[' => self.container(value).ok().flatten()?,
                _ => self.scalar(value).end()?,
            };
            let comma = self.blanks(end);
            if self.bytes.get(comma) != Some(&b',') {
                return None;
            }
            at = self.blanks(comma + 1);
        }
        None
    }
}
