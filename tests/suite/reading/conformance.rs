//! RFC 8259 with `--strict`: what every parser must accept, what every parser must reject, and what
//! is implementation-defined. Each case is tried as a whole file and, if it is a value, as a member
//! of records in lines and in an array.

use std::collections::BTreeMap;

use super::sample::transaction;
use crate::support::{Desk, none_of};

/// Reasons about the JSON text, as opposed to its content.
const OF_TEXT: [&str; 9] = [
    "syntax",
    "invalid_utf8",
    "truncated_record",
    "trailing_data",
    "nesting_too_deep",
    "duplicate_key",
    "broken_text",
    "encoding",
    "empty_input",
];

/// Values that must be accepted.
const ACCEPT: &[&[u8]] = &[
    b"[]",
    b"[ ]",
    b"[\n]",
    b"\t[\r\n]\n",
    b"[[]   ]",
    b"[[[[]]]]",
    b"[\"\"]",
    b"[\"a\"]",
    b"[false]",
    b"[true]",
    b"[null]",
    b"[null, 1, \"1\", {}]",
    b"[1\n]",
    b" [1]",
    b"[1,null,null,null,2]",
    b"[2] ",
    b"[0]",
    b"[-0]",
    b"[-1]",
    b"[-123]",
    b"[123]",
    b"[1234567890123456789012345678901234567890]",
    b"[0.1]",
    b"[-0.0]",
    b"[123.456]",
    b"[123.000000000000000001]",
    b"[0e1]",
    b"[0e+1]",
    b"[0e-1]",
    b"[0E0]",
    b"[1e2]",
    b"[1E22]",
    b"[1e-2]",
    b"[1E+2]",
    b"[1.5e3]",
    b"[-1.5E-3]",
    b"[20e1]",
    b"[123e65]",
    b"[123.456e78]",
    b"[1e400]",
    b"[-1e-400]",
    b"[ 4]",
    b"[-0.000000000000000000000000000000000000000000000000000000000000000000000000000001]",
    b"{}",
    b"{ }",
    b"{\"a\":\"b\"}",
    b"{\"\":0}",
    b"{\"a\":[]}",
    b"{\"a\":\"b\",\"a\":\"c\"}",
    b"{\"a\":\"b\",\"a\":\"b\"}",
    b"{\n\"a\": \"b\"\n}",
    b"{\"a\\u0000b\": 1}",
    b"{\"min\": -1.0e+28, \"max\": 1.0e+28}",
    b"{\"a\":{\"b\":{\"c\":[{}]}}}",
    b"{\"\\u0070\": \"p\"}",
    b"{\"x\":[{\"id\": \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"}]}",
    b"[\"\\u0060\\u012a\\u12AB\"]",
    b"[\"\\ud801\\udc37\"]",
    b"[\"\\ud83d\\ude39\\ud83d\\udc8d\"]",
    b"[\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"]",
    b"[\"\\\\u0000\"]",
    b"[\"\\\"\"]",
    b"[\"a/*b*/c/*d//e\"]",
    b"[\"\\\\a\"]",
    b"[\"\\\\n\"]",
    b"[\"\\u0012\"]",
    b"[\"\\uFFFF\"]",
    b"[\"asd\"]",
    b"[ \"asd\"]",
    b"[\"\\uDBFF\\uDFFF\"]",
    b"[\"new\\u00A0line\"]",
    b"[\"\xf4\x8f\xbf\xbf\"]",
    b"[\"\xef\xbf\xbf\"]",
    b"[\"\\u0000\"]",
    b"[\"\\u002c\"]",
    b"[\"\xcf\x80\"]",
    b"[\"\xf0\x9b\xbf\xbf\"]",
    b"[\"asd \"]",
    b"[\"\\uD834\\uDd1e\"]",
    b"[\"\\u0821\"]",
    b"[\"\\u0123\"]",
    b"[\"\xe2\x80\xa8\"]",
    b"[\"\xe2\x80\xa9\"]",
    b"[\"\\u0061\\u30af\\u30EA\\u30b9\"]",
    b"[\"\x7f\"]",
    b"[\"a\x7fa\"]",
    b"[\"\\u005C\"]",
    b"[\"\\u0022\"]",
    b"[\"\\u200B\"]",
    b"[\"\\u2064\"]",
    b"[\"\\uFDD0\"]",
    b"[\"\\uFFFE\"]",
    b"[\"\xe2\x8d\x82\xe3\x88\xb4\xe2\x8d\x82\"]",
    b"[\"\\uA66D\"]",
    b"\"\"",
    b"\"asd\"",
    b"42",
    b"-0.1",
    b"null",
    b"false",
    b"true",
    b" true\n",
];

