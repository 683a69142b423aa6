//! `avstem generate`: a synthetic export, and the list of its planted faults.

use std::fmt::Write;
use std::io;
use std::path::PathBuf;

use avstem_worlds::realistic::{Detail, Stream, WorldOptions, WorldOutput, WorldSummary, generate};
use clap::{Args, ValueEnum};

use avstem_engine::io::export::{ExportFolder, Packing};

/// Make a synthetic export in DIR/export/, and DIR/truth.csv with every finding that its faults must cause.
#[derive(Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct GenerateArgs {
    /// How many transactions to make, with the orders, sessions and settlements that belong to them
    #[arg(long, value_name = "N")]
    pub transactions: u64,
    /// Which world to make: the same numbers always give the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The share of orders with a fault in them, from 0 to 1
    #[arg(long, value_name = "RATE", default_value = "0.03", value_parser = per_million)]
    pub faults: u32,
    /// How much of each document to write
    #[arg(long, value_enum, default_value_t = DetailArg::Lean)]
    pub shape: DetailArg,
    /// Also make what payments know of their payouts, and bank statements that receive them: camt.053 in
    /// DIR/export/bank/, the movements of one account again as DIR/bank.csv, and DIR/bank.toml, which reads that
    #[arg(long)]
    pub payouts: bool,
    /// How to pack the files
    #[arg(long, value_enum, default_value_t = CompressionArg::None)]
    pub compression: CompressionArg,
    /// The folder to write into
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

const EXAMPLES: &str = "\
Examples:
  avstem generate --transactions 1000 --out world          then: avstem check world/export
  avstem generate --transactions 100000 --seed 7 --faults 0.01 --compression zstd --out big
  avstem generate --transactions 1000 --payouts --out paid then: avstem check paid/export";

/// How much of each document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DetailArg {
    /// What a reconciliation reads, and little else
    Lean,
    /// Everything that a real export has, invented people included
    Fat,
}

/// How files are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CompressionArg {
    /// Plain text
    None,
    /// gzip
    Gzip,
    /// zstd
    Zstd,
}

/// Parses a share as parts per million, without floats.
fn per_million(text: &str) -> Result<u32, String> {
    let wrong = || "give a share from 0 to 1 with at most six decimals, like 0.03".to_owned();
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if text.len() > 8 || fraction.len() > 6 || whole.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(wrong());
    }
    let parts: u32 = format!("{whole}{fraction:0<6}").parse().map_err(|_| wrong())?;
    if parts > 1_000_000 { Err(wrong()) } else { Ok(parts) }
}

struct Folder(ExportFolder);

impl WorldOutput for Folder {
    fn append(&mut self, stream: Stream, lines: &[u8]) -> io::Result<()> {
        self.0.append(stream.stem(), lines)
    }

    fn file(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.file(path, bytes)
    }

    fn beside(&mut self, name: &'static str, bytes: &[u8]) -> io::Result<()> {
        self.0.file_beside(name, bytes)
    }

    fn truth(&mut self, lines: &[u8]) -> io::Result<()> {
        self.0.beside(lines)
    }
}

/// Generates the export.
///
/// # Errors
///
/// Returns `AlreadyExists` if the folder holds an export already, or the error of a failed write;
/// then no export is left.
pub fn run(args: &GenerateArgs) -> io::Result<WorldSummary> {
    let packing = match args.compression {
        CompressionArg::None => Packing::Plain,
        CompressionArg::Gzip => Packing::Gzip,
        CompressionArg::Zstd => Packing::Zstd,
    };
    let options = WorldOptions {
        transactions: args.transactions,
        seed: args.seed,
        faults_per_million: args.faults,
        detail: match args.shape {
            DetailArg::Lean => Detail::Lean,
            DetailArg::Fat => Detail::Fat,
        },
        payouts: args.payouts,
    };
    let mut folder = Folder(ExportFolder::create(&args.out, "truth.csv", packing)?);
    let summary = generate(&options, &mut folder)?;
    folder.0.finish()?;
    Ok(summary)
}

/// The summary that is printed.
pub fn describe(summary: &WorldSummary) -> String {
    let mut rows = vec![
        ("transactions", summary.transactions),
        ("orders", summary.orders),
        ("sessions", summary.sessions),
        ("webhooks", summary.webhooks),
        ("settlement reports", summary.reports),
        ("further copies", summary.copies),
        ("bytes before packing", summary.bytes),
        ("faults put in", summary.faults),
        ("findings they cause", summary.findings),
    ];
    if summary.statements > 0 {
        rows.insert(5, ("bank statements", summary.statements));
    }
    rows.iter().fold(String::new(), |mut out, (name, count)| {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{name:<22}{count:>14}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_read_exactly() {
        for (text, parts) in [("0", 0), ("1", 1_000_000), ("0.03", 30_000), ("0.000001", 1), ("1.0", 1_000_000)] {
            assert_eq!(per_million(text), Ok(parts), "{text}");
        }
        for text in ["", ".5", "-0.1", "1.1", "2", "0.0000001", "3%", "1e-2", "0,03", "99999999"] {
            assert!(per_million(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_export_and_its_truth_appear_once() {
        let folder = tempfile::tempdir().unwrap();
        let args = GenerateArgs {
            transactions: 300,
            seed: 5,
            faults: 500_000,
            shape: DetailArg::Lean,
            payouts: false,
            compression: CompressionArg::Zstd,
            out: folder.path().join("new/world"),
        };
        let summary = run(&args).unwrap();
        assert_eq!((summary.transactions, describe(&summary).lines().count()), (300, 9));
        assert!(args.out.join("truth.csv").metadata().is_ok_and(|file| file.len() > 100 * summary.findings / 2));
        assert!(args.out.join("export/transactions/part-00001.ndjson.zst").is_file());
        assert!(args.out.join("export/settlements/list.json").is_file());
        assert!(!args.out.join("bank.csv").exists());
        assert_eq!(run(&args).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }

    #[test]
    fn a_world_with_payouts_has_a_bank() {
        let folder = tempfile::tempdir().unwrap();
        let args = GenerateArgs {
            transactions: 20,
            seed: 5,
            faults: 0,
            shape: DetailArg::Lean,
            payouts: true,
            compression: CompressionArg::None,
            out: folder.path().join("world"),
        };
        let summary = run(&args).unwrap();
        assert!(summary.statements >= 16 && describe(&summary).contains("bank statements"));
        assert_eq!(args.out.join("export/bank").read_dir().unwrap().count(), 16);
        for name in ["bank.csv", "bank.toml"] {
            assert!(args.out.join(name).is_file(), "{name}");
        }
    }
}
