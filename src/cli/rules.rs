//! `avstem rules`: the catalogue of rules.

use std::fmt::Write;

use avstem_core::model::card::Card;
use avstem_core::rules::CATALOGUE;
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::explain::subjects;
use super::output::print;

/// List every rule.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct RulesArgs {
    /// How the list is printed
    #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
    pub format: RulesFormat,
}

const EXAMPLES: &str = "\
Examples:
  avstem rules                                          a line each
  avstem rules --format json | jq -r '.[].code'         the codes alone
  avstem rules | grep ' error '                         the errors alone";

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RulesFormat {
    /// A line each
    Text,
    /// A JSON array
    Json,
    /// A Markdown table
    Md,
}

pub fn run(args: &RulesArgs) -> Result<Exit, Failure> {
    let cards: Vec<&Card> = CATALOGUE.iter().map(|rule| rule.card).collect();
    print(match args.format {
        RulesFormat::Text => text(&cards),
        RulesFormat::Json => json(&cards),
        RulesFormat::Md => markdown(&cards),
    })?;
    Ok(Exit::Clean)
}

/// What fires: the first line of the card's documentation.
fn first_line(card: &Card) -> &str {
    card.docs.lines().next().unwrap_or_default().trim()
}

fn text(cards: &[&Card]) -> String {
    cards.iter().fold(String::new(), |mut out, card| {
        let _ = writeln!(out, "{} {:<30} {:<8} {}", card.code, card.name, card.severity, first_line(card));
        out
    })
}

/// The rules for programs.
pub fn json(cards: &[&Card]) -> String {
    let rows: Vec<_> = cards
        .iter()
        .map(|card| {
            serde_json::json!({
                "code": card.code,
                "name": card.name,
                "severity": card.severity.word(),
                "subjects": card.subjects.iter().map(|kind| kind.word()).collect::<Vec<_>>(),
                "docs": card.docs.lines().map(str::trim).collect::<Vec<_>>().join("\n"),
                "message": card.message,
                "fires": card.fires,
                "silent": card.silent,
                "action": card.action,
            })
        })
        .collect();
    let mut out = serde_json::Value::from(rows).to_string();
    out.push('\n');
    out
}

/// The table of rules as in `docs/rules/`.
pub fn markdown(cards: &[&Card]) -> String {
    let mut out = String::from("| code | name | severity | judges | fires when |\n|---|---|---|---|---|\n");
    for card in cards {
        let _ = writeln!(
            out,
            "| [{0}]({0}.md) | {1} | {2} | {3} | {4} |",
            card.code,
            card.name,
            card.severity,
            subjects(card),
            first_line(card).replace('|', "\\|")
        );
    }
    out
}
