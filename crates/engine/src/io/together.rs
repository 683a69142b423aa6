//! Runs independent tasks in parallel.

use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// A part of the work, run once.
pub type Task<'t, T, E> = Box<dyn Fn() -> Result<T, E> + Sync + 't>;

/// Runs the tasks: each worker takes the next task that has not started; a single worker runs them
/// in order. Returns the results in task order, or the error of the first task that failed. After
/// an error no further task is started.
pub fn together<T: Send, E: Send>(tasks: &[Task<'_, T, E>], workers: usize) -> Result<Vec<T>, E> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(task) = tasks.get(at) else { return done };
            let made = task();
            if made.is_err() {
                next.store(tasks.len(), Ordering::Relaxed);
            }
            done.push((at, made));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..workers.min(tasks.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    #[test]
    fn what_is_made_comes_in_order_and_the_first_fault_is_told() {
        let begun = Mutex::new(Vec::new());
        let tasks = |bad: &'static [usize]| -> Vec<Task<'_, usize, usize>> {
            let begun = &begun;
            let task = move |at: usize| -> Task<'_, usize, usize> {
                Box::new(move || {
                    begun.lock().unwrap().push(at);
                    if bad.contains(&at) { Err(at) } else { Ok(at) }
                })
            };
            (0..40).map(task).collect()
        };
        for workers in [0, 1, 3, 100] {
            assert_eq!(together(&tasks(&[]), workers), Ok((0..40).collect()));
        }
        begun.lock().unwrap().clear();
        assert_eq!(together(&tasks(&[7, 20]), 1), Err(7));
        assert_eq!(*begun.lock().unwrap(), Vec::from_iter(0..=7));
        assert!(matches!(together(&tasks(&[7, 20]), 8), Err(7 | 20)));
        assert_eq!(together::<(), ()>(&[], 4), Ok(Vec::new()));
    }
}
