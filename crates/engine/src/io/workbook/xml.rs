//! One XML part of a workbook, read piece by piece.

use std::io::Read;
use std::ops::ControlFlow;

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};

use super::error::WorkbookError;
use super::meter::Meter;

/// Maximum nesting of elements; no part that is read has as many levels.
const MOST_LEVELS: usize = 64;

/// A piece of a part.
pub(super) enum Piece<'x> {
    /// A start tag.
    Open(&'x Element<'x>),
    /// The end tag of an element of this name.
    Close(&'x [u8]),
    /// Text within the innermost open element, or a part of it.
    Text(&'x str),
}

/// A start tag.
pub(super) struct Element<'x>(BytesStart<'x>);

impl Element<'_> {
    /// Returns the name without its namespace prefix.
    pub(super) fn name(&self) -> &[u8] {
        self.0.local_name().into_inner()
    }

    /// Returns an attribute by its name without namespace prefix.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes();
        let named =
            attributes.with_checks(false).flatten().find(|found| found.key.local_name().as_ref() == name.as_bytes());
        Some(named?.unescape_value().ok()?.into_owned())
    }
}

/// The result of handling a piece: whether to read on.
pub(super) type XmlStep = Result<ControlFlow<()>, WorkbookError>;

/// A part that is being read.
pub(super) struct Xml<R> {
    name: String,
    reader: Reader<R>,
}

impl<'m, R: Read> Xml<Meter<'m, R>> {
    pub(super) fn new(name: &str, from: Meter<'m, R>) -> Self {
        let mut reader = Reader::from_reader(from);
        reader.config_mut().expand_empty_elements = true;
        Xml { name: name.to_owned(), reader }
    }

    /// Passes the pieces to `take`, to the end or until `take` breaks.
    pub(super) fn each(mut self, take: &mut dyn FnMut(Piece<'_>) -> XmlStep) -> Result<(), WorkbookError> {
        let (mut buffer, mut levels) = (Vec::new(), 0usize);
        loop {
            buffer.clear();
            self.reader.get_mut().next_piece();
            let event = self.reader.read_event_into(&mut buffer).map_err(|error| self.failed(error))?;
            let taken = match event {
                Event::Start(start) => {
                    levels += 1;
                    if levels > MOST_LEVELS {
                        return Err(self.failed("it goes too deep"));
                    }
                    take(Piece::Open(&Element(start)))
                }
                Event::End(end) => {
                    levels = levels.saturating_sub(1);
                    take(Piece::Close(end.local_name().into_inner()))
                }
                Event::Text(text) => take(Piece::Text(&text.decode().map_err(|error| self.failed(error))?)),
                Event::CData(text) => take(Piece::Text(&text.decode().map_err(|error| self.failed(error))?)),
                Event::GeneralRef(name) => {
                    let resolved =
                        resolved(&name).ok_or_else(|| self.failed("it names a character that is unknown"))?;
                    take(Piece::Text(&resolved))
                }
                Event::DocType(_) => return Err(self.failed("it declares what it is made of")),
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => Ok(ControlFlow::Continue(())),
                Event::Eof => return Ok(()),
            };
            if taken?.is_break() {
                return Ok(());
            }
        }
    }

    fn failed(&self, what: impl std::fmt::Display) -> WorkbookError {
        WorkbookError(format!("its part {}: {what}", self.name))
    }
}

/// Returns the text of the entity between `&` and `;`.
fn resolved(name: &BytesRef<'_>) -> Option<String> {
    if let Some(number) = name.resolve_char_ref().ok()? {
        return Some(number.to_string());
    }
    resolve_xml_entity(&name.decode().ok()?).map(str::to_owned)
}
