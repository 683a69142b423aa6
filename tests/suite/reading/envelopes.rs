//! Invalid UTF-8 in envelopes: inside an element it rejects the element, outside the list the whole
//! envelope.

use super::case::{Case, run_all};
use super::sample::{Frame, operation, order, row, transaction};
use crate::support::{Desk, Engine};

/// Replaces each `~` by a byte that is not UTF-8.
fn spoilt(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| if byte == b'~' { 0xff } else { byte }).collect()
}

/// Envelopes with such a byte outside their list.
fn envelopes() -> Vec<String> {
    let (t, c) = (transaction("t", ""), operation("c"));
    let drafts = format!(r#"[{{"order":{}}}]"#, order("d"));
    let bad = transaction("bad", r#""x":"~""#);
    vec![
        format!(r#"{{"limit":"~","transactions":[{t}]}}"#),
        format!(r#"{{"transactions":[{t}],"limit":"~"}}"#),
        format!(r#"{{"total":1,"transactions":[{t},{t}],"count":2,"last_evaluated_key":{{"k~":[1]}}}}"#),
        format!(r#"{{"last_evaluated_key":["~"],"items":[{t},{bad}]}}"#),
        format!(r#"{{"limit":"~","draft_orders":{drafts}}}"#),
        format!(r#"[{{"limit":"~","sessions":[{t}]}}]"#),
        format!(r#"{{"x~":1,"order_id":"o","captures":[{c}]}}"#),
        format!(r#"{{"order_id":"o~","captures":[{c}]}}"#),
        format!(r#"{{"captures":[{c}],"x":"~","refunds":[{c}],"order_id":"o"}}"#),
        format!(r#"{{"order_id":"o","captures":[{c}],"refunds":null,"x":{{"y":[{{"z~":1}}]}}}}"#),
    ]
}

#[test]
fn utf8_beside_a_list() {
    let good = transaction("good", "");
    let mut cases = Vec::new();
    for text in envelopes() {
        for flags in [&[][..], &["--strict"]] {
            let pretty = spoilt(&text.replacen(':', ":\n", 1));
            cases.push(Case::of(format!("text {flags:?}: {text}"), pretty).flags(flags).refused("broken_text"));
            let line = spoilt(&text);
            let lines = Frame::Lines.around(&[good.as_bytes(), &line, good.as_bytes()]);
            let first = text.find('{').unwrap();
            let length = text.rfind('}').unwrap() + 1 - first;
            let place = (lines.places[1].0 + first, lines.places[1].1);
            let case = Case::of(format!("line {flags:?}: {text}"), lines.text).flags(flags);
            cases.push(case.rejects(&[row("in/f", place, length, "invalid_utf8", "")]).counts([3, 1, 1, 0, 1]));
        }
    }
    run_all(cases);
}

#[test]
fn utf8_of_an_element_is_its_own_matter() {
    let (t, c, o) = (transaction("t", ""), operation("c"), order("o"));
    let (bad, bad_c) = (transaction("bad", r#""x":"~""#), r#"{"id":"d~"}"#);
    let all = [
        (format!(r#"{{"limit":1,"transactions":[{t},{bad}],"total":1}}"#), bad.as_str()),
        (format!(r#"{{"x":1,"captures":[{c},{bad_c}],"order_id":"o"}}"#), bad_c),
        (format!(r#"{{"draft_orders":[{{"order":{o}}},{{"x":"~","order":{o}}}]}}"#), r#"{"x":"~","order":"#),
        (format!(r#"{{"draft_orders":[{{"order":{o},"x":"~"}},{{"order":{o}}}]}}"#), r#"{"order":"#),
        (format!(r#"{{"draft_orders":[{{"order":{o}}},{{"x~":5,"order":null}}]}}"#), r#"{"x~":5,"order":null}"#),
    ];
    let mut cases = Vec::new();
    for (text, element) in all {
        let at = text.find(element).unwrap();
        let length = match element.strip_suffix(r#""order":"#) {
            Some(_) if text[at..].starts_with(r#"{"x"#) => element.len() + o.len() + 1,
            Some(_) => element.len() + o.len() + r#","x":"~"}"#.len(),
            None => element.len(),
        };
        let rows = [row("in/f", (at, Some(1)), length, "invalid_utf8", "")];
        cases.push(Case::of(&text, spoilt(&text)).rejects(&rows).counts([2, 1, 0, 0, 1]));
    }
    run_all(cases);
}

#[test]
fn the_first_defect_of_an_envelope() {
    let (t, good) = (transaction("t", ""), transaction("good", ""));
    let named = |line: String, reason: &str, path: &str| {
        let lines = Frame::Lines.around(&[good.as_bytes(), &spoilt(&line)]);
        let rows = [row("in/f", lines.places[1], line.len(), reason, path)];
        Case::of(line, lines.text).rejects(&rows).counts([2, 1, 0, 0, 1])
    };
    run_all(vec![
        named(format!(r#"{{"limit":"~","orders":[{t}],"orders":[]}}"#), "invalid_utf8", ""),
        named(format!(r#"{{"orders":[{t}],"orders":[],"limit":"~"}}"#), "duplicate_key", "orders"),
        named(r#"{"captures":[],"order_id":5,"x":"~"}"#.to_owned(), "wrong_type", "order_id"),
        named(r#"{"captures":[],"x":"~","order_id":5}"#.to_owned(), "invalid_utf8", ""),
        named(r#"{"captures":[],"x":"~","captures":[]}"#.to_owned(), "invalid_utf8", ""),
    ]);
}

#[test]
fn utf8_beside_a_list_that_is_cut_anywhere() {
    let elements: Vec<String> = (0..2).map(|n| transaction(&format!("t{n}"), "")).collect();
    let list = elements.join(",");
    let operations: Vec<String> = (0..2).map(|n| operation(&format!("c{n}"))).collect();
    // A leading `[` alone selects the framing of the text, so the rest may be split into blocks at
    // any byte.
    let pages = [
        format!(r#"[{{"limit":"~","transactions":[{list}]}}]"#),
        format!(r#"[{{"transactions":[{list}],"limit":"~"}}]"#),
        format!(r#"[{{"transactions":[{list}],"last_evaluated_key":{{"k~":1}},"total":1}}]"#),
        format!(r#"[{{"order_id":"o","captures":[{}],"x~":1}}]"#, operations.join(",")),
    ];
    let desk = Desk::new();
    for text in pages {
        let (bad, good) = (spoilt(&text), text.replace('~', ""));
        for max_record in [100, 1 << 20] {
            let of = |name: &str, bytes: &[u8]| {
                desk.put(name, bytes);
                for block_size in 1..=bytes.len() {
                    let engine = Engine { block_size, max_record, ..Engine::default() };
                    let done = engine.run(&[desk.inputs().join(name)]);
                    let (counts, file) = (done.outcome.counts, &done.outcome.sources[0]);
                    let refused = file.fault.as_ref().map(|fault| fault.reason.code());
                    assert_eq!(counts.rejected, 0, "{text}: blocks of {block_size}, records of {max_record}");
                    let found = (counts.records, refused);
                    let expected = if name == "bad" { (0, Some("broken_text")) } else { (2, None) };
                    assert_eq!(found, expected, "{text}: blocks of {block_size}, records of {max_record}");
                }
            };
            of("bad", &bad);
            of("good", good.as_bytes());
        }
    }
}
