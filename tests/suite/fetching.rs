//! `samples/fetch.sh` against a server of the test's own, which pages, refuses and repeats as the API may.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::{Desk, lacks, root};

const SECRET: &str = r#"sec"ret\1"#;
const BASIC: &str = "Basic Y2xpZW50OnNlYyJyZXRcMQ==";

/// What the server does besides answering.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mood {
    Fine,
    /// Every page of transactions is the first one.
    Circle,
    /// Every request for sessions fails.
    Broken,
    /// The body of a page ends before its announced length.
    Cut,
    /// Another settlement report than its lines: the envelope with a link to elsewhere.
    Elsewhere,
}

struct Server {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(mood: Mood) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (own, seen) = (address.clone(), Arc::clone(&asked));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                serve(stream.unwrap(), mood, &own, &seen);
            }
        });
        Server { address, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Fetches October into `in/export` of the desk.
    fn fetch(&self, desk: &Desk, lists: &[&str]) -> Output {
        let mut script = Command::new(root().join("samples/fetch.sh"));
        script.args(["2026-10-01", "2026-10-31", "in/export"]).args(lists).current_dir(desk.path());
        script.env("DINTERO_API", format!("{}/v1", self.address));
        script.env("DINTERO_CHECKOUT", format!("{}/v1", self.address));
        script.env("DINTERO_ACCOUNT", "P12345678").env("DINTERO_CLIENT_ID", "client");
        script.env("DINTERO_CLIENT_SECRET", SECRET).env("FETCH_WAIT", "0").env("FETCH_TRIES", "3");
        script.stdin(Stdio::null()).output().unwrap()
    }
}

/// Answers one request; the connection is closed after it.
fn serve(stream: TcpStream, mood: Mood, own: &str, asked: &Mutex<Vec<String>>) {
    let mut reader = BufReader::new(&stream);
    let (mut head, mut line) = (Vec::new(), String::new());
    while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
        head.push(std::mem::take(&mut line).trim_end().to_owned());
    }
    let Some(request) = head.first() else { return };
    let target = request.split(' ').nth(1).unwrap().to_owned();
    let header = |name: &str| {
        let named = head[1..].iter().filter_map(|line| line.split_once(": "));
        named.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned())
    };
    let length = header("content-length").map_or(0, |length| length.parse().unwrap());
    let mut sent = vec![0; length];
    reader.read_exact(&mut sent).unwrap();
    let before = {
        let mut asked = asked.lock().unwrap();
        asked.push(target.clone());
        asked.iter().filter(|earlier| **earlier == target).count()
    };
    let authorization = header("authorization").unwrap_or_default();
    let is_signed = target.starts_with("/files/");
    let expected = if target.ends_with("/auth/token") { BASIC } else { "Bearer token-1" };
    let (status, body) = match authorization.as_str() {
        given if is_signed && given.is_empty() => answer(mood, own, &target, before),
        given if !is_signed && given == expected => answer(mood, own, &target, before),
        _ => ("401 Unauthorized", json!({"error": "no"})),
    };
    let body = body.to_string();
    let missing = if mood == Mood::Cut && target.contains("/transactions?") { 10 } else { 0 };
    let after = if status.starts_with("429") { "Retry-After: 1\r\n" } else { "" };
    let length = body.len() + missing;
    let head = format!("HTTP/1.1 {status}\r\n{after}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
}

/// The answer to a request that was made `times` times.
fn answer(mood: Mood, own: &str, target: &str, times: usize) -> (&'static str, Value) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let given = |name: &str| query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    let parts: Vec<&str> = path.split('/').skip(2).collect();
    let body = match parts.as_slice() {
        ["accounts", "P12345678", "auth", "token"] => json!({"access_token": "token-1", "expires_in": 14400}),
        ["transactions"] => {
            assert_eq!(given("created_at.gte"), Some("2026-10-01T00:00:00Z"));
            assert_eq!(given("created_at.lte"), Some("2026-10-31T23:59:59.999Z"));
            let after = given("starting_after").filter(|_| mood != Mood::Circle);
            if after.is_some() && times == 1 && after == Some("P12345678.t99") {
                return ("429 Too Many Requests", json!({}));
            }
            json!(page((0..205).map(transaction).collect(), after, given("limit").unwrap()))
        }
        ["sessions"] if mood == Mood::Broken || (times == 1 && given("starting_after").is_none()) => {
            return ("500 Internal Server Error", json!({"error": {"message": "P12345678.t1"}}));
        }
        ["sessions"] => json!(page(vec![session()], given("starting_after"), "100")),
        ["accounts", _, "shopping", "orders"] => {
            json!({"orders": page(vec![order("A 1"), order("A2")], given("starting_after"), "1")})
        }
        ["accounts", _, "shopping", "orders", id, collection] => json!({*collection: operations(id, collection)}),
        ["accounts", _, "settlements"] => settlements(given("starting_after_id"), given("starting_after_date")),
        ["accounts", _, "settlements", id, "attachments", _] => {
            let from = if mood == Mood::Elsewhere { "ftp://127.0.0.1" } else { own };
            json!({"url": format!("{from}/files/{id}?signature=1")})
        }
        [id] => report(id),
        _ => return ("404 Not Found", json!({})),
    };
    ("200 OK", body)
}

