//! gzip and zstd, complete and damaged.

use std::time::Instant;

use super::*;

/// Deterministic text of medium compressibility.
fn text(length: usize) -> Vec<u8> {
    let mut state = 7u32;
    let mut text = Vec::new();
    while text.len() < length {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.extend_from_slice(format!("{{\"id\":\"T{:05}\",\"amount\":100}}\n", state >> 16).as_bytes());
    }
    text.truncate(length);
    text
}

fn skippable(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut frame = vec![0x50 + kind, 0x2a, 0x4d, 0x18];
    frame.extend_from_slice(&(content.len() as u32).to_le_bytes());
    frame.extend_from_slice(content);
    frame
}

/// A frame made by hand: a header after the magic number, then one raw block with `hello`.
fn frame(header: &[u8]) -> Vec<u8> {
    [&[0x28, 0xb5, 0x2f, 0xfd], header, &[0x29, 0, 0], b"hello"].concat()
}

#[test]
fn whole_files_by_any_step() {
    let content = text(600_000);
    let scratch = Scratch::new(b"");
    let (half, rest) = content.split_at(123_456);
    let gzips = [
        gzip(&content),
        gzip_with_names(&content),
        [gzip(half), gzip(b""), gzip_with_names(rest)].concat(),
        content.chunks(10_000).flat_map(gzip).collect(),
    ];
    for packed in &gzips {
        for step in [999, 4096, 1 << 20] {
            assert_eq!(scratch.decode_by(packed, step), (content.clone(), Ok(Compression::Gzip)));
        }
    }
    let zstds = [
        zstd(&content),
        zstd::encode_all(&content[..], 9).unwrap(),
        [zstd(half), zstd(b""), zstd(rest)].concat(),
        [skippable(0, b""), zstd(half), skippable(15, &[1; 300_000]), zstd(rest), skippable(3, b"end")].concat(),
    ];
    for packed in &zstds {
        for step in [999, 4096, 1 << 20] {
            assert_eq!(scratch.decode_by(packed, step), (content.clone(), Ok(Compression::Zstd)));
        }
    }
}

#[test]
fn empty_content() {
    let scratch = Scratch::new(b"");
    assert_eq!(scratch.decode(&gzip(b"")), (vec![], Ok(Compression::Gzip)));
    assert_eq!(scratch.decode(&zstd(b"")), (vec![], Ok(Compression::Zstd)));
    assert_eq!(scratch.decode(&skippable(0, b"nothing")), (vec![], Ok(Compression::Zstd)));
}

/// Cuts a file at every byte: the decoded bytes are a prefix of the content and the file is
/// truncated, except at borders, where it is complete, and within the first magic number, where it
/// is plain.
fn cut_everywhere(packed: &[u8], content: &[u8], borders: &[usize], magic: usize) {
    let scratch = Scratch::new(b"");
    for length in magic..packed.len() {
        let (bytes, end) = scratch.decode(&packed[..length]);
        assert!(content.starts_with(&bytes), "cut at {length}");
        if borders.contains(&length) {
            assert!(end.is_ok(), "cut at border {length}: {end:?}");
        } else {
            assert_eq!(end, Err(FileReason::Truncated), "cut at {length}");
        }
    }
    let (bytes, end) = scratch.decode(packed);
    assert_eq!(bytes, content);
    assert!(end.is_ok());
}

#[test]
fn gzip_cut_at_every_byte() {
    let content = text(2500);
    let first = gzip_with_names(&content[..1000]);
    let packed = [first.clone(), gzip(&content[1000..])].concat();
    cut_everywhere(&packed, &content, &[first.len()], 2);
    cut_everywhere(&gzip(b""), b"", &[], 2);
}

#[test]
fn zstd_cut_at_every_byte() {
    let content = text(2500);
    let first = zstd(&content[..1000]);
    let skip = skippable(5, b"skip me");
    let packed = [first.clone(), skip.clone(), zstd(&content[1000..])].concat();
    cut_everywhere(&packed, &content, &[first.len(), first.len() + skip.len()], 4);
    cut_everywhere(&skip, b"", &[], 4);
    // Has the content size in its header; such frames are decoded in one call where possible.
    let sized = zstd::bulk::compress(&content, 3).unwrap();
    cut_everywhere(&sized, &content, &[], 4);
}

