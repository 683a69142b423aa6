//! zstd, frame by frame.

use std::io::Error;

use avstem_core::model::reject::{FileFault, FileReason};
use zstd::stream::raw::{DParameter, Decoder, Operation};

use super::feed::RawBuffer;
use super::gzip::{cut, trailing};

/// Magic number of a frame.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Magic number of a skippable frame, after a first byte of 0x50 to 0x5f.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];

/// Longest possible frame header, in bytes.
const HEADER: usize = 18;

/// Windows up to 2^27 bytes (128 MiB) are accepted: what `zstd --ultra` and `zstd --long` make, and
/// what the memory budget allows.
const WINDOW_LOG: u32 = 27;

pub(super) struct Zstandard {
    decoder: Decoder<'static>,
    feed: RawBuffer,
    /// Whether the position is between two frames, where the file may end.
    at_border: bool,
    frame: u64,
}

impl Zstandard {
    pub(super) fn new(feed: RawBuffer) -> Result<Zstandard, FileFault> {
        let failed = |error: Error| FileFault::new(FileReason::IoError, format!("no zstd decoder: {error}"));
        let mut decoder = Decoder::new().map_err(failed)?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).map_err(failed)?;
        Ok(Zstandard { decoder, feed, at_border: true, frame: 0 })
    }

    pub(super) fn feed(&self) -> &RawBuffer {
        &self.feed
    }

    pub(super) fn into_feed(self) -> RawBuffer {
        self.feed
    }

    /// Returns the number of decoded bytes, 0 after the last frame. `out` must not be empty.
    pub(super) fn step(&mut self, out: &mut [u8]) -> Result<usize, FileFault> {
        loop {
            if self.at_border && !self.next_frame()? {
                return Ok(0);
            }
            let input = self.feed.fill()?;
            let ended = input.is_empty();
            let status = match self.decoder.run_on_buffers(input, out) {
                Ok(status) => status,
                Err(error) => return Err(explain(&error, self.frame)),
            };
            self.feed.take(status.bytes_read);
            self.at_border = status.remaining == 0;
            if status.bytes_written > 0 {
                return Ok(status.bytes_written);
            }
            if ended && !self.at_border {
                return Err(cut(&self.feed));
            }
        }
    }

    /// Checks the header of the next frame; returns `false` at the end of the file.
    fn next_frame(&mut self) -> Result<bool, FileFault> {
        let header = self.feed.peek(HEADER)?;
        if header.is_empty() {
            return Ok(false);
        }
        if !may_be_frame(header) {
            return Err(trailing("zstd", &self.feed));
        }
        // The decoder's own limit is not enough: it decodes small frames in one call, whatever
        // window they request.
        if window(header).is_some_and(|bytes| bytes > 1 << WINDOW_LOG) {
            return Err(window_too_large());
        }
        self.at_border = false;
        self.frame += 1;
        Ok(true)
    }
}

/// Whether bytes begin a frame or a skippable frame.
pub(super) fn begins_frame(bytes: &[u8]) -> bool {
    bytes.len() >= MAGIC.len() && may_be_frame(bytes)
}

/// Like [`begins_frame`], but also accepts a prefix of the magic number.
fn may_be_frame(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(MAGIC.len())];
    MAGIC.starts_with(head) || matches!(head, [first, rest @ ..] if first & 0xf0 == 0x50 && SKIPPABLE.starts_with(rest))
}

/// Returns the window size that a frame header requests (RFC 8878 section 3.1.1.1); `None` for
/// other frames and truncated headers.
fn window(header: &[u8]) -> Option<u64> {
    let (descriptor, rest) = header.strip_prefix(&MAGIC)?.split_first()?;
    if descriptor & 0x20 == 0 {
        let window = *rest.first()?;
        let base = 1u64 << (10 + u32::from(window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    // Single segment: the window is the whole content; its size follows the dictionary id.
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = 1usize << (descriptor >> 6);
    let field = rest.get(dictionary..dictionary + size)?;
    let mut wide = [0; 8];
    wide[..size].copy_from_slice(field);
    // A two-byte size is stored minus 256, which does not matter for a limit this large.
    Some(u64::from_le_bytes(wide))
}

fn window_too_large() -> FileFault {
    FileFault::new(FileReason::WindowTooLarge, "compress it again, without --long above 27")
}

/// Maps a decoder error to a fault. The decoder's messages describe the format, never the content.
fn explain(error: &Error, frame: u64) -> FileFault {
    let words = error.to_string();
    match words.as_str() {
        "Frame requires too much memory for decoding" => window_too_large(),
        "Allocation error : not enough memory" => FileFault::new(FileReason::IoError, words),
        "Dictionary mismatch" => FileFault::new(FileReason::Corrupt, "it needs a dictionary, which is not supported"),
        "Restored data doesn't match checksum" | "Unsupported frame parameter" | "Version not supported" => {
            FileFault::new(FileReason::Corrupt, format!("{words}, in zstd frame {frame}"))
        }
        // Which damage the decoder reports depends on the size of its buffer, so the message is
        // fixed.
        _ => FileFault::new(FileReason::Corrupt, format!("Data corruption detected, in zstd frame {frame}")),
    }
}
