//! Rows: the content of documents, packed into position-independent bytes.
//!
//! A row is canonical: two copies of a document are equal exactly if the packed bytes of their
//! content are. So copies are compared without unpacking, a partition is a plain run of bytes that
//! can lie in memory, in a file or in another process, and unpacking restores exactly the ledger
//! that was read.

mod account;
mod fields;
mod keys;
mod pack;
mod pen;
mod remittance;
mod row;
mod run;
mod unpack;
mod unpacker;
mod wire;

pub use account::{
    Account, PackedMoves, account, read_account, read_currency, read_names, read_numbered_names, without_precheck,
    write_account, write_names,
};
#[cfg(test)]
pub use account::{read_figures, write_figures};
pub use fields::{each_correlation, each_entry};
pub use keys::{Key, KeyFilter, KeyNotes, KeyPlaces, hash_of, hash_of_bytes};
pub use pack::{FileTally, Packer, is_production};
pub use remittance::{pack_remittance, remittance};
pub use row::{Partitions, Row, RowKind, Sealed, id_of, partition_of, rows};
pub use run::{append, bring_near, keyed, pieces, split_first};
pub use unpack::{
    OperationRow, embedded_session, embedding, operation_of, order, order_operations, session, settlement, transaction,
};
pub use unpacker::{Unpacker, text_of};
pub use wire::Wire;
