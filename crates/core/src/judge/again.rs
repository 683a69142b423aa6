//! Transactions whose short rows do not suffice: they are read again from their files, and the full
//! rows take the place of the short ones.

use super::documents::Plan;
use crate::model::card::Kind;
use crate::model::evidence::Watch;
use crate::model::instant::Instant;
use crate::model::settings::Settings;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::SealedRows;
use crate::rows::{self, Account, Key, KeyFilter, Row, RowKind, Sealed};

/// The time since which an open transaction has been authorised, and its window in seconds; `None`
/// without a time.
pub(super) fn open_since(account: &Account<'_>, settings: &Settings) -> Option<(Instant, u64)> {
    let since = account.figures.last_authorize.flatten().or(account.created_at)?;
    let product_type = account.names().product_type.unwrap_or_default();
    Some((since, settings.authorization(product_type, &Active::product(product_type))))
}

/// Takes out the short rows of transactions whose copies differ, or that are evidence of an earlier
/// run: then their whole content counts. `are_same` tells whether rows come from records of the same
/// bytes.
pub fn take_copied<'p>(
    rows: &mut SealedRows<'p>,
    keys: &KeyFilter,
    watch: Watch<'_>,
    mut are_same: impl FnMut(&[Row<'p>]) -> bool,
) -> Vec<Row<'p>> {
    let is_watched = |id: &str| watch.parts_of(Kind::Transaction, id).next().is_some();
    let may_count =
        |row: &Sealed<'p>| keys.is_repeated(Key::Copy, row.id) || (!watch.is_empty() && is_watched(row.text()));
    rows.take_copies(may_count, |copies| {
        let are_equal = || copies.iter().all(|row| row.kind.is_short() && row.equals(&copies[0]));
        is_watched(copies[0].id) || (copies.len() > 1 && !(are_equal() && are_same(copies)))
    })
}

/// Takes out the short rows of open transactions that are past their window.
pub fn take_stale<'p>(rows: &mut SealedRows<'p>, plan: &Plan<'_>) -> Vec<Row<'p>> {
    rows.take_transactions(|row| {
        if row.kind != RowKind::Open {
            return false;
        }
        let mut account = rows::account(&row.open());
        account.look_at_moves();
        match (open_since(&account, plan.settings), plan.facts.as_of) {
            (Some((since, window)), Some(as_of)) => as_of.is_later_by_more_than(since, window),
            (None, _) => true,
            (Some(_), None) => false,
        }
    })
}
