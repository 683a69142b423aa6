//! A strict reader of generated workbooks: only sheets of plain cells, and well-formed XML parts.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use zip::ZipArchive;

/// The elements allowed in a sheet; no formulas, links, pictures or macros.
const ELEMENTS_OF_A_SHEET: [&str; 21] = [
    "worksheet",
    "dimension",
    "sheetViews",
    "sheetView",
    "pane",
    "selection",
    "sheetFormatPr",
    "cols",
    "col",
    "sheetData",
    "row",
    "c",
    "v",
    "is",
    "t",
    "autoFilter",
    "dataValidations",
    "dataValidation",
    "formula1",
    "pageMargins",
    "sheetPr",
];

/// The parts allowed besides the sheets.
const PARTS: [&str; 8] = [
    "[Content_Types].xml",
    "_rels/.rels",
    "docProps/app.xml",
    "docProps/core.xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "xl/theme/theme1.xml",
];

/// The value of a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    Text(String),
    /// As written.
    Number(String),
    Flag(bool),
}

/// Non-empty cells, by row and column from 0.
pub type Sheet = BTreeMap<(u32, u32), Found>;

#[derive(Debug, Default)]
pub struct Book {
    /// By the number of the part.
    pub sheets: BTreeMap<u32, Sheet>,
    pub parts: BTreeMap<String, String>,
}

impl Book {
    /// Reads a workbook.
    ///
    /// # Errors
    ///
    /// Returns what is invalid.
    pub fn read(bytes: &[u8]) -> Result<Book, String> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| error.to_string())?;
        let mut book = Book::default();
        for at in 0..zip.len() {
            let mut part = zip.by_index(at).map_err(|error| error.to_string())?;
            let (name, mut text) = (part.name().to_owned(), String::new());
            part.read_to_string(&mut text).map_err(|error| format!("{name}: {error}"))?;
            let number = name.strip_prefix("xl/worksheets/sheet").and_then(|rest| rest.strip_suffix(".xml"));
            let wrong = |what| format!("{name}: {what}");
            if let Some(number) = number {
                let number = number.parse().map_err(|_| wrong("no number".to_owned()))?;
                let mut cells = Cells::default();
                parse_strict(&text, &mut |piece| cells.take(piece)).map_err(wrong)?;
                book.sheets.insert(number, cells.sheet);
            } else if PARTS.contains(&name.as_str()) {
                let mut plain = |piece: Piece<'_>| match piece {
                    Piece::Open(_, attributes) if attributes.contains_key("TargetMode") => {
                        Err("it leads outside".to_owned())
                    }
                    _ => Ok(()),
                };
                parse_strict(&text, &mut plain).map_err(wrong)?;
                book.parts.insert(name, text);
            } else {
                return Err(format!("{name}: an unknown part"));
            }
        }
        if book.parts.len() == PARTS.len() { Ok(book) } else { Err("a part is missing".to_owned()) }
    }
}

enum Piece<'p> {
    Open(&'p str, &'p BTreeMap<String, String>),
    Text(&'p str),
    Close(&'p str),
}

type Take<'t> = &'t mut dyn FnMut(Piece<'_>) -> Result<(), String>;

fn is_character(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '-' | '_'))
}

fn attributes(start: &BytesStart<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut out = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.0).into_owned();
        let value = attribute.unescape_value().map_err(|error| error.to_string())?;
        if !is_name(&name) || attribute.value.contains(&b'<') || !value.chars().all(is_character) {
            return Err(format!("the attribute {name:?}: {value:?}"));
        }
        out.insert(name, value.into_owned());
    }
    Ok(out)
}

