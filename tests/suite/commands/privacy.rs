//! Personal data stays out of every file and line that avstem writes; input text in reports is
//! inert.

use std::fs;
use std::io::{Cursor, Read};

use avstem_engine::frame::column::{Column, Type};
use avstem_engine::frame::read::ParquetFile;
use avstem_engine::frame::schema::FRAMES;
use avstem_engine::report::table::{BALANCES, EXCEPTIONS};
use serde_json::{Value, json};

use crate::support::{Desk, Ended, read};

/// Members that are personal at any depth.
const PERSONAL: [&str; 32] = [
    "first_name",
    "last_name",
    "given_name",
    "family_name",
    "address_line",
    "address_line_2",
    "co_address",
    "business_name",
    "postal_code",
    "postal_place",
    "phone_number",
    "email",
    "latitude",
    "longitude",
    "comment",
    "organization_number",
    "customer_reference",
    "customer_ip",
    "user_agent",
    "user-agent",
    "masked_pan",
    "customer_id",
    "card_id",
    "payment_token",
    "payment_token_id",
    "recurrence_token",
    "masked_card_token",
    "masked_account_number",
    "account_number_token",
    "national_idp",
    "expiry_date",
    "nonce",
];

/// Puts a unique word into every personal member and counts them.
fn plant(value: &mut Value, planted: &mut usize) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                if PERSONAL.contains(&name.as_str()) && !value.is_object() && !value.is_array() {
                    *value = json!(format!("PLANTED-{planted}-secret-word"));
                    *planted += 1;
                } else {
                    plant(value, planted);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|value| plant(value, planted)),
        _ => {}
    }
}

/// All files of a run and its printed output.
fn written(desk: &Desk, ended: &Ended) -> Vec<(String, Vec<u8>)> {
    let walk = walkdir::WalkDir::new(desk.path().join("run")).into_iter().map(Result::unwrap);
    let files = walk.filter(|entry| entry.file_type().is_file());
    let mut all: Vec<(String, Vec<u8>)> = files
        .map(|entry| {
            let (name, bytes) = (entry.path().display().to_string(), fs::read(entry.path()).unwrap());
            let unpacked = [unpacked(&name, &bytes), bytes].concat();
            (name, unpacked)
        })
        .collect();
    all.push(("standard output".to_owned(), ended.out.clone().into_bytes()));
    all.push(("standard error".to_owned(), ended.err.clone().into_bytes()));
    all
}

/// Also decodes compressed content: the texts of a Parquet table, the parts of a workbook.
fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    let file = name.rsplit_once("/run/").map_or(name, |(_, file)| file);
    let tables = [("exceptions.parquet", EXCEPTIONS), ("balances.parquet", BALANCES)];
    let frames = FRAMES.iter().map(|(name, columns, _)| (*name, *columns));
    if let Some((_, columns)) = tables.into_iter().chain(frames).find(|(name, _)| *name == file) {
        return texts(bytes, columns).join("\n").into_bytes();
    }
    assert!(!name.ends_with(".parquet"), "{name} is a table that nobody looks into");
    if name.ends_with(".xlsx") { unzipped(bytes) } else { Vec::new() }
}

fn texts(bytes: &[u8], columns: &'static [Column]) -> Vec<String> {
    let mut found = Vec::new();
    let mut file = ParquetFile::open(Cursor::new(bytes), "it", columns).unwrap();
    for table in file.tables() {
        let table = table.unwrap();
        for column in columns.iter().filter(|column| matches!(column.kind, Type::Text | Type::Number)) {
            let texts = table.texts(column.name);
            found.extend((0..table.rows()).filter_map(|row| texts.get(row)).map(str::to_owned));
        }
    }
    found
}

/// All parts of a zip archive, concatenated.
fn unzipped(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    for at in memchr::memmem::find_iter(bytes, b"PK\x03\x04") {
        let short = |from: usize| usize::from(u16::from_le_bytes([bytes[at + from], bytes[at + from + 1]]));
        let data = &bytes[at + 30 + short(26) + short(28)..];
        match short(8) {
            8 => drop(flate2::bufread::DeflateDecoder::new(data).read_to_end(&mut out)),
            _ => out.extend_from_slice(data),
        }
    }
    out
}

