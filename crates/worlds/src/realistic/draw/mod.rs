//! A purchase, drawn at random.

mod basket;
mod events;
pub mod order;
pub mod purchase;
