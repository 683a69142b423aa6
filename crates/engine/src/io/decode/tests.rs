use std::fs::{self, File, OpenOptions};
use std::io::{Seek, Write};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, SystemTime};

use flate2::{GzBuilder, write::GzEncoder};
use sha2::Digest;
use tempfile::TempDir;

use super::*;
use crate::io::inputs::Place;
use crate::io::testing::{child, is_child, make_pipe, passed, sees_everything};

mod containers;

const LIMITS: Limits = Limits { max_expansion: 1000 };

fn source(path: &Path) -> Source {
    Source { name: "x".to_owned(), place: Place::File(path.to_path_buf()), fault: None, is_statement: false }
}

fn open(path: &Path) -> SourceReader {
    SourceReader::open(&source(path), HashKind::Blake3, LIMITS).unwrap()
}

fn open_fault(path: &Path) -> FileReason {
    let fault = SourceReader::open(&source(path), HashKind::None, LIMITS).unwrap_err();
    assert!(!fault.sentence().contains('/') || !fault.sentence().contains(&path.display().to_string()));
    fault.reason
}

/// Returns every decoded byte and the result of `finish`, or the fault and the bytes before it.
fn read_all(mut reader: SourceReader, step: usize) -> (Vec<u8>, Result<FileFacts, FileFault>) {
    let mut bytes = Vec::new();
    let mut buf = vec![0; step];
    loop {
        match reader.read(&mut buf) {
            Ok(0) => break,
            Ok(count) => bytes.extend_from_slice(&buf[..count]),
            Err(fault) => {
                assert_eq!(reader.read(&mut buf), Err(fault.clone()), "a fault stays");
                return (bytes, Err(fault));
            }
        }
    }
    assert_eq!(reader.read(&mut buf), Ok(0), "the end stays");
    (bytes, reader.finish())
}

/// A file with this content in its own folder.
struct Scratch {
    _temp: TempDir,
    path: std::path::PathBuf,
}

impl Scratch {
    fn new(content: &[u8]) -> Scratch {
        let temp = tempfile::tempdir().unwrap();
        let path = temp.path().join("file");
        fs::write(&path, content).unwrap();
        Scratch { _temp: temp, path }
    }

    /// Decodes other content through the same file.
    fn decode(&self, content: &[u8]) -> (Vec<u8>, Result<Compression, FileReason>) {
        self.decode_by(content, 4096)
    }

    fn decode_by(&self, content: &[u8], step: usize) -> (Vec<u8>, Result<Compression, FileReason>) {
        fs::write(&self.path, content).unwrap();
        match SourceReader::open(&source(&self.path), HashKind::None, LIMITS) {
            Ok(reader) => {
                let (bytes, end) = read_all(reader, step);
                if let Ok(facts) = &end {
                    assert_eq!(facts.bytes, content.len() as u64);
                }
                (bytes, end.map(|facts| facts.compression).map_err(|fault| fault.reason))
            }
            Err(fault) => (Vec::new(), Err(fault.reason)),
        }
    }
}

#[test]
fn plain_files() {
    for content in [&b""[..], b"{", b"\x1f", b"\x28\xb5\x2f", b"{}\n", b"[1,2]", &[7; 100_000]] {
        let scratch = Scratch::new(content);
        for step in [1, 3, 4, 5, 4096, 1 << 20] {
            let (bytes, facts) = read_all(open(&scratch.path), step);
            assert_eq!(bytes, content);
            let facts = facts.unwrap();
            assert_eq!((facts.bytes, facts.compression), (content.len() as u64, Compression::Plain));
            assert_eq!(facts.hash.unwrap(), blake3::hash(content).to_hex().as_str());
        }
    }
}

#[test]
fn a_plain_file_comes_in_one_piece() {
    let scratch = Scratch::new(&[b'x'; 300_000]);
    let mut reader = open(&scratch.path);
    assert_eq!(reader.size_hint(), Some(300_000));
    let mut buf = vec![0; 1 << 20];
    assert_eq!(reader.read(&mut buf), Ok(300_000));
    assert_eq!(reader.consumed(), 300_000);
    assert_eq!(reader.read(&mut buf), Ok(0));
}

#[test]
fn hashes() {
    let content = gzip(b"some content");
    let scratch = Scratch::new(&content);
    let hash = |kind| {
        let reader = SourceReader::open(&source(&scratch.path), kind, LIMITS).unwrap();
        read_all(reader, 5).1.unwrap().hash
    };
    assert_eq!(hash(HashKind::None), None);
    assert_eq!(hash(HashKind::Blake3).unwrap(), blake3::hash(&content).to_hex().as_str());
    let expected: String = sha2::Sha256::digest(&content).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hash(HashKind::Sha256).unwrap(), expected);
}

