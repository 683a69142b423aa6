//! Exports that are unusual, and folders that are no export.

use std::io::Write;

use super::{Evening, fine, lines, payment};

#[test]
fn exports_overlap() {
    let mut evening = Evening::new();
    let mut week = fine(1..=9);
    evening.desk.put("2026-11-09.ndjson", lines(&week));
    evening.note(
        "An export until the 9th and the next one: it begins on the 6th; the payment of the 8th was refunded since",
    );
    let refund = serde_json::json!({"id": "r8", "event": "REFUND", "amount": 1_000, "success": true,
        "transaction_status": "PARTIALLY_REFUNDED", "created_at": "2026-11-10T08:00:00Z"});
    week[7]["events"].as_array_mut().unwrap().push(refund);
    week[7]["updated_at"] = "2026-11-10T08:00:00Z".into();
    week[7]["status"] = "PARTIALLY_REFUNDED".into();
    evening.desk.put("2026-11-12.ndjson", lines(&[&week[5..], &fine(10..=12)].concat()));
    evening.avstem("check in --out run");
    evening.avstem("show P12345678.8 in");
    evening.note("The same two, named the other way round: nothing changes");
    evening.avstem("check in/2026-11-12.ndjson in/2026-11-09.ndjson --out other");
    evening.avstem("diff run other");
    evening.keep("overlap");
}

#[test]
fn lines_end_as_on_windows() {
    let mut evening = Evening::new();
    evening.note("Saved on Windows: a byte order mark, and two characters at the end of each line");
    let text = format!("\u{feff}{}", lines(&fine(1..=3)).replace('\n', "\r\n"));
    evening.desk.put("payments.ndjson", text);
    evening.avstem("check in --out run");
    evening.avstem("show P12345678.2 in");
    evening.keep("windows");
}

#[test]
fn currencies_are_mixed() {
    let mut evening = Evening::new();
    let purchases = [("NOK", 129_900), ("SEK", 1), ("JPY", 12_500), ("KWD", 12_345), ("ISK", 2_490_000)];
    evening.note("One payment in each currency, and one of each captured beyond what was authorised");
    let pairs = (1..).zip(purchases).map(|(number, (currency, amount))| {
        let over = payment(number + 10, 3, currency, amount, amount + 7);
        [payment(number, 2, currency, amount, amount), over]
    });
    let records: Vec<_> = pairs.flatten().collect();
    evening.desk.put("payments.ndjson", lines(&records));
    evening.avstem("check in --out run");
    let columns = ["rule", "id", "currency", "expected", "actual", "delta_minor", "message"];
    evening.columns("run", "exceptions.csv", &columns);
    evening.avstem("show P12345678.14 in --story");
    evening.avstem("show P12345678.15 in");
    evening.keep("currencies");
}

#[test]
fn the_folder_is_not_an_export() {
    let mut evening = Evening::new();
    evening.desk.put("good/payments.ndjson", lines(&fine(1..=3)));
    assert_eq!(evening.desk.avstem(&["check", "in/good", "--out", "in/run"]).code, Some(0));
    evening.note("The folder of a run, not of an export");
    evening.avstem("check in/run --out a");
    evening.note("PDF reports and a note about them");
    evening.desk.put("papers/2026-11.pdf", "%PDF-1.7\n").put("papers/README.txt", "The reports of November.\n");
    evening.avstem("check in/papers --out b");
    evening.note("A zip archive, as it was downloaded");
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("payments.ndjson", zip::write::SimpleFileOptions::default()).unwrap();
    archive.write_all(lines(&fine(1..=3)).as_bytes()).unwrap();
    evening.desk.put("packed/export.zip", archive.finish().unwrap().into_inner());
    evening.avstem("check in/packed --out c");
    evening.note("An empty folder");
    std::fs::create_dir(evening.desk.inputs().join("empty")).unwrap();
    evening.avstem("check in/empty --out d");
    evening.note("A folder that is not there");
    evening.avstem("check in/exprot --out e");
    evening.note("The folder above, by mistake: the export, the run, the papers and the archive");
    evening.avstem("check in --out f");
    evening.keep("wrong_folder");
}
