//! Checks `deny.toml` against the crates that cargo builds here.
//!
//! The lock file is not enough: it also lists dependencies of disabled features.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use toml::Table;

use crate::support::{files_below, none_of, read, root};

#[derive(Default)]
struct Built {
    versions: BTreeSet<String>,
    features: BTreeSet<String>,
    licence: String,
    /// The crates that depend on it directly.
    users: BTreeSet<String>,
}

/// Every crate built for the program or, with `dev` edges, for its tests too.
fn built(edges: &str) -> BTreeMap<String, Built> {
    let crates = tree(&["--workspace", "--edges", edges]);
    assert!(crates.contains_key("avstem") && crates.contains_key("polars"));
    crates
}

/// Runs `cargo tree`.
fn tree(of: &[&str]) -> BTreeMap<String, Built> {
    let words = ["tree", "--offline", "--locked", "--prefix", "depth", "--format", "|{p}|{l}|{f}|"];
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(words).args(of).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut crates: BTreeMap<String, Built> = BTreeMap::new();
    let mut above: Vec<String> = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()) {
        let [depth, package, licence, features, _] = line.splitn(5, '|').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let mut words = package.split(' ');
        let (name, version) = (words.next().unwrap().to_owned(), words.next().unwrap().to_owned());
        above.truncate(depth.parse().unwrap());
        let of = crates.entry(name.clone()).or_default();
        of.versions.insert(version);
        of.licence = licence.to_owned();
        of.features.extend(features.split(',').map(str::to_owned));
        of.users.extend(above.last().cloned());
        above.push(name);
    }
    crates
}

fn deny() -> Table {
    read("deny.toml").parse().unwrap()
}

fn list(section: &str, key: &str) -> Vec<toml::Value> {
    deny()[section][key].as_array().unwrap().clone()
}

/// Whether the allowed licences satisfy a licence expression.
fn is_met(expression: &str, allowed: &[toml::Value]) -> bool {
    let expression = expression.trim();
    for (word, all) in [(" OR ", false), (" AND ", true)] {
        let parts = split(expression, word);
        if parts.len() > 1 {
            let mut met = parts.iter().map(|part| is_met(part, allowed));
            return if all { met.all(|part| part) } else { met.any(|part| part) };
        }
    }
    match expression.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => is_met(inner, allowed),
        None => allowed.iter().any(|licence| licence.as_str() == Some(expression)),
    }
}

/// Splits at a word outside parentheses.
fn split<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 && at >= from && text[at..].starts_with(word) {
            parts.push(&text[from..at]);
            from = at + word.len();
        }
    }
    parts.push(&text[from..]);
    parts
}

#[test]
fn no_crate_that_is_banned_is_built() {
    let crates = built("normal,build,dev");
    let mut complaints = Vec::new();
    let bans = list("bans", "deny");
    for ban in &bans {
        let name = ban["crate"].as_str().unwrap();
        let Some(found) = crates.get(name) else { continue };
        let wrappers = ban.get("wrappers").and_then(|wrappers| wrappers.as_array()).cloned().unwrap_or_default();
        let is_wrapped = |user: &String| wrappers.iter().any(|wrapper| wrapper.as_str() == Some(user));
        if !found.users.iter().all(is_wrapped) {
            complaints.push(format!("{name} is built for {:?}: {}", found.users, ban["reason"]));
        }
    }
    none_of(&complaints);
    for name in ["reqwest", "hyper", "rustls", "native-tls", "openssl", "tokio"] {
        assert!(bans.iter().any(|ban| ban["crate"].as_str() == Some(name)), "{name} must stay banned");
    }
}

#[test]
fn licences_are_on_the_list() {
    let allowed = list("licenses", "allow");
    let mut complaints = Vec::new();
    for (name, found) in built("normal,build,dev") {
        if !is_met(&found.licence.replace('/', " OR ").replace("  ", " "), &allowed) {
            complaints.push(format!("{name}: {:?}", found.licence));
        }
    }
    none_of(&complaints);
    assert!(is_met("(A OR MIT) AND Zlib", &allowed) && !is_met("MIT AND A", &allowed) && !is_met("", &allowed));
    assert!(is_met("A AND MIT OR ISC", &allowed) && !is_met("A", &allowed));
}

