//! `manifest.json`: the inputs, configuration and outputs of a run, so that anyone can verify them
//! later. Writers and readers share this definition.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The file that identifies a run folder.
pub const MANIFEST: &str = "manifest.json";

/// Version of the manifest's format; it changes when an existing field changes its meaning.
pub const FORMAT: u64 = 1;

/// Maximum bytes of a manifest: a larger one names more inputs than any export has files.
pub const LARGEST: u64 = 256 << 20;

/// The content of a manifest. Fields that are never read back may be missing.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Manifest {
    /// The version of its format.
    pub format: u64,
    pub tool: Tool,
    /// The as-of instant of the run.
    pub as_of: Option<String>,
    /// Whether the input was complete, and the control totals tie.
    pub complete: bool,
    #[serde(default)]
    pub exit: RunEnd,
    /// The resolved configuration, without settings that cannot affect the result.
    #[serde(default)]
    pub configuration: Value,
    #[serde(default)]
    pub rule_set: RuleSet,
    /// The SHA-256 of the baseline's manifest.
    pub baseline: Option<String>,
    /// The hash function of the inputs.
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

/// The rules of the run.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct RuleSet {
    pub rules: usize,
    /// The hash of their codes, names and severities.
    pub blake3: String,
}

/// An input of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Input {
    /// Its name in the reports.
    pub name: String,
    pub bytes: u64,
    /// The size after decompression.
    #[serde(default)]
    pub decoded_bytes: u64,
    /// `None` if no hash was requested, or the input could not be read.
    pub hash: Option<String>,
    /// The reason code, if the input was refused.
    pub refused: Option<String>,
}

/// A file of a run.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Output {
    /// Its path below the run folder.
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
    /// Number of rows, for a table.
    pub rows: Option<u64>,
}
