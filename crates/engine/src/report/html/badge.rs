//! A severity as it is shown everywhere on the page.

use avstem_core::model::card::Severity;

use super::markup::{Markup, html};

/// Writes a severity with shape, word and colour.
pub fn severity(severity: Severity, out: &mut Markup) {
    html!(out; "<span class=\"s " [severity.word()] "\">" [severity.word()] "</span>");
}