fn workbook(desk: &Desk) -> String {
    let parts = unzipped(&fs::read(desk.path().join("run/report.xlsx")).unwrap());
    String::from_utf8(parts).expect("the parts of a workbook are texts")
}

fn assert_nowhere(desk: &Desk, ended: &Ended, secret: &str) {
    for (name, bytes) in written(desk, ended) {
        assert!(memchr::memmem::find(&bytes, secret.as_bytes()).is_none(), "{secret} stands in {name}");
    }
}

#[test]
fn personal_members_stay_out() {
    let desk = Desk::new();
    let mut planted = 0;
    for name in ["cancellation", "refunds", "authorizations", "session", "transaction"] {
        let mut value: Value = serde_json::from_str(&read(format!("tests/seeds/{name}.json"))).unwrap();
        plant(&mut value, &mut planted);
        let path = match name {
            "session" | "transaction" => format!("{name}.json"),
            "cancellation" => "orders/A1/cancellations/1.json".to_owned(),
            list => format!("orders/A1/{list}.json"),
        };
        desk.put(&path, value.to_string());
        // The same values in unreadable records: a reject must quote nothing.
        desk.put(&format!("cut-{name}.json"), value.to_string().split_at(value.to_string().len() / 2).0);
        let mut wrong = value.clone();
        wrong["id"] = json!(["PLANTED-id-secret-word"]);
        wrong["amount"] = json!("PLANTED-amount-secret-word");
        desk.put(&format!("wrong-{name}.ndjson"), format!("{wrong}\n{wrong} x\n"));
    }
    assert!(planted > 200, "{planted}");
    for words in [
        &["--frames", "--balances-csv", "--xlsx"][..],
        &["--format", "json"],
        &["--csv-dialect", "excel-no", "--strict"],
    ] {
        let ended = desk.check(words);
        assert_eq!(ended.code, Some(3), "{}", ended.err);
        assert_nowhere(&desk, &ended, "PLANTED");
        assert_nowhere(&desk, &ended, "secret-word");
        assert!(desk.rows_or_none("exceptions.csv") > 5);
        if words.contains(&"--xlsx") {
            assert!(workbook(&desk).contains("amount-missing"), "the workbook's texts are looked at");
        }
    }
    for id in ["<string>", "A1"] {
        let ended = desk.avstem(&["show", id, "in"]);
        assert_eq!(ended.code, Some(0), "{}", ended.err);
        assert!(!ended.out.contains("PLANTED"));
    }
}

impl Desk {
    /// Counts the lines of a CSV file, its header included.
    fn rows_or_none(&self, name: &str) -> usize {
        self.text(name).lines().count()
    }
}

/// A transaction that is captured twice, with attacker-chosen text in every member that is shown.
fn shown(id: &str, text: &str) -> String {
    json!({
        "id": id, "amount": 100, "currency": "NOK", "status": text, "merchant_reference": text,
        "merchant_reference_2": text, "payment_product_type": text, "session_id": "s", "settlement_status": text,
        "items": [{"line_id": text, "amount": 90}, {"line_id": text, "amount": 5}],
        "events": [
            {"event": text, "id": text, "transaction_status": text, "amount": 1},
            {"event": "CAPTURE", "amount": 250, "items": [{"line_id": format!("{text}x"), "amount": 5}],
             "splits": [{"payout_destination_id": text, "amount": 5}, {"payout_destination_id": text, "amount": 6}]},
        ],
    })
    .to_string()
}

#[test]
fn card_numbers_in_references_are_masked() {
    let cards = ["4111111111111111", "5500 0000 0000 0004", "3782-822463-10005"];
    for (number, card) in cards.into_iter().enumerate() {
        let reference = json!({
            "id": format!("t{number}"), "amount": 100, "currency": "NOK", "status": format!("S {card}"),
            "merchant_reference": format!("order {card}"), "merchant_reference_2": card, "payment_product_type": card,
            "events": [{"event": "CAPTURE", "amount": 150}, {"event": format!("E {card}")}],
        });
        let desk = Desk::with("f.json", reference.to_string());
        let ended = desk.check(&["--frames", "--balances-csv", "--xlsx"]);
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        assert_nowhere(&desk, &ended, card);
        let tail = &card[card.len() - 4..];
        assert!(workbook(&desk).contains("order *"));
        let row = &desk.rows("exceptions.csv")[0];
        assert!(row["merchant_reference"].starts_with("order *") && row["merchant_reference"].ends_with(tail));
        let page = desk.avstem(&["show", &format!("t{number}"), "in"]);
        assert!(!page.out.contains(card), "{}", page.out);
    }
}

