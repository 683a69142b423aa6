//! Writes rows into a preallocated buffer, so that the many values of a document need no growth checks.

use super::wire::Wire;

/// A reusable buffer for one row.
#[derive(Clone, Debug, Default)]
pub(super) struct RowBuffer {
    room: Vec<u8>,
}

/// Writes into a [`RowBuffer`].
pub(super) struct RowWriter<'p> {
    room: &'p mut [u8],
    /// Number of bytes written; [`FULL`] once a value did not fit.
    length: usize,
}

const FULL: usize = usize::MAX;

impl RowBuffer {
    /// Returns the bytes that `write` writes. `likely` is the expected length; if the buffer is too
    /// small, it grows and `write` is called again.
    #[inline(always)]
    pub(super) fn write(&mut self, likely: usize, mut write: impl FnMut(&mut RowWriter<'_>)) -> &[u8] {
        let mut length = likely;
        loop {
            if self.room.len() < length {
                self.room.resize(length, 0);
            }
            let mut pen = RowWriter { room: &mut self.room, length: 0 };
            write(&mut pen);
            let written = pen.length;
            if written != FULL {
                return &self.room[..written];
            }
            length = self.room.len() * 2 + 64;
        }
    }
}

impl Wire for RowWriter<'_> {
    #[inline(always)]
    fn put<const N: usize>(&mut self, bytes: [u8; N], length: usize) {
        match self.room.get_mut(self.length..self.length.wrapping_add(N)) {
            Some(front) => {
                front.copy_from_slice(&bytes);
                self.length = self.length.wrapping_add(length);
            }
            None => self.length = FULL,
        }
    }

    /// Most texts are short: two fixed-size copies that may overlap are faster than a call.
    #[inline(always)]
    fn raw(&mut self, bytes: &[u8]) {
        let Some(front) = self.room.get_mut(self.length..self.length.wrapping_add(bytes.len())) else {
            self.length = FULL;
            return;
        };
        match bytes.len() {
            17..=32 => both_ends::<16>(front, bytes),
            9..=16 => both_ends::<8>(front, bytes),
            5..=8 => both_ends::<4>(front, bytes),
            2..=4 => both_ends::<2>(front, bytes),
            1 => front[0] = bytes[0],
            33..=64 => both_ends::<32>(front, bytes),
            _ => front.copy_from_slice(bytes),
        }
        self.length = self.length.wrapping_add(bytes.len());
    }
}

/// Copies `N` to `2 * N` bytes.
#[inline(always)]
fn both_ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(to), Some(from)) = (to.first_chunk_mut::<N>(), from.first_chunk::<N>()) {
        *to = *from;
    }
    if let (Some(to), Some(from)) = (to.last_chunk_mut::<N>(), from.last_chunk::<N>()) {
        *to = *from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_grows_and_holds_what_a_list_would() {
        let text = "0123456789".repeat(40);
        let mut page = RowBuffer::default();
        for length in 0..text.len() - 2 {
            for likely in [0, 1, length, 1000] {
                // Shifts the text, so that stale bytes of an earlier row would be noticed.
                let text = &text[length % 3..];
                let write = |out: &mut dyn FnMut(&str, u64)| {
                    out(&text[..length], length as u64);
                    out("", u64::MAX);
                };
                let mut list = Vec::new();
                write(&mut |text, number| {
                    list.text(text);
                    list.number(number);
                });
                let page = page.write(likely, |pen| {
                    write(&mut |text, number| {
                        pen.text(text);
                        pen.number(number);
                    });
                });
                assert_eq!(page, list, "{length}");
            }
        }
    }
}
