//! Wraps each call that reaches the disk, so that a test can make the n-th call of a kind fail, or
//! end the process there.
//!
//! Builds without debug assertions contain only the calls: see [`faults`].

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// Bytes of one read: a few dozen system calls for 10 MiB, and small enough to stay in cache.
pub(super) const BUFFER: usize = 256 << 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Opens an existing file or folder.
    Open,
    /// Creates a file.
    Create,
    /// Creates a folder.
    Folder,
    Read,
    Write,
    /// Syncs a file, or the entries of a folder.
    Sync,
    Rename,
    Remove,
}

#[cfg(debug_assertions)]
use faults::inject_fault;

/// Faults can be injected in debug builds only.
#[cfg(not(debug_assertions))]
fn inject_fault(_: Call) -> io::Result<()> {
    Ok(())
}

pub(super) fn open(path: &Path) -> io::Result<File> {
    inject_fault(Call::Open)?;
    File::open(path)
}

/// Creates a file that must not exist yet.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    inject_fault(Call::Create)?;
    File::create_new(path)
}

/// Creates a file, or truncates an existing one.
pub(super) fn create(path: &Path) -> io::Result<File> {
    inject_fault(Call::Create)?;
    File::create(path)
}

pub(super) fn create_dir(path: &Path) -> io::Result<()> {
    inject_fault(Call::Folder)?;
    fs::create_dir(path)
}

pub(super) fn create_dir_all(path: &Path) -> io::Result<()> {
    inject_fault(Call::Folder)?;
    fs::create_dir_all(path)
}

pub(super) fn read(from: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    inject_fault(Call::Read)?;
    from.read(buf)
}

pub(super) fn write(to: &mut impl Write, buf: &[u8]) -> io::Result<usize> {
    inject_fault(Call::Write)?;
    to.write(buf)
}

/// Creates an unnamed file in this folder.
pub(super) fn create_nameless(folder: &Path) -> io::Result<File> {
    inject_fault(Call::Create)?;
    tempfile::tempfile_in(folder)
}

pub(super) fn read_exact_at(from: &File, buf: &mut [u8], at: u64) -> io::Result<()> {
    inject_fault(Call::Read)?;
    from.read_exact_at(buf, at)
}

pub(super) fn write_all_at(to: &File, buf: &[u8], at: u64) -> io::Result<()> {
    inject_fault(Call::Write)?;
    to.write_all_at(buf, at)
}

/// Passes reads and writes through the calls above; seeking does not reach the disk.
#[derive(Debug)]
pub(super) struct Through<F>(pub(super) F);

impl<F: Read> Read for Through<F> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        read(&mut self.0, buf)
    }
}

impl<F: Seek> Seek for Through<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

impl<F: Write> Write for Through<F> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        write(&mut self.0, buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

pub(super) fn sync(file: &File) -> io::Result<()> {
    inject_fault(Call::Sync)?;
    file.sync_all()
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    inject_fault(Call::Rename)?;
    fs::rename(from, to)
}

/// Exchanges two paths in one step. Not every file system supports it.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
pub(super) fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    inject_fault(Call::Rename)?;
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Not every operating system supports it.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
pub(super) fn exchange(_: &Path, _: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn remove_file(path: &Path) -> io::Result<()> {
    inject_fault(Call::Remove)?;
    fs::remove_file(path)
}

/// Removes an empty folder.
pub(super) fn remove_dir(path: &Path) -> io::Result<()> {
    inject_fault(Call::Remove)?;
    fs::remove_dir(path)
}

pub(super) fn remove_dir_all(path: &Path) -> io::Result<()> {
    inject_fault(Call::Remove)?;
    fs::remove_dir_all(path)
}

/// Fault injection for tests, by two environment variables that no release build reads.
///
/// * `AVSTEM_FAULT=write:17:28` makes the 17th write fail once with OS error 28; `write:17+:28`
///   that one and all later ones; `write:17:kill` ends the process there, like `kill -9`;
///   `write:17:stop` stops it there until it gets SIGCONT. `any` counts calls of every kind.
/// * `AVSTEM_CALLS=FILE` appends a line with the kind of each call to a file.
#[cfg(debug_assertions)]
mod faults {
    use std::fs::OpenOptions;
    use std::io::{self, Write};
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::sync::{Mutex, OnceLock, PoisonError};
    use std::time::Duration;

    use rustix::process::{Signal, getpid, kill_process};

    use super::Call;

    /// The parsed value of `AVSTEM_FAULT`.
    struct Fault {
        /// The kind of calls that is counted; `None` counts all.
        call: Option<Call>,
        at: u64,
        lasting: bool,
        effect: Effect,
        seen: AtomicU64,
    }

    enum Effect {
        /// The call fails with this OS error.
        Error(i32),
        /// The process gets this signal before the call.
        Signal(Signal),
    }

    impl Fault {
        fn parse(text: &str) -> Option<Fault> {
            let mut parts = text.split(':');
            let (call, at, what) = (parts.next()?, parts.next()?, parts.next()?);
            let (at, lasting) = at.strip_suffix('+').map_or((at, false), |at| (at, true));
            Some(Fault {
                call: Call::ALL.into_iter().find(|known| known.word() == call),
                at: at.parse().ok()?,
                lasting,
                effect: match what {
                    "kill" => Effect::Signal(Signal::KILL),
                    "stop" => Effect::Signal(Signal::STOP),
                    error => Effect::Error(error.parse().ok()?),
                },
                seen: AtomicU64::new(0),
            })
        }
    }

    impl Call {
        const ALL: [Call; 8] =
            [Call::Open, Call::Create, Call::Folder, Call::Read, Call::Write, Call::Sync, Call::Rename, Call::Remove];

        fn word(self) -> &'static str {
            match self {
                Call::Open => "open",
                Call::Create => "create",
                Call::Folder => "folder",
                Call::Read => "read",
                Call::Write => "write",
                Call::Sync => "sync",
                Call::Rename => "rename",
                Call::Remove => "remove",
            }
        }
    }

    /// Logs the call, and applies the injected fault if it is due.
    pub(super) fn inject_fault(call: Call) -> io::Result<()> {
        static FAULT: OnceLock<Option<Fault>> = OnceLock::new();
        static CALLS: OnceLock<Option<Mutex<std::fs::File>>> = OnceLock::new();
        let calls = CALLS.get_or_init(|| {
            let path = std::env::var_os("AVSTEM_CALLS")?;
            OpenOptions::new().append(true).create(true).open(path).ok().map(Mutex::new)
        });
        if let Some(calls) = calls {
            writeln!(calls.lock().unwrap_or_else(PoisonError::into_inner), "{}", call.word())?;
        }
        let Some(fault) = FAULT.get_or_init(|| Fault::parse(&std::env::var("AVSTEM_FAULT").ok()?)) else {
            return Ok(());
        };
        if fault.call.is_some_and(|counted| counted != call) {
            return Ok(());
        }
        let number = fault.seen.fetch_add(1, Ordering::Relaxed) + 1;
        if number != fault.at && !(fault.lasting && number > fault.at) {
            return Ok(());
        }
        match fault.effect {
            Effect::Error(error) => Err(io::Error::from_raw_os_error(error)),
            Effect::Signal(signal) => {
                kill_process(getpid(), signal)?;
                // Another thread may receive the signal; this one must not continue before it takes
                // effect.
                std::thread::sleep(Duration::from_millis(200));
                Ok(())
            }
        }
    }
}
