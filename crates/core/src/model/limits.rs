//! Every limit of the program, each with its reason.

/// Maximum nesting depth of a record. Payment data is never deeper, and the bound keeps every walk
/// over a record within a fixed stack.
pub const MAX_DEPTH: u32 = 128;

/// Default maximum size of a record in bytes: far above the largest document met (tens of
/// kilobytes), small enough for a worker to hold one whole.
pub const MAX_RECORD: u64 = 16 << 20;

/// Maximum ratio of unpacked to packed size; honest exports reach about ten.
pub const MAX_EXPANSION: u64 = 1000;

/// Lines inspected to tell line-delimited records from a single value.
pub const SNIFF_LINES: usize = 64;

/// Maximum digits of a quantity before the decimal point.
pub const QUANTITY_WHOLE_DIGITS: usize = 18;

/// Maximum digits of a quantity after the decimal point.
pub const QUANTITY_FRACTION_DIGITS: usize = 9;

/// Maximum size of one tag, comment or text of XML in bytes. Some statements carry a picture of the
/// paper form as text; more than this is no statement.
pub const MAX_MARKUP: usize = 16 << 20;

/// Maximum number of attributes of an XML element.
pub const MAX_ATTRIBUTES: usize = 64;

/// Maximum size of a value of a bank statement, and of a row of a bank's CSV file, in bytes. The
/// longest remittance text of camt.053 has 500 characters.
pub const MAX_VALUE: usize = 64 << 10;
