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

/// What tells a name with the quote and colon behind it.
#[derive(Clone, Copy)]
struct Quoted {
    front: u64,
    /// The bytes of the front that belong to it.
    mask: u64,
    second: u64,
    third: u64,
    end: u64,
    length: usize,
}

const fn quoted(name: &[u8]) -> Quoted {
    let (mut text, mut n) = ([0; LONGEST + 2], 0);
    while n < name.len() {
        text[n] = name[n];
        n += 1;
    }
    (text[n], text[n + 1]) = (b'"', b':');
    let length = n + 2;
    let mask = if length < 8 { !(!0 << (8 * length)) } else { !0 };
    let end = if length > 8 { word(&text, length - 8) } else { 0 };
    Quoted { front: word(&text, 0), mask, second: word(&text, 8), third: word(&text, 16), end, length }
}

/// The names with quote and colon, each at its place.
const QUOTED: [Quoted; ALL.len()] = {
    let mut all = [quoted(b""); ALL.len()];
    let mut n = 0;
    while n < ALL.len() {
        all[n] = quoted(ALL[n].1.as_bytes());
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

    /// The first eight bytes of the name with the quote and colon behind it; noughts where there are no eight.
    pub(super) const fn front(self) -> u64 {
        QUOTED[self as usize].front
    }

    /// How many bytes the name takes with the quote and colon behind it.
    #[inline(always)]
    pub(super) const fn quoted_length(self) -> usize {
        QUOTED[self as usize].length
    }

    /// Whether it is this name, with quote and colon, that stands at a place, where these eight bytes stand.
    #[inline(always)]
    pub(super) fn stands_at(self, text: Padded<'_>, start: usize, front: u64) -> bool {
        let known = &QUOTED[self as usize];
        let word = |from: usize| text.word_or_nought(start.wrapping_add(from));
        front & known.mask == known.front
            && (known.length <= 8 || word(known.length - 8) == known.end)
            && (known.length <= 16 || word(8) == known.second)
            && (known.length <= 24 || word(16) == known.third)
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
        let first = text.word(start) & MASKS[length.min(8)];
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
    fn quoted_names_are_told_by_their_front_and_what_follows() {
        for (name, text) in ALL {
            let whole = format!("x{text}\":1,{:64}", "");
            let stands = |whole: &str| {
                let padded = Padded::new(whole.as_bytes(), whole.len() - PADDING);
                ALL.iter()
                    .filter(|(other, _)| other.stands_at(padded, 1, padded.word(1)))
                    .map(|(other, _)| *other)
                    .collect()
            };
            let told: Vec<Name> = stands(&whole);
            assert_eq!((told, name.quoted_length()), (vec![*name], text.len() + 2));
            for at in 1..text.len() + 3 {
                let mut other = whole.clone().into_bytes();
                other[at] = b'~';
                let told: Vec<Name> = stands(str::from_utf8(&other).expect("plain text"));
                assert!(told.is_empty(), "{told:?} at {at} of {whole}");
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
