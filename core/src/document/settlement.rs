//! Settlement reports and items of the settlement list.

use super::Meta;
use super::cursor::{Cursor, Seen, member};
use super::fault::Read;
use super::items::required;
use crate::ledger::{Settlement, SettlementAmounts, SettlementLine};

fn cleared<'b>(settlement: &mut Settlement<'b>) {
    let (mut amounts, mut lines) = (std::mem::take(&mut settlement.amounts), std::mem::take(&mut settlement.lines));
    amounts.clear();
    lines.clear();
    *settlement = Settlement { amounts, lines, ..Settlement::default() };
}

/// Reads a settlement report; without lines it is a header.
pub(super) fn read_report<'b>(cur: &mut Cursor<'b>, settlement: &mut Settlement<'b>) -> Read<Meta<'b>> {
    cleared(settlement);
    let mut meta = Meta::default();
    let mut header = SettlementAmounts::default();
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        "dintero_settlement_id" => {
            member!(cur, seen, 0, "dintero_settlement_id", id => cur.optional(Cursor::id)?)
        }
        "currency" => member!(cur, seen, 1, "currency", header.currency => cur.optional(Cursor::text)?),
        "amount" => member!(cur, seen, 2, "amount", header.amount => cur.optional(Cursor::amount)?),
        "capture" => member!(cur, seen, 3, "capture", header.capture => cur.optional(Cursor::amount)?),
        "refund" => member!(cur, seen, 4, "refund", header.refund => cur.optional(Cursor::amount)?),
        "fee" => member!(cur, seen, 5, "fee", header.fee => cur.optional(Cursor::amount)?),
        "transactions" => cur.once(&mut seen, 6, "transactions", |cur| {
            if cur.null()? {
                return Ok(());
            }
            settlement.is_report = true;
            cur.array(|cur, place| {
                let line = read_line(cur, place as u32)?;
                settlement.lines.push(line);
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    meta.id = required(id, seen, 0, "dintero_settlement_id", cur)?;
    meta.weight = settlement.lines.len() as u32;
    settlement.id = meta.id;
    settlement.amounts.push(header);
    Ok(meta)
}

fn read_line<'b>(cur: &mut Cursor<'b>, place: u32) -> Read<SettlementLine<'b>> {
    let mut line = SettlementLine { place, transaction_id: None, capture: None, refund: None, fee: None, net: None };
    let (mut amount, mut net) = (None, None);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "transaction_id" => member!(cur, seen, 0, "transaction_id", line.transaction_id => cur.reference()?),
        "capture" => member!(cur, seen, 1, "capture", line.capture => cur.optional(Cursor::amount)?),
        "refund" => member!(cur, seen, 2, "refund", line.refund => cur.optional(Cursor::amount)?),
        "fee" => member!(cur, seen, 3, "fee", line.fee => cur.optional(Cursor::amount)?),
        "amount" => member!(cur, seen, 4, "amount", amount => cur.optional(Cursor::amount)?),
        "net_amount" => member!(cur, seen, 5, "net_amount", net => cur.optional(Cursor::amount)?),
        _ => cur.skip(),
    })?;
    line.net = net.or(amount);
    Ok(line)
}

/// Reads an item of the settlement list: headers only, one a currency.
pub(super) fn read_list_item<'b>(cur: &mut Cursor<'b>, settlement: &mut Settlement<'b>) -> Read<Meta<'b>> {
    cleared(settlement);
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        "id" => member!(cur, seen, 0, "id", id => cur.required(Cursor::id)?),
        "created_at" => member!(cur, seen, 1, "created_at", settlement.created_at => cur.optional(Cursor::instant)?),
        "updated_at" => member!(cur, seen, 2, "updated_at", meta.updated_at => cur.optional(Cursor::instant)?),
        "version" => member!(cur, seen, 3, "version", meta.version => cur.optional(Cursor::amount)?),
        "amounts" => cur.once(&mut seen, 4, "amounts", |cur| {
            cur.array(|cur, _| {
                let amounts = read_amounts(cur)?;
                settlement.amounts.push(amounts);
                Ok(())
            })
        }),
        _ => cur.skip(),
    })?;
    meta.id = required(id, seen, 0, "id", cur)?;
    meta.latest = settlement.created_at.max(meta.updated_at);
    settlement.id = meta.id;
    Ok(meta)
}

fn read_amounts<'b>(cur: &mut Cursor<'b>) -> Read<SettlementAmounts<'b>> {
    let mut amounts = SettlementAmounts::default();
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        "currency" => member!(cur, seen, 0, "currency", amounts.currency => cur.optional(Cursor::text)?),
        "amount" => member!(cur, seen, 1, "amount", amounts.amount => cur.optional(Cursor::amount)?),
        "capture" => member!(cur, seen, 2, "capture", amounts.capture => cur.optional(Cursor::amount)?),
        "refund" => member!(cur, seen, 3, "refund", amounts.refund => cur.optional(Cursor::amount)?),
        "fee" => member!(cur, seen, 4, "fee", amounts.fee => cur.optional(Cursor::amount)?),
        _ => cur.skip(),
    })?;
    Ok(amounts)
}
