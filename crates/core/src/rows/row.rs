//! The header of a row: its kind, id and origin. The body is read only when it is needed.

use super::keys::{hash_of, hash_of_bytes};
use super::run::{append, bring_near, pieces};
use super::unpacker::{Unpacker, text_of};
use super::wire::Wire;
use crate::model::instant::Instant;
use crate::model::origin::Origin;

/// What a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum RowKind {
    /// A transaction with its events.
    Transaction,
    /// A transaction without events, as webhooks carry.
    Partial,
    /// An order with its own collections.
    Order,
    /// An operation of an order, from outside its document.
    Operation,
    /// A collection that is given outside the order's document.
    Given,
    /// A standalone session.
    Session,
    /// A session embedded in a kept transaction.
    EmbeddedSession,
    /// A session embedded in a superseded copy of a transaction: not a document, but one if the
    /// kept copy were missing.
    FormerSession,
    /// A settlement report with lines.
    Settlement,
    /// A settlement's header alone.
    Header,
    /// A transaction without triggers: its session, figures and names, and the ids of its captures and refunds. The rest
    /// is read again if it is needed.
    Clean,
    /// Like [`RowKind::Clean`], with something left to capture.
    Open,
    /// A payout, or a line of one, of a provider that pays out itself.
    Remittance,
}

impl RowKind {
    const ALL: [RowKind; 13] = [
        RowKind::Transaction,
        RowKind::Partial,
        RowKind::Order,
        RowKind::Operation,
        RowKind::Given,
        RowKind::Session,
        RowKind::EmbeddedSession,
        RowKind::FormerSession,
        RowKind::Settlement,
        RowKind::Header,
        RowKind::Clean,
        RowKind::Open,
        RowKind::Remittance,
    ];

    /// The kind of document that the row's id names.
    pub fn class(self) -> crate::model::card::Kind {
        use crate::model::card::Kind;
        match self {
            RowKind::Transaction | RowKind::Partial | RowKind::Clean | RowKind::Open => Kind::Transaction,
            RowKind::Order | RowKind::Operation | RowKind::Given => Kind::Order,
            RowKind::Session | RowKind::EmbeddedSession | RowKind::FormerSession => Kind::Session,
            RowKind::Settlement | RowKind::Header => Kind::Settlement,
            RowKind::Remittance => Kind::Payout,
        }
    }

    /// Whether the row lacks the transaction's items and events.
    pub fn is_short(self) -> bool {
        matches!(self, RowKind::Clean | RowKind::Open)
    }
}

/// A row of a partition.
#[derive(Clone, Copy, Debug)]
pub struct Row<'p> {
    pub kind: RowKind,
    /// The id of the document, or of the operation's order.
    pub id: &'p str,
    /// The record it came from.
    pub origin: Origin,
    pub updated_at: Option<Instant>,
    pub version: Option<i64>,
    /// Number of events, or lines of a settlement; of an operation, its index in the envelope.
    pub weight: u32,
    /// The packed content of the document.
    pub body: &'p [u8],
}

impl<'p> Row<'p> {
    /// Appends the row, prefixed with its length.
    pub fn write(&self, out: &mut Vec<u8>, body: impl FnOnce(&mut Vec<u8>)) {
        append(out, |out| {
            self.front(out);
            body(out);
        });
    }

    /// Appends the header.
    #[inline(always)]
    pub(super) fn front(&self, out: &mut impl Wire) {
        out.byte(self.kind as u8);
        out.origin(&self.origin);
        out.text(self.id);
        out.opt_instant(self.updated_at);
        out.opt_signed(self.version);
        out.number(u64::from(self.weight));
    }

    /// Whether two copies are equal in everything but id and origin.
    pub fn equals(&self, other: &Row<'_>) -> bool {
        self.kind == other.kind
            && self.updated_at == other.updated_at
            && self.version == other.version
            && self.weight == other.weight
            && self.body == other.body
    }
}

/// A row of which only kind, origin and id were read.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'p> {
    pub kind: RowKind,
    /// The record it came from.
    pub origin: Origin,
    pub id: &'p [u8],
    rest: Unpacker<'p>,
}

impl<'p> Sealed<'p> {
    /// Brings the row near, because it is opened soon.
    #[inline]
    pub fn prefetch(&self) {
        bring_near(self.rest.rest(), 0, self.rest.rest().len());
    }

    /// The row as one of a file of another number.
    pub fn in_file(self, file: u32) -> Self {
        Sealed { origin: Origin { file, ..self.origin }, ..self }
    }

