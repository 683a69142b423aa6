//! Payment products and platforms.

use crate::model::product::{PaymentProduct, Platform};

/// Looks up a product type: `payex.creditcard` is a type of the product `payex`.
pub(super) fn product(kind: &str) -> PaymentProduct<'_> {
    // Search by bytes: these texts are short, and every ledger that is unpacked has one.
    let family = kind.bytes().position(|byte| byte == b'.').map_or(kind, |dot| &kind[..dot]);
    let authorization_days = match family {
        "klarna" => 28,
        // Walley.
        "collector" => 90,
        _ => 30,
    };
    let voids_remainder = matches!(
        kind,
        "payex.creditcard"
            | "payex.mobilepay"
            | "payex.vipps"
            | "payex.applepay"
            | "payex.clicktopay"
            | "payex.googlepay"
            | "vipps"
            | "klarna.klarna"
            | "klarna.billie"
    );
    let settles_elsewhere = matches!(kind, "dintero.zero" | "dintero.external");
    PaymentProduct { family, voids_remainder, settles_elsewhere, authorization_days }
}

#[inline]
pub(super) fn platform(kind: Option<&str>) -> Platform {
    if kind == Some("aggregator") { Platform::OfSellers } else { Platform::Other }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::instant::DAY;
    use crate::model::settings::Settings;

    #[test]
    fn products_have_their_windows_before_the_configuration_speaks() {
        let day = DAY as u64;
        let days = |settings: &Settings| {
            ["klarna.klarna", "collector.invoice", "vipps", "payex.creditcard", "payex.vipps", ""]
                .map(|kind| settings.authorization(kind, &product(kind)) / day)
        };
        let mut settings = Settings::default();
        assert_eq!(days(&settings), [28, 90, 30, 30, 30, 30]);
        settings.days_by_product = vec![("payex".to_owned(), 40), ("payex.vipps".to_owned(), 7)];
        assert_eq!(days(&settings), [28, 90, 30, 40, 7, 30]);
    }
}
