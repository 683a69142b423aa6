//! `kill -9`, at random moments and at each call that reaches the disk.
//!
//! Every test run tries a few; `AVSTEM_KILLS=600 cargo test --test suite kill_9` tries more.

use std::time::{Duration, Instant};

use avstem_worlds::Rng;

use super::{Reference, SEVERAL, calls, check, command, for_each, tries, was_killed};

#[test]
fn kill_9_at_a_call() {
    let reference = Reference::new();
    let count = tries("AVSTEM_KILLS", 48) / 2;
    for_each(count, |at| {
        let has_old = at % 2 == 1;
        let desk = reference.desk(has_old);
        // Spread evenly over all calls.
        let all = calls(&reference.desk(has_old)).len();
        let number = 1 + at * all / count;
        let what = format!("killed at call {number} of {all}, old run: {has_old}");
        let output = check(&desk, &[("AVSTEM_FAULT", &format!("any:{number}:kill"))]);
        assert!(was_killed(&output), "{what}: {:?}", output.status);
        reference.assert_whole_or_as_before(&desk, has_old, &what);
        reference.assert_next(&desk, &what);
    });
}

#[test]
fn kill_9_at_a_random_moment() {
    let reference = Reference::new();
    let count = tries("AVSTEM_KILLS", 48).div_ceil(2);
    let started = Instant::now();
    check(&reference.desk(false), &[]);
    let whole = started.elapsed();
    for_each(count, |at| {
        let has_old = at % 2 == 1;
        let desk = reference.desk(has_old);
        let mut rng = Rng::new(at as u64);
        let moment = whole * u32::try_from(rng.roll(1000)).unwrap() / 800;
        let workers = if at % 4 < 2 { 1 } else { SEVERAL };
        let mut child = command(&desk, workers, &[]).spawn().unwrap();
        std::thread::sleep(moment.max(Duration::from_millis(1)));
        child.kill().unwrap();
        child.wait().unwrap();
        let what = format!("{workers} workers killed after {moment:?} of {whole:?}, old run: {has_old}");
        reference.assert_whole_or_as_before(&desk, has_old, &what);
        reference.assert_next(&desk, &what);
    });
}
