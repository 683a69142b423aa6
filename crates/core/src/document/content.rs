//! What a record says, read or not: a hash that neither the order of members, nor blanks, nor the
//! spelling of texts and numbers changes. A member that is null is the same as none.

use bumpalo::Bump;

use super::cursor::is_blank;
use super::escape::unescape;
use crate::model::limits::MAX_DEPTH;
use crate::model::number::Number;

/// Hashes a record that was read, and what it stands under.
pub(crate) fn content_of(under: &str, record: &str, arena: &Bump) -> [u8; 16] {
    let mut plain = Vec::with_capacity(record.len() + under.len() + 16);
    write_text(&mut plain, under);
    Spelling { text: record, at: 0, arena }.value(&mut plain, 0);
    let mut first = [0; 16];
    first.copy_from_slice(&blake3::hash(&plain).as_bytes()[..16]);
    first
}

fn write_text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&(text.len() as u64).to_le_bytes());
    out.extend_from_slice(text.as_bytes());
}

/// A position in a record. Only what is read of a record has its grammar checked: what breaks it elsewhere is taken as
/// it is written.
struct Spelling<'t, 'a> {
    text: &'t str,
    at: usize,
    arena: &'a Bump,
}

impl Spelling<'_, '_> {
    fn peek(&mut self) -> u8 {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().take_while(|byte| is_blank(**byte)).count();
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    fn takes(&mut self, byte: u8) -> bool {
        let is_here = self.peek() == byte;
        self.at += usize::from(is_here);
        is_here
    }

    /// Takes all that is left as it is written.
    fn rest(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.text.as_bytes()[self.at..]);
        self.at = self.text.len();
    }

    /// Appends the value that is here in one spelling; false for null.
    fn value(&mut self, out: &mut Vec<u8>, depth: u32) -> bool {
        match self.peek() {
            _ if depth > MAX_DEPTH => self.rest(out),
            b'{' => self.object(out, depth),
            b'[' => self.array(out, depth),
            b'"' => self.string(out),
            0 => self.rest(out),
            _ => return self.scalar(out),
        }
        true
    }

    fn object(&mut self, out: &mut Vec<u8>, depth: u32) {
        self.at += 1;
        let mut members: Vec<[Vec<u8>; 2]> = Vec::new();
        while self.peek() == b'"' {
            let [mut name, mut value] = [Vec::new(), Vec::new()];
            self.string(&mut name);
            if !self.takes(b':') {
                break;
            }
            if self.value(&mut value, depth + 1) {
                members.push([name, value]);
            }
            if !self.takes(b',') {
                break;
            }
        }
        members.sort();
        out.push(b'{');
        members.iter().flatten().for_each(|part| out.extend_from_slice(part));
        if self.takes(b'}') { out.push(b'}') } else { self.rest(out) }
    }

    fn array(&mut self, out: &mut Vec<u8>, depth: u32) {
        self.at += 1;
        out.push(b'[');
        while !matches!(self.peek(), b']' | 0) {
            if !self.value(out, depth + 1) {
                out.push(b'n');
            }
            if !self.takes(b',') {
                break;
            }
        }
        if self.takes(b']') { out.push(b']') } else { self.rest(out) }
    }

    fn string(&mut self, out: &mut Vec<u8>) {
        let (start, bytes) = (self.at + 1, self.text.as_bytes());
        let mut end = start;
        while end < bytes.len() && bytes[end] != b'"' {
            end += if bytes[end] == b'\\' { 2 } else { 1 };
        }
        let raw = self.text.get(start..end).unwrap_or_default();
        self.at = (end + 1).min(bytes.len());
        out.push(b'"');
        write_text(out, unescape(raw, 0, self.arena).unwrap_or(raw));
    }

    fn scalar(&mut self, out: &mut Vec<u8>) -> bool {
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| matches!(c, ',' | '}' | ']' | ':') || (c.is_ascii() && is_blank(c as u8)));
        let word = &rest[..end.unwrap_or(rest.len())];
        self.at += word.len();
        match Number::parse(word.as_bytes()).map(|number| number.normalized()) {
            _ if word == "null" => return false,
            Some((_, digits, _)) if digits.is_empty() => out.extend_from_slice(b"#0"),
            Some((is_negative, digits, exponent)) => {
                out.push(if is_negative { b'-' } else { b'+' });
                out.extend_from_slice(&digits);
                out.extend_from_slice(format!("e{exponent};").as_bytes());
            }
            // A byte that begins no value must not be waited for.
            None if word.is_empty() => self.rest(out),
            None => write_text(out, word),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(record: &str) -> [u8; 16] {
        content_of("", record, &Bump::new())
    }

    #[test]
    fn spellings_of_one_record_are_equal() {
        let record = r#"{"a":1100,"b":{"c":["x",null,true],"d":"e/"},"f":0}"#;
        for other in [
            r#" { "f" : -0.0, "b":{"d":"\u0065\/","c":["x" , null,true] }, "\u0061":1.1e3,"g":null}"#,
            r#"{"b":{"d":"e/","g":null,"c":["\u0078",null,true]},"a":1100.0,"f":0e7}"#,
        ] {
            assert_eq!(of(other), of(record), "{other}");
        }
    }

    #[test]
    fn whatever_is_not_read_tells_records_apart() {
        let records = [
            r#"{"a":1,"b":["x","y"]}"#,
            r#"{"a":1,"b":["y","x"]}"#,
            r#"{"a":-1,"b":["x","y"]}"#,
            r#"{"a":10,"b":["x","y"]}"#,
            r#"{"a":"1","b":["x","y"]}"#,
            r#"{"a":1,"b":["xy"]}"#,
            r#"{"a":1,"b":["x",null,"y"]}"#,
            r#"{"a":1,"b":{"x":"y"}}"#,
            r#"{"a":1,"b":tru}"#,
            r#"{"a":1,"b":true}"#,
            r#"{"a":1,"b":"tru"}"#,
            r#"{"a":1,"b":@}"#,
        ];
        for (n, one) in records.iter().enumerate() {
            records[n + 1..].iter().for_each(|other| assert_ne!(of(one), of(other), "{one} {other}"));
        }
        assert_ne!(content_of("1", records[0], &Bump::new()), of(records[0]));
    }

    #[test]
    fn broken_text_ends() {
        for text in
            ["", "{", "{\"a", "{\"a\"", "{\"a\":", "[1,", "[,]", "{\"a\":]}", "[:]", "\"\\", "{\"a\":\"\\ud800\"}"]
        {
            of(text);
        }
        of(&"[".repeat(100_000));
    }
}
