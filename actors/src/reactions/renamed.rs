//! What follows when a tag is called otherwise: whoever bears its name learns the new one.

use std::sync::Arc;

use super::{Order, Reaction, named, to};
use crate::tags::Users;
use crate::{jobs, technicians, zones};

/// Whoever bears a tag's name learns the new one.
pub(super) fn renamed(from: &str, new_name: &str, users: &Users) -> Vec<Reaction> {
    let (from, new) = (from.to_owned(), new_name.to_owned());
    let technicians = users.technicians.iter().map(|id| {
        use technicians::protocol::Command::RenameSkill;
        let command = RenameSkill { from: from.clone(), to: new.clone() };
        named(format!("rename:{id}"), Order::Technicians(id.clone(), Arc::new(command)))
    });
    let jobs = users.jobs.iter().map(|id| {
        use jobs::protocol::Command::RenameSkill;
        let command = RenameSkill { from: from.clone(), to: new.clone() };
        named(format!("rename:{id}"), Order::Jobs(id.clone(), Arc::new(command)))
    });
    let asked = !users.zones.is_empty();
    let zones = asked.then(|| {
        let command = zones::protocol::Command::RenameTag { from: from.clone(), to: new.clone() };
        to("zones", Order::Zones(Arc::new(command)))
    });
    technicians.chain(jobs).chain(zones).collect()
}
