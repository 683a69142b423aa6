//! AV003 sandbox-document.

use crate::card;
use crate::model::finding::Hit;
use crate::rules::{Check, Cx, Rule};

card! {
    /// A document of a sandbox account lies among documents of a production account.
    ///
    /// An id begins with the account it belongs to: `P` and eight digits in production, `T` and eight digits in the
    /// sandbox. Sandbox money never existed. Where it is mixed into a production export, totals are too high by
    /// amounts that no bank will ever pay out.
    "AV003" "sandbox-document" Warning [Transaction Order Session Settlement]
    message: "{id} is of a sandbox account, but the input has documents of a production account too"
    action: "Take the sandbox document out of the export. Check which shop or credentials mix the two environments."
    fires: "The input holds transaction T12345678.9abc and transaction P12345678.4fzk."
    silent: "All ids of the input begin with a sandbox account: a test run over test data."
    needs: Production
    window: None
    tolerance: None
    repair: None
}

/// The rule.
pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Document(check)] };

fn check<'p>(id: &'p str, cx: &mut Cx<'_, 'p>) {
    if cx.facts.has_production && is_sandbox(id) {
        cx.hit(Hit::new());
    }
}

fn is_sandbox(id: &str) -> bool {
    let Some((account, _)) = id.split_at_checked(10) else { return false };
    matches!(account.as_bytes(), [b'T', digits @ .., b'.'] if digits.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::is_sandbox;

    #[test]
    fn an_account_is_a_letter_and_eight_digits_before_a_dot() {
        assert!(is_sandbox("T12345678.x") && is_sandbox("T00000000."));
        for id in ["P12345678.x", "T1234567.x", "T123456789.x", "t12345678.x", "T12345678", "T1234567a.x", "T", ""] {
            assert!(!is_sandbox(id), "{id}");
        }
    }
}
