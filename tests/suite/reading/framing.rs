//! Lines or one JSON text, and where records begin and end in each.

use super::case::{Case, run_all};
use super::sample::{Frame, order, row, transaction};

/// A broken line among good ones: only that line is rejected.
fn broken_line(name: &str, line: &str, reason: &str, path: &str) -> Case {
    let text = Frame::Lines.around(&[transaction("a", "").as_str(), line, transaction("b", "").as_str()]);
    let rows = [row("in/f", text.places[1], line.len(), reason, path)];
    Case::of(format!("line: {name}"), text.text).rejects(&rows).counts([3, 2, 0, 0, 1])
}

/// A broken element of an array: the whole file is refused.
fn broken_element(name: &str, element: &str) -> Case {
    let text = Frame::Array.around(&[transaction("a", "").as_str(), element, transaction("b", "").as_str()]);
    Case::of(format!("element: {name}"), text.text).refused("broken_text")
}

#[test]
fn broken_text() {
    let whole = transaction("x", "");
    let cut = &whole[..whole.len() - 20];
    let broken = [
        ("no colon", r#"{"id" "x"}"#, ""),
        ("no value", r#"{"id":"x","amount":,"currency":"NOK"}"#, ""),
        ("comma at the end", r#"{"id":"x","amount":1,}"#, ""),
        ("two commas", r#"{"id":"x",,"amount":1}"#, ""),
        ("no comma", r#"{"id":"x" "amount":1}"#, ""),
        ("name without quotes", r#"{id:"x","amount":1}"#, ""),
        ("single quotes", r#"{'id':'x','amount':1}"#, ""),
        ("a word that is none", r#"{"id":"x","amount":nil}"#, "amount"),
        ("a number that is none", r#"{"id":"x","amount":01,"currency":"NOK"}"#, "amount"),
        ("a plus", r#"{"id":"x","amount":+1,"currency":"NOK"}"#, "amount"),
        ("no digits after the point", r#"{"id":"x","amount":1.,"currency":"NOK"}"#, "amount"),
        ("brackets that do not match", r#"{"id":"x","amount":1,"a":[}]"#, ""),
        ("an escape that is none", r#"{"id":"\x41","amount":1}"#, "id"),
        ("an escape that is short", r#"{"id":"\u12","amount":1}"#, "id"),
        ("a tab in a string", "{\"id\":\"a\tb\",\"amount\":1}", "id"),
    ];
    let mut cases = Vec::new();
    for (name, record, path) in broken {
        cases.extend([broken_line(name, record, "syntax", path), broken_element(name, record)]);
    }
    cases.push(broken_line("cut", cut, "truncated_record", ""));
    cases.push(broken_line("cut in a string", r#"{"id":"x","amount":1,"currency":"N"#, "truncated_record", ""));
    cases.push(broken_line("cut in what is skipped", r#"{"id":"x","amount":1,"a":{"b":[1"#, "truncated_record", ""));
    cases.push(broken_line("a bracket alone", "{", "truncated_record", ""));
    cases.push(broken_line("a second value", r#"{"id":"x","amount":1}{"id":"y","amount":1}"#, "trailing_data", ""));
    cases.push(broken_line("a comma after", r#"{"id":"x","amount":1},"#, "trailing_data", ""));
    cases.push(broken_line("words after", r#"{"id":"x","amount":1} done"#, "trailing_data", ""));
    cases.push(broken_line("a word", "nonsense", "syntax", ""));
    cases.push(broken_line("a bracket too many", "]", "syntax", ""));
    run_all(cases);
}

#[test]
fn a_last_line_that_is_not_finished() {
    let whole = transaction("last", r#""note":"å\n""#);
    let first = transaction("a", "");
    let mut cut_files = Case::new("cut");
    let mut rows = Vec::new();
    for cut in 1..whole.len() {
        let text = [first.as_bytes(), b"\n", &whole.as_bytes()[..cut]].concat();
        // If a character is cut too, the invalid UTF-8 is the first defect.
        let reason = if std::str::from_utf8(&text).is_ok() { "truncated_record" } else { "invalid_utf8" };
        rows.push(format!("in/{cut:03},{},2,{cut},{reason},", first.len() + 1));
        cut_files = cut_files.file(format!("{cut:03}"), text);
    }
    let count = rows.len() as u64;
    let mut cases = vec![cut_files.rejects(&rows).counts([2 * count, 1, count - 1, 0, count])];
    cases.push(Case::of("whole without line feed", format!("{first}\n{whole}")).accepted(2));
    run_all(cases);
}

#[test]
fn texts_that_are_cut_or_go_on() {
    let (a, b) = (transaction("a", ""), transaction("b", ""));
    let array = format!("[{a},\n{b}]");
    let page = format!("{{\n\"transactions\":[{a},\n{b}\n],\n\"limit\":2}}");
    let mut cases = Vec::new();
    for (name, text) in [("array", &array), ("page", &page)] {
        for cut in [2, 20, a.len(), a.len() + 4, text.len() - 2, text.len() - 1] {
            let case = Case::of(format!("{name} cut at {cut}"), &text[..cut]);
            cases.push(case.refused("broken_text"));
        }
        cases.push(Case::of(format!("{name}, whole"), text).accepted(2));
        cases.push(Case::of(format!("{name}, words after"), format!("{text} end")).refused("trailing_data"));
        cases.push(Case::of(format!("{name}, a bracket after"), format!("{text}]")).refused("trailing_data"));
        cases.push(Case::of(format!("{name}, a comma after"), format!("{text},")).refused("trailing_data"));
        cases.push(Case::of(format!("{name}, zeros after"), format!("{text}\0\0")).refused("trailing_data"));
    }
    cases.push(Case::of("no comma", format!("[{a} {b}]")).refused("broken_text"));
    cases.push(Case::of("two commas", format!("[{a},,{b}]")).refused("broken_text"));
    cases.push(Case::of("a comma at the end", format!("[{a},]")).refused("broken_text"));
    cases.push(Case::of("a comma at the start", format!("[,{a}]")).refused("broken_text"));
    cases.push(Case::of("the wrong bracket", format!("[{a}}}")).refused("broken_text"));
    cases.push(Case::of("a colon", format!("[{a}:{b}]")).refused("broken_text"));
    cases.push(Case::of("two arrays", format!("[{a}]\n[{b}]")).accepted(2));
    cases.push(Case::of("a bad file beside a good one", array.trim_end_matches(']')).file("g", &b));
    let last = cases.pop().unwrap();
    cases.push(last.rejects(&["in/f,,,,broken_text,"]).counts([1, 1, 0, 0, 0]));
    run_all(cases);
}

#[test]
fn lists_that_stand_twice_or_are_null() {
    let a = transaction("a", "");
    let page = |text: String| text;
    let twice = page(format!("{{\"transactions\":[{a}],\"limit\":1,\n\"transactions\":[]}}"));
    let escaped = page(format!("{{\"transactions\":[{a}],\n\"tr\\u0061nsactions\":[]}}"));
    let then_null = page(format!("{{\"transactions\":[{a}],\n\"transactions\":null}}"));
    let null = "{\"transactions\":null,\n\"limit\":1}".to_owned();
    let captures = "{\"order_id\":\"o\",\n\"captures\":[],\"captures\":[]}".to_owned();
    let mut cases = Vec::new();
    let texts =
        [("twice", twice), ("escaped", escaped), ("then null", then_null), ("null", null), ("captures", captures)];
    for (name, text) in texts {
        cases.push(Case::of(format!("text: {name}"), &text).refused("broken_text"));
        let line = text.replace('\n', " ");
        let reason = if name == "null" { "null_field" } else { "duplicate_key" };
        let list = if name == "captures" { name } else { "transactions" };
        let lines = Frame::Lines.around(&[a.as_str(), line.as_str(), a.as_str()]);
        let rows = [row("in/f", lines.places[1], line.len(), reason, list)];
        cases.push(Case::of(format!("line: {name}"), lines.text).rejects(&rows).counts([3, 1, 1, 0, 1]));
    }
    run_all(cases);
}

#[test]
fn told_by_content() {
    let (a, b) = (transaction("a", ""), transaction("b", ""));
    let pretty = a.replace(',', ",\n  ").replace('{', "{\n").replace('}', "\n}");
    let long: String = (0..70).map(|n| format!("{{\"cut {n}\n")).collect();
    run_all(vec![
        Case::of("lines", format!("{a}\n{b}\n")).accepted(2),
        Case::of("lines without the last feed", format!("{a}\n{b}")).accepted(2),
        Case::of("CRLF", format!("{a}\r\n{b}\r\n")).accepted(2),
        Case::of("blank lines", format!("\n\n{a}\n \t \n\r\n{b}\n\n")).accepted(2),
        Case::of("byte-order mark, lines", format!("\u{feff}{a}\n{b}")).accepted(2),
        Case::of("byte-order mark, array", format!("\u{feff}[{a},{b}]")).accepted(2),
        Case::of("two byte-order marks", format!("\u{feff}\u{feff}{a}")).refused("not_an_export"),
        Case::of("one value, pretty", &pretty).accepted(1),
        Case::of("two values, pretty", format!("{pretty}\n{pretty}")).counts([2, 1, 1, 0, 0]),
        Case::of("pretty without space", format!("{pretty}{pretty}")).counts([2, 1, 1, 0, 0]),
        Case::of("values on a line", format!("{a} {b}\t{a}")).counts([3, 2, 1, 0, 0]),
        Case::of("array of arrays", format!("[[{a}],[[{b}]],[]]")).accepted(2),
        Case::of("lines of arrays", format!("{a}\n[{b},[{a}]]\n[]\n")).counts([3, 2, 1, 0, 0]),
        Case::of("lines of pages", format!("{a}\n{{\"transactions\":[{b}],\"total\":1}}\n{{\"items\":[]}}\n"))
            .accepted(2),
        Case::of("array of pages", format!("[{{\"transactions\":[{a}]}},{{\"limit\":1,\"transactions\":[{b}]}}]"))
            .accepted(2),
        Case::of("pages in a row", format!("{{\"transactions\":[{a}]}} {{\"transactions\":[{b}]}}")).accepted(2),
        Case::of("lines within an array", format!("[\n{a},\n{b}\n]\n")).accepted(2),
        Case::of("lines within a page", format!("{{\"transactions\": [\n{a},\n{b}\n]}}\n")).accepted(2),
        Case::of("the first line is broken", format!("{{\"cut\n{a}\n"))
            .rejects(&["in/f,0,1,5,truncated_record,"])
            .counts([2, 1, 0, 0, 1]),
        Case::of("the first 64 lines are broken", format!("{long}{a}\n")).refused("broken_text"),
        Case::of("a mark moves places", format!("\u{feff}{{\"id\":5,\"amount\":1}}\n{a}"))
            .rejects(&["in/f,3,1,19,wrong_type,id"])
            .counts([2, 1, 0, 0, 1]),
        Case::of("empty array", "[]").accepted(0),
        Case::of("empty page", r#"{"transactions":[],"limit":10}"#).accepted(0),
        Case::of("empty collections", r#"{"order_id":"o","captures":[]}"#).accepted(0),
        Case::of("arrays of nothing", "[[],[[]]]").accepted(0),
        Case::of("an order in an array line", format!("{a}\n[{}]\n", order("o"))).accepted(2).kinds([1, 1, 0, 0]),
    ]);
}