/// The records after the one with an id.
fn page(records: Vec<Value>, after: Option<&str>, limit: &str) -> Vec<Value> {
    let name = |record: &Value| record.get("order_id").unwrap_or(&record["id"]).as_str().unwrap().replace(' ', "%20");
    let from = after.map_or(0, |after| records.iter().position(|record| name(record) == after).unwrap() + 1);
    records[from..].iter().take(limit.parse().unwrap()).cloned().collect()
}

/// The first one is paid and settled, the others are only begun.
fn transaction(number: usize) -> Value {
    let id = format!("P12345678.t{number}");
    let created = "2026-10-02T10:00:00Z";
    if number > 0 {
        return json!({"id": id, "amount": 0, "currency": "NOK", "status": "INITIATED", "events": [], "created_at": created});
    }
    json!({"id": id, "amount": 10000, "currency": "NOK", "status": "CAPTURED", "merchant_reference": "A 1",
        "session_id": "P12345678.s1", "created_at": created, "payment_product_type": "bambora.creditcard",
        "items": [{"line_id": "1", "amount": 10000}], "events": [
        {"id": "e1", "event": "AUTHORIZE", "amount": 10000, "success": true, "transaction_status": "AUTHORIZED",
            "created_at": "2026-10-02T10:01:00Z"},
        {"id": "e2", "event": "CAPTURE", "amount": 10000, "success": true, "transaction_status": "CAPTURED",
            "created_at": "2026-10-03T10:00:00Z", "items": [{"line_id": "1", "amount": 10000}]}]})
}

fn session() -> Value {
    json!({"id": "P12345678.s1", "transaction_id": "P12345678.t0", "created_at": "2026-10-02T09:59:00Z",
        "order": {"amount": 10000, "currency": "NOK", "items": [{"line_id": "1", "amount": 10000}]}})
}

fn order(id: &str) -> Value {
    json!({"order_id": id, "id": format!("uuid of {id}"), "currency": "NOK", "status": "processing",
        "payment_status": if id == "A 1" { "paid" } else { "pending" }, "created_at": "2026-10-02T09:58:00Z",
        "gross_amount": 10000, "items": [{"line_id": 1, "gross_amount": 10000}]})
}

fn operations(id: &str, collection: &str) -> Value {
    if id != "A%201" || !["authorizations", "captures"].contains(&collection) {
        return json!([]);
    }
    json!([{"id": format!("{collection}-1"), "amount": 10000, "success": true, "processed_at": "2026-10-03T10:00:00Z",
        "payment_details": {"payment_id": "P12345678.t0"}, "items": [{"line_id": 1, "amount": 10000}]}])
}

/// Two settlements, a page each; the second has no report in JSON.
fn settlements(after: Option<&str>, date: Option<&str>) -> Value {
    let item = |id: &str, extension: &str, amount: i64| {
        json!({"id": id, "created_at": "2026-10-10T04:00:00Z", "settled_at": "2026-10-10T04:00:00Z",
            "attachments": [{"id": "pdf-1", "extension": "pdf"}, {"id": "file-1", "extension": extension}],
            "amounts": [{"currency": "NOK", "amount": amount, "capture": amount + 100, "refund": 0, "fee": 100}]})
    };
    let key = |id: &str| json!({"id": id, "account_id": "P12345678", "settled_at": "2026-10-10T04:00:00+00:00"});
    match (after, date) {
        (None, None) => json!({"items": [item("5e", "json", 9900)], "last_evaluated_key": key("5e")}),
        (Some("5e"), Some("2026-10-10T04%3A00%3A00%2B00%3A00")) => {
            json!({"items": [item("5f", "csv", 0)], "last_evaluated_key": key("5f")})
        }
        (Some("5f"), Some(_)) => json!({"items": []}),
        other => panic!("the two keys belong together: {other:?}"),
    }
}

