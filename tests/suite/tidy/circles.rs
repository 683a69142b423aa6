//! Finds import cycles between files.
//!
//! A name is followed through `use` declarations to the file that defines it. Naming a module
//! alone, or only re-exporting a name, is not a dependency; using an item through it is.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Kind, Named, Source};

/// The names that one file uses from another, by the indices of both.
type Ties = BTreeMap<(usize, usize), BTreeSet<String>>;

/// Keywords before the name of a definition.
const DEFINING: [&str; 10] =
    ["struct", "enum", "union", "trait", "type", "fn", "const", "static", "mod", "macro_rules"];

struct Files<'s> {
    sources: &'s [Source],
    /// Files by module path.
    modules: BTreeMap<Vec<String>, usize>,
    named: Vec<Vec<Named>>,
    defined: Vec<BTreeSet<&'s str>>,
}

impl<'s> Files<'s> {
    fn new(sources: &'s [Source]) -> Files<'s> {
        let defined = |source: &'s Source| {
            let pairs = source.code.windows(3).filter(|three| DEFINING.iter().any(|word| three[0].is(word)));
            pairs.map(|three| if three[1].is("!") { &three[2] } else { &three[1] }).map(|name| &*name.text).collect()
        };
        Files {
            sources,
            modules: sources.iter().enumerate().map(|(at, source)| (source.module(), at)).collect(),
            named: sources.iter().map(Source::named).collect(),
            defined: sources.iter().map(defined).collect(),
        }
    }

    /// The file that contains a path, and the remaining names.
    fn split<'p>(&self, path: &'p [String]) -> Option<(usize, &'p [String])> {
        (1..=path.len()).rev().find_map(|length| Some((*self.modules.get(&path[..length])?, &path[length..])))
    }

    /// Makes a path absolute if its first name is a crate, a child module or an import.
    fn whole(&self, named: &Named, at: usize) -> Vec<String> {
        let mut path: Vec<String> = named.path.iter().filter(|part| *part != "self").cloned().collect();
        let first = &path[0];
        let is_alias = |other: &&Named| {
            other.alias.as_ref() == Some(first) && other.module == named.module && other.path != named.path
        };
        let child: Vec<String> = named.module.iter().chain([first]).cloned().collect();
        if self.modules.contains_key(&path[..1]) {
            return path;
        }
        if self.modules.contains_key(&child) {
            path.splice(..1, child);
        } else if let Some(other) = self.named[at].iter().find(is_alias) {
            path.splice(..1, other.path.iter().filter(|part| *part != "self").cloned());
        }
        path
    }

    /// The file that defines a path, and the first name in it; None for modules and other crates.
    /// `most` limits the re-exports followed.
    fn definer(&self, path: &[String], most: usize) -> Option<(usize, String)> {
        let (file, rest) = self.split(path)?;
        let name = rest.first()?;
        if most > 0 && !self.defined[file].contains(name.as_str()) {
            let module = &path[..path.len() - rest.len()];
            let of_module = self.named[file].iter().filter(|named| named.module == module);
            for named in of_module {
                let star = named.alias.as_deref() == Some("*");
                if !star && named.alias.as_ref() != Some(name) {
                    continue;
                }
                let mut target = self.whole(named, file);
                target.truncate(target.len() - usize::from(star));
                target.extend_from_slice(&rest[usize::from(!star)..]);
                let found = self.definer(&target, most - 1);
                if let Some((at, _)) = found
                    && (!star || self.defined[at].contains(name.as_str()))
                {
                    return found;
                }
            }
        }
        Some((file, name.clone()))
    }

    /// Whether a file uses a name other than to re-export it.
    fn uses(&self, at: usize, name: &str) -> bool {
        let passed = self.named[at].iter().filter(|named| named.is_passed_on);
        let passed = passed.filter(|named| named.path.iter().any(|part| part == name)).count();
        let code = &self.sources[at].code;
        let is_word = |at: &usize| code[*at].kind == Kind::Word && code[*at].text == name;
        let words = (0..code.len()).filter(is_word).filter(|at| *at == 0 || !code[at - 1].is("mod"));
        words.count() > passed
    }

    fn dependencies(&self) -> Ties {
        let mut dependencies = Ties::new();
        for (at, all) in self.named.iter().enumerate() {
            for named in all {
                let is_only_passed_on =
                    named.is_passed_on && named.alias.as_ref().is_some_and(|alias| !self.uses(at, alias));
                let path = self.whole(named, at);
                match self.definer(&path, 8) {
                    Some((to, name)) if to != at && !is_only_passed_on => {
                        dependencies.entry((at, to)).or_default().insert(name);
                    }
                    _ => {}
                }
            }
        }
        dependencies
    }
}

