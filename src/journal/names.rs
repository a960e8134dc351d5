//! Who bears which name from outside, looked up for a batch's members and judged command by command, so that two who
//! ask for one at the same moment are told apart. Decides nothing else.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use actors::engine::journal::{CommitError, Write};
use actors::event::Event;
use actors::names::{NameKind, namings};

/// The names that a batch takes, by kind.
pub type Wanted = BTreeMap<NameKind, BTreeSet<String>>;

/// Notes the names that a command takes.
pub fn want(write: &Write, wanted: &mut Wanted) {
    for naming in write.events.iter().flat_map(namings) {
        let names = wanted.entry(naming.kind).or_default();
        names.extend(naming.after.map(str::to_owned));
    }
}

/// The statement that reads names of a kind and who bears them, up to its list.
pub fn bearers(kind: NameKind) -> &'static str {
    match kind {
        NameKind::Technician => "SELECT external_id, id FROM technicians WHERE external_id IN",
        NameKind::Tracker => "SELECT gps_device_id, id FROM technicians WHERE gps_device_id IN",
        NameKind::Customer => "SELECT external_id, id FROM customers WHERE external_id IN",
        NameKind::Location => "SELECT external_id, id FROM locations WHERE external_id IN",
        NameKind::Job => "SELECT external_id, id FROM jobs WHERE external_id IN",
    }
}

/// Who bears the names in question.
#[derive(Default)]
pub struct Names(HashMap<(NameKind, String), String>);

impl Names {
    /// Notes that somebody bears a name.
    pub fn learn(&mut self, kind: NameKind, name: String, owner: String) {
        self.0.insert((kind, name), owner);
    }

    /// Whether every name that a command takes is free or its own.
    ///
    /// # Errors
    /// Taken.
    pub fn admit(&self, write: &Write) -> Result<(), CommitError> {
        for naming in write.events.iter().flat_map(namings) {
            let Some(name) = naming.after else { continue };
            let bearer = self.0.get(&(naming.kind, name.to_owned()));
            if bearer.is_some_and(|bearer| bearer != naming.owner) {
                return Err(CommitError::Taken { kind: naming.kind, name: name.into() });
            }
        }
        Ok(())
    }

    /// Lets names change hands, for the batch's later members.
    pub fn took(&mut self, event: &Event) {
        for naming in namings(event) {
            if let Some(before) = naming.before {
                self.0.remove(&(naming.kind, before.to_owned()));
            }
            if let Some(after) = naming.after {
                self.learn(naming.kind, after.to_owned(), naming.owner.to_owned());
            }
        }
    }
}
