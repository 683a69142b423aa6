//! Whose exports are read.

use super::dintero::Dintero;

/// The provider whose documents the input is made of.
pub type Active = Dintero;
