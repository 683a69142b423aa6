//! SIGINT and SIGTERM at any moment of a run leave no files behind and keep an earlier run.

use super::changing::{go_on, signal, waiting_at};
use super::{Reference, SEVERAL, calls, files, for_each, names, said};

#[test]
fn a_signal_at_any_call_leaves_nothing() {
    let reference = Reference::new();
    let all = calls(&reference.desk(true));
    // Handlers are installed before any folder is made; signals are honoured until the run is put
    // in place.
    let first = all.iter().position(|call| call == "folder").unwrap();
    let last = all.iter().rposition(|call| call == "write").unwrap();
    let moments: Vec<usize> = (first..last).step_by(5).chain([last]).collect();
    assert!(moments.len() > 8, "{moments:?}");
    for_each(moments.len(), |at| {
        let (name, code) = if at % 2 == 0 { ("-TERM", 143) } else { ("-INT", 130) };
        let desk = reference.desk(true);
        let workers = if at % 4 < 2 { 1 } else { SEVERAL };
        let child = waiting_at(&desk, workers, &format!("any:{}", moments[at] + 1));
        signal(&child, name);
        let output = go_on(child);
        let what = format!("{name} at call {} of {workers} workers", moments[at] + 1);
        assert_eq!(output.status.code(), Some(code), "{what}: {}", said(&output));
        assert!(said(&output).contains("nothing was written"), "{what}: {}", said(&output));
        assert!(files(&desk.path().join("run")) == reference.old, "{what}");
        assert_eq!(names(desk.path()), ["in", "run"], "{what}");
    });
}
