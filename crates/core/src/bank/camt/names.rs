//! The names of the elements that are read.

/// All names, sorted.
const NAMES: [&str; 45] = [
    "Acct",
    "AcctSvcrRef",
    "AddtlNtryInf",
    "Amt",
    "AmtDtls",
    "Bal",
    "BkToCstmrDbtCdtNtfctn",
    "BkToCstmrStmt",
    "BookgDt",
    "Ccy",
    "Cd",
    "CdOrPrtry",
    "CdtDbtInd",
    "CdtrRefInf",
    "Dbtr",
    "Document",
    "Dt",
    "DtTm",
    "EndToEndId",
    "FrDtTm",
    "FrToDt",
    "IBAN",
    "Id",
    "Nm",
    "Ntfctn",
    "Ntry",
    "NtryDtls",
    "NtryRef",
    "Othr",
    "Pty",
    "Ref",
    "Refs",
    "RltdPties",
    "RmtInf",
    "RvslInd",
    "Stmt",
    "Strd",
    "Sts",
    "ToDtTm",
    "Tp",
    "TxAmt",
    "TxDtls",
    "TxId",
    "Ustrd",
    "ValDt",
];

/// The name if it is one of these, else an empty text.
pub fn known(name: &[u8]) -> &'static str {
    NAMES.binary_search_by(|known| known.as_bytes().cmp(name)).map_or("", |at| NAMES[at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found() {
        assert!(NAMES.is_sorted());
        for name in NAMES {
            assert_eq!(known(name.as_bytes()), name);
        }
        assert_eq!([known(b""), known(b"ntry"), known(b"GrpHdr")], [""; 3]);
    }
}
