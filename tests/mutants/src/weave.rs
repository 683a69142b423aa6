//! A source with a switch for each of its mutants.
//!
//! Whatever a mutant changes is kept beside what it replaces: `(if on(7) { a <= b } else { a < b })`. What is kept is the
//! text as it was, without any switches, so that no text grows beyond its depth; no two mutants are ever on at once.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A mutant of the list, in bytes of its file.
pub struct Mutant {
    /// Its place in the list.
    pub number: usize,
    /// Like `FnValue` or `MatchArm`.
    pub genre: String,
    /// What it changes.
    pub span: Range<usize>,
    /// What it puts there.
    pub replacement: String,
}

/// What a mutant's place can be within.
#[derive(Default)]
struct Places {
    /// Expressions that an operator or a field can be changed in, and guards.
    values: Vec<Range<usize>>,
    /// Chains with `let`, which are no values.
    chains: Vec<Range<usize>>,
    /// The arms of a match.
    arms: Vec<Arm>,
    /// What stands within the braces of functions.
    bodies: Vec<Body>,
    /// What the compiler works out.
    constants: Vec<Range<usize>>,
    /// Words `const` of functions, and the functions' names.
    words: Vec<(Range<usize>, String)>,
}

struct Arm {
    whole: Range<usize>,
    pattern_end: usize,
    guard: Option<Range<usize>>,
    /// Whether the other arms take whatever comes.
    can_go: bool,
}

struct Body {
    inside: Range<usize>,
    /// The name of a constant function.
    constant: Option<String>,
    /// Where `impl Trait` stands in the type that is returned: nowhere, or alone, or within another type.
    nameless: Option<Nameless>,
}

#[derive(Clone, Copy, PartialEq)]
enum Nameless {
    Alone,
    Within,
}

/// What can be done for a mutant.
pub enum Switch {
    /// Text is put around a stretch.
    Put(Around),
    /// What it makes is no Rust.
    Broken,
    /// The compiler works it out, or its type has no name.
    Stiff,
}

fn range(of: &impl Spanned) -> Range<usize> {
    of.span().byte_range()
}

impl Places {
    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let name = signature.ident.to_string();
        if let Some(word) = &signature.constness {
            self.words.push((range(word), name.clone()));
        }
        let whole = range(block);
        let nameless = match &signature.output {
            syn::ReturnType::Type(_, of) if matches!(**of, syn::Type::ImplTrait(_)) => Some(Nameless::Alone),
            syn::ReturnType::Type(_, of) if has_impl(of) => Some(Nameless::Within),
            _ => None,
        };
        let constant = signature.constness.as_ref().map(|_| name);
        self.bodies.push(Body { inside: whole.start + 1..whole.end - 1, constant, nameless });
    }
}

fn has_let(expr: &syn::Expr) -> bool {
    match expr {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(both) => has_let(&both.left) || has_let(&both.right),
        _ => false,
    }
}

fn has_impl(of: &syn::Type) -> bool {
    struct Impl(bool);
    impl<'s> Visit<'s> for Impl {
        fn visit_type_impl_trait(&mut self, _: &'s syn::TypeImplTrait) {
            self.0 = true;
        }
    }
    let mut found = Impl(false);
    found.visit_type(of);
    found.0
}

