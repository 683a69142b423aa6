//! The sheets of a workbook, and its shared strings.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use avstem_core::model::display::visible;

use super::archive::Archive;
use super::error::{WorkbookError, take_room};
use super::xml::Piece;

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

/// Maximum number of sheets, and of other parts that a workbook names; no real one has as many.
const MOST_SHEETS: usize = 10_000;

/// Maximum characters of a sheet's name; the format allows 31.
const LONGEST_NAME: usize = 60;

/// Maximum bytes of a text; the format allows 32,767 characters.
const LONGEST_TEXT: usize = 1 << 20;

/// The metadata of a workbook.
pub(super) struct WorkbookParts {
    /// The displayable name of each sheet, and its part.
    pub(super) sheets: Vec<(String, String)>,
    /// The part of the shared strings.
    texts: Option<String>,
    /// Whether its days are counted from 1904.
    pub(super) is_of_1904: bool,
}

/// A part that the workbook names: its type and its path.
struct Relation {
    kind: String,
    part: String,
}

/// Reads the metadata of a workbook, and subtracts what is kept of it from `room`.
pub(super) fn contents(archive: &mut Archive, room: &mut usize) -> Result<WorkbookParts, WorkbookError> {
    let relations = relations(archive, room)?;
    let part = archive.part(WORKBOOK)?;
    let part =
        part.ok_or_else(|| WorkbookError("it is no workbook (.xlsx): nothing in it is a table of sheets".to_owned()))?;
    let (mut named, mut is_of_1904) = (Vec::new(), false);
    part.each(&mut |piece| {
        let Piece::Open(element) = piece else { return Ok(ControlFlow::Continue(())) };
        match element.name() {
            b"workbookPr" => is_of_1904 = matches!(element.attribute("date1904").as_deref(), Some("1" | "true")),
            b"sheet" => {
                if let (Some(name), Some(id)) = (element.attribute("name"), element.attribute("id")) {
                    take_room(room, name.len() + id.len())?;
                    named.push((name, id));
                }
            }
            _ => {}
        }
        few(named.len())
    })?;
    let mut sheets = Vec::new();
    for (name, id) in named {
        if let Some(relation) = relations.get(&id).filter(|relation| relation.kind.ends_with("/worksheet")) {
            // Many sheets can name one part, whose name can have any length.
            take_room(room, relation.part.len())?;
            let name = visible(&name).chars().take(LONGEST_NAME).collect();
            sheets.push((name, relation.part.clone()));
        }
    }
    let is_texts = |relation: &&Relation| relation.kind.ends_with("/sharedStrings");
    let texts = relations.values().find(is_texts).map(|relation| relation.part.clone());
    Ok(WorkbookParts { sheets, texts, is_of_1904 })
}

fn relations(archive: &mut Archive, room: &mut usize) -> Result<BTreeMap<String, Relation>, WorkbookError> {
    let mut relations = BTreeMap::new();
    let Some(part) = archive.part(RELATIONS)? else { return Ok(relations) };
    part.each(&mut |piece| {
        if let Piece::Open(element) = piece
            && element.name() == b"Relationship"
            && let (Some(id), Some(kind), Some(target)) =
                (element.attribute("Id"), element.attribute("Type"), element.attribute("Target"))
        {
            take_room(room, id.len() + kind.len() + target.len())?;
            let part = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            relations.insert(id, Relation { kind, part });
        }
        few(relations.len())
    })?;
    Ok(relations)
}

fn few(count: usize) -> super::xml::XmlStep {
    if count > MOST_SHEETS {
        return Err(WorkbookError(format!("it has more than {MOST_SHEETS} sheets")));
    }
    Ok(ControlFlow::Continue(()))
}

/// Passes each shared string to `take`, with the index by which cells refer to it.
pub(super) fn shared_texts(
    archive: &mut Archive,
    contents: &WorkbookParts,
    take: &mut dyn FnMut(usize, &str) -> Result<(), WorkbookError>,
) -> Result<(), WorkbookError> {
    let Some(name) = &contents.texts else { return Ok(()) };
    let Some(part) = archive.part(name)? else { return Ok(()) };
    let (mut number, mut text) = (0usize, CellText::default());
    part.each(&mut |piece| {
        text.take(&piece)?;
        if let Piece::Close(b"si") = piece {
            take(number, &text.finish())?;
            number += 1;
        }
        Ok(ControlFlow::Continue(()))
    })
}

/// Appends to a text; an error if no cell could hold the result.
pub(super) fn lengthen(text: &mut String, more: &str) -> Result<(), WorkbookError> {
    if text.len() + more.len() > LONGEST_TEXT {
        return Err(WorkbookError("a text in it is longer than a cell can hold".to_owned()));
    }
    text.push_str(more);
    Ok(())
}

/// The text of a cell or shared string, which may consist of several formatted runs. Phonetic text
/// is left out.
#[derive(Default)]
pub(super) struct CellText {
    text: String,
    in_text: bool,
    in_phonetic: bool,
}

impl CellText {
    pub(super) fn take(&mut self, piece: &Piece<'_>) -> Result<(), WorkbookError> {
        match piece {
            Piece::Open(element) => match element.name() {
                b"t" => self.in_text = !self.in_phonetic,
                b"rPh" => self.in_phonetic = true,
                _ => {}
            },
            Piece::Close(b"t") => self.in_text = false,
            Piece::Close(b"rPh") => self.in_phonetic = false,
            Piece::Close(_) => {}
            Piece::Text(text) if self.in_text => {
                lengthen(&mut self.text, text)?;
            }
            Piece::Text(_) => {}
        }
        Ok(())
    }

    /// Returns the text with its escapes decoded.
    pub(super) fn finish(&mut self) -> String {
        *self = CellText { text: decode_escapes(&self.text), ..CellText::default() };
        std::mem::take(&mut self.text)
    }
}

/// Decodes escapes like `_x000D_`, with which the format writes characters that XML cannot hold.
pub(super) fn decode_escapes(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find("_x") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let spelled = rest
            .get(2..6)
            .zip(rest.get(6..7))
            .filter(|(digits, end)| *end == "_" && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let meant = spelled.and_then(|(digits, _)| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
        let length = if meant.is_some() { 7 } else { 2 };
        match meant {
            Some(letter) => out.push(letter),
            None => out.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    out + rest
}
