//! `avstem check` against the oracle over random worlds with payouts: payouts.csv row by row, and
//! the findings one by one. With `AVSTEM_REACH`, all differences of the worlds are written to that
//! file instead of the first one being shrunk.

use std::collections::BTreeMap;
use std::fmt::Write;

use avstem_core::model::card::Tolerance;
use avstem_core::rules;
use avstem_worlds::Rng;

use crate::oracle::{self, PayoutRow, Severity};
use crate::support::{Desk, Row};
use crate::worlds::{PayoutParts, World, cases, first_seed, oracle_input};

pub const ALL: PayoutParts = PayoutParts { bank: true, providers: true };

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Off => "off",
    }
}

/// The world's settings as `avstem.toml`; `[bank]` only where there are files of the bank.
fn configuration(world: &World) -> String {
    let settings = &world.settings;
    let windows = &settings.windows;
    let mut text = String::from("fail_on = \"never\"\n");
    let mut line = |written: String| writeln!(text, "{written}").expect("a text can be written to");
    line("[tolerance]".to_owned());
    settings.tolerances.iter().for_each(|(rule, minor)| line(format!("{rule} = {minor}")));
    line("[rules]".to_owned());
    settings.severities.iter().for_each(|(rule, severity)| line(format!("{rule} = \"{}\"", word(*severity))));
    line("[windows]".to_owned());
    let seconds = [
        ("double_operation", windows.double_operation),
        ("pending", windows.pending),
        ("on_hold", windows.on_hold),
        ("unsettled", windows.unsettled),
    ];
    seconds.into_iter().for_each(|(key, seconds)| line(format!("{key} = \"{seconds}s\"")));
    line("[windows.authorization]".to_owned());
    windows.authorization.iter().for_each(|(product, days)| line(format!("\"{product}\" = {days}")));
    if !world.bank.files.is_empty() {
        text.push_str(&bank_section(world));
    }
    text
}

/// The world's section `[bank]`.
pub fn bank_section(world: &World) -> String {
    let payouts = &world.settings.payouts;
    let mut text = String::new();
    let mut line = |written: String| writeln!(text, "{written}").expect("a text can be written to");
    line(format!("[bank]\nwindow = \"{}d\"\npayers = {:?}", payouts.window, payouts.payers));
    if !payouts.csv.keys.is_empty() {
        line("[bank.csv]".to_owned());
        for (key, value) in &payouts.csv.keys {
            // A number is written as one.
            let is_number = key == "skip_rows";
            line(if is_number { format!("{key} = {value}") } else { format!("{key} = {value:?}") });
        }
        if !payouts.csv.text.is_empty() {
            line(format!("text = {:?}", payouts.csv.text));
        }
    }
    text
}

/// What the oracle reads: the names as the program shows them. CSV files lie beside the inputs.
fn input(world: &World) -> oracle::Input {
    let mut input = oracle_input(&world.write());
    input.sources.iter_mut().for_each(|source| source.name = format!("in/{}", source.name));
    for file in &world.bank.files {
        let name = if file.is_csv { file.name.clone() } else { format!("in/{}", file.name) };
        input.sources.push(oracle::Source { name, records: Vec::new(), bank: Some(file.bytes.clone()) });
    }
    input
}

/// Amounts are compared in minor units, and only words as they are.
fn is_amount(text: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_digit() || letter == '.' || letter == '-')
}

