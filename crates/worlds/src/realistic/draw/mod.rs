//! Draws a random purchase.

mod basket;
mod events;
pub mod order;
pub mod purchase;
