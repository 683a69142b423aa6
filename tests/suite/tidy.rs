//! The layout of the code: the layers of imports, one home for each external crate and system
//! interface, limits on the size of files and functions.
//!
//! Sources are read as tokens, without a compiler. The tables in this file are the rules; changing
//! one is a design decision.

mod circles;
mod source;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use source::{Kind, Source};

use crate::support::none_of;

type Names = &'static [&'static str];

/// What each module of the core may import.
const CORE: [(&str, &[&str]); 13] = [
    ("model", &[]),
    ("bank", &["model"]),
    ("ledger", &["model"]),
    ("document", &["model", "ledger"]),
    ("provider", &["model", "ledger", "document"]),
    ("rows", &["model", "ledger", "document", "provider"]),
    ("payout", &["model", "bank", "ledger", "rows"]),
    ("resolve", &["model", "ledger", "rows"]),
    ("rules", &["model", "bank", "payout", "ledger"]),
    ("evidence", &["model", "ledger", "rows", "resolve"]),
    ("findings", &["model", "bank", "ledger", "rows", "payout", "rules", "evidence"]),
    ("link", &["model", "ledger", "provider", "rows", "payout", "rules", "evidence", "findings"]),
    (
        "judge",
        &["model", "bank", "ledger", "provider", "rows", "payout", "resolve", "rules", "evidence", "findings", "link"],
    ),
];

/// What each module of the engine may import: from the engine, and from the core.
const ENGINE: [(&str, Names, Names); 6] = [
    ("io", &[], &["model"]),
    ("config", &["io"], &["model", "bank"]),
    ("frame", &[], &["model", "ledger", "resolve", "provider"]),
    ("history", &["io", "config"], &["model", "rules", "judge"]),
    (
        "engine",
        &["io", "config", "history"],
        &[
            "model", "bank", "ledger", "document", "provider", "rows", "payout", "resolve", "rules", "findings",
            "link", "judge",
        ],
    ),
    (
        "report",
        &["io", "config", "frame", "history", "engine"],
        &["model", "ledger", "document", "provider", "payout", "rules"],
    ),
];

/// What each module of the program may import: from the program, from the engine, and from the
/// core. The command line also uses the realistic worlds.
const PROGRAM: [(&str, Names, Names, Names); 4] = [
    ("parts", &[], &["engine", "io"], &[]),
    ("query", &[], &["frame", "report"], &["model"]),
    (
        "cli",
        &["query", "parts"],
        &["io", "config", "history", "frame", "engine", "report"],
        &["model", "ledger", "document", "provider", "rules"],
    ),
    ("", &["cli"], &[], &[]),
];

/// What each module of the Python package may import: from the package, and from the engine. All may use the command
/// line.
const PYTHON: [(&str, Names, Names); 5] = [
    ("failure", &[], &[]),
    ("attend", &["failure"], &["io"]),
    ("columns", &[], &["io", "frame", "engine", "report"]),
    ("table", &["attend", "columns", "failure"], &["io", "engine", "report"]),
    ("", &["attend", "failure", "table"], &["report"]),
];

/// Items that every module of a crate, and every crate above it, may use.
const SHARED: [(&str, &str); 3] = [("avstem_core", "card"), ("avstem_engine", "TOOL"), ("avstem_engine", "VERSION")];

