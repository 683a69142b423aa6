//! Rows sorted by their bytes (external merge sort).

use std::borrow::Cow;
use std::io;
use std::slice::Iter;
use std::sync::Arc;

use avstem_core::model::bytes::{common_prefix, prefix};
use avstem_core::rows::{append, bring_near, pieces, split_first};

use crate::io::spill::{Frame, Scratch, SpillFile};

/// Approximate size of a spilled frame in bytes; small, so that many runs can be merged at once.
const FRAME: usize = 64 << 10;

/// Bytes of single rows collected before they are sorted as a block.
const OPEN: usize = 256 << 10;

#[derive(Debug)]
pub struct Sorter {
    scratch: Arc<Scratch>,
    /// Bytes that may be held in memory.
    limit: usize,
    /// Rows added by `push`, not sorted yet.
    open: Vec<u8>,
    held: usize,
    sorted: Sorted,
}

/// Sorted blocks in memory and sorted runs in a file.
#[derive(Debug, Default)]
pub struct Sorted {
    blocks: Vec<Vec<u8>>,
    runs: Vec<Vec<Frame>>,
    file: Option<Arc<SpillFile>>,
    /// A prefix that all rows share.
    shared: Option<Vec<u8>>,
}

impl Sorter {
    /// An empty sorter that holds up to `limit` bytes in memory.
    pub fn new(limit: usize, scratch: &Arc<Scratch>) -> Sorter {
        Sorter { scratch: Arc::clone(scratch), limit, open: Vec::new(), held: 0, sorted: Sorted::default() }
    }

    pub fn push(&mut self, row: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        append(&mut self.open, row);
        if self.open.len() < OPEN.min(self.limit) {
            return Ok(());
        }
        let rows = sort(&mut self.open);
        self.add(rows)
    }

    /// Adds a block of rows sorted by [`sort`].
    pub fn add(&mut self, block: Vec<u8>) -> io::Result<()> {
        if block.is_empty() {
            return Ok(());
        }
        self.held += block.len();
        self.sorted.push(block);
        if self.held > self.limit { self.spill() } else { Ok(()) }
    }

    /// Merges the blocks in memory into one run of the file.
    fn spill(&mut self) -> io::Result<()> {
        let (blocks, shared) = (std::mem::take(&mut self.sorted.blocks), self.sorted.shared.clone());
        let held = Sorted { blocks, shared, ..Sorted::default() };
        let file = match &self.sorted.file {
            Some(file) => Arc::clone(file),
            None => Arc::clone(self.sorted.file.insert(Arc::new(self.scratch.file()?))),
        };
        let (mut run, mut frame) = (Vec::new(), Vec::with_capacity(FRAME + FRAME / 8));
        let mut rows = held.merge()?;
        while let Some(row) = rows.next()? {
            append(&mut frame, |out| out.extend_from_slice(row));
            if frame.len() >= FRAME {
                run.extend(file.append(&[&frame])?);
                frame.clear();
            }
        }
        run.extend(file.append(&[&frame])?);
        self.sorted.runs.push(run);
        self.held = 0;
        Ok(())
    }

    pub fn finish(mut self) -> Sorted {
        if !self.open.is_empty() {
            self.sorted.push(sort(&mut self.open));
        }
        self.sorted
    }
}

/// Takes rows out of a buffer, which keeps its room, sorted by their bytes.
pub fn sort(rows: &mut Vec<u8>) -> Vec<u8> {
    // As balances come from a partition.
    if pieces(rows).is_sorted() {
        let room = Vec::with_capacity(rows.len() + rows.len() / 4);
        let mut sorted = std::mem::replace(rows, room);
        sorted.shrink_to_fit();
        return sorted;
    }
    let first = split_first(rows).map_or(&[][..], |(first, _)| first);
    let skip = pieces(rows).fold(first.len(), |length, row| common_prefix(&first[..length], row));
    let mut sorted: Vec<(u128, &[u8])> = pieces(rows).map(|row| (key(row, skip), row)).collect();
    sorted.sort_unstable();
    let mut out = Vec::with_capacity(rows.len());
    sorted.iter().for_each(|(_, row)| append(&mut out, |out| out.extend_from_slice(row)));
    rows.clear();
    out
}

/// Greater than the key of every row.
const ENDED: u128 = u128::MAX;

/// The 15 bytes behind a prefix of `skip` bytes as a number: rows that share the prefix compare as
/// their keys do, unless these are equal.
#[inline]
fn key(row: &[u8], skip: usize) -> u128 {
    prefix(&row[skip..]) >> 8
}

