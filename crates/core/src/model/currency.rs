//! The currencies of ISO 4217, by alphabetic code, with the number of decimals of their minor unit.
//!
//! Includes current codes (List One), funds codes (List Two) and withdrawn codes (List Three),
//! because old exports use the codes of their time.

/// The decimals for printing amounts whose currency is unknown.
pub const UNKNOWN_EXPONENT: u8 = 2;

/// Bytes of one entry in [`CODES`]: three letters, the exponent's digit, a blank.
const ENTRY: usize = 5;

/// Code and exponent of every currency, sorted by code. Exponents where ISO gives none:
///
/// - Withdrawn codes: what the standard said while they were in use (ITL 0, DEM 2); variants of a currency (BEC, LUL,
///   ESB) as the currency itself; else 2.
/// - "Not applicable" (precious metals, units of account): 0, as such an amount counts whole units.
/// - `XXX` (no currency) and `XTS` (testing): [`UNKNOWN_EXPONENT`], since they name no currency that could have one.
const CODES: &[u8] = b"\
    ADP0 AED2 AFA2 AFN2 ALK2 ALL2 AMD2 ANG2 AOA2 AOK2 AON2 AOR2 ARA2 ARP2 ARS2 ARY2 ATS2 AUD2 AWG2 AYM2 \
    AZM2 AZN2 BAD2 BAM2 BBD2 BDT2 BEC0 BEF0 BEL0 BGJ2 BGK2 BGL2 BGN2 BHD3 BIF0 BMD2 BND2 BOB2 BOP2 BOV2 \
    BRB2 BRC2 BRE2 BRL2 BRN2 BRR2 BSD2 BTN2 BUK2 BWP2 BYB0 BYN2 BYR0 BZD2 CAD2 CDF2 CHC2 CHE2 CHF2 CHW2 \
    CLF4 CLP0 CNX2 CNY2 COP2 COU2 CRC2 CSD2 CSJ2 CSK2 CUC2 CUP2 CVE2 CYP2 CZK2 DDM2 DEM2 DJF0 DKK2 DOP2 \
    DZD2 ECS2 ECV2 EEK2 EGP2 EQE2 ERN2 ESA0 ESB0 ESP0 ETB2 EUR2 FIM2 FJD2 FKP2 FRF2 GBP2 GEK2 GEL2 GHC2 \
    GHP2 GHS2 GIP2 GMD2 GNE2 GNF0 GNS2 GQE2 GRD0 GTQ2 GWE2 GWP2 GYD2 HKD2 HNL2 HRD2 HRK2 HTG2 HUF2 IDR2 \
    IEP2 ILP2 ILR2 ILS2 INR2 IQD3 IRR2 ISJ2 ISK0 ITL0 JMD2 JOD3 JPY0 KES2 KGS2 KHR2 KMF0 KPW2 KRW0 KWD3 \
    KYD2 KZT2 LAJ2 LAK2 LBP2 LKR2 LRD2 LSL2 LSM2 LTL2 LTT2 LUC0 LUF0 LUL0 LVL2 LVR2 LYD3 MAD2 MAF2 MDL2 \
    MGA2 MGF0 MKD2 MLF2 MMK2 MNT2 MOP2 MRO2 MRU2 MTL2 MTP2 MUR2 MVQ2 MVR2 MWK2 MXN2 MXP2 MXV2 MYR2 MZE2 \
    MZM2 MZN2 NAD2 NGN2 NIC2 NIO2 NLG2 NOK2 NPR2 NZD2 OMR3 PAB2 PEH2 PEI2 PEN2 PES2 PGK2 PHP2 PKR2 PLN2 \
    PLZ2 PTE0 PYG0 QAR2 RHD2 ROK2 ROL2 RON2 RSD2 RUB2 RUR2 RWF0 SAR2 SBD2 SCR2 SDD2 SDG2 SDP2 SEK2 SGD2 \
    SHP2 SIT2 SKK2 SLE2 SLL2 SOS2 SRD2 SRG2 SSP2 STD2 STN2 SUR2 SVC2 SYP2 SZL2 THB2 TJR2 TJS2 TMM2 TMT2 \
    TND3 TOP2 TPE0 TRL0 TRY2 TTD2 TWD2 TZS2 UAH2 UAK2 UGS2 UGW2 UGX0 USD2 USN2 USS2 UYI0 UYN2 UYP2 UYU2 \
    UYW4 UZS2 VEB2 VED2 VEF2 VES2 VNC2 VND0 VUV0 WST2 XAD2 XAF0 XAG0 XAU0 XBA0 XBB0 XBC0 XBD0 XCD2 XCG2 \
    XDR0 XEU2 XFO0 XFU0 XOF0 XPD0 XPF0 XPT0 XRE0 XSU0 XTS2 XUA0 XXX2 YDD2 YER2 YUD2 YUM2 YUN2 ZAL2 ZAR2 \
    ZMK2 ZMW2 ZRN2 ZRZ2 ZWC2 ZWD2 ZWG2 ZWL2 ZWN2 ZWR2 ";