/// The finding's columns that a page of rules speaks of. Two entries of one account may have one id; no page says which of
/// their findings is the first, so their names are left out.
fn finding(of: &oracle::Finding) -> String {
    let dash = |cell: Option<String>| cell.unwrap_or("-".to_owned());
    // Beyond 64 bits the cell is empty.
    let minor =
        |value: Option<i128>| dash(value.filter(|value| i64::try_from(*value).is_ok()).map(|value| value.to_string()));
    let words = |text: &Option<String>| dash(text.clone().filter(|text| !is_amount(text)));
    [
        of.rule.to_owned(),
        word(of.severity).to_owned(),
        of.kind.to_owned(),
        of.id.clone(),
        dash(of.event.clone()),
        dash(of.settlement_id.clone()),
        dash(of.transaction_id.clone()),
        dash(of.currency.clone()),
        minor(of.expected_minor),
        minor(of.actual_minor),
        words(&of.expected),
        words(&of.actual),
        dash(of.status.clone()),
        if of.kind == "bank" { "-".to_owned() } else { of.exception_id.clone() },
        format!("{}@{}", of.source, of.source_offset),
    ]
    .join(" | ")
}

fn finding_of_row(row: &Row) -> String {
    let cell = |column: &str| match row[column].as_str() {
        "" => "-".to_owned(),
        text => text.to_owned(),
    };
    let words = |column: &str| if is_amount(&row[column]) { "-".to_owned() } else { cell(column) };
    [
        cell("rule"),
        cell("severity"),
        cell("kind"),
        cell("id"),
        cell("event"),
        cell("settlement_id"),
        cell("transaction_id"),
        cell("currency"),
        cell("expected_minor"),
        cell("actual_minor"),
        words("expected"),
        words("actual"),
        cell("status"),
        if row["kind"] == "bank" { "-".to_owned() } else { cell("exception_id") },
        format!("{}@{}", row["source"], row["source_offset"]),
    ]
    .join(" | ")
}

fn payout(row: &PayoutRow) -> String {
    row.iter().map(|(column, cell)| format!("{column}={cell}")).collect::<Vec<_>>().join(" ")
}

/// The columns of the oracle's rows, in the program's row.
fn payout_of_row(row: &Row) -> String {
    let columns = oracle::payout_columns().iter();
    columns.map(|column| format!("{column}={}", row[*column])).collect::<Vec<_>>().join(" ")
}

/// Lines that only one side has, else the first that stands elsewhere.
fn difference(what: &str, program: &[String], oracle: &[String]) -> Option<String> {
    if program == oracle {
        return None;
    }
    let only = |sign: &str, list: &[String], rest: &[String]| -> String {
        list.iter().filter(|line| !rest.contains(line)).map(|line| format!("\n  {sign} {line}")).collect()
    };
    let lines = only("-", program, oracle) + &only("+", oracle, program);
    if !lines.is_empty() {
        return Some(format!("{what}, program -, oracle +:{lines}"));
    }
    let at = program.iter().zip(oracle).position(|(one, other)| one != other);
    Some(format!("{what}: line {at:?} stands elsewhere, or more often\n{program:#?}\n{oracle:#?}"))
}

/// The world with settings that a configuration can have: it refuses a tolerance of a rule that knows none.
pub fn configurable(mut world: World) -> World {
    let settings = &mut world.settings;
    settings
        .tolerances
        .retain(|rule, _| rules::find(rule).is_some_and(|known| known.card.tolerance != Tolerance::None));
    settings.severities.retain(|rule, _| rules::find(rule).is_some());
    world
}

/// The desk of a world, and the words that `check` is told.
pub fn laid_out(world: &World) -> (Desk, Vec<String>) {
    let desk = Desk::new();
    std::fs::write(desk.path().join("avstem.toml"), configuration(world)).expect("a file can be written");
    let words = lay_out(&desk, world);
    (desk, words)
}

/// Lays out the files of a world beside its configuration; returns the words that `check` is told.
pub fn lay_out(desk: &Desk, world: &World) -> Vec<String> {
    let mut words = vec!["--quiet".to_owned()];
    for file in world.write() {
        desk.put(&file.name, file.text);
    }
    for file in &world.bank.files {
        if file.is_csv {
            let path = desk.path().join(&file.name);
            std::fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
            std::fs::write(path, &file.bytes).expect("a file can be written");
            words.extend(["--bank".to_owned(), file.name.clone()]);
        } else {
            desk.put(&file.name, &file.bytes);
        }
    }
    if let Some(as_of) = world.settings.as_of {
        words.extend(["--as-of".to_owned(), as_of.text()]);
    }
    words
}