impl<'s> Visit<'s> for Places {
    fn visit_item_fn(&mut self, item: &'s syn::ItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }

    fn visit_impl_item_fn(&mut self, item: &'s syn::ImplItemFn) {
        self.body(&item.sig, &item.block);
        visit::visit_impl_item_fn(self, item);
    }

    fn visit_trait_item_fn(&mut self, item: &'s syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.body(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_expr(&mut self, expr: &'s syn::Expr) {
        match expr {
            syn::Expr::Binary(_) if has_let(expr) => self.chains.push(range(expr)),
            syn::Expr::Binary(_) | syn::Expr::Unary(_) | syn::Expr::Struct(_) => self.values.push(range(expr)),
            syn::Expr::Repeat(list) => self.constants.push(range(&list.len)),
            _ => {}
        }
        visit::visit_expr(self, expr);
    }

    fn visit_expr_match(&mut self, of: &'s syn::ExprMatch) {
        // A name with a capital, like None, is a value.
        let takes_all = |pattern: &syn::Pat| match pattern {
            syn::Pat::Wild(_) => true,
            syn::Pat::Ident(of) => of.ident.to_string().starts_with(char::is_lowercase),
            _ => false,
        };
        let has_rest = of.arms.iter().any(|arm| arm.guard.is_none() && takes_all(&arm.pat));
        for arm in &of.arms {
            let guard = arm.guard.as_ref().map(|(_, guard)| range(guard));
            self.values.extend(guard.clone());
            let can_go = has_rest || guard.is_some();
            self.arms.push(Arm { whole: range(arm), pattern_end: range(&arm.pat).end, guard, can_go });
        }
        visit::visit_expr_match(self, of);
    }

    fn visit_item_const(&mut self, item: &'s syn::ItemConst) {
        self.constants.push(range(item));
    }

    fn visit_impl_item_const(&mut self, item: &'s syn::ImplItemConst) {
        self.constants.push(range(item));
    }

    fn visit_item_static(&mut self, item: &'s syn::ItemStatic) {
        self.constants.push(range(item));
    }

    fn visit_type_array(&mut self, of: &'s syn::TypeArray) {
        self.constants.push(range(of));
    }
}

/// Text that is put around a stretch of the source.
pub struct Around {
    stretch: Range<usize>,
    before: String,
    after: String,
}

/// Puts text around stretches that lie within each other or apart; of equal ones the first comes outside.
fn put_around(source: &str, around: &[Around]) -> String {
    let mut ends: Vec<(usize, bool, usize, usize, &str)> = Vec::new();
    for (at, Around { stretch, before, after }) in around.iter().enumerate() {
        ends.push((stretch.start, true, source.len() - stretch.end, at, before));
        ends.push((stretch.end, false, source.len() - stretch.start, around.len() - at, after));
    }
    ends.sort_unstable();
    let (mut text, mut done) = (String::new(), 0);
    for (at, _, _, _, put) in ends {
        text += &source[done..at];
        text += put;
        done = at;
    }
    text + &source[done..]
}

/// The text of a mutant, between marks by which a complaint of the compiler finds it.
fn marked(number: usize, text: &str) -> String {
    format!("/*<{number}*/{text}/*>{number}*/")
}

fn on(number: usize) -> String {
    format!("crate::mutant::on({number})")
}

/// A source with switches, and its mutants that have none.
pub struct Woven {
    /// The source.
    pub text: String,
    /// What is no Rust.
    pub broken: Vec<usize>,
    /// What cannot be switched.
    pub stiff: Vec<usize>,
}

/// Puts switches into a source. Constant functions become usual ones, but for those that are `needed` by what the
/// compiler works out.
pub fn weave(source: &str, mutants: &[Mutant], needed: &BTreeSet<String>) -> Woven {
    let mut places = Places::default();
    places.visit_file(&syn::parse_file(source).expect("it compiles"));
    let mut text = source.to_owned();
    for (word, _) in places.words.iter().filter(|(_, name)| !needed.contains(name)) {
        text.replace_range(word.clone(), &" ".repeat(word.len()));
    }
    let (mut around, mut broken, mut stiff) = (Vec::new(), Vec::new(), Vec::new());
    for mutant in mutants {
        match switch(source, mutant, &places, needed) {
            Switch::Put(put) => around.push(put),
            Switch::Broken => broken.push(mutant.number),
            Switch::Stiff => stiff.push(mutant.number),
        }
    }
    Woven { text: put_around(&text, &around), broken, stiff }
}

fn switch(source: &str, mutant: &Mutant, places: &Places, needed: &BTreeSet<String>) -> Switch {
    let holds = |outer: &Range<usize>| outer.start <= mutant.span.start && mutant.span.end <= outer.end;
    let is_needed = |body: &Body| body.constant.as_ref().is_some_and(|name| needed.contains(name));
    if places.constants.iter().any(holds) || places.bodies.iter().any(|body| holds(&body.inside) && is_needed(body)) {
        return Switch::Stiff;
    }
    let (number, on) = (mutant.number, on(mutant.number));
    match mutant.genre.as_str() {
        "FnValue" => {
            let inner = places.bodies.iter().filter(|body| holds(&body.inside)).min_by_key(|body| body.inside.len());
            let body = inner.expect("a value is that of a function");
            let value = marked(number, &mutant.replacement);
            let (before, after) = match body.nameless {
                Some(Nameless::Within) => return Switch::Stiff,
                Some(Nameless::Alone) => {
                    let (one, other) = ("crate::mutant::Either::Mutant", "crate::mutant::Either::Own");
                    (format!("if {on} {{ return {one}({value}); }} {other}({{"), "})")
                }
                None => (format!("if {on} {{ return {value}; }}"), ""),
            };
            Switch::Put(Around { stretch: body.inside.clone(), before, after: after.to_owned() })
        }
        "MatchArm" => {
            let arm =
                places.arms.iter().find(|arm| arm.whole.start == mutant.span.start).expect("an arm is one of a match");
            match &arm.guard {
                _ if !arm.can_go => Switch::Broken,
                Some(guard) => {
                    Switch::Put(Around { stretch: guard.clone(), before: format!("!{on} && ("), after: ")".to_owned() })
                }
                None => {
                    let stretch = arm.pattern_end..arm.pattern_end;
                    Switch::Put(Around { stretch, before: format!(" if !{on}"), after: String::new() })
                }
            }
        }
        _ => {
            let inner = |of: &[Range<usize>]| of.iter().filter(|of| holds(of)).min_by_key(|of| of.len()).cloned();
            let whole = inner(&places.values).unwrap_or(0..source.len());
            if inner(&places.chains).is_some_and(|chain| chain.len() < whole.len()) {
                return Switch::Broken;
            }
            let (head, tail) = (&source[whole.start..mutant.span.start], &source[mutant.span.end..whole.end]);
            let other = marked(number, &format!("{head}{}{tail}", mutant.replacement));
            let before = format!("(if {on} {{ {other} }} else {{ ");
            Switch::Put(Around { stretch: whole, before, after: " })".to_owned() })
        }
    }
}
