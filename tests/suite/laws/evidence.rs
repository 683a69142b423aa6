//! Law 10: a document that left the input resolves nothing. The core's own tests try this over many
//! more worlds; these cover the run folders, the baseline and `resolved.csv`.

use std::cell::Cell;

use avstem_worlds::Rng;

use super::for_random_worlds;
use crate::support::{Desk, Row};
use crate::worlds::{PayoutParts, World};

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

/// Lays out a world and those of its bank statements that are kept. CSV files of banks are left out, notifications stay:
/// a finding rests on statements, not on texts that others add to their entries.
fn put_with_statements(desk: &Desk, world: &World, mut keeps: impl FnMut() -> bool) {
    put(desk, world);
    for file in world.bank.files.iter().filter(|file| !file.is_csv) {
        let is_notification = String::from_utf8_lossy(&file.bytes).contains("camt.054");
        let kept: &[u8] = if keeps() || is_notification { &file.bytes } else { b"[]" };
        desk.put(&file.name, kept);
    }
}

/// The rows of `resolved.csv` after documents or statements were taken away.
fn resolved(rng: &mut Rng, takes_statements: bool) -> Vec<Row> {
    let world = World::with_payouts(rng, PayoutParts { bank: takes_statements, providers: false });
    let is_taken = |rng: &mut Rng| !takes_statements && rng.once_in(3);
    let taken: Vec<usize> = (0..world.records().len()).filter(|_| is_taken(rng)).collect();
    let desk = Desk::new();
    let night = ["--as-of", "2026-03-05T12:00:00Z", "--quiet", "--fail-on", "never"];
    put_with_statements(&desk, &world, || true);
    let first = desk.avstem(&[&["check", "in", "--out", "first"], &night[..]].concat());
    assert!(matches!(first.code, Some(0 | 3)), "{}", first.err);
    put_with_statements(&desk, &world.without(&taken), || !rng.once_in(2));
    let second = desk.check(&[&["--baseline", "first"], &night[..]].concat());
    assert!(matches!(second.code, Some(0 | 3)), "{}", second.err);
    desk.rows("resolved.csv")
}

#[test]
fn law_10_holds_for_payouts_and_for_bank_statements() {
    for takes_statements in [false, true] {
        let on_payouts = Cell::new(0);
        for_random_worlds(110, 60, |rng, _| {
            for row in resolved(rng, takes_statements) {
                on_payouts.set(on_payouts.get() + u32::from(["payout", "bank"].contains(&row["kind"].as_str())));
                assert!(
                    row["state"] == "unseen" || row["reason"] == "baseline_incomplete",
                    "{} {} {}: {}",
                    row["rule"],
                    row["kind"],
                    row["id"],
                    row["evidence"]
                );
            }
        });
        assert!(on_payouts.get() > 10, "{} findings on payouts were gone", on_payouts.get());
    }
}
