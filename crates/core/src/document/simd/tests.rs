//! Compares every implementation with a byte-by-byte one, at every alignment and chunk border.

use super::super::scan::{FAST_DEPTH, Unclosed, container_end};
use super::*;

struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> Vec<u8> {
        (0..length).map(|_| alphabet[self.roll(alphabet.len())]).collect()
    }
}

/// The result that fast skipping must give, computed by the exact scanner.
fn expected(text: &[u8], at: usize, end: usize, room: u32) -> Skipped {
    let mut deepest = 0u32;
    let mut depth = 0u32;
    let closed = container_end(&text[..end], at, 0);
    let last = closed.unwrap_or(end);
    let (mut in_string, mut escaped) = (false, false);
    for byte in &text[at..last] {
        let was_escaped = std::mem::take(&mut escaped);
        match byte {
            b'"' if !was_escaped => in_string = !in_string,
            b'\\' if !was_escaped => escaped = true,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    match closed {
        Ok(after) if deepest <= room => Skipped::Closed(after),
        Err(Unclosed::AtEnd) if deepest <= room => Skipped::AtEnd,
        _ => Skipped::Unusual,
    }
}

fn check(text: &[u8], at: usize, end: usize, room: u32) {
    let wanted = expected(text, at, end, room);
    for way in Way::all() {
        let skipped = way.skip(text, at, end, room);
        // Bytes past `end` are scanned too: a defect there may be met first, and gives `Unusual`.
        let is_fine = skipped == wanted || (wanted == Skipped::AtEnd && skipped == Skipped::Unusual);
        assert!(is_fine, "{skipped:?} for {wanted:?}: {at} to {end} of {:?}", String::from_utf8_lossy(text));
    }
}

#[test]
fn containers_end_where_the_exact_way_says() {
    let mut dice = Dice(3);
    let alphabets: [&[u8]; 3] = [b"\"\\{[]}\n ab,:\t\x1f\x7f\xff;Z", b"{}{}[][] \"\"a", b"{}[] "];
    for round in 0..if cfg!(miri) { 20 } else { 3000 } {
        let length = 1 + dice.roll(300);
        let mut text = dice.text(alphabets[round % 3], length);
        let at = dice.roll(length);
        text[at] = if round % 2 == 0 { b'{' } else { b'[' };
        let end = at + 1 + dice.roll(length - at);
        check(&text, at, end, [1, 2, 3, FAST_DEPTH][round % 4]);
        check(&text, at, length, FAST_DEPTH);
    }
}

/// A JSON value with strings that look like structure.
fn value(dice: &mut Dice, depth: u32) -> serde_json::Value {
    let text = |dice: &mut Dice| {
        let length = dice.roll(70);
        String::from_utf8(dice.text(b"\"\\{}[]\n ,:ab/\x08", length)).expect("plain text")
    };
    match dice.roll(if depth > 4 { 4 } else { 7 }) {
        0 => serde_json::Value::Null,
        1 => (dice.roll(100_000) as i64 - 50_000).into(),
        2 => (dice.roll(2) == 0).into(),
        3 => text(dice).into(),
        4 => (0..dice.roll(6)).map(|_| value(dice, depth + 1)).collect::<Vec<_>>().into(),
        _ => serde_json::Value::Object((0..dice.roll(6)).map(|_| (text(dice), value(dice, depth + 1))).collect()),
    }
}

#[test]
fn values_end_where_serde_json_says() {
    let mut dice = Dice(11);
    for _ in 0..if cfg!(miri) { 1 } else { 8 } {
        let value = serde_json::Value::Array(vec![value(&mut dice, 0), value(&mut dice, 0)]);
        for written in [value.to_string(), serde_json::to_string_pretty(&value).expect("a value can be written")] {
            let mut stream = serde_json::Deserializer::from_str(&written).into_iter::<serde_json::Value>();
            assert!(stream.next().is_some_and(|read| read.is_ok_and(|read| read == value)));
            let length = stream.byte_offset();
            // Every alignment within 64 bytes, and several distances to the end of the readable
            // bytes.
            for before in (0..=64).step_by(if cfg!(miri) { 13 } else { 1 }) {
                for behind in [0, 1, 64] {
                    let text = [vec![b'"'; before], written.clone().into_bytes(), vec![b'}'; behind]].concat();
                    for way in Way::all() {
                        let skipped = way.skip(&text, before, text.len(), FAST_DEPTH);
                        assert_eq!(skipped, Skipped::Closed(before + length), "{before} {behind} {written}");
                        let cut = way.skip(&text, before, before + length - 1, FAST_DEPTH);
                        assert_eq!(cut, Skipped::AtEnd, "{before} {behind} {written}");
                    }
                }
            }
        }
    }
}

#[test]
fn places_are_found_as_byte_by_byte() {
    let special = |b: &u8| matches!(b, b'"' | b'\\' | 0..=0x1f);
    let word_ends = |b: &u8| matches!(b, b',' | b']' | b'}' | 0..=0x20);
    let opens = |b: &u8| matches!(b, b'"' | b'[' | b'{');
    let (mut dice, all) = (Dice(5), (0..=255u8).collect::<Vec<u8>>());
    for round in 0..if cfg!(miri) { 10 } else { 600 } {
        let length = dice.roll(70);
        let mut bytes = dice.text(if round % 2 == 0 { b"abcdefg 0\xe5\x80\xffA" } else { &all }, length);
        // A match in the padding must never be found.
        bytes.extend([b'"'; PADDING]);
        let text = Padded::new(&bytes, length);
        for from in 0..=length {
            let first = |is: &dyn Fn(&u8) -> bool| bytes[from..length].iter().position(is).map_or(length, |n| from + n);
            assert_eq!(text.special(from), first(&special), "{bytes:?}");
            assert_eq!(text.word_end(from), first(&word_ends), "{bytes:?}");
            assert_eq!(text.unread_word_end(from), first(&|b| word_ends(b) || opens(b)), "{bytes:?}");
            let word: [u8; 8] = std::array::from_fn(|n| bytes[from + n]);
            assert_eq!(text.word(from), u64::from_le_bytes(word));
            assert_eq!(text.byte(from), if from < length { bytes[from] } else { 0 });
        }
    }
}

#[test]
fn strings_are_those_between_two_quotes() {
    let mut dice = Dice(29);
    let parts =
        ["\"", "\"", "a", "0", "\\", "\n", "\u{1f}", " ", "!", "#", "é", "€", "𝄞", "\u{7f}", "abcdefghijklmnop"];
    for _ in 0..if cfg!(miri) { 10 } else { 2000 } {
        let text: String = (0..dice.roll(30)).map(|_| parts[dice.roll(parts.len())]).collect();
        let mut bytes = text.clone().into_bytes();
        // A quote in the padding must never be found.
        bytes.extend([b'"'; PADDING]);
        let whole = &str::from_utf8(&bytes).expect("made of texts")[..text.len()];
        let padded = PaddedStr::new(whole, Padded::new(&bytes, text.len()));
        assert_eq!(padded.as_str(), text);
        for open in 0..=text.len() + 1 {
            let special = |byte: u8| matches!(byte, b'"' | b'\\' | 0..=0x1f);
            let close = text.bytes().skip(open + 1).position(special).map(|length| open + 1 + length);
            let is_quote = |at: &usize| text.as_bytes().get(*at) == Some(&b'"');
            let expected = close.filter(|close| is_quote(&open) && is_quote(close));
            let expected = expected.map(|close| (&text[open + 1..close], close));
            assert_eq!(padded.string(open), expected, "{open} in {text:?}");
        }
    }
}

#[test]
#[should_panic(expected = "a text is at one place")]
fn a_text_is_not_taken_for_another() {
    let (one, other) = ([b'a'; PADDING + 1], [b'\xff'; PADDING + 1]);
    PaddedStr::new(str::from_utf8(&one[..1]).expect("a letter"), Padded::new(&other, 1));
}

#[test]
fn parts_repeat_where_all_their_bytes_do() {
    // Repeats, with one byte that differs in its first, second and third part.
    let whole: Vec<u8> = (0..160).map(|n| if [45, 90, 140].contains(&n) { b'x' } else { b'a' + n % 40 }).collect();
    let bytes = [&whole, [b'c'; PADDING].as_slice()].concat();
    let text = Padded::new(&bytes, whole.len());
    let starts = || (0..whole.len() + 3).step_by(5);
    for (one, other, length) in starts().flat_map(|a| starts().flat_map(move |b| (0..52).map(move |n| (a, b, n)))) {
        let is_in = |start: usize| start + length <= whole.len();
        let same = length >= 16 && is_in(one) && is_in(other) && bytes[one..][..length] == bytes[other..][..length];
        assert_eq!(text.repeats(one, other, length), same, "{one} {other} {length}");
    }
    assert!(!text.repeats(0, usize::MAX, 20) && !text.repeats(usize::MAX, 0, 20));
}

#[test]
fn beginnings_are_told_as_byte_by_byte() {
    let mut dice = Dice(23);
    for name in
        ["", "a", "id", "abc", "abcd", "amount", "line_id", "created_at", "transaction_status", "payment_product_type"]
    {
        let text = format!(",\"{name}\":");
        let (mut padded, mask) = ([0xff; 32], u32::MAX >> (32 - text.len()));
        padded[..text.len()].copy_from_slice(text.as_bytes());
        for before in [0, 3, 20] {
            let whole = [vec![b'"'; before], text.clone().into_bytes(), vec![b'7'; 3], vec![b'"'; PADDING]].concat();
            let end = whole.len() - PADDING;
            let is_there =
                |whole: &[u8], at| Padded::new(whole, end).window(at).is_some_and(|here| begins(here, &padded, mask));
            assert!(is_there(&whole, before) && !is_there(&whole, end + 1));
            assert!((0..=end).all(|at| is_there(&whole, at) == whole[at..].starts_with(text.as_bytes())));
            for at in before..before + text.len() {
                let mut other = whole.clone();
                other[at] ^= 1 << dice.roll(8);
                assert!(!is_there(&other, before), "{name} with another byte at {at}");
            }
        }
    }
}

#[test]
fn lanes_mark_the_same_byte_first() {
    let mut dice = Dice(7);
    // Under Miri only the marked bytes and a few others are tried, to save time.
    for byte in (0..=255u8).filter(|byte| !cfg!(miri) || *byte % 16 == 2 || b"\"\\,{}[] \x1f\x20".contains(byte)) {
        for at in 0..16 {
            let mut chunk = [b'a'; 16];
            chunk[at] = byte;
            chunk[at..].iter_mut().skip(1).for_each(|other| *other = dice.roll(256) as u8);
            let first = |bits: u32| bits.trailing_zeros();
            assert_eq!(first(lanes::special(&chunk)), first(portable_lanes::special(&chunk)), "{chunk:?}");
            assert_eq!(first(lanes::word_ends(&chunk)), first(portable_lanes::word_ends(&chunk)), "{chunk:?}");
            assert_eq!(first(lanes::opens(&chunk)), first(portable_lanes::opens(&chunk)), "{chunk:?}");
            let mut other = chunk;
            other[dice.roll(16)] ^= 1 << dice.roll(8);
            let differing = (0..16).filter(|n| chunk[*n] != other[*n]).fold(0, |bits, n| bits | 1 << n);
            assert_eq!(lanes::differing(&chunk, &other), differing, "{chunk:?} {other:?}");
            assert_eq!(portable_lanes::differing(&chunk, &other), differing, "{chunk:?} {other:?}");
        }
    }
}

#[test]
#[should_panic(expected = "a text needs room behind it")]
fn a_text_without_room_is_refused() {
    Padded::new(&[b' '; PADDING], 1);
}
