//! AV003 sandbox-document.

use crate::card;
use crate::model::finding::Hit;
use crate::model::product::Environment;
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

pub static RULE: Rule = Rule { card: &CARD, checks: &[Check::Document(check)] };

fn check(environment: Option<Environment>, cx: &mut Cx<'_, '_>) {
    if cx.facts.has_production && environment == Some(Environment::Sandbox) {
        cx.hit(Hit::new());
    }
}
