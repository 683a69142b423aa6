//! Failures as Python exceptions.

use avstem::cli::library::Failure;
use pyo3::prelude::*;

/// The exception of a failure; `_errors.py` has a class for each exit code.
pub fn raised(py: Python<'_>, failure: &Failure) -> PyErr {
    let made = py
        .import("avstem._errors")
        .and_then(|errors| errors.getattr("error_of"))
        .and_then(|of| of.call1((failure.exit.code(), &failure.message, &failure.help)));
    made.map_or_else(|error| error, PyErr::from_value)
}
