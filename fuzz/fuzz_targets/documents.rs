//! Every document reader against serde_json: a record is used only if it is JSON, and rejected for
//! its syntax only if it is not.

#![no_main]

use avstem_core::document::{Block, Options, PADDING, Padded, Pieces, Reading};
use avstem_core::model::reject::RecordReason;
use avstem_core::rows::{KeyNotes, Packer};
use avstem_core::rules::prechecker;
use avstem_core::provider::Provider;
use avstem_core::provider::active::Active;
use libfuzzer_sys::fuzz_target;
use serde::de::IgnoredAny;

fn reader(record: &[u8], pieces: &Pieces, strict: bool, path: &str) -> Packer {
    let mut packer = Packer::new(4, KeyNotes::new(64), prechecker());
    let layout = Active::layout(path);
    // Bytes after a record must not influence it; quotes and brackets are the most likely to.
    let room = [record, &b"\"}]".repeat(PADDING)].concat();
    let block = Block { bytes: Padded::new(&room, record.len()), base: 7, pieces, file: 0, layout: &layout };
    Active::read(&block, Options { strict, max_record: 1 << 20 }, &mut Reading::default(), &mut packer);
    packer
}

fn is_used(packer: &Packer) -> bool {
    packer.tally.rejected == 0 && packer.tally.refused.is_none()
}

fn depth(record: &[u8]) -> usize {
    let (mut depth, mut most) = (0usize, 0);
    for byte in record {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

fuzz_target!(|bytes: &[u8]| {
    let [path, record @ ..] = bytes else { return };
    if record.contains(&b'\n') || record.trim_ascii() != record || record.is_empty() {
        return;
    }
    let path = if path % 3 == 0 { "orders/o1/captures.json" } else { "a.json" };
    let packer = reader(record, &Pieces::Lines, true, path);
    let tally = &packer.tally;
    let is_list = record[0] == b'[';
    let is_page = tally.documents + tally.empty + tally.rejected != 1;
    assert_eq!(tally.rejected, packer.rejects.len() as u64);
    assert!(is_list || is_page || tally.refused.is_none());
    for reject in &packer.rejects {
        let (start, end) = (reject.origin.offset - 7, reject.origin.offset - 7 + u64::from(reject.origin.length));
        assert!(start < end && end <= record.len() as u64, "a reject lies within its record: {reject:?}");
        assert!(reject.at >= reject.origin.offset, "a defect lies within its record: {reject:?}");
        assert!(reject.path.chars().all(|c| !c.is_control()), "a path is of ours: {reject:?}");
    }
    let lax = reader(record, &Pieces::Lines, false, path);
    assert!(tally.documents + tally.empty <= lax.tally.documents + lax.tally.empty, "strict takes less, never more");
    if depth(record) > 100 {
        return;
    }
    // Checked as UTF-8 first, since serde_json accepts invalid UTF-8 in skipped values.
    let is_json = std::str::from_utf8(record).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok());
    let of_text = |reason: RecordReason| {
        matches!(reason, RecordReason::Syntax | RecordReason::TruncatedRecord | RecordReason::TrailingData)
    };
    if is_json {
        assert!(tally.refused.is_none(), "JSON is refused: {:?}", tally.refused);
        let reject = packer.rejects.iter().find(|reject| of_text(reject.reason));
        assert!(reject.is_none(), "JSON is refused as none: {reject:?}");
    } else {
        assert!(!is_used(&packer), "what is no JSON is used: {}", String::from_utf8_lossy(record));
    }
    // As a value in a JSON text it may refuse the whole file, but must not be used differently than
    // as a line.
    #[allow(clippy::single_range_in_vec_init, reason = "the text is one piece")]
    let text = reader(record, &Pieces::Spans(vec![0..record.len()]), true, path);
    assert_eq!(is_used(&packer), is_used(&text));
    assert!(text.tally.refused.is_some() || text.tally.documents == tally.documents);
});
