//! Code page 437, in which SIE files are written.

/// The characters of the bytes from 0x80.
const UPPER: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}";

/// Appends a text; what the code page lacks becomes a question mark, controls too.
pub fn encode(text: &str, out: &mut Vec<u8>) {
    out.extend(text.chars().map(|letter| match letter {
        ' '..='~' => letter as u8,
        _ => (0x80..=0xFF).zip(UPPER.chars()).find(|(_, upper)| *upper == letter).map_or(b'?', |(byte, _)| byte),
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_have_their_bytes_and_all_else_is_a_question_mark() {
        assert_eq!(UPPER.chars().count(), 128);
        let encoded = |text: &str| {
            let mut out = Vec::new();
            encode(text, &mut out);
            out
        };
        assert_eq!(encoded("aZ ~åäöÅÄÖéüæÆ"), b"aZ ~\x86\x84\x94\x8F\x8E\x99\x82\x81\x91\x92");
        assert_eq!(encoded("\u{A0}■ß£"), b"\xFF\xFE\xE1\x9C");
        assert_eq!(encoded("ø\n\r\t\0\u{7F}€\u{202E}語"), b"?????????");
    }
}
