//! camt.053 (statements) and camt.054 (notifications) of ISO 20022, versions 02 to 13.

mod entry;
mod names;
mod statement;
#[cfg(test)]
mod tests;
mod value;
mod xml;

use std::io::BufRead;

use quick_xml::Error;
use quick_xml::events::Event;
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::Statement;
use super::raw::{BankFile, Notification, ReadStatement};
use super::room::Room;
use crate::model::reject::{FileFault, FileReason};
use xml::{CamtResult, XmlStream, fault};

/// Bytes in which the root element must open.
pub const WINDOW: usize = 64 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Statement,
    Notification,
}

/// The message of a root element.
fn message(name: &[u8], namespace: &[u8]) -> Option<Message> {
    let (family, version) = namespace.split_last_chunk::<2>()?;
    let is_read = version.iter().all(u8::is_ascii_digit) && (b"02"..=b"13").contains(&version);
    if name != b"Document" || !is_read {
        return None;
    }
    if family.ends_with(b"camt.053.001.") {
        return Some(Message::Statement);
    }
    family.ends_with(b"camt.054.001.").then_some(Message::Notification)
}

/// Whether the first bytes of a stream, without a byte-order mark, are those of a file that
/// [`read`] reads; `None` when more bytes are needed.
pub fn is_camt(bytes: &[u8], at_end: bool) -> Option<bool> {
    if bytes.trim_ascii_start().first().is_some_and(|byte| *byte != b'<') {
        return Some(false);
    }
    let mut reader = NsReader::from_reader(&bytes[..bytes.len().min(WINDOW)]);
    loop {
        match reader.read_resolved_event() {
            Ok((ResolveResult::Bound(namespace), Event::Start(root) | Event::Empty(root))) => {
                return Some(message(root.local_name().as_ref(), namespace.as_ref()).is_some());
            }
            Ok((_, Event::Start(_) | Event::Empty(_) | Event::End(_))) => return Some(false),
            Ok((_, Event::Eof)) | Err(Error::Syntax(_)) => {
                return (at_end || bytes.len() >= WINDOW).then_some(false);
            }
            Err(_) => return Some(false),
            Ok(_) => {}
        }
    }
}

/// Reads a file; what it holds takes from the room.
///
/// # Errors
///
/// Returns the first defect: a file with one is not used at all. Some fault if the room is full.
pub fn read(input: impl BufRead, room: &dyn Room) -> Result<BankFile, FileFault> {
    let mut xml = XmlStream::open(input, room)?;
    let (root, namespace) = xml.root()?;
    let message = message(root.name.as_bytes(), namespace.as_bytes());
    let message = message.ok_or_else(|| {
        fault(
            FileReason::NotAnExport,
            "expected camt.053 or camt.054 of version 02 to 13, found another element",
            root.at,
        )
    })?;
    let mut file = BankFile::default();
    xml.each(&mut |xml, tag| match (message, tag.name) {
        (Message::Statement, "BkToCstmrStmt") => statements(xml, &mut file),
        (Message::Notification, "BkToCstmrDbtCdtNtfctn") => notifications(xml, &mut file),
        _ => xml.skip(),
    })?;
    xml.finish()?;
    Ok(file)
}

fn statements<R: BufRead>(xml: &mut XmlStream<'_, R>, file: &mut BankFile) -> CamtResult<()> {
    xml.each(&mut |xml, tag| match tag.name {
        "Stmt" => {
            xml.hold(size_of::<ReadStatement>() + size_of::<Statement>())?;
            file.statements.push(statement::statement(xml, &tag)?);
            Ok(())
        }
        _ => xml.skip(),
    })
}

fn notifications<R: BufRead>(xml: &mut XmlStream<'_, R>, file: &mut BankFile) -> CamtResult<()> {
    xml.each(&mut |xml, tag| match tag.name {
        "Ntfctn" => {
            xml.hold(size_of::<Notification>())?;
            file.notifications.push(statement::notification(xml, &tag)?);
            Ok(())
        }
        _ => xml.skip(),
    })
}
