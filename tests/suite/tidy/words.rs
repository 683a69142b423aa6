//! No word of a provider is used outside its module.
//!
//! The words come from the module itself: every string literal that is one word, or several joined
//! by ` or `. A word added there is checked from then on.

use std::collections::BTreeSet;

use super::source::{Kind, Source};
use crate::support::none_of;

const PROVIDER_DIRS: [&str; 3] =
    ["crates/core/src/provider/dintero", "crates/core/src/provider/klarna", "crates/core/src/provider/vipps"];

/// Files that list the providers, and may name them.
const PROVIDER_LISTS: [&str; 3] =
    ["crates/core/src/provider/mod.rs", "crates/core/src/provider/active.rs", "crates/core/src/provider/others.rs"];

/// Generated documents use the provider's vocabulary.
const INVENTED: [&str; 2] = ["crates/worlds/src", "crates/engine/src/report/sample.rs"];

/// Fields of a rule's card that are prose.
const TEXTS_OF_CARDS: [&str; 4] = ["message", "action", "fires", "silent"];

/// Words of the provider that are also used by the rest of the code.
const SHARED_WORDS: [(&str, &[&str]); 4] = [
    (
        "columns of ours that repeat a member of a document",
        &[
            "amount",
            "authorization_id",
            "cancelled_at",
            "correlation_request_id",
            "count",
            "created_at",
            "currency",
            "destination",
            "destinations",
            "event",
            "events",
            "fee",
            "id",
            "line_id",
            "merchant_reference",
            "merchant_reference_2",
            "order_id",
            "payment_id",
            "payment_product_type",
            "payout_destination_id",
            "platform_type",
            "provider",
            "quantity",
            "reference",
            "request_id",
            "session_id",
            "settlement_id",
            "settlement_reference",
            "settlement_status",
            "status",
            "success",
            "time",
            "transaction_id",
            "transaction_status",
            "updated_at",
            "version",
        ],
    ),
    (
        "kinds of documents, of events, and of the lists they stand in",
        &[
            "authorizations",
            "cancellations",
            "capture",
            "captures",
            "fees",
            "metadata",
            "order",
            "orders",
            "payout",
            "payouts",
            "refund",
            "refunds",
            "session",
            "sessions",
            "transaction",
            "transactions",
        ],
    ),
    ("words of JSON", &["false", "true"]),
    (
        "words of ours: a severity, a heading, a key of the configuration",
        &["error", "pending", "postponed", "refunded"],
    ),
];

/// Provider words used as plain English.
const ENGLISH: [(&str, &str, &str); 1] =
    [("src/cli/show/text.rs", "FAILED", "an event that did not succeed is marked")];

/// The content of a string literal, without quotes and prefix.
fn text(quoted: &str) -> &str {
    let from = quoted.find('"').map_or(quoted.len(), |at| at + 1);
    quoted[from..].trim_end_matches('#').trim_end_matches('"')
}

fn is_word(text: &str) -> bool {
    text.len() > 1
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.')
}

/// Whether a word is distinctive: those are searched within texts, others must be the whole text.
fn is_distinctive(word: &str) -> bool {
    word.contains('.') || word.chars().any(|c| c.is_ascii_uppercase())
}

struct Words {
    all: BTreeSet<String>,
    /// The prefixes of product types and the like.
    families: BTreeSet<String>,
}

impl Words {
    fn of(room: &[Source]) -> Words {
        let quoted = room.iter().flat_map(|source| &source.code).filter(|token| token.kind == Kind::Quoted);
        let split = |token| -> Vec<String> { text(token).split(" or ").map(str::to_owned).collect() };
        let all: BTreeSet<String> = quoted.flat_map(|token| split(&token.text)).filter(|word| is_word(word)).collect();
        let families = all.iter().filter_map(|word| word.split_once('.')).map(|(family, _)| family.to_owned());
        Words { families: families.collect(), all }
    }

