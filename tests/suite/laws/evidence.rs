//! Law 10: a document that left the input resolves nothing. The core's own tests try this over many
//! more worlds; these cover the run folders, the baseline and `resolved.csv`.

use std::cell::Cell;
use std::fs;

use avstem_worlds::Rng;

use super::for_random_worlds;
use crate::oracle;
use crate::payout_differential::{ALL, configurable, laid_out, lay_out, told};
use crate::support::{Desk, Row};
use crate::worlds::World;

fn put(desk: &Desk, world: &World) {
    for file in world.write() {
        desk.put(&file.name, file.text);
    }
}

#[test]
fn law_10_taking_records_away_resolves_nothing() {
    let mut gone = 0;
    for_random_worlds(10, 40, |rng, _| {
        let world = World::colliding(rng);
        let taken: Vec<usize> = (0..world.records().len()).filter(|_| rng.once_in(2)).collect();
        let desk = Desk::new();
        put(&desk, &world);
        let night = ["--as-of", "2026-03-05T12:00:00Z", "--quiet", "--fail-on", "never"];
        let first = desk.avstem(&[&["check", "in", "--out", "first"], &night[..]].concat());
        assert_eq!(first.code, Some(0), "{}", first.err);
        put(&desk, &world.without(&taken));
        let second = desk.check(&[&["--baseline", "first"], &night[..]].concat());
        // The latest time may be among what was taken away.
        assert!(matches!(second.code, Some(0 | 3)), "{}", second.err);
        for row in desk.rows("resolved.csv") {
            gone += 1;
            assert_eq!(row["state"], "unseen", "{} {} {}: {}", row["rule"], row["kind"], row["id"], row["evidence"]);
        }
    });
    assert!(gone > 100, "{gone} findings were gone");
}

/// What is taken away of a world: records and files of the bank, by number.
#[derive(Clone, Debug, Default)]
struct Taken {
    records: Vec<usize>,
    files: Vec<usize>,
}

impl Taken {
    fn random(rng: &mut Rng, world: &World) -> Taken {
        let mut some = |count: usize, part| (0..count).filter(|_| rng.once_in(part)).collect::<Vec<_>>();
        let (records, files) = (some(world.records().len(), 4), some(world.bank.files.len(), 3));
        match rng.roll(3) {
            0 => Taken { records, files: Vec::new() },
            1 => Taken { files, records: Vec::new() },
            _ => Taken { records, files },
        }
    }

    fn left_of(&self, world: &World) -> World {
        let mut left = world.without(&self.records);
        let files = world.bank.files.iter().enumerate();
        left.bank.files = files.filter(|(at, _)| !self.files.contains(at)).map(|(_, file)| file.clone()).collect();
        left
    }

    /// All that are less by one.
    fn fewer(&self) -> impl Iterator<Item = Taken> {
        let without = |list: &[usize], at: usize| [&list[..at], &list[at + 1..]].concat();
        let records =
            (0..self.records.len()).map(move |at| Taken { records: without(&self.records, at), ..self.clone() });
        let files = (0..self.files.len()).map(move |at| Taken { files: without(&self.files, at), ..self.clone() });
        records.chain(files)
    }
}

/// The rows of `resolved.csv` after something was taken away.
fn resolved(world: &World, taken: &Taken) -> Vec<Row> {
    let (desk, words) = laid_out(world);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let first = desk.avstem(&[&["check", "in", "--out", "first"], &words[..]].concat());
    assert!(matches!(first.code, Some(0 | 3)), "{}", first.err);
    fs::remove_dir_all(desk.inputs()).unwrap();
    let words = lay_out(&desk, &taken.left_of(world));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let second = desk.check(&[&["--baseline", "first"], &words[..]].concat());
    assert!(matches!(second.code, Some(0 | 3)), "{}", second.err);
    desk.rows("resolved.csv")
}

/// What is told as resolved.
fn wrongly(rows: &[Row]) -> Vec<String> {
    let is_wrong = |row: &&Row| row["state"] != "unseen" && row["reason"] != "baseline_incomplete";
    let told = |row: &Row| format!("{} {} {}: {}", row["rule"], row["kind"], row["id"], row["evidence"]);
    rows.iter().filter(is_wrong).map(told).collect()
}

#[test]
fn law_10_holds_for_payouts_and_for_bank_statements() {
    let gone = Cell::new([0; 2]);
    for_random_worlds(110, 100, |rng, _| {
        let mut world = configurable(World::with_payouts(rng, ALL));
        world.settings.as_of = oracle::Instant::parse_as_of("2026-03-05T12:00:00Z");
        let mut taken = Taken::random(rng, &world);
        let rows = resolved(&world, &taken);
        let count = |kind: &str| rows.iter().filter(|row| row["kind"] == kind).count();
        let [payouts, bank] = gone.get();
        gone.set([payouts + count("payout"), bank + count("bank")]);
        if wrongly(&rows).is_empty() {
            return;
        }
        while let Some(fewer) = taken.clone().fewer().find(|fewer| !wrongly(&resolved(&world, fewer)).is_empty()) {
            taken = fewer;
        }
        let found = wrongly(&resolved(&world, &taken));
        panic!("resolved by taking {taken:?} away: {found:#?}\n{}", told(&world));
    });
    let [payouts, bank] = gone.get();
    assert!(payouts > 20 && bank > 20, "{payouts} findings on payouts were gone, {bank} on bank accounts");
}
