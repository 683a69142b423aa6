//! Locks: a worker that panicked while it held one ends the run, whatever the others still find behind it.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What a lock holds, for as long as the guard is there.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a lock held.
pub fn unlocked<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}