/// The only places that may use a crate or a part of the standard library.
const HOMES: [(&str, &[&str]); 35] = [
    ("polars", &["src/query"]),
    ("polars_io", &["src/query"]),
    ("pyo3", &["crates/python/src"]),
    ("arrow_array", &["crates/python/src", "src/parts"]),
    ("arrow_ipc", &["src/parts"]),
    ("arrow_schema", &["crates/python/src", "src/parts"]),
    ("parquet::arrow", &["src/parts"]),
    ("rayon", &["crates/engine/src/engine"]),
    ("flate2", &["crates/engine/src/io"]),
    ("crc32fast", &["crates/engine/src/frame/chunk.rs", "crates/engine/src/engine/step/row.rs"]),
    ("zstd", &["crates/engine/src/io", "crates/engine/src/frame"]),
    (
        "sha2",
        &[
            "crates/core/src/bank/account.rs",
            "crates/engine/src/io",
            "crates/engine/src/report/html/policy.rs",
            "crates/worlds/src/realistic/bank/account.rs",
        ],
    ),
    ("glob", &["crates/engine/src/io"]),
    ("walkdir", &["crates/engine/src/io"]),
    ("signal_hook", &["crates/engine/src/io"]),
    ("tempfile", &["crates/engine/src/io"]),
    ("clap", &["src/cli"]),
    ("anstream", &["src/cli"]),
    ("anstyle", &["src/cli"]),
    ("clap_complete", &["src/cli"]),
    ("clap_mangen", &["src/cli"]),
    ("indicatif", &["src/cli"]),
    ("toml", &["crates/engine/src/config.rs", "crates/engine/src/config"]),
    ("chrono_tz", &["crates/engine/src/config.rs", "src/cli/options.rs"]),
    ("rust_xlsxwriter", &["crates/engine/src/report/xlsx"]),
    ("csv", &["crates/engine/src/report", "crates/engine/src/history"]),
    ("csv_core", &["crates/core/src/bank/delimited"]),
    ("quick_xml", &["crates/core/src/bank/camt", "crates/engine/src/io/workbook"]),
    ("rust_decimal", &["crates/core/src/model"]),
    ("simdutf8", &["crates/core/src/document"]),
    ("std::fs", &["crates/engine/src/io"]),
    ("std::net", &[]),
    ("std::env", &["crates/engine/src/io"]),
    ("std::thread", &["src/cli", "crates/engine/src/engine", "crates/engine/src/io", "crates/python/src/attend.rs"]),
    (
        "std::time",
        &[
            "src/cli/watch.rs",
            "crates/engine/src/io/disk.rs",
            "crates/engine/src/io/pipe.rs",
            "crates/python/src/attend.rs",
        ],
    ),
];

/// The only place of the core that takes a stream: the traits alone, which open nothing.
const STREAMS: &str = "crates/core/src/bank";

/// Files that use hash maps, and why their order cannot reach a report.
const HASHED: [(&str, &str); 7] = [
    ("crates/core/src/ledger/tally.rs", "finds the place of a name in a list that keeps the order of the document"),
    ("crates/core/src/payout/matching/sum.rs", "finds the credits of an amount; walked through only to set bits"),
    ("crates/core/src/resolve/mod.rs", "numbers equal copies by the first of them, in input order"),
    ("crates/core/src/resolve/orders.rs", "finds operations met before; the list they join keeps input order"),
    ("crates/core/src/rules/amounts/repeated_event_id.rs", "asks whether an id was seen, and is never walked through"),
    ("crates/engine/src/frame/texts.rs", "numbers texts by the first of them; the dictionary keeps their order"),
    ("crates/core/src/findings/build.rs", "counts equal findings, which come sorted already"),
];

/// Files that allow a lint: the lint, and the reason.
const ALLOWED: [(&str, &str, &str); 4] = [
    (
        "crates/core/src/document/simd.rs",
        "unsafe_code",
        "wide instructions; its portable twin is what it is tested against",
    ),
    ("crates/core/tests/whole/main.rs", "dead_code", "of what the suite shares with it, it uses a part"),
    ("crates/core/src/link/rows.rs", "clippy::large_enum_variant", "few are held at a time"),
    ("crates/core/src/model/finding.rs", "clippy::type_complexity", "a sort key is a tuple and nothing more"),
];

/// Files that use floats, and the reason.
const FLOATS: [(&str, &str); 2] = [
    (
        "crates/engine/src/report/xlsx/double.rs",
        "a sheet keeps doubles; what they cannot hold stays text, and none is computed with",
    ),
    ("crates/worlds/src/colliding/values.rs", "documents of others may state a quantity as one"),
];

const MOST_LINES_OF_A_FILE: usize = 500;
const MOST_LINES_OF_A_RULE: usize = 150;
const MOST_LINES_OF_A_FUNCTION: usize = 60;

/// Functions that may be longer: each is a single table.
const TABLES: [(&str, &str); 2] = [
    ("crates/core/src/provider/dintero/document/session.rs", "read"),
    ("crates/core/src/provider/dintero/document/transaction.rs", "read"),
];
const MOST_LINES_OF_A_TABLE: usize = 90;

fn library() -> Vec<Source> {
    let mut sources = Source::below("src");
    sources.extend(Source::below("crates/core/src"));
    sources.extend(Source::below("crates/engine/src"));
    sources.extend(Source::below("crates/worlds/src"));
    sources.extend(Source::below("crates/python/src"));
    assert!(sources.len() > 150, "the sources are not where they were");
    sources
}

fn everything() -> Vec<Source> {
    let mut sources = library();
    sources.extend(Source::below("tests/suite"));
    sources.extend(Source::below("crates/core/tests"));
    sources.extend(Source::below("benches"));
    sources
}

fn lies_in(path: &Path, places: &[&str]) -> bool {
    places.iter().any(|place| path.starts_with(place))
}

