//! Names from outside that one thing of a kind bears alone: ids of other systems, trackers. What an event takes and
//! what it gives back; whether a name is free is judged where events are committed.

use crate::customers::protocol::CustomerEvent;
use crate::event::Event;
use crate::jobs::protocol::JobEvent;
use crate::technicians::protocol::TechnicianEvent;

/// What kind of name it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum NameKind {
    /// A technician's id in the system they came from.
    Technician,
    /// A technician's tracker.
    Tracker,
    /// A customer's id in the system they came from.
    Customer,
    /// A place's.
    Location,
    /// A job's.
    Job,
}

impl NameKind {
    /// The field that holds it.
    pub fn field(self) -> &'static str {
        if self == Self::Tracker { "gps_device_id" } else { "external_id" }
    }
}

/// A change of who bears a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Naming<'a> {
    /// What kind.
    pub kind: NameKind,
    /// The id of the thing.
    pub owner: &'a str,
    /// The name it gives back.
    pub before: Option<&'a str>,
    /// The name it takes.
    pub after: Option<&'a str>,
}

fn of<'a>(
    kind: NameKind,
    owner: &'a str,
    before: Option<&'a Option<String>>,
    after: &'a Option<String>,
) -> Naming<'a> {
    Naming { kind, owner, before: before.and_then(|name| name.as_deref()), after: after.as_deref() }
}

fn gone<'a>(kind: NameKind, owner: &'a str, name: &'a Option<String>) -> Naming<'a> {
    Naming { kind, owner, before: name.as_deref(), after: None }
}

/// The names that change hands by an event; none where they stay.
pub fn namings(event: &Event) -> Vec<Naming<'_>> {
    let mut namings = match event {
        Event::Technicians(TechnicianEvent::TechnicianHired { after }) => vec![
            of(NameKind::Technician, after.id.as_str(), None, &after.external_id),
            of(NameKind::Tracker, after.id.as_str(), None, &after.gps_device_id),
        ],
        Event::Technicians(TechnicianEvent::TechnicianUnhired { technician }) => vec![
            gone(NameKind::Technician, technician.id.as_str(), &technician.external_id),
            gone(NameKind::Tracker, technician.id.as_str(), &technician.gps_device_id),
        ],
        Event::Technicians(TechnicianEvent::TechnicianChanged { before, after }) => vec![
            of(
                NameKind::Technician,
                after.id.as_str(),
                Some(&before.external_id),
                &after.external_id,
            ),
            of(
                NameKind::Tracker,
                after.id.as_str(),
                Some(&before.gps_device_id),
                &after.gps_device_id,
            ),
        ],
        Event::Customers(event) => vec![match event {
            CustomerEvent::CustomerUnregistered { customer } => {
                gone(NameKind::Customer, customer.id.as_str(), &customer.external_id)
            }
            CustomerEvent::LocationRemoved { location } => {
                gone(NameKind::Location, location.id.as_str(), &location.external_id)
            }
            CustomerEvent::CustomerRegistered { after } => {
                of(NameKind::Customer, after.id.as_str(), None, &after.external_id)
            }
            CustomerEvent::CustomerChanged { before, after } => {
                let before = Some(&before.external_id);
                of(NameKind::Customer, after.id.as_str(), before, &after.external_id)
            }
            CustomerEvent::LocationAdded { after } => {
                of(NameKind::Location, after.id.as_str(), None, &after.external_id)
            }
            CustomerEvent::LocationChanged { before, after } => {
                let before = Some(&before.external_id);
                of(NameKind::Location, after.id.as_str(), before, &after.external_id)
            }
        }],
        Event::Jobs(JobEvent::JobCreated { after }) => {
            vec![of(NameKind::Job, after.id.as_str(), None, &after.external_id)]
        }
        Event::Jobs(JobEvent::JobChanged { before, after, .. }) => {
            let before = Some(&before.external_id);
            vec![of(NameKind::Job, after.id.as_str(), before, &after.external_id)]
        }
        _ => Vec::new(),
    };
    namings.retain(|naming| naming.before != naming.after);
    namings
}
