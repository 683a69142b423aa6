//! Writes JSON text piece by piece. Nothing is escaped, so texts must not need escaping.

use chrono::{DateTime, Datelike, Timelike, Utc};

use crate::rng::Rng;

#[derive(Clone, Debug, Default)]
pub struct JsonText(pub Vec<u8>);

impl JsonText {
    /// Appends JSON unchanged, without a comma before it.
    pub fn raw(&mut self, json: &str) {
        self.0.extend_from_slice(json.as_bytes());
    }

    pub fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// Appends a comma, unless at the start, or after an opening bracket, a member name or a line
    /// end.
    pub fn comma(&mut self) {
        if !matches!(self.0.last(), None | Some(b'{' | b'[' | b':' | b'\n')) {
            self.0.push(b',');
        }
    }

    pub fn name(&mut self, name: &str) {
        self.comma();
        self.0.push(b'"');
        self.raw(name);
        self.raw("\":");
    }

    pub fn object(&mut self, members: impl FnOnce(&mut JsonText)) {
        self.comma();
        self.0.push(b'{');
        members(self);
        self.0.push(b'}');
    }

    pub fn array<T>(&mut self, elements: impl IntoIterator<Item = T>, mut element: impl FnMut(&mut JsonText, T)) {
        self.comma();
        self.0.push(b'[');
        elements.into_iter().for_each(|value| element(self, value));
        self.0.push(b']');
    }

    /// A string whose content `text` writes.
    pub fn quoted(&mut self, text: impl FnOnce(&mut JsonText)) {
        self.comma();
        self.0.push(b'"');
        text(self);
        self.0.push(b'"');
    }

    pub fn object_member(&mut self, name: &str, members: impl FnOnce(&mut JsonText)) {
        self.name(name);
        self.object(members);
    }

    pub fn array_member<T>(
        &mut self,
        name: &str,
        elements: impl IntoIterator<Item = T>,
        element: impl FnMut(&mut JsonText, T),
    ) {
        self.name(name);
        self.array(elements, element);
    }

    pub fn quoted_member(&mut self, name: &str, text: impl FnOnce(&mut JsonText)) {
        self.name(name);
        self.quoted(text);
    }

    pub fn text_member(&mut self, name: &str, text: impl AsRef<[u8]>) {
        self.quoted_member(name, |out| out.bytes(text.as_ref()));
    }

    pub fn int_member(&mut self, name: &str, value: i64) {
        self.name(name);
        self.int(value);
    }

    /// A string of `before`, a number, and `after`.
    pub fn numbered_member(&mut self, name: &str, before: &str, number: i64, after: &str) {
        self.quoted_member(name, |out| {
            out.raw(before);
            out.int(number);
            out.raw(after);
        });
    }

    /// A string of `before` and a number with `width` digits.
    pub fn padded_member(&mut self, name: &str, before: &str, number: u64, width: usize) {
        self.quoted_member(name, |out| {
            out.raw(before);
            out.padded(number, width);
        });
    }

    pub fn bool_member(&mut self, name: &str, value: bool) {
        self.name(name);
        self.raw(if value { "true" } else { "false" });
    }

    pub fn time_member(&mut self, name: &str, millis: i64) {
        self.quoted_member(name, |out| out.time(millis));
    }

    pub fn date_member(&mut self, name: &str, millis: i64) {
        self.quoted_member(name, |out| out.date(millis));
    }

    pub fn uuid_member(&mut self, name: &str, id: (u64, u64)) {
        self.quoted_member(name, |out| out.uuid(id));
    }

    pub fn int(&mut self, value: i64) {
        if value < 0 {
            self.0.push(b'-');
        }
        let size = value.unsigned_abs();
        self.padded(size, size.checked_ilog10().map_or(1, |log| log as usize + 1));
    }

    /// The last `width` digits of a number, with leading zeros.
    pub fn padded(&mut self, value: u64, width: usize) {
        let start = self.0.len();
        self.0.resize(start + width, b'0');
        let mut rest = value;
        for digit in self.0[start..].iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
    }

