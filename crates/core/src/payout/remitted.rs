//! Rows of what providers that pay out themselves report, in the order in which their accounts are put together. Behind
//! a line come the transactions that it is joined with.

use super::account::JoinedBy;
use crate::ledger::{Remittance, RemittanceKind, RemittedPart};
use crate::model::origin::Origin;
use crate::rows::{Row, RowKind, Unpacker, Wire, append, keyed, pack_remittance, remittance};

/// The bytes by which the rows of a remittance sort.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemittedKey(Vec<u8>);

impl RemittedKey {
    pub fn of(remittance: &Remittance<'_>) -> RemittedKey {
        let mut key = Vec::new();
        [remittance.namespace, remittance.id, remittance.currency].iter().for_each(|text| keyed(&mut key, text));
        key.byte(remittance.kind as u8);
        match remittance.kind {
            RemittanceKind::Statement => {}
            RemittanceKind::Line => {
                let (file, offset) = remittance.origin.place();
                key.extend_from_slice(&file.to_be_bytes());
                key.extend_from_slice(&offset.to_be_bytes());
            }
            RemittanceKind::Entry => write_order(&mut key, remittance),
        }
        key.extend_from_slice(&remittance.content);
        RemittedKey(key)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Writes what entries of one account follow each other by.
fn write_order(key: &mut Vec<u8>, entry: &Remittance<'_>) {
    keyed(key, entry.day.unwrap_or_default());
    key.flag(entry.part == RemittedPart::Payout);
    key.flag(entry.time.is_some());
    if let Some(time) = entry.time {
        write_signed(key, time.seconds);
        key.extend_from_slice(&time.nanos.to_be_bytes());
    }
    keyed(key, entry.ids[1].unwrap_or_default());
    keyed(key, entry.word);
    write_signed(key, entry.amount);
}

/// Writes a number in a form whose bytes compare as the numbers do.
fn write_signed(key: &mut Vec<u8>, number: i64) {
    key.extend_from_slice(&(number ^ i64::MIN).to_be_bytes());
}

const REMITTANCE: u8 = 0;
const JOIN: u8 = 1;

/// Appends a row, prefixed with its length: the key, what follows it, and the key's length.
fn write_row(out: &mut Vec<u8>, key: &[u8], content: u8, rest: impl FnOnce(&mut Vec<u8>)) {
    append(out, |out| {
        out.extend_from_slice(key);
        out.byte(content);
        rest(out);
        out.extend_from_slice(&(key.len() as u32).to_le_bytes());
    });
}

/// Appends the row of a remittance, which so many different records state.
pub fn write_remittance(out: &mut Vec<u8>, remittance: &Remittance<'_>, documents: u64) {
    write_row(out, RemittedKey::of(remittance).bytes(), REMITTANCE, |out| {
        let Origin { file, offset, length } = remittance.origin;
        [file.into(), offset, length.into(), documents].iter().for_each(|number| out.number(*number));
        pack_remittance(out, remittance);
    });
}

/// Appends the row of a transaction that a line may be joined with.
pub fn write_join(out: &mut Vec<u8>, key: &[u8], line: &JoinedLine) {
    write_row(out, key, JOIN, |out| {
        out.byte(line.by as u8);
        keyed(out, &line.transaction);
        out.opt_signed(line.event.map(i64::from));
        out.opt_text(line.product_type.as_deref());
    });
}

/// The transaction of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinedLine {
    pub by: JoinedBy,
    pub transaction: String,
    /// The event, if only one bears the id, or is of the line's kind and amount.
    pub event: Option<u32>,
    pub product_type: Option<String>,
}

/// Brings each remittance together with the transaction that it is joined with; rows come sorted.
#[derive(Debug, Default)]
pub struct LineJoins {
    /// The packed remittance that is not given out yet.
    current: Option<Vec<u8>>,
    /// The best join so far, and whether other transactions have one that is as good.
    joined: Option<(JoinedLine, bool)>,
}

impl LineJoins {
    /// Takes a row, and gives out the remittance before it once all about it is known.
    pub fn add(&mut self, row: &[u8], take: impl FnOnce(&Remittance<'_>, u64, Option<JoinedLine>)) {
        let (rest, length) = row.split_last_chunk::<4>().expect("a row ends in the length of its key");
        let (content, rest) = rest[u32::from_le_bytes(*length) as usize..].split_first().expect("a key has a content");
        if *content == REMITTANCE {
            self.finish(take);
            self.current = Some(rest.to_vec());
        } else {
            self.join(read_join(rest));
        }
    }

    fn join(&mut self, other: JoinedLine) {
        match &mut self.joined {
            Some((best, _)) if best.by < other.by => {}
            Some((best, is_one_of_several)) if best.by == other.by => {
                *is_one_of_several |= best.transaction != other.transaction;
                best.event = best.event.filter(|event| other.event == Some(*event));
            }
            _ => self.joined = Some((other, false)),
        }
    }

    /// Gives out the last remittance.
    pub fn finish(&mut self, take: impl FnOnce(&Remittance<'_>, u64, Option<JoinedLine>)) {
        let joined = self.joined.take().filter(|(_, is_one_of_several)| !is_one_of_several).map(|(line, _)| line);
        let Some(packed) = self.current.take() else { return };
        let mut values = Unpacker::new(&packed);
        let origin = Origin { file: values.number() as u32, offset: values.number(), length: values.number() as u32 };
        let documents = values.number();
        let row = Row {
            kind: RowKind::Remittance,
            id: "",
            origin,
            updated_at: None,
            version: None,
            weight: 0,
            body: values.rest(),
        };
        take(&remittance(&row), documents, joined);
    }
}

fn read_join(packed: &[u8]) -> JoinedLine {
    let mut values = Unpacker::new(packed);
    JoinedLine {
        by: JoinedBy::ALL[usize::from(values.byte())],
        transaction: values.keyed().into_owned(),
        event: values.opt_signed().map(|place| place as u32),
        product_type: values.opt_text().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::instant::Instant;
    use crate::rows::pieces;

    /// The entries' words in the order of their rows.
    fn ordered(entries: &[Remittance<'_>]) -> Vec<String> {
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| write_remittance(&mut bytes, entry, 1));
        let mut rows: Vec<&[u8]> = pieces(&bytes).collect();
        rows.sort_unstable();
        let (mut joins, mut words) = (LineJoins::default(), Vec::new());
        rows.iter().for_each(|row| joins.add(row, |entry, _, _| words.push(entry.word.to_owned())));
        joins.finish(|entry, _, _| words.push(entry.word.to_owned()));
        words
    }

    #[test]
    fn entries_follow_each_other_by_day_payouts_last_then_time_reference_word_and_amount() {
        let at = |time| Instant::parse(time);
        let none = Remittance {
            namespace: "n",
            kind: RemittanceKind::Entry,
            day: Some("2026-10-02"),
            ..Remittance::default()
        };
        let with_psp = |psp, word, amount| Remittance {
            ids: [None, Some(psp), None],
            time: at("2026-10-02T10:00:00Z"),
            word,
            amount,
            ..none
        };
        let mut entries = [
            Remittance { word: "first", day: Some("2026-10-01"), part: RemittedPart::Payout, ..none },
            Remittance { word: "without a time", amount: 7, ..none },
            Remittance { word: "before the epoch", time: at("1969-10-02T10:00:00Z"), ..none },
            Remittance { word: "by the instant", time: at("2026-10-02T11:30:00+02:00"), ..none },
            with_psp("a", "z", 5),
            with_psp("b", "x", 5),
            with_psp("b", "y", -1),
            with_psp("b", "y", 1),
            Remittance { word: "payout", part: RemittedPart::Payout, time: at("2026-10-02T01:00:00Z"), ..none },
        ];
        let words = entries.map(|entry| entry.word);
        entries.reverse();
        assert_eq!(ordered(&entries), words);
    }

    /// The join of a line with these rows.
    fn joined(rows: &[(JoinedBy, &str, Option<u32>)]) -> Option<(JoinedBy, String, Option<u32>)> {
        let line = Remittance { kind: RemittanceKind::Line, ..Remittance::default() };
        let mut bytes = Vec::new();
        write_remittance(&mut bytes, &line, 1);
        for (by, transaction, event) in rows {
            let join =
                JoinedLine { by: *by, transaction: (*transaction).to_owned(), event: *event, product_type: None };
            write_join(&mut bytes, RemittedKey::of(&line).bytes(), &join);
        }
        let mut rows: Vec<&[u8]> = pieces(&bytes).collect();
        rows.sort_unstable();
        let (mut joins, mut all) = (LineJoins::default(), Vec::new());
        rows.iter().for_each(|row| joins.add(row, |_, _, joined| all.push(joined)));
        joins.finish(|_, _, joined| all.push(joined));
        assert_eq!(all.len(), 1);
        all.remove(0).map(|line| (line.by, line.transaction, line.event))
    }

    #[test]
    fn the_first_way_with_a_hit_counts_and_only_if_it_leads_to_one_transaction() {
        use JoinedBy::{Entry, Event, Metadata};
        let one = |by, event| Some((by, "t".to_owned(), event));
        assert_eq!(joined(&[]), None);
        assert_eq!(joined(&[(Metadata, "t", None)]), one(Metadata, None));
        assert_eq!(joined(&[(Metadata, "u", Some(1)), (Event, "t", Some(2))]), one(Event, Some(2)));
        assert_eq!(joined(&[(Entry, "t", Some(3)), (Entry, "t", Some(3))]), one(Entry, Some(3)));
        assert_eq!(joined(&[(Entry, "t", Some(3)), (Entry, "t", Some(4))]), one(Entry, None));
        assert_eq!(joined(&[(Entry, "t", None), (Entry, "u", None), (Event, "t", None)]), None);
    }
}