    /// Appends the row as it is packed, without its length.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.byte(self.kind as u8);
        out.origin(&self.origin);
        out.text(self.text());
        out.raw(self.rest.rest());
    }

    /// The id as text.
    pub fn text(&self) -> &'p str {
        text_of(self.id)
    }

    /// Reads the rest of the header; the body stays packed.
    pub fn open(&self) -> Row<'p> {
        let mut values = self.rest;
        Row {
            kind: self.kind,
            id: text_of(self.id),
            origin: self.origin,
            updated_at: values.opt_instant(),
            version: values.opt_signed(),
            weight: values.number() as u32,
            body: values.rest(),
        }
    }
}

/// The rows of a partition, in the order in which they were written.
pub fn rows(bytes: &[u8]) -> impl Iterator<Item = Sealed<'_>> {
    pieces(bytes).map(|row| {
        let mut values = Unpacker::new(row);
        let kind = RowKind::ALL[usize::from(values.byte())];
        Sealed { kind, origin: values.origin(), id: values.bytes(), rest: values }
    })
}

/// The partition of an id; `partitions` must be a power of two.
///
/// All rows of one document fall into one partition. Reports do not depend on how ids are distributed.
pub fn partition_of(id: &str, partitions: usize) -> usize {
    place_of(hash_of(id), partitions)
}

fn place_of(hash: u64, partitions: usize) -> usize {
    (hash >> 32) as usize & (partitions - 1)
}

/// Initial capacity of a partition in bytes, which avoids many small reallocations.
const FIRST_ROOM: usize = 4 << 10;

/// A partition with less room than this gets three times its size: growing copies it, and room that is not used costs
/// nothing.
const LEAST_ROOM: usize = 512;

pub fn id_of(row: &[u8]) -> &str {
    let mut values = Unpacker::new(row);
    values.byte();
    values.origin();
    values.text()
}

/// Packed rows by partition.
#[derive(Clone, Debug)]
pub struct Partitions {
    parts: Vec<Vec<u8>>,
}

impl Partitions {
    /// `count` must be a power of two.
    pub fn new(count: usize) -> Self {
        assert!(count.is_power_of_two());
        Partitions { parts: vec![Vec::new(); count] }
    }

    /// The buffer for the rows of an id.
    pub fn of(&mut self, id: &str) -> &mut Vec<u8> {
        self.of_bytes(id.as_bytes())
    }

    /// Like [`Partitions::of`], for the bytes of an id.
    pub fn of_bytes(&mut self, id: &[u8]) -> &mut Vec<u8> {
        self.of_hash(hash_of_bytes(id))
    }

    /// Like [`Partitions::of`], by the hash of an id.
    pub fn of_hash(&mut self, hash: u64) -> &mut Vec<u8> {
        let at = place_of(hash, self.parts.len());
        let part = &mut self.parts[at];
        if part.capacity() - part.len() < LEAST_ROOM {
            part.reserve_exact(FIRST_ROOM.max(3 * part.len()));
        }
        part
    }

    pub fn take(&mut self, at: usize) -> Vec<u8> {
        std::mem::take(&mut self.parts[at])
    }

    pub fn part_mut(&mut self, at: usize) -> &mut Vec<u8> {
        &mut self.parts[at]
    }

    pub fn part(&self, at: usize) -> &[u8] {
        &self.parts[at]
    }

    /// Empties all partitions, and releases large buffers: rows often come partition after partition, so that each
    /// buffer in turn would keep the size of a whole share.
    pub fn clear(&mut self) {
        for part in &mut self.parts {
            if part.capacity() > FIRST_ROOM { *part = Vec::new() } else { part.clear() }
        }
    }

    /// Total number of bytes.
    pub fn size(&self) -> usize {
        self.parts.iter().map(Vec::len).sum()
    }

    pub fn count(&self) -> usize {
        self.parts.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows that come partition after partition must not leave the size of them all behind.
    #[test]
    fn partitions_filled_one_after_the_other_keep_little() {
        let (mut rows, share) = (Partitions::new(64), vec![0; 64 * FIRST_ROOM]);
        for part in 0..64 {
            rows.parts[part].extend_from_slice(&share);
            rows.clear();
        }
        let kept: usize = rows.parts.iter().map(Vec::capacity).sum();
        assert!(rows.size() == 0 && kept <= 64 * FIRST_ROOM, "{kept} bytes");
    }
}
