//! `manifest.json`: the inputs, configuration and outputs of the run, so that anyone can verify
//! them later.

use avstem_core::model::card::Severity;
use avstem_core::model::display::visible;

use super::ReportOptions;
use super::json::json_text;
use crate::engine::outcome::{Coverage, Outcome, SourceOutcome};
use crate::io::manifest::{FORMAT, Input, Manifest, Output, RuleSet, Tool};
use crate::io::output::Written;
use crate::{TOOL, VERSION};

/// Returns the text of `manifest.json`; `written` are the other files of the run.
pub fn manifest_json(outcome: &Outcome, options: &ReportOptions, written: &[Written]) -> String {
    let mut outputs: Vec<Output> = written.iter().map(output).collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    json_text(&Manifest {
        format: FORMAT,
        tool: Tool { name: TOOL.to_owned(), version: VERSION.to_owned() },
        as_of: outcome.as_of.map(|time| time.to_string()),
        complete: options.complete,
        exit: options.exit.clone(),
        configuration: options.configuration.clone(),
        rule_set: RuleSet { rules: outcome.coverage.len(), blake3: rule_set_hash(&outcome.coverage) },
        baseline: outcome.comparison.as_ref().map(|comparison| comparison.baseline.past.manifest_sha256.clone()),
        input_hash: options.input_hash.to_owned(),
        inputs: outcome.sources.iter().map(input).collect(),
        outputs,
    })
}

fn output(file: &Written) -> Output {
    Output { name: file.name.clone(), bytes: file.bytes, sha256: file.sha256.clone(), rows: file.rows }
}

fn input(source: &SourceOutcome) -> Input {
    Input {
        name: visible(&source.name).into_owned(),
        bytes: source.bytes,
        decoded_bytes: source.decoded_bytes,
        hash: source.hash.clone(),
        refused: source.fault.as_ref().map(|fault| fault.reason.code().to_owned()),
    }
}

/// Returns the hash of every rule's code, name and severity after configuration (`off` included),
/// by code; each text is preceded by its length in 8 bytes, little-endian.
fn rule_set_hash(rules: &[Coverage]) -> String {
    let mut hasher = blake3::Hasher::new();
    for rule in rules {
        for text in [rule.card.code, rule.card.name, rule.severity.map_or("off", Severity::word)] {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    hasher.finalize().to_hex().to_string()
}
