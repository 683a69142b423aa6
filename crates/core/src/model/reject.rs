//! Reasons why a record or a whole file could not be used: codes and messages.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! reasons {
    ($(#[$meta:meta])* $name:ident { $($variant:ident = $code:literal, $words:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $(#[doc = $words] #[serde(rename = $code)] $variant,)+
        }

        impl $name {
            /// Every reason, in the order of the documentation.
            pub const ALL: &'static [$name] = &[$($name::$variant,)+];

            /// The code that stands in `rejects.csv`.
            pub const fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// What it means, in words that never quote the input.
            pub const fn words(self) -> &'static str {
                match self { $($name::$variant => $words,)+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.code())
            }
        }
    };
}

reasons! {
    /// Why one record was rejected while the rest of its file is used.
    RecordReason {
        Syntax = "syntax", "the text is not JSON here";
        InvalidUtf8 = "invalid_utf8", "the text is not valid UTF-8, or an escape in it names half a character";
        NotAnObject = "not_an_object", "a record must be a JSON object";
        UnknownShape = "unknown_shape", "the object is no transaction, order, operation, session or settlement that we know";
        MissingField = "missing_field", "a required field is missing";
        NullField = "null_field", "a required field is null";
        WrongType = "wrong_type", "the field has another JSON type than it must have";
        AmountNotInteger = "amount_not_integer", "an amount must be a whole number of minor units";
        AmountOutOfRange = "amount_out_of_range", "the number does not fit in 64 bits";
        QuantityOutOfRange = "quantity_out_of_range", "a quantity has at most 18 digits before and 9 after the point";
        BadId = "bad_id", "an id must not be empty nor hold control characters";
        BadTimestamp = "bad_timestamp", "a time must be RFC 3339 with Z or an offset";
        DuplicateKey = "duplicate_key", "the same name stands twice in one object";
        NestingTooDeep = "nesting_too_deep", "brackets are nested deeper than 128 levels";
        RecordTooLarge = "record_too_large", "the record is larger than --max-record";
        TruncatedRecord = "truncated_record", "the record ends before its value is closed";
        TrailingData = "trailing_data", "there is more text after the record's value";
        MissingOrderId = "missing_order_id", "an operation must name its order: save it as orders/ORDER_ID/COLLECTION/ID.json, the path of the API, or put it into a list beside order_id";
    }
}

reasons! {
    /// Why a file was refused as a whole.
    FileReason {
        NotFound = "not_found", "there is no such file or folder";
        Permission = "permission", "it may not be read";
        NotRegular = "not_regular", "it is neither a regular file nor a pipe";
        IoError = "io_error", "reading failed";
        ChangedWhileReading = "changed_while_reading", "the file changed while it was read";
        EmptyInput = "empty_input", "the file is empty (use --allow-empty if that is fine)";
        Encoding = "encoding", "the text has another encoding than it must have";
        NotAnExport = "not_an_export", "this is not an export of payment data";
        DownloadLink = "download_link", "this is a download link, not the report behind it: open the url and save what it gives";
        BrokenText = "broken_text", "the text of the file is broken";
        TrailingData = "trailing_data", "there is more data after the end";
        Truncated = "truncated", "the compressed data ends early";
        Corrupt = "corrupt", "the compressed data is damaged";
        ExpansionTooLarge = "expansion_too_large", "the data unpacks to more than --max-expansion allows";
        WindowTooLarge = "window_too_large", "the zstd window is larger than 128 MiB";
        MissingField = "missing_field", "the bank statement lacks a required value";
        WrongType = "wrong_type", "a value of the bank statement is of another kind than it must be";
        BadTimestamp = "bad_timestamp", "a date of the bank statement is none, or has another form";
        AmountNotInteger = "amount_not_integer", "an amount of the bank statement has more decimals than its currency";
        AmountOutOfRange = "amount_out_of_range", "an amount of the bank statement does not fit in 64 bits";
    }
}

/// A file that was refused: nothing of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileFault {
    pub reason: FileReason,
    /// What was found and what to do, in words that quote no value of the input.
    pub detail: String,
}

impl FileFault {
    /// A fault whose sentence adds `detail` to the reason's own words.
    pub fn new(reason: FileReason, detail: impl Into<String>) -> Self {
        FileFault { reason, detail: detail.into() }
    }

    /// The sentence for `rejects.csv`.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() {
            self.reason.words().to_owned()
        } else {
            format!("{}: {}", self.reason.words(), self.detail)
        }
    }
}

impl From<FileReason> for FileFault {
    fn from(reason: FileReason) -> Self {
        FileFault { reason, detail: String::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_its_reason_and_what_was_found() {
        let words = FileReason::Truncated.words();
        assert_eq!(FileFault::from(FileReason::Truncated).sentence(), words);
        assert_eq!(FileFault::new(FileReason::Truncated, "at 12").sentence(), format!("{words}: at 12"));
    }
}
