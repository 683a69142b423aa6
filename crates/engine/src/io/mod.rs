//! Files in, files out: the only user of the file system and of decompressors.
//!
//! * [`inputs`]: what the command line names becomes a sorted list of sources
//! * [`decode`]: one source as a stream of decoded bytes, hashed and watched on the way
//! * [`output`]: a run folder that appears whole or not at all
//! * [`machine`]: what the machine has
//! * [`manifest`]: what a run says of itself
//! * [`pages`]: small files into a folder that is somebody else's
//! * [`spill`]: nameless files for what does not fit in memory
//! * [`folder`]: a run folder that is there, read without leaving it
//! * [`replace`]: a small file given new content
//! * [`workbook`]: a table that people have filled in
//! * [`together`]: files that do not wait for each other, written at once
//! * [`interrupt`]: SIGINT and SIGTERM as a question that long work asks itself

pub mod decode;
pub mod export;
pub mod folder;
pub mod inputs;
pub mod interrupt;
pub mod machine;
pub mod manifest;
pub mod output;
pub mod pages;
pub mod replace;
pub mod spill;
pub mod together;
pub mod workbook;

mod disk;
mod failed;
mod fault;
mod feed;
mod gzip;
mod hash;
mod own;
mod paths;
mod pattern;
mod pipe;
mod raw;
mod sink;
#[cfg(test)]
mod testing;
mod zstandard;