fn may_know(from_crate: &str, from: &str, to_crate: &str) -> Names {
    const NOTHING: Names = &[];
    let (home, engine, core) = match from_crate {
        "avstem_core" => {
            let core = CORE.iter().find(|(name, _)| *name == from);
            (NOTHING, NOTHING, core.map_or(NOTHING, |(_, core)| *core))
        }
        "avstem_engine" => {
            let known = ENGINE.iter().find(|(name, ..)| *name == from);
            known.map_or((NOTHING, NOTHING, NOTHING), |(_, engine, core)| (NOTHING, *engine, *core))
        }
        "avstem_worlds" => (NOTHING, NOTHING, NOTHING),
        "avstem_python" => {
            let known = PYTHON.iter().find(|(name, ..)| *name == from);
            let (own, engine) = known.map_or((NOTHING, NOTHING), |(_, own, engine)| (*own, *engine));
            (if to_crate == "avstem" { &["cli"] } else { own }, engine, NOTHING)
        }
        _ => {
            let known = PROGRAM.iter().find(|(name, ..)| *name == from);
            known.map_or((NOTHING, NOTHING, NOTHING), |(_, home, engine, core)| (*home, *engine, *core))
        }
    };
    match to_crate {
        "avstem_core" => core,
        "avstem_engine" => engine,
        "avstem_worlds" if from_crate == "avstem_worlds" => &["json", "rng"],
        "avstem_worlds" if (from_crate, from) == ("avstem", "cli") => &["realistic"],
        "avstem_worlds" => NOTHING,
        _ => home,
    }
}

#[test]
fn no_type_name_stands_for_two_things() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for source in library() {
        for at in 0..source.code.len() {
            let is = |at: usize, word: &str| source.code.get(at).is_some_and(|token| token.is(word));
            // `pub` or `pub(…)`; `pub(in …)` has a longer path.
            let after = if is(at + 1, "(") {
                (at..source.code.len()).find(|end| is(*end, ")")).map_or(at, |end| end + 1)
            } else {
                at + 1
            };
            let is_type = ["struct", "enum", "trait", "type", "union"].iter().any(|word| is(after, word));
            // The name that a macro is given begins with `$`.
            if let Some(name) = source.code.get(after + 1).filter(|name| is(at, "pub") && is_type && !name.is("$")) {
                places.entry(name.text.clone()).or_default().insert(source.path.display().to_string());
            }
        }
    }
    assert!(places.len() > 200, "types are not found where they are");
    let twice = places.iter().filter(|(_, places)| places.len() > 1);
    none_of(&twice.map(|(name, places)| format!("{name} stands for two things: {places:?}")).collect::<Vec<_>>());
}

