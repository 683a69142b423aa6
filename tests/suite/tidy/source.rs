//! Rust sources as tokens, and what follows from them without a compiler: paths, functions, tests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::support::{files_below, read};

/// The source folder of each crate.
const CRATES: [(&str, &str); 5] = [
    ("avstem_core", "crates/core/src"),
    ("avstem_engine", "crates/engine/src"),
    ("avstem_worlds", "crates/worlds/src"),
    ("avstem_python", "crates/python/src"),
    ("avstem", "src"),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Word,
    Number,
    /// A string, a character, or a lifetime.
    Quoted,
    Comment,
    Sign,
}

#[derive(Clone, Debug)]
pub struct Token {
    pub kind: Kind,
    pub text: String,
    pub line: usize,
}

impl Token {
    /// Whether it is this keyword, identifier or punctuation.
    pub fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Sign) && self.text == text
    }
}

/// A path named in the code.
#[derive(Clone, Debug)]
pub struct Named {
    /// Absolute if it begins with `crate`, `self` or `super`.
    pub path: Vec<String>,
    pub line: usize,
    pub module: Vec<String>,
    /// The name that a `use` introduces.
    pub alias: Option<String>,
    /// Whether it is a re-export (`pub use`).
    pub is_passed_on: bool,
}

pub struct Source {
    /// Relative to the repository's root.
    pub path: PathBuf,
    pub lines: usize,
    pub all: Vec<Token>,
    /// Tokens without comments and tests; empty in a test file.
    pub code: Vec<Token>,
}

impl Source {
    /// All sources below a folder.
    pub fn below(folder: &str) -> Vec<Source> {
        let is_rust = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "rs");
        let mut sources: Vec<Source> = files_below(folder).into_iter().filter(is_rust).map(Source::new).collect();
        let tests: BTreeSet<PathBuf> = sources.iter().flat_map(Source::test_modules).collect();
        for source in &mut sources {
            if tests.iter().any(|test| source.path.starts_with(test) || source.path == test.with_extension("rs")) {
                source.code.clear();
            }
        }
        sources
    }

    fn new(path: PathBuf) -> Source {
        let text = read(&path);
        Source::of(path, &text)
    }

    pub fn of(path: PathBuf, text: &str) -> Source {
        let all = tokens(text);
        let code: Vec<Token> = all.iter().filter(|token| token.kind != Kind::Comment).cloned().collect();
        let code = without_tests(&code);
        Source { path, lines: text.lines().count(), all, code }
    }

    /// The module path, beginning with the crate: `["avstem_core", "ledger", "tally"]`.
    pub fn module(&self) -> Vec<String> {
        let within = |(name, folder): &(&'static str, &str)| Some((*name, self.path.strip_prefix(folder).ok()?));
        let (name, inner) = CRATES.iter().find_map(within).expect("it is of a crate");
        let parts = inner.with_extension("");
        let parts = parts.iter().map(|part| part.to_str().unwrap().to_owned());
        let is_root = |part: &String| matches!(part.as_str(), "mod" | "lib" | "main");
        [name.to_owned()].into_iter().chain(parts.filter(|part| !is_root(part))).collect()
    }

    /// The folder of its child modules.
    fn home(&self) -> PathBuf {
        let is_root = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| self.path.ends_with(name));
        if is_root { self.path.parent().unwrap_or(Path::new("")).to_owned() } else { self.path.with_extension("") }
    }

    /// Child modules declared under `#[cfg(test)]`.
    fn test_modules(&self) -> Vec<PathBuf> {
        let code: Vec<&Token> = self.all.iter().filter(|token| token.kind != Kind::Comment).collect();
        let starts = (0..code.len()).filter(|&at| is_test_attribute(&code[at..]));
        let named = starts.filter_map(|at| {
            let found = code[at..].windows(3).take(12).find(|three| three[0].is("mod") && three[2].is(";"))?;
            Some(self.home().join(&found[1].text))
        });
        named.collect()
    }

    /// Every path in the code with its line, absolute where possible; `use` groups are expanded.
    pub fn paths(&self) -> Vec<(Vec<String>, usize)> {
        self.named().into_iter().map(|named| (named.path, named.line)).collect()
    }

    /// Every path in the code, with its module and alias.
    pub fn named(&self) -> Vec<Named> {
        let (module, code) = (self.module(), &self.code);
        let all: Vec<&Token> = code.iter().collect();
        // Enclosing inline modules: the index of the closing brace, and the name.
        let mut inner: Vec<(usize, String)> = Vec::new();
        let (mut found, mut at) = (Vec::new(), 0);
        while at < code.len() {
            inner.retain(|(end, _)| *end > at);
            if code[at].is("mod") && code.get(at + 2).is_some_and(|sign| sign.is("{")) {
                inner.push((closing(&all, at + 2), code[at + 1].text.clone()));
            }
            let is_member = at > 0 && code[at - 1].is(".");
            let is_used = at > 0 && code[at - 1].is("use");
            if code[at].kind == Kind::Word && !is_member && (is_used || goes_on(code, at + 1)) {
                let is_passed_on = is_used && at > 1 && (code[at - 2].is("pub") || code[at - 2].is(")"));
                let mut paths = Vec::new();
                at = tree(code, at, &mut Vec::new(), &mut paths);
                let here: Vec<String> = module.iter().chain(inner.iter().map(|(_, name)| name)).cloned().collect();
                found.extend(paths.into_iter().map(|(path, line, alias)| Named {
                    path: absolute(path, &here),
                    line,
                    module: here.clone(),
                    alias: alias.filter(|_| is_used),
                    is_passed_on,
                }));
            } else {
                at += 1;
            }
        }
        found
    }

    /// Every function, tests included: name, line, and number of lines.
    pub fn functions(&self) -> Vec<(String, usize, usize)> {
        let code: Vec<&Token> = self.all.iter().filter(|token| token.kind != Kind::Comment).collect();
        let mut found = Vec::new();
        for at in 0..code.len() {
            if !code[at].is("fn") || code.get(at + 1).is_none_or(|name| name.kind != Kind::Word) {
                continue;
            }
            let Some(open) = (at..code.len()).find(|&n| code[n].is("{") || code[n].is(";")) else { continue };
            if code[open].is("{") {
                let end = closing(&code, open);
                found.push((code[at + 1].text.clone(), code[at].line, code[end].line - code[at].line + 1));
            }
        }
        found
    }
}

