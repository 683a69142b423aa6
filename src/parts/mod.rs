//! Rows between the steps of a run as Arrow: streams in Arrow's own form, and folders of such streams and of Parquet
//! files. The only user of the Arrow and Parquet crates.
//!
//! Four columns, none of them null: `tag` says what a row is, rows with one `key` belong together, rows of one `share` of
//! keys come to one task, and `payload` is the row with a checksum.

mod folder;
mod stream;

pub use folder::each_row_of_folder;
pub use stream::{RowStream, each_row};
