//! Input from attackers, broken disks and broken exporters: large, truncated, padded or disguised.

use std::io::Write;

use super::case::{Case, run_all};
use super::packed::{gzip, zstd};
use super::sample::{Frame, row, transaction};

fn sized(size: usize) -> String {
    let bare = transaction("large", r#""x":"""#).len();
    transaction("large", &format!(r#""x":"{}""#, "y".repeat(size - bare)))
}

#[test]
fn a_record_of_64_mebibytes() {
    const SIZE: usize = 64 << 20;
    let large = sized(SIZE);
    let good = transaction("good", "");
    let mut cases = Vec::new();
    let framed = Frame::Lines.around(&[good.as_str(), &large, &good]);
    let rows = [row("in/f", framed.places[1], SIZE, "record_too_large", "")];
    cases.push(Case::of("a line", &framed.text).rejects(&rows).counts([3, 1, 1, 0, 1]));
    let framed = Frame::Array.around(&[good.as_str(), &large, &good]);
    let allowed = Case::of("an element, allowed", &framed.text).flags(&["--max-record", "64M"]);
    cases.push(allowed.counts([3, 2, 1, 0, 0]));
    // At the default limit, and one byte above.
    const LIMIT: usize = 16 << 20;
    cases.push(Case::of("the largest", sized(LIMIT)).accepted(1));
    let above = Case::of("one more", sized(LIMIT + 1)).counts([1, 0, 0, 0, 1]);
    cases.push(above.rejects(&[format!("in/f,0,,{},record_too_large,", LIMIT + 1)]));
    run_all(cases);
}

#[test]
fn bombs_are_refused_soon() {
    // gzip compresses by a factor of little more than 1000 at best.
    let blanks = vec![b' '; 70 << 20];
    let gz = gzip(&blanks);
    assert!(blanks.len() / gz.len() > 1000, "no bomb at all");
    let small = gzip(&blanks[..(64 << 20) - 1]);
    let many: Vec<u8> = std::iter::repeat_n(zstd(&blanks[..1 << 20]), 200).flatten().collect();
    run_all(vec![
        Case::of("gzip", &gz).refused("expansion_too_large"),
        Case::of("one byte less than what is judged is read", &small).refused("empty_input"),
        Case::of("a bomb in a bomb is packed twice, which is no export", gzip(&gz)).refused("not_an_export"),
        Case::of("many frames", &many).refused("expansion_too_large"),
        Case::of("a limit of one", &gz).flags(&["--max-expansion", "1"]).refused("expansion_too_large"),
    ]);
}

#[test]
fn several_members_cut_at_every_place() {
    let text = format!("{}\n{}\n", transaction("a", ""), transaction("b", ""));
    let mut joined = Case::new("members that meet at every place").exit(0);
    for at in 0..=text.len() {
        let (one, other) = text.as_bytes().split_at(at);
        joined = joined.file(format!("{at:03}"), [gzip(one), gzip(other)].concat());
    }
    let files = text.len() as u64 + 1;
    let joined = joined.counts([2 * files, 2, 2 * files - 2, 0, 0]);
    // The second member cut at every byte: the first alone looks like a complete file.
    let (one, other) = text.as_bytes().split_at(text.find('\n').unwrap() + 1);
    let (first, second) = (gzip(one), gzip(other));
    let mut cut = Case::new("the second member is cut");
    let mut rows = Vec::new();
    for length in 1..second.len() {
        cut = cut.file(format!("{length:03}"), [&first[..], &second[..length]].concat());
        rows.push(format!("in/{length:03},,,,truncated,"));
    }
    let whole = Case::of("up to the border nothing is missing", &first).accepted(1);
    run_all(vec![joined, cut.rejects(&rows).counts([0; 5]), whole]);
}

/// A zstd frame with this window descriptor around one raw block.
fn with_window(descriptor: u8, text: &[u8]) -> Vec<u8> {
    let block = (text.len() as u32) << 3 | 1;
    [&b"\x28\xb5\x2f\xfd\x00"[..], &[descriptor], &block.to_le_bytes()[..3], text].concat()
}

#[test]
fn windows() {
    let text = transaction("a", "");
    let window = |name: &str, descriptor| Case::of(name, with_window(descriptor, text.as_bytes()));
    // Window size: the upper five bits are an exponent above 2^10, the lower three add eighths.
    run_all(vec![
        window("1 KiB", 0).accepted(1),
        window("8 MiB", 13 << 3).accepted(1),
        window("128 MiB", 17 << 3).accepted(1),
        window("144 MiB", 17 << 3 | 1).refused("window_too_large"),
        window("256 MiB", 18 << 3).refused("window_too_large"),
        window("2 GiB", 21 << 3).refused("window_too_large"),
        window("3.75 TiB", 31 << 3 | 7).refused("window_too_large"),
        Case::of("a single segment of 2^62 bytes", b"\x28\xb5\x2f\xfd\xe0\0\0\0\0\0\0\0\x40\x01\0\0")
            .refused("window_too_large"),
        Case::of("a frame that needs a dictionary", b"\x28\xb5\x2f\xfd\x21\x07\x04\x21\0\0[{}]").refused("corrupt"),
        Case::of("a reserved bit", b"\x28\xb5\x2f\xfd\x08\x58\x21\0\0[{}]").refused("corrupt"),
        Case::of("a reserved block", b"\x28\xb5\x2f\xfd\x00\x58\x27\0\0[{}]").refused("corrupt"),
        Case::of("only a frame to skip", b"\x50\x2a\x4d\x18\x02\0\0\0ab").refused("empty_input"),
        Case::of("a frame to skip that is cut", b"\x5f\x2a\x4d\x18\xff\xff\xff\xffab").refused("truncated"),
    ]);
}

#[test]
fn zeros_where_a_disk_had_none() {
    let (a, b) = (transaction("a", ""), transaction("b", ""));
    let zeros = "\0".repeat(5000);
    let reject = |line: usize, at: usize, length: usize, reason: &str| format!("in/f,{at},{line},{length},{reason},");
    run_all(vec![
        Case::of("nothing but zeros", &zeros).refused("not_an_export"),
        Case::of("few zeros", "\0\0").refused("not_an_export"),
        Case::of("zeros before", format!("{zeros}{a}")).refused("not_an_export"),
        Case::of("a line of zeros", format!("{a}\n{zeros}\n{b}\n"))
            .rejects(&[reject(2, a.len() + 1, 5000, "syntax")])
            .counts([3, 2, 0, 0, 1]),
        Case::of("the last line is zeros", format!("{a}\n{b}\n{zeros}"))
            .rejects(&[reject(3, a.len() + b.len() + 2, 5000, "syntax")])
            .counts([3, 2, 0, 0, 1]),
        Case::of("a line goes over into zeros", format!("{a}\n{}{zeros}\n{b}\n", &b[..30]))
            .rejects(&[reject(2, a.len() + 1, 5030, "truncated_record")])
            .counts([3, 2, 0, 0, 1]),
        Case::of("zeros behind a value on its line", format!("{a}\n{b}{zeros}\n"))
            .rejects(&[reject(2, a.len() + 1, b.len() + 5000, "trailing_data")])
            .counts([2, 1, 0, 0, 1]),
        Case::of("an array that goes over into zeros", format!("[{a},\n{}{zeros}", &b[..30])).refused("broken_text"),
        Case::of("zeros behind an array", format!("[{a},\n{b}]{zeros}")).refused("trailing_data"),
    ]);
}

#[test]
fn in_disguise() {
    let refused = |name: &str, bytes: &[u8], reason: &str| Case::of(name, bytes).refused(reason);
    let page = "<html><head><title>Sign in</title></head></html>";
    run_all(vec![
        refused("a page, packed", &gzip(page.as_bytes()), "not_an_export"),
        refused("an error answer, packed", &zstd(br#"{"error":{"code":"UNAUTHORIZED"}}"#), "not_an_export"),
        refused("a download link, packed", &gzip(br#"{"url":"https://example.com/x"}"#), "download_link"),
        refused("UTF-16, packed", &gzip(b"\xff\xfe[\0]\0"), "encoding"),
        refused("an archive, packed", &gzip(b"PK\x03\x04"), "not_an_export"),
        refused("gzip by its first two bytes", b"\x1f\x8b", "truncated"),
        refused("gzip of another method", b"\x1f\x8b\x07\0\0\0\0\0\0\x03", "corrupt"),
        refused("gzip with every flag, then nothing", b"\x1f\x8b\x08\xff\0\0\0\0\0\x03", "corrupt"),
        refused("a byte-order mark, then a page", format!("\u{feff}{page}").as_bytes(), "not_an_export"),
        refused("xz", b"\xfd7zXZ\0\0\x04", "not_an_export"),
        refused("lz4", b"\x04\x22\x4d\x18\x60\x40\x82", "not_an_export"),
        refused("Parquet", b"PAR1\x15\x04\x15\x20", "not_an_export"),
        refused("a spreadsheet", b"PK\x03\x04\x14\0\x06\0\x08\0", "not_an_export"),
        refused("an executable", b"\x7fELF\x02\x01\x01\0", "not_an_export"),
        refused("JavaScript", b"export const x = [];", "not_an_export"),
        refused("JSON with a comment", b"// export\n[]", "not_an_export"),
        refused("a guard against hijacking", b")]}',\n[]", "not_an_export"),
        refused("YAML", b"---\n- id: a\n", "broken_text"),
        refused("a record separator", b"\x1e{\"id\":\"a\",\"amount\":1}\n", "not_an_export"),
    ]);
}

#[test]
fn very_many_rejects_are_all_listed() {
    // Enough rejects that they are buffered in several pieces.
    let lines: Vec<String> = (0..5_000).map(|number| format!("{{\"id\":{number},\"amount\":1}}")).collect();
    let framed = Frame::Lines.around(&lines);
    let rows: Vec<String> =
        framed.places.iter().zip(&lines).map(|(at, line)| row("in/f", *at, line.len(), "wrong_type", "id")).collect();
    run_all(vec![
        Case::of("5 000", &framed.text).rejects(&rows).counts([5_000, 0, 0, 0, 5_000]),
        // A run with only rejects is complete when `--max-rejects` allows them.
        Case::of("allowed", &framed.text)
            .flags(&["--max-rejects", "5000"])
            .any_rejects()
            .counts([5_000, 0, 0, 0, 5_000]),
        Case::of("one fewer allowed", &framed.text)
            .flags(&["--max-rejects", "4999"])
            .rejects(&rows)
            .counts([5_000, 0, 0, 0, 5_000]),
    ]);
}

#[test]
fn numbers_of_thousands_of_digits() {
    let digits = "7".repeat(4000);
    let fraction = format!("1.{}1", "0".repeat(4000));
    let whole = format!("1.{}", "0".repeat(4000));
    let exponent = format!("1e{}", "9".repeat(4000));
    let zero = format!("0e{}", "9".repeat(4000));
    let shifted = format!("250{}e-3997", "0".repeat(3997));
    let amount = |text: &str| format!(r#"{{"id":"n","amount":{text},"currency":"NOK","events":[]}}"#);
    let fine = |name: &str, text: &str| Case::of(name, amount(text)).accepted(1);
    let bad = |name: &str, text: &str, reason: &str| {
        let text = amount(text);
        let row = format!("in/f,0,1,{},{reason},amount", text.len());
        Case::of(name, text).rejects(&[row]).counts([1, 0, 0, 0, 1])
    };
    run_all(vec![
        bad("4000 digits", &digits, "amount_out_of_range"),
        bad("minus 4000 digits", &format!("-{digits}"), "amount_out_of_range"),
        bad("a fraction of 4000 digits", &fraction, "amount_not_integer"),
        bad("an exponent of 4000 digits", &exponent, "amount_out_of_range"),
        bad("a negative exponent of 4000 digits", &exponent.replace('e', "e-"), "amount_not_integer"),
        bad("2^63", "9223372036854775808", "amount_out_of_range"),
        bad("-2^63 - 1", "-9223372036854775809", "amount_out_of_range"),
        bad("2^64", "18446744073709551616", "amount_out_of_range"),
        bad("2^64 + 100, as a float", "1.8446744073709551716e19", "amount_out_of_range"),
        bad("the least fraction", "0.00000000000000000001", "amount_not_integer"),
        fine("a fraction of 4000 zeros", &whole),
        fine("nothing times anything", &zero),
        fine("4000 digits and as many places back", &shifted),
        fine("2^63 - 1", "9223372036854775807"),
        fine("-2^63", "-9223372036854775808"),
        fine("minus nothing", "-0.0e-0"),
    ]);
}

/// Texts that are not timestamps.
const BAD_TIMES: &[&str] = &[
    "2026-3-01T00:00:00Z",
    "26-03-01T00:00:00Z",
    "12026-03-01T00:00:00Z",
    "-2026-03-01T00:00:00Z",
    "+2026-03-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-03-01T0:00:00Z",
    "2026-03-01T00:60:00Z",
    "2026-03-01T00:00:62Z",
    "2026-03-01T00:00Z",
    "2026-03-01T00Z",
    "20260301T000000Z",
    "2026-060T00:00:00Z",
    "2026-W09-7T00:00:00Z",
    "2026-03-01T00:00:00,5Z",
    "2026-03-01T00:00:00.5",
    "2026-03-01T00:00:00z+01:00",
    "2026-03-01T00:00:00+24:00",
    "2026-03-01T00:00:00+01:60",
    "2026-03-01T00:00:00+1:00",
    "2026-03-01T00:00:00+01",
    "2026-03-01T00:00:00 +01:00",
    "2026-03-01T00:00:00GMT",
    "2026-03-01T00:00:00[UTC]",
    "Sun, 01 Mar 2026 00:00:00 GMT",
    "1772323200",
    "1772323200000",
    "now",
    " ",
    "2026-03-01T23:59:60Z",
    "2016-12-31T23:59:60+01:00",
    "2016-12-31T22:59:60Z",
    "2026-03-01T00:00:00\u{2212}01:00",
    "２０２６-03-01T00:00:00Z",
    "2026-03-01T00:00:00Z\\u0000",
    "\\u00002026-03-01T00:00:00Z",
];

/// Values that are not texts.
const NO_TIMES: &[&str] = &["1772323200", "1.5", "true", "[]", "{}", "[\"2026-03-01T00:00:00Z\"]"];

/// Valid times, including rare forms.
const GOOD_TIMES: &[&str] = &[
    "2024-02-29T23:59:59.999999999999Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2016-12-31T23:59:60Z",
    "2016-12-31T18:59:60-05:00",
    "2017-01-01T05:29:60+05:30",
    "2026-03-01T00:00:00-00:00",
];

#[test]
fn times_of_every_wrong_kind() {
    let line = |value: &str| transaction("x", &format!(r#""created_at":{value}"#));
    let lines: Vec<String> = BAD_TIMES
        .iter()
        .map(|text| line(&format!("\"{text}\"")))
        .chain(NO_TIMES.iter().map(|value| line(value)))
        .collect();
    let framed = Frame::Lines.around(&lines);
    let rows = framed.places.iter().zip(&lines).enumerate().map(|(number, (at, line))| {
        let reason = if number < BAD_TIMES.len() { "bad_timestamp" } else { "wrong_type" };
        row("in/f", *at, line.len(), reason, "created_at")
    });
    let count = lines.len() as u64;
    let fine: Vec<String> = GOOD_TIMES.iter().map(|text| line(&format!("\"{text}\""))).collect();
    run_all(vec![
        Case::of("wrong", &framed.text).rejects(&rows.collect::<Vec<_>>()).counts([count, 0, 0, 0, count]),
        Case::of("right", Frame::Lines.around(&fine).text).counts([7, 1, 0, 6, 0]),
    ]);
}

#[test]
fn a_text_that_is_given_in_bits() {
    // A pipe that delivers one byte at a time.
    let desk = crate::support::Desk::new();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_avstem"));
    command
        .args(["check", "-", "--out", "run", "--quiet"])
        .current_dir(desk.path())
        .stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    let text = format!("\u{feff}{}\n{{\"id\":5,\"amount\":1}}\n", transaction("é", ""));
    let mut pipe = child.stdin.take().unwrap();
    for byte in text.as_bytes() {
        pipe.write_all(&[*byte]).unwrap();
        pipe.flush().unwrap();
    }
    drop(pipe);
    assert_eq!(child.wait().unwrap().code(), Some(3));
    let rows = desk.rows("rejects.csv");
    assert_eq!((rows.len(), rows[0]["line"].as_str(), rows[0]["reason_code"].as_str()), (1, "2", "wrong_type"));
}
