//! The charts of the page: inline SVG, if possible without text, so that text has the same size on
//! every screen. The content is always given in words too.

mod ageing;
mod days;
mod flow;
mod heat;
mod rules;
mod scale;

pub use ageing::{finding_ages, open_ages};
pub use days::days;
pub use flow::flow;
pub use heat::heat;
pub use rules::{fired, rules};
pub use scale::{bar, currencies, length, step};
