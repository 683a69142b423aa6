//! Words of tokens and of a bank's texts.

/// A text as words are taken from it. Only ASCII letters change.
pub fn capitals(text: &str) -> String {
    text.to_ascii_uppercase()
}

/// The runs of ASCII letters and digits in [`capitals`].
pub fn words(capitals: &str) -> impl Iterator<Item = &str> {
    capitals.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

/// Names of those who pay, as words.
#[derive(Clone, Debug, Default)]
pub struct Payers(Vec<Vec<String>>);

impl Payers {
    /// A name without words pays nothing.
    pub fn new<'n>(names: impl Iterator<Item = &'n str>) -> Payers {
        let of_name = |name: &str| words(&capitals(name)).map(str::to_owned).collect::<Vec<_>>();
        Payers(names.map(of_name).filter(|name| !name.is_empty()).collect())
    }

    /// Whether the words of one of the names follow each other in one of the texts.
    pub fn pay<'t>(&self, mut texts: impl Iterator<Item = &'t String>) -> bool {
        texts.any(|text| {
            let text = capitals(text);
            let text: Vec<&str> = words(&text).collect();
            self.0.iter().any(|name| text.windows(name.len()).any(|part| part == name))
        })
    }
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
        let is_named = |name: &str, text: &str| Payers::new([name].into_iter()).pay([text.to_owned()].iter());
        assert!(is_named("Swedbank Pay", "FROM swedbank-pay AB"));
        assert!(!is_named("swedbank pay", "swedbank to pay") && !is_named("swedbank pay", "swedbankpay"));
        assert!(!is_named("vipps", "vippsnr 7") && is_named("vipps", "Vipps"));
        assert!(!is_named(" - ", "anything") && !is_named("vipps", ""));
    }
}
