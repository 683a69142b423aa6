//! Printing: data to standard output, remarks to standard error.

use std::io::{IsTerminal, Write};

use super::exit::Failure;
use super::style::{NOTE, styled};

/// Prints a remark on standard error.
pub fn note(text: &str) {
    // If standard error is closed, the remark is lost.
    let _ = writeln!(anstream::stderr(), "{} {text}", styled(NOTE, "avstem: note:"));
}

/// Writes styled text to standard output; colours are stripped unless it is a terminal.
pub fn print_styled(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

pub fn print(data: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(data.as_ref())?;
    out.flush()?;
    Ok(())
}

/// Whether standard error is a terminal.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
