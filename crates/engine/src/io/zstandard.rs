//! zstd, frame by frame.

use std::io::Error;

use avstem_core::model::reject::{FileFault, FileReason};
use zstd::stream::raw::{DParameter, Decoder, Operation};

use super::feed::RawBuffer;
use super::gzip::{cut, trailing};

/// How a frame begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// How a skippable frame begins, after a first byte of 0x50 to 0x5f.
const SKIPPABLE: [u8; 3] = [0x2a, 0x4d, 0x18];

/// The longest frame header there is.
const HEADER: usize = 18;

/// Windows up to 2^27 bytes (128 MiB) are accepted: what `zstd --ultra` and `zstd --long` make, and what the memory
/// budget leaves room for.
const WINDOW_LOG: u32 = 27;

/// A zstd file.
pub(super) struct Zstandard {
    decoder: Decoder<'static>,
    feed: RawBuffer,
    /// Between two frames, where the file may end.
    at_border: bool,
    frame: u64,
}

impl Zstandard {
    /// Begins with the first frame.
    pub(super) fn new(feed: RawBuffer) -> Result<Zstandard, FileFault> {
        let failed = |error: Error| FileFault::new(FileReason::IoError, format!("no zstd decoder: {error}"));
        let mut decoder = Decoder::new().map_err(failed)?;
        decoder.set_parameter(DParameter::WindowLogMax(WINDOW_LOG)).map_err(failed)?;
        Ok(Zstandard { decoder, feed, at_border: true, frame: 0 })
    }

    /// The raw bytes it reads from.
    pub(super) fn feed(&self) -> &RawBuffer {
        &self.feed
    }

    /// Gives the raw bytes back.
    pub(super) fn into_feed(self) -> RawBuffer {
        self.feed
    }

    /// Decoded bytes, 0 after the last frame. The buffer must not be empty.
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

    /// Looks at the header of the next frame, if there is one.
    fn next_frame(&mut self) -> Result<bool, FileFault> {
        let header = self.feed.peek(HEADER)?;
        if header.is_empty() {
            return Ok(false);
        }
        if !may_be_frame(header) {
            return Err(trailing("zstd", &self.feed));
        }
        // The decoder's own limit is not enough: it decodes small frames in one go, whatever window they ask for.
        if window(header).is_some_and(|bytes| bytes > 1 << WINDOW_LOG) {
            return Err(window_too_large());
        }
        self.at_border = false;
        self.frame += 1;
        Ok(true)
    }
}

/// Whether bytes begin a frame, skippable ones included.
pub(super) fn begins_frame(bytes: &[u8]) -> bool {
    bytes.len() >= MAGIC.len() && may_be_frame(bytes)
}

/// Whether bytes are, as far as they go, the beginning of a frame.
fn may_be_frame(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(MAGIC.len())];
    MAGIC.starts_with(head) || matches!(head, [first, rest @ ..] if first & 0xf0 == 0x50 && SKIPPABLE.starts_with(rest))
}

/// The window that a frame's header asks for, by RFC 8878 section 3.1.1.1; none for other frames and cut headers.
fn window(header: &[u8]) -> Option<u64> {
    let (descriptor, rest) = header.strip_prefix(&MAGIC)?.split_first()?;
    if descriptor & 0x20 == 0 {
        let window = *rest.first()?;
        let base = 1u64 << (10 + u32::from(window >> 3));
        return Some(base + base / 8 * u64::from(window & 7));
    }
    // A single segment: the window is the whole content, its size behind the dictionary's id.
    let dictionary = [0, 1, 2, 4][usize::from(descriptor & 3)];
    let size = 1usize << (descriptor >> 6);
    let field = rest.get(dictionary..dictionary + size)?;
    let mut wide = [0; 8];
    wide[..size].copy_from_slice(field);
    // A size in two bytes is counted from 256 on, which is no matter to a limit of this height.
    Some(u64::from_le_bytes(wide))
}

fn window_too_large() -> FileFault {
    FileFault::new(FileReason::WindowTooLarge, "compress it again, without --long above 27")
}

/// What an error of the decoder means: its words speak of the format, never of the content.
fn explain(error: &Error, frame: u64) -> FileFault {
    let words = error.to_string();
    match words.as_str() {
        "Frame requires too much memory for decoding" => window_too_large(),
        "Allocation error : not enough memory" => FileFault::new(FileReason::IoError, words),
        "Dictionary mismatch" => FileFault::new(FileReason::Corrupt, "it needs a dictionary, which is not supported"),
        "Restored data doesn't match checksum" | "Unsupported frame parameter" | "Version not supported" => {
            FileFault::new(FileReason::Corrupt, format!("{words}, in zstd frame {frame}"))
        }
        // What exactly is damaged, the decoder tells by the size of the buffer that it was given.
        _ => FileFault::new(FileReason::Corrupt, format!("Data corruption detected, in zstd frame {frame}")),
    }
}
