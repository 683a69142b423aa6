//! The splitter finds the same records for any division of the input into pieces, or refuses the
//! text for all of them.

#![no_main]

use avstem_core::document::{Pieces, Splitter};
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use libfuzzer_sys::fuzz_target;

/// Larger than any input: how oversized records are skipped depends on the pieces, and is tested by
/// the readers.
const LARGEST: u64 = 1 << 20;

/// The ranges of records, the ranges of oversized records, and the fault.
type Found = (Vec<(u64, u64)>, Vec<(u64, u64)>, Option<String>);

/// Feeds the text in pieces; `sizes` gives the number of bytes added each time.
fn split(text: &[u8], mut sizes: impl Iterator<Item = usize>) -> Found {
    let mut splitter = Splitter::new(LARGEST, Active::ENVELOPES);
    let (mut done, mut there) = (0, 0);
    let (mut spans, mut large) = (Vec::new(), Vec::new());
    loop {
        there = (there + sizes.next().unwrap_or(text.len()).max(1)).min(text.len());
        let at_end = there == text.len();
        match splitter.split(&text[done..there], done as u64, at_end) {
            Err(fault) => return (Vec::new(), Vec::new(), Some(format!("{:?}", fault.reason))),
            Ok((Pieces::Lines, _)) => panic!("a text is not made of lines"),
            Ok((Pieces::Spans(found), taken)) => {
                let before = done as u64;
                spans.extend(found.iter().map(|span| (before + span.start as u64, before + span.end as u64)));
                large.extend(splitter.take_too_large());
                done += taken;
                assert!(done <= there, "no more is taken than was given");
                if at_end && (taken == 0 || done == text.len()) {
                    break;
                }
            }
        }
    }
    large.sort_unstable();
    (spans, large, None)
}

fuzz_target!(|bytes: &[u8]| {
    let [seed, text @ ..] = bytes else { return };
    if text.is_empty() || text.len() > 1 << 16 {
        return;
    }
    let whole = split(text, std::iter::empty());
    let mut state = u32::from(*seed) + 1;
    let steps = std::iter::from_fn(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some((state >> 24) as usize % 23)
    });
    let parts = split(text, steps);
    assert_eq!(whole.2.is_some(), parts.2.is_some(), "refused as a whole, or in parts: {whole:?} {parts:?}");
    if whole.2.is_none() {
        assert_eq!(whole, parts);
        // The records are in order and within the text.
        assert!(whole.0.windows(2).all(|pair| pair[0].1 <= pair[1].0));
        assert!(whole.0.iter().all(|(start, end)| start < end && *end <= text.len() as u64));
    }
});
