//! Files that are not exports: each is refused with a reason that says what it looks like.

use super::case::{Case, run_all};
use super::sample::transaction;

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn utf32(text: &str, big: bool) -> Vec<u8> {
    text.chars().map(u32::from).flat_map(|c| if big { c.to_be_bytes() } else { c.to_le_bytes() }).collect()
}

#[test]
fn other_encodings() {
    let text = transaction("a", "");
    let mut cases = Vec::new();
    for big in [false, true] {
        for text in [text.as_str(), "[]", "\u{feff}[]", "\u{feff}{\n}"] {
            cases.push(Case::of(format!("UTF-16 {big} {text}"), utf16(text, big)).refused("encoding"));
            cases.push(Case::of(format!("UTF-32 {big} {text}"), utf32(text, big)).refused("encoding"));
        }
    }
    run_all(cases);
}

#[test]
fn other_formats() {
    let refused = |name: &str, bytes: &[u8]| Case::of(name, bytes).refused("not_an_export");
    run_all(vec![
        refused("HTML", b"<!DOCTYPE html><html><body>Log in</body></html>"),
        refused("HTML after blanks", b"\n\n  <html></html>"),
        refused("XML", b"<?xml version=\"1.0\"?><a/>"),
        refused("zip", b"PK\x03\x04\x14\x00\x00\x00"),
        refused("PDF", b"%PDF-1.7\n"),
        refused("CSV", b"id,amount\nT1,100\n"),
        refused("CSV of numbers", b"1,2,3\n4,5,6\n"),
        refused("CSV with quotes", b"\"id\";\"amount\"\n\"a\";1\n"),
        refused("CSV whose header is a word of JSON", b"true,id\n"),
        refused("plain text", b"Nothing to see here.\n"),
        refused("a word", b"nul"),
        refused("bzip2", b"BZh91AY&SY"),
        refused("an API error", br#"{"error":{"code":"UNAUTHORIZED","message":"no","errors":[]}}"#),
        refused("another API error", br#"{"message":"Forbidden"}"#),
        refused("a single value", br#"{"hello":"world"}"#),
        refused("a single value, pretty", b"{\n  \"hello\": \"world\"\n}\n"),
        refused("a number", b"5"),
        refused("a number and a line feed", b"5\n"),
        refused("a text", b"\"text\""),
        refused("null", b"null"),
        refused("true", b" true \n"),
        Case::of("a text that does not end", "\"text").refused("broken_text"),
        Case::of("a download link", r#"{"url":"https://example.com/report.json"}"#).refused("download_link"),
        Case::of("a download link, pretty", "{\n\"url\": \"https://example.com/x\",\n\"expires\": 5\n}")
            .refused("download_link"),
        Case::of("an error in an array", r#"[{"error":{}}]"#)
            .rejects(&["in/f,1,,12,unknown_shape,"])
            .counts([1, 0, 0, 0, 1]),
        Case::of("an array of numbers", "[5]").rejects(&["in/f,1,,1,not_an_object,"]).counts([1, 0, 0, 0, 1]),
        Case::of("two strangers", "{\"a\":1}\n{\"b\":1}\n")
            .rejects(&["in/f,0,1,7,unknown_shape,", "in/f,8,2,7,unknown_shape,"])
            .counts([2, 0, 0, 0, 2]),
    ]);
}

#[test]
fn nothing_at_all() {
    let mut cases = Vec::new();
    for (name, bytes) in [
        ("0 bytes", &b""[..]),
        ("a blank", b" "),
        ("blank lines", b"\r\n\n\t\n"),
        ("a mark", b"\xef\xbb\xbf"),
        ("a mark and blanks", b"\xef\xbb\xbf \n"),
    ] {
        cases.push(Case::of(name, bytes).refused("empty_input"));
        cases.push(Case::of(format!("{name}, allowed"), bytes).flags(&["--allow-empty"]).accepted(0));
    }
    cases.push(Case::of("many blanks", vec![b'\n'; 6 << 20]).refused("empty_input"));
    cases.push(Case::new("an empty folder").exit(3).accepted(0));
    cases.push(Case::new("an empty folder, allowed").flags(&["--allow-empty"]).accepted(0));
    cases.push(Case::new("a glob without match").inputs(&["in/*.json"]).exit(3).accepted(0));
    cases.push(Case::new("a glob without match, allowed").inputs(&["in/*.json"]).flags(&["--allow-empty"]).accepted(0));
    let good = transaction("a", "");
    cases.push(
        Case::new("empty beside good")
            .file("a", "")
            .file("b", good)
            .rejects(&["in/a,,,,empty_input,"])
            .counts([1, 1, 0, 0, 0]),
    );
    run_all(cases);
}
