//! SHA-256, for the account numbers in outputs.

fn is_prime(number: u64) -> bool {
    (2..number).take_while(|divisor| divisor * divisor <= number).all(|divisor| !number.is_multiple_of(divisor))
}

/// The first 32 bits of the fraction of a root of a prime: the largest x with x^power ≤ prime·2^(32·power),
/// without what is above its lowest 32 bits.
fn fraction_of_root(prime: u64, power: u32) -> u32 {
    let wanted = u128::from(prime) << (32 * power);
    let (mut low, mut high) = (0_u128, 1_u128 << 40);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if middle.pow(power) <= wanted { low = middle } else { high = middle }
    }
    (low & 0xFFFF_FFFF) as u32
}

pub fn sha256(message: &[u8]) -> [u8; 32] {
    let primes: Vec<u64> = (2..).filter(|number| is_prime(*number)).take(64).collect();
    let constants: Vec<u32> = primes.iter().map(|prime| fraction_of_root(*prime, 3)).collect();
    let mut state: Vec<u32> = primes[..8].iter().map(|prime| fraction_of_root(*prime, 2)).collect();
    let mut padded = message.to_vec();
    padded.push(0x80);
    while padded.len() % 64 != 56 {
        padded.push(0);
    }
    padded.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    for block in padded.chunks(64) {
        let mut words: Vec<u32> =
            block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().expect("four bytes"))).collect();
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let one = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let two = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words.push(words[at - 16].wrapping_add(one).wrapping_add(words[at - 7]).wrapping_add(two));
        }
        let mut s = state.clone();
        for at in 0..64 {
            let one = s[4].rotate_right(6) ^ s[4].rotate_right(11) ^ s[4].rotate_right(25);
            let choice = (s[4] & s[5]) ^ (!s[4] & s[6]);
            let first = s[7].wrapping_add(one).wrapping_add(choice).wrapping_add(constants[at]).wrapping_add(words[at]);
            let two = s[0].rotate_right(2) ^ s[0].rotate_right(13) ^ s[0].rotate_right(22);
            let majority = (s[0] & s[1]) ^ (s[0] & s[2]) ^ (s[1] & s[2]);
            s.rotate_right(1);
            s[4] = s[4].wrapping_add(first);
            s[0] = first.wrapping_add(two).wrapping_add(majority);
        }
        state.iter_mut().zip(s).for_each(|(of, more)| *of = of.wrapping_add(more));
    }
    let bytes: Vec<u8> = state.iter().flat_map(|word| word.to_be_bytes()).collect();
    bytes.try_into().expect("eight words")
}
