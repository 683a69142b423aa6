//! Law 4: copies and the order of snapshots change nothing.

use avstem_worlds::colliding::{ExportFile, Framing, JsonStyle};
use serde_json::{Value, json};

use super::{assert_same, assert_tied, bytes_of, for_random_worlds, renamed, run, story};
use crate::runs::{Places, RunResult};
use crate::worlds::World;

#[test]
fn law_4_every_document_twice() {
    for_random_worlds(4, 400, |rng, folder| {
        let world = World::random(rng);
        let files = bytes_of(&world.write());
        let once = run(folder, &files);
        // The copies sort first, so that among equal copies the same one is kept as before.
        let mut copies = world.clone();
        copies.files = renamed(&world, |name| format!("!/{name}"));
        copies.files.iter_mut().for_each(|file| file.style = JsonStyle::random(rng));
        let all = [files.clone(), bytes_of(&copies.write())].concat();
        let twice = run(folder, &all);
        assert_tied(&twice);
        let expected = RunResult::of_engine(&once, Places::Ignored);
        assert_same("law 4, twice", &expected, &RunResult::of_engine(&twice, Places::Ignored), &files);
        assert_eq!(twice.counts.records, 2 * once.counts.records);
        assert_eq!(twice.counts.superseded, 2 * once.counts.superseded);
    });
}

/// One transaction in an older and a newer snapshot.
fn snapshots(world: &World) -> Option<(Value, Value)> {
    let mut values = world.files.iter().flat_map(|file| &file.values);
    let new = values.find(|value| value.get("events").is_some_and(Value::is_array))?.clone();
    let mut old = new.clone();
    old["events"].as_array_mut()?.pop();
    old["status"] = json!("AUTHORIZED");
    let mut new = new;
    new["updated_at"] = json!("2026-03-02T00:00:00Z");
    old["updated_at"] = json!("2026-03-01T23:59:59.999999999Z");
    Some((old, new))
}

#[test]
fn law_4_the_order_of_snapshots() {
    for_random_worlds(41, 300, |rng, folder| {
        let Some((old, new)) = snapshots(&World::random(rng)) else { return };
        let files = |one: &Value, other: &Value| {
            let written = [("monday.json", one), ("tuesday.json", other)];
            written.map(|(name, value)| {
                let written = ExportFile::new(name, Framing::Array, vec![value.clone()]).write();
                (written.name, written.text.into_bytes())
            })
        };
        let forth = files(&old, &new);
        let expected = story(folder, &forth);
        let back = story(folder, &files(&new, &old));
        assert_same("law 4, snapshots", &expected, &back, &forth);
    });
}
