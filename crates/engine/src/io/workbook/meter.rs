//! How much of a part is read.

use std::io::{self, BufRead, BufReader, Read};

/// A tag or a text of this many bytes is none of a workbook: its cells hold 32,767 characters.
const MOST_OF_A_PIECE: usize = 1 << 20;

/// Unpacked bytes, counted while they are taken.
pub(super) struct Meter<'m, R> {
    inner: BufReader<R>,
    left: &'m mut u64,
    /// Bytes of the piece that is being read.
    piece: usize,
}

impl<'m, R: Read> Meter<'m, R> {
    /// Takes from `left` what is read.
    pub(super) fn new(from: R, left: &'m mut u64) -> Self {
        Meter { inner: BufReader::new(from), left, piece: 0 }
    }

    /// A new piece begins.
    pub(super) fn next_piece(&mut self) {
        self.piece = 0;
    }
}

impl<R: Read> Read for Meter<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let taken = self.fill_buf()?.read(buf)?;
        self.consume(taken);
        Ok(taken)
    }
}

impl<R: Read> BufRead for Meter<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.piece > MOST_OF_A_PIECE {
            return Err(io::Error::other("a tag or a text in it is too large"));
        }
        if *self.left == 0 {
            return Err(io::Error::other("it grows beyond measure when it is unpacked"));
        }
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.piece += amount;
        *self.left = self.left.saturating_sub(amount as u64);
        self.inner.consume(amount);
    }
}
