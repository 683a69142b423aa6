//! What is printed: data to standard output, remarks to standard error.

use std::io::{IsTerminal, Write};

use super::exit::Failure;
use super::style::{NOTE, styled};

/// Says something on standard error that is no failure.
pub fn note(text: &str) {
    // Standard error may be closed; then there is nobody to tell.
    let _ = writeln!(anstream::stderr(), "{} {text}", styled(NOTE, "avstem: note:"));
}

/// Writes text with colours to standard output: they are left out where no person looks.
pub fn print_styled(text: &str) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Writes data to standard output.
pub fn print(data: impl AsRef<[u8]>) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(data.as_ref())?;
    out.flush()?;
    Ok(())
}

/// Whether a person looks at standard error.
pub fn is_watched() -> bool {
    std::io::stderr().is_terminal()
}
