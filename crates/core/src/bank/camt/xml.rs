//! Reads XML element by element: no document type, no entities of its own, and everything bounded.

use std::io::BufRead;

use quick_xml::Error;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use super::super::room::{Room, bytes_of};
use super::super::stream::{Bounded, REFETCH, decoded, has_controls, unreadable};
use super::names;
use crate::model::limits::{MAX_ATTRIBUTES, MAX_DEPTH, MAX_MARKUP, MAX_VALUE};
use crate::model::reject::{FileFault, FileReason};

pub type CamtResult<T> = Result<T, FileFault>;

/// The opening tag of an element.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The local name; empty if it is none that is read.
    pub name: &'static str,
    /// The attribute `Ccy`.
    pub currency: Option<String>,
    /// The offset of its first byte.
    pub at: u64,
}

/// What comes next inside an element.
enum Piece {
    Open(Tag),
    Close,
    Text(String),
    End,
}

pub struct XmlStream<'r, R> {
    reader: Reader<Bounded<R>>,
    buffer: Vec<u8>,
    is_latin1: bool,
    /// Bytes before the first that the XML reader got.
    base: u64,
    depth: u32,
    /// The namespace of the root's name.
    namespace: String,
    room: &'r dyn Room,
}

/// The fault of something at a byte of the file.
pub fn fault(reason: FileReason, what: &str, at: u64) -> FileFault {
    FileFault::new(reason, format!("{what} at byte {at}"))
}

fn broken(what: &str, at: u64) -> FileFault {
    fault(FileReason::BrokenText, what, at)
}

/// The fault of a file that ends too early.
fn cut(what: &str, at: u64) -> FileFault {
    FileFault::new(FileReason::BrokenText, format!("{what} at byte {at}: {REFETCH}"))
}

/// What surrounds an event.
struct Place {
    at: u64,
    is_latin1: bool,
    is_outside: bool,
}

impl Place {
    fn decoded(&self, bytes: &[u8]) -> CamtResult<String> {
        if has_controls(bytes) {
            return Err(broken("a control character stands in the text", self.at));
        }
        let expected = "expected UTF-8, or ISO-8859-1 if the XML declaration says so, found other bytes in the text";
        decoded(bytes, self.is_latin1).ok_or_else(|| fault(FileReason::Encoding, expected, self.at))
    }

    /// The text of `&…;`.
    fn reference(&self, name: &[u8]) -> CamtResult<String> {
        let whole = self.decoded(&[b"&", name, b";"].concat())?;
        self.unescaped(&whole)
    }

    fn unescaped(&self, text: &str) -> CamtResult<String> {
        let text = unescape(text).map_err(|_| broken("an entity is none of the five of XML itself", self.at))?;
        if has_controls(text.as_bytes()) {
            return Err(broken("a control character is written", self.at));
        }
        Ok(text.into_owned())
    }

    /// The text of an event that is no tag; `None` if it has none that counts.
    fn text(&self, event: Event<'_>) -> CamtResult<Option<String>> {
        let text = match event {
            Event::Text(text) => self.decoded(&text)?,
            Event::CData(text) => self.decoded(&text)?,
            Event::GeneralRef(name) => self.reference(&name)?,
            Event::Comment(text) => return self.decoded(&text).map(|_| None),
            Event::PI(text) => return self.decoded(&text).map(|_| None),
            Event::DocType(_) => return Err(broken("a document type declaration is not allowed, it stands", self.at)),
            _ => return Err(broken("an XML declaration stands behind the first byte,", self.at)),
        };
        if !self.is_outside {
            return Ok(Some(text));
        }
        if text.trim_matches(BLANKS).is_empty() {
            return Ok(None);
        }
        Err(broken("text stands outside the root element", self.at))
    }
}

pub const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];

