//! The pictures of the page: inline SVG without any text of its own where that can be, so that type keeps its size on
//! every screen, and always the same in words beside it.

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
pub use scale::{bar, currencies, length};
