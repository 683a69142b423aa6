//! Distributes the partitions of a store over the workers.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::budget::Budget;
use super::interrupted::Interrupted;
use super::locks::lock;
use super::store::{IdOf, IdShare, Open, Store};
use crate::io::interrupt;

pub struct Workers<'w> {
    pub pool: &'w rayon::ThreadPool,
    pub budget: Budget,
    /// Held by the one worker that reads a partition larger than its memory share.
    large: Mutex<()>,
}

/// Returns an error if a signal is pending.
pub fn check_signal() -> Result<(), Interrupted> {
    interrupt::pending().map_or(Ok(()), |signal| Err(Interrupted::Signal(signal)))
}

impl<'w> Workers<'w> {
    pub fn new(pool: &'w rayon::ThreadPool, budget: Budget) -> Self {
        Workers { pool, budget, large: Mutex::new(()) }
    }

    /// Calls `step` for partitions `0..count`; each worker takes the next free one and accumulates
    /// into its own state from `make`.
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

    /// Calls `each` with the rows of partition `at` of several stores: all at once if they fit the
    /// budget, else one share of the ids at a time.
    pub fn read(
        &self,
        stores: &[&Store],
        at: usize,
        id_of: IdOf,
        then: AfterRead,
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
        if then == AfterRead::Drop {
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
        // Shares differ in size, so on average they have half of the allowed size.
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

/// Whether the rows held in memory are released after reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRead {
    /// They are read again later.
    Keep,
    Drop,
}