    /// The provider's words in a string.
    fn in_text<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let parts = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'));
        let parts = parts.map(|part| part.trim_matches('.')).filter(|part| is_word(part));
        let is_known = |part: &&str| {
            let known = self.all.contains(*part) && (*part == text || is_distinctive(part));
            known || self.families.contains(part.split('.').next().unwrap())
        };
        parts.filter(is_known).collect()
    }

    fn in_source<'s>(&self, source: &'s Source) -> Vec<(&'s str, usize)> {
        let mut found = Vec::new();
        for (at, token) in source.code.iter().enumerate() {
            let of_card = at > 1 && source.code[at - 1].is(":") && TEXTS_OF_CARDS.contains(&&*source.code[at - 2].text);
            if token.kind == Kind::Quoted && !of_card {
                found.extend(self.in_text(text(&token.text)).into_iter().map(|word| (word, token.line)));
            }
            let name = token.text.to_lowercase();
            if token.kind == Kind::Word && name.split('_').any(|part| self.families.contains(part)) {
                found.push((&token.text, token.line));
            }
        }
        found
    }
}

#[test]
fn no_word_of_a_provider_stands_outside_its_room() {
    let rooms: Vec<Source> = PROVIDER_DIRS.into_iter().flat_map(Source::below).collect();
    let words = Words::of(&rooms);
    for word in [
        "AUTHORIZE",
        "PARTIALLY_CAPTURED",
        "NOT_SETTLED",
        "klarna",
        "payex.vipps",
        "draft_orders",
        "aggregator",
        "FEE_REFUND",
        "balanceBefore",
    ] {
        assert!(words.all.contains(word), "{word} is no word of the room any more");
    }
    let ours: BTreeSet<&str> = SHARED_WORDS.iter().flat_map(|(_, words)| *words).copied().collect();
    let (mut complaints, mut shared) = (Vec::new(), BTreeSet::new());
    for source in super::library() {
        let is_door = PROVIDER_LISTS.iter().any(|door| source.path.ends_with(door));
        if is_door
            || PROVIDER_DIRS.iter().any(|room| source.path.starts_with(room))
            || INVENTED.iter().any(|place| source.path.starts_with(place))
        {
            continue;
        }
        let shown = source.path.display().to_string();
        for (word, line) in words.in_source(&source) {
            if let Some(own) = ours.get(word) {
                shared.insert(*own);
            } else if !ENGLISH.iter().any(|(path, english, _)| *path == shown && *english == word) {
                complaints.push(format!("{shown}:{line} has a word of the provider: {word}"));
            }
        }
    }
    let idle = ours.difference(&shared).map(|word| format!("{word} need not be among ours"));
    complaints.extend(idle);
    none_of(&complaints);
}

#[test]
fn a_word_outside_is_seen() {
    let source = |text: &str| Source::of("crates/core/src/rules/m/n.rs".into(), text);
    let room =
        source(r#"const W: [&str; 3] = ["VOID", "VOID or ON_HOLD", "payex.vipps"]; const N: &str = "net_amount";"#);
    let words = Words::of(&[room]);
    let seen = |text: &str| words.in_source(&source(text)).into_iter().map(|(word, _)| word.to_owned()).collect();
    let none: [&str; 0] = [];
    let check = |text: &str, expected: &[&str]| {
        let seen: Vec<String> = seen(text);
        assert_eq!(seen, expected, "{text}");
    };
    check(r#"if word == "VOID" {}"#, &["VOID"]);
    check(r#"const W: &str = "it is ON_HOLD, {}";"#, &["ON_HOLD"]);
    check(r##"f(b"net_amount", r#"payex.creditcard"#)"##, &["net_amount", "payex.creditcard"]);
    check("fn is_payex() {}", &["is_payex"]);
    check(r#"card! { silent: "With `payex.vipps`." }"#, &none);
    check(
        r#"// "VOID"
        const W: &str = "the net_amount of a void"; #[cfg(test)] mod tests { const W: &str = "VOID"; }"#,
        &none,
    );
}
