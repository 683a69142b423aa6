//! The required properties of a purchase: none for an ordinary one, for a fault those it needs.

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
    /// The number of captures.
    Captured(u8),
    PartCaptured,
    /// Captured in part, the rest voided.
    PartVoided,
    /// Numbers of captures and refunds; everything is refunded.
    Refunded(u8, u8),
    /// Numbers of captures and refunds; a part is refunded.
    PartRefunded(u8, u8),
    PartCapturedRefunded,
    /// The amount is 0.
    Zero,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderSpec {
    None,
    Linked,
    /// Linked to no payment of the export.
    Unlinked,
}

/// Properties that are `None` are drawn at random.
#[derive(Clone, Copy, Debug)]
pub struct PurchaseSpec {
    pub lifecycle: Option<Lifecycle>,
    /// Minimum and maximum age at the end of the world.
    pub age: Option<(Millis, Millis)>,
    /// No failed attempts, copies, discounts or webhooks, which would complicate a fault.
    pub plain: bool,
    /// Whether events have lines.
    pub items: Option<bool>,
    pub min_items: usize,
    pub splitting: Option<Splitting>,
    /// Whether a gift card pays a part.
    pub gift: Option<bool>,
    pub order: Option<OrderSpec>,
    /// Whether there is a session.
    pub session: Option<bool>,
    pub product: Option<&'static SoldProduct>,
    /// An index into `CURRENCIES`.
    pub currency: Option<usize>,
    /// All amounts are a hundred times the correct ones.
    pub hundredfold: bool,
    /// Whether a shipping option is possible.
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

    /// A payment young enough that no window has passed, and old enough that all its events
    /// happened.
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

    /// Events have lines, and there are at least `at_least` lines.
    pub const fn items(mut self, at_least: usize) -> PurchaseSpec {
        self.items = Some(true);
        self.min_items = at_least;
        self
    }

    /// Events have no lines.
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

    /// In the currency that is sold most.
    pub const fn domestic(mut self) -> PurchaseSpec {
        self.currency = Some(0);
        self
    }

    pub const fn settled(mut self) -> PurchaseSpec {
        self.settled = true;
        self
    }
}
