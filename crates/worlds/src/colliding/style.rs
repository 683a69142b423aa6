//! Writes values as JSON text in many equivalent spellings.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::orders::COLLECTIONS;
use crate::json::JsonText;
use crate::rng::Rng;

/// A spelling of values; it does not change their meaning.
#[derive(Clone, Debug)]
pub struct JsonStyle {
    rng: Rng,
    pub pretty: bool,
    /// Letters as `\u0041`, also in names.
    pub escapes: bool,
    pub shuffled_members: bool,
    pub unknown_members: bool,
    /// 1100 as `1100.0` or `1.1e3`.
    pub odd_numbers: bool,
    pub line_end: &'static str,
}

impl JsonStyle {
    pub fn plain() -> JsonStyle {
        JsonStyle {
            rng: Rng::new(0),
            pretty: false,
            escapes: false,
            shuffled_members: false,
            unknown_members: false,
            odd_numbers: false,
            line_end: "\n",
        }
    }

    pub fn random(rng: &mut Rng) -> JsonStyle {
        JsonStyle {
            rng: Rng::new(rng.next_u64()),
            pretty: rng.once_in(3),
            escapes: rng.once_in(4),
            shuffled_members: rng.once_in(2),
            unknown_members: rng.once_in(3),
            odd_numbers: rng.once_in(2),
            line_end: if rng.once_in(4) { "\r\n" } else { "\n" },
        }
    }

    fn gap(&self, out: &mut JsonText, depth: usize) {
        if self.pretty {
            out.raw(self.line_end);
            out.raw(&"  ".repeat(depth));
        }
    }

    fn text(&mut self, out: &mut JsonText, text: &str) {
        if !self.escapes {
            out.raw(&Value::from(text).to_string());
            return;
        }
        out.raw("\"");
        for letter in text.chars() {
            let must = letter < ' ' || matches!(letter, '"' | '\\');
            if must || (letter as u32) < 0x1_0000 && self.rng.once_in(4) {
                out.raw(&format!("\\u{:04X}", letter as u32));
            } else {
                out.raw(letter.encode_utf8(&mut [0; 4]));
            }
        }
        out.raw("\"");
    }

    fn number(&mut self, out: &mut JsonText, written: &str) {
        let whole: Option<i64> = written.parse().ok().filter(|n: &i64| n.unsigned_abs() <= 1_000_000);
        match whole.filter(|_| self.odd_numbers) {
            Some(0) => out.raw(self.rng.word(&["0", "-0", "0.0", "0e5", "-0.00"])),
            Some(n) => match self.rng.roll(4) {
                0 => out.raw(&format!("{n}.0")),
                1 if n % 10 == 0 => out.raw(&format!("{}E+1", n / 10)),
                2 => out.raw(&format!("{n}00e-2")),
                3 => {
                    let sign = if n < 0 { "-" } else { "" };
                    let size = n.abs();
                    out.raw(&format!("{sign}{}.{:03}e3", size / 1000, size % 1000));
                }
                _ => out.raw(written),
            },
            None => out.raw(written),
        }
    }

    /// Members that no reader knows, with arbitrary values.
    fn unknown_member(&mut self) -> (String, &'static str) {
        let name = format!("x_{}", self.rng.roll(1000));
        let value = self.rng.word(&[
            "null",
            "[1.25, {\"amount\": \"no\", \"id\": [[]]}]",
            "\"}]\\\"{\"",
            "{\"amount\": 1.5, \"amount\": 2, \"events\": {}}",
            "1e400",
            "\"\\ud800\"",
        ]);
        (name, value)
    }

    fn value(&mut self, out: &mut JsonText, value: &Value, depth: usize, name: &str) {
        match value {
            Value::Object(members) => self.object(out, members, depth, &mut |style, out, name, member| {
                style.value(out, member, depth + 1, name);
            }),
            Value::Array(elements) => self.array(out, elements, depth, &mut |style, out, element| {
                style.value(out, element, depth + 1, name);
            }),
            Value::String(text) => self.text(out, text),
            // A line id must stay a plain integer.
            Value::Number(number) if name == "line_id" => out.raw(&number.to_string()),
            Value::Number(number) => self.number(out, &number.to_string()),
            Value::Bool(_) | Value::Null => out.raw(&value.to_string()),
        }
    }

    fn object(
        &mut self,
        out: &mut JsonText,
        members: &Map<String, Value>,
        depth: usize,
        member: &mut dyn FnMut(&mut JsonStyle, &mut JsonText, &str, &Value),
    ) {
        let mut all: Vec<Option<(&String, &Value)>> = members.iter().map(Some).collect();
        if self.unknown_members && self.rng.once_in(3) {
            all.push(None);
        }
        if self.shuffled_members {
            self.rng.shuffle(&mut all);
        }
        out.raw("{");
        for entry in &all {
            out.comma();
            self.gap(out, depth + 1);
            match entry {
                Some((name, value)) => {
                    self.text(out, name);
                    out.raw(if self.pretty { ": " } else { ":" });
                    member(self, out, name, value);
                }
                None => {
                    let (name, value) = self.unknown_member();
                    out.raw(&format!("\"{name}\":{value}"));
                }
            }
        }
        if !all.is_empty() {
            self.gap(out, depth);
        }
        out.raw("}");
    }

    fn array(
        &mut self,
        out: &mut JsonText,
        elements: &[Value],
        depth: usize,
        element: &mut dyn FnMut(&mut JsonStyle, &mut JsonText, &Value),
    ) {
        out.raw("[");
        for value in elements {
            out.comma();
            self.gap(out, depth + 1);
            element(self, out, value);
        }
        if !elements.is_empty() {
            self.gap(out, depth);
        }
        out.raw("]");
    }

    /// Writes a record, and collects the offsets of the elements of an envelope's lists.
    pub fn record(&mut self, out: &mut JsonText, value: &Value, elements: &mut BTreeMap<String, Vec<u64>>) {
        let Value::Object(members) = value else { return self.value(out, value, 0, "") };
        self.object(out, members, 0, &mut |style, out, name, member| match member {
            Value::Array(list) if COLLECTIONS.contains(&name) => {
                let places = elements.entry(name.to_owned()).or_default();
                style.array(out, list, 1, &mut |style, out, element| {
                    places.push(out.0.len() as u64);
                    style.value(out, element, 2, "");
                });
            }
            _ => style.value(out, member, 1, name),
        });
    }
}
