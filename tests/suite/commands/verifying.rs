//! `avstem verify`: an unchanged run passes, and each difference is reported on a line.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::support::{Desk, Ended, read};

/// A run over three inputs, one of them refused, with every optional file.
fn made() -> Desk {
    let desk = Desk::new();
    desk.put("a.json", read("tests/rules/over-captured/broken.json"));
    desk.put("b/b.json", read("tests/rules/conflicting-copies/broken.json"));
    desk.put("c.json", "[");
    assert_eq!(desk.check(&["--frames", "--balances-csv", "--quiet"]).code, Some(3));
    desk
}

fn path(desk: &Desk, name: &str) -> PathBuf {
    desk.path().join("run").join(name)
}

/// Returns the lines about differences; the last line is the verdict.
fn lines(desk: &Desk, words: &[&str]) -> (Ended, Vec<String>) {
    let ended = desk.avstem(&[&["verify", "run"], words].concat());
    let mut lines: Vec<String> = ended.out.lines().map(str::to_owned).collect();
    lines.pop();
    (ended, lines)
}

/// Asserts that a change leads to exit 5 and one line with this beginning.
fn assert_told(desk: &Desk, words: &[&str], begins: &str) {
    let (ended, lines) = lines(desk, words);
    assert_eq!((ended.code, ended.err.as_str()), (Some(5), ""), "{begins}: {}", ended.out);
    assert!(lines.len() == 1 && lines[0].starts_with(begins), "{begins}: {}", ended.out);
}

#[test]
fn a_run_that_is_whole() {
    let desk = made();
    for words in [&[][..], &["in"], &["in/c.json", "in/b", "in/a.json", "in/b/b.json"]] {
        let (ended, lines) = lines(&desk, words);
        assert_eq!((ended.code, lines.len(), ended.err.as_str()), (Some(0), 0, ""), "{}", ended.out);
        assert!(ended.out.contains("files are as the manifest says") && ended.out.contains("not complete"));
    }
    let json = desk.avstem(&["verify", "run", "in", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.code, &value["holds"], &value["inputs"]), (Some(0), &true.into(), &3.into()));
    assert_eq!(desk.avstem(&["verify", "run", "--quiet"]).out, "");
    assert_eq!(desk.avstem(&["normalize", "in", "--out", "frames"]).code, Some(3));
    assert_eq!(desk.avstem(&["verify", "frames", "in"]).code, Some(0));
}