#[test]
fn no_crate_is_built_twice_but_those_that_are_known() {
    let twice: BTreeSet<String> =
        built("normal,build").into_iter().filter(|(_, found)| found.versions.len() > 1).map(|(name, _)| name).collect();
    let skipped = list("bans", "skip");
    let name = |skip: &toml::Value| skip["crate"].as_str().unwrap().split('@').next().unwrap().to_owned();
    assert_eq!(twice, skipped.iter().map(name).collect(), "the list of deny.toml must say what is");
}

#[test]
fn the_lock_file_has_one_polars_and_one_registry() {
    let lock: Table = read("Cargo.lock").parse().unwrap();
    let packages = lock["package"].as_array().unwrap();
    let of = |package: &toml::Value, key: &str| package.get(key).map(|value| value.as_str().unwrap().to_owned());
    let is_polars = |package: &&toml::Value| {
        let name = of(package, "name").unwrap();
        name == "polars" || name.starts_with("polars-")
    };
    let mut versions: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in packages.iter().filter(is_polars) {
        let name = of(package, "name").unwrap();
        versions.entry(name).or_default().insert(of(package, "version").unwrap());
    }
    let [one] = &versions["polars"].iter().collect::<Vec<_>>()[..] else { panic!("{versions:?}") };
    assert!(read("Cargo.toml").contains(&format!("polars = {{ version = \"={one}\"")), "polars is not pinned to {one}");
    assert!(versions.values().all(|of| of.len() == 1), "{versions:?}");
    for package in packages {
        let (name, source) = (of(package, "name").unwrap(), of(package, "source"));
        let is_ours = name == "avstem" || name.starts_with("avstem-");
        assert_eq!(source.is_none(), is_ours, "{name}");
        assert!(
            is_ours || source.is_some_and(|s| s == "registry+https://github.com/rust-lang/crates.io-index"),
            "{name}"
        );
    }
}

#[test]
fn polars_is_for_queries_alone() {
    let without: [&[&str]; 3] = [
        &["--package", "avstem-engine"],
        &["--package", "avstem", "--no-default-features"],
        &["--package", "avstem-python"],
    ];
    for of in without {
        let crates = tree(&[of, &["--edges", "normal,build,dev"]].concat());
        assert!(crates.contains_key("avstem-engine"));
        let found: Vec<&String> = crates.keys().filter(|name| name.starts_with("polars")).collect();
        assert!(found.is_empty(), "{of:?} builds {found:?}");
    }
}

/// Different features would make cargo compile these crates, and polars with them, a second time
/// for the tests.
#[test]
fn tests_ask_for_no_other_features() {
    let (alone, tested) = (built("normal,build"), built("normal,build,dev"));
    let differing = |(name, of): (&String, &Built)| (of.features != tested[name].features).then(|| name.clone());
    none_of(&alone.iter().filter_map(differing).collect::<Vec<_>>());
}

/// Manifest and source folder of each workspace crate.
const CRATES: [(&str, &str); 5] = [
    ("Cargo.toml", "src"),
    ("crates/core/Cargo.toml", "crates/core/src"),
    ("crates/engine/Cargo.toml", "crates/engine/src"),
    ("crates/worlds/Cargo.toml", "crates/worlds/src"),
    ("crates/python/Cargo.toml", "crates/python/src"),
];

/// Crates declared only to enable their features; the manifest gives the reason.
const FOR_FEATURES: [&str; 1] = ["either"];

#[test]
fn every_dependency_is_used() {
    let mut complaints = Vec::new();
    for (manifest, sources) in CRATES {
        let table: Table = read(manifest).parse().unwrap();
        let code: String = files_below(sources).iter().map(read).collect();
        for name in table["dependencies"].as_table().unwrap().keys() {
            let is_used = code.contains(&format!("{}::", name.replace('-', "_")));
            if !is_used && !FOR_FEATURES.contains(&name.as_str()) {
                complaints.push(format!("{manifest}: nothing below {sources} uses {name}"));
            }
        }
    }
    none_of(&complaints);
}
