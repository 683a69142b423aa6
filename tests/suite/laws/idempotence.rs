//! Law 4: copies and the order of snapshots change nothing.

use avstem_worlds::colliding::{ExportFile, Framing, JsonStyle};
use serde_json::{Value, json};

use super::{Export, any_world, assert_same, assert_tied, for_random_worlds, is_remitted, renamed, result, story};
use crate::runs::{Places, RunParams};
use crate::worlds::World;

#[test]
fn law_4_every_document_twice() {
    for_random_worlds(4, 400, |rng, folder| {
        let world = any_world(rng);
        let export = Export::of(&world);
        let once = export.run(folder, RunParams::default());
        // The copies sort first, so that among equal copies the same one is kept as before.
        let mut copies = world.clone();
        copies.files = renamed(&world, |name| format!("!/{name}"));
        for file in copies.files.iter_mut().filter(|file| !is_remitted(&file.name)) {
            file.style = JsonStyle::random(rng);
        }
        copies.bank.files.iter_mut().for_each(|file| file.name = format!("!/{}", file.name));
        let all = [export.files.clone(), Export::of(&copies).files].concat();
        let twice = export.with(all).run(folder, RunParams::default());
        assert_tied(&twice);
        let (expected, found) = (result(&once, Places::Ignored), result(&twice, Places::Ignored));
        assert_same("law 4, twice", &expected, &found, &export.files);
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
        let Some((old, new)) = snapshots(&any_world(rng)) else { return };
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
