//! `avstem accept`: what it appends, what it refuses, and the effect on the next run.

use crate::accepting::OVER;
use crate::support::{Desk, Ended};

const SAY: [&str; 6] = ["--reason", "the \"courier\"", "--owner", "finance", "--expires", "2026-12-31"];

fn desk(configuration: Option<&str>) -> (Desk, String) {
    let desk = Desk::with("over.json", OVER);
    if let Some(text) = configuration {
        std::fs::write(desk.path().join("avstem.toml"), text).unwrap();
    }
    desk.check(&["--quiet"]);
    let id = desk.rows("exceptions.csv")[0]["exception_id"].clone();
    (desk, id)
}

fn accept(desk: &Desk, id: &str, more: &[&str]) -> Ended {
    desk.avstem(&[&["accept", "run", id], &SAY[..], more].concat())
}

fn configuration(desk: &Desk) -> String {
    std::fs::read_to_string(desk.path().join("avstem.toml")).unwrap()
}

#[test]
fn what_stands_in_the_file_stays_byte_for_byte() {
    for before in [
        "",
        "# ours\r\nmax_rejects = 0 # none\r\n",
        "[rules]\nAV309 = \"off\"",
        "[[accept]]\nexception = \"0123456789abcdef\"\nreason = \"x\"\nowner = \"y\"\nexpires = 2027-01-01\nmax_amount = 1\n\n",
    ] {
        let (desk, id) = desk(Some(before));
        let ended = accept(&desk, &id, &[]);
        assert_eq!((ended.code, ended.err.as_str()), (Some(0), ""), "{before:?}");
        let after = configuration(&desk);
        assert!(after.starts_with(before) && after.len() > before.len(), "{after}");
        assert_eq!(after.matches("\r\n").count() == after.matches('\n').count(), before.contains('\r'), "{after:?}");
        assert_eq!(desk.check(&["--quiet"]).code, Some(0), "{after}");
        assert_eq!(desk.rows("exceptions.csv")[0]["accepted"], "true");
        let rows = desk.rows("acceptances.csv");
        let row = rows.last().unwrap();
        assert_eq!(
            (row["state"].as_str(), row["owner"].as_str(), row["reason"].as_str()),
            ("holds", "finance", "the \"courier\"")
        );
        assert_eq!(accept(&desk, &id, &[]).code, Some(2), "accepted already");
        assert_eq!(configuration(&desk), after);
    }
}

#[test]
fn a_file_that_is_not_there_is_made() {
    let (desk, id) = desk(None);
    assert_eq!(accept(&desk, &id, &[]).code, Some(0));
    assert_eq!(desk.check(&["--quiet"]).code, Some(0));
}

#[test]
fn what_cannot_be_accepted_leaves_the_file_alone() {
    let before = "accept = []\n";
    let (desk, id) = desk(Some(before));
    // An inline array cannot be extended.
    for id in [id.as_str(), "0123456789abcdef"] {
        assert_eq!(accept(&desk, id, &[]).code, Some(2));
        assert_eq!(configuration(&desk), before);
    }
    for (day, why) in [("soon", "expected a day like"), ("2026-10-31", "is over when the run is judged")] {
        let ended = desk.avstem(&["accept", "run", &id, "--reason", "r", "--owner", "o", "--expires", day]);
        assert!(ended.code == Some(2) && ended.err.contains(why), "{}", ended.err);
        assert_eq!(configuration(&desk), before);
    }
}

#[test]
fn an_acceptance_is_of_the_finding_as_it_was() {
    let (desk, id) = desk(None);
    accept(&desk, &id, &["--max-amount", "5000"]);
    desk.put("over.json", OVER.replace("\"amount\":110", "\"amount\":111"));
    assert_eq!(desk.check(&["--quiet"]).code, Some(1));
    assert_eq!(desk.rows("exceptions.csv")[0]["accepted"], "false");
    assert_eq!(desk.rows("acceptances.csv")[0]["state"], "changed");
    assert!(desk.check(&[]).out.contains("1 changed (line 1)"), "{}", desk.check(&[]).out);
    desk.put("over.json", OVER);
    assert_eq!(desk.check(&["--quiet", "--as-of", "2027-01-01"]).code, Some(1));
    assert_eq!(desk.rows("acceptances.csv")[0]["state"], "expired");
    desk.put("over.json", OVER.replace("\"amount\":110", "\"amount\":100"));
    assert_eq!(desk.check(&["--quiet"]).code, Some(0));
    assert_eq!(desk.rows("acceptances.csv")[0]["state"], "unused");
}

#[test]
fn accepting_changes_no_total_but_the_split() {
    let (desk, id) = desk(None);
    let total = |desk: &Desk| {
        let rows = desk.rows("coverage.csv");
        let row = rows.iter().find(|row| row["rule"] == "AV101" && row["currency"] == "NOK").unwrap().clone();
        [
            row["findings"].clone(),
            row["abs_delta_minor"].clone(),
            row["accepted"].clone(),
            row["accepted_abs_delta_minor"].clone(),
        ]
    };
    assert_eq!(total(&desk), ["1", "10", "0", "0"]);
    let before = desk.text("rollforward.csv");
    accept(&desk, &id, &[]);
    desk.check(&["--quiet"]);
    assert_eq!(total(&desk), ["1", "10", "1", "10"]);
    assert_eq!(desk.text("rollforward.csv"), before);
    let summary = desk.json("summary.json");
    assert_eq!((&summary["findings"]["error"], &summary["findings"]["accepted"]), (&0.into(), &1.into()));
    assert_eq!(summary["acceptances"]["accepted"]["NOK"]["abs_delta_minor"], 10);
}
