//! Commands for another program: they return what they find instead of printing it, and leave signals to it.
//!
//! Each takes the words of its command line, so that options are the command's own.

use std::ffi::OsString;

use avstem_core::rules::CATALOGUE;
use avstem_engine::engine::step::{Gatherer, PART};

pub use super::check::Checked;
pub use super::exit::{Exit, Failure};
pub use super::step::{Given, StepRun};
pub use super::watch::{Extent, Stage, StageCell};

use super::check::{CheckArgs, NoFolder, check as check_with};
use super::merge::{MergeArgs, merge as merge_with};
use super::show::{Answered, ShowArgs, answered};
use super::step;
use super::verify::{VerifyArgs, json as verified_json, verified};
use super::words::parsed;
use super::{caught, rules as catalogue};
use crate::parts::{RowStream, each_row};

/// `avstem check`. Without `--out` no run folder is written.
pub fn check(words: &[OsString], stage: &StageCell) -> Result<Checked, Failure> {
    let args: CheckArgs = parsed(words)?;
    let for_folder = [
        ("--force", args.force),
        ("--frames", args.frames),
        ("--balances-csv", args.balances_csv),
        ("--xlsx", args.xlsx),
        ("--csv-dialect", args.csv_dialect != "plain"),
    ];
    if args.out.is_none()
        && let Some((option, _)) = for_folder.into_iter().find(|(_, is_set)| *is_set)
    {
        return Err(Failure::usage(format!("{option} is about a run folder, and none is written"))
            .help("name the folder to write with --out"));
    }
    caught(|| check_with(&args, NoFolder::Nowhere, stage))
}

/// What `avstem show` prints.
pub struct ShowTexts {
    pub json: String,
    pub text: String,
    /// With `--story`.
    pub story: String,
}

/// `avstem show`.
pub fn show(words: &[OsString], stage: &StageCell) -> Result<ShowTexts, Failure> {
    let args: ShowArgs = parsed(words)?;
    caught(|| {
        let Answered { answer, .. } = answered(&args, stage)?;
        let plain = |text: String| anstream::adapter::strip_str(&text).to_string();
        Ok(ShowTexts {
            json: answer.json(&args.id),
            text: plain(answer.text(&args.id)),
            story: plain(answer.tickets(&args.id)),
        })
    })
}

/// `avstem verify --format json`, whether the run is as its manifest says or not.
pub fn verify(words: &[OsString]) -> Result<String, Failure> {
    let args: VerifyArgs = parsed(words)?;
    caught(|| Ok(verified_json(&verified(&args)?)))
}

/// `avstem step plan`: the job, and what there is to read as an Arrow stream.
pub fn plan(words: &[OsString], part: Option<&str>) -> Result<(String, Vec<u8>), Failure> {
    caught(|| {
        let part = part.map(step::part_size).transpose().map_err(|what| Failure::usage(format!("the part: {what}")))?;
        let mut out = RowStream::new(Vec::new())?;
        let job = step::planned(words, part.unwrap_or(PART), &mut |row| out.push(row))?;
        Ok((job.text(), out.finish()?))
    })
}

/// `avstem step gather`: the job for the next steps.
pub fn gather(job: &[u8], rows: &[u8]) -> Result<String, Failure> {
    caught(|| {
        let mut gatherer = Gatherer::default();
        each_row(rows, &mut |row| gatherer.take(row))?;
        Ok(step::gathered(gatherer, step::parsed_job(job)?, None, None)?.text())
    })
}

/// `avstem merge`.
pub fn merge(words: &[OsString], stage: &StageCell) -> Result<Checked, Failure> {
    let args: MergeArgs = parsed(words)?;
    caught(|| merge_with(&args, stage))
}

/// `avstem rules --format json`.
pub fn rules() -> String {
    let cards: Vec<_> = CATALOGUE.iter().map(|rule| rule.card).collect();
    catalogue::json(&cards)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<OsString> {
        words.iter().map(OsString::from).collect()
    }

    fn refused(of: &[&str]) -> String {
        match check(&words(of), &StageCell::default()) {
            Ok(_) => panic!("{of:?} is no usage"),
            Err(failure) => {
                assert_eq!(failure.exit, Exit::Usage);
                failure.message
            }
        }
    }

    #[test]
    fn wrong_words_are_told_in_a_sentence() {
        assert_eq!(refused(&["x", "--jobs=0"]), "invalid value '0' for '--jobs <N>': 0 is not in 1..=1024");
        assert_eq!(refused(&["x", "--nothing"]), "unexpected argument '--nothing' found");
        assert_eq!(refused(&["x", "--xlsx"]), "--xlsx is about a run folder, and none is written");
        assert_eq!(
            refused(&["x", "--csv-dialect=excel-no"]),
            "--csv-dialect is about a run folder, and none is written"
        );
    }

    #[test]
    fn a_check_without_a_folder_writes_none() {
        let stage = StageCell::default();
        let found = check(&words(&["samples/export", "--fail-on=never"]), &stage).ok().unwrap();
        assert_eq!((found.exit, found.folder.is_none()), (Exit::Clean, true));
        assert!(!found.done.outcome.findings.is_empty() && found.options.written.is_empty());
        assert!(matches!(stage.get(), Stage::Running(..)), "nothing is written");
    }

    #[test]
    fn a_broken_assertion_is_a_failure() {
        let failure = caught(|| -> Result<(), Failure> { panic!("on purpose") }).unwrap_err();
        assert_eq!(failure.exit, Exit::Internal);
    }
}
