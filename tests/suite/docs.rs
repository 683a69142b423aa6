//! The generated pages are up to date; `AVSTEM_BLESS=1 cargo test` rewrites them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use avstem::cli::docs::pages;

use crate::support::{compare, files_below, names, none_of, read, root};

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

/// Every Markdown page, generated or written by hand.
fn all_pages() -> Vec<PathBuf> {
    let top = names("").into_iter().map(PathBuf::from);
    let below = ["docs", "samples"].into_iter().flat_map(files_below);
    top.chain(below).filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect()
}

/// The anchor that a Markdown heading gets.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.collect::<String>().trim().to_lowercase().replace(' ', "-")
}

/// Whether a link leads to an existing file, and to a heading if it names one.
fn leads(page: &Path, link: &str) -> bool {
    let (file, heading) = link.split_once('#').unwrap_or((link, ""));
    let target = if file.is_empty() { page.to_owned() } else { page.parent().unwrap().join(file) };
    let has = |text: String| {
        text.lines().filter(|line| line.starts_with('#')).any(|line| anchor(line.trim_start_matches('#')) == heading)
    };
    root().join(&target).exists() && (heading.is_empty() || has(read(&target)))
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut complaints = Vec::new();
    for page in all_pages() {
        let text = read(&page);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
        let dead = links.filter(|link| !link.starts_with("http") && !leads(&page, link));
        complaints.extend(dead.map(|link| format!("{}: {link}", page.display())));
    }
    none_of(&complaints);
}

#[test]
fn exit_codes_are_explained_in_one_page() {
    let explained = Path::new("docs/EXIT_CODES.md");
    let codes = read(explained);
    let codes: Vec<&str> = codes
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split_once(" | "))
        .map(|(code, _)| code)
        .skip(1)
        .collect();
    assert!(codes.len() > 8, "{codes:?}");
    // The help may leave out codes above 100.
    let help = read("docs/CLI.md");
    let (_, short) = help.split_once("Exit codes: ").expect("the help names them");
    let short: Vec<&str> = short.lines().take(2).flat_map(str::split_whitespace).collect();
    let named = |code: &&str| short.contains(code) || code.parse::<u32>().is_ok_and(|code| code > 100);
    assert!(codes.iter().all(named), "{short:?}");
    let is_table = |path: &PathBuf| path != explained && read(path).contains("\n| 70 |");
    assert_eq!(all_pages().into_iter().filter(is_table).collect::<Vec<_>>(), Vec::<PathBuf>::new());
}
