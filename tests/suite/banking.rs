//! Bank statements among the inputs: told by content or named with `--bank`, whole or refused.

use std::fs;
use std::io::Write;

use crate::support::{Desk, Ended, Row};

const FINE: &str = r#"{"id":"P12345678.a1","amount":0,"currency":"NOK","status":"INITIATED","events":[],"created_at":"2026-03-01T10:00:00Z"}"#;

const CSV: &str = "Dato;Tekst;Beløp;Saldo\n06.10.2026;Ola Nordmann R17483;1455,00;1555,00\n";

const CONFIGURED: &str = "[bank.csv]\naccount = \"1503.44.55667\"\ncurrency = \"NOK\"\ndate = \"Dato\"\n\
    date_format = \"%d.%m.%Y\"\namount = \"Beløp\"\ntext = \"Tekst\"\nbalance = \"Saldo\"\n";

fn statement(id: &str, amount: &str) -> String {
    format!(
        "<Stmt><Id>{id}</Id><Acct><Id><IBAN>NO9386011117947</IBAN></Id><Ccy>NOK</Ccy></Acct>\
         <Ntry><Amt Ccy=\"NOK\">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2026-10-06</Dt></BookgDt>\
         <NtryDtls><TxDtls><RltdPties><Dbtr><Nm>Kari Nordmann</Nm></Dbtr></RltdPties></TxDtls></NtryDtls>\
         <AddtlNtryInf>Ola Nordmann R17483</AddtlNtryInf></Ntry></Stmt>"
    )
}

fn camt(statements: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
         <BkToCstmrStmt>{}</BkToCstmrStmt></Document>\n",
        statements.concat()
    )
}

/// A folder with an export, a configuration, and a file beside the export.
fn desk(name: &str, content: impl AsRef<[u8]>) -> Desk {
    let desk = Desk::with("export.json", FINE);
    fs::write(desk.path().join("avstem.toml"), CONFIGURED).unwrap();
    fs::write(desk.path().join(name), content).unwrap();
    desk
}

fn checked(desk: &Desk, words: &[&str]) -> Ended {
    desk.avstem(&[&["check", "in", "--out", "run", "--force", "--quiet"], words].concat())
}

/// The records of a source: read, accepted, duplicate.
fn records(rows: &[Row], source: &str) -> [String; 3] {
    let value = |measure: &str| {
        let is_it = |row: &&Row| row["source"] == source && row["measure"] == measure && row["stage"] != "identity";
        rows.iter().find(is_it).unwrap_or_else(|| panic!("{measure} of {source}"))["value"].clone()
    };
    ["records", "accepted", "duplicate"].map(value)
}

#[test]
fn statements_count_among_the_records() {
    let desk = desk("statement.csv", CSV);
    let text = camt(&[statement("1", "1455.00"), statement("2", "3.00")]);
    desk.put("october.xml", &text);
    desk.put("again.json", camt(&[statement("2", "3.00")]));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(camt(&[statement("3", "4.00")]).as_bytes()).unwrap();
    desk.put("packed.xml.gz", packed.finish().unwrap());
    let ended = checked(&desk, &["--bank", "statement.csv", "--bank", "in/october.xml"]);
    assert_eq!(ended.code, Some(0), "{}", ended.err);
    let totals = desk.rows("control_totals.csv");
    for (source, expected) in [
        ("statement.csv", ["1", "1", "0"]),
        ("in/again.json", ["1", "1", "0"]),
        ("in/october.xml", ["2", "1", "1"]),
        ("in/packed.xml.gz", ["1", "1", "0"]),
        ("", ["6", "5", "1"]),
    ] {
        assert_eq!(records(&totals, source), expected, "{source}");
    }
    assert_eq!(desk.json("summary.json")["as_of"], "2026-03-01T10:00:00Z", "no statement moves the as-of");
    let manifest = desk.json("manifest.json");
    assert_eq!(manifest["inputs"].as_array().unwrap().len(), 5);
    assert_eq!(manifest["configuration"]["bank"]["csv"]["account"], "*5667~ff9c");
}

