//! What the screens are told of the clocks of service levels: that one changed, and how. Minutes left they ask for.

use actors::sla::protocol::{ClockState, SlaEvent, Why};
use serde_json::json;

use super::Told;

pub(super) fn told(event: &SlaEvent) -> Told {
    let (kind, clock) = match event {
        SlaEvent::SlaPolicyKept { after: policy, .. } | SlaEvent::SlaPolicyDeleted { policy } => {
            let data = json!({ "policy_id": policy.id });
            return Told { kind: "sla.policy", topics: vec!["dispatch".into()], data };
        }
        SlaEvent::SlaStarted { clock } => ("job.sla_started", clock),
        SlaEvent::SlaStopped { clock } => ("job.sla_stopped", clock),
        SlaEvent::SlaChanged { after, why, .. } => {
            let kind = match why {
                Why::Paused => "job.sla_paused",
                Why::Resumed => "job.sla_resumed",
                Why::AtRisk => "job.sla_at_risk",
                Why::Missed => "job.sla_missed",
                Why::Followed if after.state() == ClockState::Met => "job.sla_met",
                Why::Followed | Why::Restored => "job.sla_changed",
            };
            (kind, after)
        }
    };
    let data = json!({
        "job_id": clock.job_id, "policy_id": clock.policy.id,
        "due_at": clock.due_at(), "state": clock.state(),
    });
    let topics = vec!["dispatch".into(), format!("job:{}", clock.job_id).into()];
    Told { kind, topics, data }
}
