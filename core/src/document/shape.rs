//! What a record is, told by the names of its members.

/// The names that decide, each once it was met with a value that is not null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Names(u32);

/// One of the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Name {
    /// `dintero_settlement_id`.
    SettlementId = 1 << 0,
    /// A list under `transactions`.
    TransactionsList = 1 << 1,
    /// A list under `draft_orders`.
    DraftList = 1 << 2,
    /// An object under `order`.
    OrderObject = 1 << 3,
    /// `order_id`.
    OrderId = 1 << 4,
    /// `id`.
    Id = 1 << 5,
    /// `gross_amount`.
    GrossAmount = 1 << 6,
    /// `payment_status` or `created_at`: they make an `order_id` an order.
    OrderSign = 1 << 7,
    /// A list under a collection's name.
    CollectionList = 1 << 8,
    /// `event`.
    Event = 1 << 9,
    /// `transaction`.
    Transaction = 1 << 10,
    /// A list under `items`.
    ItemsList = 1 << 11,
    /// A list under `amounts`.
    AmountsList = 1 << 12,
    /// `amount`.
    Amount = 1 << 13,
    /// `currency`.
    Currency = 1 << 14,
    /// `events`.
    Events = 1 << 15,
    /// `status`.
    Status = 1 << 16,
    /// `payment_product`.
    PaymentProduct = 1 << 17,
    /// Something beside paging keys and lists.
    Other = 1 << 18,
    /// `items` that is no list.
    Items = 1 << 19,
    /// A page's list name with null under it.
    NullList = 1 << 20,
    /// `url`.
    Url = 1 << 21,
    /// `error`.
    Error = 1 << 22,
    /// A list under `orders`.
    OrdersList = 1 << 24,
    /// A list under `sessions`.
    SessionsList = 1 << 25,
    /// A list under `settlements`.
    SettlementsList = 1 << 26,
}

/// The lists that make a page.
const LISTS: [(Name, &str); 6] = [
    (Name::TransactionsList, "transactions"),
    (Name::OrdersList, "orders"),
    (Name::SessionsList, "sessions"),
    (Name::SettlementsList, "settlements"),
    (Name::DraftList, "draft_orders"),
    (Name::ItemsList, "items"),
];

/// The list of a page by its name.
pub(super) fn page_list_named(name: &str) -> Option<&'static str> {
    LISTS.iter().map(|(_, list)| *list).find(|list| *list == name)
}

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A settlement report, or its header.
    SettlementReport,
    /// A page: the elements of its list are the records.
    Page,
    /// A page of drafts: each element's `order` is the record.
    Drafts,
    /// A checkout session.
    Session,
    /// A shopping order.
    Order,
    /// Collections of an order's operations.
    Collections,
    /// One operation of the order in the path.
    Operation,
    /// A webhook around a transaction.
    Webhook,
    /// An item of the settlement list.
    SettlementItem,
    /// A checkout transaction.
    Transaction,
    /// None of these.
    Unknown,
}

impl Names {
    /// Notes a member by its name and the first byte of its value.
    #[inline]
    pub fn note(&mut self, name: &str, first: u8) {
        let list = first == b'[';
        let null = first == b'n';
        let met = match name {
            "transactions" if list => return self.0 |= Name::TransactionsList as u32,
            "orders" if list => return self.0 |= Name::OrdersList as u32,
            "sessions" if list => return self.0 |= Name::SessionsList as u32,
            "settlements" if list => return self.0 |= Name::SettlementsList as u32,
            "draft_orders" if list => return self.0 |= Name::DraftList as u32,
            "items" if list => return self.0 |= Name::ItemsList as u32,
            "transactions" | "orders" | "sessions" | "settlements" | "draft_orders" if null => Name::NullList,
            "last_evaluated_key" | "starting_after" | "next_page_token" | "page_token" | "limit" | "count"
            | "total" => {
                return;
            }
            // A webhook of a payer who cancelled has no transaction to show.
            "transaction" | "event_delivery" => Name::Transaction,
            _ if null => Name::Other,
            "dintero_settlement_id" => Name::SettlementId,
            "order" if first == b'{' => Name::OrderObject,
            "order_id" => Name::OrderId,
            "id" => Name::Id,
            "gross_amount" => Name::GrossAmount,
            "payment_status" | "created_at" => Name::OrderSign,
            "authorizations" | "captures" | "refunds" | "cancellations" if list => Name::CollectionList,
            "event" => Name::Event,
            "items" => Name::Items,
            "amounts" if list => Name::AmountsList,
            "amount" => Name::Amount,
            "currency" => Name::Currency,
            "events" => Name::Events,
            "status" => Name::Status,
            "payment_product" => Name::PaymentProduct,
            "url" => Name::Url,
            "error" => Name::Error,
            _ => Name::Other,
        };
        self.0 |= met as u32;
        if met != Name::NullList {
            self.0 |= Name::Other as u32;
        }
    }

    /// Notes a name that is known to have been met with a value that is not null.
    pub fn met(&mut self, name: Name, met: bool) {
        if met {
            self.0 |= name as u32;
        }
    }

    /// The list of a page; `None` when there is none, or more than one.
    pub fn page_list(self) -> Option<&'static str> {
        let mut met = LISTS.iter().filter(|(name, _)| self.has(*name));
        match (met.next(), met.next()) {
            (Some((_, list)), None) => Some(list),
            _ => None,
        }
    }

    /// Whether a name was met.
    pub fn has(self, name: Name) -> bool {
        self.0 & name as u32 != 0
    }

    fn any(self, names: &[Name]) -> bool {
        names.iter().any(|n| self.has(*n))
    }

    /// What the record is; `in_collection`: its path is that of an order's collection or operation.
    pub fn shape(self, in_collection: bool) -> Shape {
        use Name::*;
        let paging_only = !self.has(Other);
        let order_signs = [Id, Currency, Status, OrderSign, GrossAmount, ItemsList, Items];
        let transaction_signs = [Id, Amount, Currency, Events, Status, PaymentProduct];
        let page = if paging_only { self.page_list() } else { None };
        if self.has(SettlementId) {
            Shape::SettlementReport
        } else if paging_only && self.has(NullList) {
            Shape::Page
        } else if page.is_some_and(|list| list != "items") {
            if self.has(DraftList) { Shape::Drafts } else { Shape::Page }
        } else if self.has(OrderObject) {
            Shape::Session
        } else if (self.has(OrderId) && self.any(&order_signs)) || (self.has(Id) && self.has(GrossAmount)) {
            Shape::Order
        } else if self.has(CollectionList) {
            Shape::Collections
        } else if in_collection {
            Shape::Operation
        } else if self.has(Event) && self.has(Transaction) {
            Shape::Webhook
        } else if page.is_some() {
            Shape::Page
        } else if self.has(AmountsList) {
            Shape::SettlementItem
        } else if transaction_signs.iter().filter(|n| self.has(**n)).count() >= 2 {
            Shape::Transaction
        } else {
            Shape::Unknown
        }
    }

    /// What an unknown record looks like, for the refusal of a file that holds nothing else.
    pub fn looks_like(self) -> Option<&'static str> {
        if self.has(Name::Error) {
            Some("it looks like an error answer of the API")
        } else if self.has(Name::CollectionList) || self.has(Name::OrderId) {
            Some("it looks like a part of an order")
        } else {
            None
        }
    }

    /// Whether it is nothing but a link to something else.
    pub fn is_download_link(self) -> bool {
        self.has(Name::Url) && self.shape(false) == Shape::Unknown
    }
}