impl Sorted {
    fn push(&mut self, block: Vec<u8>) {
        let ends = [split_first(&block).map(|(first, _)| first), pieces(&block).last()];
        for row in ends.into_iter().flatten() {
            let shared = self.shared.get_or_insert_with(|| row.to_vec());
            shared.truncate(common_prefix(shared, row));
        }
        self.blocks.push(block);
    }

    /// Merges all rows in order.
    pub fn merge(&self) -> io::Result<Merge<'_>> {
        let mut heads = Vec::new();
        for mut head in self.heads() {
            if head.advance()? {
                heads.push(head);
            }
        }
        Ok(Merge::new(heads, self.shared.as_ref().map_or(0, Vec::len)))
    }

    /// Merges all rows with those of another, in order.
    pub fn merge_with<'s>(&'s self, other: &'s Sorted) -> io::Result<Merge<'s>> {
        let mut heads = Vec::new();
        for mut head in self.heads().chain(other.heads()) {
            if head.advance()? {
                heads.push(head);
            }
        }
        Ok(Merge::new(heads, 0))
    }

    fn heads(&self) -> impl Iterator<Item = Head<'_>> {
        let runs = self.runs.iter().map(|run| Head::new(&[], run.iter(), self.file.as_deref()));
        runs.chain(self.blocks.iter().map(|block| Head::new(block, [].iter(), None)))
    }

    /// Decoded rows in order, for callers without error handling: an error ends the iteration and
    /// is stored in `scratch`.
    pub fn walk<'s, T: 's>(&'s self, scratch: &'s Scratch, read: fn(&[u8]) -> T) -> impl Iterator<Item = T> + 's {
        let mut merge = self.merge();
        std::iter::from_fn(move || {
            let error = match &mut merge {
                Ok(rows) => match rows.next() {
                    Ok(row) => return row.map(read),
                    Err(error) => error,
                },
                Err(error) => std::mem::replace(error, io::ErrorKind::Other.into()),
            };
            scratch.keep(error);
            merge = Ok(Merge::default());
            None
        })
    }

    /// Calls `take` with every row, in no particular order.
    pub fn each(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.each_block(|rows| pieces(rows).try_for_each(&mut take))
    }

    /// Calls `take` with the rows that begin with one of the prefixes, in no particular order. The
    /// prefixes ascend, and none begins with another.
    pub fn find(&self, prefixes: &[Vec<u8>], mut take: impl FnMut(&[u8])) -> io::Result<()> {
        self.each_block(|rows| {
            find_in(rows, prefixes, &mut take);
            Ok(())
        })
    }

    /// Calls `take` with sorted rows: those of each block, and of each frame.
    fn each_block(&self, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        self.blocks.iter().try_for_each(|block| take(block))?;
        let mut rows = Vec::new();
        for (frame, file) in self.runs.iter().flatten().zip(self.file.iter().cycle()) {
            rows.clear();
            file.read(*frame, &mut rows)?;
            take(&rows)?;
        }
        Ok(())
    }
}

/// So many rows are passed over at once where none of them can be wanted.
const STRIDE: usize = 16;

/// See [`Sorted::find`].
fn find_in(mut rows: &[u8], prefixes: &[Vec<u8>], take: &mut impl FnMut(&[u8])) {
    let Some((first, _)) = split_first(rows) else { return };
    let wanted = prefixes.partition_point(|prefix| prefix.as_slice() <= first).saturating_sub(1);
    let mut wanted = prefixes[wanted..].iter().peekable();
    while let (Some(next), false) = (wanted.peek(), rows.is_empty()) {
        let mut pieces_of = pieces(rows);
        let passed: usize = pieces_of.by_ref().take(STRIDE).map(|row| 4 + row.len()).sum();
        if pieces_of.next().is_none_or(|row| row >= next.as_slice()) {
            for row in pieces(&rows[..passed]) {
                while wanted.next_if(|prefix| row > prefix.as_slice() && !row.starts_with(prefix)).is_some() {}
                if wanted.peek().is_some_and(|prefix| row.starts_with(prefix)) {
                    take(row);
                }
            }
        }
        rows = &rows[passed..];
    }
}