fn report(id: &str) -> Value {
    json!({"dintero_settlement_id": id, "currency": "NOK", "settlement_date": "2026-10-10", "amount": 9900,
        "capture": 10000, "refund": 0, "fee": 100, "transactions": [{"transaction_id": "P12345678.t0",
        "reference": "A 1", "capture": 10000, "refund": 0, "fee": 100, "net_amount": 9900}]})
}

const TOOLS: [&str; 3] = ["bash", "curl", "jq"];

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[test]
fn a_fetched_export_is_complete_and_balances() {
    if lacks(&TOOLS).is_some() {
        return;
    }
    let (desk, server) = (Desk::new(), Server::start(Mood::Fine));
    let fetched = server.fetch(&desk, &[]);
    let (out, err) = (text(&fetched.stdout), text(&fetched.stderr));
    assert_eq!(fetched.status.code(), Some(0), "{out}{err}");
    assert_eq!(
        out,
        "transactions      205 in 3 pages\norders              2 in 2 pages\noperations          2 orders\n\
         sessions            1 in 1 pages\nsettlements         2 in 2 pages\nreports             1\n"
    );
    assert_eq!(err, "fetch.sh: settlement 5f has no report in JSON\n");
    let pages = server.asked().into_iter().filter(|target| target.starts_with("/v1/transactions")).count();
    assert_eq!(pages, 5, "three pages, an empty one, and one that was asked for again");
    let hidden = std::fs::read_dir(desk.inputs()).unwrap().count();
    assert_eq!(hidden, 1, "only the export is left");

    let checked = desk.check(&["--frames"]);
    assert_eq!((checked.code, checked.err.as_str()), (Some(0), ""), "{}", checked.out);
    let summary = desk.json("summary.json");
    // 205 transactions, 2 orders, 2 operations, a session, 2 headers of settlements, a report; it supersedes its header.
    let counts = ["records", "accepted", "superseded"].map(|count| summary["input"][count].as_u64());
    assert_eq!(counts, [Some(213), Some(212), Some(1)], "{summary}");
    assert_eq!(summary["totals"]["NOK"]["captured_minor"], 10000, "{summary}");
    let shown = desk.avstem(&["show", "A 1", "in"]);
    assert!(shown.out.contains("linked to transaction P12345678.t0"), "{}", shown.out);
    assert!(shown.out.contains("in/export/orders/A 1/captures.json"), "{}", shown.out);
}

/// A fetch that fails leaves nothing, and says why in one line without a secret.
fn fails(mood: Mood, lists: &[&str], why: &str) {
    if lacks(&TOOLS).is_some() {
        return;
    }
    let (desk, server) = (Desk::new(), Server::start(mood));
    let fetched = server.fetch(&desk, lists);
    let (out, err) = (text(&fetched.stdout), text(&fetched.stderr));
    assert_eq!(fetched.status.code(), Some(1), "{out}{err}");
    assert_eq!(err.replace(&server.address, ""), format!("fetch.sh: {why}\n"));
    assert!(!out.contains("token-1") && !out.contains("ret\\1"), "{out}");
    assert_eq!(std::fs::read_dir(desk.inputs()).unwrap().count(), 0, "something is left");
}

#[test]
fn a_page_that_leads_back_ends_the_fetch() {
    fails(Mood::Circle, &["transactions"], "transactions: page 2 leads back to an earlier page");
}

#[test]
fn a_server_that_stays_broken_ends_the_fetch() {
    fails(Mood::Broken, &[], "/v1/sessions: 500, 3 attempts");
}

#[test]
fn a_page_that_is_cut_ends_the_fetch() {
    fails(Mood::Cut, &[], "/v1/transactions: no whole answer, 3 attempts");
}

#[test]
fn a_report_from_elsewhere_is_not_fetched() {
    fails(Mood::Elsewhere, &["settlements"], "the report of 5e has a link that is not http");
}

#[test]
fn a_folder_that_exists_is_not_touched() {
    let desk = Desk::with("export/mine.txt", "mine");
    let fetched = Server::start(Mood::Fine).fetch(&desk, &[]);
    assert_eq!(fetched.status.code(), Some(2));
    assert!(text(&fetched.stderr).starts_with("fetch.sh: in/export exists already\nusage:"));
}
