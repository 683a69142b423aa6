//! SIGINT and SIGTERM: the first is a request that long work asks for, the second ends the process at once.
//!
//! SIGXFSZ too: a file that grows beyond what the system allows is an error of writing, not the end of the process.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;

#[cfg(test)]
mod tests;

/// The signal that came, 0 before; set once [`install`] was called.
static CAME: OnceLock<Arc<AtomicUsize>> = OnceLock::new();

/// Takes over the signals. Called again, it does nothing.
pub fn install() -> io::Result<()> {
    if CAME.get().is_some() {
        return Ok(());
    }
    let came = Arc::new(AtomicUsize::new(0));
    let armed = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: what the first signal arms is for the second one.
        flag::register_conditional_default(signal, Arc::clone(&armed))?;
        flag::register(signal, Arc::clone(&armed))?;
        flag::register_usize(signal, Arc::clone(&came), signal as usize)?;
    }
    // Nobody asks this flag: the write that is too much fails, and says so itself.
    flag::register(SIGXFSZ, Arc::new(AtomicBool::new(false)))?;
    // Another thread may have been faster; then its flag is the one that is asked.
    let _ = CAME.set(came);
    Ok(())
}

/// The signal that asked for an end, if one did.
pub fn pending() -> Option<i32> {
    match CAME.get()?.load(Ordering::Relaxed) {
        0 => None,
        signal => i32::try_from(signal).ok(),
    }
}
