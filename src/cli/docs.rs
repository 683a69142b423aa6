//! Generated pages of `docs/`; a test keeps them up to date.

use std::fmt::Write;

use avstem_core::model::card::Card;
use avstem_core::rules::CATALOGUE;
use clap::{Command, CommandFactory};

use super::exit::Exit;
use super::{Cli, explain, rules};
use avstem_engine::frame::frames_markdown;
use avstem_engine::report::columns_markdown;

/// The width of help on the page, independent of the terminal.
const WIDTH: usize = 100;

/// Every generated page: its path from the repository's root, and its text.
pub fn pages() -> Vec<(String, String)> {
    let cards: Vec<&Card> = CATALOGUE.iter().map(|rule| rule.card).collect();
    let mut pages = vec![
        ("docs/CLI.md".to_owned(), commands()),
        ("docs/COLUMNS.md".to_owned(), columns_markdown()),
        ("docs/EXIT_CODES.md".to_owned(), exit_codes()),
        ("docs/FRAMES.md".to_owned(), frames_markdown()),
        ("docs/rules/README.md".to_owned(), index(&cards)),
    ];
    pages.extend(cards.iter().map(|card| (format!("docs/rules/{}.md", card.code), explain::page(card))));
    pages
}

fn index(cards: &[&Card]) -> String {
    let introduction = "`avstem explain RULE` prints the same by code or name. A code and a name never change their \
                        meaning; a code that is no longer used is not used again.";
    format!("# The rules\n\n{} rules. {introduction}\n\n{}", cards.len(), rules::markdown(cards))
}

fn exit_codes() -> String {
    let mut out = String::from(
        "# Exit codes\n\n4 outranks 3, and both outrank 1. Where the third column says *no*, nothing is left that looks \
         like a finished run, and an\nolder run in its place stays. Commands that write no run folder use the same \
         codes.\n\n| code | meaning | run folder | what to do |\n|---|---|---|---|\n",
    );
    for exit in Exit::ALL {
        let [meaning, folder, action] = exit.explanation();
        let _ = writeln!(out, "| {} | {meaning} | {folder} | {action} |", exit.code());
    }
    out
}

fn commands() -> String {
    let mut program = Cli::command().term_width(WIDTH);
    program.build();
    let mut out = String::from("# The command line\n\nWhat `avstem --help` and `avstem COMMAND --help` print.\n");
    help(&mut program, &mut out);
    for command in program.get_subcommands_mut().filter(|command| command.get_name() != "help") {
        help(command, &mut out);
    }
    out
}

fn help(command: &mut Command, out: &mut String) {
    let text = command.render_long_help().to_string();
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let _ = write!(out, "\n## {name}\n\n```text\n");
    for line in text.trim_end().lines() {
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out.push_str("```\n");
}
