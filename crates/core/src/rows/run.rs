//! Runs of rows, each prefixed with its length in four bytes.

use crate::document::prefetch;

pub fn append(out: &mut Vec<u8>, row: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    row(out);
    let length = u32::try_from(out.len() - start - 4).expect("a row is not much larger than its record");
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

/// The first row of a run, and the rest.
#[inline]
pub fn split_first(run: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = run.split_first_chunk::<4>()?;
    Some(rest.split_at(u32::from_le_bytes(*length) as usize))
}

/// The size of a line of the processor's cache.
const LINE: usize = 64;

/// How many bytes ahead of a row that is read others are brought near: where the next one is only this one tells, so
/// that the processor does not see by itself what is read next.
const AHEAD: usize = 2048;

/// Brings near so many bytes from a place on, as far as there are any.
#[inline(always)]
pub fn bring_near(run: &[u8], from: usize, length: usize) {
    let near = run.get(from..).unwrap_or_default();
    near[..length.min(near.len())].chunks(LINE).for_each(|line| prefetch(&line[0]));
}

/// The rows of a run.
#[inline]
pub fn pieces(mut run: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (row, rest) = split_first(run)?;
        run = rest;
        bring_near(run, AHEAD, row.len());
        Some(row)
    })
}

/// Appends a text in a form whose bytes compare as the texts do, whatever follows it.
pub fn keyed(out: &mut Vec<u8>, text: &str) {
    for byte in text.bytes() {
        out.push(byte);
        if byte == 0 {
            out.push(0xff);
        }
    }
    out.extend_from_slice(&[0, 0]);
}

#[cfg(test)]
mod tests {
    use super::super::Unpacker;
    use super::*;

    #[test]
    fn rows_come_back() {
        let mut run = Vec::new();
        for row in [&b"a"[..], b"", b"bc"] {
            append(&mut run, |out| out.extend_from_slice(row));
        }
        assert_eq!(pieces(&run).collect::<Vec<_>>(), [&b"a"[..], b"", b"bc"]);
        assert_eq!(split_first(&[]), None);
    }

    #[test]
    fn keys_compare_as_their_texts_do() {
        let texts = ["", "\0", "\0\0", "\0a", "\u{1}", "a", "a\0", "a\0b", "a\u{1}", "ab", "b", "\u{ff}"];
        for a in texts {
            for b in texts {
                let key = |text: &str, tail: &str| {
                    let mut out = Vec::new();
                    keyed(&mut out, text);
                    keyed(&mut out, tail);
                    out
                };
                assert_eq!(key(a, "x").cmp(&key(b, "x")), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(key(a, "x") < key(b, "y"), a <= b, "{a:?} {b:?}");
                let row = key(a, b);
                let mut back = Unpacker::new(&row);
                assert_eq!((&*back.keyed(), &*back.keyed()), (a, b));
                let mut rest = Unpacker::new(&row);
                rest.skip_keyed();
                assert_eq!(rest.keyed(), b);
            }
        }
    }
}
