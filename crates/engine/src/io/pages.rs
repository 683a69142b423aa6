//! Small files into a folder that is somebody else's.

use std::fs;
use std::path::Path;

use super::failed::OutputError;

/// Writes files into a folder, which is made when it is not there; files of the same name are replaced.
///
/// # Errors
///
/// When one cannot be written; those before it are there then.
pub fn write_pages(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), OutputError> {
    fs::create_dir_all(folder).map_err(|error| OutputError::failed(folder, "create the folder", error))?;
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(|error| OutputError::failed(&path, "write", error))?;
    }
    Ok(())
}
