//! The program.

use std::process::ExitCode;

fn main() -> ExitCode {
    avstem::cli::main()
}
