//! `avstem show`: one document with everything linked to it, so that a person can re-add it.

mod json;
mod ledger;
mod live;
mod page;
mod payout_text;
mod payouts;
mod stored;
mod surroundings;
mod table;
mod text;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use avstem_core::model::card::Kind;
use avstem_core::model::display::visible;
use avstem_core::model::spelling::distance;
use clap::{Args, ValueEnum};

use super::exit::{Exit, Failure};
use super::options::{InputArgs, ResolvedOptions};
use super::output::{note, print_styled};
use super::watch::{StageCell, watched};
use super::work::{shows, take_signals, work};
use avstem_engine::engine::{Done, Kept};
use avstem_engine::io::folder::is_there;
use avstem_engine::io::inputs::discover;
use page::ShowPage;
use stored::StoredRun;

/// Show one transaction, order, session or payout: its timeline with running balance, the proof, its findings.
///
/// From a run folder made with `check --frames` it is found within about a second, also among a million documents; from the
/// export everything is read and judged.
///
/// Everything that is linked to it is shown beside it. Beneath a finding stand the fewest events that still break the
/// rule, where these are not all of them.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES, mut_arg("inputs", |inputs| inputs.required(false).required_unless_present("run")))]
pub struct ShowArgs {
    /// The id of a transaction, an order, a session, a settlement or a payout, an entry or a statement of a bank account as
    /// reports name it, or a merchant reference; several documents of one reference are listed
    #[arg(value_name = "ID")]
    pub id: String,
    #[command(flatten)]
    pub input: InputArgs,
    /// Read the frames of a run (check --frames) instead of the inputs: only the parts that can have the id
    #[arg(long, value_name = "RUN", conflicts_with = "inputs")]
    pub run: Option<PathBuf>,
    /// Print the findings alone, each with the fewest events that still break the rule: for a ticket to the provider
    #[arg(long, conflicts_with = "format")]
    pub story: bool,
    /// How it is printed
    #[arg(long, value_enum, default_value_t = ShowFormat::Text)]
    pub format: ShowFormat,
}

const EXAMPLES: &str = "\
Examples:
  avstem show P12345678.4fzk export/                   one transaction, re-added
  avstem show order-1042 export/                       by its reference
  avstem show P12345678.4fzk export/ --story           its findings, a few events each
  avstem show P12345678.4fzk export/ --format json     the same for programs
  avstem show P12345678.4fzk --run reports/2026-10-31  from the frames of a run (check --frames)";

/// How pages are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ShowFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// What the requested id leads to.
pub enum ShowAnswer {
    /// The as-of, and a page for each document.
    Pages(Option<String>, Vec<ShowPage>),
    /// It is a reference of several documents.
    Several(Vec<(Kind, String)>),
}

/// What is shown, and how many files were refused and records rejected beside it.
pub struct Answered {
    pub answer: ShowAnswer,
    pub refused: u64,
    pub rejected: u64,
}

impl ShowAnswer {
    pub fn text(&self, id: &str) -> String {
        match self {
            ShowAnswer::Pages(_, pages) => text::text(pages),
            ShowAnswer::Several(found) => text::several(&visible(id), found),
        }
    }

    pub fn json(&self, id: &str) -> String {
        match self {
            ShowAnswer::Pages(as_of, pages) => json::json(&visible(id), as_of.as_deref(), pages),
            ShowAnswer::Several(found) => json::several(&visible(id), found),
        }
    }

    /// The findings alone.
    pub fn tickets(&self, id: &str) -> String {
        match self {
            ShowAnswer::Pages(_, pages) => text::tickets(pages),
            ShowAnswer::Several(_) => self.text(id),
        }
    }
}

pub fn run(args: &ShowArgs) -> Result<Exit, Failure> {
    if args.run.is_none() {
        take_signals()?;
    }
    let stage = StageCell::default();
    let Answered { answer, refused, rejected } = watched(&stage, shows(&args.input), || answered(args, &stage))?;
    if args.input.quiet {
        return Ok(Exit::Clean);
    }
    if refused + rejected > 0 {
        note(&format!("files refused: {refused}, records rejected: {rejected}; what they hold is not shown"));
    }
    print_styled(&match (args.story, args.format) {
        (true, _) => answer.tickets(&args.id),
        (false, ShowFormat::Text) => answer.text(&args.id),
        (false, ShowFormat::Json) => answer.json(&args.id),
    })?;
    Ok(Exit::Clean)
}

