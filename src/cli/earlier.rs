//! Run folders of earlier nights, which are verified before anything in them is believed.

use std::path::Path;

use super::exit::{Exit, Failure};
use crate::night::Past;
use crate::report::verify::verify;

/// Opens a run folder that is as its manifest says.
pub fn open(path: &Path) -> Result<Past, Failure> {
    let shown = path.display();
    let broken = |what: String| {
        Failure::new(Exit::Unverified, what)
            .help(format!("name a run that is whole, as it was written; `avstem verify {shown}` says more"))
    };
    let verified = verify(path).map_err(|why| broken(format!("{shown} cannot be verified: {why}")))?;
    if let Some(first) = verified.differences.first() {
        let others = match verified.differences.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more things differ"),
        };
        return Err(broken(format!("{shown} is not as its manifest says: {first}{others}")));
    }
    Past::open(path).map_err(|error| broken(error.to_string()))
}