/// The current row of a block or a run.
struct Head<'s> {
    /// Frames of a run that are not read yet, and their file.
    frames: Iter<'s, Frame>,
    file: Option<&'s SpillFile>,
    /// The block, or the current frame of the run.
    bytes: Cow<'s, [u8]>,
    /// Where the current row lies in it.
    start: usize,
    end: usize,
    /// The length of the row behind it, read ahead: by then it has come from memory.
    next: usize,
}

/// The length of the first of some rows; 0 without one.
fn first_length(rows: &[u8]) -> usize {
    rows.first_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize)
}

impl<'s> Head<'s> {
    fn new(held: &'s [u8], frames: Iter<'s, Frame>, file: Option<&'s SpillFile>) -> Self {
        Head { frames, file, bytes: Cow::Borrowed(held), start: 0, end: 0, next: first_length(held) }
    }

    fn row(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Whether the next row lies in a frame that is not read yet.
    fn is_used_up(&self) -> bool {
        self.end == self.bytes.len()
    }

    /// Moves to the next row; returns false at the end.
    #[inline]
    fn advance(&mut self) -> io::Result<bool> {
        while self.is_used_up() {
            let (Some(frame), Some(file)) = (self.frames.next(), self.file) else { return Ok(false) };
            let mut bytes = std::mem::take(&mut self.bytes).into_owned();
            bytes.clear();
            file.read(*frame, &mut bytes)?;
            (self.next, self.end) = (first_length(&bytes), 0);
            self.bytes = Cow::Owned(bytes);
        }
        self.start = self.end + 4;
        let length = self.next;
        self.end = self.start + length;
        self.next = first_length(&self.bytes[self.end..]);
        // Rows are looked at when those of all other heads were.
        bring_near(&self.bytes, self.end + length, length);
        Ok(true)
    }
}

/// A head by its number, and the key of its row; [`ENDED`] for a head without one.
#[derive(Clone, Copy)]
struct Player {
    key: u128,
    head: usize,
}

impl Default for Player {
    fn default() -> Self {
        Player { key: ENDED, head: 0 }
    }
}

/// Merges several sorted blocks and runs: a tree in which each inner node holds the loser of the
/// match that is played there, so that a new row meets one head on each level.
#[derive(Default)]
pub struct Merge<'s> {
    heads: Vec<Head<'s>>,
    losers: Vec<Player>,
    winner: Player,
    /// Length of the prefix that all rows share.
    skip: usize,
    /// Whether the winner's row was given out.
    is_taken: bool,
}

impl<'s> Merge<'s> {
    /// Merges heads that each have a row.
    fn new(heads: Vec<Head<'s>>, skip: usize) -> Self {
        let count = heads.len();
        let players = heads.iter().enumerate().map(|(head, of)| Player { key: key(of.row(), skip), head });
        // The leaves are the nodes from `count` on; the children of a node are twice its number, and the next one.
        let mut winners: Vec<Player> = std::iter::repeat_n(Player::default(), count).chain(players).collect();
        let losers = vec![Player::default(); count];
        let mut merge = Merge { heads, losers, winner: Player::default(), skip, is_taken: false };
        for node in (1..count).rev() {
            let (one, other) = (winners[2 * node], winners[2 * node + 1]);
            let (winner, loser) = if merge.is_before(other, one) { (other, one) } else { (one, other) };
            (winners[node], merge.losers[node]) = (winner, loser);
        }
        merge.winner = winners.get(1).copied().unwrap_or_default();
        merge
    }

    /// Whether the row of one head is less than the row of another.
    #[inline]
    fn is_before(&self, one: Player, other: Player) -> bool {
        one.key < other.key || (one.key == other.key && self.is_before_by_row(one, other))
    }

    #[cold]
    fn is_before_by_row(&self, one: Player, other: Player) -> bool {
        one.key != ENDED && self.heads[one.head].row() < self.heads[other.head].row()
    }

    /// Brings up the row behind the winner's.
    fn advance(&mut self) -> io::Result<()> {
        let Player { head, .. } = self.winner;
        let of = &mut self.heads[head];
        let mut winner = Player { key: if of.advance()? { key(of.row(), self.skip) } else { ENDED }, head };
        let mut node = (head + self.heads.len()) / 2;
        while node > 0 {
            let loser = self.losers[node];
            if self.is_before(loser, winner) {
                self.losers[node] = winner;
                winner = loser;
            }
            node /= 2;
        }
        (self.winner, self.is_taken) = (winner, false);
        Ok(())
    }

    fn has_row(&self) -> bool {
        self.winner.key != ENDED
    }

