//! Customers: people and their places. One actor per customer. It decides little: what is known is known once,
//! and a place belongs to one customer. Consents live with the number they were given for, in conversations.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::customers::protocol::{Command, Customer, CustomerEvent, CustomerRefusal, Location};
use crate::engine::component::{Component, Decision};
use crate::engine::journal::Expect;
use crate::event::{Event, Room};
use crate::ids::LocationId;

pub mod protocol;

/// What a customer's actor knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CustomerRoom {
    /// The customer, once there is one.
    pub customer: Option<Box<Customer>>,
    /// Their places.
    pub locations: BTreeMap<LocationId, Location>,
}

impl Component for CustomerRoom {
    type Command = Command;
    type Refusal = CustomerRefusal;

    const ROOM: Room = Room::Customers;

    fn decide(&self, command: &Command, _: Timestamp) -> Result<Decision, CustomerRefusal> {
        match (command, &self.customer) {
            (Command::Register(after), None) => {
                Ok(Decision::event(CustomerEvent::CustomerRegistered { after: after.clone() }))
            }
            (Command::Register(_), Some(_)) => Err(CustomerRefusal::KnownAlready),
            (_, None) => Err(CustomerRefusal::Unknown),
            (Command::Unregister, Some(_)) if !self.locations.is_empty() => {
                Err(CustomerRefusal::HasLocations)
            }
            (Command::Unregister, Some(customer)) => {
                let customer = customer.clone();
                Ok(Decision::event(CustomerEvent::CustomerUnregistered { customer }))
            }
            (Command::RemoveLocation(id), Some(_)) => {
                let known = self.locations.get(id).ok_or(CustomerRefusal::NoSuchLocation)?;
                let location = Box::new(known.clone());
                Ok(Decision::event(CustomerEvent::LocationRemoved { location }))
            }
            (Command::Change { after, version }, Some(before)) => {
                if before == after {
                    return Ok(Decision::nothing());
                }
                let (before, after) = (before.clone(), after.clone());
                let entity = after.id.key();
                let event = CustomerEvent::CustomerChanged { before, after };
                Ok(expecting(Decision::event(event), entity, *version))
            }
            (Command::AddLocation(after), Some(_)) => {
                Ok(Decision::event(CustomerEvent::LocationAdded { after: after.clone() }))
            }
            (Command::ChangeLocation { after, version }, Some(_)) => {
                let before =
                    self.locations.get(&after.id).ok_or(CustomerRefusal::NoSuchLocation)?;
                if *before == **after {
                    return Ok(Decision::nothing());
                }
                let event = CustomerEvent::LocationChanged {
                    before: Box::new(before.clone()),
                    after: after.clone(),
                };
                Ok(expecting(Decision::event(event), after.id.key(), *version))
            }
        }
    }

    fn apply(&mut self, event: &Event, _: i64, _: Timestamp) {
        let Event::Customers(event) = event else { return };
        match event {
            CustomerEvent::CustomerRegistered { after }
            | CustomerEvent::CustomerChanged { after, .. } => self.customer = Some(after.clone()),
            CustomerEvent::CustomerUnregistered { .. } => self.customer = None,
            CustomerEvent::LocationRemoved { location } => {
                self.locations.remove(&location.id);
            }
            CustomerEvent::LocationAdded { after }
            | CustomerEvent::LocationChanged { after, .. } => {
                self.locations.insert(after.id.clone(), (**after).clone());
            }
        }
    }
}

fn expecting(decision: Decision, entity: std::sync::Arc<str>, version: Option<i64>) -> Decision {
    match version {
        Some(version) => decision.expecting(Expect { entity, version }),
        None => decision,
    }
}
