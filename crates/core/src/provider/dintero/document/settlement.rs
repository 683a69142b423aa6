//! Settlement reports and items of the settlement list.

use super::names::Name;
use crate::document::Meta;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{Settlement, SettlementAmounts, SettlementLine, SettlementTexts};

fn cleared<'b>(settlement: &mut Settlement<'b>) {
    let (mut amounts, mut lines) = (std::mem::take(&mut settlement.amounts), std::mem::take(&mut settlement.lines));
    amounts.clear();
    lines.clear();
    *settlement = Settlement { amounts, lines, ..Settlement::default() };
}

/// Reads a settlement report; without a list of lines it is a header.
pub(super) fn read_report<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    settlement: &mut Settlement<'b>,
) -> Result<Meta<'b>, R::Fault> {
    cleared(settlement);
    let mut meta = Meta::default();
    let mut header = SettlementAmounts::default();
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        Name::DinteroSettlementId => {
            member!(cur, seen, DinteroSettlementId, id => cur.optional(|cur| cur.id())?)
        }
        Name::Currency => member!(cur, seen, Currency, header.currency => cur.optional_text()?),
        Name::Amount => member!(cur, seen, Amount, header.amount => cur.optional_amount()?),
        Name::Capture => member!(cur, seen, Capture, header.capture => cur.optional_amount()?),
        Name::Refund => member!(cur, seen, Refund, header.refund => cur.optional_amount()?),
        Name::Fee => member!(cur, seen, Fee, header.fee => cur.optional_amount()?),
        Name::Transactions => cur.once(&mut seen, Name::Transactions, |cur| {
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
        _ => text(cur, &mut seen, name, &mut settlement.texts),
    })?;
    meta.id = required(id, seen, Name::DinteroSettlementId, cur)?;
    meta.weight = settlement.lines.len() as u32;
    settlement.id = meta.id;
    settlement.amounts.push(header);
    Ok(meta)
}

/// Reads a member that a report and an item of the list have in common, or skips it.
fn text<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    seen: &mut Seen,
    name: Name,
    texts: &mut SettlementTexts<'b>,
) -> Result<(), R::Fault> {
    let to = match name {
        Name::SettlementReference => &mut texts.reference,
        Name::SettlementDate => &mut texts.date,
        Name::SettledAt => &mut texts.settled_at,
        Name::PaymentStatus => &mut texts.payment_status,
        Name::Provider => &mut texts.provider,
        Name::ProviderReference => &mut texts.provider_reference,
        Name::PayoutDestinationId => &mut texts.destination,
        _ => return cur.skip(),
    };
    cur.once(seen, name, |cur| {
        *to = cur.reference()?;
        Ok(())
    })
}

fn read_line<'b, R: Reader<'b, Name>>(cur: &mut R, place: u32) -> Result<SettlementLine<'b>, R::Fault> {
    let mut line = SettlementLine { place, ..SettlementLine::default() };
    let (mut amount, mut net) = (None, None);
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::TransactionId => member!(cur, seen, TransactionId, line.transaction_id => cur.reference()?),
        Name::Capture => member!(cur, seen, Capture, line.capture => cur.optional_amount()?),
        Name::Refund => member!(cur, seen, Refund, line.refund => cur.optional_amount()?),
        Name::Fee => member!(cur, seen, Fee, line.fee => cur.optional_amount()?),
        Name::Amount => member!(cur, seen, Amount, amount => cur.optional_amount()?),
        Name::NetAmount => member!(cur, seen, NetAmount, net => cur.optional_amount()?),
        Name::PaymentProductType => {
            member!(cur, seen, PaymentProductType, line.product_type => cur.reference()?)
        }
        _ => cur.skip(),
    })?;
    line.net = net.or(amount);
    Ok(line)
}

/// Reads an item of the settlement list: headers only, one per currency.
pub(super) fn read_list_item<'b, R: Reader<'b, Name>>(
    cur: &mut R,
    settlement: &mut Settlement<'b>,
) -> Result<Meta<'b>, R::Fault> {
    cleared(settlement);
    let mut meta = Meta::default();
    let mut seen = Seen::default();
    let mut id = None;
    cur.object(|cur, name| match name {
        Name::Id => member!(cur, seen, Id, id => cur.required(R::id)?),
        Name::CreatedAt => member!(cur, seen, CreatedAt, settlement.created_at => cur.optional_instant()?),
        Name::UpdatedAt => member!(cur, seen, UpdatedAt, meta.updated_at => cur.optional_instant()?),
        Name::Version => member!(cur, seen, Version, meta.version => cur.optional_amount()?),
        Name::Amounts => cur.once(&mut seen, Name::Amounts, |cur| {
            cur.array(|cur, _| {
                let amounts = read_amounts(cur)?;
                settlement.amounts.push(amounts);
                Ok(())
            })
        }),
        _ => text(cur, &mut seen, name, &mut settlement.texts),
    })?;
    meta.id = required(id, seen, Name::Id, cur)?;
    meta.latest = settlement.created_at.max(meta.updated_at);
    settlement.id = meta.id;
    Ok(meta)
}

fn read_amounts<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<SettlementAmounts<'b>, R::Fault> {
    let mut amounts = SettlementAmounts::default();
    let mut seen = Seen::default();
    cur.object(|cur, name| match name {
        Name::Currency => member!(cur, seen, Currency, amounts.currency => cur.optional_text()?),
        Name::Amount => member!(cur, seen, Amount, amounts.amount => cur.optional_amount()?),
        Name::Capture => member!(cur, seen, Capture, amounts.capture => cur.optional_amount()?),
        Name::Refund => member!(cur, seen, Refund, amounts.refund => cur.optional_amount()?),
        Name::Fee => member!(cur, seen, Fee, amounts.fee => cur.optional_amount()?),
        _ => cur.skip(),
    })?;
    Ok(amounts)
}
