//! Every id begins with the account that it belongs to.

use crate::model::product::Environment;

/// The environment of the account in an id: `P` in production, `T` in the sandbox, then eight digits and a dot.
#[inline]
pub(super) fn environment(id: &str) -> Option<Environment> {
    let bytes = id.as_bytes();
    let environment = match bytes.first()? {
        b'P' => Environment::Production,
        b'T' => Environment::Sandbox,
        _ => return None,
    };
    let is_account = bytes.len() > 9 && bytes[9] == b'.' && bytes[1..9].iter().all(u8::is_ascii_digit);
    is_account.then_some(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_a_letter_and_eight_digits_before_a_dot() {
        assert_eq!(environment("P12345678.x"), Some(Environment::Production));
        for id in ["T12345678.x", "T00000000."] {
            assert_eq!(environment(id), Some(Environment::Sandbox), "{id}");
        }
        for id in ["T1234567.x", "T123456789.x", "t12345678.x", "T12345678", "T1234567a.x", "P", "T", "X12345678.x", ""]
        {
            assert_eq!(environment(id), None, "{id}");
        }
    }
}
