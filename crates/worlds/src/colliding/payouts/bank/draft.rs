//! What is to be written of the bank.

use super::entries::Booked;

/// A statement before it is written.
#[derive(Clone, Debug)]
pub struct DraftStatement {
    pub id: String,
    pub account: (&'static str, &'static str),
    pub currency: &'static str,
    pub days: (&'static str, &'static str),
    pub opening: i64,
    pub closing: i64,
    pub entries: Vec<Booked>,
}

/// The keys of `[bank.csv]` for the CSV files of a world.
#[derive(Clone, Debug, Default)]
pub struct CsvKeys {
    pub keys: Vec<(String, String)>,
    pub text: Vec<String>,
}
