//! Compares report.xlsx of a run folder with its CSV files: rows, types of cells, and sums.
//! `spreadsheet RUN` exits 0 if they agree, else reports the first difference.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use calamine::{Data, Reader, Xlsx, open_workbook};

type Row<T> = BTreeMap<String, T>;

/// Number columns; numbers that a spreadsheet would round are stored as text in them.
const NUMBERS: [&str; 10] = [
    "expected_minor",
    "actual_minor",
    "delta_minor",
    "expected",
    "actual",
    "delta",
    "age_days",
    "open_days",
    "source_offset",
    "findings",
];

/// Columns for people to fill in.
const OURS: [&str; 4] = ["decision", "owner", "comment", "expires"];

fn main() -> Result<(), Box<dyn Error>> {
    let run = PathBuf::from(std::env::args().nth(1).ok_or("name a run folder that has report.xlsx")?);
    let mut book: Xlsx<_> = open_workbook(run.join("report.xlsx"))?;
    let names = book.sheet_names();
    for wanted in ["summary", "exceptions", "ageing", "control totals", "coverage"] {
        ensure(names.iter().any(|name| name == wanted), || format!("there is no sheet {wanted}: {names:?}"))?;
    }
    for (sheet, file) in
        [("exceptions", "exceptions.csv"), ("control totals", "control_totals.csv"), ("coverage", "coverage.csv")]
    {
        let (found, wanted) = (rows(&mut book, sheet)?, csv_rows(&run.join(file))?);
        ensure(found.len() == wanted.len(), || format!("{sheet} has {} rows, {file} {}", found.len(), wanted.len()))?;
        for (place, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
            compare(found, wanted).map_err(|what| format!("{sheet}, row {place}: {what}"))?;
        }
        sums(sheet, &found, &wanted)?;
        println!("{sheet}: {} rows agree with {file}", found.len());
    }
    for row in rows(&mut book, "exceptions")? {
        ensure(OURS.iter().all(|name| row[*name] == Data::Empty), || "a column for people is filled in".to_owned())?;
    }
    let formulas = book.worksheet_formula("exceptions")?;
    ensure(formulas.used_cells().all(|(_, _, text)| text.is_empty()), || "there is a formula".to_owned())
}

fn ensure(holds: bool, what: impl FnOnce() -> String) -> Result<(), Box<dyn Error>> {
    if holds { Ok(()) } else { Err(what().into()) }
}

/// All rows of a table, which may continue on further sheets.
fn rows(book: &mut Xlsx<impl std::io::Read + std::io::Seek>, table: &str) -> Result<Vec<Row<Data>>, Box<dyn Error>> {
    let mut all = Vec::new();
    for number in 1.. {
        let name = if number == 1 { table.to_owned() } else { format!("{table} {number}") };
        if !book.sheet_names().contains(&name) {
            break;
        }
        let range = book.worksheet_range(&name)?;
        let heads: Vec<String> = range.headers().unwrap_or_default();
        let body = range.rows().skip(1);
        all.extend(body.map(|row| heads.iter().cloned().zip(row.iter().cloned()).collect::<Row<Data>>()));
    }
    Ok(all)
}

fn csv_rows(file: &Path) -> Result<Vec<Row<String>>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(file)?;
    Ok(reader.deserialize().collect::<Result<_, _>>()?)
}

fn compare(found: &Row<Data>, wanted: &Row<String>) -> Result<(), String> {
    for (name, text) in wanted {
        let agree = match found.get(name) {
            None => false,
            Some(Data::Empty) => text.is_empty(),
            // The apostrophe of a CSV cell only protects against formulas.
            Some(Data::String(cell)) => cell == text || text.strip_prefix('\'') == Some(cell),
            Some(Data::Float(number)) => is_number(name) && text.parse() == Ok(*number),
            Some(Data::Int(number)) => is_number(name) && text.parse() == Ok(*number),
            Some(Data::Bool(flag)) => text == &flag.to_string(),
            Some(Data::DateTime(time)) => {
                let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
                text.starts_with(&format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}"))
            }
            Some(_) => false,
        };
        if !agree {
            return Err(format!("{name} is {:?}, the CSV has {text:?}", found.get(name)));
        }
    }
    Ok(())
}

fn is_number(name: &str) -> bool {
    NUMBERS.contains(&name)
        || name.ends_with("_minor")
        || matches!(name, "value" | "tested" | "not_applicable" | "accepted")
}

/// Compares the sums of the minor-unit columns as integers.
fn sums(sheet: &str, found: &[Row<Data>], wanted: &[Row<String>]) -> Result<(), Box<dyn Error>> {
    let columns: Vec<&String> =
        wanted.first().into_iter().flat_map(|row| row.keys()).filter(|n| n.ends_with("_minor")).collect();
    for name in columns {
        let of_sheet: i128 = found.iter().filter_map(|row| row[name].to_string().parse::<i128>().ok()).sum();
        let of_csv: i128 = wanted.iter().filter_map(|row| row[name].parse::<i128>().ok()).sum();
        ensure(of_sheet == of_csv, || format!("{sheet}: {name} sums to {of_sheet}, in the CSV to {of_csv}"))?;
    }
    Ok(())
}
