//! The one place with `unsafe` code: the widest instructions that the processor has, chosen at run time.
//!
//! Every way computes the same six masks of 64 bytes. The portable one is always there, runs under Miri, and
//! is what the others are tested against.
#![allow(unsafe_code)]

use super::scan::{Lines, Marks, Raw, prefix_xor, scan_with};

/// Fills `marks` for a block.
pub(super) fn scan(block: &[u8], lines: Lines, marks: &mut Vec<Marks>) {
    #[cfg(all(target_arch = "x86_64", not(miri)))]
    {
        if is_x86_feature_detected!("avx512bw") && is_x86_feature_detected!("pclmulqdq") {
            // SAFETY: the processor has just been asked for the features that the function is compiled for.
            return unsafe { x86::scan_avx512(block, lines, marks) };
        }
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("pclmulqdq") {
            // SAFETY: as above.
            return unsafe { x86::scan_avx2(block, lines, marks) };
        }
    }
    scan_portable(block, lines, marks);
}

fn scan_portable(block: &[u8], lines: Lines, marks: &mut Vec<Marks>) {
    scan_with(
        block,
        lines,
        marks,
        |chunk| {
            let mask = |is: fn(u8) -> bool| {
                chunk.iter().enumerate().fold(0u64, |bits, (n, byte)| bits | u64::from(is(*byte)) << n)
            };
            // `[` and `{` differ in one bit, and so do `]` and `}`.
            Raw {
                quotes: mask(|b| b == b'"'),
                backslashes: mask(|b| b == b'\\'),
                open: mask(|b| b | 0x20 == b'{'),
                close: mask(|b| b | 0x20 == b'}'),
                control: mask(|b| b < 0x20),
                newline: mask(|b| b == b'\n'),
            }
        },
        prefix_xor,
    );
}

#[cfg(all(target_arch = "x86_64", not(miri)))]
mod x86 {
    use std::arch::x86_64::*;

    use super::super::scan::{Lines, Marks, Raw, scan_with};

    /// Bit `n` is the parity of the bits up to and with `n`: a product without carries by all ones.
    #[target_feature(enable = "pclmulqdq")]
    fn parity(bits: u64) -> u64 {
        let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, bits as i64), _mm_set1_epi8(-1), 0);
        _mm_cvtsi128_si64(product) as u64
    }

    #[target_feature(enable = "avx512f,avx512bw,pclmulqdq")]
    pub fn scan_avx512(block: &[u8], lines: Lines, marks: &mut Vec<Marks>) {
        scan_with(
            block,
            lines,
            marks,
            |chunk| {
                // SAFETY: the reference says that 64 bytes are there to be read; no alignment is asked for.
                let bytes = unsafe { _mm512_loadu_si512(chunk.as_ptr().cast()) };
                let folded = _mm512_or_si512(bytes, _mm512_set1_epi8(0x20));
                let equal = |byte: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8));
                let bracket = |byte: u8| _mm512_cmpeq_epi8_mask(folded, _mm512_set1_epi8(byte as i8));
                Raw {
                    quotes: equal(b'"'),
                    backslashes: equal(b'\\'),
                    open: bracket(b'{'),
                    close: bracket(b'}'),
                    control: _mm512_cmplt_epu8_mask(bytes, _mm512_set1_epi8(0x20)),
                    newline: equal(b'\n'),
                }
            },
            |bits| parity(bits),
        );
    }

    #[target_feature(enable = "avx2,pclmulqdq")]
    pub fn scan_avx2(block: &[u8], lines: Lines, marks: &mut Vec<Marks>) {
        scan_with(
            block,
            lines,
            marks,
            |chunk| {
                let (low, high) = chunk.split_at(32);
                // SAFETY: each half is a slice of 32 bytes; no alignment is asked for.
                let halves =
                    unsafe { [_mm256_loadu_si256(low.as_ptr().cast()), _mm256_loadu_si256(high.as_ptr().cast())] };
                let case = _mm256_set1_epi8(0x20);
                let folded = halves.map(|half| _mm256_or_si256(half, case));
                let join = |masks: [__m256i; 2]| {
                    let bits = masks.map(|mask| u64::from(_mm256_movemask_epi8(mask) as u32));
                    bits[0] | bits[1] << 32
                };
                let equal = |byte: u8| {
                    let wanted = _mm256_set1_epi8(byte as i8);
                    join([_mm256_cmpeq_epi8(halves[0], wanted), _mm256_cmpeq_epi8(halves[1], wanted)])
                };
                let bracket = |byte: u8| {
                    let wanted = _mm256_set1_epi8(byte as i8);
                    join([_mm256_cmpeq_epi8(folded[0], wanted), _mm256_cmpeq_epi8(folded[1], wanted)])
                };
                let last_control = _mm256_set1_epi8(0x1f);
                let control = |half: __m256i| _mm256_cmpeq_epi8(_mm256_min_epu8(half, last_control), half);
                Raw {
                    quotes: equal(b'"'),
                    backslashes: equal(b'\\'),
                    open: bracket(b'{'),
                    close: bracket(b'}'),
                    control: join([control(halves[0]), control(halves[1])]),
                    newline: equal(b'\n'),
                }
            },
            |bits| parity(bits),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_gives_the_same_marks() {
        let mut seed = 3u64;
        let alphabet = b"\"\\\"{[]}\n ab,:\t\x1f\x20\x7f\xff;Z";
        for length in 0..520usize {
            let block: Vec<u8> = (0..length)
                .map(|_| {
                    seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    alphabet[(seed >> 33) as usize % alphabet.len()]
                })
                .collect();
            for start in 0..block.len().min(5) {
                let block = &block[start..];
                for lines in [Lines::Records, Lines::Blank] {
                    let (mut plain, mut chosen) = (Vec::new(), Vec::new());
                    scan_portable(block, lines, &mut plain);
                    scan(block, lines, &mut chosen);
                    assert_eq!(plain, chosen);
                    #[cfg(all(target_arch = "x86_64", not(miri)))]
                    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("pclmulqdq") {
                        // SAFETY: the processor has the features.
                        unsafe { x86::scan_avx2(block, lines, &mut chosen) };
                        assert_eq!(plain, chosen);
                    }
                }
            }
        }
    }
}
