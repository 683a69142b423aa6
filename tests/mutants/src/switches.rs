//! Added to the copy of the core: the enabled mutant, and which mutants were reached.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};

/// The number of the enabled mutant; `u32::MAX` until it is read from the environment.
static CHOSEN: AtomicU32 = AtomicU32::new(u32::MAX);

static REACHED: [AtomicBool; MUTANTS] = [const { AtomicBool::new(false) }; MUTANTS];

// `atexit` has this name and signature in every C library. The callback is a plain function that
// uses only statics, and is called once, at process exit.
unsafe extern "C" {
    safe fn atexit(call: extern "C" fn()) -> i32;
}

/// Whether this mutant is enabled. Also records that it was reached.
#[inline]
pub fn on(mutant: u32) -> bool {
    REACHED[mutant as usize].store(true, Relaxed);
    let chosen = CHOSEN.load(Relaxed);
    (if chosen == u32::MAX { start() } else { chosen }) == mutant
}

#[cold]
fn start() -> u32 {
    let chosen = std::env::var("AVSTEM_MUTANT").ok().and_then(|number| number.parse().ok()).unwrap_or(u32::MAX - 1);
    CHOSEN.store(chosen, Relaxed);
    if std::env::var_os("AVSTEM_REACHED").is_some() {
        atexit(tell);
    }
    chosen
}

extern "C" fn tell() {
    let reached = (0..MUTANTS).filter(|at| REACHED[*at].load(Relaxed));
    let text: String = reached.map(|at| format!("{at}\n")).collect();
    std::fs::write(std::env::var_os("AVSTEM_REACHED").unwrap(), text).unwrap();
}

/// One of two iterators, for functions that return `impl Iterator`.
#[derive(Clone)]
pub enum Either<A, B> {
    Mutant(A),
    Own(B),
}

impl<A: Iterator<Item = B::Item>, B: Iterator> Iterator for Either<A, B> {
    type Item = B::Item;

    fn next(&mut self) -> Option<B::Item> {
        match self {
            Either::Mutant(a) => a.next(),
            Either::Own(b) => b.next(),
        }
    }
}

impl<A: DoubleEndedIterator<Item = B::Item>, B: DoubleEndedIterator> DoubleEndedIterator for Either<A, B> {
    fn next_back(&mut self) -> Option<B::Item> {
        match self {
            Either::Mutant(a) => a.next_back(),
            Either::Own(b) => b.next_back(),
        }
    }
}