#[test]
fn finishing_early_and_after_a_fault_reads_the_rest() {
    let mut damaged = gzip(&[b'y'; 5000]);
    let last = damaged.len() - 1;
    damaged[last] ^= 1;
    damaged.extend(vec![1; 600_000]);
    for content in [vec![b'x'; 700_000], damaged] {
        let scratch = Scratch::new(&content);
        let mut reader = open(&scratch.path);
        let _ = reader.read(&mut [0; 10]);
        let _ = reader.drain();
        let mut early = open(&scratch.path);
        let _ = early.read(&mut [0; 10]);
        for reader in [reader, early, open(&scratch.path)] {
            let facts = reader.finish().unwrap();
            assert_eq!(facts.bytes, content.len() as u64);
            assert_eq!(facts.hash.unwrap(), blake3::hash(&content).to_hex().as_str());
        }
    }
}

#[test]
fn draining_finds_the_fault_at_the_end() {
    let mut content = gzip(&[b'x'; 1 << 20]);
    content.truncate(content.len() - 1);
    let scratch = Scratch::new(&content);
    let mut reader = open(&scratch.path);
    assert_eq!(reader.read(&mut [0; 10]), Ok(10));
    assert_eq!(reader.drain().unwrap_err().reason, FileReason::Truncated);
    let scratch = Scratch::new(&gzip(b"fine"));
    assert_eq!(open(&scratch.path).drain(), Ok(()));
}

