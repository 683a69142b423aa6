//! Every limit of the program, each with its reason.

/// Brackets may nest this deep within a record. Deeper text is no payment data, and a bound keeps every
/// walk over it within a fixed stack.
pub const MAX_DEPTH: u32 = 128;

/// The largest record by default: far above the largest document met (tens of kilobytes), small enough
/// that a worker can hold one whole.
pub const MAX_RECORD: u64 = 16 << 20;

/// Unpacked data may be this many times the packed data: honest exports reach about ten.
pub const MAX_EXPANSION: u64 = 1000;

/// Lines looked at to tell lines from one value.
pub const SNIFF_LINES: usize = 64;

/// Digits before the point of a quantity.
pub const QUANTITY_WHOLE_DIGITS: usize = 18;

/// Digits after the point of a quantity.
pub const QUANTITY_FRACTION_DIGITS: usize = 9;