/// Looks for the requested id where it is asked for.
pub fn answered(args: &ShowArgs, stage: &StageCell) -> Result<Answered, Failure> {
    match &args.run {
        Some(run) => Ok(Answered { answer: from_run(args, run)?, refused: 0, rejected: 0 }),
        None => from_input(args, stage),
    }
}

/// Reads and judges the input.
fn from_input(args: &ShowArgs, stage: &StageCell) -> Result<Answered, Failure> {
    let asked = ResolvedOptions::new(&args.input)?;
    let sources = discover(&args.input.inputs, &args.input.bank, &asked.exclude).sources;
    let done = work(&asked, &sources, true, None, stage)?;
    let answer = in_input(args, &asked, &done)?;
    done.whole()?;
    Ok(Answered { answer, refused: refused(&done), rejected: done.outcome.counts.rejected })
}

fn in_input(args: &ShowArgs, asked: &ResolvedOptions, done: &Done) -> Result<ShowAnswer, Failure> {
    let Some(kept) = &done.kept else { return Ok(ShowAnswer::Pages(None, Vec::new())) };
    let mut surroundings = live::surroundings(&args.id, done, kept);
    if surroundings.members.is_empty() {
        surroundings = match &kept.stating(&args.id)[..] {
            [] => return Err(not_there(&args.id, &args.input.inputs, done, kept)),
            [(_, id)] => live::surroundings(id, done, kept),
            several => return Ok(ShowAnswer::Several(several.to_vec())),
        };
    }
    let pages = live::pages(&surroundings, done, kept, &asked.settings)?;
    Ok(ShowAnswer::Pages(done.outcome.as_of.map(|time| time.to_string()), pages))
}

/// Reads a run's frames.
fn from_run(args: &ShowArgs, run: &Path) -> Result<ShowAnswer, Failure> {
    let stored = StoredRun::open(run)?;
    let mut surroundings = stored.surroundings(&args.id)?;
    if surroundings.members.is_empty() {
        match &stored.stating(&args.id)?[..] {
            [] => {}
            [(_, id)] => surroundings = stored.surroundings(id)?,
            several => return Ok(ShowAnswer::Several(several.to_vec())),
        }
    }
    if surroundings.members.is_empty() {
        let mut nearest = Nearest::to(&args.id);
        stored.ids(|candidate| nearest.look_at(candidate))?;
        let hint = nearest.hint().unwrap_or_else(|| "ids are compared byte by byte".to_owned());
        return Err(
            Failure::usage(format!("nothing in the run has the id or reference {}", visible(&args.id))).help(hint)
        );
    }
    Ok(ShowAnswer::Pages(stored.as_of(), stored.pages(&surroundings)?))
}

fn refused(done: &Done) -> u64 {
    done.outcome.sources.iter().filter(|source| source.fault.is_some()).count() as u64
}

fn not_there(id: &str, inputs: &[OsString], done: &Done, kept: &Kept) -> Failure {
    let mut nearest = Nearest::to(id);
    kept.ids(|candidate| nearest.look_at(candidate));
    done.outcome.payouts.all.iter().for_each(|(key, _)| nearest.look_at(&key.id));
    let counts = done.outcome.counts;
    let refused = refused(done);
    let read = format!("records read: {}, rejected: {}; files refused: {refused}", counts.records, counts.rejected);
    if is_there(Path::new(id)) && !inputs.iter().any(|input| is_there(Path::new(input))) {
        return Failure::usage(format!("{} is a file or folder, not an id", visible(id)))
            .help("the id comes first: avstem show ID INPUT...");
    }
    Failure::usage(format!("nothing in the input has the id or reference {}", visible(id)))
        .help(nearest.hint().unwrap_or_else(|| format!("{read}; ids are compared byte by byte")))
}

/// The known id closest to a mistyped one.
struct Nearest<'n> {
    id: &'n str,
    /// The largest edit distance accepted.
    limit: usize,
    best: Option<(usize, String)>,
}

impl<'n> Nearest<'n> {
    fn to(id: &'n str) -> Nearest<'n> {
        Nearest { id, limit: 2 + id.chars().count() / 6, best: None }
    }

    /// Keeps the closest id; ties go to the first by bytes.
    fn look_at(&mut self, candidate: &str) {
        let Some(far) = distance(self.id, candidate, self.limit) else { return };
        if self.best.as_ref().is_none_or(|(least, best)| (far, candidate) < (*least, best.as_str())) {
            self.limit = far;
            self.best = Some((far, candidate.to_owned()));
        }
    }

    fn hint(&self) -> Option<String> {
        self.best.as_ref().map(|(_, id)| format!("did you mean {}?", visible(id)))
    }
}