/// Whether a path continues here: `::`, then a name, a group or a star.
fn goes_on(code: &[Token], at: usize) -> bool {
    let is = |n: usize, sign: &str| code.get(at + n).is_some_and(|token| token.is(sign));
    let named = code.get(at + 2).is_some_and(|next| next.kind == Kind::Word);
    is(0, ":") && is(1, ":") && (named || is(2, "{") || is(2, "*"))
}

/// A path, its line, and the name that it introduces.
type Leaf = (Vec<String>, usize, Option<String>);

/// Collects the path, or all paths of a group, at this token; returns the index after it.
fn tree(code: &[Token], mut at: usize, prefix: &mut Vec<String>, found: &mut Vec<Leaf>) -> usize {
    let (depth, line) = (prefix.len(), code[at].line);
    if code[at].is("{") {
        at += 1;
        while !code[at].is("}") {
            at = if code[at].is(",") { at + 1 } else { tree(code, at, prefix, found) };
        }
        return at + 1;
    }
    prefix.push(code[at].text.clone());
    at += 1;
    if goes_on(code, at) {
        at = tree(code, at + 2, prefix, found);
    } else {
        let is_renamed = code.get(at).is_some_and(|next| next.is("as"));
        let alias = if is_renamed {
            Some(code[at + 1].text.clone())
        } else {
            prefix.iter().rfind(|part| *part != "self").cloned()
        };
        found.push((prefix.clone(), line, alias));
        at += if is_renamed { 2 } else { 0 };
    }
    prefix.truncate(depth);
    at
}

/// Resolves `crate`, `self` and `super`.
fn absolute(path: Vec<String>, module: &[String]) -> Vec<String> {
    let mut base = match path[0].as_str() {
        "crate" => module[..1].to_vec(),
        "self" => module.to_vec(),
        "super" => module[..module.len().max(2) - 1].to_vec(),
        _ => return path,
    };
    for part in path.into_iter().skip(1) {
        if part != "super" {
            base.push(part);
        } else if base.len() > 1 {
            base.pop();
        }
    }
    base
}

fn is_test_attribute<T: std::borrow::Borrow<Token>>(code: &[T]) -> bool {
    let wanted = ["#", "[", "cfg", "(", "test", ")", "]"];
    code.len() > wanted.len() && wanted.iter().zip(code).all(|(text, token)| token.borrow().is(text))
}

fn without_tests(code: &[Token]) -> Vec<Token> {
    let all: Vec<&Token> = code.iter().collect();
    let (mut at, mut kept) = (0, Vec::new());
    while at < code.len() {
        if is_test_attribute(&code[at..]) {
            let end = (at..code.len()).find(|&n| all[n].is("{") || all[n].is(";")).unwrap_or(code.len() - 1);
            at = 1 + if all[end].is("{") { closing(&all, end) } else { end };
        } else {
            kept.push(code[at].clone());
            at += 1;
        }
    }
    kept
}

/// The index of the matching closing brace.
fn closing(code: &[&Token], open: usize) -> usize {
    let mut depth = 0;
    for (at, token) in code.iter().enumerate().skip(open) {
        depth += i32::from(token.is("{")) - i32::from(token.is("}"));
        if depth == 0 {
            return at;
        }
    }
    code.len() - 1
}

fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<char> = text.chars().collect();
    let (mut at, mut line, mut made) = (0, 1, Vec::<Token>::new());
    while at < chars.len() {
        let after_dot = made.last().is_some_and(|token| token.is("."));
        let (kind, end) = token_end(&chars, at, after_dot);
        let text: String = chars[at..end].iter().collect();
        let starts = line;
        line += text.matches('\n').count();
        if !text.trim().is_empty() {
            made.push(Token { kind, text, line: starts });
        }
        at = end;
    }
    made
}

