//! Builds and checks the evidence of findings: which document copies and order operations they rest on.
//!
//! Copy states are stored in link rows as bytes; they become text only for a finding.

use std::collections::BTreeSet;
use std::fmt::Write;

use crate::ledger::{OrderFacts, SessionFacts, TransactionFacts};
use crate::model::card::Kind;
use crate::model::event::EventList;
use crate::model::evidence::{
    CopyState, MOST_DOCUMENTS, MOST_OPERATIONS, TOO_MUCH, document_part, hash, header_part, letter, name_of, take_hash,
};
use crate::model::instant::Instant;
use crate::resolve::{Group, MergedOperation};
use crate::rows::{OperationRow, Row, RowKind, Unpacker, Wire, embedding, without_precheck};

/// Returns the state of a group's kept copy, or `None` if nothing is kept.
#[inline]
pub fn state_of(group: &Group<'_>) -> Option<CopyState> {
    group.kept_row().map(|kept| state_of_row(group, kept))
}

/// Returns the state of the row that is kept among those of its kind.
#[inline]
fn state_of_row(group: &Group<'_>, kept: &Row<'_>) -> CopyState {
    let mut state = plain_state(kept);
    let rivals = |row: &&Row<'_>| {
        row.kind == kept.kind && (row.updated_at, row.version) == (kept.updated_at, kept.version) && !row.equals(kept)
    };
    if group.rows.len() > 1 && group.rows.iter().any(|row| rivals(&row)) {
        state.content = Some(content(kept));
    }
    state
}

fn plain_state(row: &Row<'_>) -> CopyState {
    let is_lesser = matches!(row.kind, RowKind::Partial | RowKind::EmbeddedSession | RowKind::Header);
    CopyState { is_lesser, updated_at: row.updated_at, version: row.version, content: None }
}

/// Hashes every field by which two copies can differ. What a precheck derives from them is left out, so that evidence
/// stays the same when prechecks change.
fn content(row: &Row<'_>) -> u64 {
    let mut front = Vec::new();
    front.byte(row.kind as u8);
    front.opt_instant(row.updated_at);
    front.opt_signed(row.version);
    front.number(u64::from(row.weight));
    match row.kind {
        RowKind::Transaction | RowKind::Partial => {
            let [before, has, named, after] = without_precheck(row);
            hash(&[&front, before, has, named, after])
        }
        _ => hash(&[&front, row.body]),
    }
}

/// Returns the evidence of a document other than an order. An embedded-only session also rests on
/// the transactions that embed it, or embedded it in an older copy.
pub fn of_document(group: &Group<'_>) -> String {
    let Some(state) = state_of(group) else { return String::new() };
    let mut text = document_part(group.kind, group.id(), &state);
    if state.is_lesser && group.kind == Kind::Session {
        let mut packed = Vec::new();
        pack_embedding(group, &mut packed);
        write_embedding(&packed, &mut text);
    }
    text
}

/// Removes repeated contents, keeping the order of first occurrence.
fn distinct(contents: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut seen = BTreeSet::new();
    contents.filter(|content| seen.insert(*content)).collect()
}

/// How many rows of a group differ from all others.
pub fn documents(group: &Group<'_>) -> usize {
    if group.rows.len() == 1 { 1 } else { distinct(group.rows.iter().map(content)).len() }
}

/// Returns the evidence of the superseded copies, in input order.
pub fn of_copies(group: &Group<'_>) -> String {
    let contents = distinct(group.superseded().map(|(row, _)| content(row)));
    if contents.len() > MOST_DOCUMENTS {
        return TOO_MUCH.to_owned();
    }
    let contents: Vec<String> = contents.iter().map(|content| format!("{content:016x}")).collect();
    format!("{}+{:016x}={}", letter(group.kind), name_of(group.kind, group.id()), contents.join(","))
}

/// Checks a part about a document other than an order, or about the copies of any document.
pub fn has(group: &Group<'_>, part: &str) -> bool {
    if part.as_bytes().get(1) == Some(&b'+') {
        // An event's place comes from the first copy that has it, so the order of copies must match.
        let now = distinct(group.rows.iter().map(content));
        let mut rest = now.iter();
        let mut text = part.get(19..).unwrap_or_default();
        return loop {
            match take_hash(&mut text) {
                Some(wanted) if rest.any(|content| *content == wanted) => text = text.trim_start_matches(','),
                Some(_) => break false,
                None => break text.is_empty(),
            }
        };
    }
    let Some(mut text) = part.get(18..) else { return false };
    let kept = if part.starts_with("h:") { group.kept_header() } else { group.kept_row() };
    CopyState::parse(&mut text).is_some_and(|then| text.is_empty() && is_kept_since(kept, &then))
}

/// Returns the evidence of a settlement's payouts: its report, and its header.
pub fn of_payouts(group: &Group<'_>) -> String {
    let mut text = of_document(group);
    let header = group.kept_header().filter(|_| group.kept_row().is_some_and(|kept| kept.kind == RowKind::Settlement));
    if let Some(header) = header {
        text.push(' ');
        text.push_str(&header_part(group.id(), &state_of_row(group, header)));
    }
    text
}

