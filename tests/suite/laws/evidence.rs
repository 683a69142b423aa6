//! Law 10: a document that left the input resolves nothing. The core's own tests try this over many
//! more worlds; these cover the run folders, the baseline and `resolved.csv`.

use super::for_random_worlds;
use crate::support::Desk;
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
