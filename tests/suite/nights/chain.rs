//! Requirements on a baseline, and what a run records about it.

use sha2::Digest;

use crate::accepting::OVER;
use crate::support::Desk;

fn first_night() -> Desk {
    let desk = Desk::with("over.json", OVER);
    assert_eq!(desk.avstem(&["check", "in", "--out", "first", "--as-of", "2026-11-20", "--quiet"]).code, Some(1));
    desk
}

#[test]
fn a_broken_baseline_ends_the_run_before_anything_is_read() {
    let desk = first_night();
    let exceptions = desk.path().join("first/exceptions.csv");
    let text = std::fs::read_to_string(&exceptions).unwrap();
    std::fs::write(&exceptions, text.replace("AV101", "AV102")).unwrap();
    let ended = desk.check(&["--baseline", "first"]);
    assert_eq!(ended.code, Some(5), "{}", ended.err);
    assert!(ended.err.contains("first is not as its manifest says: exceptions.csv"), "{}", ended.err);
    assert!(!desk.path().join("run").exists());
    assert_eq!(desk.check(&["--baseline", "nowhere"]).code, Some(5));
}

#[test]
fn the_manifest_chains_to_the_baselines() {
    let desk = first_night();
    assert_eq!(desk.check(&["--baseline", "first", "--as-of", "2026-11-21", "--quiet"]).code, Some(1));
    let manifest = std::fs::read(desk.path().join("first/manifest.json")).unwrap();
    let hash: String = sha2::Sha256::digest(manifest).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(desk.json("manifest.json")["baseline"], hash.as_str());
    assert_eq!(desk.json("summary.json")["baseline"]["open"], 1);
    let row = &desk.rows("exceptions.csv")[0];
    assert_eq!((row["change"].as_str(), row["open_days"].as_str()), ("open", "1"));
    assert_eq!(row["first_seen"], "2026-11-20T23:59:59.999999999Z", "to the nanosecond");
    let identities = desk.rows("control_totals.csv");
    assert_eq!(identities.iter().filter(|row| row["measure"] == "baseline" && row["holds"] == "true").count(), 1);
}

/// A run from before findings had evidence is still a baseline, but cannot tell a resolved finding
/// from a missing document.
#[test]
fn a_baseline_without_evidence_resolves_nothing() {
    for (has_evidence, state) in [(true, "resolved"), (false, "unseen")] {
        let desk = first_night();
        if !has_evidence {
            without_evidence(&desk);
        }
        desk.put("over.json", OVER.replace("110", "100").replace("T12:00:00Z", "T13:00:00Z"));
        assert_eq!(desk.check(&["--baseline", "first", "--as-of", "2026-11-21", "--quiet"]).code, Some(0));
        assert_eq!(desk.rows("resolved.csv")[0]["state"], state);
    }
}

/// Removes the last column of the first night's exceptions, as an earlier version wrote them.
fn without_evidence(desk: &Desk) {
    let (exceptions, manifest) = (desk.path().join("first/exceptions.csv"), desk.path().join("first/manifest.json"));
    let with = std::fs::read_to_string(&exceptions).unwrap();
    let lines = with.lines().map(|line| line.rsplit_once(',').map_or(line, |(before, _)| before));
    let without: String = lines.map(|line| format!("{line}\n")).collect();
    assert!(with.contains(",evidence\n") && !without.contains("evidence"));
    let hash = |text: &str| -> String { sha2::Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect() };
    let said = std::fs::read_to_string(&manifest).unwrap();
    let mut said: serde_json::Value = serde_json::from_str(&said).unwrap();
    let outputs = said["outputs"].as_array_mut().unwrap();
    let output = outputs.iter_mut().find(|output| output["name"] == "exceptions.csv").unwrap();
    assert_eq!(output["sha256"], hash(&with).as_str());
    output["bytes"] = without.len().into();
    output["sha256"] = hash(&without).into();
    std::fs::write(&exceptions, without).unwrap();
    std::fs::write(&manifest, said.to_string()).unwrap();
}

#[test]
fn a_baseline_in_another_dialect_says_the_same() {
    let desk = Desk::with("over.json", OVER);
    let words = ["check", "in", "--out", "first", "--as-of", "2026-11-20", "--quiet", "--csv-dialect", "excel-no"];
    assert_eq!(desk.avstem(&words).code, Some(1));
    desk.check(&["--baseline", "first", "--as-of", "2026-11-21", "--quiet"]);
    assert_eq!(desk.rows("exceptions.csv")[0]["change"], "open");
}

#[test]
fn the_configuration_is_told_from_the_books() {
    for (configuration, reason) in
        [("[rules]\nAV101 = \"off\"", "rule_off"), ("[tolerance]\nAV101 = 10", "rule_changed")]
    {
        let desk = first_night();
        std::fs::write(desk.path().join("avstem.toml"), configuration).unwrap();
        assert_eq!(desk.check(&["--baseline", "first", "--as-of", "2026-11-21", "--quiet"]).code, Some(0));
        let rows = desk.rows("resolved.csv");
        assert_eq!((rows[0]["state"].as_str(), rows[0]["reason"].as_str()), ("resolved", reason));
    }
}
