//! Resolves the escapes of strings into the arena.

use bumpalo::Bump;
use bumpalo::collections::String as BumpString;

use super::fault::{Fault, Read};
use crate::model::reject::RecordReason::{self, InvalidUtf8, Syntax};

/// Unescapes the text between the quotes; `start` is its offset in the block.
#[cold]
pub(crate) fn unescape<'b>(raw: &str, start: usize, arena: &'b Bump) -> Read<&'b str> {
    let mut out = BumpString::with_capacity_in(raw.len(), arena);
    let mut rest = raw;
    while let Some(at) = rest.find(|c: char| c == '\\' || c < ' ') {
        out.push_str(&rest[..at]);
        let special = &rest[at..];
        let fault = |reason| Fault::new(reason, start + raw.len() - special.len());
        if !special.starts_with('\\') {
            return Err(fault(Syntax));
        }
        let (point, length) = escape(special.as_bytes()).map_err(fault)?;
        out.push(point);
        rest = &special[length..];
    }
    out.push_str(rest);
    Ok(out.into_bump_str())
}

/// The character of the escape at the start, and the escape's length in bytes.
fn escape(raw: &[u8]) -> Result<(char, usize), RecordReason> {
    let plain = match raw.get(1) {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return code_point(raw),
        _ => return Err(Syntax),
    };
    Ok((plain, 2))
}

fn code_point(raw: &[u8]) -> Result<(char, usize), RecordReason> {
    let high = unit(raw).ok_or(Syntax)?;
    if let Some(point) = char::from_u32(high) {
        return Ok((point, 6));
    }
    // A lone surrogate is valid grammar, but not valid text.
    let low = raw.get(6..).and_then(unit).ok_or(InvalidUtf8)?;
    if !(0xD800..0xDC00).contains(&high) || !(0xDC00..0xE000).contains(&low) {
        return Err(InvalidUtf8);
    }
    let point = 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    char::from_u32(point).map(|c| (c, 12)).ok_or(InvalidUtf8)
}

/// The value of the four hex digits after `\u`.
fn unit(raw: &[u8]) -> Option<u32> {
    let digits = raw.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |n, d| Some(n * 16 + char::from(*d).to_digit(16)?))
}
