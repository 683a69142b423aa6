//! Finds which tokens stand in a text.
//!
//! A token stands where its words follow each other, or where one word is all of them joined. Both
//! are a *mark*: claims that share a mark pair with the same credits, so that pairs need never be
//! listed. Words are found in a sorted map, words that follow each other by an Aho-Corasick
//! automaton over the numbers of words: the time is that of the texts, however many tokens there
//! are and however they repeat and overlap.

use std::collections::{BTreeMap, VecDeque};

use crate::payout::words::{capitals, words};

/// A token of fewer letters and digits never stands: it would be found everywhere.
const LEAST_LETTERS: usize = 5;

const ROOT: usize = 0;

#[derive(Clone, Copy, Debug, Default)]
struct Word {
    number: usize,
    /// Its mark if some token is this word when joined.
    mark: Option<usize>,
}

/// A place in the automaton: some words at the start of a token.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    /// Its mark if the words are a whole token.
    mark: Option<usize>,
    /// The place of the longest proper end of the words.
    fallback: usize,
    /// The nearest place on the way of fallbacks that has a mark; the root if there is none.
    marked: usize,
}

/// The marks of all tokens.
#[derive(Debug)]
pub struct TokenMarks {
    words: BTreeMap<String, Word>,
    /// From a place by the number of a word to the next.
    ways: BTreeMap<(usize, usize), usize>,
    places: Vec<Place>,
    count: usize,
}

impl TokenMarks {
    /// Adds the tokens of each list, and returns the marks of each list, sorted.
    pub fn of<'t>(lists: impl Iterator<Item = &'t [&'t str]>) -> (TokenMarks, Vec<Vec<usize>>) {
        let mut marks =
            TokenMarks { words: BTreeMap::new(), ways: BTreeMap::new(), places: vec![Place::default()], count: 0 };
        let mut of_lists = Vec::new();
        for tokens in lists {
            let mut of_list = Vec::new();
            tokens.iter().for_each(|token| marks.add(token, &mut of_list));
            of_list.sort_unstable();
            of_list.dedup();
            of_lists.push(of_list);
        }
        marks.link();
        (marks, of_lists)
    }

    fn add(&mut self, token: &str, out: &mut Vec<usize>) {
        let token = capitals(token);
        let joined: String = words(&token).collect();
        if joined.len() < LEAST_LETTERS || !joined.bytes().any(|letter| letter.is_ascii_digit()) {
            return;
        }
        let is_one_word = words(&token).nth(1).is_none();
        if !is_one_word {
            let mut place = ROOT;
            for word in words(&token) {
                let number = self.word(word).number;
                let next = *self.ways.entry((place, number)).or_insert(self.places.len());
                if next == self.places.len() {
                    self.places.push(Place::default());
                }
                place = next;
            }
            out.push(marked(&mut self.places[place].mark, &mut self.count));
        }
        self.word(&joined);
        let word = self.words.get_mut(&joined).map(|word| &mut word.mark);
        out.extend(word.map(|mark| marked(mark, &mut self.count)));
    }

    fn word(&mut self, word: &str) -> Word {
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let new = Word { number: self.words.len(), mark: None };
        self.words.insert(word.to_owned(), new);
        new
    }

    /// Sets fallbacks, shorter places first.
    fn link(&mut self) {
        let mut next: Vec<Vec<(usize, usize)>> = vec![Vec::new(); self.places.len()];
        for (&(from, word), &to) in &self.ways {
            next[from].push((word, to));
        }
        let mut waiting = VecDeque::from([ROOT]);
        while let Some(from) = waiting.pop_front() {
            for &(word, to) in &next[from] {
                let fallback = if from == ROOT { ROOT } else { self.step(self.places[from].fallback, word) };
                self.places[to].fallback = fallback;
                let has_mark = self.places[fallback].mark.is_some();
                self.places[to].marked = if has_mark { fallback } else { self.places[fallback].marked };
                waiting.push_back(to);
            }
        }
    }

    /// The place of the longest start of a token that ends with this word.
    fn step(&self, mut place: usize, word: usize) -> usize {
        loop {
            match self.ways.get(&(place, word)) {
                Some(next) => return *next,
                None if place == ROOT => return ROOT,
                None => place = self.places[place].fallback,
            }
        }
    }
}

/// The mark; a new one if there was none.
fn marked(mark: &mut Option<usize>, count: &mut usize) -> usize {
    *mark.get_or_insert_with(|| {
        *count += 1;
        *count - 1
    })
}

/// Finds marks in the texts of one credit after another.
#[derive(Debug)]
pub struct MarkFinder<'m> {
    marks: &'m TokenMarks,
    /// The last search that found each mark.
    found: Vec<usize>,
    search: usize,
}

impl<'m> MarkFinder<'m> {
    pub fn new(marks: &'m TokenMarks) -> Self {
        MarkFinder { marks, found: vec![0; marks.count], search: 0 }
    }

