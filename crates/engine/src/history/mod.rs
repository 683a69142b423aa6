//! Comparison of runs: which findings are new, still there, gone or accepted.
//!
//! * [`past`]: the folder of an earlier run, read row by row
//! * [`baseline`]: its findings in compact form, for lookups
//! * [`comparison`]: this run against the baseline, with the reasons for findings that are gone
//! * [`continuity`]: whether the input continues that of the earlier run
//! * [`diff`]: any two runs against each other
//! * [`field`]: the columns read from earlier runs
//! * [`nights`]: a series of runs
//! * [`moves`]: counts and sums of what became of findings, which reconcile two runs
//! * [`ageing`]: ages of findings
//! * [`decisions`]: decisions on exceptions that people entered in a workbook
//! * [`acceptance`]: findings that the configuration accepts, and whether each acceptance holds

pub mod acceptance;
pub mod ageing;
pub mod baseline;
pub mod comparison;
pub mod continuity;
pub mod decisions;
pub mod diff;
pub mod field;
pub mod moves;
pub mod nights;
pub mod past;

mod reason;
mod rule_setting;

pub use baseline::{Baseline, Change, Standing};
pub use comparison::{Comparison, Gone};
pub use field::Field;
pub use moves::{MoveBook, Moves, Tally};
pub use past::{EarlierRow, Past, PastError};
pub use reason::{GoneState, Reason};
pub use rule_setting::window_value;

use std::borrow::Cow;

use avstem_core::judge::NO_CURRENCY;
use avstem_core::model::display::shown;
use avstem_core::model::finding::{Finding, Value};
use avstem_core::model::money::{Sum, minor};

/// Parses an exception id or a fingerprint: exactly 16 hexadecimal digits.
pub fn number(hex: &str) -> Option<u64> {
    let plain = hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(hex, 16).ok()).flatten()
}

/// The difference of a finding as its report row states it. If expected and actual are not both
/// amounts, the report has it only within 64 bits, and it counts as 0 otherwise.
pub fn reported_delta(finding: &Finding) -> Sum {
    let delta = finding.delta().unwrap_or(0);
    match (&finding.expected, &finding.actual) {
        (Value::Amount(_), Value::Amount(_)) => delta,
        _ => minor(delta).map_or(0, Sum::from),
    }
}

/// A currency as reports show it; `XXX` if missing or empty.
fn shown_currency(currency: Option<&str>) -> Cow<'_, str> {
    currency.filter(|code| !code.is_empty()).map_or(Cow::Borrowed(NO_CURRENCY), shown)
}
