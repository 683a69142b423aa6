//! `avstem step sort`: what a shell lacks between two steps.

use std::io::{stdin, stdout};

use avstem_engine::engine::step::{RowSorter, SHARES, Tag};
use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::exit::{Exit, Failure};
use crate::cli::options::memory_size;
use crate::parts::{RowStream, each_row};

/// The memory for rows, unless another is given; what does not fit goes to a nameless temporary file.
const MEMORY: u64 = 256 << 20;

#[derive(Args, Debug)]
pub struct SortArgs {
    /// Only rows with these tags; repeatable (default: all)
    #[arg(long, value_name = "TAG", value_delimiter = ',', value_parser = PossibleValuesParser::new(Tag::ALL.iter().map(|tag| tag.word())))]
    only: Vec<String>,
    /// Only part N of M of the keys, counted from 0: a task for each part
    #[arg(long, value_name = "N/M", value_parser = share)]
    share: Option<(u16, u16)>,
    /// Memory for rows, in bytes or with K, M, G
    #[arg(long, value_name = "SIZE", value_parser = memory_size, default_value_t = MEMORY)]
    memory: u64,
}

fn share(text: &str) -> Result<(u16, u16), String> {
    let numbers = text.split_once('/').and_then(|(one, of)| Some((one.parse().ok()?, of.parse().ok()?)));
    numbers
        .filter(|(one, of)| one < of && *of <= SHARES)
        .ok_or_else(|| format!("give a part like 0/8, up to 7/8, and of {SHARES} at most"))
}

pub fn run(args: &SortArgs) -> Result<Exit, Failure> {
    let only: Vec<Tag> = args.only.iter().filter_map(|word| Tag::named(word)).collect();
    let mut sorter = RowSorter::new(args.memory, args.share);
    each_row(stdin().lock(), &mut |row| {
        if only.is_empty() || only.contains(&row.tag) { sorter.take(row) } else { Ok(()) }
    })?;
    let mut out = RowStream::new(stdout().lock())?;
    sorter.finish(&mut |row| out.push(row))?;
    drop(out.finish()?);
    Ok(Exit::Clean)
}
