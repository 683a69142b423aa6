//! Words of texts and tokens.

/// "Runs of ASCII letters and digits, as capitals."
pub fn words(text: &str) -> Vec<String> {
    let runs = text.split(|letter: char| !letter.is_ascii_alphanumeric());
    runs.filter(|run| !run.is_empty()).map(str::to_ascii_uppercase).collect()
}

/// "Its words follow each other" in the text.
pub fn follow(wanted: &str, text: &str) -> bool {
    let (wanted, there) = (words(wanted), words(text));
    !wanted.is_empty() && there.windows(wanted.len()).any(|run| run == wanted)
}

/// "A token stands in an entry when its words follow each other in one of its texts, or one word is
/// all of them joined; with fewer than 5 letters and digits, or without a digit, never."
pub fn stands(token: &str, texts: &[String]) -> bool {
    let joined = words(token).concat();
    if joined.len() < 5 || !joined.contains(|letter: char| letter.is_ascii_digit()) {
        return false;
    }
    texts.iter().any(|text| follow(token, text) || words(text).contains(&joined))
}
