//! What the screens are told of an event: its public type, its topics and its data. Also the few things that must
//! follow the journal in memory: the key ring, the trackers' index, the newest ETAs. Never blocks, decides nothing.

use std::sync::Arc;

use actors::board::protocol::{BoardEvent, Visit};
use actors::conversations::protocol::{ConversationEvent, Direction, Message, MessageState};
use actors::customers::protocol::CustomerEvent;
use actors::engine::journal::Recorded;
use actors::engine::relay::Tell;
use actors::event::Event;
use actors::ids::VisitId;
use actors::jobs::protocol::{Job, JobEvent, JobStatus};
use actors::technicians::protocol::{Eta, TechnicianEvent};
use actors::workers::courier::Courier;
use actors::workers::hub::{Frame, Hub};
use actors::workers::planner::Planner;
use dashmap::DashMap;
use parking_lot::RwLock;
use serde_json::{Value, json};

mod clocks;
mod drafts;
mod history;
mod kept;
mod notices;
mod offers;
mod work;

pub use history::JournalHistory;

use crate::auth::keys::Keys;
use crate::conversations::outbox::OutboxItem;
use crate::jobs::wire::{EtaShape, JobShape};
use crate::technicians::trackers::Trackers;
use crate::technicians::wire::TechnicianShape;

/// Tells.
#[derive(Clone)]
pub struct Teller {
    /// Who watches.
    pub hub: Hub,
    /// What opens the door.
    pub keys: Keys,
    /// Who bears which tracker.
    pub trackers: Trackers,
    /// The newest ETA of each visit ahead.
    pub etas: Arc<DashMap<VisitId, Eta>>,
    /// Called when something may be due.
    pub courier: Arc<RwLock<Option<Courier>>>,
    /// Called when a day should be planned again.
    pub planner: Planner,
    /// Learns from what was done.
    pub knowledge: crate::house::Knowledge,
    /// True in the sandbox, where a waiting text is shown as what it will be.
    pub sandbox: bool,
}

impl Tell for Teller {
    fn tell(&self, entry: &Arc<Recorded>) {
        match &entry.event {
            Event::Auth(event) => self.keys.learn(event),
            Event::Technicians(event) => self.follow_technicians(event),
            Event::Board(event) => {
                self.forget_etas(event);
                self.trackers.follow_visits(event);
                self.knowledge.learn(event);
            }
            Event::Conversations(_) => {
                if let Some(courier) = &*self.courier.read() {
                    courier.call();
                }
            }
            _ => {}
        }
        self.planner.hear(entry);
        if let Some(frame) = self.frame(entry)
            && self.hub.publish(frame).is_err()
        {
            // Not met: a durable frame is always taken, and who cannot follow is sent back for what it missed.
            tracing::error!(seq = entry.seq, "a durable event was not told");
        }
    }
}

/// An event as it is told.
struct Told {
    kind: &'static str,
    topics: Vec<Arc<str>>,
    data: Value,
}

impl Teller {
    fn follow_technicians(&self, event: &TechnicianEvent) {
        match event {
            TechnicianEvent::TechnicianHired { after }
            | TechnicianEvent::TechnicianChanged { after, .. }
            | TechnicianEvent::AbsenceReported { technician: after, .. }
            | TechnicianEvent::AbsenceChanged { technician: after, .. }
            | TechnicianEvent::AbsenceEnded { technician: after, .. }
            | TechnicianEvent::CalendarAdded { technician: after, .. }
            | TechnicianEvent::CalendarRemoved { technician: after, .. }
            | TechnicianEvent::CalendarRead { technician: after, .. } => {
                self.trackers.follow(after)
            }
            TechnicianEvent::TechnicianUnhired { technician } => {
                self.trackers.forget_technician(technician);
            }
            TechnicianEvent::RouteEtasChanged { visits, .. } => {
                for change in visits {
                    self.etas.insert(change.visit_id.clone(), change.to);
                }
            }
            TechnicianEvent::TechnicianArrived { .. } => {}
        }
    }

