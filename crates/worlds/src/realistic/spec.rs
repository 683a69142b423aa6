//! What a purchase shall be like: for an ordinary one nothing is given, for a fault what the fault needs.

use super::model::{DAY, Millis, SoldProduct, Splitting};

/// What happens to a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    Initiated,
    OnHold,
    Declined,
    Failed,
    Authorized,
    Voided,
    /// In so many captures.
    Captured(u8),
    PartCaptured,
    /// Captured in part, the rest voided.
    PartVoided,
    /// Captured in so many captures, and all of it refunded in so many refunds.
    Refunded(u8, u8),
    /// Captured in so many captures, and a part of it refunded in so many refunds.
    PartRefunded(u8, u8),
    PartCapturedRefunded,
    /// Nothing to pay.
    Zero,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderSpec {
    None,
    Linked,
    /// Linked to no payment of the export.
    Unlinked,
}

/// What is `None` is drawn at random.
#[derive(Clone, Copy, Debug)]
pub struct PurchaseSpec {
    pub lifecycle: Option<Lifecycle>,
    /// How long before the end it was made: at least and at most.
    pub age: Option<(Millis, Millis)>,
    /// No failed attempts, copies, discounts or webhooks: nothing that a fault would have to take care of.
    pub plain: bool,
    /// Whether events name lines.
    pub items: Option<bool>,
    pub min_items: usize,
    pub splitting: Option<Splitting>,
    /// Whether a gift card pays a part.
    pub gift: Option<bool>,
    pub order: Option<OrderSpec>,
    /// Whether there is a session.
    pub session: Option<bool>,
    pub product: Option<&'static SoldProduct>,
    /// By its place in `CURRENCIES`.
    pub currency: Option<usize>,
    /// All amounts are a hundred times what they should be.
    pub hundredfold: bool,
    /// A shipping option is possible.
    pub shipping: bool,
    pub settled: bool,
    /// No second payment for the same order.
    pub single: bool,
}

impl PurchaseSpec {
    pub const ANY: PurchaseSpec = PurchaseSpec {
        lifecycle: None,
        age: None,
        plain: false,
        items: None,
        min_items: 1,
        splitting: None,
        gift: None,
        order: None,
        session: None,
        product: None,
        currency: None,
        hundredfold: false,
        shipping: true,
        settled: true,
        single: false,
    };

    /// A payment so recent that no window has run out, and old enough to be over.
    pub const fn plain(lifecycle: Lifecycle) -> PurchaseSpec {
        PurchaseSpec {
            lifecycle: Some(lifecycle),
            age: Some((6 * DAY, 9 * DAY)),
            plain: true,
            splitting: Some(Splitting::None),
            gift: Some(false),
            order: Some(OrderSpec::None),
            session: Some(false),
            shipping: false,
            settled: false,
            single: true,
            ..PurchaseSpec::ANY
        }
    }

    /// Events name lines, of which there are at least so many.
    pub const fn items(mut self, at_least: usize) -> PurchaseSpec {
        self.items = Some(true);
        self.min_items = at_least;
        self
    }

    /// Events name no lines.
    pub const fn amounts_only(mut self) -> PurchaseSpec {
        self.items = Some(false);
        self
    }

    pub const fn split(mut self, splitting: Splitting) -> PurchaseSpec {
        self.splitting = Some(splitting);
        self
    }

    pub const fn gift(mut self) -> PurchaseSpec {
        self.gift = Some(true);
        self
    }

    pub const fn order(mut self, order: OrderSpec) -> PurchaseSpec {
        self.order = Some(order);
        self
    }

    pub const fn session(mut self) -> PurchaseSpec {
        self.session = Some(true);
        self
    }

    pub const fn product(mut self, product: &'static SoldProduct) -> PurchaseSpec {
        self.product = Some(product);
        self
    }

    pub const fn days_ago(mut self, least: i64, most: i64) -> PurchaseSpec {
        self.age = Some((least * DAY, most * DAY));
        self
    }

    pub const fn hundredfold(mut self, currency: usize) -> PurchaseSpec {
        self.currency = Some(currency);
        self.hundredfold = true;
        self
    }

    pub const fn settled(mut self) -> PurchaseSpec {
        self.settled = true;
        self
    }
}
