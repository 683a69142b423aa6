//! Words of tokens and of a bank's texts.

/// A text as words are taken from it. Only ASCII letters change.
pub fn capitals(text: &str) -> String {
    text.to_ascii_uppercase()
}

/// The runs of ASCII letters and digits in [`capitals`].
pub fn words(capitals: &str) -> impl Iterator<Item = &str> {
    capitals.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether the words of one of the names follow each other in one of the texts. A name without
/// words never does.
pub fn names_one_of<'t>(names: &[String], texts: impl Iterator<Item = &'t String>) -> bool {
    let names: Vec<String> = names.iter().map(|name| capitals(name)).collect();
    let names: Vec<Vec<&str>> = names.iter().map(|name| words(name).collect()).collect();
    for text in texts {
        let text = capitals(text);
        let text: Vec<&str> = words(&text).collect();
        if names.iter().any(|name| !name.is_empty() && text.windows(name.len()).any(|part| part == name)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_ascii_letters_and_digits() {
        let text = capitals("Utbet. r17483-e4839a/Ørsted 7");
        assert_eq!(words(&text).collect::<Vec<_>>(), ["UTBET", "R17483", "E4839A", "RSTED", "7"]);
        assert_eq!(words("-- ").count(), 0);
    }

    #[test]
    fn a_name_is_there_when_its_words_follow_each_other() {
        let is_named = |name: &str, text: &str| names_one_of(&[name.to_owned()], [text.to_owned()].iter());
        assert!(is_named("Swedbank Pay", "FROM swedbank-pay AB"));
        assert!(!is_named("swedbank pay", "swedbank to pay") && !is_named("swedbank pay", "swedbankpay"));
        assert!(!is_named("vipps", "vippsnr 7") && is_named("vipps", "Vipps"));
        assert!(!is_named(" - ", "anything") && !is_named("vipps", ""));
    }
}
