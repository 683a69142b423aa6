//! Writes the movements of an account as a bank's own CSV, and the configuration that reads it.

use super::camt::{date, decimal, decimals};
use crate::realistic::payout::AccountMovement;

/// The newest movement first, in the columns that one bank of Norway gives.
pub fn rows<'m>(number: &str, movements: impl DoubleEndedIterator<Item = &'m AccountMovement>) -> String {
    let header = "Bokføringsdato;Beløp;Avsender;Mottaker;Navn;Tittel;Valuta;Betalingstype\n";
    movements.rev().filter(|movement| movement.is_booked()).fold(header.to_owned(), |out, movement| {
        let sign = if movement.amount < 0 { "-" } else { "" };
        let amount = decimal(movement.amount, decimals(movement.currency), ',');
        let (from, to) = if movement.amount < 0 { (number, "") } else { ("", number) };
        let row = [
            &date(movement.day).replace('-', "/"),
            &format!("{sign}{amount}"),
            from,
            to,
            movement.debtor.unwrap_or_default(),
            &movement.text,
            movement.currency,
            "Betaling",
        ];
        out + &row.join(";") + "\n"
    })
}

/// What `avstem.toml` needs to read it.
pub fn configuration(number: &str) -> String {
    format!(
        "# The movements of bank.csv are also in export/bank: read one of the two, not both.\n\
         [bank.csv]\n\
         preset = \"nordea-no\"\n\
         account = \"{number}\"\n"
    )
}
