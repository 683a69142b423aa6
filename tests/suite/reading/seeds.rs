//! Example documents from the API documentation, each read as the right kind.

use super::case::{Case, run_all};
use crate::support::{Desk, read};

fn seed(name: &str) -> String {
    read(format!("tests/seeds/{name}.json"))
}

#[test]
fn each_is_read_as_what_it_is() {
    let [cancellation, refunds, authorizations] = ["cancellation", "refunds", "authorizations"].map(seed);
    let (session, transaction) = (seed("session"), seed("transaction"));
    let order = |path: &str, text: &str| Case::new(path).file(path, text).accepted(1).kinds([0, 1, 0, 0]);
    run_all(vec![
        order("orders/A1/cancellations/bd04c959.json", &cancellation),
        order("export/orders/A1/cancellations/x", &cancellation),
        order("orders/A1/refunds.json", &refunds),
        order("orders/A1/authorizations.json", &authorizations),
        order("orders/A1/authorizations/page-1.json", &authorizations),
        Case::new("all of one order")
            .file("orders/A1/cancellations/1.json", &cancellation)
            .file("orders/A1/refunds.json", &refunds)
            .file("orders/A1/authorizations.json", &authorizations)
            .accepted(3)
            .kinds([0, 1, 0, 0]),
        Case::of("a cancellation without a path", &cancellation)
            .rejects(&[format!("in/f,0,,{},missing_order_id,", cancellation.trim_end().len())])
            .counts([1, 0, 0, 0, 1]),
        Case::of("refunds without a path", &refunds)
            .rejects(&[format!(
                "in/f,{},,{},missing_order_id,",
                refunds.find("  {").unwrap() + 2,
                refunds.rfind("  }").unwrap() - refunds.find("  {").unwrap() + 1
            )])
            .counts([1, 0, 0, 0, 1]),
        Case::new("session").file("s.json", &session).accepted(1).kinds([0, 0, 1, 0]),
        Case::new("transaction with its session").file("t.json", &transaction).accepted(1).kinds([1, 0, 1, 0]),
    ]);
}

#[test]
fn the_transaction_has_its_findings_and_no_others() {
    let desk = Desk::with("t.json", seed("transaction"));
    assert_eq!(desk.check(&["--balances-csv"]).code, Some(1));
    let columns = ["rule", "kind", "event", "line_id", "payout_destination_id", "expected", "actual", "delta_minor"];
    let found: Vec<String> =
        desk.rows("exceptions.csv").iter().map(|row| columns.map(|column| row[column].clone()).join("|")).collect();
    let shipping = "bring-pick-up-00001-location-0a1f6b";
    let wanted = [
        format!("AV302|transaction||{shipping}||39.00|297.00|25800"),
        format!("AV304|transaction||{shipping}|<string>|||"),
        "AV401|transaction||||PARTIALLY_CAPTURED|CAPTURED|-3900".to_owned(),
        "AV509|session||||||".to_owned(),
        "AV305|transaction|events[3]||||86.00|".to_owned(),
        "AV309|transaction||||||".to_owned(),
        "AV403|transaction|events[3]|||PARTIALLY_CAPTURED|CAPTURED|".to_owned(),
        "AV602|transaction||2||56.00|66.00|1000".to_owned(),
        "AV602|session||2||56.00|66.00|1000".to_owned(),
    ];
    assert_eq!(found, wanted);
    let balance = &desk.rows("balances.csv")[0];
    let sums =
        ["authorized_minor", "captured_minor", "released_minor", "open_minor"].map(|column| balance[column].clone());
    assert_eq!(sums, ["72200", "68300", "0", "3900"]);
}