/// Texts that must be rejected.
const REJECT: &[&[u8]] = &[
    b"[1 true]",
    b"[a\xe5]",
    b"[\"\": 1]",
    b"[\"\"],",
    b"[,1]",
    b"[1,,2]",
    b"[\"x\",,]",
    b"[\"x\"]]",
    b"[\"\",]",
    b"[\"x\"",
    b"[x",
    b"[3[4]]",
    b"[\xff]",
    b"[1:2]",
    b"[,]",
    b"[-]",
    b"[   , \"\"]",
    b"[\"a\",\n4\n,1,",
    b"[1,]",
    b"[1,,]",
    b"[\"\x0ba\"\\f]",
    b"[*]",
    b"[\"\"",
    b"[1,",
    b"[1,\n1\n,1",
    b"[{}",
    b"[fals]",
    b"[nul]",
    b"[tru]",
    b"[True]",
    b"[NULL]",
    b"123\0",
    b"[++1234]",
    b"[+1]",
    b"[+Inf]",
    b"[-01]",
    b"[-1.0.]",
    b"[-2.]",
    b"[-NaN]",
    b"[.-1]",
    b"[.2e-3]",
    b"[0.1.2]",
    b"[0.3e+]",
    b"[0.3e]",
    b"[0.e1]",
    b"[0E+]",
    b"[0E]",
    b"[0e+]",
    b"[0e]",
    b"[1.0e+]",
    b"[1.0e-]",
    b"[1.0e]",
    b"[1 000.0]",
    b"[1eE2]",
    b"[2.e+3]",
    b"[2.e-3]",
    b"[2.e3]",
    b"[9.e+]",
    b"[Inf]",
    b"[NaN]",
    b"[\xef\xbc\x91]",
    b"[1+2]",
    b"[0x1]",
    b"[0x42]",
    b"[Infinity]",
    b"[0e+-1]",
    b"[-123.123foo]",
    b"[123\xe5]",
    b"[1e1\xe5]",
    b"[0\xe5]",
    b"[-Infinity]",
    b"[-foo]",
    b"[- 1]",
    b"[-012]",
    b"[-.123]",
    b"[-1x]",
    b"[1ea]",
    b"[1e\xe5]",
    b"[1.]",
    b"[.123]",
    b"[1.2a-3]",
    b"[1.8011670033376514H-308]",
    b"[012]",
    b"[\"x\", truth]",
    b"{[: \"x\"}\n",
    b"{\"x\", null}",
    b"{\"x\"::\"b\"}",
    b"{\xf0\x9f\x87\xa8\xf0\x9f\x87\xad}",
    b"{\"a\":\"a\" 123}",
    b"{key: 'value'}",
    b"{\"\xb9\":\"0\",}",
    b"{\"a\" b}",
    b"{:\"b\"}",
    b"{\"a\" \"b\"}",
    b"{\"a\":",
    b"{\"a\"",
    b"{1:1}",
    b"{9999E9999:1}",
    b"{null:null,null:null}",
    b"{\"id\":0,,,,,}",
    b"{'a':0}",
    b"{\"id\":0,}",
    b"{\"a\":\"b\"}/**/",
    b"{\"a\":\"b\"}/**//",
    b"{\"a\":\"b\"}//",
    b"{\"a\":\"b\"}/",
    b"{\"a\":\"b\",,\"c\":\"d\"}",
    b"{a: \"b\"}",
    b"{\"a\":\"a",
    b"{ \"foo\" : \"bar\", \"a\" }",
    b"{\"a\":\"b\"}#",
    b" ",
    b"",
    b"\xef\xbb\xbf",
    b"[\"\\uD800\\\"]",
    b"[\"\\uD800\\u\"]",
    b"[\"\\uD800\\u1\"]",
    b"[\"\\uD800\\u1x\"]",
    b"[\xc3\xa9]",
    b"[\"\\\0\"]",
    b"[\"\\x00\"]",
    b"[\"\\\\\\\"]",
    b"[\"\\\t\"]",
    b"[\"\\\xf0\x9f\x8c\x80\"]",
    b"[\"\\\"]",
    b"[\"\\u00A\"]",
    b"[\"\\uD834\\uDd\"]",
    b"[\"\\uD800\\uD800\\x\"]",
    b"[\"\\u\xe5\"]",
    b"[\"\\a\"]",
    b"[\"\\uqqqq\"]",
    b"[\"\\\xe5\"]",
    b"[\\u0020\"asd\"]",
    b"[\\n]",
    b"\"",
    b"['single quote']",
    b"abc",
    b"[\"\\",
    b"[\"a\0a\"]",
    b"[\"new\nline\"]",
    b"[\"\t\"]",
    b"\"\\UA66D\"",
    b"\"\"x",
    b"[\xe2\x81\xa0]",
    b"\xef\xbb{}",
    b"<.>",
    b"[<null>]",
    b"[1]x",
    b"[1]]",
    b"[\"asd]",
    b"a\xc3\xa5",
    b"{}}",
    b"{\"\":",
    b"{\"a\":/*comment*/\"b\"}",
    b"{\"a\": true} x",
    b"['",
    b"[,",
    b"[{",
    b"[\"a",
    b"[\"a\"",
    b"{",
    b"{]",
    b"{,",
    b"{[",
    b"{\"a",
    b"{'a'",
    b"[\"\\{[\"\\{[\"\\{[\"\\{",
    b"\xe9",
    b"*",
    b"{\"a\":\"b\"}#{}",
    b"[\\u000A\"\"]",
    b"[1",
    b"[ false, nul",
    b"[ true, fals",
    b"[ false, tru",
    b"{\"asd\":\"asd\"",
    b"\xc3\xa5",
    b"[\x0c]",
    b"[\0]",
    b"2@",
    b"{}#",
    b"[",
    b"]",
    b"\x0c[]",
    b"[]\x0b",
    b"[\"\x1f\"]",
    b"[\"\x00\"]",
    b"\xa0[]",
    b"nul",
    b"truefalse",
    b"[\"\xed\xa0\x80\"]",
    b"[\"\xff\"]",
    b"[\"\xc0\xaf\"]",
    b"[\"\xe0\xff\"]",
    b"[\"\xf8\x88\x80\x80\x80\"]",
    b"[\"\xf4\xbf\xbf\xbf\"]",
];

