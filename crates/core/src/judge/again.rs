//! Transactions whose short rows do not suffice: they are read again from their files, and the full
//! rows take the place of the short ones.

use super::documents::Plan;
use super::totals::Today;
use crate::model::card::Kind;
use crate::model::evidence::Watch;
use crate::model::settings::Settings;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::SealedRows;
use crate::rows::{self, Account, Key, KeyFilter, Row, RowKind, Sealed};

/// Whether a short row may have copies, or is evidence of an earlier run: then its content counts.
fn is_copied(row: &Sealed<'_>, keys: &KeyFilter, watch: Watch<'_>) -> bool {
    let is_watched = || watch.parts_of(Kind::Transaction, row.text()).next().is_some();
    row.kind.is_short() && (keys.is_repeated(Key::Copy, row.id) || is_watched())
}

/// Whether an open transaction may be past its authorization window.
pub(super) fn is_stale(account: &Account<'_>, settings: &Settings, today: &Today<'_>) -> bool {
    let Some(since) = account.figures.last_authorize.flatten().or(account.created_at) else { return true };
    let shortest = settings.shortest_authorization(Active::FEWEST_AUTHORIZATION_DAYS);
    today.as_of.is_some_and(|as_of| as_of.is_later_by_more_than(since, shortest))
}

/// Takes out the short rows that may have copies.
pub fn take_copied<'p>(rows: &mut SealedRows<'p>, keys: &KeyFilter, watch: Watch<'_>) -> Vec<Row<'p>> {
    rows.take_transactions(|row| is_copied(row, keys, watch))
}

/// Takes out the short rows that judging needs more of.
pub fn take_short<'p>(rows: &mut SealedRows<'p>, plan: &Plan<'_>) -> Vec<Row<'p>> {
    let mut moves = Vec::new();
    rows.take_transactions(|row| {
        is_copied(row, plan.keys, plan.watch)
            || (row.kind == RowKind::Open
                && is_stale(&rows::account(&row.open(), &mut moves), plan.settings, &plan.today()))
    })
}