#[test]
fn every_file_of_a_run_is_looked_at() {
    let desk = made();
    let names: Vec<String> = desk.json("manifest.json")["outputs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|o| o["name"].as_str().unwrap().into())
        .collect();
    assert!(names.len() >= 16, "{names:?}");
    for name in names {
        let path = path(&desk, &name);
        let whole = fs::read(&path).unwrap();
        let mut other = whole.clone();
        let middle = other.len() / 2;
        other[middle] ^= 1;
        fs::write(&path, &other).unwrap();
        assert_told(&desk, &[], &format!("{name}: has the hash "));
        fs::write(&path, &whole[1..]).unwrap();
        assert_told(&desk, &[], &format!("{name}: has {} bytes, the manifest says {}", whole.len() - 1, whole.len()));
        fs::remove_file(&path).unwrap();
        assert_told(&desk, &[], &format!("{name}: missing"));
        symlink("/etc/passwd", &path).unwrap();
        assert_told(&desk, &[], &format!("{name}: no regular file"));
        fs::remove_file(&path).unwrap();
        fs::write(&path, &whole).unwrap();
        assert_eq!(lines(&desk, &[]).0.code, Some(0));
    }
    fs::write(path(&desk, "frames/more\n.csv"), "").unwrap();
    assert_told(&desk, &[], r"frames/more\u{A}.csv: the manifest does not have it");
}

fn rewrite(desk: &Desk, change: impl Fn(&str) -> String) {
    let text = desk.text("manifest.json");
    let changed = change(&text);
    assert_ne!(text, changed);
    fs::write(path(desk, "manifest.json"), changed).unwrap();
}

#[test]
fn row_counts_are_held_against_the_rows() {
    let desk = made();
    let whole = desk.text("manifest.json");
    let rows = |name: &str| {
        let manifest: serde_json::Value = serde_json::from_str(&whole).unwrap();
        let outputs = manifest["outputs"].as_array().unwrap().clone();
        outputs.iter().find(|output| output["name"] == name).unwrap()["rows"].clone()
    };
    assert_eq!(rows("exceptions.csv"), desk.rows("exceptions.csv").len());
    assert_eq!(rows("exceptions.parquet"), desk.rows("exceptions.csv").len());
    assert_eq!(rows("balances.parquet"), desk.rows("balances.csv").len());
    assert_eq!(rows("summary.json"), serde_json::Value::Null);
    for (name, shown) in [("exceptions.csv", "exceptions.csv"), ("frames/events.parquet", "frames/events.parquet")] {
        rewrite(&desk, |text| {
            let at = text.find(&format!("\"name\": \"{name}\"")).unwrap();
            let rows = at + text[at..].find("\"rows\": ").unwrap() + 8;
            format!("{}9{}", &text[..rows], &text[rows..])
        });
        assert_told(&desk, &[], &format!("{shown}: has "));
        fs::write(path(&desk, "manifest.json"), &whole).unwrap();
    }
    // Line ends inside quotes do not count as rows; an invalid Parquet file is reported even when
    // its hash matches.
    for (name, bytes, begins) in [
        ("rejects.csv", "a,b\n\"x\ny\",1\n", "rejects.csv: has 1 rows"),
        ("exceptions.parquet", "PAR1 and then nothing that is Parquet", "exceptions.parquet: cannot be read"),
        ("balances.parquet", "PAR1\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{1}\0\0PAR1", "balances.parquet: cannot be read"),
    ] {
        let mut manifest: serde_json::Value = serde_json::from_str(&whole).unwrap();
        let old = fs::read(path(&desk, name)).unwrap();
        for output in manifest["outputs"].as_array_mut().unwrap().iter_mut().filter(|output| output["name"] == name) {
            let hash: String = Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            *output = serde_json::json!({ "name": name, "bytes": bytes.len(), "sha256": hash, "rows": 77 });
        }
        fs::write(path(&desk, name), bytes).unwrap();
        fs::write(path(&desk, "manifest.json"), manifest.to_string()).unwrap();
        let (ended, lines) = lines(&desk, &[]);
        assert_eq!((ended.code, lines.len()), (Some(5), 1), "{}{}", ended.out, ended.err);
        assert!(lines[0].starts_with(begins), "{}", lines[0]);
        fs::write(path(&desk, name), old).unwrap();
        fs::write(path(&desk, "manifest.json"), &whole).unwrap();
    }
}

#[test]
fn inputs_are_told_by_name_and_hash() {
    let desk = made();
    let input = |name: &str| desk.inputs().join(name);
    fs::rename(input("a.json"), input("z.json")).unwrap();
    assert_told(&desk, &["in"], "in/z.json: has the bytes of in/a.json, which is not among the inputs given");
    fs::rename(input("z.json"), input("a.json")).unwrap();
    desk.put("more.json", "[]");
    assert_told(&desk, &["in"], "in/more.json: the manifest does not have it");
    fs::remove_file(input("more.json")).unwrap();
    assert_told(&desk, &["in/a.json", "in/b"], "in/c.json: missing; the manifest has it with 1 bytes");
    desk.put("c.json", "]");
    assert_told(&desk, &["in"], "in/c.json: has the hash ");
    desk.put("c.json", "[]");
    assert_told(&desk, &["in"], "in/c.json: has 2 bytes, the manifest says 1");
    fs::remove_file(input("c.json")).unwrap();
    assert_told(&desk, &["in", "in/c.json"], "in/c.json: cannot be read: ");
    desk.put("c.json", "[");
    assert_eq!(lines(&desk, &["in"]).0.code, Some(0));
    // Without INPUT the inputs are not checked.
    fs::remove_dir_all(desk.inputs()).unwrap();
    assert_eq!(lines(&desk, &[]).0.code, Some(0));
}

#[test]
fn inputs_that_were_refused_or_have_no_hash() {
    let desk = Desk::with("a.json", "[]");
    let check =
        |words: &[&str]| desk.avstem(&[&["check", "in", "--out", "run", "--force", "--quiet"], words].concat()).code;
    assert_eq!(check(&["gone.json"]), Some(3));
    assert_eq!(lines(&desk, &["in", "gone.json"]).0.code, Some(0), "still not there");
    fs::write(desk.path().join("gone.json"), "[]").unwrap();
    assert_told(
        &desk,
        &["in", "gone.json"],
        "gone.json: can be read now; when the run was made it was refused (not_found)",
    );
    assert_eq!(check(&["--input-hash", "sha256"]), Some(0));
    assert_eq!(lines(&desk, &["in"]).0.code, Some(0));
    assert_eq!(check(&["--input-hash", "none"]), Some(0));
    let (ended, _) = lines(&desk, &["in"]);
    assert!(ended.code == Some(0) && ended.out.contains("no hashes"), "{}", ended.out);
    desk.put("a.json", "{}");
    assert_eq!(lines(&desk, &["in"]).0.code, Some(0), "sizes are all there is");
    desk.put("a.json", "[ ]");
    assert_told(&desk, &["in"], "in/a.json: has 3 bytes");
}

#[test]
fn a_manifest_that_cannot_be_trusted() {
    let desk = made();
    let whole = desk.text("manifest.json");
    let secret = desk.path().join("secret.csv");
    fs::write(&secret, "secret").unwrap();
    // Names that lead out of the folder are never opened.
    for name in [
        "../secret.csv",
        "/etc/passwd",
        "frames/../exceptions.csv",
        "manifest.json",
        "",
        "A",
        "a//b",
        "./a",
        "a\\u0000",
    ] {
        rewrite(&desk, |text| text.replace("\"name\": \"exceptions.csv\"", &format!("\"name\": \"{name}\"")));
        let (ended, lines) = lines(&desk, &[]);
        assert_eq!((ended.code, lines.len()), (Some(5), 2), "{name}: {}", ended.out);
        assert!(
            lines[0].contains("a file that no run writes")
                && lines[1].starts_with("exceptions.csv: the manifest does not")
        );
        fs::write(path(&desk, "manifest.json"), &whole).unwrap();
    }
    rewrite(&desk, |text| text.replace("\"name\": \"exceptions.csv\"", "\"name\": \"balances.csv\""));
    assert_eq!(lines(&desk, &[]).1.len(), 2, "named twice, and one too many");
    let broken = |change: &dyn Fn(), word: &str| {
        change();
        let ended = desk.avstem(&["verify", "run"]);
        assert_eq!((ended.code, ended.out.as_str()), (Some(5), ""), "{word}");
        assert!(ended.err.contains("run cannot be verified") && ended.err.contains(word), "{word}: {}", ended.err);
    };
    let manifest = path(&desk, "manifest.json");
    let write = |text: &str| fs::write(&manifest, text).unwrap();
    broken(&|| write(""), "broken");
    broken(&|| write(&whole[..whole.len() / 2]), "broken");
    broken(&|| write(&whole.replace("\"format\": 1", "\"format\": 7")), "format 7");
    broken(&|| write(&"[".repeat(1 << 20)), "broken");
    broken(&|| fs::File::create(&manifest).unwrap().set_len(300 << 20).unwrap(), "at most are read");
    broken(&|| fs::remove_file(&manifest).unwrap(), "no finished run");
    broken(&|| symlink("../manifest.json", &manifest).unwrap(), "no regular file");
    broken(&|| fs::remove_dir_all(desk.path().join("run")).unwrap(), "cannot be read");
    broken(&|| fs::write(desk.path().join("run"), "").unwrap(), "no manifest.json");
}
