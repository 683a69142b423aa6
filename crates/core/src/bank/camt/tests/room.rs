//! What is held of a file takes from the room that there is.

use super::*;

/// Whether a file has to stop when there is room for so many bytes.
fn needs_more_than(bytes: usize, text: &str) -> bool {
    let read = super::super::read(text.as_bytes(), &Cell::new(bytes));
    read.is_err_and(|fault| fault.reason == FileReason::IoError)
}

#[test]
fn all_that_is_held_needs_room() {
    let many = |part: &str| part.repeat(1_000);
    let texts = "<NtryDtls><TxDtls><RmtInf><Ustrd>a</Ustrd></RmtInf></TxDtls></NtryDtls>";
    for inner in [
        entry(&texts.replace("<Ustrd>a</Ustrd>", &many("<Ustrd>a</Ustrd>"))),
        entry(&format!("<NtryDtls>{}</NtryDtls>", many("<TxDtls/>"))),
        stmt(&many(&dated("2026-10-06"))),
        file(&many("<Stmt><Id>S</Id><Acct><Id><IBAN>N1</IBAN></Id></Acct></Stmt>")),
    ] {
        assert!(needs_more_than(20_000, &inner) && !needs_more_than(2_000_000, &inner), "{inner}");
    }
    assert!(!needs_more_than(20_000, &stmt(&many("<Other>dropped</Other>"))));
    // Each part of a batch has the text of the whole.
    let part = "<TxDtls><Amt Ccy=\"NOK\">1</Amt></TxDtls>";
    let text = |parts: &str| {
        let more = format!("<NtryDtls>{parts}</NtryDtls><AddtlNtryInf>{}</AddtlNtryInf>", "x".repeat(60_000));
        entry(&more).replace("1455.00", "1000")
    };
    assert!(needs_more_than(50_000_000, &text(&many(part))));
    assert!(!needs_more_than(1_000_000, &text(&many(&part.replace('1', "2")))), "they do not sum to the entry");
}
