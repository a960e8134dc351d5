//! Zones, service levels and clocks, turned round: what their rooms are asked so that they are as before.

use actors::sla::protocol::SlaEvent;
use actors::zones::protocol::ZoneEvent;
use actors::{sla, zones};

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
        SlaEvent::SlaPolicyKept { before: None, after } => {
            Command::DeletePolicy { id: after.id.clone() }
        }
        SlaEvent::SlaPolicyKept { before: Some(policy), .. }
        | SlaEvent::SlaPolicyDeleted { policy } => {
            Command::KeepPolicy { policy: policy.clone(), version: None }
        }
        SlaEvent::SlaChanged { before, .. } => Command::Restore { clock: before.clone() },
        SlaEvent::SlaStarted { .. } => return None,
    })
}
