//! One night held against another: what is new, what is still there, what is gone, what was accepted.
//!
//! * [`past`]: a run folder of an earlier night, read row by row
//! * [`baseline`]: its findings in short, to look tonight's up in
//! * [`comparison`]: tonight against it, with what is gone and why
//! * [`diff`]: any two runs against each other
//! * [`field`]: the columns that are read of earlier runs
//! * [`nights`]: many nights in a row
//! * [`moves`]: what became of findings, in counts and money, so that two nights tie
//! * [`ageing`]: how old what was found is
//! * [`decisions`]: what people decided on exceptions, in a workbook
//! * [`acceptance`]: what the configuration accepts, and whether that still holds

pub mod acceptance;
pub mod ageing;
pub mod baseline;
pub mod comparison;
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

/// The number of a stable name of 16 hexadecimal digits, or of a fingerprint.
pub fn number(hex: &str) -> Option<u64> {
    let plain = hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(hex, 16).ok()).flatten()
}

/// How far a finding is off, as its row in a report says it: of words with amounts beside them only within 64 bits.
pub fn reported_delta(finding: &Finding) -> Sum {
    let delta = finding.delta().unwrap_or(0);
    match (&finding.expected, &finding.actual) {
        (Value::Amount(_), Value::Amount(_)) => delta,
        _ => minor(delta).map_or(0, Sum::from),
    }
}

/// A currency as tables name it.
fn shown_currency(currency: Option<&str>) -> Cow<'_, str> {
    currency.filter(|code| !code.is_empty()).map_or(Cow::Borrowed(NO_CURRENCY), shown)
}
