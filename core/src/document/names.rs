//! The names of members that decide or are read: told by a few words of their bytes, not by one text after another.

use super::simd::{PADDING, Padded};

macro_rules! names {
    ($($variant:ident = $text:literal,)+) => {
        /// A name that we know.
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
}

/// The longest name that we know.
const LONGEST: usize = 24;

/// What tells a name: its length and at most 24 bytes in three words.
#[derive(Clone, Copy)]
struct Known {
    first: u64,
    middle: u64,
    last: u64,
    length: usize,
    name: Name,
}

/// Spreads the names over the slots so that no two share one; found by trying.
const FACTOR: u64 = 0x964b_1335_3c84_ed57;

#[inline(always)]
const fn slot(first: u64, last: u64, length: usize) -> usize {
    ((first ^ last.rotate_left(7)).wrapping_add(length as u64).wrapping_mul(FACTOR) >> 56) as usize
}

const fn word(text: &[u8], from: usize) -> u64 {
    let (mut word, mut n) = (0u64, 0);
    while n < 8 && from + n < text.len() {
        word |= (text[from + n] as u64) << (8 * n);
        n += 1;
    }
    word
}

const fn known(name: Name, text: &[u8]) -> Known {
    let length = text.len();
    assert!(length <= LONGEST);
    let middle = if length > 16 { word(text, 8) } else { 0 };
    let last = if length > 8 { word(text, length - 8) } else { 0 };
    Known { first: word(text, 0), middle, last, length, name }
}

/// What tells each name, by its place.
const KNOWN: [Known; ALL.len()] = {
    let mut all = [Known { first: 0, middle: 0, last: 0, length: 0, name: Name::Other }; ALL.len()];
    let mut n = 0;
    while n < ALL.len() {
        all[n] = known(ALL[n].0, ALL[n].1.as_bytes());
        n += 1;
    }
    all
};

/// Every name in its slot. Another factor is needed when this does not compile.
static SLOTS: [Known; 256] = {
    let mut slots = [Known { first: 0, middle: 0, last: 0, length: usize::MAX, name: Name::Other }; 256];
    let mut n = 0;
    while n < ALL.len() {
        let one = known(ALL[n].0, ALL[n].1.as_bytes());
        let slot = slot(one.first, one.last, one.length);
        assert!(slots[slot].length == usize::MAX, "two names fall on one slot");
        slots[slot] = one;
        n += 1;
    }
    slots
};

/// The bytes of a word that belong to a name of this length, or of eight and more.
const MASKS: [u64; 9] = {
    let mut masks = [!0; 9];
    let mut n = 0;
    while n < 8 {
        masks[n] = !(!0 << (8 * n));
        n += 1;
    }
    masks
};

impl Name {
    /// The name as it is written; empty for names that we do not know.
    pub const fn text(self) -> &'static str {
        if (self as usize) < ALL.len() { ALL[self as usize].1 } else { "" }
    }

    /// The name's first eight bytes as a word; noughts stand behind a shorter one.
    pub(super) const fn first(self) -> u64 {
        KNOWN[self as usize].first
    }

    /// The first eight bytes of what stands at a place, as [`Name::first`] has them.
    #[inline(always)]
    pub(super) fn first_at(text: Padded<'_>, start: usize, length: usize) -> u64 {
        text.word(start) & MASKS[length.min(8)]
    }

    /// Whether it is this name that stands at a place, when its first eight bytes do.
    #[inline(always)]
    pub(super) fn goes_on(self, text: Padded<'_>, start: usize, length: usize) -> bool {
        let known = &KNOWN[self as usize];
        length == known.length
            && (length <= 8 || text.word(start.wrapping_add(length).wrapping_sub(8)) == known.last)
            && (length <= 16 || text.word(start.wrapping_add(8)) == known.middle)
    }

    /// The name that a text is.
    pub fn of(text: &str) -> Name {
        if text.len() > LONGEST {
            return Name::Other;
        }
        let mut padded = [0; LONGEST + PADDING];
        padded[..text.len()].copy_from_slice(text.as_bytes());
        Name::at(Padded::new(&padded, text.len()), 0, text.len())
    }

    /// The name that stands at a place.
    #[inline(always)]
    pub(super) fn at(text: Padded<'_>, start: usize, length: usize) -> Name {
        let first = Name::first_at(text, start, length);
        let last = if length > 8 { text.word(start.wrapping_add(length).wrapping_sub(8)) } else { 0 };
        let known = &SLOTS[slot(first, last, length)];
        let is_it = known.first == first
            && known.last == last
            && known.length == length
            && (length <= 16 || text.word(start.wrapping_add(8)) == known.middle);
        if is_it { known.name } else { Name::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