    /// The marks in any of the texts, sorted.
    pub fn find(&mut self, texts: &[String]) -> Vec<usize> {
        self.search += 1;
        let mut out = Vec::new();
        for text in texts {
            let text = capitals(text);
            let mut place = ROOT;
            for word in words(&text) {
                let Some(word) = self.marks.words.get(word) else {
                    place = ROOT;
                    continue;
                };
                word.mark.iter().for_each(|mark| _ = self.note(*mark, &mut out));
                place = self.marks.step(place, word.number);
                let mut at = place;
                while at != ROOT {
                    // What follows a mark that this search has found was found with it.
                    if self.marks.places[at].mark.is_some_and(|mark| !self.note(mark, &mut out)) {
                        break;
                    }
                    at = self.marks.places[at].marked;
                }
            }
        }
        out.sort_unstable();
        out
    }

    /// Notes a mark; false if this search has it already.
    fn note(&mut self, mark: usize, out: &mut Vec<usize>) -> bool {
        let is_new = self.found[mark] != self.search;
        if is_new {
            self.found[mark] = self.search;
            out.push(mark);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use avstem_worlds::Rng;

    use super::*;

    fn stands(token: &str, text: &str) -> bool {
        let (marks, _) = TokenMarks::of([[token].as_slice()].into_iter());
        !MarkFinder::new(&marks).find(&[text.to_owned()]).is_empty()
    }

    #[test]
    fn a_token_stands_by_its_words_or_as_one_word() {
        for (token, text, is_there) in [
            ("R17483", "DINTERO R17483", true),
            ("r17483", "dintero/R17483.", true),
            ("R17483", "R174830", false),
            ("R17483-E4839A", "r17483 e4839a", true),
            ("R17483-E4839A", "x R17483E4839A y", true),
            ("R17483-E4839A", "r17483 x e4839a", false),
            ("R17483E4839A", "r17483 e4839a", false),
            ("R17483-E4839A", "R17483", false),
            ("1234", "1234", false),
            ("12-34", "12 34", false),
            ("12-345", "12 345", true),
            ("ABCDEF", "ABCDEF", false),
            ("", "", false),
            ("1 1 2 1 1", "1 1 1 2 1 1 9", true),
        ] {
            assert_eq!(stands(token, text), is_there, "{token} in {text}");
        }
    }

    #[test]
    fn words_of_two_texts_do_not_follow_each_other() {
        let (marks, _) = TokenMarks::of([["R17483-E4839A"].as_slice()].into_iter());
        let mut finder = MarkFinder::new(&marks);
        assert!(finder.find(&["R17483".to_owned(), "E4839A".to_owned()]).is_empty());
        assert!(!finder.find(&["R17483".to_owned(), "r17483 E4839A".to_owned()]).is_empty());
    }

    #[test]
    fn tokens_inside_tokens_are_all_found() {
        let tokens = ["11111 2 3", "2 3 44444", "3 44444", "11111", "2 3 9999"];
        let (marks, of_tokens) = TokenMarks::of(tokens.iter().map(std::slice::from_ref));
        let found = MarkFinder::new(&marks).find(&["11111 2 3 44444".to_owned()]);
        let is_there = |of: &Vec<usize>| of.iter().any(|mark| found.contains(mark));
        assert_eq!(of_tokens.iter().map(is_there).collect::<Vec<_>>(), [true, true, true, true, false]);
    }

    /// The definition, without an index.
    fn stands_by_definition(token: &str, text: &str) -> bool {
        let (token, text) = (capitals(token), capitals(text));
        let (token, text): (Vec<&str>, Vec<&str>) = (words(&token).collect(), words(&text).collect());
        let joined = token.concat();
        joined.len() >= 5
            && joined.bytes().any(|letter| letter.is_ascii_digit())
            && (text.windows(token.len()).any(|part| part == token) || text.contains(&&*joined))
    }

    #[test]
    fn what_is_found_is_what_stands_by_the_definition() {
        let mut rng = Rng::stream(17, 3, 1);
        for _ in 0..2000 {
            let mut text =
                |most| rng.list(most, |rng| rng.word(&["1", "2", "12", "1 2", "x", "121", "2121"])).join("-");
            let tokens: Vec<String> = (0..6).map(|_| text(4)).collect();
            let text = text(9);
            let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
            let (marks, of_tokens) = TokenMarks::of(tokens.iter().map(std::slice::from_ref));
            let found = MarkFinder::new(&marks).find(std::slice::from_ref(&text));
            for (token, of_token) in tokens.iter().zip(of_tokens) {
                let is_found = of_token.iter().any(|mark| found.contains(mark));
                assert_eq!(is_found, stands_by_definition(token, &text), "{token} in {text}");
            }
        }
    }

    #[test]
    fn tokens_that_repeat_and_overlap_are_found_in_the_time_of_the_text() {
        let long = "1 ".repeat(300_000);
        let tokens: Vec<String> = (5..400).map(|n| "1 ".repeat(n)).collect();
        let tokens: Vec<&str> = tokens.iter().map(String::as_str).chain(vec!["1 1 1 1 1"; 100_000]).collect();
        let (marks, of_list) = TokenMarks::of([tokens.as_slice()].into_iter());
        assert_eq!(MarkFinder::new(&marks).find(&[long]).len(), 395);
        // Words that follow each other, and the same joined.
        assert_eq!(of_list[0].len(), 2 * 395);
    }
}
