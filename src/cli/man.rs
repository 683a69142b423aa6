//! `avstem man`: the help as man pages.

use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::exit::{Exit, Failure};
use super::output::print;
use avstem_engine::io::pages::write_pages;

/// Print a man page, or write all of them into a folder.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ManArgs {
    /// The command whose page is printed (default: the program's own)
    #[arg(value_name = "COMMAND", conflicts_with = "out")]
    pub command: Option<String>,
    /// The folder to write every page into; pages of the same name are replaced
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

const EXAMPLES: &str = "\
Examples:
  avstem man | man -l -                       read the program's page
  avstem man check | man -l -                 read a command's
  avstem man --out ~/.local/share/man/man1    install them: then `man avstem-check`";

pub fn run(args: &ManArgs, program: Command) -> Result<Exit, Failure> {
    let pages = pages(program)?;
    if let Some(folder) = &args.out {
        write_pages(folder, &pages)?;
        return Ok(Exit::Clean);
    }
    let name = args.command.as_ref().map_or_else(|| "avstem.1".to_owned(), |command| format!("avstem-{command}.1"));
    let Some((_, page)) = pages.iter().find(|(file, _)| *file == name) else {
        let command = args.command.as_deref().unwrap_or_default().escape_debug().to_string();
        return Err(Failure::usage(format!("there is no command {command}")).help("`avstem --help` lists them"));
    };
    print(page)?;
    Ok(Exit::Clean)
}

/// Every page: its file name, and its text.
fn pages(program: Command) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut program = program.disable_help_subcommand(true);
    program.build();
    let mut pages = vec![page("avstem", &program)?];
    for command in program.get_subcommands() {
        pages.push(page(&format!("avstem-{}", command.get_name()), command)?);
    }
    Ok(pages)
}

fn page(name: &str, command: &Command) -> Result<(String, Vec<u8>), Failure> {
    let mut text = Vec::new();
    Man::new(command.clone()).title(name).render(&mut text)?;
    Ok((format!("{name}.1"), text))
}