/// Parses only the XML that a workbook needs: no comments, no CDATA sections, and one declaration.
fn parse_strict(text: &str, take: Take<'_>) -> Result<(), String> {
    let text =
        text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n").ok_or("no beginning")?;
    if let Some(strange) = text.chars().find(|c| !is_character(*c)) {
        return Err(format!("no character of XML: {strange:?}"));
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    reader.config_mut().check_comments = true;
    let (mut levels, mut roots) = (0, 0);
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.name().0).into_owned();
                roots += u32::from(levels == 0);
                levels += 1;
                if !is_name(&name) || roots > 1 {
                    return Err(format!("the element {name:?}"));
                }
                take(Piece::Open(&name, &attributes(&start)?))?;
            }
            Event::End(end) => {
                levels -= 1;
                take(Piece::Close(&String::from_utf8_lossy(end.name().0)))?;
            }
            Event::Text(text) => {
                let text = text.decode().map_err(|error| error.to_string())?;
                if text.contains("]]>") || (levels == 0 && !text.trim().is_empty()) {
                    return Err(format!("the text {text:?}"));
                }
                take(Piece::Text(&text))?;
            }
            Event::GeneralRef(name) => {
                let number = name.resolve_char_ref().map_err(|error| error.to_string())?;
                let named = name.decode().map_err(|error| error.to_string())?;
                let meant = number.filter(|c| is_character(*c)).map(String::from);
                let meant = meant.or_else(|| resolve_xml_entity(&named).map(str::to_owned));
                take(Piece::Text(&meant.ok_or_else(|| format!("the reference {named:?}"))?))?;
            }
            Event::Eof if levels == 0 && roots == 1 => return Ok(()),
            other => return Err(format!("found {other:?}")),
        }
    }
}

/// Parser state for the cells of a sheet.
#[derive(Default)]
struct Cells {
    sheet: Sheet,
    open: Vec<String>,
    at: Option<(u32, u32)>,
    kind: Option<String>,
    text: String,
}

impl Cells {
    fn take(&mut self, piece: Piece<'_>) -> Result<(), String> {
        match piece {
            Piece::Open(name, attributes) => {
                if !ELEMENTS_OF_A_SHEET.contains(&name) {
                    return Err(format!("the element {name} in a sheet"));
                }
                self.open.push(name.to_owned());
                if name == "c" {
                    self.at = Some(place(attributes.get("r").ok_or("a cell without place")?)?);
                    self.kind = attributes.get("t").cloned();
                    self.text.clear();
                }
            }
            Piece::Text(text) => match self.open.last().map(String::as_str) {
                Some("t" | "v") => self.text.push_str(text),
                Some("formula1") => {}
                _ if text.trim().is_empty() => {}
                _ => return Err(format!("the text {text:?} beside the cells")),
            },
            Piece::Close(name) => {
                self.open.pop();
                if let Some(at) = self.at.take_if(|_| name == "c") {
                    let text = std::mem::take(&mut self.text);
                    let found = match self.kind.as_deref() {
                        Some("inlineStr") => Found::Text(spelled(&text)?),
                        Some("b") if text == "1" || text == "0" => Found::Flag(text == "1"),
                        None if text.parse::<f64>().is_ok_and(f64::is_finite) => Found::Number(text),
                        None if text.is_empty() => return Ok(()),
                        kind => return Err(format!("a cell of the kind {kind:?}: {text:?}")),
                    };
                    if self.sheet.insert(at, found).is_some() {
                        return Err(format!("two cells at {at:?}"));
                    }
                }
            }
        }
        Ok(())
    }
}

/// The row and column of a reference like `AB12`, from 0.
fn place(text: &str) -> Result<(u32, u32), String> {
    let (letters, digits) = text.split_at(text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len()));
    let wrong = || format!("the place {text:?}");
    let row: u32 = digits.parse().map_err(|_| wrong())?;
    let is_place = (1..=3).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_uppercase()) && row > 0;
    let column = letters.bytes().fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    if is_place { Ok((row - 1, column - 1)) } else { Err(wrong()) }
}

/// Decodes `_xHHHH_` escapes like a spreadsheet: from the left, without nesting.
fn spelled(text: &str) -> Result<String, String> {
    let letters: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (String::new(), 0);
    while at < letters.len() {
        let digits = letters.get(at + 2..at + 6).filter(|digits| digits.iter().all(char::is_ascii_hexdigit));
        match digits {
            Some(digits) if letters[at..].starts_with(&['_', 'x']) && letters.get(at + 6) == Some(&'_') => {
                let number =
                    digits.iter().fold(0, |number, digit| number * 16 + digit.to_digit(16).unwrap_or_default());
                out.push(char::from_u32(number).ok_or_else(|| format!("half a character in {text:?}"))?);
                at += 7;
            }
            _ => {
                out.push(letters[at]);
                at += 1;
            }
        }
    }
    Ok(out)
}
