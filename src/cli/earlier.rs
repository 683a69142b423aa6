//! Run folders of earlier nights, which are verified before use.

use std::path::Path;

use super::exit::{Exit, Failure};
use avstem_engine::history::Past;
use avstem_engine::io::folder::is_same;
use avstem_engine::report::verify::verify;

/// Opens a run folder that matches its manifest.
pub fn open(path: &Path) -> Result<Past, Failure> {
    open_except(path, "").map(|(run, _)| run)
}

/// Opens a run folder that matches its manifest, except for the workbook that people filled in.
/// Also returns whether that file differs.
pub fn open_beside(path: &Path, filled_in: &Path) -> Result<(Past, bool), Failure> {
    let name = filled_in.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    open_except(path, if is_same(&path.join(name), filled_in) { name } else { "" })
}

/// Opens a run folder in which the file `name` may differ, and returns whether it does.
fn open_except(path: &Path, name: &str) -> Result<(Past, bool), Failure> {
    let shown = path.display();
    let broken =
        |what: String| Failure::new(Exit::Unverified, what).help("name a run that is whole, as it was written");
    let verified = verify(path).map_err(|why| broken(format!("{shown} cannot be verified: {why}")))?;
    let differences: Vec<_> = verified.differences.iter().filter(|of| of.name != name).collect();
    if let Some(first) = differences.first() {
        let failure = broken(format!("{shown} is not as its manifest says: {first}"));
        return Err(match differences.len() - 1 {
            0 => failure,
            more => failure.help(format!("`avstem verify {shown}` names this and {more} more")),
        });
    }
    let run = Past::open(path).map_err(|error| broken(error.to_string()))?;
    Ok((run, differences.len() < verified.differences.len()))
}
