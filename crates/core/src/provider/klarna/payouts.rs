//! Payouts, and what their totals mean.

use super::NAMESPACE;
use super::names::KlarnaName as Name;
use crate::document::cursor::{Seen, member};
use crate::document::reader::{Reader, required};
use crate::ledger::{AccountParts, Remittance, RemittanceKind};
use crate::model::money::{Minor, Sum};

/// Places in the parts of an account.
const CAPTURES: usize = 0;
const REFUNDS: usize = 1;
const FEES: usize = 2;
const OTHER: usize = 3;
const CARRIED_IN: usize = 4;
const CARRIED_OUT: usize = 5;

/// The part that a total belongs to, and its sign by the meaning of its name.
fn part_of(name: Name) -> Option<(usize, Sum)> {
    Some(match name {
        Name::SaleAmount => (CAPTURES, 1),
        Name::ReturnAmount => (REFUNDS, -1),
        Name::FeeAmount | Name::TaxAmount => (FEES, -1),
        Name::FeeCorrectionAmount | Name::FeeRefundAmount | Name::TaxRefundAmount => (FEES, 1),
        Name::ReversalAmount | Name::CommissionReversalAmount | Name::ChargeAmount | Name::HoldbackAmount => {
            (OTHER, -1)
        }
        Name::CommissionAmount | Name::CreditAmount | Name::ReleaseAmount => (OTHER, 1),
        // Old debt that is kept back, and what was lacking and becomes debt.
        Name::RepayAmount => (CARRIED_IN, -1),
        Name::DepositAmount => (CARRIED_OUT, 1),
        _ => return None,
    })
}

#[derive(Default)]
struct Totals {
    amount: Minor,
    by_name: AccountParts,
    as_written: AccountParts,
    opening: Option<Minor>,
    closing: Option<Minor>,
}

/// Reads a payout.
pub(in crate::provider) fn read_payout<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Remittance<'b>, R::Fault> {
    let mut seen = Seen::default();
    let [mut id, mut currency, mut day, mut holder] = [None; 4];
    let mut totals = None;
    cur.object(|cur, name| match name {
        Name::PaymentReference => member!(cur, seen, PaymentReference, id => cur.required(R::id)?),
        Name::CurrencyCode => member!(cur, seen, CurrencyCode, currency => cur.required(R::text)?),
        Name::PayoutDate => member!(cur, seen, PayoutDate, day => cur.reference()?),
        Name::MerchantId => member!(cur, seen, MerchantId, holder => cur.reference()?),
        Name::Totals => member!(cur, seen, Totals, totals => cur.required(read_totals)?),
        _ => cur.skip(),
    })?;
    let (id, currency) =
        (required(id, seen, Name::PaymentReference, cur)?, required(currency, seen, Name::CurrencyCode, cur)?);
    let totals: Totals = required(totals, seen, Name::Totals, cur)?;
    Ok(Remittance {
        namespace: NAMESPACE,
        kind: RemittanceKind::Statement,
        id,
        currency,
        amount: totals.amount,
        ids: [Some(id), None, None],
        day,
        holder,
        before: totals.opening,
        after: totals.closing,
        by_name: totals.by_name,
        as_written: totals.as_written,
        ..Remittance::default()
    })
}

fn read_totals<'b, R: Reader<'b, Name>>(cur: &mut R) -> Result<Totals, R::Fault> {
    let (mut totals, mut amount, mut seen) = (Totals::default(), None, Seen::default());
    cur.object(|cur, name| match name {
        Name::SettlementAmount => member!(cur, seen, SettlementAmount, amount => cur.required(R::amount)?),
        Name::OpeningDebtBalanceAmount => {
            member!(cur, seen, OpeningDebtBalanceAmount, totals.opening => cur.optional_amount()?)
        }
        Name::ClosingDebtBalanceAmount => {
            member!(cur, seen, ClosingDebtBalanceAmount, totals.closing => cur.optional_amount()?)
        }
        _ => {
            let Some((part, sign)) = part_of(name) else { return cur.skip() };
            cur.once(&mut seen, name, |cur| {
                let stated = Sum::from(cur.optional_amount()?.unwrap_or(0));
                totals.by_name[part] += sign * stated;
                totals.as_written[part] += stated;
                Ok(())
            })
        }
    })?;
    totals.amount = required(amount, seen, Name::SettlementAmount, cur)?;
    Ok(totals)
}
