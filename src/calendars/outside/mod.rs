//! Calendars that other people keep, followed for a technician: whatever they say is taken blocks that time. Read by a worker, told to the
//! technician's room; decides nothing.

pub mod http;
pub mod store;
pub mod worker;

use actors::board::protocol::Reasons;
use actors::technicians::protocol::{Span, Technician};

use crate::house::House;
use crate::texts::{Language, times};

/// Why somebody was chosen, and where nobody knows whether that time is free by some calendar of theirs.
pub fn told(house: &House, who: &Technician, span: &Span, mut why: Reasons) -> Reasons {
    unknown(house, who, span, &mut why);
    why
}

/// Says where nobody knows whether the time is free by some calendar.
pub fn unknown(house: &House, who: &Technician, span: &Span, heard: &mut Reasons) {
    let Some(calendar) = who.unknown_in(span) else { return };
    let name = &calendar.name;
    let day = |language| {
        let zone = &house.policy.zone;
        calendar.known_until.map(|until| times::day(until, zone, language))
    };
    heard.fr.push(match day(Language::Fr) {
        Some(day) => {
            format!("L'agenda « {name} » n'est connu que jusqu'à {day} : il peut être occupé.")
        }
        None => format!("L'agenda « {name} » n'a pas encore été lu : il peut être occupé."),
    });
    heard.en.push(match day(Language::En) {
        Some(day) => format!("The calendar “{name}” is known until {day} only: they may be busy."),
        None => format!("The calendar “{name}” has not been read yet: they may be busy."),
    });
}