/// The first difference on a world; `hits` counts the oracle's rules.
fn differing(world: &World, hits: &mut BTreeMap<&'static str, u64>) -> Option<String> {
    let output = oracle::judge(&input(world), &world.settings);
    output.findings.iter().for_each(|finding| *hits.entry(finding.rule).or_default() += 1);
    let (desk, words) = laid_out(world);
    let ended = desk.check(&words.iter().map(String::as_str).collect::<Vec<_>>());
    if !matches!(ended.code, Some(0 | 3)) {
        return Some(format!("exit {:?}: {}{}", ended.code, ended.out, ended.err));
    }
    let mut findings: Vec<String> = desk.rows("exceptions.csv").iter().map(finding_of_row).collect();
    let mut of_oracle: Vec<String> = output.findings.iter().map(finding).collect();
    findings.sort_unstable();
    of_oracle.sort_unstable();
    // The file is there where there are payouts.
    let is_written = desk.path().join("run/payouts.csv").exists();
    let rows = if is_written { desk.rows("payouts.csv") } else { Vec::new() };
    let payouts: Vec<String> = rows.iter().map(payout_of_row).collect();
    difference("payouts.csv", &payouts, &output.payouts.iter().map(payout).collect::<Vec<_>>())
        .or(difference("findings", &findings, &of_oracle))
}

/// The world without the records and files that the difference does not need.
fn shrunk(world: &World) -> World {
    let mut small = world.clone();
    let differs = |world: &World| differing(world, &mut BTreeMap::new()).is_some();
    for at in (0..small.bank.files.len()).rev() {
        let mut fewer = small.clone();
        fewer.bank.files.remove(at);
        if differs(&fewer) {
            small = fewer;
        }
    }
    for at in (0..small.records().len()).rev() {
        let fewer = small.without(&[at]);
        if differs(&fewer) {
            small = fewer;
        }
    }
    small
}

pub fn told(world: &World) -> String {
    let (desk, words) = laid_out(world);
    let mut text = format!("check in {}\n{}", words.join(" "), configuration(world));
    for file in world.write().iter().filter(|file| !file.records.is_empty()) {
        write!(text, "\n--- {}\n{}", file.name, file.text).expect("a text can be written to");
    }
    for file in &world.bank.files {
        write!(text, "\n--- {}\n{}", file.name, String::from_utf8_lossy(&file.bytes))
            .expect("a text can be written to");
    }
    drop(desk);
    text
}

#[test]
fn the_program_and_the_oracle_agree_on_payouts() {
    let (first, worlds) = (first_seed(), cases(200));
    let mut hits = BTreeMap::new();
    let mut all = String::new();
    let path = std::env::var_os("AVSTEM_REACH");
    for seed in first..first + worlds {
        let world = configurable(World::with_payouts(&mut Rng::new(seed), ALL));
        match differing(&world, &mut hits) {
            Some(difference) if path.is_some() => {
                writeln!(all, "seed {seed}: {difference}\n{}", told(&world)).expect("a text can be written to");
            }
            Some(_) => {
                let small = shrunk(&world);
                let difference = differing(&small, &mut BTreeMap::new()).unwrap_or_default();
                panic!("AVSTEM_SEED={seed} AVSTEM_CASES=1: {difference}\n{}", told(&small));
            }
            None => {}
        }
    }
    if let Some(path) = path {
        std::fs::write(path, &all).expect("the differences can be written");
    }
    assert!(all.is_empty(), "there are differences");
    let codes = oracle::PAYOUT_RULES.iter().map(|(code, ..)| *code);
    let missed: Vec<&str> = codes.filter(|code| !hits.contains_key(code)).collect();
    assert!(worlds < 200 || missed.is_empty(), "the worlds never reach {missed:?}");
}
