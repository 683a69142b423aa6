//! `avstem explain`: the documentation of one rule.

use std::fmt::Write;

use avstem_core::model::card::Card;
use avstem_core::model::spelling::distance;
use avstem_core::rules::{self, CATALOGUE};
use clap::Args;

use super::exit::{Exit, Failure};
use super::output::print;

/// Explain a rule: what fires, why it matters, an example of each, what to do.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct ExplainArgs {
    /// The rule's code or name, like AV101 or over-captured
    #[arg(value_name = "RULE")]
    pub rule: String,
}

const EXAMPLES: &str = "\
Examples:
  avstem explain AV101
  avstem explain over-captured";

pub fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let Some(rule) = rules::find(&args.rule) else {
        let hint = nearest(&args.rule).map(|card| format!("did you mean {} ({})?", card.code, card.name));
        let hint = hint.unwrap_or_else(|| "give a code or a name; `avstem rules` lists them".to_owned());
        return Err(Failure::usage(format!("there is no rule \"{}\"", args.rule.escape_debug())).help(hint));
    };
    print(text(rule.card))?;
    Ok(Exit::Clean)
}

/// The rule with the closest code or name, if it is close enough for a suggestion.
fn nearest(word: &str) -> Option<&'static Card> {
    let word = word.to_ascii_lowercase();
    let limit = 2 + word.len() / 4;
    let far = |card: &Card| {
        let names = [card.code.to_ascii_lowercase(), card.name.to_owned()];
        names.iter().filter_map(|name| distance(&word, name, limit)).min()
    };
    let near = CATALOGUE.iter().filter_map(|rule| Some((far(rule.card)?, rule.card)));
    near.min_by_key(|(far, card)| (*far, card.number)).map(|(_, card)| card)
}

/// The kinds of documents that a rule judges.
pub fn subjects(card: &Card) -> String {
    card.subjects.iter().map(|kind| kind.word()).collect::<Vec<_>>().join(", ")
}

fn text(card: &Card) -> String {
    let mut out = format!("{} {} ({}; judges: {})\n\n", card.code, card.name, card.severity, subjects(card));
    for line in card.docs.lines() {
        let _ = writeln!(out, "{}", line.trim());
    }
    let _ = write!(out, "\nFires:   {}\nSilent:  {}\nTo do:   {}\n", card.fires, card.silent, card.action);
    out
}

/// The rule's page in `docs/rules/`.
pub fn page(card: &Card) -> String {
    let mut out = format!("# {} {}\n\n", card.code, card.name);
    let _ = writeln!(out, "Severity: {}. Judges: {}.\n", card.severity, subjects(card));
    for line in card.docs.lines() {
        let _ = writeln!(out, "{}", line.trim());
    }
    let _ = write!(
        out,
        "\n## What a finding says\n\n> {}\n\n## Example that fires\n\n{}\n\n## Example that does not\n\n{}\n\n## What to do\n\n{}\n",
        card.message, card.fires, card.silent, card.action
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_near_miss_suggests() {
        assert_eq!(nearest("over-captrued").map(|card| card.code), Some("AV101"));
        assert_eq!(nearest("av10").map(|card| card.code), Some("AV101"));
        assert!(nearest("something else altogether").is_none());
    }
}