#[test]
fn what_cannot_be_opened() {
    let temp = tempfile::tempdir().unwrap();
    let _socket = UnixListener::bind(temp.path().join("socket")).unwrap();
    assert_eq!(open_fault(temp.path()), FileReason::NotRegular);
    assert_eq!(open_fault(&temp.path().join("socket")), FileReason::NotRegular);
    assert_eq!(open_fault(Path::new("/dev/null")), FileReason::NotRegular);
    assert_eq!(open_fault(&temp.path().join("none")), FileReason::NotFound);
    assert_eq!(open_fault(&temp.path().join("socket/none")), FileReason::NotFound);
    let shut = temp.path().join("shut");
    fs::write(&shut, "x").unwrap();
    fs::set_permissions(&shut, std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    if !sees_everything(&shut) {
        assert_eq!(open_fault(&shut), FileReason::Permission);
    }
}

#[test]
fn a_fault_of_discovery_is_said_again() {
    let fault = FileFault::new(FileReason::NotFound, "words");
    let source = Source { fault: Some(fault.clone()), ..source(Path::new("x")) };
    assert_eq!(SourceReader::open(&source, HashKind::None, LIMITS).unwrap_err(), fault);
}

/// Returns the result for a file that is changed between its first bytes and its end.
fn after(content: &[u8], change: impl Fn(&Path)) -> Result<u64, FileReason> {
    let scratch = Scratch::new(content);
    let mut reader = open(&scratch.path);
    let mut buf = vec![0; 1000];
    reader.read(&mut buf).unwrap();
    change(&scratch.path);
    while reader.read(&mut buf).unwrap() > 0 {}
    reader.finish().map(|facts| facts.bytes).map_err(|fault| fault.reason)
}

#[test]
fn files_that_change_while_they_are_read() {
    let changed = Err(FileReason::ChangedWhileReading);
    let append = |path: &Path| {
        let mut file = OpenOptions::new().append(true).open(path).unwrap();
        file.write_all(b"more").unwrap();
    };
    let cut = |path: &Path| OpenOptions::new().write(true).open(path).unwrap().set_len(1500).unwrap();
    let touch = |path: &Path| {
        let later = SystemTime::now() + Duration::from_secs(5);
        File::options().write(true).open(path).unwrap().set_modified(later).unwrap();
    };
    let remove = |path: &Path| fs::remove_file(path).unwrap();
    let replace = |path: &Path| {
        let other = path.with_extension("new");
        fs::write(&other, [b'x'; 3000]).unwrap();
        fs::rename(other, path).unwrap();
    };
    let plain = [b'x'; 3000];
    let gzip = gzip(&plain);
    assert_eq!(after(&plain, |_| ()), Ok(3000));
    assert_eq!(after(&gzip, |_| ()), Ok(gzip.len() as u64));
    for content in [&plain[..], &gzip] {
        assert_eq!(after(content, touch), changed);
        assert_eq!(after(content, remove), changed);
        assert_eq!(after(content, replace), changed);
    }
    assert_eq!(after(&plain, append), changed);
    assert_eq!(after(&plain, cut), changed);
}

#[test]
fn more_bytes_than_the_size_says() {
    let path = Path::new("/proc/self/status");
    if path.is_file() {
        let mut reader = open(path);
        assert_eq!(reader.size_hint(), Some(0));
        reader.drain().unwrap();
        let fault = reader.finish().unwrap_err();
        assert_eq!(fault.reason, FileReason::ChangedWhileReading);
    }
}

#[test]
fn links_are_read_and_watched() {
    let scratch = Scratch::new(b"first");
    let link = scratch.path.with_extension("link");
    std::os::unix::fs::symlink(&scratch.path, &link).unwrap();
    assert_eq!(read_all(open(&link), 10).0, b"first");
    let mut reader = open(&link);
    while reader.read(&mut [0; 10]).unwrap() > 0 {}
    let other = scratch.path.with_extension("other");
    fs::write(&other, b"other").unwrap();
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink(other, &link).unwrap();
    assert_eq!(reader.finish().unwrap_err().reason, FileReason::ChangedWhileReading);
}

#[test]
fn named_pipes() {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("pipe");
    make_pipe(&path);
    for content in [b"{}\n".repeat(100_000), gzip(&b"{}\n".repeat(100_000)), zstd(&b"{}\n".repeat(100_000)), vec![]] {
        let writer = {
            let (path, content) = (path.clone(), content.clone());
            thread::spawn(move || {
                let mut pipe = OpenOptions::new().write(true).open(path).unwrap();
                // Small writes, so that reads are short.
                content.chunks(777).for_each(|piece| pipe.write_all(piece).unwrap());
            })
        };
        let reader = open(&path);
        assert_eq!(reader.size_hint(), None);
        let (bytes, facts) = read_all(reader, 1 << 20);
        let facts = facts.unwrap();
        writer.join().unwrap();
        assert_eq!(facts.bytes, content.len() as u64);
        assert_eq!(facts.hash.unwrap(), blake3::hash(&content).to_hex().as_str());
        assert_eq!(bytes.len(), if content.is_empty() { 0 } else { 300_000 });
    }
}

#[test]
fn standard_input() {
    let scratch = Scratch::new(b"skipped{\"a\":1}\n");
    let from_file = || {
        let mut file = File::open(&scratch.path).unwrap();
        file.seek(std::io::SeekFrom::Start(7)).unwrap();
        file
    };
    let output = child(module_path!(), "standard_input_there").stdin(from_file()).output().unwrap();
    assert!(passed(&output), "{output:?}");
    let mut command = child(module_path!(), "standard_input_there");
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    running.stdin.take().unwrap().write_all(b"{\"a\":1}\n").unwrap();
    let output = running.wait_with_output().unwrap();
    assert!(passed(&output), "{output:?}");
}

#[test]
fn standard_input_there() {
    if is_child("standard_input_there") {
        let source = Source { name: "-".to_owned(), place: Place::Stdin, fault: None, is_statement: false };
        let reader = SourceReader::open(&source, HashKind::Blake3, LIMITS).unwrap();
        assert!(matches!(reader.size_hint(), None | Some(8)));
        let (bytes, facts) = read_all(reader, 100);
        assert_eq!(bytes, b"{\"a\":1}\n");
        assert_eq!(facts.unwrap().bytes, 8);
    }
}

#[test]
fn standard_input_that_changes() {
    let scratch = Scratch::new(b"{}\n");
    let mut command = child(module_path!(), "standard_input_changes_there");
    let output =
        command.stdin(File::open(&scratch.path).unwrap()).env("AVSTEM_TEST_FILE", &scratch.path).output().unwrap();
    assert!(passed(&output), "{output:?}");
}

#[test]
fn standard_input_changes_there() {
    if is_child("standard_input_changes_there") {
        let source = Source { name: "-".to_owned(), place: Place::Stdin, fault: None, is_statement: false };
        let mut reader = SourceReader::open(&source, HashKind::None, LIMITS).unwrap();
        reader.drain().unwrap();
        let file = File::options().write(true).open(std::env::var_os("AVSTEM_TEST_FILE").unwrap()).unwrap();
        file.set_modified(SystemTime::now() + Duration::from_secs(5)).unwrap();
        assert_eq!(reader.finish().unwrap_err().reason, FileReason::ChangedWhileReading);
    }
}

#[test]
fn standard_input_that_is_a_folder() {
    let folder = File::open(".").unwrap();
    let output = child(module_path!(), "standard_input_folder_there").stdin(folder).output().unwrap();
    assert!(passed(&output), "{output:?}");
}

#[test]
fn standard_input_folder_there() {
    if is_child("standard_input_folder_there") {
        let source = Source { name: "-".to_owned(), place: Place::Stdin, fault: None, is_statement: false };
        let fault = SourceReader::open(&source, HashKind::None, LIMITS).unwrap_err();
        assert_eq!(fault.reason, FileReason::NotRegular);
    }
}

#[test]
fn readers_go_from_thread_to_thread() {
    fn is_send<T: Send>() {}
    is_send::<SourceReader>();
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A member with the optional header fields: extra field, file name and comment.
fn gzip_with_names(content: &[u8]) -> Vec<u8> {
    let builder = GzBuilder::new().filename("export.json").comment("nightly").extra(b"ab\x03\x00xyz".to_vec());
    let mut encoder = builder.write(Vec::new(), flate2::Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A frame with a checksum.
fn zstd(content: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
