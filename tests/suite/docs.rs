//! The pages that are made from the code are as the code makes them; `AVSTEM_BLESS=1 cargo test` writes them anew.

use std::collections::BTreeSet;

use avstem::cli::docs::pages;

use crate::support::{compare, files_below, none_of};

#[test]
fn made_pages_are_fresh() {
    let complaints: Vec<String> = pages().iter().filter_map(|(path, text)| compare(path, text).err()).collect();
    none_of(&complaints);
}

#[test]
fn no_page_is_left_of_a_rule_that_went_away() {
    let made: BTreeSet<String> = pages().into_iter().map(|(path, _)| path).collect();
    let of_rules = |path: &String| path.starts_with("docs/rules/");
    let there = files_below("docs/rules").into_iter().map(|path| path.to_str().unwrap().to_owned());
    assert_eq!(there.collect::<BTreeSet<_>>(), made.iter().filter(|path| of_rules(path)).cloned().collect());
}

#[test]
fn pages_are_tidy_whatever_the_terminal() {
    for (path, text) in pages() {
        assert!(text.starts_with("# ") && text.ends_with('\n') && !text.ends_with("\n\n"), "{path}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{path}: blanks at the end of a line");
        let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
        assert!(path != "docs/CLI.md" || widest <= 100, "{path}: {widest} characters in a line");
    }
}
