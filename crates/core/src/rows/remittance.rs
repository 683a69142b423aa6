//! Rows of what providers that pay out themselves report.

use super::row::Row;
use super::unpacker::Unpacker;
use super::wire::Wire;
use crate::ledger::{AccountParts, Remittance, RemittanceKind, RemittedPart};

/// The id of a remittance's row: equal ones have the same, and so have the copies of a statement.
pub(super) fn row_id(remittance: &Remittance<'_>) -> String {
    let Remittance { namespace, kind, id, currency, content, .. } = remittance;
    match kind {
        // The id of a row has no control characters.
        RemittanceKind::Statement => format!("{namespace} {} {id}", currency.escape_default()),
        RemittanceKind::Line | RemittanceKind::Entry => format!("{namespace} {:032x}", u128::from_be_bytes(*content)),
    }
}

/// Packs a remittance as the body of its row.
pub fn pack_remittance(out: &mut impl Wire, remittance: &Remittance<'_>) {
    let Remittance { namespace, kind, id, currency, part, is_taken_off, amount, ids, .. } = remittance;
    let Remittance { day, time, word, holder, before, after, by_name, as_written, content, origin: _, .. } = remittance;
    [namespace, id, currency, word].iter().for_each(|text| out.text(text));
    out.byte(*kind as u8);
    out.byte(*part as u8);
    out.flag(*is_taken_off);
    out.signed(*amount);
    ids.iter().chain([day, holder]).for_each(|text| out.opt_text(*text));
    out.opt_instant(*time);
    [before, after].iter().for_each(|balance| out.opt_signed(**balance));
    if *kind == RemittanceKind::Statement {
        by_name.iter().chain(as_written).for_each(|sum| out.sum(*sum));
    }
    out.raw(content);
}

/// Unpacks the remittance of a row.
pub fn remittance<'p>(row: &Row<'p>) -> Remittance<'p> {
    let mut values = Unpacker::new(row.body);
    let [namespace, id, currency, word] = [(); 4].map(|()| values.text());
    let kind = RemittanceKind::ALL[usize::from(values.byte())];
    let part = RemittedPart::ALL[usize::from(values.byte())];
    let (is_taken_off, amount) = (values.flag(), values.signed());
    let [first, second, third, day, holder] = [(); 5].map(|()| values.opt_text());
    let (time, before, after) = (values.opt_instant(), values.opt_signed(), values.opt_signed());
    let mut parts = || -> AccountParts {
        if kind == RemittanceKind::Statement { std::array::from_fn(|_| values.sum()) } else { [0; 6] }
    };
    let [by_name, as_written] = [(); 2].map(|()| parts());
    let content = values.array();
    assert!(values.rest().is_empty(), "a remittance's row holds more than it should");
    Remittance {
        namespace,
        kind,
        id,
        currency,
        part,
        is_taken_off,
        amount,
        ids: [first, second, third],
        day,
        time,
        word,
        holder,
        before,
        after,
        by_name,
        as_written,
        content,
        origin: row.origin,
    }
}
