//! Lines and tables of pages as text.

use std::fmt::Write;

use anstyle::Style;

use super::super::style::{QUIET, styled};

/// Writing to a String cannot fail.
pub fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{}", text.trim_end());
}

/// A table with the first `left` columns left-aligned, the others right-aligned.
pub struct TextTable {
    pub rows: Vec<Vec<(String, Style)>>,
    left: usize,
}

impl TextTable {
    pub fn new(left: usize, heads: &[&str]) -> TextTable {
        TextTable { rows: vec![heads.iter().map(|head| ((*head).to_owned(), QUIET)).collect()], left }
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows[0].len();
        let width = |at: usize| self.rows.iter().map(|row| row[at].0.chars().count()).max().unwrap_or(0);
        (0..columns).map(width).collect()
    }

    /// One line per row, the heading first.
    pub fn lines(&self) -> Vec<String> {
        let widths = self.widths();
        let cell = |at: usize, (text, style): &(String, Style)| {
            let blanks = " ".repeat(widths[at] - text.chars().count());
            let text = if text.is_empty() { String::new() } else { styled(*style, text) };
            if at < self.left { text + &blanks } else { blanks + &text }
        };
        let line = |row: &Vec<(String, Style)>| {
            let cells: Vec<String> = row.iter().enumerate().map(|(at, one)| cell(at, one)).collect();
            format!("  {}", cells.join("  "))
        };
        self.rows.iter().map(line).collect()
    }
}
