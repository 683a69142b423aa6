//! A manifest, read back.

use serde::Deserialize;

use super::super::manifest::FORMAT;
use crate::TOOL;
use crate::io::folder::{Entry, RunFolder};
use crate::io::output::MANIFEST;

/// A manifest that is larger names more inputs than any export has files.
const LIMIT: u64 = 256 << 20;

/// What a manifest says, as far as it can be verified.
#[derive(Clone, Debug, Deserialize)]
pub struct Manifest {
    /// The instant of the run.
    pub as_of: Option<String>,
    /// Whether the input was complete, and the control totals tie.
    pub complete: bool,
    /// How inputs were hashed.
    pub input_hash: String,
    /// The inputs.
    pub inputs: Vec<Input>,
    /// The other files of the run.
    pub outputs: Vec<Output>,
}

/// An input of the run.
#[derive(Clone, Debug, Deserialize)]
pub struct Input {
    /// Its name in the reports.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its hash, unless none was wanted, or it could not be read.
    pub hash: Option<String>,
    /// Why it was refused, in a word.
    pub refused: Option<String>,
}

/// A file of the run.
#[derive(Clone, Debug, Deserialize)]
pub struct Output {
    /// Its path below the run folder.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// How many rows it has, where it is a table.
    pub rows: Option<u64>,
}

/// Whose manifest it is: looked at before anything else.
#[derive(Deserialize)]
struct Head {
    format: Option<u64>,
    tool: Option<Tool>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
}

impl Manifest {
    /// Reads the manifest of a folder; its SHA-256 too.
    pub(super) fn read(folder: &RunFolder) -> Result<(Manifest, String), String> {
        match folder.entries().get(MANIFEST) {
            None => return Err(format!("it has no {MANIFEST}, so it is no finished run")),
            Some(Entry::Other) => return Err(format!("its {MANIFEST} is no regular file, so it was not opened")),
            Some(Entry::File(size)) if *size > LIMIT => {
                return Err(format!("its {MANIFEST} has {size} bytes, and {LIMIT} at most are read"));
            }
            Some(Entry::File(_)) => {}
        }
        let mut text = Vec::new();
        let contents = folder.read(MANIFEST, |piece| text.extend_from_slice(piece));
        let contents = contents.map_err(|error| format!("its {MANIFEST} cannot be read: {error}"))?;
        Ok((Manifest::parse(&text)?, contents.sha256))
    }

    fn parse(text: &[u8]) -> Result<Manifest, String> {
        // The place alone: the words of an error may quote what stands there.
        let broken = |error: serde_json::Error| {
            format!("its {MANIFEST} is broken, or none of {TOOL}: line {}, column {}", error.line(), error.column())
        };
        let head: Head = serde_json::from_slice(text).map_err(broken)?;
        if head.tool.is_none_or(|tool| tool.name != TOOL) {
            return Err(format!("its {MANIFEST} is none of {TOOL}"));
        }
        match head.format {
            Some(FORMAT) => serde_json::from_slice(text).map_err(broken),
            Some(other) => Err(format!("its {MANIFEST} has the format {other}, and this {TOOL} knows {FORMAT}")),
            None => Err(format!("its {MANIFEST} does not say of which format it is; {FORMAT} is known")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        Manifest::parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn only_a_manifest_of_a_known_format_is_understood() {
        let whole = r#"{"format":1,"tool":{"name":"avstem"},"as_of":null,"complete":true,"input_hash":"none","inputs":[],"outputs":[]}"#;
        assert!(Manifest::parse(whole.as_bytes()).is_ok());
        assert!(Manifest::parse(whole.replace("1,", "1,\"more\":[{}],").as_bytes()).is_ok(), "more may come");
        for (text, word) in [
            ("", "broken"),
            ("[]", "broken"),
            ("{", "broken"),
            (&*"[".repeat(100_000), "broken"),
            ("{}", "none of avstem"),
            (r#"{"tool":{"name":"other"},"format":1}"#, "none of avstem"),
            (&*whole.replace(":1,", ":2,"), "format 2"),
            (&*whole.replace("\"format\":1,", ""), "does not say"),
            (&*whole.replace("\"inputs\":[],", ""), "broken"),
            (&*whole.replace("[]}", "[{\"name\":\"a\",\"bytes\":-1,\"sha256\":\"\"}]}"), "broken"),
            (&*whole.replace("[]}", "[{\"name\":\"a\",\"bytes\":1e400,\"sha256\":\"\"}]}"), "broken"),
            (&*whole.replace("true,", "true,\"complete\":false,"), "broken"),
            (&*format!("{whole}]"), "broken"),
        ] {
            assert!(error(text).contains(word), "{text:.80}: {}", error(text));
        }
        assert!(!error(r#"{"tool":{"name":"avstem"},"format":"SECRET"}"#).contains("SECRET"));
    }
}
