use serde_json::Value;

use super::*;

const SEED: &str = include_str!("../seed_004.json");

#[test]
fn the_worked_example_has_these_findings_and_no_others() {
    let value: Value = serde_json::from_str(SEED).expect("the example is JSON");
    let output = run(&[value]);
    let found: Vec<String> = output
        .findings
        .iter()
        .map(|finding| {
            let column = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
            format!(
                "{} {} {} {} {} {} {}",
                finding.rule,
                finding.kind,
                column(&finding.event),
                column(&finding.line_id),
                column(&finding.payout_destination_id),
                column(&finding.expected),
                column(&finding.actual),
            )
        })
        .collect();
    let shipping = "bring-pick-up-00001-location-0a1f6b";
    assert_eq!(
        found,
        [
            format!("AV302 transaction - {shipping} - 3900 29700"),
            format!("AV304 transaction - {shipping} <string> - -"),
            "AV401 transaction - - - PARTIALLY_CAPTURED CAPTURED".to_owned(),
            "AV509 session - - - - -".to_owned(),
            "AV305 transaction events[3] - - - 8600".to_owned(),
            "AV309 transaction - - - - -".to_owned(),
            "AV403 transaction events[3] - - PARTIALLY_CAPTURED CAPTURED".to_owned(),
            "AV602 transaction - 2 - 5600 6600".to_owned(),
            "AV602 session - 2 - 5600 6600".to_owned(),
        ]
    );
    let status = &of(&output, "AV401")[0];
    assert_eq!(status.expected_minor, Some(72200));
    assert_eq!(status.actual_minor, Some(68300));
    assert_eq!(output.as_of.as_deref(), Some("2023-11-07T05:31:56Z"));
    let [balance] = &output.balances[..] else {
        panic!("one ledger");
    };
    let proof = (balance.authorized, balance.captured, balance.released, balance.open);
    assert_eq!(proof, (72200, 68300, 0, 3900));
    assert_eq!(balance.lines, 72200);
    assert_eq!(balance.split_captured, 59700);
}
