//! Limits how much of a part is read.

use std::io::{self, BufRead, BufReader, Read};

/// Maximum bytes of a tag or a text; cells hold at most 32,767 characters.
const MOST_OF_A_PIECE: usize = 1 << 20;

/// Counts unpacked bytes while they are read.
pub(super) struct Meter<'m, R> {
    inner: BufReader<R>,
    left: &'m mut u64,
    /// Bytes of the current piece.
    piece: usize,
}

impl<'m, R: Read> Meter<'m, R> {
    /// Creates a reader that subtracts the bytes read from `left`.
    pub(super) fn new(from: R, left: &'m mut u64) -> Self {
        Meter { inner: BufReader::new(from), left, piece: 0 }
    }

    /// Resets the count of the current piece.
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