fn is_kept_since(kept: Option<&Row<'_>>, then: &CopyState) -> bool {
    let now = kept.map(|kept| CopyState { content: Some(content(kept)), ..plain_state(kept) });
    now.is_some_and(|now| now.is_no_older_than(then))
}

/// Packs a state. Every link row has one, so its fixed-length part is written in one go; only the
/// rare content hash is appended separately.
#[inline]
pub fn pack_state(out: &mut Vec<u8>, state: &CopyState) {
    let flags = [state.is_lesser, state.content.is_some(), state.updated_at.is_some(), state.version.is_some()];
    let mut bytes = [0; 21];
    bytes[0] = flags.iter().fold(0, |bits, flag| bits << 1 | u8::from(*flag));
    if let Some(Instant { seconds, nanos }) = state.updated_at {
        bytes[1..9].copy_from_slice(&seconds.to_le_bytes());
        bytes[9..13].copy_from_slice(&nanos.to_le_bytes());
    }
    bytes[13..].copy_from_slice(&state.version.unwrap_or_default().to_le_bytes());
    out.extend_from_slice(&bytes);
    state.content.iter().for_each(|content| out.extend_from_slice(&content.to_le_bytes()));
}

/// Reads what [`pack_state`] wrote.
pub fn read_state(values: &mut Unpacker<'_>) -> CopyState {
    let flags = values.byte();
    let (seconds, nanos) = (i64::from_le_bytes(values.array()), u32::from_le_bytes(values.array()));
    let version = i64::from_le_bytes(values.array());
    CopyState {
        is_lesser: flags & 8 != 0,
        updated_at: (flags & 2 != 0).then_some(Instant { seconds, nanos }),
        version: (flags & 1 != 0).then_some(version),
        content: (flags & 4 != 0).then(|| u64::from_le_bytes(values.array())),
    }
}

/// Packs the transactions that embed a session, or embedded it in an older copy.
pub fn pack_embedding(group: &Group<'_>, out: &mut Vec<u8>) {
    let inside = |row: &&Row<'_>| matches!(row.kind, RowKind::EmbeddedSession | RowKind::FormerSession);
    let all: Vec<&[u8]> = group.rows.iter().filter(inside).take(MOST_DOCUMENTS + 1).map(embedding).collect();
    out.number(all.len() as u64);
    all.iter().for_each(|one| out.raw(one));
}

fn write_embedding(packed: &[u8], text: &mut String) {
    if packed.is_empty() {
        return;
    }
    let mut values = Unpacker::new(packed);
    let count = values.count();
    if count > MOST_DOCUMENTS {
        text.push(' ');
        return text.push_str(TOO_MUCH);
    }
    for _ in 0..count {
        let id = values.text();
        text.push(' ');
        text.push_str(&document_part(Kind::Transaction, id, &read_state(&mut values)));
    }
}

/// Returns the evidence of a transaction in a cross-document finding.
pub fn of_transaction(facts: &TransactionFacts<'_>) -> String {
    document_part(Kind::Transaction, facts.id, &facts.state)
}

/// Returns the evidence of a session in a cross-document finding.
pub fn of_session(facts: &SessionFacts<'_>) -> String {
    let mut text = document_part(Kind::Session, facts.id, &facts.state);
    write_embedding(facts.embedding, &mut text);
    text
}

/// Packs what a finding on an order rests on: its document, which collections are given, and its
/// operations. Their order is kept because it breaks ties between operations of the same time.
pub fn pack_order(group: &Group<'_>, given: [bool; 4], operations: &[MergedOperation<'_>], out: &mut Vec<u8>) {
    let state = state_of(group);
    out.byte(u8::from(state.is_some()));
    state.iter().for_each(|state| pack_state(out, state));
    out.byte(given.iter().fold(0, |bits, given| bits << 1 | u8::from(*given)));
    out.number(operations.len() as u64);
    for operation in operations.iter().take(MOST_OPERATIONS + 1) {
        let token = Token::of(operation, operation.has_rival);
        out.byte(token.list as u8 | u8::from(token.is_nameless) << 7);
        out.raw(&token.name.to_le_bytes());
        pack_state(out, &token.state);
    }
}

/// An operation in evidence. Without an id its content hash is its name, and the number of
/// operations with that content must not change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Token {
    list: EventList,
    is_nameless: bool,
    name: u64,
    state: CopyState,
}

/// Hashes an operation's id or content. Evidence of earlier runs has these hashes, so they must never change.
fn operation_hash(id: &[u8]) -> u64 {
    let mut hash = 0x9E37_79B9_7F4A_7C15u64;
    let (chunks, rest) = id.as_chunks::<8>();
    let mut mix = |value: u64| hash = (hash.rotate_left(5) ^ value).wrapping_mul(0x517C_C1B7_2722_0A95);
    chunks.iter().for_each(|chunk| mix(u64::from_le_bytes(*chunk)));
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    mix(u64::from_le_bytes(last));
    hash
}

