//! `backup FILE` and `restore FILE`. A backup appears under its name only when it is whole, on disk and checked; a
//! restore fills an empty store only, and opens a new epoch of the journal so that screens and programs that
//! remember the lost future start anew, and doubts texts that may have gone since. Neither needs the server to stop, and neither deletes anything.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use actors::engine::clock::Clock;

use super::store::{Store, check_sqlite, copy_sqlite};
use super::{Failure, postgres_tools, progress, wait_for};
use crate::config::{Database, Secret, Settings};

/// Copies the store to `file`.
pub(super) fn backup(settings: &Settings, file: &Path) -> Result<(), Failure> {
    if file.exists() {
        return Err(Failure::new(format!("{} exists already; give another name", file.display())));
    }
    let part = Part::beside(file)?;
    match &settings.database {
        Database::Sqlite(path) => backup_sqlite(path, &part.0)?,
        Database::Postgres(url) => {
            wait_for(async {
                let mut store = Store::postgres(url).await?;
                Ok(store.journal_head().await?)
            })?;
            postgres_tools::dump(url, &part.0)?;
        }
    }
    part.becomes(file)?;
    let size = fs::metadata(file)?.len();
    say(&format!("{} holds the whole store, {size} bytes, checked", file.display()))
}

fn backup_sqlite(from: &Path, to: &Path) -> Result<(), Failure> {
    if !from.exists() {
        return Err(Failure::new(format!("there is no store at {}", from.display())));
    }
    let expected = fs::metadata(from)?.len();
    wait_for(progress::while_growing("copying", to, expected, async {
        copy_sqlite(from, to).await?;
        check_sqlite(to).await?;
        Ok(())
    }))
}

/// Fills the empty store that the settings name from `file`.
pub(super) fn restore(settings: &Settings, file: &Path) -> Result<(), Failure> {
    if !file.is_file() {
        return Err(Failure::new(format!("there is no backup at {}", file.display())));
    }
    let clock = match settings.clock {
        Some(origin) => Clock::starting_at(origin, 1.0),
        None => Clock::system(),
    };
    let now_us = clock.now().as_microsecond();
    let epoch = match &settings.database {
        Database::Sqlite(path) => restore_sqlite(path, file, now_us)?,
        Database::Postgres(url) => restore_postgres(url, file, now_us)?,
    };
    say(&format!("restored; the journal goes on in epoch {epoch}"))
}

fn restore_sqlite(to: &Path, file: &Path, now_us: i64) -> Result<i64, Failure> {
    let folder = to.parent().filter(|parent| !parent.as_os_str().is_empty());
    let is_new = folder.filter(|folder| !folder.exists());
    if let Some(folder) = folder {
        crate::private::folder(folder)?;
    }
    let restored = fill_sqlite(to, file, now_us);
    // A folder that was made for nothing is not left behind; one that holds something is not removed by this.
    if restored.is_err()
        && let Some(folder) = is_new
    {
        let _ = fs::remove_dir(folder);
    }
    restored
}

fn fill_sqlite(to: &Path, file: &Path, now_us: i64) -> Result<i64, Failure> {
    if to.exists() {
        return Err(Failure::new(format!(
            "{} exists already; restore into an empty folder (--data) and move it there yourself",
            to.display()
        )));
    }
    let part = Part::beside(to)?;
    io::copy(&mut File::open(file)?, &mut crate::private::file(&part.0)?)?;
    wait_for(async { Ok(check_sqlite(&part.0).await?) }).map_err(|why| {
        Failure::new(format!("{} is no backup of tournee: {why}", file.display()))
    })?;
    let epoch = wait_for(async {
        let mut store = Store::sqlite(&part.0).await?;
        let epoch = store.next_epoch().await?;
        store.doubt_texts(now_us).await?;
        store.close().await?;
        Ok(epoch)
    })?;
    part.becomes(to)?;
    Ok(epoch)
}

fn restore_postgres(url: &Secret, file: &Path, now_us: i64) -> Result<i64, Failure> {
    wait_for(async {
        if Store::postgres(url).await?.is_empty().await? {
            Ok(())
        } else {
            Err(Failure::new("the database holds tables already; restore into an empty one"))
        }
    })?;
    postgres_tools::load(url, file)?;
    wait_for(async {
        let mut store = Store::postgres(url).await?;
        let epoch = store.next_epoch().await?;
        store.doubt_texts(now_us).await?;
        Ok(epoch)
    })
}

/// A file that is not whole yet; what is left of it goes away with this value.
struct Part(PathBuf);

impl Part {
    /// Makes it, for its owner alone, beside the file that it will be.
    fn beside(file: &Path) -> Result<Self, Failure> {
        let mut name = OsString::from(file);
        name.push(format!(".{}.part", std::process::id()));
        let part = PathBuf::from(name);
        crate::private::file(&part)
            .map_err(|why| Failure::new(format!("cannot write {}: {why}", file.display())))?;
        Ok(Self(part))
    }

    /// On disk first, then under its name: a crash in between leaves no file that looks whole and is not.
    fn becomes(&self, file: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        fs::rename(&self.0, file)?;
        let folder = file.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        for end in ["", "-journal", "-wal", "-shm"] {
            let mut name = OsString::from(&self.0);
            name.push(end);
            let _ = fs::remove_file(PathBuf::from(name));
        }
    }
}

fn say(line: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout(), "{line}")?)
}