    fn forget_etas(&self, event: &BoardEvent) {
        match event {
            BoardEvent::VisitRemoved { before, .. } => {
                self.etas.remove(&before.id);
            }
            BoardEvent::VisitMoved { before, after, .. }
                if before.start != after.start || before.technician_id != after.technician_id =>
            {
                self.etas.remove(&after.id);
            }
            BoardEvent::VisitStatusChanged { after, .. } if !after.status.is_open() => {
                self.etas.remove(&after.id);
            }
            _ => {}
        }
    }

    /// The event as a frame; none for what is nobody's business outside.
    pub fn frame(&self, entry: &Recorded) -> Option<Frame> {
        let told = match &entry.event {
            Event::Board(event) => self.board(event, entry.seq)?,
            Event::Technicians(event) => technicians(event, entry.seq)?,
            Event::Jobs(event) => jobs(event, entry.seq),
            Event::Customers(event) => customers(event, entry.seq),
            Event::Conversations(event) => self.conversations(event),
            Event::Notifications(event) => notices::told(event)?,
            Event::Tags(event) => kept::tags(event, entry.seq),
            Event::Materials(event) => kept::materials(event, entry.seq),
            Event::Presets(event) => kept::presets(event, entry.seq),
            Event::Zones(event) => kept::zones(event, entry.seq),
            Event::Sla(event) => clocks::told(event),
            Event::Series(event) => work::series(event)?,
            Event::Templates(event) => work::templates(event),
            Event::Auth(_) => return None,
        };
        Frame::durable(entry.seq, entry.at, told.kind, told.topics, &told.data)
            .map_err(|error| tracing::error!(%error, seq = entry.seq, "an event cannot be told"))
            .ok()
    }

    fn job(&self, job: &Job, visit: Option<&Visit>, seq: i64) -> JobShape {
        let status = visit.map_or(JobStatus::Unassigned, |visit| visit.status.into());
        let eta = visit.and_then(|visit| self.etas.get(&visit.id).map(|eta| *eta));
        JobShape::new(job, status, visit, eta, seq)
    }

    fn board(&self, event: &BoardEvent, seq: i64) -> Option<Told> {
        Some(match event {
            BoardEvent::VisitPlanned { job, visit, reasons, .. } => Told {
                kind: "job.assigned",
                topics: about(job, &[visit]),
                data: json!({ "job": self.job(job, Some(visit), seq), "reasons": reasons }),
            },
            BoardEvent::VisitMoved { job, before, after, reasons, .. } => Told {
                kind: "job.moved",
                topics: about(job, &[after, before]),
                data: json!({
                    "job": self.job(job, Some(after), seq),
                    "from": { "technician_id": before.technician_id, "start": before.start, "end": before.end },
                    "reasons": reasons,
                }),
            },
            BoardEvent::VisitRemoved { job, before, reason } => Told {
                kind: "job.unassigned",
                topics: about(job, &[before]),
                data: json!({
                    "job": self.job(job, None, seq),
                    "from": { "technician_id": before.technician_id, "start": before.start, "end": before.end },
                    "reason": reason,
                }),
            },
            BoardEvent::VisitStatusChanged { job, before, after, note } => Told {
                kind: "job.status",
                topics: about(job, &[after]),
                data: json!({
                    "job": self.job(job, Some(after), seq),
                    "from": before.status.code(),
                    "note": note,
                }),
            },
            BoardEvent::VisitDrafted { .. }
            | BoardEvent::DraftEntryGone { .. }
            | BoardEvent::PromiseBroken { .. }
            | BoardEvent::DraftPublished { .. }
            | BoardEvent::PublishTakenBack { .. } => return drafts::told(event),
            BoardEvent::Bundled { .. } | BoardEvent::Unbundled { .. } => kept::bundles(event, seq)?,
            BoardEvent::SlotHeld { hold } => Told {
                kind: "slot.held",
                topics: vec!["dispatch".into()],
                data: json!({ "hold": hold }),
            },
            BoardEvent::HoldGone { hold_id, technician_id, how, .. } => Told {
                kind: "hold.gone",
                topics: vec!["dispatch".into()],
                data: json!({ "hold_id": hold_id, "technician_id": technician_id, "how": how }),
            },
            BoardEvent::OfferMade { .. } | BoardEvent::OfferChanged { .. } => offers::told(event)?,
            BoardEvent::PlanProposed { proposal } => Told {
                kind: "plan.proposed",
                topics: vec!["dispatch".into()],
                data: json!({ "proposal": proposal }),
            },
            BoardEvent::ProposalGone { plan_id, date, how, .. } => Told {
                kind: "plan.gone",
                topics: vec!["dispatch".into()],
                data: json!({ "proposal_id": plan_id, "date": date, "how": how }),
            },
        })
    }

