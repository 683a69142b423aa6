//! Runs the engine in-process over files.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use avstem_core::document::Options;
use avstem_core::model::card::Kind;
use avstem_core::model::instant::Instant;
use avstem_core::model::limits::{MAX_EXPANSION, MAX_RECORD};
use avstem_engine::config::BankConfig;
use avstem_engine::engine::outcome::{Balance, Outcome};
use avstem_engine::engine::{self, Intake, Progress, Request};
use avstem_engine::frame::column::Cell;
use avstem_engine::io::decode::{HashKind, Limits};
use avstem_engine::io::inputs::{Place, Source};
use avstem_engine::io::spill::Scratch;
use avstem_engine::report::payouts::{PAYOUTS, PayoutAccount, each};

pub use crate::stories::{EngineSettings, Places, RunResult};
use crate::stories::{balance_row, finding_row, totals_rows};

/// Parameters that must not influence the result.
#[derive(Clone, Copy, Debug)]
pub struct RunParams {
    pub jobs: usize,
    pub block_size: usize,
    pub partitions: usize,
    pub key_filter: usize,
    pub memory: u64,
    pub strict: bool,
}

impl Default for RunParams {
    fn default() -> RunParams {
        RunParams {
            jobs: 1,
            block_size: engine::BLOCK,
            partitions: 2,
            key_filter: 1 << 12,
            memory: 1 << 30,
            strict: false,
        }
    }
}

/// A file: its name in reports, and its content.
pub type Bytes = (String, Vec<u8>);

/// Writes the files below the folder and runs over them.
pub fn run(folder: &Path, files: &[Bytes], told: &EngineSettings, manner: RunParams) -> Outcome {
    run_with_bank(folder, files, &BankConfig::default(), told, manner)
}

/// Runs over files of which those of a bank are read as the configuration says.
pub fn run_with_bank(
    folder: &Path,
    files: &[Bytes],
    bank: &BankConfig,
    told: &EngineSettings,
    manner: RunParams,
) -> Outcome {
    let mut sources = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).expect("a folder can be made");
        }
        fs::write(&path, bytes).expect("a file can be written");
        sources.push(Source {
            name: name.clone(),
            place: Place::File(path),
            fault: None,
            is_statement: name.ends_with(".csv"),
        });
    }
    let progress = Progress::new(sources.len());
    let intake = Intake {
        options: Options { strict: manner.strict, max_record: MAX_RECORD },
        hash: HashKind::None,
        limits: Limits { max_expansion: MAX_EXPANSION },
        allow_empty: false,
        block_size: manner.block_size,
        partitions: manner.partitions,
        key_filter: manner.key_filter,
    };
    let request = Request {
        sources: &sources,
        bank,
        intake,
        as_of: told.as_of,
        settings: &told.settings,
        day_of: &Instant::day,
        jobs: manner.jobs,
        memory: manner.memory,
        scratch: &Arc::new(Scratch::beside(Some(&folder.join("run")))),
        accept: &[],
        baseline: None,
        keep: false,
        progress: &progress,
    };
    let done = engine::run(&request).expect("nothing interrupts the run");
    done.whole().expect("what was put aside can be read back");
    done.outcome
}

impl RunResult {
    /// The engine's result, without the balances of settlements and payouts, which the oracle does not
    /// compute.
    pub fn of_engine(outcome: &Outcome, places: Places) -> RunResult {
        let name = |file: u32| outcome.sources[file as usize].name.as_str();
        let mut balances = Vec::new();
        let take = &mut |balance: &Balance<'_>| {
            if !matches!(balance.kind, Kind::Settlement | Kind::Payout) {
                balances.push(balance_row(balance, name(balance.origin.file), places));
            }
            Ok(())
        };
        outcome.balances.visit(take).expect("the balances can be read");
        let counts = outcome.sources.iter().map(|source| {
            let counts = &source.counts;
            format!(
                "{} accepted {} duplicate {} superseded {}",
                source.name, counts.accepted, counts.duplicate, counts.superseded
            )
        });
        RunResult {
            as_of: outcome.as_of.map(|at| at.to_string()),
            findings: outcome.findings.iter().map(|f| finding_row(&f, name(f.origin.file), places)).collect(),
            balances,
            totals: [totals_rows("transaction", &outcome.totals), totals_rows("order", &outcome.order_totals)].concat(),
            counts: if places == Places::Included { counts.collect() } else { Vec::new() },
            payouts: Vec::new(),
        }
    }

    /// The result with the rows of payouts.
    pub fn with_payouts(mut self, outcome: &Outcome, places: Places) -> RunResult {
        let take = &mut |_: &PayoutAccount<'_>, row: &[Cell<'_>]| {
            let named = PAYOUTS.iter().zip(row);
            let told = named.filter(|(column, _)| places == Places::Included || !column.name.starts_with("source"));
            self.payouts
                .push(told.map(|(column, cell)| format!("{}={cell:?}", column.name)).collect::<Vec<_>>().join(" "));
            Ok(())
        };
        each(outcome, take).expect("the payouts are there");
        self
    }
}