#[test]
fn imports_only_go_down() {
    let mut complaints = Vec::new();
    for source in library() {
        let module = source.module();
        let from = module.get(1).map_or("", String::as_str);
        for (path, line) in source.paths() {
            let [to_crate, to, rest @ ..] = path.as_slice() else { continue };
            if !to_crate.starts_with("avstem") || (*to_crate == module[0] && to == from) {
                continue;
            }
            let is_allowed = may_know(&module[0], from, to_crate).contains(&to.as_str())
                || SHARED.contains(&(to_crate.as_str(), to.as_str()));
            // Reports may use the outcome of a run, not the engine.
            let outcome_only = from == "report" && to == "engine" && rest.first().is_none_or(|part| part != "outcome");
            if !is_allowed || outcome_only {
                complaints.push(format!("{}:{line} must not know {}", source.path.display(), path.join("::")));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn no_circle_between_files() {
    none_of(&circles::circles(&library()));
}

#[test]
fn each_matter_has_one_home() {
    let mut complaints = Vec::new();
    for source in library() {
        for (path, line) in source.paths() {
            let path = path.join("::");
            let is = |of: &str| path.strip_prefix(of).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
            let strange = HOMES.iter().any(|(of, homes)| is(of) && !lies_in(&source.path, homes));
            let impure = source.path.starts_with("crates/core")
                && (["std::process", "std::sync"].iter().any(|of| is(of))
                    || is("std::io") && !source.path.starts_with(STREAMS));
            let clock = ["SystemTime", "Utc", "Local"].iter().any(|of| path.ends_with(&format!("{of}::now")));
            if strange || impure || clock {
                complaints.push(format!("{}:{line} uses {path}", source.path.display()));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn only_the_command_line_prints() {
    let mut complaints = Vec::new();
    for source in library() {
        for pair in source.code.windows(2) {
            let prints =
                ["print", "println", "eprint", "eprintln"].iter().any(|name| pair[0].is(name)) && pair[1].is("!");
            let opens = ["stdout", "stderr"].iter().any(|name| pair[0].is(name)) && pair[1].is("(");
            if prints || (opens && !source.path.starts_with("src/cli")) {
                complaints.push(format!("{}:{} prints", source.path.display(), pair[0].line));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn hash_maps_are_few_and_known() {
    let is_hashed = |source: &Source| source.code.iter().any(|token| token.is("HashMap") || token.is("HashSet"));
    let found: BTreeSet<String> =
        library().into_iter().filter(is_hashed).map(|source| source.path.display().to_string()).collect();
    let known: BTreeSet<String> = HASHED.iter().map(|(path, _)| (*path).to_owned()).collect();
    assert_eq!(found, known, "use a sorted map, or say in this file why no report can see the order");
}

#[test]
fn no_float_is_near() {
    let mut complaints = Vec::new();
    for source in library().iter().filter(|source| !lies_in(&source.path, &FLOATS.map(|(path, _)| path))) {
        for token in &source.code {
            let digits = token.text.strip_prefix("0x").is_none() && token.text.contains(['.', 'e', 'E']);
            let literal = token.kind == Kind::Number && digits && !token.text.contains("size");
            if literal || token.is("f32") || token.is("f64") {
                complaints.push(format!("{}:{} has a float: {}", source.path.display(), token.line, token.text));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn files_and_functions_are_small() {
    let mut complaints = Vec::new();
    for source in everything() {
        let shown = source.path.display();
        let in_family = source.path.starts_with("crates/core/src/rules") && source.path.components().count() == 6;
        let is_rule = in_family && !source.path.ends_with("precheck.rs");
        let most = if is_rule { MOST_LINES_OF_A_RULE } else { MOST_LINES_OF_A_FILE };
        if source.lines > most {
            complaints.push(format!("{shown} has {} lines, {most} are allowed", source.lines));
        }
        for (name, line, lines) in source.functions() {
            let is_table = TABLES.iter().any(|(path, table)| source.path == Path::new(path) && *table == name);
            let most = if is_table { MOST_LINES_OF_A_TABLE } else { MOST_LINES_OF_A_FUNCTION };
            if lines > most {
                complaints.push(format!("{shown}:{line} {name} has {lines} lines, {most} are allowed"));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn nothing_is_left_unfinished() {
    let mut complaints = Vec::new();
    for source in everything() {
        for token in source.all.iter().filter(|token| token.kind == Kind::Comment) {
            // Text in backticks does not count, like the currency code `XXX`.
            let prose: String = token.text.split('`').step_by(2).collect();
            if ["TODO", "FIXME", "HACK", "XXX"].iter().any(|word| prose.contains(word)) {
                complaints.push(format!("{}:{} {}", source.path.display(), token.line, token.text));
            }
        }
        for three in source.all.windows(3) {
            let called = ["todo", "unimplemented", "dbg"].iter().any(|name| three[0].is(name)) && three[1].is("!");
            let ignored = three[0].is("#") && three[1].is("[") && three[2].is("ignore");
            if called || ignored {
                complaints.push(format!("{}:{} {}", source.path.display(), three[0].line, three[0].text));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn bad_data_never_panics_by_a_shortcut() {
    let mut complaints = Vec::new();
    for source in library() {
        for pair in source.code.windows(2) {
            let unwraps = ["unwrap", "unwrap_err"].iter().any(|name| pair[0].is(name)) && pair[1].is("(");
            if unwraps || (pair[0].is("panic") && pair[1].is("!")) {
                complaints.push(format!("{}:{} {}", source.path.display(), pair[0].line, pair[0].text));
            }
        }
    }
    none_of(&complaints);
}

#[test]
fn lints_are_allowed_in_known_places_only() {
    let mut found = BTreeSet::new();
    for source in everything() {
        let shown = source.path.display().to_string();
        for at in 0..source.all.len() {
            let follows = |n: usize, text: &str| source.all.get(at + n).is_some_and(|token| token.is(text));
            let named = ["allow", "expect"].iter().any(|name| follows(1, name)) && follows(0, "[") && follows(2, "(");
            if named {
                let lint = source.all[at + 3..].iter().take_while(|token| !token.is(")"));
                found.insert((shown.clone(), lint.map(|token| token.text.as_str()).collect::<String>()));
            }
        }
        let is_unsafe = source.code.iter().any(|token| token.is("unsafe"));
        assert!(
            !is_unsafe || ALLOWED.iter().any(|(path, lint, _)| *path == shown && *lint == "unsafe_code"),
            "{shown}"
        );
    }
    let known = ALLOWED.iter().map(|(path, lint, _)| ((*path).to_owned(), (*lint).to_owned())).collect();
    assert_eq!(found, known);
}
