//! File input and output: the only user of the file system and of decompressors.
//!
//! * [`inputs`]: the command line inputs as a sorted list of sources
//! * [`decode`]: one source as a stream of decoded bytes, hashed and checked while it is read
//! * [`output`]: a run folder that appears complete or not at all
//! * [`machine`]: the memory of the machine
//! * [`manifest`]: the manifest of a run
//! * [`parts`]: the files of a folder that other programs wrote
//! * [`pages`]: small files in a folder that belongs to the user
//! * [`spill`]: unnamed files for data that does not fit in memory
//! * [`folder`]: an existing run folder, read without leaving it
//! * [`replace`]: a small file, replaced atomically
//! * [`workbook`]: a table that users have filled in
//! * [`together`]: independent files, written in parallel
//! * [`interrupt`]: SIGINT and SIGTERM as a flag that long work polls

pub mod decode;
pub mod export;
pub mod folder;
pub mod inputs;
pub mod interrupt;
pub mod machine;
pub mod manifest;
pub mod output;
pub mod pages;
pub mod parts;
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
mod part;
mod paths;
pub mod pattern;
mod pipe;
mod raw;
mod sink;
#[cfg(test)]
mod testing;
mod zstandard;
