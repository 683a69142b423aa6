//! Reads a manifest back.

use serde::Deserialize;

use crate::TOOL;
use crate::io::folder::{Entry, RunFolder};
use crate::io::manifest::{FORMAT, LARGEST, MANIFEST, Manifest, Tool};

/// Format and program, checked before anything else.
#[derive(Deserialize)]
struct Head {
    format: Option<u64>,
    tool: Option<Tool>,
}

/// Reads the manifest of a folder; returns its SHA-256 too.
pub(super) fn read(folder: &RunFolder) -> Result<(Manifest, String), String> {
    match folder.entries().get(MANIFEST) {
        None => return Err(format!("it has no {MANIFEST}, so it is no finished run")),
        Some(Entry::Other) => return Err(format!("its {MANIFEST} is no regular file, so it was not opened")),
        Some(Entry::File(size)) if *size > LARGEST => {
            return Err(format!("its {MANIFEST} has {size} bytes, and {LARGEST} at most are read"));
        }
        Some(Entry::File(_)) => {}
    }
    let mut text = Vec::new();
    let contents = folder.read(MANIFEST, |piece| text.extend_from_slice(piece));
    let contents = contents.map_err(|error| format!("its {MANIFEST} cannot be read: {error}"))?;
    Ok((parse(&text)?, contents.sha256))
}

fn parse(text: &[u8]) -> Result<Manifest, String> {
    // Only the position: the message of the error may quote the content.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text.as_bytes()).unwrap_err()
    }

    #[test]
    fn only_a_manifest_of_a_known_format_is_understood() {
        let whole = r#"{"format":1,"tool":{"name":"avstem"},"as_of":null,"complete":true,"input_hash":"none","inputs":[],"outputs":[]}"#;
        assert!(parse(whole.as_bytes()).is_ok());
        assert!(parse(whole.replace("1,", "1,\"more\":[{}],").as_bytes()).is_ok(), "more may come");
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