impl<'r, R: BufRead> XmlStream<'r, R> {
    /// Skips a byte-order mark and reads the declaration.
    pub fn open(input: R, room: &'r dyn Room) -> CamtResult<XmlStream<'r, R>> {
        let mut input = Bounded::new(input);
        input.allow(MAX_MARKUP);
        let mut base = 0;
        // No XML without a mark begins with this byte.
        if input.fill_buf().map_err(|_| unreadable())?.first() == Some(&0xEF) {
            let mut mark = [0; 3];
            let is_mark = std::io::Read::read_exact(&mut input, &mut mark).is_ok() && mark == *b"\xef\xbb\xbf";
            if !is_mark {
                return Err(broken("expected XML, found other bytes", 0));
            }
            base = 3;
        }
        let mut reader = Reader::from_reader(input);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Ok(XmlStream { reader, buffer: Vec::new(), is_latin1: false, base, depth: 0, namespace: String::new(), room })
    }

    /// Takes room for what is kept of the stream.
    pub fn hold(&self, bytes: usize) -> CamtResult<()> {
        self.room.take(bytes).map_err(|_| unreadable())
    }

    /// The offset of what comes next.
    fn position(&self) -> u64 {
        self.base + self.reader.buffer_position()
    }

    fn next(&mut self) -> CamtResult<Piece> {
        loop {
            let at = self.position();
            self.buffer.clear();
            self.reader.get_mut().allow(MAX_MARKUP);
            let event = match self.reader.read_event_into(&mut self.buffer) {
                Ok(event) => event,
                Err(error) => {
                    let at = at.max(self.base + self.reader.error_position());
                    return Err(refusal(&error, self.reader.get_ref().is_used_up(), at));
                }
            };
            let place = Place { at, is_latin1: self.is_latin1, is_outside: self.depth == 0 };
            match event {
                // Empty elements come as two events.
                Event::Start(start) | Event::Empty(start) => {
                    let (tag, namespace) = opened(&start, &place)?;
                    if self.depth == MAX_DEPTH {
                        return Err(broken("elements are nested deeper than 128 levels", at));
                    }
                    if self.depth == 0 {
                        self.namespace = namespace;
                    }
                    self.depth += 1;
                    return Ok(Piece::Open(tag));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(Piece::Close);
                }
                Event::Eof if place.is_outside => return Ok(Piece::End),
                Event::Eof => return Err(cut("the text ends before its elements are closed,", at)),
                Event::Decl(declaration) if at == self.base => {
                    self.is_latin1 = is_latin1(declaration.encoding().map(Result::ok), at)?;
                }
                event => {
                    if let Some(text) = place.text(event)? {
                        return Ok(Piece::Text(text));
                    }
                }
            }
        }
    }

    /// Reads the root's opening tag; returns it with its namespace.
    pub fn root(&mut self) -> CamtResult<(Tag, String)> {
        match self.next()? {
            Piece::Open(tag) => Ok((tag, std::mem::take(&mut self.namespace))),
            _ => Err(broken("expected an element, found the end", self.position())),
        }
    }

    /// Asserts that nothing follows the root.
    pub fn finish(&mut self) -> CamtResult<()> {
        match self.next()? {
            Piece::End => Ok(()),
            _ => Err(broken("a second root element stands", self.position())),
        }
    }

    /// Reads an element to its end. `take` is called for each child and must read it to its end.
    pub fn each(&mut self, take: &mut dyn FnMut(&mut Self, Tag) -> CamtResult<()>) -> CamtResult<()> {
        loop {
            match self.next()? {
                Piece::Open(tag) => take(self, tag)?,
                Piece::Close => return Ok(()),
                Piece::Text(_) | Piece::End => {}
            }
        }
    }

    /// Reads an element like [`XmlStream::each`], and returns its own text without blanks around it;
    /// `None` if there is none.
    pub fn mixed(&mut self, take: &mut dyn FnMut(&mut Self, Tag) -> CamtResult<()>) -> CamtResult<Option<String>> {
        let (at, mut all) = (self.position(), String::new());
        loop {
            match self.next()? {
                Piece::Open(tag) => take(self, tag)?,
                Piece::Text(text) => {
                    all.push_str(&text);
                    if all.len() > MAX_VALUE {
                        return Err(broken("a value is longer than 64 KiB", at));
                    }
                }
                Piece::Close => break,
                Piece::End => {}
            }
        }
        let text = all.trim_matches(BLANKS);
        if text.is_empty() {
            return Ok(None);
        }
        let text = text.to_owned();
        self.hold(bytes_of([&text]))?;
        Ok(Some(text))
    }

    /// The text of an element; what it has for children does not count.
    pub fn text(&mut self) -> CamtResult<Option<String>> {
        self.mixed(&mut |xml, _| xml.skip())
    }

    /// Reads an element to its end and drops it.
    pub fn skip(&mut self) -> CamtResult<()> {
        let outer = self.depth - 1;
        while self.depth > outer {
            self.next()?;
        }
        Ok(())
    }
}

/// Reads the attributes of a tag; returns the tag, and the namespace that it declares for its own
/// name.
fn opened(start: &BytesStart<'_>, place: &Place) -> CamtResult<(Tag, String)> {
    let (mut currency, mut namespace) = (None, String::new());
    place.decoded(start)?;
    let prefix = start.name().prefix().map(|prefix| prefix.as_ref().to_vec());
    for (count, attribute) in start.attributes().enumerate() {
        if count == MAX_ATTRIBUTES {
            return Err(broken("an element has more than 64 attributes", place.at));
        }
        let attribute = attribute.map_err(|_| broken("an attribute is written wrongly, or stands twice,", place.at))?;
        let value = place.unescaped(&place.decoded(&attribute.value)?)?;
        let (key, declared) = (attribute.key.as_ref(), attribute.key.as_namespace_binding().is_some());
        let is_own = match &prefix {
            Some(prefix) => key.strip_prefix(b"xmlns:").is_some_and(|name| name == prefix),
            None => key == b"xmlns",
        };
        if declared && is_own {
            namespace = value;
        } else if attribute.key.local_name().as_ref() == b"Ccy" {
            currency = Some(value.trim_matches(BLANKS).to_owned());
        }
    }
    let name = names::known(start.local_name().as_ref());
    Ok((Tag { name, currency, at: place.at }, namespace))
}

/// Whether the declared encoding is ISO-8859-1.
fn is_latin1(declared: Option<Option<std::borrow::Cow<'_, [u8]>>>, at: u64) -> CamtResult<bool> {
    let Some(name) = declared else { return Ok(false) };
    match name.map(|name| name.to_ascii_lowercase()).as_deref() {
        Some(b"utf-8") => Ok(false),
        Some(b"iso-8859-1") => Ok(true),
        _ => {
            let what = "expected UTF-8 or ISO-8859-1, found another encoding in the XML declaration";
            Err(fault(FileReason::Encoding, what, at))
        }
    }
}

fn refusal(error: &Error, is_too_large: bool, at: u64) -> FileFault {
    match error {
        Error::Io(_) if is_too_large => broken("a tag, comment or text is larger than 16 MiB", at),
        Error::Io(_) => unreadable(),
        Error::Syntax(_) => cut("the text ends inside a tag or comment,", at),
        Error::IllFormed(_) => broken("tags do not match, or a mark of XML is missing,", at),
        _ => broken("a tag is written wrongly", at),
    }
}
