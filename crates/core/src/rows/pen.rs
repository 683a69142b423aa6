//! Writes rows into room that is there already: what is written again and again for every document should not ask each
//! time whether there is more.

use super::wire::Wire;

/// Room for a row, used again for the next.
#[derive(Clone, Debug, Default)]
pub(super) struct RowBuffer {
    room: Vec<u8>,
}

/// Writes on a page.
pub(super) struct Pen<'p> {
    room: &'p mut [u8],
    /// How much is written; [`FULL`] once something had no room.
    length: usize,
}

const FULL: usize = usize::MAX;

impl RowBuffer {
    /// What `write` writes; `likely` bytes are likely to be enough for it.
    #[inline(always)]
    pub(super) fn write(&mut self, likely: usize, mut write: impl FnMut(&mut Pen<'_>)) -> &[u8] {
        let mut length = likely;
        loop {
            if self.room.len() < length {
                self.room.resize(length, 0);
            }
            let mut pen = Pen { room: &mut self.room, length: 0 };
            write(&mut pen);
            let written = pen.length;
            if written != FULL {
                return &self.room[..written];
            }
            length = self.room.len() * 2 + 64;
        }
    }
}

impl Wire for Pen<'_> {
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

    /// Short texts are most of what is written; two stretches that may overlap are quicker than a call.
    #[inline(always)]
    fn raw(&mut self, bytes: &[u8]) {
        let Some(front) = self.room.get_mut(self.length..self.length.wrapping_add(bytes.len())) else {
            self.length = FULL;
            return;
        };
        match bytes.len() {
            17..=32 => twice::<16>(front, bytes),
            9..=16 => twice::<8>(front, bytes),
            5..=8 => twice::<4>(front, bytes),
            2..=4 => twice::<2>(front, bytes),
            1 => front[0] = bytes[0],
            33..=64 => twice::<32>(front, bytes),
            _ => front.copy_from_slice(bytes),
        }
        self.length = self.length.wrapping_add(bytes.len());
    }
}

/// Copies from `N` to twice as many bytes.
#[inline(always)]
fn twice<const N: usize>(to: &mut [u8], from: &[u8]) {
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
                // Other letters at each place than were there before.
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
