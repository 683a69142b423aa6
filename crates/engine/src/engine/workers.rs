//! Work that is spread over the workers a partition at a time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::budget::Budget;
use super::interrupted::Interrupted;
use super::locks::lock;
use super::store::{IdOf, IdShare, Open, Store};
use crate::io::interrupt;

/// The workers of a run, and the memory that they share.
pub struct Workers<'w> {
    /// The threads.
    pub pool: &'w rayon::ThreadPool,
    /// The memory.
    pub budget: Budget,
    /// Held by the one worker that reads a partition larger than its share.
    large: Mutex<()>,
}

/// Whether a signal came.
pub fn check_signal() -> Result<(), Interrupted> {
    interrupt::pending().map_or(Ok(()), |signal| Err(Interrupted::Signal(signal)))
}

impl<'w> Workers<'w> {
    /// The workers of a pool.
    pub fn new(pool: &'w rayon::ThreadPool, budget: Budget) -> Self {
        Workers { pool, budget, large: Mutex::new(()) }
    }

    /// Every worker takes the next of so many partitions until there is none, and adds to what it has made so far.
    pub fn each<S: Send>(
        &self,
        count: usize,
        make: impl Fn() -> S + Sync,
        step: impl Fn(&mut S, usize) -> Result<(), Interrupted> + Sync,
    ) -> Result<Vec<S>, Interrupted> {
        let next = AtomicUsize::new(0);
        let work = || {
            let mut made = make();
            loop {
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return Ok(made);
                }
                if let Err(error) = check_signal().and_then(|()| step(&mut made, at)) {
                    next.store(count, Ordering::Relaxed);
                    return Err(error);
                }
            }
        };
        self.pool.broadcast(|_| work()).into_iter().collect()
    }

    /// Calls `each` with the rows that several stores have of a partition: all at once, or, where they are too many,
    /// those of some of the ids at a time.
    pub fn read(
        &self,
        stores: &[&Store],
        at: usize,
        id_of: IdOf,
        then: Then,
        mut each: impl FnMut(&[&[u8]]) -> Result<(), Interrupted>,
    ) -> Result<(), Interrupted> {
        let size: usize = stores.iter().map(|store| store.size(at)).sum();
        let mut open: Vec<Open<'_>> = stores.iter().map(|store| store.open(at)).collect();
        if size <= self.budget.partition() {
            let mut buffers = vec![Vec::new(); open.len()];
            let mut parts = Vec::new();
            for (open, buffer) in open.iter().zip(&mut buffers) {
                parts.extend(open.all(buffer)?);
            }
            each(&parts)?;
        } else {
            self.read_shares(&open, size, id_of, each)?;
        }
        if then == Then::Drop {
            open.iter_mut().for_each(Open::drop_rows);
        }
        Ok(())
    }

    fn read_shares(
        &self,
        open: &[Open<'_>],
        size: usize,
        id_of: IdOf,
        mut each: impl FnMut(&[&[u8]]) -> Result<(), Interrupted>,
    ) -> Result<(), Interrupted> {
        let _alone = lock(&self.large);
        // Shares differ in size: half as large as they may be on average.
        let of = (2 * size).div_ceil(self.budget.partition().max(1)).next_power_of_two();
        let mut rows = Vec::new();
        for number in 0..of {
            rows.clear();
            for open in open {
                if !open.share(IdShare { number, of }, id_of, self.budget.group(), &mut rows)? {
                    return Err(Interrupted::TooLarge { budget: self.budget.bytes() });
                }
            }
            each(&[&rows])?;
            check_signal()?;
        }
        Ok(())
    }
}

/// What becomes of rows in memory that were read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// They are read again.
    Keep,
    /// They go.
    Drop,
}
