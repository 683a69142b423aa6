//! Names of members that identify a record or are read.

use crate::document::names::{MemberName, Slots};
use crate::document::simd::Padded;

macro_rules! names {
    ($($variant:ident = $text:literal,)+) => {
        /// A known member name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Name {
            $(#[doc = concat!("`", $text, "`.")] $variant,)+
            /// Any other.
            Other,
        }

        const ALL: &[(Name, &str)] = &[$((Name::$variant, $text)),+];
    };
}

names! {
    Id = "id",
    Amount = "amount",
    Currency = "currency",
    Status = "status",
    Events = "events",
    Items = "items",
    ShippingOption = "shipping_option",
    GiftCards = "gift_cards",
    SettlementStatus = "settlement_status",
    PaymentProductType = "payment_product_type",
    PlatformType = "platform_type",
    MerchantReference = "merchant_reference",
    MerchantReference2 = "merchant_reference_2",
    SessionId = "session_id",
    PayoutDestinationId = "payout_destination_id",
    Store = "store",
    CreatedAt = "created_at",
    UpdatedAt = "updated_at",
    Version = "version",
    Session = "session",
    Event = "event",
    Success = "success",
    TransactionStatus = "transaction_status",
    Splits = "splits",
    FeeSplit = "fee_split",
    RequestId = "request_id",
    CorrelationRequestId = "correlation_request_id",
    Correction = "correction",
    RemainingCaptureAmount = "remaining_capture_amount",
    RemainingRefundAmount = "remaining_refund_amount",
    RemainingVoidAmount = "remaining_void_amount",
    LineId = "line_id",
    Quantity = "quantity",
    GrossAmount = "gross_amount",
    DiscountLines = "discount_lines",
    Destinations = "destinations",
    Destination = "destination",
    CardId = "card_id",
    OrderId = "order_id",
    PaymentStatus = "payment_status",
    Authorizations = "authorizations",
    Captures = "captures",
    Refunds = "refunds",
    Cancellations = "cancellations",
    AuthorizationId = "authorization_id",
    PaymentDetails = "payment_details",
    ProcessedAt = "processed_at",
    ProcessedBy = "processed_by",
    PaymentId = "payment_id",
    Payout = "payout",
    Order = "order",
    TransactionId = "transaction_id",
    CancelledAt = "cancelled_at",
    PartialPayment = "partial_payment",
    DinteroSettlementId = "dintero_settlement_id",
    Capture = "capture",
    Refund = "refund",
    Fee = "fee",
    Transactions = "transactions",
    NetAmount = "net_amount",
    Amounts = "amounts",
    DraftOrders = "draft_orders",
    Orders = "orders",
    Sessions = "sessions",
    Settlements = "settlements",
    LastEvaluatedKey = "last_evaluated_key",
    StartingAfter = "starting_after",
    NextPageToken = "next_page_token",
    PageToken = "page_token",
    Limit = "limit",
    Count = "count",
    Total = "total",
    EventDelivery = "event_delivery",
    Transaction = "transaction",
    PaymentProduct = "payment_product",
    Url = "url",
    Error = "error",
    SettlementId = "settlement_id",
    ProviderReference = "provider_reference",
    EventCorrelationId = "event_correlation_id",
    SettlementReference = "settlement_reference",
    SettlementDate = "settlement_date",
    SettledAt = "settled_at",
    Provider = "provider",
    Metadata = "metadata",
    PayoutCorrelationId = "payout_correlation_id",
    Payouts = "payouts",
    Cursor = "cursor",
    TryLater = "tryLater",
    Pagination = "pagination",
    PaymentReference = "payment_reference",
    Type = "type",
    Totals = "totals",
    EntryType = "entryType",
    LedgerDate = "ledgerDate",
}

static SLOTS: Slots<Name> = Slots::new(ALL, Name::Other, 0xf96b_ac66_8ae8_92dd);

impl MemberName for Name {
    const OTHER: Name = Name::Other;

    fn of(text: &str) -> Name {
        SLOTS.of(text)
    }

    #[inline(always)]
    fn at(text: Padded<'_>, start: usize, length: usize) -> Name {
        SLOTS.at(text, start, length)
    }

    fn text(self) -> &'static str {
        if (self as usize) < ALL.len() { ALL[self as usize].1 } else { "" }
    }

    #[inline(always)]
    fn number(self) -> u32 {
        self as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::simd::PADDING;

    #[test]
    fn names_are_told_wherever_they_stand() {
        for (name, text) in ALL {
            assert_eq!((Name::of(text), name.text()), (*name, *text));
            for behind in [b' ', b'"', 0xff] {
                let mut whole = vec![behind; 2 + text.len() + PADDING];
                whole[2..2 + text.len()].copy_from_slice(text.as_bytes());
                assert_eq!(Name::at(Padded::new(&whole, 2 + text.len()), 2, text.len()), *name, "{text}");
            }
        }
    }

    #[test]
    fn a_byte_more_less_or_other_is_another_name() {
        for (_, text) in ALL {
            let is_known = |name: &str| ALL.iter().any(|(_, known)| *known == name);
            let mut others = vec![format!("{text}x"), format!("{text}\0"), text[1..].to_owned()];
            for at in 0..text.len() {
                let mut other = text.as_bytes().to_vec();
                other[at] ^= 1;
                others.extend(String::from_utf8(other));
            }
            for other in others.iter().filter(|other| !is_known(other)) {
                assert_eq!(Name::of(other), Name::Other, "{other}");
            }
        }
        assert_eq!(Name::of(""), Name::Other);
        assert_eq!(Name::of("a name that is longer than any that we know"), Name::Other);
    }
}
