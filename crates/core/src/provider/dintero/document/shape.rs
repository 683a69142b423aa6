//! Recognises a record by the names of its members.

use super::names::Name;
use crate::provider::others::OtherShape;

/// A set of [`Mark`]s; most need a value that is not null.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u64);

/// A member that helps to recognise a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Mark {
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
    /// `payment_status` or `created_at`: together with an `order_id` they make an order.
    OfOrder = 1 << 7,
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
    /// Any member that is not a paging key or a page's list.
    Other = 1 << 18,
    /// `items` that is not a list.
    Items = 1 << 19,
    /// The name of a page's list with a null value.
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
    /// `success`.
    Success = 1 << 27,
    /// `processed_at`, `processed_by` or `authorization_id`: with `success` they make an operation.
    OfOperation = 1 << 28,
    /// A list under `payouts`.
    PayoutsList = 1 << 29,
    /// `payment_reference`.
    PaymentReference = 1 << 30,
    /// `type`.
    Type = 1 << 31,
    /// An object under `totals`.
    Totals = 1 << 32,
    /// `entryType`.
    EntryType = 1 << 33,
    /// `ledgerDate`.
    LedgerDate = 1 << 34,
}

/// The lists that make a page.
const LISTS: [(Mark, Name); 7] = [
    (Mark::TransactionsList, Name::Transactions),
    (Mark::OrdersList, Name::Orders),
    (Mark::SessionsList, Name::Sessions),
    (Mark::SettlementsList, Name::Settlements),
    (Mark::DraftList, Name::DraftOrders),
    (Mark::PayoutsList, Name::Payouts),
    (Mark::ItemsList, Name::Items),
];

pub(super) fn is_page_list(name: Name) -> bool {
    LISTS.iter().any(|(_, list)| *list == name)
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
    /// One operation of an order that nothing names.
    LoneOperation,
    /// A webhook around a transaction.
    Webhook,
    /// An item of the settlement list.
    SettlementItem,
    /// A checkout transaction.
    Transaction,
    /// A document of another provider.
    Other(OtherShape),
    /// None of these.
    Unknown,
}

impl Marks {
    /// Notes a member by its name and the first byte of its value.
    #[inline(always)]
    pub fn note(&mut self, name: Name, first: u8) {
        if name == Name::Other {
            return self.met(Mark::Other, true);
        }
        if first == b'['
            && let Some((mark, _)) = LISTS.iter().find(|(_, list)| *list == name)
        {
            return self.0 |= *mark as u64;
        }
        let (list, null) = (first == b'[', first == b'n');
        let met = match name {
            _ if null && name != Name::Items && is_page_list(name) => Mark::NullList,
            Name::LastEvaluatedKey
            | Name::StartingAfter
            | Name::NextPageToken
            | Name::PageToken
            | Name::Limit
            | Name::Count
            | Name::Total
            | Name::Cursor
            | Name::TryLater
            | Name::Pagination => return,
            // A webhook has a null transaction when the payer cancelled.
            Name::Transaction | Name::EventDelivery => Mark::Transaction,
            _ if null => Mark::Other,
            Name::DinteroSettlementId => Mark::SettlementId,
            Name::Order if first == b'{' => Mark::OrderObject,
            Name::OrderId => Mark::OrderId,
            Name::Id => Mark::Id,
            Name::GrossAmount => Mark::GrossAmount,
            Name::PaymentStatus | Name::CreatedAt => Mark::OfOrder,
            Name::Authorizations | Name::Captures | Name::Refunds | Name::Cancellations if list => Mark::CollectionList,
            Name::Event => Mark::Event,
            Name::Items => Mark::Items,
            Name::Amounts if list => Mark::AmountsList,
            Name::Amount => Mark::Amount,
            Name::Currency => Mark::Currency,
            Name::Events => Mark::Events,
            Name::Status => Mark::Status,
            Name::PaymentProduct => Mark::PaymentProduct,
            Name::Success => Mark::Success,
            Name::ProcessedAt | Name::ProcessedBy | Name::AuthorizationId => Mark::OfOperation,
            Name::PaymentReference => Mark::PaymentReference,
            Name::Type => Mark::Type,
            Name::Totals if first == b'{' => Mark::Totals,
            Name::EntryType => Mark::EntryType,
            Name::LedgerDate => Mark::LedgerDate,
            Name::Url => Mark::Url,
            Name::Error => Mark::Error,
            _ => Mark::Other,
        };
        self.0 |= met as u64;
        if met != Mark::NullList {
            self.0 |= Mark::Other as u64;
        }
    }

