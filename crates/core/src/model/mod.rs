//! The data types: money, time, events, statuses, products, origins, cards, findings, rejects, limits.

pub mod bytes;
pub mod card;
pub mod cause;
pub mod currency;
pub mod display;
pub mod event;
pub mod evidence;
pub mod finding;
pub mod instant;
pub mod limits;
pub mod money;
pub mod number;
pub mod origin;
pub mod product;
pub mod quantity;
pub mod reject;
pub mod settings;
pub mod spelling;
pub mod status;
