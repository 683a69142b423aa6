//! Currency codes of ISO 4217.

/// The codes in use, with funds and X codes.
const CURRENT: &str = "\
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN \
    BWP BYN BZD CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP \
    ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR \
    ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA \
    MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK \
    PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC \
    SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND \
    VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER \
    ZAR ZMW ZWG";

/// Withdrawn codes are valid, since old exports use them.
const WITHDRAWN: &str = "\
    ADP AFA ALK ANG AOK AON AOR ARA ARP ARY ATS AYM AZM BAD BEC BEF BEL BGJ BGK BGL BOP BRB \
    BRC BRE BRN BRR BUK BYB BYR CHC CSD CSJ CSK CUC CYP DDM DEM ECS ECV EEK ESA ESB ESP FIM \
    FRF GEK GHC GHP GNE GNS GQE GRD GWE GWP HRD HRK IEP ILP ILR ISJ ITL LAJ LSM LTL LTT LUC \
    LUF LUL LVL LVR MGF MLF MRO MTL MTP MVQ MXP MZE MZM NIC NLG PEH PEI PES PLZ PTE RHD ROK \
    ROL RUR SDD SDP SIT SKK SLL SRG STD SUR TJR TMM TPE TRL UAK UGS UGW USS UYN UYP VEB VEF \
    VNC XEU XFO XFU XRE YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWC ZWD ZWL ZWN ZWR";

/// The codes without decimals.
const EXPONENT_ZERO: &str = "\
    ADP BEF BIF BYB BYR CLP DJF ESP GNF GRD ISK ITL JPY KMF KRW LUF MGF PTE PYG RWF TPE TRL \
    UGX UYI VND VUV XAF XOF XPF";

/// The codes with three and with four decimals.
const EXPONENT_THREE: &str = "BHD IQD JOD KWD LYD OMR TND";
const EXPONENT_FOUR: &str = "CLF UYW";

/// "Where a currency is not known, amounts print with 2 decimals."
pub fn decimals(code: &str) -> usize {
    let is_in = |list: &str| list.split_whitespace().any(|known| known == code);
    match code {
        _ if has_exponent_zero(code) => 0,
        _ if is_in(EXPONENT_THREE) => 3,
        _ if is_in(EXPONENT_FOUR) => 4,
        _ => 2,
    }
}

pub fn is_known(code: &str) -> bool {
    CURRENT.split_whitespace().chain(WITHDRAWN.split_whitespace()).any(|known| known == code)
}

pub fn has_exponent_zero(code: &str) -> bool {
    EXPONENT_ZERO.split_whitespace().any(|known| known == code)
}
