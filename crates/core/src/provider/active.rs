//! Selects the provider whose exports are read.

use super::dintero::Dintero;

pub type Active = Dintero;
