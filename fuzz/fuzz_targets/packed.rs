//! gzip and zstd decompression: the output is independent of the buffer size, and equals that of
//! flate2 and zstd.

#![no_main]

use std::cell::LazyCell;
use std::ffi::OsString;
use std::io::Read;

use avstem_engine::io::decode::{Compression, HashKind, Limits, SourceReader};
use avstem_engine::io::inputs::{Source, discover};
use avstem_engine::io::pattern::Exclude;
use avstem_fuzz::Desk;
use libfuzzer_sys::fuzz_target;

/// Limit on the decompressed bytes of an input.
const MOST: usize = 1 << 20;

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("packed"));
}

/// The decompressed bytes, the fault, and the compression.
fn unpacked(source: &Source, buffer: usize) -> (Vec<u8>, Option<String>, Option<Compression>) {
    let limits = Limits { max_expansion: 1000 };
    let mut reader = match SourceReader::open(source, HashKind::None, limits) {
        Ok(reader) => reader,
        Err(fault) => return (Vec::new(), Some(fault.sentence()), None),
    };
    let (mut out, mut piece) = (Vec::new(), vec![0; buffer]);
    while out.len() < MOST {
        match reader.read(&mut piece) {
            Ok(0) => return (out, None, Some(reader.compression())),
            Ok(count) => out.extend_from_slice(&piece[..count]),
            Err(fault) => return (out, Some(fault.sentence()), Some(reader.compression())),
        }
    }
    out.truncate(MOST);
    (out, None, None)
}

fuzz_target!(|bytes: &[u8]| {
    let [buffer, bytes @ ..] = bytes else { return };
    let path = DESK.with(|desk| desk.put("f", bytes));
    let sources = discover(&[OsString::from(path)], &[], &Exclude::default()).sources;
    let large = unpacked(&sources[0], 1 << 16);
    let small = unpacked(&sources[0], usize::from(*buffer) + 1);
    // For damaged data the buffer size decides how much is returned before the fault; that part is
    // never used.
    assert_eq!((&large.1, large.2), (&small.1, small.2), "the buffer is no matter");
    if large.1.is_none() {
        assert_eq!(large.0, small.0, "the buffer is no matter");
    }
    match large {
        (out, None, Some(Compression::Plain)) => assert_eq!(out, bytes),
        (out, None, Some(Compression::Gzip)) => {
            let mut other = Vec::new();
            let read = flate2::bufread::MultiGzDecoder::new(bytes).read_to_end(&mut other);
            assert!(read.is_ok() && other == out, "flate2 reads it otherwise");
        }
        (out, None, Some(Compression::Zstd)) => {
            let other = zstd::decode_all(bytes).expect("zstd reads it too");
            assert!(other == out, "zstd reads it otherwise");
        }
        _ => {}
    }
});