#[test]
fn numbers_texts_and_names_of_statements_are_written_nowhere() {
    let desk = desk("statement.csv", CSV);
    desk.put("october.xml", camt(&[statement("1", "1455.00")]));
    assert_eq!(checked(&desk, &["--bank", "statement.csv", "--frames", "--balances-csv"]).code, Some(0));
    let files = walkdir::WalkDir::new(desk.path().join("run")).into_iter().map(Result::unwrap);
    for path in files.filter(|entry| entry.file_type().is_file()).map(walkdir::DirEntry::into_path) {
        let bytes = fs::read(&path).unwrap();
        for secret in ["15034455667", "1503.44.55667", "NO9386011117947", "Nordmann", "R17483"] {
            let is_there = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!is_there, "{} has {secret}", path.display());
        }
    }
}

/// A file that is refused: its name, its bytes, the words besides, the reason, and a part of the sentence.
type RefusedFile<'f> = (&'f str, Vec<u8>, &'f [&'f str], &'f str, &'f str);

#[test]
fn a_statement_with_a_defect_is_refused_whole() {
    let two = |second: &str| camt(&[statement("1", "1.00"), statement("2", second)]);
    let utf16: Vec<u8> = camt(&[]).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [RefusedFile<'_>; 12] = [
        (
            "in/a.xml",
            two("100.005").into(),
            &[],
            "amount_not_integer",
            "expected at most 2 decimals in `Amt`, found more at",
        ),
        ("in/a.xml", two("x").into(), &[], "wrong_type", "expected a decimal number in `Amt`"),
        ("in/a.xml", two("1").replace("2026-10-06", "06.10.2026").into(), &[], "bad_timestamp", "expected a date like"),
        ("in/a.xml", two("1").replace("<Id>2</Id>", "").into(), &[], "missing_field", "`Stmt` has no `Id`"),
        ("in/a.xml", two("1")[..400].into(), &[], "broken_text", "the text ends"),
        ("in/a.xml", two("1").replace("UTF-8", "UTF-7").into(), &[], "encoding", "expected UTF-8 or ISO-8859-1"),
        ("in/a.xml", utf16, &[], "encoding", "UTF-16"),
        ("in/a.xml", two("1").replace("camt.053", "camt.052").into(), &[], "not_an_export", "it looks like XML"),
        (
            "a.csv",
            CSV.replace("06.10", "6.10").into(),
            &["--bank", "a.csv"],
            "bad_timestamp",
            "column `Dato`, found another text on line 2",
        ),
        ("a.xml", "<html>".into(), &["--bank", "a.xml"], "not_an_export", "named with --bank, and is no camt.053"),
        ("a.csv", "".into(), &["--bank", "a.csv"], "empty_input", "the file is empty"),
        ("x", "".into(), &["--bank", "gone.csv"], "not_found", "no such file"),
    ];
    for (name, content, words, reason, said) in cases {
        let desk = desk(name, &content);
        let ended = checked(&desk, words);
        assert_eq!(ended.code, Some(3), "{reason}: {}", ended.err);
        let rows = desk.rows("rejects.csv");
        let [row] = &rows[..] else { panic!("{reason}: one reject, not {rows:?}") };
        assert!(row["reason_code"] == reason && row["reason"].contains(said), "{reason}: {row:?}");
        assert_eq!(records(&desk.rows("control_totals.csv"), "")[0], "1", "{reason}: the export alone");
    }
}

#[test]
fn csv_needs_its_configuration() {
    let desk = desk("a.csv", CSV);
    fs::remove_file(desk.path().join("avstem.toml")).unwrap();
    assert_eq!(checked(&desk, &["--bank", "a.csv"]).code, Some(3));
    assert!(desk.rows("rejects.csv")[0]["reason"].contains("no [bank.csv] says how to read it"));
    fs::copy(desk.path().join("a.csv"), desk.path().join("in/a.csv")).unwrap();
    assert_eq!(checked(&desk, &[]).code, Some(3));
    assert!(
        desk.rows("rejects.csv")[0]["reason"].contains("it looks like CSV")
            || desk.rows("rejects.csv")[0]["reason"].contains("CSV or plain text?")
    );
    fs::write(desk.path().join("empty.csv"), "\n").unwrap();
    fs::remove_file(desk.path().join("in/a.csv")).unwrap();
    assert_eq!(checked(&desk, &["--bank", "empty.csv", "--allow-empty"]).code, Some(0));
}
