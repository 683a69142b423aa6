//! Law 11: a run in steps.

use std::ffi::OsString;
use std::fs;

use super::{Export, any_world, for_random_worlds};
use crate::payout_differential::bank_section;
use crate::steps::{Steps, assert_same_folder, check};

#[test]
fn a_run_in_steps_writes_what_a_run_on_one_machine_does() {
    for_random_worlds(11, 60, |rng, folder| {
        let world = any_world(rng);
        let (input, config) = (folder.join("in"), folder.join("avstem.toml"));
        let _ = fs::remove_dir_all(&input);
        let mut words = vec![input.clone().into_os_string(), "--config".into(), config.clone().into_os_string()];
        fs::write(config, bank_section(&world)).expect("a file can be written");
        for (name, bytes) in Export::of(&world).files {
            let path = input.join(name);
            fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder can be made");
            fs::write(&path, bytes).expect("a file can be written");
            if path.extension().is_some_and(|extension| extension == "csv") {
                words.extend(["--bank".into(), OsString::from(path)]);
            }
        }
        let part = ["1K", "2K", "16K"][rng.below(3) as usize];
        let tasks = 1 + rng.below(4) as usize;
        let steps = Steps { words: words.clone(), part, tasks, by_share: true, damage: &|_, _| {} };
        let run = steps.run(folder, rng);
        run.unwrap_or_else(|failure| panic!("{}", failure.message));
        check(words, &folder.join("local"));
        assert_same_folder(&folder.join("local"), &folder.join("run"));
    });
}
