//! The memory of the machine.

use std::fs;

/// Returns the bytes of memory that this process may use, of the machine or of its control group;
/// `None` if unknown.
pub fn memory() -> Option<u64> {
    let number = |path: &str| fs::read_to_string(path).ok()?.trim().parse::<u64>().ok();
    let limits = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];
    let whole = fs::read_to_string("/proc/meminfo").ok().and_then(|text| total(&text));
    limits.into_iter().filter_map(number).chain(whole).min()
}

/// Parses a line like `MemTotal:  24689764 kB`; returns bytes.
fn total(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemTotal:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()?.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_read() {
        assert_eq!(total("MemTotal:       24689764 kB\nMemFree: 1 kB\n"), Some(24_689_764 * 1024));
        assert_eq!(total("nothing of the kind"), None);
    }
}