impl Token {
    fn of(operation: &MergedOperation<'_>, with_content: bool) -> Token {
        let OperationRow { list, id, updated_at, version, bytes, .. } = operation.row;
        match id {
            Some(id) => {
                let content = with_content.then(|| operation_hash(bytes));
                let state = CopyState { updated_at, version, content, is_lesser: false };
                Token { list, is_nameless: false, name: operation_hash(id.as_bytes()), state }
            }
            None => Token { list, is_nameless: true, name: operation_hash(bytes), state: CopyState::default() },
        }
    }

    fn is_same(&self, other: &Token) -> bool {
        (self.list, self.is_nameless, self.name) == (other.list, other.is_nameless, other.name)
    }

    fn parse(text: &mut &str) -> Option<Token> {
        let sign = text.chars().next()?;
        let list = EventList::COLLECTIONS.into_iter().find(|list| list_letter(*list) == sign.to_ascii_lowercase())?;
        *text = &text[1..];
        Some(Token {
            list,
            is_nameless: sign.is_ascii_uppercase(),
            name: take_hash(text)?,
            state: CopyState::parse(text)?,
        })
    }
}

/// `x` stands for cancellations, because `c` is captures.
fn list_letter(list: EventList) -> char {
    match list {
        EventList::Authorizations => 'a',
        EventList::Cancellations => 'x',
        EventList::Captures => 'c',
        EventList::Refunds => 'r',
        EventList::Events | EventList::Transactions => unreachable!("no collection of an order"),
    }
}

/// The evidence of an order, from what [`pack_order`] wrote.
pub fn of_order(facts: &OrderFacts<'_>) -> String {
    order_text(facts.id, facts.evidence)
}

/// Formats what [`pack_order`] wrote for the order of this id.
pub fn order_text(id: &str, packed: &[u8]) -> String {
    if packed.is_empty() {
        return String::new();
    }
    let mut values = Unpacker::new(packed);
    let mut text = format!("o:{:016x}", name_of(Kind::Order, id));
    if values.byte() == 1 {
        write!(text, "[{}]", read_state(&mut values)).expect("a text takes all");
    }
    text.push('/');
    let given = values.byte();
    let is_given = |list: &EventList| list.collection().is_some_and(|n| given >> (3 - n) & 1 == 1);
    text.extend(EventList::COLLECTIONS.into_iter().filter(is_given).map(list_letter));
    text.push('/');
    let count = values.count();
    if count > MOST_OPERATIONS {
        return TOO_MUCH.to_owned();
    }
    for at in 0..count {
        let code = values.byte();
        let letter = EventList::from_code(code & 0x7f).map_or('?', list_letter);
        let letter = if code & 0x80 == 0 { letter } else { letter.to_ascii_uppercase() };
        let name = u64::from_le_bytes(values.array());
        let between = if at == 0 { "" } else { "," };
        write!(text, "{between}{letter}{name:016x}{}", read_state(&mut values)).expect("a text takes all");
    }
    text
}

/// Checks a part about an order, or about its copies.
pub fn order_has(group: &Group<'_>, given: [bool; 4], operations: &[MergedOperation<'_>], part: &str) -> bool {
    if part.as_bytes().get(1) == Some(&b'+') {
        return has(group, part);
    }
    order_has_part(group, given, operations, part).unwrap_or(false)
}

fn order_has_part(group: &Group<'_>, given: [bool; 4], operations: &[MergedOperation<'_>], part: &str) -> Option<bool> {
    let mut text = part.get(18..)?;
    if let Some(mut state) = text.strip_prefix('[') {
        if !is_kept_since(group.kept_row(), &CopyState::parse(&mut state)?) {
            return Some(false);
        }
        text = state.strip_prefix(']')?;
    }
    let (then_given, mut text) = text.strip_prefix('/')?.split_once('/')?;
    let now_given = |list: &EventList| list.collection().is_some_and(|n| given[n]);
    let letters: String = EventList::COLLECTIONS.into_iter().filter(now_given).map(list_letter).collect();
    if !then_given.chars().all(|letter| letters.contains(letter)) {
        return Some(false);
    }
    let now: Vec<Token> = operations.iter().map(|operation| Token::of(operation, true)).collect();
    let mut then = Vec::new();
    while !text.is_empty() {
        then.push(Token::parse(&mut text)?);
        text = text.strip_prefix(',').unwrap_or(text);
    }
    let mut rest = now.iter();
    let in_places =
        then.iter().all(|token| rest.any(|now| now.is_same(token) && now.state.is_no_older_than(&token.state)));
    let as_many = |token: &Token| {
        let count = |of: &[Token]| of.iter().filter(|other| other.is_same(token)).count();
        !token.is_nameless || count(&now) == count(&then)
    };
    Some(in_places && then.iter().all(as_many))
}
