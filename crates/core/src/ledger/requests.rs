//! Requests for operations, and the events that complete them.

use std::cmp::Ordering;

use super::{Event, Ledger};
use crate::model::event::EventKind;

impl Event<'_> {
    /// Whether it is an effective request for an operation.
    pub fn asks(&self) -> bool {
        let initiates =
            matches!(self.kind, EventKind::InitiateCapture | EventKind::InitiateRefund | EventKind::InitiateVoid);
        initiates && self.effective()
    }
}

impl Ledger<'_> {
    /// Whether an event refers to the request.
    pub fn is_completed(&self, request: &str) -> bool {
        let completed = self.events.iter().filter_map(|event| event.correlation_request_id);
        completed.into_iter().any(|other| other == request || compare_requests(other, request).is_eq())
    }
}

/// Compares request ids: UUIDs that are written with and without hyphens, in either letter case.
pub fn compare_requests(a: &str, b: &str) -> Ordering {
    plain(a).cmp(plain(b))
}

fn plain(id: &str) -> impl Iterator<Item = u8> {
    id.bytes().filter(|byte| *byte != b'-').map(|byte| byte.to_ascii_lowercase())
}
