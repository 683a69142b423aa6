//! Names of members that are read.

use crate::document::names::few_names;

few_names! {
    pub(in crate::provider) KlarnaName {
        PaymentReference = "payment_reference",
        PayoutDate = "payout_date",
        CurrencyCode = "currency_code",
        MerchantId = "merchant_id",
        Totals = "totals",
        Type = "type",
        Amount = "amount",
        OrderId = "order_id",
        CaptureId = "capture_id",
        RefundId = "refund_id",
        SettlementAmount = "settlement_amount",
        OpeningDebtBalanceAmount = "opening_debt_balance_amount",
        ClosingDebtBalanceAmount = "closing_debt_balance_amount",
        SaleAmount = "sale_amount",
        ReturnAmount = "return_amount",
        FeeAmount = "fee_amount",
        FeeCorrectionAmount = "fee_correction_amount",
        FeeRefundAmount = "fee_refund_amount",
        TaxAmount = "tax_amount",
        TaxRefundAmount = "tax_refund_amount",
        ReversalAmount = "reversal_amount",
        CommissionAmount = "commission_amount",
        CommissionReversalAmount = "commission_reversal_amount",
        ChargeAmount = "charge_amount",
        CreditAmount = "credit_amount",
        HoldbackAmount = "holdback_amount",
        ReleaseAmount = "release_amount",
        RepayAmount = "repay_amount",
        DepositAmount = "deposit_amount",
    }
}