    pub fn next(&mut self) -> io::Result<Option<&[u8]>> {
        if self.is_taken {
            self.advance()?;
        }
        self.is_taken = self.has_row();
        Ok(self.is_taken.then(|| self.heads[self.winner.head].row()))
    }

    /// Up to `most` rows, none only at the end. Fewer where the next row lies in a frame that would
    /// take the place of one of theirs.
    pub fn batch(&mut self, most: usize) -> io::Result<Vec<&[u8]>> {
        let mut places = Vec::with_capacity(most);
        while places.len() < most {
            if self.is_taken {
                if !places.is_empty() && self.heads[self.winner.head].is_used_up() {
                    break;
                }
                self.advance()?;
            }
            if !self.has_row() {
                break;
            }
            let head = &self.heads[self.winner.head];
            places.push((self.winner.head, head.start..head.end));
            self.is_taken = true;
        }
        Ok(places.into_iter().map(|(head, place)| &self.heads[head].bytes[place]).collect())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    /// Rows of which many share long prefixes, are equal, or begin others.
    fn rows(seed: u64, prefix: &str) -> Vec<Vec<u8>> {
        let mut seed = seed;
        let mut roll = |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) % sides
        };
        let row = |_| {
            let mut row = prefix.as_bytes().to_vec();
            for _ in 0..roll(4) {
                row.extend_from_slice([&b"a"[..], b"b", b"bbbbbbbbbbbbbbbbbbbb", b"\xff", b"\0"][roll(5) as usize]);
            }
            row
        };
        (0..300).map(row).collect()
    }

    fn run_of(rows: &[Vec<u8>]) -> Vec<u8> {
        let mut run = Vec::new();
        rows.iter().for_each(|row| append(&mut run, |out| out.extend_from_slice(row)));
        run
    }

    #[test]
    fn rows_come_in_order_from_blocks_and_runs() {
        let folder = tempdir().unwrap();
        for (seed, limit) in (0..40).flat_map(|seed| [0, 2_000, 1 << 20].map(|limit| (seed, limit))) {
            let scratch = Arc::new(Scratch::beside(Some(&folder.path().join("run"))));
            let mut sorter = Sorter::new(limit, &scratch);
            let all = rows(seed, ["", "T", "T a long prefix of all"][seed as usize % 3]);
            for block in all.chunks(1 + seed as usize) {
                sorter.add(sort(&mut run_of(block))).unwrap();
            }
            let sorted = sorter.finish();
            let mut wanted = all.clone();
            wanted.sort();
            let mut merge = sorted.merge().unwrap();
            let mut found = Vec::new();
            while let Some(row) = merge.next().unwrap() {
                found.push(row.to_vec());
            }
            assert_eq!(found, wanted);
            assert!(merge.next().unwrap().is_none());
            for most in [1, 7, 64] {
                let (mut merge, mut found) = (sorted.merge().unwrap(), Vec::new());
                loop {
                    let batch = merge.batch(most).unwrap();
                    if batch.is_empty() {
                        break;
                    }
                    assert!(batch.len() <= most);
                    found.extend(batch.into_iter().map(<[u8]>::to_vec));
                }
                assert_eq!(found, wanted);
            }
        }
    }

    #[test]
    fn rows_are_found_by_their_prefixes() {
        let folder = tempdir().unwrap();
        for limit in [0, 1 << 20] {
            let scratch = Arc::new(Scratch::beside(Some(&folder.path().join("run"))));
            let mut sorter = Sorter::new(limit, &scratch);
            let ids: Vec<String> = (0..500).map(|number| format!("{:03}.", number * 7 % 500)).collect();
            for block in ids.chunks(60) {
                let rows: Vec<Vec<u8>> =
                    block.iter().flat_map(|id| [format!("{id}x"), format!("{id}y")]).map(String::into_bytes).collect();
                sorter.add(sort(&mut run_of(&rows))).unwrap();
            }
            let sorted = sorter.finish();
            let wanted = ["000.", "0000", "250.", "251.", "499.", "5"].map(|id| id.as_bytes().to_vec());
            let mut found = Vec::new();
            sorted.find(&wanted, |row| found.push(String::from_utf8(row.to_vec()).unwrap())).unwrap();
            found.sort();
            assert_eq!(found, ["000.x", "000.y", "250.x", "250.y", "251.x", "251.y", "499.x", "499.y"]);
            sorted.find(&[], |_| panic!("nothing is wanted")).unwrap();
        }
    }
}
