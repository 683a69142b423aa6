use crate::ledger::Remittance;
use crate::provider::tests::lines_of;

fn of_payout(totals: &str, say: fn(&Remittance<'_>) -> String) -> String {
    let record = format!(
        r#"{{"payment_reference":"K1","payout_date":"2026-10-06","currency_code":"NOK","merchant_id":"M","totals":{{{totals}}}}}"#
    );
    lines_of("f", &record, say).concat()
}

/// Captures, refunds, fees, other, carried in, carried out.
fn parts(totals: &str) -> [String; 2] {
    let totals = format!(r#""settlement_amount":7,{totals}"#);
    [
        of_payout(&totals, |payout| format!("{:?}", payout.by_name)),
        of_payout(&totals, |payout| format!("{:?}", payout.as_written)),
    ]
}

#[test]
fn every_total_adds_to_its_part_with_its_sign() {
    for (total, place, sign) in [
        ("sale", 0, 1),
        ("return", 1, -1),
        ("fee", 2, -1),
        ("fee_correction", 2, 1),
        ("fee_refund", 2, 1),
        ("tax", 2, -1),
        ("tax_refund", 2, 1),
        ("reversal", 3, -1),
        ("commission", 3, 1),
        ("commission_reversal", 3, -1),
        ("charge", 3, -1),
        ("credit", 3, 1),
        ("holdback", 3, -1),
        ("release", 3, 1),
        ("repay", 4, -1),
        ("deposit", 5, 1),
    ] {
        let [mut by_name, mut as_written] = [[0; 6]; 2];
        (by_name[place], as_written[place]) = (sign * 40, 40);
        let expected = [format!("{by_name:?}"), format!("{as_written:?}")];
        assert_eq!(parts(&format!(r#""{total}_amount":40"#)), expected, "{total}");
    }
    let nothing = format!("{:?}", [0; 6]);
    assert_eq!(parts(r#""sale_amount":null,"opening_debt_balance_amount":5"#), [nothing.clone(), nothing]);
}

#[test]
fn a_payout_states_its_day_its_seller_and_its_debts() {
    let totals = r#""settlement_amount":7,"opening_debt_balance_amount":30,"closing_debt_balance_amount":null"#;
    let payout = of_payout(totals, |payout| {
        let Remittance { id, currency, amount, day, holder, before, after, .. } = payout;
        format!("{id} {currency} {amount} {day:?} {holder:?} {before:?} {after:?}")
    });
    assert_eq!(payout, r#"K1 NOK 7 Some("2026-10-06") Some("M") Some(30) None"#);
}

#[test]
fn a_line_is_told_by_its_word() {
    for (word, part, is_taken_off) in [
        ("SALE", "Capture", false),
        ("RETURN", "Refund", true),
        ("FEE", "Fee", true),
        ("FEE_REFUND", "Fee", false),
        ("REVERSAL", "Other", true),
        ("CHARGE", "Other", true),
        ("HOLDBACK", "Other", true),
        ("TAX", "Other", true),
        ("COMMISSION", "Other", false),
        ("CREDIT", "Other", false),
        ("sale", "Other", false),
    ] {
        let record = format!(
            r#"{{"payment_reference":"K1","type":"{word}","amount":9,"order_id":"o","capture_id":"c","refund_id":""}}"#
        );
        let lines = lines_of("f", &record, |line| {
            let Remittance { id, part, is_taken_off, amount, ids, currency, .. } = line;
            format!("{id} {part:?} {is_taken_off} {amount} {ids:?} {currency:?}")
        });
        let expected = format!(r#"K1 {part} {is_taken_off} 9 [Some("c"), None, Some("o")] """#);
        assert_eq!(lines, [expected]);
    }
}

#[test]
fn equal_records_have_equal_contents_whatever_is_not_read() {
    let of = |record: &str| lines_of("f", record, |line| format!("{:?}", line.content)).concat();
    let line = r#"{"payment_reference":"K1","type":"SALE","amount":9,"sale_date":"2026-10-01"}"#;
    let other = r#"{ "sale_date" : "2026-10-01", "type":"SALE","amount":9.0,"payment_reference":"K1"}"#;
    assert_eq!(of(line), of(other));
    assert_ne!(of(line), of(&line.replace("10-01", "10-02")));
}