/// The reject reasons and their sentences, by the number of the text.
fn reasons(texts: &[Vec<u8>]) -> BTreeMap<usize, Vec<(String, String)>> {
    let desk = Desk::new();
    for (number, text) in texts.iter().enumerate() {
        desk.put(&format!("{number:04}"), text);
    }
    let ended = desk.check(&["--strict", "--quiet", "--fail-on", "never"]);
    assert!(matches!(ended.code, Some(0 | 3)), "{ended:?}");
    let mut reasons: BTreeMap<usize, Vec<(String, String)>> = BTreeMap::new();
    for row in desk.rows("rejects.csv") {
        let number = row["source"].strip_prefix("in/").unwrap().parse().unwrap();
        reasons.entry(number).or_default().push((row["reason_code"].clone(), row["reason"].clone()));
    }
    reasons
}

/// Whether a reason says that the text is not JSON.
fn is_of_text((code, sentence): &(String, String)) -> bool {
    OF_TEXT.contains(&code.as_str()) || (code == "not_an_export" && !sentence.contains("JSON value"))
}

fn shown(text: &[u8]) -> String {
    text.iter().take(60).map(|byte| byte.escape_ascii().to_string()).collect()
}

/// Texts that are wrongly accepted or wrongly rejected.
fn judged(texts: &[Vec<u8>], is_json: bool) -> Vec<String> {
    let reasons = reasons(texts);
    let mut complaints = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        let found = reasons.get(&number).map_or(&[][..], Vec::as_slice);
        if found.iter().any(is_of_text) == is_json {
            let words = if is_json { "is refused" } else { "is taken" };
            complaints.push(format!("{} {words}: {found:?}", shown(text)));
        }
    }
    complaints
}

fn texts(cases: &[&[u8]]) -> Vec<Vec<u8>> {
    cases.iter().map(|case| case.to_vec()).collect()
}

