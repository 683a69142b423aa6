//! Transactions whose short rows do not suffice: they are read again from their files, and the full
//! rows take the place of the short ones.

use super::documents::Plan;
use crate::model::card::Kind;
use crate::model::evidence::Watch;
use crate::model::instant::Instant;
use crate::model::settings::Settings;
use crate::provider::Provider;
use crate::provider::active::Active;
use crate::resolve::{SealedRows, kept};
use crate::rows::{self, Account, Key, KeyFilter, Row, RowKind, Sealed};

/// The time since which an open transaction has been authorised, and its window in seconds; `None`
/// without a time.
pub(super) fn open_since(account: &Account<'_>, settings: &Settings) -> Option<(Instant, u64)> {
    let since = account.figures.last_authorize.flatten().or(account.created_at)?;
    let product_type = account.names().product_type.unwrap_or_default();
    Some((since, settings.authorization(product_type, &Active::product(product_type))))
}

/// Transactions with more copies than this are read again if these are not all equal.
const FEW: usize = 8;

/// Takes out the short rows of transactions about whose copies a rule may have something to say, or that are evidence of
/// an earlier run: then their whole content counts. `are_same` tells whether rows come from records of the same bytes.
pub fn take_copied<'p>(
    rows: &mut SealedRows<'p>,
    keys: &KeyFilter,
    watch: Watch<'_>,
    are_same: impl FnMut(&[Row<'p>]) -> bool,
) -> Vec<Row<'p>> {
    take_if(rows, keys, watch, |_| false, are_same)
}

/// Does so, and takes out those of open transactions that are past their window.
pub fn take_copied_or_stale<'p>(
    rows: &mut SealedRows<'p>,
    plan: &Plan<'_>,
    are_same: impl FnMut(&[Row<'p>]) -> bool,
) -> Vec<Row<'p>> {
    let is_stale = |row: &Row<'p>| {
        if row.kind != RowKind::Open {
            return false;
        }
        let mut account = rows::account(row);
        account.look_at_moves();
        match (open_since(&account, plan.settings), plan.facts.as_of) {
            (Some((since, window)), Some(as_of)) => as_of.is_later_by_more_than(since, window),
            (None, _) => true,
            (Some(_), None) => false,
        }
    };
    let mut taken = take_if(rows, plan.keys, plan.watch, is_stale, are_same);
    // A superseded copy may be open, too.
    let is_alone = |row: &Sealed<'p>| !plan.keys.is_repeated(Key::Copy, row.id);
    taken.extend(rows.take_transactions(|row| row.kind == RowKind::Open && is_alone(row) && is_stale(&row.open())));
    taken
}

fn take_if<'p>(
    rows: &mut SealedRows<'p>,
    keys: &KeyFilter,
    watch: Watch<'_>,
    is_stale: impl Fn(&Row<'p>) -> bool,
    mut are_same: impl FnMut(&[Row<'p>]) -> bool,
) -> Vec<Row<'p>> {
    let is_watched = |id: &str| watch.parts_of(Kind::Transaction, id).next().is_some();
    let places = |row: &Sealed<'p>| keys.places_of(Key::Copy, row.id);
    let may_count =
        |row: &Sealed<'p>, places| keys.is_repeated_at(places) || (!watch.is_empty() && is_watched(row.text()));
    rows.take_copies(places, may_count, |copies| {
        let needs_all = |kept: usize| is_stale(&copies[kept]) || !are_of_no_interest(copies, kept, &mut are_same);
        is_watched(copies[0].id) || kept(copies).is_none_or(needs_all)
    })
}

/// Whether copies have short rows, and these suffice to know that no rule about copies finds fault with them: they are
/// equal, or were updated one after the other and the kept one has all that the others tell.
fn are_of_no_interest<'p>(copies: &[Row<'p>], kept: usize, are_same: &mut impl FnMut(&[Row<'p>]) -> bool) -> bool {
    if copies.len() == 1 {
        return true;
    }
    if !copies.iter().all(|row| row.kind.is_short()) {
        return false;
    }
    let mut are_equal = |rows: &[Row<'p>]| rows[1..].iter().all(|row| row.equals(&rows[0])) && are_same(rows);
    if are_equal(copies) {
        return true;
    }
    let account = rows::account(&copies[kept]);
    let mut follow = |row: &Row<'p>, other: &Row<'p>| {
        (row.updated_at, row.version) != (other.updated_at, other.version) || are_equal(&[*row, *other])
    };
    copies.len() <= FEW
        && copies.iter().enumerate().all(|(n, row)| {
            (n == kept || account.surpasses(&rows::account(row))) && copies[..n].iter().all(|other| follow(row, other))
        })
}
