//! The core against the oracle, over random worlds.

use crate::night::{File, night};
use crate::oracle;
use crate::stories::{Story, Told};
use crate::worlds::{Dice, World};

#[test]
fn the_core_and_the_oracle_agree() {
    for seed in 1..=300 {
        let mut dice = Dice::new(seed);
        let world = World::random(&mut dice);
        let written = world.write();
        let input = oracle::Input { sources: written.iter().map(|file| file.source.clone()).collect() };
        let mut expected = Story::of_oracle(&oracle::judge(&input, &world.settings));
        expected.counts.sort_unstable();
        let files: Vec<File> = written.iter().map(|file| (file.name.clone(), file.text.clone().into_bytes())).collect();
        let told = Told::new(&world.settings);
        let found = night(&files, &told, *dice.one_of(&[1, 4])).story;
        if let Some(difference) = found.difference(&expected) {
            let texts = files.iter().map(|(name, bytes)| format!("--- {name}\n{}\n", String::from_utf8_lossy(bytes)));
            panic!("seed {seed}, core first: {difference}\n{}", texts.collect::<String>());
        }
    }
}