/// A transaction with the value as a member that no rule reads.
fn around(value: &[u8]) -> Vec<u8> {
    let record = transaction("x", r#""note":@"#);
    let (before, after) = record.split_once('@').unwrap();
    [before.as_bytes(), value, after.as_bytes()].concat()
}

/// That transaction as a line, and in an array.
fn records(value: &[u8]) -> Vec<Vec<u8>> {
    let line = [around(value).as_slice(), b"\n"].concat();
    let array = [b"[", around(value).as_slice(), b"]"].concat();
    vec![line, array]
}

#[test]
fn what_must_be_accepted() {
    assert!(ACCEPT.len() >= 95, "{}", ACCEPT.len());
    none_of(&judged(&texts(ACCEPT), true));
    // As members; a value with line ends only in an array.
    let values: Vec<Vec<u8>> = ACCEPT
        .iter()
        .flat_map(|value| {
            records(value).into_iter().skip(usize::from(value.contains(&b'\n') || value.contains(&b'\r')))
        })
        .collect();
    none_of(&judged(&values, true));
}

#[test]
fn what_must_be_rejected() {
    assert!(REJECT.len() >= 188, "{}", REJECT.len());
    none_of(&judged(&texts(REJECT), false));
    // Unterminated and empty texts are skipped: the surrounding record could complete them.
    let values: Vec<Vec<u8>> = REJECT
        .iter()
        .filter(|text| !text.trim_ascii().is_empty() && !text.contains(&b'\n') && is_one_piece(text))
        .flat_map(|value| records(value))
        .collect();
    assert!(values.len() > 200, "{}", values.len());
    none_of(&judged(&values, false));
}

/// Whether all brackets and quotes are closed, so that the text ends where its record does.
fn is_one_piece(text: &[u8]) -> bool {
    let (mut depth, mut in_string, mut escaped) = (0, false, false);
    for byte in text {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth -= 1,
            b',' | b':' if !in_string && depth == 0 => return false,
            _ => {}
        }
    }
    depth == 0 && !in_string
}

#[test]
fn what_is_deep_or_long() {
    let nested =
        |open: &str, close: &str, levels: usize| [open.repeat(levels), close.repeat(levels)].concat().into_bytes();
    none_of(&judged(
        &[
            nested("[", "]", 128),
            nested("{\"a\":[", "]}", 60),
            format!("[\"{}\"]", "x".repeat(1 << 20)).into_bytes(),
            format!("[{}1]", " ".repeat(1 << 20)).into_bytes(),
            format!("[{}]", "0.5,".repeat(100_000) + "1").into_bytes(),
            format!("{{\"{}\":1}}", "k".repeat(100_000)).into_bytes(),
        ],
        true,
    ));
    none_of(&judged(
        &[
            "[".repeat(100_000).into_bytes(),
            "[{\"\":".repeat(50_000).into_bytes(),
            nested("[", "]", 500),
            nested("{\"a\":", "}", 100_000),
            format!("[{}", "1,".repeat(100_000)).into_bytes(),
        ],
        false,
    ));
}

/// Implementation-defined cases and the choice made; docs/TRUST.md has the list.
#[test]
fn what_is_free() {
    let taken: &[&[u8]] = &[
        // Numbers of any size; only amounts have a range.
        b"[123e1000]",
        b"[-123123e100000]",
        b"[0.4e00669999999999999999999999999999999999999999999999999]",
        b"[1e-10000]",
        b"[100000000000000000000]",
        b"[-123123123123123123123123123123]",
        // Lone surrogates in a text that no rule reads.
        b"{\"note\":\"\\uDFAA\"}",
        b"{\"note\":\"\\uD888\\u1234\"}",
        b"{\"note\":\"\\uDd1e\\uD834\"}",
        b"{\"note\":\"\\ud800abc\"}",
        // One byte-order mark at the start.
        b"\xef\xbb\xbf{}",
        b"\xef\xbb\xbf[]",
        // Several values in one file.
        b"[][]",
        b"{}\n{}\n",
        b"{} []",
    ];
    let refused: &[&[u8]] = &[
        // Other encodings, and bytes that are not UTF-8, anywhere.
        b"[\"\xe6\x97\xa5\xd1\x88\xfa\"]",
        b"[\"\x81\"]",
        b"[\"\xe9\"]",
        b"[\"\xfc\x83\xbf\xbf\xbf\xbf\"]",
        b"[\"\xfc\x80\x80\x80\x80\x80\"]",
        b"\xff\xfe[\0\"\0\xe9\0\"\0]\0",
        b"\0[\0\"\0\xe9\0\"\0]",
        b"[\0\"\0\xe9\0\"\0]\0",
        b"[\"\xe0\x80\x80\"]",
        b"[\"\xed\xbf\xbf\"]",
    ];
    none_of(&judged(&texts(taken), true));
    none_of(&judged(&texts(refused), false));
    let deep = [b"[".repeat(500), b"]".repeat(500)].concat();
    none_of(&judged(&[deep], false));
}
