//! `verify` over an arbitrary folder: it never panics, and finds no difference only if every file
//! has the size and hash in its manifest.

#![no_main]

use std::cell::LazyCell;
use std::fs;

use avstem_engine::report::verify::verify;
use avstem_fuzz::Desk;
use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};

const NAMES: [&str; 3] = ["exceptions.csv", "summary.json", "frames/notes.csv"];

thread_local! {
    static DESK: LazyCell<Desk> = LazyCell::new(|| Desk::new("verify"));
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.split(|byte| *byte == 0x1e);
    let manifest = parts.next().unwrap_or_default();
    DESK.with(|desk| {
        let mut files = Vec::new();
        for name in NAMES {
            let _ = fs::remove_file(desk.path().join(name));
            if let Some(part) = parts.next() {
                desk.put(name, part);
                files.push((name, part));
            }
        }
        // The fuzzer cannot guess hashes, so placeholders in the manifest are replaced by the right
        // ones.
        let mut manifest = String::from_utf8_lossy(manifest).into_owned();
        for (name, part) in &files {
            manifest = manifest.replace(&format!("sha256 of {name}"), &sha256(part));
        }
        desk.put("manifest.json", manifest.as_bytes());
        let Ok(found) = verify(desk.path()) else { return };
        assert_eq!(found.manifest_sha256, sha256(manifest.as_bytes()));
        for difference in &found.differences {
            assert!(!difference.to_string().contains(char::is_control), "{difference}");
        }
        if found.differences.is_empty() {
            assert_eq!(found.manifest.outputs.len(), files.len());
            for (name, part) in files {
                let output = found.manifest.outputs.iter().find(|output| output.name == name).expect("it is named");
                assert_eq!((output.bytes, output.sha256.to_lowercase()), (part.len() as u64, sha256(part)));
            }
        }
    });
});
