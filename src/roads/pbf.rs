//! Reads an OpenStreetMap extract (`.osm.pbf`) into a [`Survey`]: two passes over its blobs, ways and relations first,
//! then the nodes they need.
//!
//! Whatever is wrong with the file becomes an error, a panic of the decoder on a malformed blob too.

use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use osmpbf::{BlobDecode, BlobReader, HeaderBlock, PrimitiveBlock, RelMemberType};
use scheduler::roads::{Member, MemberKind, Survey, Tags};

/// Why an extract could not be read.
#[derive(Debug, thiserror::Error)]
pub enum PbfError {
    /// The file system.
    #[error("it cannot be read: {0}")]
    Io(#[from] io::Error),
    /// Not the format, or cut short, or changed on its way.
    #[error("it is no whole .osm.pbf file: {0}")]
    Malformed(String),
    /// A file that needs what no reader here knows.
    #[error("it needs {0}, which is not supported; export it again as a plain .osm.pbf")]
    Feature(String),
}

/// Which of the two passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    Ways,
    Nodes,
}

/// Reads a whole extract. `told` hears how many bytes of which pass are done.
///
/// # Errors
/// See [`PbfError`].
pub fn read(
    mut file: impl Read + Seek + Send,
    told: &mut dyn FnMut(Pass, u64),
) -> Result<Survey, PbfError> {
    let mut survey = Survey::default();
    for pass in [Pass::Ways, Pass::Nodes] {
        file.seek(SeekFrom::Start(0))?;
        let read = Arc::new(AtomicU64::new(0));
        let counted = Counted { inner: BufReader::new(&mut file), read: read.clone() };
        let mut whole = 0;
        for blob in BlobReader::new(counted) {
            let blob = blob.map_err(malformed)?;
            match guarded(|| blob.decode().map_err(malformed))? {
                BlobDecode::OsmHeader(header) => understood(&header)?,
                BlobDecode::OsmData(block) => guarded(|| match pass {
                    Pass::Ways => ways(&block, &mut survey),
                    Pass::Nodes => nodes(&block, &mut survey),
                })?,
                BlobDecode::Unknown(_) => {}
            }
            whole = read.load(Ordering::Relaxed);
            told(pass, whole);
        }
        if whole == 0 || read.load(Ordering::Relaxed) != whole {
            return Err(PbfError::Malformed("it is cut short".to_owned()));
        }
    }
    Ok(survey)
}

fn understood(header: &HeaderBlock) -> Result<(), PbfError> {
    let known = ["OsmSchema-V0.6", "DenseNodes"];
    let mut needed = header.required_features().iter();
    match needed.find(|need| !known.contains(&need.as_str())) {
        Some(feature) => Err(PbfError::Feature(feature.clone())),
        None => Ok(()),
    }
}

fn malformed(error: osmpbf::Error) -> PbfError {
    PbfError::Malformed(error.to_string())
}

/// The decoder trusts numbers inside a blob in places; a wrong one must not end the program.
fn guarded<T>(work: impl FnOnce() -> Result<T, PbfError>) -> Result<T, PbfError> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(PbfError::Malformed("a blob makes no sense".to_owned())))
}

fn ways(block: &PrimitiveBlock, survey: &mut Survey) -> Result<(), PbfError> {
    for group in block.groups() {
        for way in group.ways() {
            let tags: Tags = way.tags().collect();
            survey.way(way.id(), &tags, way.refs());
        }
        for relation in group.relations() {
            let tags: Tags = relation.tags().collect();
            if !tags.get("type").is_some_and(|kind| kind.starts_with("restriction")) {
                continue;
            }
            let members: Result<Vec<Member>, osmpbf::Error> = relation
                .members()
                .map(|member| {
                    let kind = match member.member_type {
                        RelMemberType::Node => MemberKind::Node,
                        RelMemberType::Way => MemberKind::Way,
                        RelMemberType::Relation => MemberKind::Other,
                    };
                    Ok(Member { kind, id: member.member_id, role: member.role()? })
                })
                .collect();
            survey.relation(&tags, members.map_err(malformed)?);
        }
    }
    Ok(())
}

fn nodes(block: &PrimitiveBlock, survey: &mut Survey) -> Result<(), PbfError> {
    for group in block.groups() {
        for node in group.dense_nodes() {
            if survey.wants(node.id()) {
                let (lat, lon) = (node.decimicro_lat(), node.decimicro_lon());
                survey.node(node.id(), lat, lon, &node.tags().collect());
            }
        }
        for node in group.nodes() {
            if survey.wants(node.id()) {
                let (lat, lon) = (node.decimicro_lat(), node.decimicro_lon());
                survey.node(node.id(), lat, lon, &node.tags().collect());
            }
        }
    }
    Ok(())
}

/// Counts what is taken out.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