    /// An RFC 3339 time from Unix milliseconds; whole seconds have no fraction.
    pub fn time(&mut self, millis: i64) {
        let at = time_of(millis);
        self.date(millis);
        for (mark, value) in ["T", ":", ":"].into_iter().zip([at.hour(), at.minute(), at.second()]) {
            self.raw(mark);
            self.padded(value.into(), 2);
        }
        let fraction = at.timestamp_subsec_millis();
        if fraction > 0 {
            self.raw(".");
            self.padded(fraction.into(), 3);
        }
        self.raw("Z");
    }

    pub fn date(&mut self, millis: i64) {
        let at = time_of(millis);
        self.padded(at.year().unsigned_abs().into(), 4);
        for value in [at.month(), at.day()] {
            self.raw("-");
            self.padded(value.into(), 2);
        }
    }

    /// The lowest `digits` hexadecimal digits (at most 16), least significant first.
    pub fn hex(&mut self, value: u64, digits: u32) {
        (0..digits).for_each(|n| self.0.push(b"0123456789abcdef"[(value >> (4 * n) & 15) as usize]));
    }

    /// A version 4 UUID with digits from two numbers.
    pub fn uuid(&mut self, (a, b): (u64, u64)) {
        self.hex(a, 8);
        self.raw("-");
        self.hex(a >> 32, 4);
        self.raw("-4");
        self.hex(a >> 52, 3);
        self.raw("-0");
        self.hex(b, 3);
        self.raw("-");
        self.hex(b >> 12, 12);
    }

    /// Random characters of the base64url alphabet, ten per random number.
    pub fn token(&mut self, rng: &mut Rng, length: usize) {
        const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let mut bits = 0;
        for i in 0..length {
            if i % 10 == 0 {
                bits = rng.next_u64();
            }
            self.0.push(LETTERS[(bits & 63) as usize]);
            bits >>= 6;
        }
    }
}

fn time_of(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("no export is of a year that chrono cannot count")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: impl Fn(&mut JsonText)) -> String {
        let mut text = JsonText::default();
        write(&mut text);
        String::from_utf8(text.0).unwrap()
    }

    #[test]
    fn integers_are_written_as_rust_writes_them() {
        for n in (-1200..1200).chain([i64::MIN, i64::MAX, 123_456_789_012, -10_000]) {
            assert_eq!(written(|t| t.int(n)), n.to_string());
        }
        assert_eq!(written(|t| t.padded(42, 5)), "00042");
    }

    #[test]
    fn times_are_rfc_3339() {
        for text in ["2026-11-20T04:00:00Z", "2026-11-20T03:59:59.999Z", "2026-05-04T04:00:00.007Z"] {
            let millis = DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
            assert_eq!(written(|t| t.time(millis)), text);
            assert_eq!(written(|t| t.date(millis)), text[..10]);
        }
    }

    #[test]
    fn uuids_use_all_their_bits() {
        let first = written(|t| t.uuid((1, 2)));
        assert_eq!((first.len(), first.matches('-').count()), (36, 4));
        for other in [(0, 2), (1, 0), (1 << 40, 2), (1, 1 << 40)] {
            assert_ne!(written(|t| t.uuid(other)), first);
        }
    }

    #[test]
    fn commas_stand_between_values_only() {
        let text = written(|t| {
            for _ in 0..2 {
                t.object(|t| {
                    t.int_member("a", 1);
                    t.array_member("b", ["x", "{"], |t, word| t.quoted(|t| t.raw(word)));
                    t.array_member("c", [1, 2], |t, n| t.object(|t| t.int_member("n", n)));
                });
                t.raw("\n");
            }
        });
        let line = "{\"a\":1,\"b\":[\"x\",\"{\"],\"c\":[{\"n\":1},{\"n\":2}]}\n";
        assert_eq!(text, line.repeat(2));
    }
}
