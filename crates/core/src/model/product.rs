//! Provider-independent properties that rules read: payment product, platform, environment.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentProduct<'p> {
    /// The family of products, which the configuration can name as a whole.
    pub family: &'p str,
    /// Whether the remainder of a partial capture can be voided.
    pub voids_remainder: bool,
    /// Whether another party pays out its money, so that no settlement report names it.
    pub settles_elsewhere: bool,
    /// Days that an authorization may stay open, unless configured.
    pub authorization_days: u64,
}

/// What kind of shop a transaction was made in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// Takes payments on behalf of sellers; each payment must name its seller.
    OfSellers,
    #[default]
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Real money.
    Production,
    /// Test data, without real money.
    Sandbox,
}
