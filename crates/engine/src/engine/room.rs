//! The share of memory that bank statements have, for all workers together.

use std::sync::atomic::{AtomicUsize, Ordering};

use avstem_core::bank::{Full, Room};

#[derive(Debug)]
pub struct StatementRoom {
    bytes: usize,
    taken: AtomicUsize,
}

impl StatementRoom {
    pub fn new(bytes: usize) -> StatementRoom {
        StatementRoom { bytes, taken: AtomicUsize::new(0) }
    }

    /// Whether more was wanted than there was.
    pub fn is_full(&self) -> bool {
        self.taken.load(Ordering::Relaxed) > self.bytes
    }
}

impl Room for StatementRoom {
    /// What was too much stays taken: all who read stop.
    fn take(&self, bytes: usize) -> Result<(), Full> {
        self.taken.fetch_add(bytes, Ordering::Relaxed);
        if self.is_full() { Err(Full) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_full_once_more_was_wanted_than_it_has() {
        let room = StatementRoom::new(10);
        assert_eq!([room.take(4), room.take(6)], [Ok(()); 2]);
        assert!(!room.is_full());
        assert_eq!([room.take(1), room.take(0)], [Err(Full); 2], "it stays full");
        assert!(room.is_full());
    }
}
