//! `manifest.json`: what the run was made of and what it wrote, so that anyone can check both later.

use std::borrow::Cow;

use avstem_core::model::card::Severity;
use avstem_core::model::display::visible;
use serde::Serialize;

use super::json::json_text;
use super::{Exit, ReportOptions};
use crate::engine::outcome::{Coverage, Outcome, SourceOutcome};
use crate::io::output::Written;
use crate::{TOOL, VERSION};

/// The version of the manifest: another one when what is there already changes its meaning.
pub(super) const FORMAT: u64 = 1;

#[derive(Serialize)]
struct Manifest<'r> {
    format: u64,
    tool: Tool,
    as_of: Option<String>,
    complete: bool,
    exit: &'r Exit,
    configuration: &'r serde_json::Value,
    rule_set: RuleSet,
    baseline: Option<&'r str>,
    input_hash: &'r str,
    inputs: Vec<Input<'r>>,
    outputs: Vec<Output<'r>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct RuleSet {
    rules: usize,
    blake3: String,
}

#[derive(Serialize)]
struct Input<'r> {
    name: Cow<'r, str>,
    bytes: u64,
    decoded_bytes: u64,
    hash: Option<&'r str>,
    refused: Option<&'static str>,
}

#[derive(Serialize)]
struct Output<'r> {
    name: &'r str,
    bytes: u64,
    sha256: &'r str,
    rows: Option<u64>,
}

/// The text of `manifest.json`; `written` are the other files of the run.
pub fn manifest_json(outcome: &Outcome, options: &ReportOptions, written: &[Written]) -> String {
    let mut outputs: Vec<Output<'_>> = written.iter().map(output).collect();
    outputs.sort_by_key(|output| output.name);
    json_text(&Manifest {
        format: FORMAT,
        tool: Tool { name: TOOL, version: VERSION },
        as_of: outcome.as_of.map(|time| time.to_string()),
        complete: options.complete,
        exit: &options.exit,
        configuration: &options.configuration,
        rule_set: RuleSet { rules: outcome.coverage.len(), blake3: rule_set_hash(&outcome.coverage) },
        baseline: outcome.comparison.as_ref().map(|comparison| &*comparison.baseline.past.manifest_sha256),
        input_hash: options.input_hash,
        inputs: outcome.sources.iter().map(input).collect(),
        outputs,
    })
}

fn output(file: &Written) -> Output<'_> {
    Output { name: &file.name, bytes: file.bytes, sha256: &file.sha256, rows: file.rows }
}

fn input(source: &SourceOutcome) -> Input<'_> {
    Input {
        name: visible(&source.name),
        bytes: source.bytes,
        decoded_bytes: source.decoded_bytes,
        hash: source.hash.as_deref(),
        refused: source.fault.as_ref().map(|fault| fault.reason.code()),
    }
}

/// The hash of every rule's code, name and severity after configuration (`off` included), by code; each text is
/// preceded by its length in 8 bytes, little-endian.
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