    pub fn met(&mut self, mark: Mark, met: bool) {
        if met {
            self.0 |= mark as u64;
        }
    }

    /// The list of a page; `None` when there is none, or more than one.
    pub fn page_list(self) -> Option<Name> {
        let mut met = LISTS.iter().filter(|(mark, _)| self.has(*mark));
        match (met.next(), met.next()) {
            (Some((_, list)), None) => Some(*list),
            _ => None,
        }
    }

    pub fn has(self, mark: Mark) -> bool {
        self.0 & mark as u64 != 0
    }

    fn any(self, marks: &[Mark]) -> bool {
        marks.iter().any(|mark| self.has(*mark))
    }

    /// Whether a name was met that may make the record something other than a transaction.
    pub fn suggests_other_shape(self) -> bool {
        use Mark::*;
        const OTHERS: [Mark; 17] = [
            SettlementId,
            TransactionsList,
            DraftList,
            OrderObject,
            OrderId,
            GrossAmount,
            CollectionList,
            Event,
            Transaction,
            AmountsList,
            NullList,
            OrdersList,
            SessionsList,
            SettlementsList,
            PayoutsList,
            PaymentReference,
            LedgerDate,
        ];
        self.any(&OTHERS)
    }

    /// What it is, if it is a document of another provider.
    fn other_shape(self) -> Option<OtherShape> {
        use Mark::*;
        if self.has(PaymentReference) && self.has(Totals) {
            Some(OtherShape::KlarnaPayout)
        } else if self.has(PaymentReference) && self.has(Type) && self.has(Amount) {
            Some(OtherShape::KlarnaLine)
        } else if self.has(EntryType) && self.has(LedgerDate) {
            Some(OtherShape::VippsEntry)
        } else {
            None
        }
    }

    /// What the record is; `in_collection` means that its path is that of an order's collection or
    /// operation.
    pub fn shape(self, in_collection: bool) -> Shape {
        use Mark::*;
        let paging_only = !self.has(Other);
        let order_marks = [Id, Currency, Status, OfOrder, GrossAmount, ItemsList, Items];
        const OF_TRANSACTION: u64 =
            Id as u64 | Amount as u64 | Currency as u64 | Events as u64 | Status as u64 | PaymentProduct as u64;
        let page = if paging_only { self.page_list() } else { None };
        if self.has(SettlementId) {
            Shape::SettlementReport
        } else if paging_only && self.has(NullList) {
            Shape::Page
        } else if page.is_some_and(|list| list != Name::Items) {
            if self.has(DraftList) { Shape::Drafts } else { Shape::Page }
        } else if self.has(OrderObject) {
            Shape::Session
        } else if let Some(other) = self.other_shape() {
            Shape::Other(other)
        } else if (self.has(OrderId) && self.any(&order_marks)) || (self.has(Id) && self.has(GrossAmount)) {
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
        } else if self.has(Success) && self.has(OfOperation) && !self.any(&[Currency, Events, Status, PaymentProduct]) {
            Shape::LoneOperation
        } else if (self.0 & OF_TRANSACTION).count_ones() >= 2 {
            Shape::Transaction
        } else {
            Shape::Unknown
        }
    }

    /// What an unknown record looks like, for the refusal of a file that holds nothing else.
    pub fn looks_like(self) -> Option<&'static str> {
        if self.has(Mark::Error) {
            Some("it looks like an error answer of the API")
        } else if self.has(Mark::CollectionList) || self.has(Mark::OrderId) {
            Some("it looks like a part of an order")
        } else {
            None
        }
    }

    /// Whether it is only a link to a download.
    pub fn is_download_link(self) -> bool {
        self.has(Mark::Url) && self.shape(false) == Shape::Unknown
    }
}
