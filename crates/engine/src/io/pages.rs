//! Small files in a folder that belongs to the user.

use std::fs;
use std::path::Path;

use super::failed::OutputError;

/// Writes files into a folder, which is created if missing; files of the same name are replaced.
///
/// # Errors
///
/// When a file cannot be written; those before it are written then.
pub fn write_pages(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
    fs::create_dir_all(folder).map_err(|error| OutputError::failed(folder, "create the folder", error))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| OutputError::failed(&path, "write", error))?;
    }
    Ok(())
}
