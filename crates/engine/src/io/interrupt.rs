//! SIGINT and SIGTERM: the first signal sets a flag that long work polls, the second ends the
//! process at once.
//!
//! SIGXFSZ too: exceeding the system's file size limit is a write error, not the end of the
//! process.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

#[cfg(test)]
mod tests;

/// The signal that was received, 0 before; set by [`install`].
static RECEIVED_SIGNAL: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// The signal of [`ask`], 0 without.
static ASKED_SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Installs the signal handlers. Later calls do nothing.
pub fn install() -> io::Result<()> {
    if RECEIVED_SIGNAL.get().is_some() {
        return Ok(());
    }
    let came = Arc::new(AtomicUsize::new(0));
    let armed = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The order matters: the first signal arms the default action for the second one.
        flag::register_conditional_default(signal, Arc::clone(&armed))?;
        flag::register(signal, Arc::clone(&armed))?;
        flag::register_usize(signal, Arc::clone(&came), signal as usize)?;
    }
    // This flag is never read: the write that exceeds the limit fails itself.
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    // Another thread may have installed its flag first; then that one is used.
    let _ = RECEIVED_SIGNAL.set(came);
    Ok(())
}

/// Asks for an end as a signal does, in a program that handles its signals itself; `None` takes it back.
pub fn ask(signal: Option<i32>) {
    ASKED_SIGNAL.store(signal.unwrap_or(0), Ordering::Relaxed);
}

/// Returns the signal that asked for an end, if there was one.
pub fn pending() -> Option<i32> {
    match ASKED_SIGNAL.load(Ordering::Relaxed) {
        0 => received(),
        signal => Some(signal),
    }
}

fn received() -> Option<i32> {
    match RECEIVED_SIGNAL.get()?.load(Ordering::Relaxed) {
        0 => None,
        signal => i32::try_from(signal).ok(),
    }
}
