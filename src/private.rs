//! Folders and files that only their owner may read: they hold customers, texts and secrets. Where something stands
//! already, whoever made it has decided who may read it.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a folder, and those above it that are missing, for their owner alone.
///
/// # Errors
/// When it cannot be made.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file for writing at its end, and makes it for its owner alone where it is missing.
///
/// # Errors
/// When it cannot be opened.
pub fn file(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_is_made_is_its_owner_s_alone_and_what_stands_is_left() {
        let root = std::env::temp_dir().join(format!("tournee-private-{}", std::process::id()));
        let inner = root.join("data");
        folder(&inner).unwrap();
        let path = inner.join("store");
        drop(file(&path).unwrap());
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&root), mode(&inner), mode(&path)), (0o700, 0o700, 0o600));
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        drop(file(&path).unwrap());
        assert_eq!(mode(&path), 0o640);
        fs::remove_dir_all(root).unwrap();
    }
}