/// The decimals of a currency's minor unit; `None` if `code` is not an ISO 4217 code in capitals.
///
/// ```
/// use avstem_core::model::currency::exponent;
/// assert_eq!(exponent("NOK"), Some(2));
/// assert_eq!(exponent("ISK"), Some(0));
/// assert_eq!(exponent("nok"), None);
/// ```
pub fn exponent(code: &str) -> Option<u8> {
    let &[a, b, c] = code.as_bytes() else { return None };
    let (entries, _) = CODES.as_chunks::<ENTRY>();
    // Comparing codes as integers avoids a function call.
    let number = u32::from_be_bytes([0, a, b, c]);
    let found =
        entries.binary_search_by_key(&number, |entry| u32::from_be_bytes([0, entry[0], entry[1], entry[2]])).ok()?;
    Some(entries[found][3] - b'0')
}

/// The decimals to print amounts of a currency with: its exponent, or 2 where none or an unknown one is stated.
pub fn display_exponent(code: Option<&str>) -> u8 {
    code.and_then(exponent).unwrap_or(UNKNOWN_EXPONENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_whole_sorted_and_unique() {
        let (entries, rest) = CODES.as_chunks::<ENTRY>();
        assert!(rest.is_empty());
        assert_eq!(entries.len(), 310);
        for entry in entries {
            assert!(entry[..3].iter().all(u8::is_ascii_uppercase), "{entry:?}");
            assert!((b'0'..=b'4').contains(&entry[3]), "{entry:?}");
            assert_eq!(entry[4], b' ');
        }
        assert!(entries.is_sorted_by(|a, b| a[..3] < b[..3]));
    }

    #[test]
    fn every_entry_is_found() {
        for entry in CODES.as_chunks::<ENTRY>().0 {
            let code = std::str::from_utf8(&entry[..3]).unwrap();
            assert_eq!(exponent(code), Some(entry[3] - b'0'), "{code}");
        }
    }

    #[test]
    fn exponents_are_those_of_the_standard() {
        for code in ["NOK", "SEK", "DKK", "EUR", "USD", "GBP", "HUF", "UYU", "CHE", "CHW", "BOV", "COU", "MXV", "USN"] {
            assert_eq!(exponent(code), Some(2), "{code}");
        }
        for code in ["ISK", "JPY", "KRW", "CLP", "VND", "XAF", "XOF", "XPF", "UYI", "PYG", "UGX"] {
            assert_eq!(exponent(code), Some(0), "{code}");
        }
        for code in ["KWD", "BHD", "TND", "IQD", "LYD", "OMR", "JOD"] {
            assert_eq!(exponent(code), Some(3), "{code}");
        }
        for code in ["CLF", "UYW"] {
            assert_eq!(exponent(code), Some(4), "{code}");
        }
    }

    #[test]
    fn withdrawn_codes_are_still_codes() {
        for code in [
            "DEM", "FRF", "NLG", "HRK", "LTL", "EEK", "SKK", "ROL", "ZWD", "ZWR", "ZWL", "MRO", "STD", "VEF", "VEB",
            "CUC", "ANG", "BGN", "XEU",
        ] {
            assert_eq!(exponent(code), Some(2), "{code}");
        }
        for code in ["ITL", "ESP", "PTE", "BEF", "LUF", "GRD", "TRL", "BYR", "BYB", "MGF"] {
            assert_eq!(exponent(code), Some(0), "{code}");
        }
    }

    #[test]
    fn codes_without_a_minor_unit() {
        for code in ["XAU", "XAG", "XPT", "XPD", "XDR", "XSU", "XUA", "XBA"] {
            assert_eq!(exponent(code), Some(0), "{code}");
        }
        assert_eq!((exponent("XXX"), exponent("XTS")), (Some(2), Some(2)));
    }

    #[test]
    fn what_is_no_code_has_no_exponent() {
        for code in ["", "NO", "NOKK", "nok", "Nok", " NOK", "AAA", "ZZZ", "BTC", "N0K", "№K", "UNKNOWN"] {
            assert_eq!(exponent(code), None, "{code}");
        }
    }

    #[test]
    fn amounts_of_no_known_currency_print_with_two_decimals() {
        let cases = [(None, 2), (Some("UNKNOWN"), 2), (Some("XXX"), 2), (Some("JPY"), 0), (Some("KWD"), 3)];
        for (code, decimals) in cases {
            assert_eq!(display_exponent(code), decimals, "{code:?}");
        }
    }
}