#[test]
fn what_is_shown_can_neither_hide_nor_reorder() {
    let desk = Desk::with("f.json", shown("a\u{202e}b\u{200b}c", "x\u{1b}[31m\u{202e}\u{feff}\r\ny"));
    let ended = desk.check(&["--balances-csv", "--xlsx"]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let page = desk.avstem(&["show", "a\u{202e}b\u{200b}c", "in"]);
    assert_eq!(page.code, Some(0));
    let mut texts: Vec<(String, String)> = [
        "exceptions.csv",
        "balances.csv",
        "summary.json",
        "coverage.csv",
        "control_totals.csv",
        "rejects.csv",
        "report.html",
    ]
    .map(|name| (name.to_owned(), desk.text(name)))
    .to_vec();
    // The XML declaration of a workbook part ends with CRLF.
    texts.push(("report.xlsx".to_owned(), workbook(&desk).replace("\r\n", "\n")));
    assert!(texts.iter().all(|(name, text)| !name.starts_with("report") || text.contains(r"a\u{202E}b\u{200B}c")));
    texts.extend([("summary".to_owned(), ended.out), ("page".to_owned(), page.out)]);
    for (name, text) in texts {
        let hidden = |c: char| (c.is_control() && c != '\n') || "\u{202e}\u{200b}\u{feff}".contains(c);
        assert_eq!(text.chars().find(|c| hidden(*c)), None, "{name}");
    }
    assert_eq!(desk.rows("exceptions.csv")[0]["id"], r"a\u{202E}b\u{200B}c");
}

fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

#[test]
fn no_cell_is_a_formula() {
    for start in ["=", "+", "-", "@", "\t", "\r"] {
        let text = format!("{start}cmd|' /C calc'!A0");
        let desk = Desk::with("=f.json", shown("=1+1", &text));
        let ended = desk.check(&["--balances-csv", "--csv-dialect", "plain", "--xlsx"]);
        assert_eq!(ended.code, Some(1), "{}", ended.err);
        for name in
            ["exceptions.csv", "balances.csv", "rejects.csv", "coverage.csv", "control_totals.csv", "rollforward.csv"]
        {
            for row in desk.rows(name) {
                for (column, cell) in row {
                    let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
                    assert!(!formula || is_number(&cell), "{name} {column}: {cell}");
                }
            }
        }
        assert_eq!(desk.rows("exceptions.csv")[0]["id"], "'=1+1");
        // A workbook stores text cells as text: the id stays as it is, and nothing is computed, run
        // or linked.
        let book = workbook(&desk);
        assert!(book.contains(">=1+1</t>"), "the id is a text");
        for active in ["<f>", "<f ", "<hyperlink", "externalLink", "ddeLink", "oleLink", "vbaProject", "TargetMode"] {
            assert!(!book.contains(active), "{active}");
        }
    }
}

#[test]
fn no_markup_of_the_input_is_markup_in_a_report() {
    let trick =
        r#"</t></is></c><c><f>1+1</f></c><script src="x">a</script>"' onload='a' &lt;b&gt; ]]> _x003c_f_x003e_"#;
    let desk = Desk::with("<b>.json", shown(trick, trick));
    let ended = desk.check(&["--xlsx"]);
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    let (book, page) = (workbook(&desk), desk.text("report.html"));
    for (name, text) in [("report.xlsx", &book), ("report.html", &page)] {
        for markup in ["<f>", "<b>.json", " &lt;b&gt; ", "]]>"] {
            assert!(!text.contains(markup), "{name} has {markup}");
        }
        assert!(text.contains("&amp;lt;b&amp;gt;"), "{name} has the text");
    }
    assert!(!page.contains("src=\"x\"") && !page.contains("onload='a'"), "quotes could end an attribute");
    assert!(!book.contains("<script") && page.matches("<script").count() == 1);
    // Text that looks like a workbook's `_xHHHH_` escape is escaped itself.
    assert!(book.contains("_x005F_x003c_f_x005F_x003e_"), "{}", &book[book.find("_x0").unwrap_or(0)..][..60]);
}
