//! Decisions read back from a filled-in report.xlsx: what is accepted, what is refused, and the
//! messages.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::accepting::OVER;
use crate::support::{Desk, Ended};

/// Cells to fill in: the letter of the column, and the text.
type Cells<'c> = &'c [(char, &'c str)];

fn desk(ids: &[&str]) -> Desk {
    let desk = Desk::new();
    for id in ids {
        desk.put(
            &format!("{id}.json"),
            OVER.replace("P12345678.over", &format!("P12345678.{id}")).replace("order-7", id),
        );
    }
    assert_eq!(desk.check(&["--quiet", "--xlsx"]).code, Some(1));
    desk
}

/// Copies report.xlsx to decided.xlsx with cells of exceptions filled in. A day is stored as a
/// number, as spreadsheets do.
fn fill(desk: &Desk, rows: &[(u32, Cells<'_>)]) {
    let mut from = ZipArchive::new(File::open(desk.path().join("run/report.xlsx")).unwrap()).unwrap();
    let mut to = ZipWriter::new(File::create(desk.path().join("decided.xlsx")).unwrap());
    for at in 0..from.len() {
        let mut part = from.by_index(at).unwrap();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        if part.name() == "xl/worksheets/sheet2.xml" {
            for (row, cells) in rows {
                for (column, value) in *cells {
                    let cell = match value.parse::<u32>() {
                        Ok(number) => format!("<c r=\"{column}{row}\" s=\"7\"><v>{number}</v></c>"),
                        Err(_) => format!(
                            "<c r=\"{column}{row}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{value}</t></is></c>"
                        ),
                    };
                    // Insert before the next cell, since cells of a row must be in column order.
                    let before = text
                        .find(&format!("<c r=\"F{row}\""))
                        .or_else(|| text.find(&format!("<c r=\"G{row}\"")))
                        .unwrap();
                    text.insert_str(before, &cell);
                }
            }
        }
        to.start_file(part.name(), SimpleFileOptions::default()).unwrap();
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap();
}

fn accept(desk: &Desk, more: &[&str]) -> Ended {
    desk.avstem(&[&["accept", "run", "--from", "decided.xlsx"], more].concat())
}

fn configuration(desk: &Desk) -> String {
    fs::read_to_string(desk.path().join("avstem.toml")).unwrap_or_default()
}

/// The ids of the findings in the order of the rows, which start at row 2 of the sheet.
fn ids(desk: &Desk) -> Vec<String> {
    desk.rows("exceptions.csv").iter().map(|row| row["exception_id"].clone()).collect()
}

#[test]
fn what_people_decided_is_read_back() {
    let desk = desk(&["a", "b", "c", "d"]);
    let ids = ids(&desk);
    fill(
        &desk,
        &[
            (2, &[('B', "accept"), ('C', " Kari "), ('D', "the courier &lt;late&gt;\nand \"more\""), ('E', "46387")]),
            (3, &[('B', "Accept"), ('C', "Ola"), ('E', "2027-01-31")]),
            (4, &[('B', "investigate")]),
            (5, &[('C', "Per")]),
        ],
    );
    let ended = accept(&desk, &["--reason", "as agreed"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    assert_eq!(
        ended.out,
        "2 findings are accepted, in avstem.toml\n1 finding is to be investigated: the next run will tell\n"
    );
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    let accepted: Vec<String> = desk.rows("exceptions.csv").iter().map(|row| row["accepted"].clone()).collect();
    assert_eq!(accepted, ["true", "true", "false", "false"]);
    let rows = desk.rows("acceptances.csv");
    let said: Vec<[&str; 5]> = rows
        .iter()
        .map(|row| ["exception", "owner", "reason", "expires", "max_amount_minor"].map(|name| row[name].as_str()))
        .collect();
    let wanted = [
        [ids[0].as_str(), "Kari", "the courier <late> and \"more\"", "2026-12-31T23:59:59.999999999Z", "10"],
        [ids[1].as_str(), "Ola", "as agreed", "2027-01-31T23:59:59.999999999Z", "10"],
    ];
    assert_eq!(said, wanted);
    // The same workbook again changes nothing.
    let before = configuration(&desk);
    let ended = accept(&desk, &["--reason", "as agreed"]);
    assert_eq!(ended.code, Some(0));
    assert!(ended.out.starts_with("2 findings are accepted already\n"), "{}", ended.out);
    assert_eq!(configuration(&desk), before);
}

#[test]
fn a_row_whose_exception_has_changed_is_refused_and_the_rest_is_taken() {
    let desk = desk(&["a", "b", "c"]);
    let ids = ids(&desk);
    let all: Cells<'_> = &[('B', "accept"), ('C', "Kari"), ('D', "known"), ('E', "46387")];
    fill(&desk, &[(2, all), (3, all), (4, all)]);
    // The next night the second payment is off by more, and the third is fixed.
    fs::rename(desk.path().join("run"), desk.path().join("before")).unwrap();
    let of = |id: &str| fs::read_to_string(desk.inputs().join(id)).unwrap();
    desk.put("b.json", of("b.json").replace("\"amount\":110", "\"amount\":120"));
    desk.put("c.json", of("c.json").replace("\"amount\":110", "\"amount\":100"));
    desk.check(&["--quiet", "--baseline", "before"]);
    let ended = accept(&desk, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(3), ""));
    let wanted = format!(
        "1 finding is accepted, in avstem.toml\n2 rows are not taken:\n  exceptions row 3, {}: it has changed since the \
         workbook was made: look at what the run says of it now\n  exceptions row 4, {}: the run does not have it any \
         more: it is resolved (balanced)\n",
        ids[1], ids[2]
    );
    assert_eq!(ended.out, wanted);
    let written = configuration(&desk);
    assert!(written.contains(&ids[0]) && !written.contains(&ids[1]) && !written.contains(&ids[2]), "{written}");
}

#[test]
fn what_cannot_be_meant_is_said_row_by_row() {
    let desk = desk(&["a", "b", "c", "d", "e"]);
    fill(
        &desk,
        &[
            (2, &[('B', "acept"), ('C', "Kari"), ('D', "known"), ('E', "46387")]),
            (3, &[('B', "accept"), ('D', "known"), ('E', "46387")]),
            (4, &[('B', "accept"), ('C', "Kari"), ('D', "  "), ('E', "46387")]),
            (5, &[('B', "accept"), ('C', "Kari"), ('D', "known"), ('E', "next week")]),
            (6, &[('B', "accept"), ('C', "Kari"), ('D', "known"), ('E', "2026-10-31")]),
        ],
    );
    let ended = accept(&desk, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(3), ""));
    let why: Vec<&str> = ended.out.lines().skip(1).filter_map(|line| Some(line.split_once(": ")?.1)).collect();
    let wanted = [
        "expected accept, investigate, fixed or nothing as decision, found \"acept\"",
        "the column owner is empty, and an acceptance has to say it",
        "the column comment is empty, and an acceptance has to say it",
        "expected a day like 2026-12-31, found \"next week\"",
        "its last day 2026-10-31 is over when the run is judged",
    ];
    assert_eq!(why, wanted, "{}", ended.out);
    assert_eq!(configuration(&desk), "", "nothing was taken, so nothing is written");
    // A column that the configuration does not require may stay empty.
    fs::write(desk.path().join("avstem.toml"), "[acceptance]\nrequire = [\"owner\"]\n").unwrap();
    assert_eq!(desk.check(&["--quiet", "--xlsx"]).code, Some(1));
    let ended = accept(&desk, &["--owner", "finance"]);
    assert_eq!((ended.code, ended.out.lines().next()), (Some(3), Some("2 findings are accepted, in avstem.toml")));
    assert!(configuration(&desk).starts_with("[acceptance]\nrequire = [\"owner\"]\n\n[[accept]]\n"));
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
}

#[test]
fn a_workbook_that_another_program_made_is_read_by_the_names_of_its_columns() {
    let desk = desk(&["a", "b"]);
    let rows = desk.rows("exceptions.csv");
    let mut book = Workbook::new();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (at, name) in ["notes", "exceptions", "exceptions 2"].into_iter().enumerate() {
        let sheet = book.add_worksheet();
        sheet.set_name(name).unwrap();
        if at == 0 {
            sheet.write_string(0, 0, "decision").unwrap();
            continue;
        }
        sheet.write_string(0, 0, "for the meeting").unwrap();
        for (column, name) in
            ["comment", "Decision", "Fingerprint", "EXPIRES", "exception_id", "owner"].into_iter().enumerate()
        {
            sheet.write_string(1, column as u16, name).unwrap();
        }
        let row = &rows[at - 1];
        for (column, text) in
            ["known", "accept", &row["fingerprint"], "", &row["exception_id"], "Kari"].into_iter().enumerate()
        {
            sheet.write_string(2, column as u16, text).unwrap();
        }
        sheet.write_datetime_with_format(2, 3, ExcelDateTime::from_ymd(2026, 12, 31).unwrap(), &day).unwrap();
        // An unknown id, and an id with two decisions: both are refused.
        for (at, id) in [(3, "0123456789abcdef"), (4, "00000000000000aa"), (5, "00000000000000aa")] {
            sheet.write_string(at, 1, "accept").unwrap();
            sheet.write_string(at, 4, if name == "exceptions" { id } else { "ffffffffffffffff" }).unwrap();
        }
    }
    book.save(desk.path().join("decided.xlsx")).unwrap();
    let ended = accept(&desk, &[]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(3), ""));
    let lines: Vec<&str> = ended.out.lines().collect();
    assert_eq!(
        lines[..3],
        [
            "2 findings are accepted, in avstem.toml",
            "6 rows are not taken:",
            "  exceptions row 4, 0123456789abcdef: the run has no such exception"
        ]
    );
    assert_eq!(lines[3..].iter().filter(|line| line.ends_with(": more than one row decides on it")).count(), 5);
    assert_eq!(desk.check(&["--quiet"]).code, Some(0));
}

#[test]
fn what_is_filled_in_where_it_was_written_is_taken_but_is_no_run_any_more() {
    let desk = desk(&["a"]);
    fill(&desk, &[(2, &[('B', "accept"), ('C', "Kari"), ('D', "known"), ('E', "46387")])]);
    fs::rename(desk.path().join("decided.xlsx"), desk.path().join("run/report.xlsx")).unwrap();
    let ended = desk.avstem(&["accept", "run", "--from", "run/report.xlsx"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""));
    assert!(ended.out.contains("so run is no baseline any more"), "{}", ended.out);
    // Only report.xlsx may differ from the manifest.
    fs::write(desk.path().join("run/rejects.csv"), "changed").unwrap();
    assert_eq!(desk.avstem(&["accept", "run", "--from", "run/report.xlsx"]).code, Some(5));
}

#[test]
fn files_that_hold_no_decisions_are_refused_with_the_reason() {
    let desk = desk(&["a"]);
    fs::copy(desk.path().join("run/report.xlsx"), desk.path().join("decided.xlsx")).unwrap();
    let ended = accept(&desk, &[]);
    assert_eq!((ended.code, ended.out.as_str()), (Some(0), "no row has a decision: nothing was written\n"));
    fs::write(desk.path().join("decided.xlsx"), "exception_id;decision\n").unwrap();
    let ended = accept(&desk, &[]);
    assert_eq!(ended.code, Some(2));
    assert!(ended.err.contains("cannot read decisions from decided.xlsx: it is no workbook (.xlsx)"), "{}", ended.err);
    for words in [&["accept", "run"][..], &["accept", "run", "0123456789abcdef", "--from", "decided.xlsx"]] {
        assert_eq!(desk.avstem(words).code, Some(2));
    }
}

/// Run by tests/browser/run on machines with LibreOffice.
#[test]
fn decisions_saved_by_libreoffice_are_read_back() {
    if std::env::var_os("AVSTEM_OFFICE").is_none() {
        return;
    }
    let desk = desk(&["a", "b", "c"]);
    let ids = ids(&desk);
    fill(
        &desk,
        &[
            (2, &[('B', "accept"), ('C', "Kåre"), ('D', "the courier &lt;late&gt;"), ('E', "46387")]),
            (4, &[('B', "accept"), ('C', "Ola"), ('D', "known"), ('E', "2027-01-31")]),
        ],
    );
    let saved = desk.path().join("saved");
    let profile = format!("-env:UserInstallation=file://{}", desk.path().join("office").display());
    let mut office = Command::new("soffice");
    office
        .args([&profile, "--headless", "--convert-to", "xlsx", "--outdir"])
        .arg(&saved)
        .arg(desk.path().join("decided.xlsx"));
    let output = office.output().unwrap();
    let book = saved.join("decided.xlsx");
    assert!(Path::new(&book).is_file(), "{}", String::from_utf8_lossy(&output.stderr));
    let ended = desk.avstem(&["accept", "run", "--from", "saved/decided.xlsx"]);
    assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{}", ended.out);
    let written = configuration(&desk);
    for said in [ids[0].as_str(), &ids[2], "Kåre", "the courier <late>", "2026-12-31", "2027-01-31"] {
        assert!(written.contains(said), "{said}: {written}");
    }
}
