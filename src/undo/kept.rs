//! Zones, materials, service levels and clocks, turned round: what their rooms are asked so that they are as before.

use actors::materials::MaterialEvent;
use actors::sla::protocol::SlaEvent;
use actors::zones::protocol::ZoneEvent;
use actors::{materials, sla, zones};

use crate::error::Problem;
use crate::journal::database::Moment;

pub(super) fn zone(event: &ZoneEvent) -> zones::protocol::Command {
    use zones::protocol::Command;
    match event {
        ZoneEvent::ZoneCreated { zone } => Command::Delete { id: zone.id.clone() },
        ZoneEvent::ZoneDeleted { zone } => Command::Create(zone.clone()),
        ZoneEvent::ZoneChanged { before, .. } => {
            Command::Change { after: before.clone(), version: None }
        }
    }
}

pub(super) fn clock(event: &SlaEvent) -> Option<sla::protocol::Command> {
    use sla::protocol::Command;
    Some(match event {
        SlaEvent::SlaPolicyKept { before: None, after } => Command::Unkeep { id: after.id.clone() },
        SlaEvent::SlaPolicyKept { before: Some(policy), .. }
        | SlaEvent::SlaPolicyDeleted { policy } => {
            Command::KeepPolicy { policy: policy.clone(), version: None }
        }
        SlaEvent::SlaChanged { before, .. } => Command::Restore { clock: before.clone() },
        SlaEvent::SlaStarted { .. } | SlaEvent::SlaStopped { .. } => return None,
    })
}

/// What the materials are asked.
pub(super) async fn material(
    now: &mut Moment,
    event: &MaterialEvent,
) -> Result<materials::Command, Problem> {
    Ok(match event {
        MaterialEvent::MaterialCreated { material } => {
            let id = material.id.clone();
            let visits = crate::materials::store::visits(now, id.as_str()).await?;
            materials::Command::Delete { id, visits }
        }
        MaterialEvent::MaterialDeleted { material } => materials::Command::Create(material.clone()),
        MaterialEvent::MaterialChanged { before, .. } => {
            materials::Command::Change { after: before.clone(), version: None }
        }
    })
}
