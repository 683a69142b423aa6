//! Documents of providers that pay out themselves, which stand among those of the provider whose exports are read: its
//! reader tells them by the names of their members, and each is read in its own room.

use super::{klarna, vipps};
use crate::document::Sink;
use crate::document::content::content_of;
use crate::document::cursor::{Cursor, Text, Tools};
use crate::document::fast::{Fast, Memory};
use crate::document::fault::{Fault, Read};
use crate::document::names::MemberName;
use crate::ledger::Remittance;
use crate::model::origin::Origin;
use crate::model::reject::RecordReason::TrailingData;

/// What a record of another provider is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OtherShape {
    KlarnaPayout,
    KlarnaLine,
    VippsEntry,
}

/// What the fast reader has learned of their names.
#[derive(Debug, Default)]
pub(super) struct OtherMemory {
    klarna: Memory<klarna::KlarnaName>,
    vipps: Memory<vipps::VippsName>,
}

/// A record of another provider.
#[derive(Clone, Copy)]
pub(super) struct OtherRecord<'b> {
    pub shape: OtherShape,
    pub block: Text<'b>,
    pub tools: Tools<'b>,
    pub start: usize,
    pub end: usize,
    pub origin: Origin,
    /// The path of its file.
    pub path: &'b str,
}

impl<'b> OtherRecord<'b> {
    fn fast<'m, N: MemberName>(&self, memory: &'m mut Memory<N>) -> Fast<'b, 'm, N> {
        Fast::new(self.block, self.tools, memory, (self.start, self.end))
    }

    /// Reads the record with the fast reader; `None` if it has anything unusual.
    pub fn read_fast(&self, memory: &mut OtherMemory) -> Option<Remittance<'b>> {
        let (read, is_whole) = match self.shape {
            OtherShape::KlarnaPayout => {
                let mut fast = self.fast(&mut memory.klarna);
                (klarna::read_payout(&mut fast), fast.is_at_end())
            }
            OtherShape::KlarnaLine => {
                let mut fast = self.fast(&mut memory.klarna);
                (klarna::read_line(&mut fast), fast.is_at_end())
            }
            OtherShape::VippsEntry => {
                let mut fast = self.fast(&mut memory.vipps);
                (vipps::read_entry(&mut fast, vipps::ledger_in(self.path)), fast.is_at_end())
            }
        };
        read.ok().filter(|_| is_whole)
    }

    /// Reads the record with the exact reader. A forgiving one looks for defects other than missing members.
    pub fn read(&self, is_forgiving: bool) -> Read<Remittance<'b>> {
        match self.shape {
            OtherShape::KlarnaPayout => self.exact(is_forgiving, klarna::read_payout),
            OtherShape::KlarnaLine => self.exact(is_forgiving, klarna::read_line),
            OtherShape::VippsEntry => {
                self.exact(is_forgiving, |cur| vipps::read_entry(cur, vipps::ledger_in(self.path)))
            }
        }
    }

    fn exact<N: MemberName>(
        &self,
        is_forgiving: bool,
        read: impl FnOnce(&mut Cursor<'b, N>) -> Read<Remittance<'b>>,
    ) -> Read<Remittance<'b>> {
        let mut cur = Cursor::new(self.block, self.tools, self.start, self.end);
        if is_forgiving {
            cur = cur.forgiving();
        }
        let remittance = read(&mut cur)?;
        cur.blanks();
        if cur.at() < self.end { Err(Fault::new(TrailingData, cur.at())) } else { Ok(remittance) }
    }

    /// Hands over what was read. What moves no funds is a record that holds nothing.
    pub fn give(&self, remittance: Remittance<'b>, sink: &mut (dyn for<'a> Sink<'a> + '_)) {
        if self.shape == OtherShape::VippsEntry && vipps::is_left_out(self.path, remittance.word) {
            return sink.nothing(self.origin);
        }
        let record = &self.block.whole[self.start..self.end];
        let content = content_of(remittance.id, record, self.tools.arena);
        sink.remittance(&Remittance { content, origin: self.origin, ..remittance });
    }
}
