//! Edit distance of words, for suggestions.

/// Number of letters to add, drop, change or swap with a neighbour to turn one word into the other.
/// `None` if it exceeds `limit`; this is detected early, so that a word can be compared with very
/// many.
pub fn distance(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.len().abs_diff(b.len()) > 4 * limit {
        return None;
    }
    let b: Vec<char> = b.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    let mut last = None;
    for (i, x) in a.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, &y) in b.iter().enumerate() {
            let mut best = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if j > 0 && last == Some(y) && b[j - 1] == x {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
        last = Some(x);
        // If all of two consecutive rows exceed the limit, so does the result.
        if row.iter().chain(&before).all(|far| *far > limit) {
            return None;
        }
    }
    Some(row[b.len()]).filter(|far| *far <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_as_far_apart_as_their_typing_errors() {
        for (a, b, far) in [
            ("", "", 0),
            ("", "ab", 2),
            ("owner", "onwer", 1),
            ("reson", "reason", 1),
            ("id", "ix", 1),
            ("ab", "cd", 2),
            ("æøå", "æå", 1),
            ("kitten", "sitting", 3),
            ("", "𝄞𝄞", 2),
        ] {
            assert_eq!((distance(a, b, 9), distance(b, a, 9)), (Some(far), Some(far)), "{a} {b}");
            assert_eq!(distance(a, b, far), Some(far), "{a} {b}");
            assert!(far == 0 || distance(a, b, far - 1).is_none(), "{a} {b}");
        }
    }
}
