//! Names of members that are read.

use crate::document::names::few_names;

few_names! {
    pub(in crate::provider) VippsName {
        EntryType = "entryType",
        LedgerDate = "ledgerDate",
        Currency = "currency",
        Amount = "amount",
        PspReference = "pspReference",
        Reference = "reference",
        Time = "time",
        BalanceBefore = "balanceBefore",
        BalanceAfter = "balanceAfter",
    }
}