    fn conversations(&self, event: &ConversationEvent) -> Told {
        match event {
            ConversationEvent::ThreadChanged { after, .. } => Told {
                kind: "conversation.changed",
                topics: vec!["conversations".into(), format!("conversation:{}", after.id).into()],
                data: json!({ "conversation": after }),
            },
            ConversationEvent::MessageQueued { message }
            | ConversationEvent::MessageRewritten { after: message, .. } => {
                self.message("message.queued", message)
            }
            ConversationEvent::MessageChanged { after, .. } => {
                let kind = match after.state {
                    MessageState::Drafted => "message.drafted",
                    MessageState::Queued => "message.queued",
                    MessageState::Sent | MessageState::Sandboxed => "message.sent",
                    MessageState::Delivered | MessageState::Read => "message.delivered",
                    MessageState::Failed => "message.failed",
                    MessageState::Recalled => "message.recalled",
                    MessageState::Received => "message.received",
                };
                self.message(kind, after)
            }
            ConversationEvent::MessageReceived { message } => {
                self.message("message.received", message)
            }
        }
    }

    fn message(&self, kind: &'static str, message: &Message) -> Told {
        let mut topics: Vec<Arc<str>> = vec![
            "conversations".into(),
            format!("conversation:{}", message.conversation_id).into(),
        ];
        if message.direction == Direction::Incoming {
            topics.push("sms-incoming".into());
        }
        if message.job_id.is_some() {
            topics.push("dispatch".into());
        }
        Told { kind, topics, data: json!({ "message": OutboxItem::new(message, self.sandbox) }) }
    }
}

fn about(job: &Job, visits: &[&Visit]) -> Vec<Arc<str>> {
    let mut topics: Vec<Arc<str>> = vec![
        "dispatch".into(),
        format!("customer:{}", job.customer_id).into(),
        format!("job:{}", job.id).into(),
    ];
    for visit in visits {
        for id in visit.people() {
            let topic: Arc<str> = format!("tech:{id}").into();
            if !topics.contains(&topic) {
                topics.push(topic);
            }
        }
    }
    topics
}

