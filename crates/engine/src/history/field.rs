//! Columns read from an earlier run's CSV files; each is looked up once per file.

use csv::StringRecord;

macro_rules! fields {
    ($($field:ident $name:literal)*) => {
        /// A column of any of these files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Field {
            $(#[doc = concat!("`", $name, "`")] $field,)*
        }

        impl Field {
            /// Column names in the order of the variants.
            const NAMES: [&'static str; [$($name),*].len()] = [$($name),*];
        }
    };
}

fields! {
    Accepted "accepted"
    ActualMinor "actual_minor"
    Change "change"
    Currency "currency"
    Delta "delta"
    DeltaMinor "delta_minor"
    Event "event"
    Evidence "evidence"
    ExceptionId "exception_id"
    ExpectedMinor "expected_minor"
    Fingerprint "fingerprint"
    FirstSeen "first_seen"
    Id "id"
    Kind "kind"
    LastSeen "last_seen"
    MerchantReference "merchant_reference"
    Message "message"
    Name "name"
    OpenDays "open_days"
    OrderId "order_id"
    Reason "reason"
    Rule "rule"
    SessionId "session_id"
    Severity "severity"
    Since "since"
    State "state"
    StatusDerived "status_derived"
    TransactionId "transaction_id"
}

/// Positions of the columns in a file.
#[derive(Clone, Copy, Debug)]
pub struct Places([Option<usize>; Field::NAMES.len()]);

impl Places {
    /// Finds the columns in a header row.
    pub fn of(headings: &StringRecord) -> Places {
        Places(Field::NAMES.map(|name| headings.iter().position(|heading| heading == name)))
    }

    /// The position of a column; `None` if the file lacks it.
    pub fn of_field(&self, field: Field) -> Option<usize> {
        self.0[field as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_their_names_wherever_they_stand() {
        let places = Places::of(&StringRecord::from(vec!["other", "rule", "id", "rule"]));
        let found = [Field::Rule, Field::Id, Field::Since].map(|field| places.of_field(field));
        assert_eq!(found, [Some(1), Some(2), None]);
    }
}
