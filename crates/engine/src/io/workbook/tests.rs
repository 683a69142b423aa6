use std::fs;
use std::io::{Cursor, Write};
use std::path::PathBuf;

use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::*;

const COLUMNS: Columns<'static> = Columns { names: &["id", "word", "until", "note"], needed: 2, filled: 1, day: 2 };

const RELATIONS: &str = r#"<Relationships xmlns="p">
<Relationship Id="rId1" Type="http://o/relationships/worksheet" Target="worksheets/one.xml"/>
<Relationship Id="rId2" Type="http://o/relationships/worksheet" Target="/xl/worksheets/two.xml"/>
<Relationship Id="rId3" Type="http://o/relationships/sharedStrings" Target="sharedStrings.xml"/>
<Relationship Id="rId4" Type="http://o/relationships/chartsheet" Target="chartsheets/c.xml"/></Relationships>"#;

fn book(properties: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><workbook>{properties}<sheets><sheet name="first" sheetId="1" r:id="rId1"/>
<sheet name="chart" sheetId="7" r:id="rId4"/><sheet name="se&amp;ond" sheetId="2" r:id="rId2"/></sheets></workbook>"#
    )
}

/// A ZIP archive of these parts.
fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook of two sheets and shared strings.
fn workbook(one: &str, two: &str, texts: &str) -> Vec<u8> {
    let of = |rows: &str| format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    packed(&[
        ("xl/workbook.xml", book("").as_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/one.xml", of(one).as_bytes()),
        ("xl/worksheets/two.xml", of(two).as_bytes()),
        ("xl/sharedStrings.xml", format!("<sst>{texts}</sst>").as_bytes()),
    ])
}

fn place(bytes: &[u8]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn read(bytes: &[u8]) -> Result<Vec<TableRow>, WorkbookError> {
    let (_folder, path) = place(bytes);
    read_within(&path, &COLUMNS, Limits { kept: 1 << 20, unpacked: 4 << 20 })
}

/// The error of a workbook that cannot be read.
fn wrong(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

fn row(sheet: &str, number: u32, cells: [&str; 4]) -> TableRow {
    TableRow { sheet: sheet.to_owned(), number, cells: cells.map(str::to_owned).to_vec() }
}

const HEAD: &str = r#"<row r="1"><c r="A1" t="inlineStr"><is><t>id</t></is></c><c r="B1" t="inlineStr"><is><t>word</t></is></c>
<c r="C1" t="inlineStr"><is><t>until</t></is></c></row>"#;

/// Rows after the header, as inline texts.
fn rows(of: &[[&str; 2]]) -> String {
    let cell = |text: &str| format!("<c t=\"inlineStr\"><is><t>{text}</t></is></c>");
    of.iter().map(|[id, word]| format!("<row>{}{}</row>", cell(id), cell(word))).collect()
}

#[test]
fn rows_are_found_however_a_spreadsheet_writes_them() {
    // Shared strings, also in runs and with phonetic text; a title above the column names, which
    // are in another order and in capitals.
    let texts = "<si><t>ID</t></si><si><t xml:space=\"preserve\"> Word </t></si><si><r><t>a</t></r><rPh><t>x</t></rPh><r><t>b&amp;&#x63;</t></r></si>\
                 <si><t>go_x000D__x005F_x0041_</t></si><si><t><![CDATA[<u>]]></t></si>";
    let one = r#"<row r="1"><c r="A1" t="s"><v>4</v></c></row>
<row r="3"><c r="C3" t="s"><v>0</v></c><c r="E3" t="s"><v>1</v></c><c r="F3" t="inlineStr"><is><t>until</t></is></c></row>
<row r="4"><c r="A4" t="s"><v>999</v></c><c r="C4" t="s"><v>2</v></c><c r="E4" t="s"><v>3</v></c><c r="F4" s="7"><v>46387</v></c></row>
<row r="5"><c r="C5" t="s"><v>2</v></c><c r="E5"/></row>
<row r="6"><c r="C6"><v>12</v></c><c r="E6" t="str"><f>A1&amp;"x"</f><v>said</v></c><c r="F6"><v>46387.75</v></c></row>
<row r="9"><c r="C9" t="b"><v>1</v></c><c r="E9" t="e"><v>#N/A</v></c><c r="F9"><v>1e3</v></c></row>"#;
    // Cells without references, and names with a namespace prefix.
    let two = r#"<x:row><x:c t="inlineStr"><x:is><x:t>id</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>word</x:t></x:is></x:c></x:row>
<x:row><x:c t="inlineStr"><x:is><x:t>z</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>end</x:t></x:is></x:c></x:row>"#;
    let found = read(&workbook(one, two, texts)).unwrap();
    let wanted = [
        row("first", 4, ["ab&c", "go\r_x0041_", "2026-12-31", ""]),
        row("first", 6, ["12", "said", "2026-12-31", ""]),
        row("first", 9, ["TRUE", "#N/A", "1e3", ""]),
        row("se&ond", 2, ["z", "end", "", ""]),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn days_are_counted_as_the_workbook_says() {
    assert_eq!(day_of("61", false).as_deref(), Some("1900-03-01"));
    assert_eq!(day_of("46387", false).as_deref(), Some("2026-12-31"));
    assert_eq!(day_of("44925", true).as_deref(), Some("2026-12-31"));
    for none in ["60", "-1", "", "x", "1.x", "2958466", "99999999999999999999"] {
        assert_eq!(day_of(none, false), None, "{none}");
    }
    let sheet = format!(
        "<worksheet><sheetData>{HEAD}<row><c/><c t=\"inlineStr\"><is><t>w</t></is></c><c><v>44925</v></c></row></sheetData></worksheet>"
    );
    let parts: [(&str, &[u8]); 3] = [
        ("xl/workbook.xml", &book("<workbookPr date1904=\"1\"/>").into_bytes()),
        ("xl/_rels/workbook.xml.rels", RELATIONS.as_bytes()),
        ("xl/worksheets/one.xml", sheet.as_bytes()),
    ];
    assert_eq!(read(&packed(&parts)).unwrap(), [row("first", 2, ["", "w", "2026-12-31", ""])]);
}

#[test]
fn sheets_go_on_and_those_without_the_table_are_passed_over() {
    let found = read(&workbook(
        &(HEAD.to_owned() + &rows(&[["a", "x"], ["b", ""]])),
        &(HEAD.to_owned() + &rows(&[["c", "y"]])),
        "",
    ));
    assert_eq!(found.unwrap(), [row("first", 2, ["a", "x", "", ""]), row("se&ond", 2, ["c", "y", "", ""])]);
    let found = read(&workbook(&rows(&[["id", "other"]]), &(HEAD.to_owned() + &rows(&[["c", "y"]])), ""));
    assert_eq!(found.unwrap().len(), 1);
    let found = read(&workbook(
        &rows(&[["id", "other"]]),
        &("<row r=\"51\"/>".to_owned() + &rows(&[["id", "word"], ["c", "y"]])),
        "",
    ));
    assert_eq!(found.unwrap_err().to_string(), "no sheet has the columns id, word");
}

#[test]
fn what_is_no_workbook_is_said_to_be_none() {
    assert!(wrong(b"id,word\na,b\n").contains("it is no workbook"));
    assert!(wrong(b"").contains("it is no workbook"));
    assert!(wrong(b"\xD0\xCF\x11\xE0 and more").contains("of an older kind (.xls), or locked"));
    assert!(wrong(&packed(&[("content.xml", b"<office/>")])).contains("it is no workbook (.xlsx)"));
    let whole = workbook(HEAD, "", "");
    assert!(wrong(&whole[..whole.len() - 30]).contains("not whole"));
    let folder = tempfile::tempdir().unwrap();
    assert!(read_table(folder.path(), &COLUMNS).is_err());
    assert!(read_table(&folder.path().join("gone.xlsx"), &COLUMNS).is_err());
}

#[test]
fn hostile_workbooks_end_in_an_error() {
    let sheet = |rows: &str| workbook(&(HEAD.to_owned() + rows), "", "");
    let blanks = " ".repeat(2 << 20);
    assert!(wrong(&sheet(&format!("<row>{blanks}</row>"))).contains("is too large"));
    let many = format!("<row>{}</row>", " ".repeat(100_000)).repeat(50);
    assert!(wrong(&sheet(&many)).contains("grows beyond measure"));
    assert!(wrong(&sheet(&"<a>".repeat(100))).contains("too deep"));
    assert!(wrong(&sheet("<row></c>")).contains("worksheets/one.xml"));
    assert!(wrong(&sheet("<row><c><v>&lol;</v></c></row>")).contains("unknown"));
    assert!(wrong(&sheet("<row><c r=\"B2\" t=\"s\"><v>-1</v></c></row>")).contains("shared text by no number"));
    assert!(wrong(&workbook(&HEAD.replace(">until<", ">word<"), "", "")).contains("the column word twice"));
    assert!(
        wrong(&workbook(
            &rows(&[["id", "id"]; 1]).replace(
                "<row>",
                &format!("<row>{}", rows(&[["id", "word"]; 200]).replace("<row>", "").replace("</row>", ""))
            ),
            "",
            ""
        ))
        .contains("all over")
    );
    assert!(wrong(&workbook("", "", &"<si><t>word</t></si>".repeat(1001))).contains("too often"));
    let runs = format!(
        "<row><c/><c t=\"inlineStr\"><is>{}</is></c></row>",
        format!("<t>{}</t>", "x".repeat(1000)).repeat(1100)
    );
    assert!(wrong(&sheet(&runs)).contains("longer than a cell"));
    let long = rows(&[["a", "x"]]).replace('x', &"x".repeat(30_000)).repeat(40);
    assert!(wrong(&sheet(&long)).contains("more is filled in"));
    let shared = "<row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>0</v></c></row>".repeat(20);
    let text = format!("<si><t>{}</t></si>", "x".repeat(30_000));
    assert!(wrong(&workbook(&(HEAD.to_owned() + &shared), "", &text)).contains("more is filled in"));
    let declared = "<!DOCTYPE lolz [<!ENTITY lol \"lol\">]><workbook/>";
    assert!(wrong(&packed(&[("xl/workbook.xml", declared.as_bytes())])).contains("declares"));
    let mut invalid = sheet("<row><c/><c t=\"inlineStr\"><is><t>QQQQ</t></is></c></row>");
    assert_eq!(read(&invalid).unwrap().len(), 1);
    invalid.truncate(40);
    assert!(read(&invalid).is_err());
}

#[test]
fn names_of_any_length_are_neither_kept_nor_repeated() {
    let with = |book: &str, relations: &str| {
        wrong(&packed(&[("xl/workbook.xml", book.as_bytes()), ("xl/_rels/workbook.xml.rels", relations.as_bytes())]))
    };
    let long = "x".repeat(100_000);
    let relation =
        |at: usize, target: &str| format!("<Relationship Id=\"r{at}\" Type=\"o/worksheet\" Target=\"{target}\"/>");
    let relations = |inner: &str| format!("<Relationships>{inner}</Relationships>");
    let sheets = |inner: &str| format!("<workbook><sheets>{inner}</sheets></workbook>");
    let sheet = "<sheet name=\"one\" r:id=\"r0\"/>";
    // Long names, and one that many sheets share.
    let many: String = (0..20).map(|at| relation(at, &long)).collect();
    assert!(with(&sheets(sheet), &relations(&many)).contains("more is filled in"));
    let named = format!("<sheet name=\"{long}\" r:id=\"r0\"/>").repeat(20);
    assert!(with(&sheets(&named), &relations(&relation(0, "a"))).contains("more is filled in"));
    assert!(with(&sheets(&sheet.repeat(20)), &relations(&relation(0, &long))).contains("more is filled in"));
    // The error of a part contains the part's name and text.
    let hostile = packed(&[
        ("xl/workbook.xml", sheets(sheet).as_bytes()),
        ("xl/_rels/workbook.xml.rels", relations(&relation(0, "&#27;[31m\u{202e}")).as_bytes()),
        ("xl/\u{1b}[31m\u{202e}", b"<a></b>"),
    ]);
    let message = wrong(&hostile);
    assert!(message.contains("its part xl/\\u{1B}[31m\\u{202E}: "), "{message}");
    let message = with(&format!("<workbook></{long}>"), &relations(""));
    assert!(message.ends_with('…') && message.chars().count() < 400, "{message}");
}

#[test]
fn the_list_of_parts_has_an_end() {
    let parts = |count: usize| {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        // Each name is almost as long as names can be.
        (0..count).for_each(|at| zip.start_file(format!("{at:060000}"), options).unwrap());
        zip.start_file("xl/workbook.xml", options).unwrap();
        zip.write_all(b"<workbook/>").unwrap();
        zip.finish().unwrap().into_inner()
    };
    assert!(wrong(&parts(100)).contains("no sheet has the columns"));
    assert!(wrong(&parts(300)).contains("the list of its parts is too long"));
}

#[test]
fn no_changed_byte_makes_it_panic() {
    let whole = workbook(&(HEAD.to_owned() + &rows(&[["a", "x"]])), "", "<si><t>id</t></si>");
    let (_folder, path) = place(&whole);
    let mut dice = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..1000 {
        let mut changed = whole.clone();
        for _ in 0..1 + dice % 3 {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (dice >> 33) as usize % changed.len();
            changed[at] = (dice >> 20) as u8;
        }
        fs::write(&path, &changed).unwrap();
        let _ = read_table(&path, &COLUMNS);
    }
}
