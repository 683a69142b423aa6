//! `manifest.json`: what a run was made of and what it wrote, so that anyone can check both later. One form for whoever
//! writes or reads it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The file that tells a run folder from any other.
pub const MANIFEST: &str = "manifest.json";

/// The version of the manifest: another one when what is there already changes its meaning.
pub const FORMAT: u64 = 1;

/// A manifest that is larger names more inputs than any export has files.
pub const LARGEST: u64 = 256 << 20;

/// What a manifest says. What nobody reads back may be missing.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Manifest {
    /// The version of its form.
    pub format: u64,
    /// The program that wrote it.
    pub tool: Tool,
    /// The instant of the run.
    pub as_of: Option<String>,
    /// Whether the input was complete, and the control totals tie.
    pub complete: bool,
    /// How the run ended.
    #[serde(default)]
    pub exit: RunEnd,
    /// The resolved configuration, without what may not matter.
    #[serde(default)]
    pub configuration: Value,
    /// The rules that judged.
    #[serde(default)]
    pub rule_set: RuleSet,
    /// The SHA-256 of the manifest of the run that it was held against.
    pub baseline: Option<String>,
    /// How inputs were hashed.
    pub input_hash: String,
    pub inputs: Vec<Input>,
    /// The other files of the run.
    pub outputs: Vec<Output>,
}

/// The program that wrote a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tool {
    pub name: String,
    #[serde(default)]
    pub version: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct RunEnd {
    /// The exit code.
    pub code: u8,
    /// Why, in a few words.
    pub reason: String,
}

/// The rules that judged.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct RuleSet {
    /// How many.
    pub rules: usize,
    /// The hash of their codes, names and severities.
    pub blake3: String,
}

/// An input of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Input {
    /// Its name in the reports.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its size when it is unpacked.
    #[serde(default)]
    pub decoded_bytes: u64,
    /// Its hash, unless none was wanted, or it could not be read.
    pub hash: Option<String>,
    /// Why it was refused, in a word.
    pub refused: Option<String>,
}

/// A file of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Output {
    /// Its path below the run folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    pub sha256: String,
    /// How many rows it has, where it is a table.
    pub rows: Option<u64>,
}
