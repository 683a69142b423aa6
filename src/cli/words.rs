//! The words of one command, parsed without the program around it.

use std::ffi::OsString;

use clap::{Args, Parser};

use super::exit::Failure;

/// The words after the name of a command.
#[derive(Parser)]
#[command(no_binary_name = true)]
struct Words<A: Args> {
    #[command(flatten)]
    args: A,
}

pub fn parsed<A: Args>(words: &[OsString]) -> Result<A, Failure> {
    Words::try_parse_from(words).map(|words: Words<A>| words.args).map_err(|error| {
        let text = error.to_string();
        // Below the first paragraph are the usage of the command and where its help is.
        let what = text.split("\n\n").next().unwrap_or_default();
        Failure::usage(what.strip_prefix("error: ").unwrap_or(what))
    })
}