fn technicians(event: &TechnicianEvent, seq: i64) -> Option<Told> {
    let (kind, technician) = match event {
        TechnicianEvent::TechnicianHired { after } => ("technician.created", after),
        TechnicianEvent::TechnicianUnhired { technician } => ("technician.removed", technician),
        TechnicianEvent::TechnicianChanged { after, .. } => ("technician.updated", after),
        TechnicianEvent::AbsenceReported { technician, .. }
        | TechnicianEvent::AbsenceChanged { technician, .. } => ("technician.absent", technician),
        TechnicianEvent::AbsenceEnded { technician, .. }
        | TechnicianEvent::CalendarAdded { technician, .. }
        | TechnicianEvent::CalendarRemoved { technician, .. }
        | TechnicianEvent::CalendarRead { technician, .. } => ("technician.updated", technician),
        TechnicianEvent::RouteEtasChanged { technician_id, visits } => {
            let mut topics: Vec<Arc<str>> =
                vec!["dispatch".into(), format!("tech:{technician_id}").into()];
            topics.extend(visits.iter().map(|change| format!("job:{}", change.job_id).into()));
            let etas: Vec<Value> = visits
                .iter()
                .map(|change| {
                    json!({
                        "visit_id": change.visit_id,
                        "job_id": change.job_id,
                        "eta": EtaShape::from(change.to),
                    })
                })
                .collect();
            let data = json!({ "technician_id": technician_id, "etas": etas });
            return Some(Told { kind: "route.etas", topics, data });
        }
        TechnicianEvent::TechnicianArrived { technician_id, visit_id, job_id, at } => {
            return Some(Told {
                kind: "technician.arrived",
                topics: vec!["dispatch".into(), format!("tech:{technician_id}").into()],
                data: json!({
                    "technician_id": technician_id, "visit_id": visit_id, "job_id": job_id, "at": at,
                }),
            });
        }
    };
    Some(Told {
        kind,
        topics: vec!["dispatch".into(), format!("tech:{}", technician.id).into()],
        data: json!({ "technician": TechnicianShape::brief(technician, seq) }),
    })
}

fn jobs(event: &JobEvent, seq: i64) -> Told {
    let (kind, job, status) = match event {
        JobEvent::JobCreated { after } => ("job.created", after, JobStatus::Unassigned),
        JobEvent::JobChanged { after, status, .. } => ("job.updated", after, *status),
        JobEvent::JobCancelled { job, .. } => ("job.cancelled", job, JobStatus::Cancelled),
        JobEvent::JobReopened { job, .. } => ("job.updated", job, JobStatus::Unassigned),
        JobEvent::JobRestored { job, status, .. } => ("job.updated", job, *status),
    };
    let shape = JobShape::new(job, status, None, None, seq);
    let mut data = json!({ "job": shape });
    // This room knows of no visit: saying nothing of it is not the same as saying there is none.
    if status != JobStatus::Unassigned
        && let Some(job) = data.get_mut("job").and_then(Value::as_object_mut)
    {
        job.remove("visit");
    }
    Told { kind, topics: about(job, &[]), data }
}

fn customers(event: &CustomerEvent, seq: i64) -> Told {
    let mut told = match event {
        CustomerEvent::CustomerRegistered { after } => Told {
            kind: "customer.created",
            topics: vec![format!("customer:{}", after.id).into()],
            data: json!({ "customer": after }),
        },
        CustomerEvent::CustomerUnregistered { customer } => Told {
            kind: "customer.removed",
            topics: vec![format!("customer:{}", customer.id).into()],
            data: json!({ "customer": customer }),
        },
        CustomerEvent::LocationRemoved { location } => Told {
            kind: "location.removed",
            topics: vec![format!("customer:{}", location.customer_id).into()],
            data: json!({ "location": location }),
        },
        CustomerEvent::CustomerChanged { after, .. } => Told {
            kind: "customer.updated",
            topics: vec![format!("customer:{}", after.id).into()],
            data: json!({ "customer": after }),
        },
        CustomerEvent::LocationAdded { after } => Told {
            kind: "location.created",
            topics: vec![format!("customer:{}", after.customer_id).into()],
            data: json!({ "location": after }),
        },
        CustomerEvent::LocationChanged { after, .. } => Told {
            kind: "location.updated",
            topics: vec![format!("customer:{}", after.customer_id).into()],
            data: json!({ "location": after }),
        },
    };
    if let Some(thing) = told.data.as_object_mut().and_then(|data| data.values_mut().next())
        && let Some(thing) = thing.as_object_mut()
    {
        thing.insert("version".to_owned(), seq.into());
    }
    told
}
