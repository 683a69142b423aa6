//! What a purchase is to be like: nothing asked for, or the host that a fault needs.

use super::world::{DAY, Ms, Product, Sharing};

/// How a payment goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// The payer began.
    Initiated,
    /// The provider looks at it.
    OnHold,
    /// Refused.
    Declined,
    /// Broken.
    Failed,
    /// Reserved, and left so.
    Authorized,
    /// Reserved, and released.
    Voided,
    /// Captured whole, in so many parts.
    Captured(u8),
    /// Captured in part.
    PartCaptured,
    /// Captured in part, the rest released.
    PartVoided,
    /// Captured in so many parts, and all of it refunded in so many.
    Refunded(u8, u8),
    /// Captured in so many parts, and a part of it refunded in so many.
    PartRefunded(u8, u8),
    /// Captured in part, and refunded in part.
    PartCapturedRefunded,
    /// Nothing to pay.
    Zero,
}

/// How the order of a purchase is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderWish {
    /// Not at all.
    None,
    /// Linked to the payment.
    Linked,
    /// In the same shop, but linked to no payment of the input.
    Alone,
}

/// What a purchase is to be like. What is not asked for is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The course of the payment.
    pub life: Option<Life>,
    /// How long before the end it was made: at least and at most.
    pub age: Option<(Ms, Ms)>,
    /// No frills: no failed tries, no settlement, no copies, nothing that a fault would have to look after.
    pub plain: bool,
    /// Events name lines.
    pub items: Option<bool>,
    /// How many items at least.
    pub many: usize,
    /// How the money is shared.
    pub sharing: Option<Sharing>,
    /// A gift card pays a part.
    pub gift: Option<bool>,
    /// The order.
    pub order: Option<OrderWish>,
    /// A session of its own.
    pub session: Option<bool>,
    /// The product.
    pub product: Option<&'static Product>,
    /// The currency, by place.
    pub currency: Option<usize>,
    /// All amounts are a hundred times what they should be.
    pub hundredfold: bool,
    /// A shipping option may be there.
    pub shipping: bool,
    /// Settled as time goes by, also when plain.
    pub settled: bool,
    /// One payment only.
    pub single: bool,
}

impl Wish {
    /// Nothing asked for.
    pub const ANY: Wish = Wish {
        life: None,
        age: None,
        plain: false,
        items: None,
        many: 1,
        sharing: None,
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

    /// A recent payment without frills: recent enough that no window has run out, old enough to be over.
    pub const fn plain(life: Life) -> Wish {
        Wish {
            life: Some(life),
            age: Some((6 * DAY, 9 * DAY)),
            plain: true,
            items: None,
            many: 1,
            sharing: Some(Sharing::None),
            gift: Some(false),
            order: Some(OrderWish::None),
            session: Some(false),
            product: None,
            currency: None,
            hundredfold: false,
            shipping: false,
            settled: false,
            single: true,
        }
    }

    /// Events name lines, of which there are at least so many.
    pub const fn items(mut self, many: usize) -> Wish {
        self.items = Some(true);
        self.many = many;
        self
    }

    /// Events name no lines.
    pub const fn amounts_only(mut self) -> Wish {
        self.items = Some(false);
        self
    }

    /// The money is shared.
    pub const fn shared(mut self, sharing: Sharing) -> Wish {
        self.sharing = Some(sharing);
        self
    }

    /// A gift card pays a part.
    pub const fn gift(mut self) -> Wish {
        self.gift = Some(true);
        self
    }

    /// There is an order.
    pub const fn order(mut self, order: OrderWish) -> Wish {
        self.order = Some(order);
        self
    }

    /// There is a session.
    pub const fn session(mut self) -> Wish {
        self.session = Some(true);
        self
    }

    /// Paid in this way.
    pub const fn product(mut self, product: &'static Product) -> Wish {
        self.product = Some(product);
        self
    }

    /// Made between so many days before the end.
    pub const fn days_ago(mut self, least: i64, most: i64) -> Wish {
        self.age = Some((least * DAY, most * DAY));
        self
    }

    /// In the currency of this place, all amounts a hundred times too large.
    pub const fn hundredfold(mut self, currency: usize) -> Wish {
        self.currency = Some(currency);
        self.hundredfold = true;
        self
    }

    /// Settled as time goes by.
    pub const fn settled(mut self) -> Wish {
        self.settled = true;
        self
    }
}
