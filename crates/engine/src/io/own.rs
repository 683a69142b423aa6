//! Files of an earlier run among the inputs: a run must not read the reports of another one.

use std::fs;
use std::path::{Path, PathBuf};

use super::manifest::{LARGEST, MANIFEST, Manifest, Output};
use super::output::{is_plain, read_whole};
use crate::TOOL;

/// Returns the files that a run wrote into this folder, if one did: the manifest, and the files
/// that it names with their size. Anything else there is an ordinary input.
pub(super) fn files_of_a_run(folder: &Path) -> Vec<PathBuf> {
    let path = folder.join(MANIFEST);
    if !fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_file()) {
        return Vec::new();
    }
    let text = read_whole(&path, LARGEST).unwrap_or_default();
    let Ok(manifest) = serde_json::from_slice::<Manifest>(&text) else { return Vec::new() };
    if manifest.tool.name != TOOL {
        return Vec::new();
    }
    let is_there = |output: &Output| {
        let meta = fs::symlink_metadata(folder.join(&output.name));
        is_plain(&output.name) && meta.is_ok_and(|meta| meta.is_file() && meta.len() == output.bytes)
    };
    let files = manifest.outputs.iter().filter(|output| is_there(output)).map(|output| folder.join(&output.name));
    files.chain([path]).collect()
}
