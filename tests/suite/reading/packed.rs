//! gzip and zstd: complete, multi-member, truncated, damaged, and decompression bombs.

use std::io::Write;

use super::case::{Case, run_all};
use super::sample::transaction;

pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut packer = zstd::Encoder::new(Vec::new(), 3).unwrap();
    packer.include_checksum(true).unwrap();
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn two() -> String {
    format!("{}\n{}\n", transaction("a", ""), transaction("b", ""))
}

#[test]
fn whole_and_in_parts() {
    let text = two();
    let (head, tail) = text.as_bytes().split_at(40);
    let mut cases = Vec::new();
    for (name, pack) in [("gzip", gzip as fn(&[u8]) -> Vec<u8>), ("zstd", zstd)] {
        cases.extend([
            Case::of(name, pack(text.as_bytes())).accepted(2),
            Case::of(format!("{name} in two parts"), [pack(head), pack(tail)].concat()).accepted(2),
            Case::of(format!("{name} with an empty part"), [pack(head), pack(b""), pack(tail)].concat()).accepted(2),
            Case::of(format!("{name} of nothing"), pack(b"")).refused("empty_input"),
            Case::of(format!("{name} of nothing, allowed"), pack(b"")).flags(&["--allow-empty"]).accepted(0),
            Case::of(format!("{name} of a mark"), pack(format!("\u{feff}{text}").as_bytes())).accepted(2),
            Case::of(format!("{name} twice"), pack(&pack(text.as_bytes()))).refused("not_an_export"),
            Case::of(format!("{name}, zeros after"), [pack(text.as_bytes()), vec![0; 8]].concat())
                .refused("trailing_data"),
            Case::of(format!("{name}, garbage after"), [pack(text.as_bytes()), b"{}".to_vec()].concat())
                .refused("trailing_data"),
            Case::of(format!("{name} of a broken text"), pack(b"[{}")).refused("broken_text"),
            Case::new(format!("{name} in a collection"))
                .file("orders/o/captures.json.gz", pack(b"{\"captures\":[{\"amount\":1}]}"))
                .accepted(1),
        ]);
    }
    let skippable = [&b"\x50\x2a\x4d\x18\x04\x00\x00\x00abcd"[..], &zstd(text.as_bytes())].concat();
    cases.push(Case::of("zstd after a frame to skip", skippable).accepted(2));
    cases.push(
        Case::of("places are of the decoded text", gzip(format!("{}{{\"id\":5,\"amount\":1}}", text).as_bytes()))
            .rejects(&[format!("in/f,{},3,19,wrong_type,id", text.len())])
            .counts([3, 2, 0, 0, 1]),
    );
    run_all(cases);
}

#[test]
fn cut_at_every_byte() {
    let text = two();
    let mut case = Case::new("cut").counts([0; 5]);
    let mut rows = Vec::new();
    // gzip is recognised by two bytes, zstd by four; anything shorter is read as text.
    for (name, packed, known) in [("gzip", gzip(text.as_bytes()), 2), ("zstd", zstd(text.as_bytes()), 4)] {
        for cut in known..packed.len() {
            let name = format!("{name}-{cut:03}");
            case = case.file(&name, &packed[..cut]);
            rows.push(format!("in/{name},,,,truncated,"));
        }
    }
    run_all(vec![case.rejects(&rows)]);
}

#[test]
fn damaged() {
    let text = two();
    let (gz, zst) = (gzip(text.as_bytes()), zstd(text.as_bytes()));
    let flip = |bytes: &[u8], at: usize| {
        let mut bytes = bytes.to_vec();
        bytes[at] ^= 0x10;
        bytes
    };
    let window = [&b"\x28\xb5\x2f\xfd\x00\x90"[..], &zst[6..]].concat();
    run_all(vec![
        Case::of("gzip checksum", flip(&gz, gz.len() - 8)).refused("corrupt"),
        Case::of("gzip length", flip(&gz, gz.len() - 1)).refused("corrupt"),
        Case::of("zstd checksum", flip(&zst, zst.len() - 1)).refused("corrupt"),
        Case::of("zstd window", window).refused("window_too_large"),
        Case::of("the second part is cut", [&gz[..], &gz[..gz.len() - 3]].concat()).refused("truncated"),
        Case::of("a broken text in a cut file", &gzip(b"[{\"id\":5}")[..20]).refused("truncated"),
    ]);
}

#[test]
fn larger_than_they_look() {
    let blanks = vec![b' '; 66 << 20];
    let bomb = zstd(&blanks);
    let text = [transaction("a", "").into_bytes(), vec![b' '; 1 << 20]].concat();
    run_all(vec![
        Case::of("a bomb", &bomb).refused("expansion_too_large"),
        Case::of("a bomb that is allowed", &bomb).flags(&["--max-expansion", "1000000"]).refused("empty_input"),
        Case::of("small files are not judged", zstd(&text)).flags(&["--max-expansion", "2"]).accepted(1),
    ]);
}
