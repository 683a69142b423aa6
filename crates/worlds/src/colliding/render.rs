//! From values to JSON text, in many spellings of the same.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::dice::Dice;
use super::orders::COLLECTIONS;

/// How values are spelled. Whatever is chosen, the text means the same.
#[derive(Clone, Debug)]
pub struct Style {
    dice: Dice,
    pub pretty: bool,
    /// Letters as `\u0041`, in names too.
    pub escapes: bool,
    pub shuffled_members: bool,
    pub unknown_members: bool,
    /// 1100 as `1100.0` or `1.1e3`.
    pub odd_numbers: bool,
    pub line_end: &'static str,
}

impl Style {
    pub fn plain() -> Style {
        Style {
            dice: Dice::new(0),
            pretty: false,
            escapes: false,
            shuffled_members: false,
            unknown_members: false,
            odd_numbers: false,
            line_end: "\n",
        }
    }

    pub fn random(dice: &mut Dice) -> Style {
        Style {
            dice: Dice::new(dice.next()),
            pretty: dice.once_in(3),
            escapes: dice.once_in(4),
            shuffled_members: dice.once_in(2),
            unknown_members: dice.once_in(3),
            odd_numbers: dice.once_in(2),
            line_end: if dice.once_in(4) { "\r\n" } else { "\n" },
        }
    }

    fn gap(&self, out: &mut String, depth: usize) {
        if self.pretty {
            out.push_str(self.line_end);
            out.push_str(&"  ".repeat(depth));
        }
    }

    fn text(&mut self, out: &mut String, text: &str) {
        if !self.escapes {
            out.push_str(&Value::from(text).to_string());
            return;
        }
        out.push('"');
        for letter in text.chars() {
            let must = letter < ' ' || matches!(letter, '"' | '\\');
            if must || (letter as u32) < 0x1_0000 && self.dice.once_in(4) {
                out.push_str(&format!("\\u{:04X}", letter as u32));
            } else {
                out.push(letter);
            }
        }
        out.push('"');
    }

    fn number(&mut self, out: &mut String, written: &str) {
        let whole: Option<i64> = written.parse().ok().filter(|n: &i64| n.unsigned_abs() <= 1_000_000);
        match whole.filter(|_| self.odd_numbers) {
            Some(0) => out.push_str(self.dice.word(&["0", "-0", "0.0", "0e5", "-0.00"])),
            Some(n) => match self.dice.roll(4) {
                0 => out.push_str(&format!("{n}.0")),
                1 if n % 10 == 0 => out.push_str(&format!("{}E+1", n / 10)),
                2 => out.push_str(&format!("{n}00e-2")),
                3 => {
                    let sign = if n < 0 { "-" } else { "" };
                    let size = n.abs();
                    out.push_str(&format!("{sign}{}.{:03}e3", size / 1000, size % 1000));
                }
                _ => out.push_str(written),
            },
            None => out.push_str(written),
        }
    }

    /// Members that nobody reads, whatever they hold.
    fn stranger(&mut self) -> (String, &'static str) {
        let name = format!("x_{}", self.dice.roll(1000));
        let value = self.dice.word(&[
            "null",
            "[1.25, {\"amount\": \"no\", \"id\": [[]]}]",
            "\"}]\\\"{\"",
            "{\"amount\": 1.5, \"amount\": 2, \"events\": {}}",
            "1e400",
            "\"\\ud800\"",
        ]);
        (name, value)
    }

    fn value(&mut self, out: &mut String, value: &Value, depth: usize, name: &str) {
        match value {
            Value::Object(members) => self.object(out, members, depth, &mut |style, out, name, member| {
                style.value(out, member, depth + 1, name);
            }),
            Value::Array(elements) => self.array(out, elements, depth, &mut |style, out, element| {
                style.value(out, element, depth + 1, name);
            }),
            Value::String(text) => self.text(out, text),
            // Only a plain integer names a line.
            Value::Number(number) if name == "line_id" => out.push_str(&number.to_string()),
            Value::Number(number) => self.number(out, &number.to_string()),
            Value::Bool(_) | Value::Null => out.push_str(&value.to_string()),
        }
    }

    fn object(
        &mut self,
        out: &mut String,
        members: &Map<String, Value>,
        depth: usize,
        member: &mut dyn FnMut(&mut Style, &mut String, &str, &Value),
    ) {
        let mut all: Vec<Option<(&String, &Value)>> = members.iter().map(Some).collect();
        if self.unknown_members && self.dice.once_in(3) {
            all.push(None);
        }
        if self.shuffled_members {
            self.dice.shuffle(&mut all);
        }
        out.push('{');
        for (at, entry) in all.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.gap(out, depth + 1);
            match entry {
                Some((name, value)) => {
                    self.text(out, name);
                    out.push_str(if self.pretty { ": " } else { ":" });
                    member(self, out, name, value);
                }
                None => {
                    let (name, value) = self.stranger();
                    out.push_str(&format!("\"{name}\":{value}"));
                }
            }
        }
        if !all.is_empty() {
            self.gap(out, depth);
        }
        out.push('}');
    }

    fn array(
        &mut self,
        out: &mut String,
        elements: &[Value],
        depth: usize,
        element: &mut dyn FnMut(&mut Style, &mut String, &Value),
    ) {
        out.push('[');
        for (at, value) in elements.iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            self.gap(out, depth + 1);
            element(self, out, value);
        }
        if !elements.is_empty() {
            self.gap(out, depth);
        }
        out.push(']');
    }

    /// A record; of an envelope the places of its lists' elements are noted.
    pub fn record(&mut self, out: &mut String, value: &Value, elements: &mut BTreeMap<String, Vec<u64>>) {
        let Value::Object(members) = value else { return self.value(out, value, 0, "") };
        self.object(out, members, 0, &mut |style, out, name, member| match member {
            Value::Array(list) if COLLECTIONS.contains(&name) => {
                let places = elements.entry(name.to_owned()).or_default();
                style.array(out, list, 1, &mut |style, out, element| {
                    places.push(out.len() as u64);
                    style.value(out, element, 2, "");
                });
            }
            _ => style.value(out, member, 1, name),
        });
    }
}
