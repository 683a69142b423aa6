//! Styles of output, applied only on a terminal and without `NO_COLOR`.

use anstyle::{AnsiColor, Style};

/// The subject of a page.
pub const HEADING: Style = Style::new().bold();
/// Values that are rarely of interest.
pub const QUIET: Style = Style::new().dimmed();
pub const RIGHT: Style = AnsiColor::Green.on_default();
pub const WRONG: Style = AnsiColor::Red.on_default().bold();
/// Worth checking.
pub const DOUBTFUL: Style = AnsiColor::Yellow.on_default();
/// Remarks.
pub const NOTE: Style = AnsiColor::Cyan.on_default();

pub fn of_severity(word: &str) -> Style {
    match word {
        "error" => WRONG,
        "warning" => DOUBTFUL,
        _ => NOTE,
    }
}

pub fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
