//! Markup that data cannot break: literals of the source are written as they are, everything else
//! is escaped.

use std::fmt::{self, Display, Write};

use avstem_core::model::bytes::has_any;
use avstem_core::model::display::visible;

/// A fragment of a page.
#[derive(Default)]
pub struct Markup {
    text: String,
}

impl Markup {
    /// With room for this many bytes: growing copies what is there.
    pub fn with_room(bytes: usize) -> Markup {
        Markup { text: String::with_capacity(bytes) }
    }

    /// Appends markup of the source code; the static lifetime keeps input data out.
    pub fn raw(&mut self, markup: &'static str) {
        self.text.push_str(markup);
    }

    /// Appends a text or a number; escapes markup characters and invisible characters.
    pub fn text(&mut self, value: impl Display) {
        // Writing to a String cannot fail.
        let _ = write!(Escaped(&mut self.text), "{value}");
    }

    pub fn add(&mut self, other: &Markup) {
        self.text.push_str(&other.text);
    }

    /// Returns the size in bytes.
    pub fn size(&self) -> usize {
        self.text.len()
    }

    pub fn as_str(&self) -> &str {
        &self.text
    }
}

struct Escaped<'t>(&'t mut String);

impl Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let text = visible(text);
        if !has_any(text.as_bytes(), *b"&<>\"'") {
            self.0.push_str(&text);
            return Ok(());
        }
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        Ok(())
    }
}

/// Appends markup and values in turn: a literal is markup, `[value]` is escaped, `{markup}` is
/// another fragment.
macro_rules! html {
    ($out:expr;) => {{}};
    ($out:expr; $markup:literal $($rest:tt)*) => {{ $out.raw($markup); html!($out; $($rest)*) }};
    ($out:expr; [$value:expr] $($rest:tt)*) => {{ $out.text(&$value); html!($out; $($rest)*) }};
    ($out:expr; {$piece:expr} $($rest:tt)*) => {{ $out.add(&$piece); html!($out; $($rest)*) }};
}
pub(super) use html;

/// Writes a text of ours; what stands between backticks becomes code.
pub fn with_code(text: &str, out: &mut Markup) {
    for (place, part) in text.split('`').enumerate() {
        match place % 2 {
            0 => html!(out; [part]),
            _ => html!(out; "<code>" [part] "</code>"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_as_text_stays_text() {
        let mut out = Markup::default();
        let hostile = "</td><script>alert(1)</script>\" onclick='x' & \u{202E}\0\u{200B}";
        html!(out; "<td title=\"" [hostile] "\">" [7] "</td>");
        assert_eq!(
            out.as_str(),
            "<td title=\"&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;&quot; onclick=&#39;x&#39; &amp; \
             \\u{202E}\\u{0}\\u{200B}\">7</td>"
        );
    }
}
