//! Adds a switch for each mutant to a source file.
//!
//! A mutant is inserted beside the original code: `(if on(7) { a <= b } else { a < b })`. The
//! mutant's branch has the original text without switches, which limits the growth of nested code;
//! two mutants are never enabled at once.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// A mutant of the list, with byte offsets into its file.
pub struct Mutant {
    /// Index in the list.
    pub number: usize,
    /// Like `FnValue` or `MatchArm`.
    pub genre: String,
    /// The bytes that it replaces.
    pub span: Range<usize>,
    pub replacement: String,
}

/// The syntax around mutants.
#[derive(Default)]
struct Places {
    /// Expressions whose operator or field can be changed, and match guards.
    values: Vec<Range<usize>>,
    /// `let` chains, which cannot be wrapped in an expression.
    chains: Vec<Range<usize>>,
    arms: Vec<Arm>,
    /// The inside of function bodies.
    bodies: Vec<Body>,
    /// Code that is evaluated at compile time.
    constants: Vec<Range<usize>>,
    /// The `const` keywords of functions, and the functions' names.
    words: Vec<(Range<usize>, String)>,
}

struct Arm {
    whole: Range<usize>,
    pattern_end: usize,
    guard: Option<Range<usize>>,
    /// Whether the match stays exhaustive without this arm.
    can_go: bool,
}

struct Body {
    inside: Range<usize>,
    /// The name, for a `const fn`.
    constant: Option<String>,
    /// Whether the return type is, or contains, `impl Trait`.
    nameless: Option<Nameless>,
}

#[derive(Clone, Copy, PartialEq)]
enum Nameless {
    Alone,
    Within,
}

/// How a mutant can be switched.
pub enum Switch {
    /// Code is inserted around a range.
    Put(Around),
    /// The mutant does not compile.
    Broken,
    /// It is evaluated at compile time, or its type cannot be named.
    NotSwitchable,
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
        // An uppercase name, like None, is a constant pattern.
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

/// Text to insert around a range of the source.
pub struct Around {
    stretch: Range<usize>,
    before: String,
    after: String,
}

/// Inserts text around ranges that are nested or disjoint; of equal ranges the first is outermost.
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

/// The mutant's text between markers, which locate compiler errors.
fn marked(number: usize, text: &str) -> String {
    format!("/*<{number}*/{text}/*>{number}*/")
}

fn on(number: usize) -> String {
    format!("crate::mutant::on({number})")
}

/// A source with switches, and its mutants without one.
pub struct Woven {
    pub text: String,
    /// Mutants that do not compile.
    pub broken: Vec<usize>,
    /// Mutants that cannot be switched.
    pub stiff: Vec<usize>,
}

/// Adds switches to a source. Makes `const` functions non-const, except those `needed` at compile
/// time.
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
            Switch::NotSwitchable => stiff.push(mutant.number),
        }
    }
    Woven { text: put_around(&text, &around), broken, stiff }
}

fn switch(source: &str, mutant: &Mutant, places: &Places, needed: &BTreeSet<String>) -> Switch {
    let holds = |outer: &Range<usize>| outer.start <= mutant.span.start && mutant.span.end <= outer.end;
    let is_needed = |body: &Body| body.constant.as_ref().is_some_and(|name| needed.contains(name));
    if places.constants.iter().any(holds) || places.bodies.iter().any(|body| holds(&body.inside) && is_needed(body)) {
        return Switch::NotSwitchable;
    }
    let (number, on) = (mutant.number, on(mutant.number));
    match mutant.genre.as_str() {
        "FnValue" => {
            let inner = places.bodies.iter().filter(|body| holds(&body.inside)).min_by_key(|body| body.inside.len());
            let body = inner.expect("a value is that of a function");
            let value = marked(number, &mutant.replacement);
            let (before, after) = match body.nameless {
                Some(Nameless::Within) => return Switch::NotSwitchable,
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
