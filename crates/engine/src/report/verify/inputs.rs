//! Compares the inputs of a run with its manifest.

use std::collections::{BTreeMap, VecDeque};

use avstem_core::model::display::visible;
use avstem_core::model::reject::{FileFault, FileReason};

use super::{Difference, Verified, What};
use crate::io::decode::{HashKind, Limits, SourceReader};
use crate::io::inputs::Source;
use crate::io::manifest::Input;

/// Reasons for which a file has neither size nor hash: it was not read to its end.
const UNREAD: [FileReason; 5] = [
    FileReason::NotFound,
    FileReason::Permission,
    FileReason::NotRegular,
    FileReason::IoError,
    FileReason::ChangedWhileReading,
];

/// An input, as recorded in the manifest or as it is now.
struct Seen {
    name: String,
    /// Size and hash, or why it could not be read.
    facts: Result<(u64, Option<String>), String>,
}

/// Reads the inputs and adds the differences.
pub fn verify_inputs(verified: &mut Verified, sources: &[Source]) {
    let kind = match verified.manifest.input_hash.as_str() {
        "blake3" => HashKind::Blake3,
        "sha256" => HashKind::Sha256,
        _ => HashKind::None,
    };
    let found = sources.iter().map(|source| Seen {
        name: visible(&source.name).into_owned(),
        facts: read(source, kind).map_err(|fault| fault.sentence()),
    });
    let expected = verified.manifest.inputs.iter().map(Seen::of);
    verified.inputs = Some(sources.len());
    verified.differences.extend(compare(expected.collect(), found.collect()));
}

/// Returns size and hash of a source. Nothing is decompressed: the manifest records the bytes on
/// disk.
fn read(source: &Source, kind: HashKind) -> Result<(u64, Option<String>), FileFault> {
    if let Some(fault) = &source.fault {
        return Err(fault.clone());
    }
    let facts = SourceReader::open(source, kind, Limits { max_expansion: u64::MAX })?.finish()?;
    Ok((facts.bytes, facts.hash))
}

impl Seen {
    fn of(input: &Input) -> Seen {
        let (bytes, hash) = (input.bytes, input.hash.clone());
        let unread = input.refused.clone().filter(|code| UNREAD.iter().any(|reason| reason.code() == code));
        let facts = match unread {
            Some(code) if bytes == 0 && hash.is_none() => Err(code),
            _ => Ok((bytes, hash)),
        };
        Seen { name: visible(&input.name).into_owned(), facts }
    }

    /// The key of equal inputs.
    fn whole(&self) -> Option<String> {
        // Unreadable then and now is no difference, whatever the reasons.
        Some(format!("{}\n{:?}", self.name, self.facts.as_ref().ok()))
    }

    /// The key of inputs with equal bytes; `None` if the hash is unknown.
    fn content(&self) -> Option<String> {
        match &self.facts {
            Ok((bytes, Some(hash))) => Some(format!("{bytes} {hash}")),
            _ => None,
        }
    }
}

/// Pairs equal inputs, then inputs of the same name, then inputs with the same bytes; the rest is
/// missing or extra.
fn compare(mut expected: Vec<Seen>, mut found: Vec<Seen>) -> Vec<Difference> {
    pair(&mut expected, &mut found, Seen::whole);
    let changed = pair(&mut expected, &mut found, |seen| Some(seen.name.clone()));
    let mut differences: Vec<Difference> = changed.iter().map(|(old, new)| change(old, new)).collect();
    for (old, new) in pair(&mut expected, &mut found, Seen::content) {
        differences.push(Difference { expected: Some(old.name), ..Difference::new(&new.name, What::Renamed) });
    }
    differences.extend(expected.iter().map(|old| match &old.facts {
        Ok((bytes, _)) => Difference::missing(&old.name, *bytes),
        Err(_) => Difference::missing(&old.name, 0),
    }));
    differences.extend(found.iter().map(|new| match &new.facts {
        Ok(_) => Difference::new(&new.name, What::Extra),
        Err(why) => Difference::unreadable(&new.name, why),
    }));
    differences
}

/// Removes pairs with the same key and returns them, in order.
fn pair(expected: &mut Vec<Seen>, found: &mut Vec<Seen>, key: impl Fn(&Seen) -> Option<String>) -> Vec<(Seen, Seen)> {
    let mut waiting: BTreeMap<String, VecDeque<Seen>> = BTreeMap::new();
    let mut others = Vec::new();
    for new in found.drain(..) {
        match key(&new) {
            Some(key) => waiting.entry(key).or_default().push_back(new),
            None => others.push(new),
        }
    }
    let (mut pairs, mut left) = (Vec::new(), Vec::new());
    for old in expected.drain(..) {
        match key(&old).and_then(|key| waiting.get_mut(&key)).and_then(VecDeque::pop_front) {
            Some(new) => pairs.push((old, new)),
            None => left.push(old),
        }
    }
    others.extend(waiting.into_values().flatten());
    others.sort_by(|a, b| a.name.cmp(&b.name));
    (*expected, *found) = (left, others);
    pairs
}

/// Returns the difference between two inputs of the same name.
fn change(old: &Seen, new: &Seen) -> Difference {
    let name = new.name.as_str();
    let shown = |hash: &Option<String>| hash.clone().unwrap_or("none".to_owned());
    match (&old.facts, &new.facts) {
        (_, Err(why)) => Difference::unreadable(name, why),
        (Err(code), Ok(_)) => Difference { expected: Some(code.clone()), ..Difference::new(name, What::Refused) },
        (Ok((was, _)), Ok((is, _))) if was != is => Difference::between(name, What::Size, was, is),
        (Ok((_, was)), Ok((_, is))) => Difference::between(name, What::Hash, shown(was), shown(is)),
    }
}
