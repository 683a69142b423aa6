//! Reads a pipe in the background, so that a signal is handled even while nothing is written to it.

use std::fs::File;
use std::io;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::disk::{self, BUFFER};
use super::interrupt;

/// Maximum delay until a signal is noticed.
const SIGNAL_POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Maximum number of chunks that are read ahead.
const AHEAD: usize = 2;

/// A pipe, or any other source of unknown length.
pub(super) struct Pipe {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    given: usize,
}

impl Pipe {
    /// Opens and reads in the background. The thread is never joined: if it blocks on a writer that
    /// does not come, it ends with the process.
    pub(super) fn start(open: impl FnOnce() -> io::Result<File> + Send + 'static) -> io::Result<Pipe> {
        let (sender, chunks) = sync_channel(AHEAD);
        thread::Builder::new().name("pipe".to_owned()).spawn(move || match open() {
            Ok(file) => pump(file, &sender),
            Err(error) => drop(sender.send(Err(error))),
        })?;
        Ok(Pipe { chunks, chunk: Vec::new(), given: 0 })
    }

    /// Reads some bytes, 0 at the end. A received signal is an error.
    pub(super) fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.given == self.chunk.len() {
            match self.chunks.recv_timeout(SIGNAL_POLL_INTERVAL) {
                Ok(chunk) => (self.chunk, self.given) = (chunk?, 0),
                Err(RecvTimeoutError::Disconnected) => return Ok(0),
                Err(RecvTimeoutError::Timeout) if interrupt::pending().is_some() => {
                    return Err(io::Error::other("stopped by a signal"));
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        let count = buf.len().min(self.chunk.len() - self.given);
        buf[..count].copy_from_slice(&self.chunk[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Reads to the end, or until the receiver is dropped.
fn pump(mut file: File, sender: &SyncSender<io::Result<Vec<u8>>>) {
    loop {
        let mut chunk = vec![0; BUFFER];
        let read = match disk::read(&mut file, &mut chunk) {
            Ok(0) => return,
            Ok(count) => {
                chunk.truncate(count);
                Ok(chunk)
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let failed = read.is_err();
        if sender.send(read).is_err() || failed {
            return;
        }
    }
}