#[test]
fn data_after_the_end() {
    let scratch = Scratch::new(b"");
    let tails =
        [&b"\0"[..], &[0; 512], b"garbage", b"\n", b"\x1f\x8c", b"\x1f\x8b\x07rest", b"\x28\xb5\x2f\xfe", b"{}"];
    for tail in tails {
        for packed in [gzip(b"text"), [gzip(b"te"), gzip(b"xt")].concat(), zstd(b"text"), zstd(&text(200_000))] {
            let (_, end) = scratch.decode(&[&packed[..], tail].concat());
            assert_eq!(end, Err(FileReason::TrailingData), "{tail:?}");
        }
    }
    assert_eq!(scratch.decode(&[gzip(b"text"), zstd(b"text")].concat()).1, Err(FileReason::TrailingData));
    assert_eq!(scratch.decode(&[zstd(b"text"), gzip(b"text")].concat()).1, Err(FileReason::TrailingData));
    assert_eq!(scratch.decode(&[skippable(1, b"x"), b"{}  ".to_vec()].concat()).1, Err(FileReason::TrailingData));
    let packed = [gzip(b"text"), b"tail".to_vec()].concat();
    fs::write(&scratch.path, &packed).unwrap();
    let fault = read_all(open(&scratch.path), 100).1.unwrap_err();
    let place = format!("the gzip data ends at byte {} of the file", packed.len() - 4);
    assert_eq!(fault.detail, place);
}

/// Flips bits of every byte: only the right content is ever accepted as complete, apart from header
/// fields that nothing reads.
fn flip_everywhere(packed: &[u8], content: &[u8], magic: usize) -> usize {
    let scratch = Scratch::new(b"");
    let mut refused = 0;
    for place in magic..packed.len() {
        for mask in [0x01, 0x10, 0x80, 0xff] {
            let mut flipped = packed.to_vec();
            flipped[place] ^= mask;
            let (bytes, end) = scratch.decode(&flipped);
            match end {
                Ok(_) => assert_eq!(bytes, content, "byte {place}, mask {mask}"),
                Err(reason) => {
                    use FileReason::{Corrupt, TrailingData, Truncated, WindowTooLarge};
                    assert!(matches!(reason, Corrupt | Truncated | TrailingData | WindowTooLarge), "{reason}");
                    refused += 1;
                }
            }
        }
    }
    refused
}

#[test]
fn flipped_bytes() {
    let content = text(400);
    let packed = gzip(&content);
    // Time, level hint and system in the header can have any value.
    assert!(flip_everywhere(&packed, &content, 2) >= (packed.len() - 10) * 4);
    let packed = zstd(&content);
    assert!(flip_everywhere(&packed, &content, 4) >= (packed.len() - 8) * 4);
}

/// A report must not depend on the memory of its run.
#[test]
fn what_is_damaged_is_told_alike_for_any_buffer() {
    let scratch = Scratch::new(b"");
    let fault = |step| read_all(open(&scratch.path), step).1.map_err(|fault| fault.sentence());
    // Has the content size in its header; such frames are decoded in one call where possible.
    for packed in [gzip(&text(400)), zstd(&text(400)), zstd::bulk::compress(&text(400), 3).unwrap()] {
        for place in 10..packed.len() {
            for mask in [0x01, 0x10, 0x80, 0xff] {
                let mut flipped = packed.clone();
                flipped[place] ^= mask;
                fs::write(&scratch.path, flipped).unwrap();
                let expected = fault(1 << 16);
                for step in [1, 32, 300] {
                    assert_eq!(fault(step), expected, "byte {place}, mask {mask}, {step} bytes at once");
                }
            }
        }
    }
}

#[test]
fn wrong_checksums_lengths_and_data_are_corrupt() {
    let scratch = Scratch::new(b"");
    let packed = gzip(&text(5000));
    for from_end in 1..=8 {
        let mut wrong = packed.clone();
        let place = wrong.len() - from_end;
        wrong[place] ^= 0x40;
        let (bytes, end) = scratch.decode(&wrong);
        assert_eq!((bytes.len(), end), (5000, Err(FileReason::Corrupt)), "every byte before it is given out");
    }
    let packed = zstd(&text(5000));
    for from_end in 1..=4 {
        let mut wrong = packed.clone();
        let place = wrong.len() - from_end;
        wrong[place] ^= 0x40;
        assert_eq!(scratch.decode(&wrong).1, Err(FileReason::Corrupt));
    }
    assert_eq!(scratch.decode(b"\x1f\x8b\x08\xe0\0\0\0\0\0\0\0\0").1, Err(FileReason::Corrupt), "reserved flags");
    assert_eq!(scratch.decode(b"\x1f\x8b is no member at all").1, Err(FileReason::Corrupt));
    let reserved = frame(&[0x08, 0x00]);
    assert_eq!(scratch.decode(&reserved).1, Err(FileReason::Corrupt), "a reserved bit");
    let dictionary = frame(&[0x01, 0x00, 0x09]);
    fs::write(&scratch.path, dictionary).unwrap();
    let fault = read_all(open(&scratch.path), 100).1.unwrap_err();
    assert_eq!(fault.detail, "it needs a dictionary, which is not supported");
}

