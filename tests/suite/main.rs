//! Black-box tests of avstem: one binary, one module per subject.

mod accepting;
mod bank_pages;
mod banking;
mod commands;
mod configuring;
mod dependencies;
mod differential;
mod disasters;
mod docs;
mod evenings;
mod fetching;
mod generated;
mod journal;
mod laws;
mod messages;
mod nightly;
mod nights;
mod oracle;
mod pages;
#[cfg(feature = "query")]
mod parquet;
mod payout_differential;
mod payout_worlds;
mod reading;
mod rule_places;
mod rules;
mod runs;
mod samples;
mod showing;
mod steps;
mod stories;
mod support;
mod tidy;
mod worlds;
