//! The reader of camt.053 and camt.054: it reads the same however the bytes come, it reads what it
//! recognises, and what it reads adds up.

#![no_main]

use std::cell::Cell;
use std::io::BufReader;

use avstem_core::bank::camt::{WINDOW, is_camt, read};
use avstem_core::bank::{BookedEntry, gather};
use avstem_core::model::currency::exponent;
use avstem_core::model::reject::FileReason;
use libfuzzer_sys::fuzz_target;

fn check(entry: &BookedEntry) {
    assert!(exponent(&entry.currency).is_some());
    let sum: i128 = entry.details.iter().map(|detail| i128::from(detail.amount)).sum();
    if entry.is_batch {
        assert!(entry.details.len() > 1);
        assert_eq!(sum, i128::from(entry.amount));
    } else {
        assert_eq!(sum, 0);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let room = Cell::new(usize::MAX);
    let whole = read(bytes, &room);
    let single = read(BufReader::with_capacity(1, bytes), &room);
    assert_eq!(whole, single, "how the bytes come does not count");
    let unmarked = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_known = is_camt(unmarked, true).expect("the end decides");
    for length in [unmarked.len() / 3, unmarked.len() / 2] {
        let early = is_camt(&unmarked[..length], false);
        assert!(early.is_none_or(|early| early == is_known), "what is known early stays");
    }
    let file = match whole {
        Ok(file) => file,
        Err(fault) => {
            let named = !matches!(fault.reason, FileReason::NotFound | FileReason::IoError | FileReason::Truncated);
            assert!(named && !fault.detail.is_empty(), "{fault:?}");
            return;
        }
    };
    assert!(is_known || unmarked.len() > WINDOW);
    for statement in &file.statements {
        assert_eq!(bytes[statement.offset as usize], b'<');
        statement.entries.iter().for_each(check);
    }
    file.notifications.iter().flat_map(|notification| &notification.entries).for_each(check);
    let [once, twice] = [vec![(0, file.clone())], vec![(0, file.clone()), (1, file)]]
        .map(|files| gather(files, &room).expect("there is room"));
    assert_eq!(once.statements, twice.statements, "what is read twice counts once");
    for statement in once.statements {
        let kept: i128 = statement.entries.iter().map(|entry| i128::from(entry.amount)).sum();
        let all: i128 = statement.booked.values().sum();
        assert!(once.repeated_entries > 0 || kept == all);
        assert!(statement.entries.iter().all(|entry| !entry.id.is_empty()));
    }
});