#[test]
fn windows() {
    let scratch = Scratch::new(b"");
    let hello = (b"hello".to_vec(), Ok(Compression::Zstd));
    let too_large = (vec![], Err(FileReason::WindowTooLarge));
    let cases = [
        (&[0x00, 0x00][..], &hello),                               // 1 KiB
        (&[0x00, 0x88], &hello),                                   // 128 MiB
        (&[0x00, 0x89], &too_large),                               // an eighth more
        (&[0x00, 0x90], &too_large),                               // 256 MiB
        (&[0x00, 0xff], &too_large),                               // 3.75 TiB
        (&[0x80, 0x90, 5, 0, 0, 0], &too_large),                   // 256 MiB for 5 bytes
        (&[0x20, 5], &hello),                                      // a single segment of 5 bytes
        (&[0xa0, 5, 0, 0, 0], &hello),                             // the same, its size in four bytes
        (&[0xa0, 1, 0, 0, 8], &too_large),                         // a single segment of 128 MiB and one byte
        (&[0xe0, 0, 0, 0, 0, 1, 0, 0, 0], &too_large),             // 4 GiB
        (&[0xe3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], &too_large), // the same with the id of a dictionary
    ];
    for (header, expected) in cases {
        for step in [5, 100, 1 << 21] {
            assert_eq!(&scratch.decode_by(&frame(header), step), expected, "{header:x?}");
        }
    }
    let second = [zstd(b"first"), frame(&[0x00, 0x90])].concat();
    assert_eq!(scratch.decode(&second), (b"first".to_vec(), Err(FileReason::WindowTooLarge)));
    assert_eq!(scratch.decode(&frame(&[0x60, 0xff, 0xff])).1, Err(FileReason::Corrupt), "another size in two bytes");
}

/// Zeros, as small as gzip makes them: more than 1000 times smaller.
fn zeros(length: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; length]).unwrap();
    encoder.finish().unwrap()
}

/// Decodes with an expansion limit; returns the number of decoded bytes and the result.
fn expand(packed: &[u8], max_expansion: u64, step: usize) -> (u64, Result<(), FileReason>) {
    let scratch = Scratch::new(packed);
    let mut reader = SourceReader::open(&source(&scratch.path), HashKind::None, Limits { max_expansion }).unwrap();
    let mut buf = vec![0; step];
    let mut decoded = 0;
    loop {
        match reader.read(&mut buf) {
            Ok(0) => return (decoded, Ok(())),
            Ok(count) => decoded += count as u64,
            Err(fault) => return (decoded, Err(fault.reason)),
        }
    }
}

#[test]
fn bombs() {
    let start = Instant::now();
    let too_large = Err(FileReason::ExpansionTooLarge);
    // 4 MiB of zeros in 4 KiB, repeated; 65 MiB of zeros in 6 KiB, repeated.
    let member = zeros(4 << 20);
    let gzip_bomb = member.repeat(1000);
    let zstd_bomb = zstd(&vec![0; 65 << 20]).repeat(1000);
    for bomb in [&gzip_bomb, &zstd_bomb] {
        for step in [100_000, 5 << 20] {
            let (decoded, end) = expand(bomb, 1000, step);
            assert_eq!(end, too_large);
            assert!(decoded < 64 << 20, "refused at 64 MiB: {decoded}");
        }
    }
    // Nothing is refused below 64 MiB or within the limit.
    assert_eq!(expand(&member.repeat(15), 1, 1 << 20), (60 << 20, Ok(())));
    assert_eq!(expand(&member.repeat(17), 2000, 1 << 20), (68 << 20, Ok(())));
    assert!(start.elapsed() < Duration::from_secs(20), "bombs are refused quickly");
}

/// A member that is no smaller than its content.
fn stored(length: usize) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(&vec![0; length]).unwrap();
    encoder.finish().unwrap()
}

/// 64 MiB that expand slightly less than 100 times.
fn almost_100_times() -> Vec<u8> {
    let zeros_only = zeros(64 << 20).len();
    let large = 675_000 - zeros_only;
    let head = [stored(large), zeros((64 << 20) - large)].concat();
    assert!(head.len() * 100 > 64 << 20 && head.len() * 100 < (64 << 20) + 700_000, "{}", head.len());
    head
}

#[test]
fn expansion_is_judged_at_the_end_too() {
    let head = almost_100_times();
    assert_eq!(expand(&head, 100, 1 << 20), (64 << 20, Ok(())));
    let over = [&head[..], &zeros(900_000)].concat();
    assert_eq!(expand(&over, 100, 1 << 20).1, Err(FileReason::ExpansionTooLarge));
    assert_eq!(expand(&over, 101, 1 << 20), ((64 << 20) + 900_000, Ok(())));
}

#[test]
fn the_buffer_of_the_caller_is_no_matter_to_the_judgement() {
    // Exceeds the limit only between two positions where expansion is checked.
    let packed = [almost_100_times(), zeros(900_000), stored(400_000)].concat();
    for step in [50_000, 1 << 20, 3_000_000, 80 << 20] {
        assert_eq!(expand(&packed, 100, step), ((64 << 20) + 1_300_000, Ok(())));
    }
}
