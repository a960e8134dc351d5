//! The throw-away data folder: made for one run, readable by its owner alone, gone with the value.

use std::fs::{self, DirBuilder};
use std::io;
use std::path::{Path, PathBuf};

/// A folder that is removed when this is dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// Makes `tournee-demo-<process>` among the system's temporary files.
    ///
    /// # Errors
    /// It cannot be made, or what a former process of that number left behind cannot be removed.
    pub fn new() -> io::Result<Self> {
        Self::at(std::env::temp_dir().join(format!("tournee-demo-{}", std::process::id())))
    }

    fn at(path: PathBuf) -> io::Result<Self> {
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&path)?;
        Ok(Self(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays for the system to clear; nobody could act on the error here.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::Folder;

    #[test]
    fn the_folder_is_empty_at_first_and_gone_at_the_end() {
        let path = std::env::temp_dir().join(format!("tournee-folder-test-{}", std::process::id()));
        std::fs::create_dir_all(path.join("left-over")).unwrap();
        let folder = Folder::at(path.clone()).unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        std::fs::write(folder.path().join("tournee.db"), "x").unwrap();
        drop(folder);
        assert!(!path.exists());
    }
}
