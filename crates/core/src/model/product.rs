//! What a document belongs to, as rules see it: a payment product, a platform, an environment.

/// What is known of a payment product.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaymentProduct<'p> {
    /// The products that it is one of, which the configuration may name in one word.
    pub family: &'p str,
    /// Whether what a partial capture left can be voided.
    pub voids_remainder: bool,
    /// Whether its money is paid out by others, so that no settlement report names it.
    pub settles_elsewhere: bool,
    /// For how many days an authorization may stay open where the configuration does not say.
    pub authorization_days: u64,
}

/// What kind of shop a transaction was made in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Platform {
    /// It takes payments on behalf of sellers, and each payment must say for whom.
    OfSellers,
    /// Any other.
    #[default]
    Other,
}

/// Where an account lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// Its money is real.
    Production,
    /// Its money never existed.
    Sandbox,
}
