//! Depth and size limits: the largest accepted value, and the smallest rejected one.

use super::case::{Case, run_all};
use super::sample::{Frame, operation, row, transaction};

/// A transaction nested `levels` deep at a member, which counts as the first level.
fn deep(member: &str, levels: usize) -> String {
    let inner = format!("{}{}", "[".repeat(levels - 1), "]".repeat(levels - 1));
    transaction("deep", &format!(r#""{member}":{inner}"#))
}

/// The same with nested objects.
fn deep_objects(levels: usize) -> String {
    let inner = format!("{}1{}", "{\"a\":".repeat(levels - 1), "}".repeat(levels - 1));
    transaction("deep", &format!(r#""metadata":{inner}"#))
}

#[test]
fn nesting() {
    let good = transaction("good", "");
    let mut cases = Vec::new();
    for frame in Frame::ALL {
        for text in [deep("metadata", 128), deep_objects(128)] {
            let framed = frame.around(&[&good, &text]);
            cases.push(Case::of(format!("128 in {frame:?}"), &framed.text).accepted(2));
            cases.push(Case::of(format!("128 in {frame:?}, strict"), &framed.text).flags(&["--strict"]).accepted(2));
        }
        let too_deep = [
            (deep("metadata", 129), ""),
            (deep_objects(129), ""),
            (deep("metadata", 1_000_000), ""),
            (deep("items", 129), "items[0]"),
        ];
        for (text, path) in too_deep {
            let framed = frame.around(&[&good, &text, &good]);
            let reason = if path.is_empty() { "nesting_too_deep" } else { "wrong_type" };
            let rows = [row("in/f", framed.places[1], text.len(), reason, path)];
            let case = Case::of(format!("{} bytes too deep in {frame:?}", text.len()), &framed.text);
            cases.push(case.rejects(&rows).counts([3, 1, 1, 0, 1]));
        }
    }
    run_all(cases);
}

#[test]
fn a_million_brackets() {
    let good = transaction("good", "");
    let million = format!("{}{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
    let framed = Frame::Lines.around(&[good.as_str(), million.as_str(), good.as_str()]);
    let open = "[".repeat(1_000_000);
    let cut = Frame::Lines.around(&[good.as_str(), open.as_str(), good.as_str()]);
    run_all(vec![
        Case::of("as a text", &million).refused("broken_text"),
        Case::of("as a text that is cut", &open).refused("broken_text"),
        // Nested arrays are taken apart down to the last level: the reject is the array below it.
        Case::of("as a line", &framed.text)
            .rejects(&[format!("in/f,{},2,{},nesting_too_deep,", framed.places[1].0 + 128, million.len() - 256)])
            .counts([3, 1, 1, 0, 1]),
        Case::of("as a line that is cut", &cut.text)
            .rejects(&[row("in/f", cut.places[1], open.len(), "nesting_too_deep", "")])
            .counts([3, 1, 1, 0, 1]),
        Case::of("one deep record in arrays", format!("{good}\n[[{}],{}]\n", deep("x", 129), transaction("b", "")))
            .rejects(&[format!("in/f,{},2,{},nesting_too_deep,", good.len() + 3, deep("x", 129).len())])
            .counts([3, 2, 0, 0, 1]),
        Case::of("pages in pages", format!("{}{}", "{\"items\":[".repeat(1000), "]}".repeat(1000)))
            .rejects(&["in/f,1280,1,10464,nesting_too_deep,"])
            .counts([1, 0, 0, 0, 1]),
        Case::of("drafts in drafts", format!("{}5{}", "{\"draft_orders\":[{\"order\":".repeat(300), "}]}".repeat(300)))
            .rejects(&["in/f,3328,1,4989,nesting_too_deep,"])
            .counts([1, 0, 0, 0, 1]),
        Case::of("objects as a text", "{\"a\":".repeat(300_000)).refused("broken_text"),
        Case::of("arrays to the last level", format!("{}{good}{}", "[".repeat(127), "]".repeat(127))).accepted(1),
    ]);
}

fn sized(id: &str, size: usize) -> String {
    let bare = transaction(id, r#""x":"""#).len();
    transaction(id, &format!(r#""x":"{}""#, "y".repeat(size - bare)))
}

#[test]
fn the_largest_record() {
    let good = transaction("good", "");
    let limit = ["--max-record", "1000"];
    let mut cases = Vec::new();
    for frame in Frame::ALL {
        let fine = frame.around(&[good.as_str(), &sized("a", 1000)]);
        cases.push(Case::of(format!("largest in {frame:?}"), &fine.text).flags(&limit).accepted(2));
        // One byte above the limit, longer than a block, and last in the file.
        for size in [1001, 300_000, 2_000_000] {
            let large = sized("a", size);
            let framed = frame.around(&[good.as_str(), &large, &good, &large]);
            let rows = [1, 3].map(|n| row("in/f", framed.places[n], size, "record_too_large", ""));
            let case = Case::of(format!("{size} in {frame:?}"), &framed.text).flags(&limit);
            cases.push(case.rejects(&rows).counts([4, 1, 1, 0, 2]));
        }
    }
    let alone = sized("a", 300_000);
    let row = [format!("in/f,0,,{},record_too_large,", alone.len())];
    cases.push(
        Case::of("alone, pretty", alone.replace(",\"events\"", "\n\"events\"").replace("NOK\"\n", "NOK\","))
            .flags(&limit)
            .rejects(&row)
            .counts([1, 0, 0, 0, 1]),
    );
    run_all(cases);
}

#[test]
fn lists_may_be_larger_than_a_record() {
    let records: Vec<String> = (0..2000).map(|n| sized(&format!("t{n}"), 500)).collect();
    let operations: Vec<String> = (0..4000).map(|n| operation(&format!("c{n}"))).collect();
    let (list, operations) = (records.join(","), operations.join(", "));
    let good = transaction("good", "");
    let limit = ["--max-record", "1K"];
    let mut cases = Vec::new();
    let texts = [
        ("array", format!("[\n{list}\n]"), 2000),
        ("page", format!("{{\n\"limit\":5,\"transactions\":[{list}],\"total\":2000}}"), 2000),
        ("items", format!("{{\n\"items\":[{list}]}}"), 2000),
        ("array of pages", format!("[{{\"orders\":[{list}]}},{{\"sessions\":[]}}]"), 2000),
        ("operations", format!("{{\n\"order_id\":\"o\",\"captures\":[{operations}]}}"), 4000),
        ("operations before their order", format!("[{{\"captures\":[{operations}],\"order_id\":\"o\"}}]"), 4000),
        ("drafts", format!("{{\"draft_orders\":[\n{{\"order\":{}}}]}}", records.join("},\n{\"order\":")), 2000),
    ];
    for (name, text, count) in texts {
        cases.push(Case::of(format!("{name}, a text"), &text).flags(&limit).accepted(count));
        // A line is one record whatever it holds, and subject to the size limit.
        let line = text.replace('\n', "");
        let row = format!("in/f,{},2,{},record_too_large,", good.len() + 1, line.len());
        let case = Case::of(format!("{name}, a line"), format!("{good}\n{line}\n{good}\n")).flags(&limit);
        cases.push(case.rejects(&[row]).counts([3, 1, 1, 0, 1]));
    }
    let page = format!("{{\n\"transactions\":[{list}],\"transactions\":[]}}");
    cases.push(Case::of("a large page with its list twice", page).flags(&limit).refused("broken_text"));
    let report = format!("[{{\"dintero_settlement_id\":\"u\",\"transactions\":[{list}]}},{good}]");
    let row = format!("in/f,1,,{},record_too_large,", report.len() - good.len() - 3);
    cases.push(Case::of("a report is a record", report).flags(&limit).rejects(&[row]).counts([2, 1, 0, 0, 1]));
    for scalar in ["7".repeat(600_000), format!("\"{}\"", "x".repeat(600_000))] {
        let text = format!("[{good},{scalar},{good}]");
        let row = format!("in/f,{},,{},record_too_large,", good.len() + 2, scalar.len());
        cases.push(Case::of("a value that is no record", text).flags(&limit).rejects(&[row]).counts([3, 1, 1, 0, 1]));
    }
    // Words and numbers that straddle block boundaries.
    let words = "true, -1.5e3,".repeat(200_000);
    let count = 400_001;
    let case = Case::of("words across borders", format!("[{words} {good}]")).flags(&["--max-rejects", "400000"]);
    cases.push(case.counts([count, 1, 0, 0, count - 1]).any_rejects());
    run_all(cases);
}

#[test]
fn places_far_into_a_file() {
    let good: String = (0..3000).map(|n| sized(&format!("t{n}"), 400) + "\n").collect();
    let bad = r#"{"id":5,"amount":1}"#;
    let text = format!("{good}\n\n {bad} \r\n{good}{bad}");
    let (first, last) = (good.len() + 3, text.len() - bad.len());
    let rows = [format!("in/f,{first},3003,19,wrong_type,id"), format!("in/f,{last},6004,19,wrong_type,id")];
    run_all(vec![Case::of("far", text).rejects(&rows).counts([6002, 3000, 3000, 0, 2])]);
}
