//! One server per store: two would hand out the same positions. A lock on a file beside the embedded database, an
//! advisory lock in a PostgreSQL one; both end with the process, however it ends.

use std::fs::{File, TryLockError};

use super::store::Store;
use super::{Failure, wait_for};
use crate::config::{Database, Settings};

/// Held for as long as this process may write to the store.
#[derive(Debug)]
pub(super) struct Sole(#[expect(dead_code, reason = "what is held, not what is read")] Held);

#[derive(Debug)]
enum Held {
    File(#[expect(dead_code, reason = "dropping it unlocks")] File),
    Connection(#[expect(dead_code, reason = "dropping it unlocks")] Box<Store>),
}

/// What taking the lock gave.
#[derive(Debug)]
pub(super) enum Taken {
    /// Nobody else writes.
    Alone(Sole),
    /// A server runs on this store.
    InUse,
}

impl Taken {
    /// The lock, or the sentence for the person who started a second server.
    pub(super) fn or_refuse(self) -> Result<Sole, Failure> {
        match self {
            Self::Alone(sole) => Ok(sole),
            Self::InUse => Err(Failure::new(
                "another tournee is running on this store; stop it first, or name another data folder with --data",
            )),
        }
    }
}

/// Tries to become the one process that writes to the settings' store.
pub(super) fn take(settings: &Settings) -> Result<Taken, Failure> {
    match &settings.database {
        Database::Sqlite(path) => {
            if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
                crate::private::folder(folder).map_err(|error| {
                    Failure::new(format!(
                        "the data folder {} cannot be made: {error}",
                        folder.display()
                    ))
                })?;
            }
            let file = crate::private::file(&path.with_extension("lock"))?;
            match file.try_lock() {
                Ok(()) => Ok(Taken::Alone(Sole(Held::File(file)))),
                Err(TryLockError::WouldBlock) => Ok(Taken::InUse),
                Err(TryLockError::Error(error)) => Err(error.into()),
            }
        }
        Database::Postgres(url) => wait_for(async {
            let mut store = Store::postgres(url).await?;
            Ok(if store.lock_alone().await? {
                Taken::Alone(Sole(Held::Connection(Box::new(store))))
            } else {
                Taken::InUse
            })
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Sources;

    #[test]
    fn a_second_process_on_a_store_is_refused_until_the_first_has_gone() {
        let folder = std::env::temp_dir().join(format!("tournee-sole-{}", std::process::id()));
        let data = ("TOURNEE_DATA".to_owned(), folder.display().to_string());
        let sources = Sources { environment: vec![data], ..Sources::default() };
        let settings = sources.load().unwrap().settings;
        let first = take(&settings).unwrap().or_refuse().unwrap();
        assert!(matches!(take(&settings).unwrap(), Taken::InUse));
        drop(first);
        assert!(matches!(take(&settings).unwrap(), Taken::Alone(_)));
        std::fs::remove_dir_all(folder).unwrap();
    }
}