/// Each cycle, with the names that cause it.
pub fn circles(sources: &[Source]) -> Vec<String> {
    let files = Files::new(sources);
    let dependencies = files.dependencies();
    let shown = |at: usize| sources[at].path.display().to_string();
    let mut complaints = Vec::new();
    let reached: Vec<BTreeSet<usize>> = (0..sources.len()).map(|from| reached(&dependencies, from)).collect();
    let mut done = BTreeSet::new();
    for at in 0..sources.len() {
        if !reached[at].contains(&at) || !done.insert(at) {
            continue;
        }
        let circle: BTreeSet<usize> = reached[at].iter().copied().filter(|to| reached[*to].contains(&at)).collect();
        done.extend(&circle);
        let within = dependencies.iter().filter(|((from, to), _)| circle.contains(from) && circle.contains(to));
        let lines = within.map(|((from, to), names)| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            format!("\n  {} takes from {}: {}", shown(*from), shown(*to), names.join(", "))
        });
        complaints.push(format!("a circle of {} files:{}", circle.len(), lines.collect::<String>()));
    }
    complaints
}

/// All files reachable from a file.
fn reached(dependencies: &Ties, from: usize) -> BTreeSet<usize> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        for (_, to) in dependencies.range((at, 0)..=(at, usize::MAX)).map(|(tie, _)| tie) {
            if found.insert(*to) {
                open.push(*to);
            }
        }
    }
    found
}

#[test]
fn circles_are_found_through_modules_that_pass_names_on() {
    let sources = |texts: &[(&str, &str)]| -> Vec<Source> {
        texts.iter().map(|(path, text)| Source::of(format!("src/{path}.rs").into(), text)).collect()
    };
    let top = ("m/mod", "mod a;\npub mod b;\npub use a::{A, other as renamed};");
    let (a, b) = (("m/a", "use super::b::B;\npub struct A(B);\npub fn other() {}"), ("m/b", "pub struct B;"));
    assert!(circles(&sources(&[top, a, b])).is_empty(), "a module that only passes names on is no partner");

    let back = ("m/b", "pub struct B;\nfn f() { super::renamed() }");
    let lines = "\n  src/m/a.rs takes from src/m/b.rs: B\n  src/m/b.rs takes from src/m/a.rs: other";
    let circle = format!("a circle of 2 files:{lines}");
    assert_eq!(circles(&sources(&[top, a, back])), std::slice::from_ref(&circle));

    let alias = ("m/b", "use crate::m;\npub struct B;\nfn f() { m::renamed() }");
    assert_eq!(circles(&sources(&[top, a, alias])), [circle]);
    let user = ("m/mod", "mod a;\npub mod b;\npub use a::A;\npub struct M(A);");
    let child = ("m/a", "use super::M;\npub struct A;\nfn f(_: M) {}");
    assert_eq!(circles(&sources(&[user, child, b])).len(), 1, "a module that uses what it passes on is one");
    let test = ("m/b", "pub struct B;\n#[cfg(test)]\nmod tests { use super::super::A; }");
    assert!(circles(&sources(&[top, a, test])).is_empty(), "tests may look wherever they like");
}
