//! Colours of standard output: only where a person looks, and nowhere when `NO_COLOR` is set.

use anstyle::{AnsiColor, Style};

/// What a page is about.
pub const HEADING: Style = Style::new().bold();
/// What is there for completeness.
pub const QUIET: Style = Style::new().dimmed();
/// What is right.
pub const RIGHT: Style = AnsiColor::Green.on_default();
/// What is wrong.
pub const WRONG: Style = AnsiColor::Red.on_default().bold();
/// What wants a look.
pub const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
/// What is good to know.
pub const NOTE: Style = AnsiColor::Cyan.on_default();

/// The style of a severity's word.
pub fn of_severity(word: &str) -> Style {
    match word {
        "error" => WRONG,
        "warning" => DOUBTFUL,
        _ => NOTE,
    }
}

/// A text in a style.
pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
