//! Webhooks: the transaction inside is the document.

use super::head::explain;
use super::names::Name;
use super::read::{BlockReader, is_missing};
use super::shape::Marks;
use super::transaction;
use crate::document::cursor::Seen;
use crate::document::fault::Read;

impl BlockReader<'_, '_> {
    pub(super) fn webhook(&mut self, start: usize, end: usize) -> Read<()> {
        let (mut inner, mut seen) = (None, Seen::default());
        let walked = self.cursor(start, end).object(|cur, name| {
            if name != Name::Transaction {
                return cur.skip();
            }
            cur.once(&mut seen, Name::Transaction, |cur| {
                if cur.null()? {
                    return Ok(());
                }
                if cur.peek() != b'{' {
                    return Err(cur.wrong_type());
                }
                let at = cur.at();
                cur.skip()?;
                inner = Some((at, cur.at()));
                Ok(())
            })
        });
        let origin = self.origin(start, end);
        let Some((from, to)) = inner else {
            walked?;
            self.sink.nothing(origin);
            return Ok(());
        };
        let mut cur = self.cursor(from, to);
        let read = transaction::read(&mut cur, &mut self.scratch, &mut Marks::default(), origin);
        let read = read.and_then(|(transaction, seen)| {
            transaction::require(&transaction, &self.scratch.ledger, seen, &cur)?;
            Ok(transaction)
        });
        match (read, walked) {
            (Ok(transaction), Ok(())) => {
                explain(&mut self.scratch.ledger.head);
                self.sink.transaction(&transaction, &self.scratch.ledger, &self.scratch.session);
                Ok(())
            }
            (Ok(_), Err(fault)) => Err(fault),
            (Err(fault), walked) => {
                // A second `transaction` member comes after the first, so its defect yields to one
                // in the first; it is reported before a missing member.
                let fault = self.first_of_transaction(from, to, fault).within("transaction");
                Err(walked.err().filter(|_| is_missing(&fault)).unwrap_or(fault))
            }
        }
    }
}
