//! Links between documents, for frames and for displaying a document.

use std::io;
use std::sync::Arc;

use avstem_core::link::Link;
use avstem_core::model::card::Kind;
use avstem_core::rows::{Unpacker, Wire, keyed};

use super::sorted::{Sorted, Sorter};
use crate::io::spill::Scratch;

/// The fields that identify a linked document; link rows store an index, so sort order depends on
/// it.
const FIELDS: [&str; 4] = ["merchant_reference", "payment_id", "session_id", "transaction_id"];

/// Links sorted by kind, id and transaction.
pub struct Links {
    rows: Sorted,
    scratch: Arc<Scratch>,
}

impl Links {
    /// Wraps the rows that `keep_links` sorted.
    pub fn new(rows: Sorted, scratch: &Arc<Scratch>) -> Links {
        Links { rows, scratch: Arc::clone(scratch) }
    }

    /// The links without duplicates, which are adjacent.
    pub fn iter(&self) -> impl Iterator<Item = Link> + '_ {
        let mut last = None;
        self.rows.walk(&self.scratch, read).filter(move |link| last.replace(link.clone()).as_ref() != Some(link))
    }

    /// The links of a document; for a transaction the links that point to it.
    pub fn of<'l>(&'l self, kind: Kind, id: &'l str) -> impl Iterator<Item = Link> + 'l {
        self.iter().filter(move |link| match kind {
            Kind::Transaction => link.transaction == id,
            _ => link.kind == kind && link.id == id,
        })
    }
}

pub fn keep_links(links: Option<&mut Vec<Link>>, sorter: &mut Sorter) -> io::Result<()> {
    for link in links.into_iter().flat_map(|links| links.drain(..)) {
        sorter.push(|out| {
            out.byte(link.kind as u8);
            [&link.id, &link.transaction].iter().for_each(|text| keyed(out, text));
            let field = FIELDS.iter().position(|field| *field == link.by);
            out.byte(field.expect("a link is by one of the fields that name a partner") as u8);
        })?;
    }
    Ok(())
}

fn read(row: &[u8]) -> Link {
    let mut values = Unpacker::new(row);
    Link {
        kind: Kind::ALL[usize::from(values.byte())],
        id: values.keyed().into_owned(),
        transaction: values.keyed().into_owned(),
        by: FIELDS[usize::from(values.byte())],
    }
}