/// The kind of the token that starts here, and where it ends.
fn token_end(chars: &[char], at: usize, after_dot: bool) -> (Kind, usize) {
    let get = |n: usize| chars.get(n).copied().unwrap_or('\0');
    let run = |from: usize, of: fn(char) -> bool| (from..).find(|&n| n >= chars.len() || !of(chars[n])).unwrap();
    let word = |c: char| c.is_alphanumeric() || c == '_';
    match chars[at] {
        '/' if get(at + 1) == '/' => (Kind::Comment, run(at, |c| c != '\n')),
        '/' if get(at + 1) == '*' => (Kind::Comment, block_comment_end(chars, at)),
        '"' => (Kind::Quoted, string_end(chars, at)),
        '\'' => (Kind::Quoted, quote_end(chars, at)),
        c if c.is_ascii_digit() => {
            let end = run(at, word);
            let fraction = !after_dot && get(end) == '.' && get(end + 1).is_ascii_digit();
            (Kind::Number, if fraction { run(end + 1, word) } else { end })
        }
        c if word(c) => {
            let end = run(at, word);
            let prefix: String = chars[at..end].iter().collect();
            let opens = run(end, |c| c == '#');
            match prefix.as_str() {
                "r" | "br" | "cr" if get(opens) == '"' => (Kind::Quoted, raw_end(chars, opens, opens - end)),
                "b" | "c" if get(end) == '"' => (Kind::Quoted, string_end(chars, end)),
                "b" if get(end) == '\'' => (Kind::Quoted, quote_end(chars, end)),
                _ => (Kind::Word, end),
            }
        }
        _ => (Kind::Sign, at + 1),
    }
}

fn block_comment_end(chars: &[char], at: usize) -> usize {
    let (mut n, mut depth) = (at, 0);
    while n + 1 < chars.len() {
        match (chars[n], chars[n + 1]) {
            ('/', '*') => (depth, n) = (depth + 1, n + 2),
            ('*', '/') => (depth, n) = (depth - 1, n + 2),
            _ => n += 1,
        }
        if depth == 0 {
            return n;
        }
    }
    chars.len()
}

/// The end of a string literal with escapes.
fn string_end(chars: &[char], open: usize) -> usize {
    let mut n = open + 1;
    while n < chars.len() && chars[n] != '"' {
        n += if chars[n] == '\\' { 2 } else { 1 };
    }
    (n + 1).min(chars.len())
}

/// The end of a character literal or a lifetime.
fn quote_end(chars: &[char], open: usize) -> usize {
    if chars[open + 1] == '\\' {
        return (open + 3..chars.len()).find(|&n| chars[n] == '\'').map_or(chars.len(), |n| n + 1);
    }
    if chars.get(open + 2) == Some(&'\'') {
        return open + 3;
    }
    (open + 1..chars.len()).find(|&n| !chars[n].is_alphanumeric() && chars[n] != '_').unwrap_or(chars.len())
}

fn raw_end(chars: &[char], open: usize, hashes: usize) -> usize {
    let ends =
        |n: &usize| chars[*n] == '"' && chars[n + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes;
    (open + 1..chars.len()).find(ends).map_or(chars.len(), |n| n + 1 + hashes)
}

#[test]
fn tokens_and_paths_are_told_apart() {
    let text = "use a::{b::{self, C as D}, e};\nmod y { use super::z; }\nfn f<'x>() { g::h('\\'', '\"', r#\"q\"#, 1.5, x.0.1, 1..2) } /* /* */ */\n\
                #[cfg(test)]\nmod tests { use super::*; }\nfn last(); // end";
    let source = Source::of("crates/core/src/m/n.rs".into(), text);
    let all = &source.all;
    let numbers: Vec<&str> = all.iter().filter(|t| t.kind == Kind::Number).map(|t| t.text.as_str()).collect();
    assert_eq!(numbers, ["1.5", "0", "1", "1", "2"]);
    assert_eq!(all.iter().filter(|t| t.kind == Kind::Comment).count(), 2);
    let paths: Vec<String> = source.paths().into_iter().map(|(path, _)| path.join("::")).collect();
    assert_eq!(paths, ["a::b::self", "a::b::C", "a::e", "avstem_core::m::n::z", "g::h"]);
    assert_eq!(source.functions(), [("f".to_owned(), 3, 1)]);
    let of = |path: &str| absolute(path.split("::").map(str::to_owned).collect(), &source.module()).join("::");
    assert_eq!(of("super::super::x::Y"), "avstem_core::x::Y");
    assert_eq!(of("crate::x"), "avstem_core::x");
    assert_eq!(of("self::x"), "avstem_core::m::n::x");
    assert!(!source.code.iter().any(|token| token.is("tests")) && source.code.iter().any(|token| token.is("last")));
}
