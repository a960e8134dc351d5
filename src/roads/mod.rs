//! Road networks as files: made from an OpenStreetMap extract by `tournee roads build`, loaded at start-up.
//!
//! The arithmetic is `scheduler::roads`; here are the extract, the disk, and the memory of answers.

pub mod pbf;
mod remembered;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use scheduler::roads::{BuildError, FileError, Network, Stage};

pub use remembered::{Memory, Remembered};

/// How far the building is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes of so many are read; both passes count.
    Reading { done: u64, of: u64 },
    /// Ways are cut and joined.
    Joining,
    /// So many of so many vertices have their shortcuts.
    Contracting { done: usize, of: usize },
    /// The file is written.
    Writing,
}

/// Why a road network could not be made or loaded; every text begins with the file's name.
#[derive(Debug, thiserror::Error)]
pub enum RoadsError {
    /// The extract.
    #[error("{}: {cause}", file.display())]
    Extract { file: PathBuf, cause: pbf::PbfError },
    /// What the extract holds.
    #[error("{}: {cause}", file.display())]
    Build { file: PathBuf, cause: BuildError },
    /// A file that is no road network, or no whole one.
    #[error("{}: {cause}", file.display())]
    Network { file: PathBuf, cause: FileError },
    /// The disk.
    #[error("{}: {cause}", file.display())]
    Disk { file: PathBuf, cause: std::io::Error },
}

/// What `build` made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Built {
    pub stretches: usize,
    pub arcs: usize,
    pub bytes: usize,
}

/// Where the network of an extract is put when nobody says where: beside it, as `.roads`.
pub fn beside(extract: &Path) -> PathBuf {
    let name = extract.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let stem = name.strip_suffix(".osm.pbf").or_else(|| name.strip_suffix(".pbf"));
    extract.with_file_name(format!("{}.roads", stem.unwrap_or(&name)))
}

/// Makes the road network of the extract and writes it to `out`, which appears whole or not at all.
///
/// # Errors
/// See [`RoadsError`].
pub fn build(
    extract: &Path,
    out: &Path,
    told: &mut dyn FnMut(Progress),
) -> Result<Built, RoadsError> {
    let unread = |cause| RoadsError::Extract { file: extract.to_owned(), cause };
    let file = File::open(extract).map_err(|cause| unread(cause.into()))?;
    let length = file.metadata().map_or(0, |meta| meta.len());
    let survey = pbf::read(file, &mut |pass, done| {
        let before = if pass == pbf::Pass::Ways { 0 } else { length };
        told(Progress::Reading { done: before + done, of: length * 2 });
    })
    .map_err(unread)?;
    let network = Network::build(&survey, &mut |stage| {
        told(match stage {
            Stage::Joining => Progress::Joining,
            Stage::Contracting { done, of } => Progress::Contracting { done, of },
        });
    })
    .map_err(|cause| RoadsError::Build { file: extract.to_owned(), cause })?;
    told(Progress::Writing);
    let bytes = network.to_bytes();
    write(out, &bytes).map_err(|cause| RoadsError::Disk { file: out.to_owned(), cause })?;
    let (stretches, arcs, _) = network.counts();
    Ok(Built { stretches, arcs, bytes: bytes.len() })
}

/// Under another name first, so that nobody ever finds half of it.
fn write(out: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut name = OsString::from(".");
    name.push(out.file_name().unwrap_or_default());
    name.push(format!(".{}.part", std::process::id()));
    let part = out.with_file_name(name);
    let written = File::create(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, out));
    if written.is_err() {
        // Nothing is lost with it; what counts is the error at hand.
        let _gone = fs::remove_file(&part);
    }
    written
}

/// Loads a network that [`build`] wrote.
///
/// # Errors
/// [`RoadsError::Disk`] and [`RoadsError::Network`].
pub fn load(file: &Path) -> Result<Network, RoadsError> {
    let bytes =
        fs::read(file).map_err(|cause| RoadsError::Disk { file: file.to_owned(), cause })?;
    Network::from_bytes(&bytes)
        .map_err(|cause| RoadsError::Network { file: file.to_owned(), cause })
}

#[cfg(test)]
mod tests;
