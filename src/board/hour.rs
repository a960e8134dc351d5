//! The hour of a wish without one: at the end of a route, behind what the same breath gave, or the first that fits. Looks at a
//! snapshot and places nothing.

use actors::board::protocol::Reasons;
use jiff::Timestamp;
use scheduler::day::{DayTechnician, Wanted};
use scheduler::rank::{Search, slot_for};

use crate::board::assign::Wish;
use crate::board::plan::{Snapshot, reasons, words};
use crate::error::Problem;
use crate::house::House;

/// What a dispatcher hears who asked for the end of a route and got another hour.
pub fn not_at_the_end(heard: &mut Reasons) {
    heard.fr.insert(0, "Rien ne convient en fin de tournée; placée à une heure libre.".into());
    heard.en.insert(0, "Nothing fits at the end of the route; placed at a free hour.".into());
}

/// A time for a wish without one: behind what stands on the day it names, behind what the same breath gave the technician, or
/// the earliest that fits. `beside_s` is the end of what the same breath gave, Unix seconds. Where the end of the day that is
/// named does not fit, the first free place of that day; then `true`.
///
/// # Errors
/// 422 with every obstacle, where there is no time.
pub fn found(
    house: &House,
    wish: &Wish,
    snapshot: &Snapshot,
    who: &DayTechnician,
    wanted: &Wanted,
    beside_s: Option<i64>,
) -> Result<(Timestamp, bool), Problem> {
    let mut asked = wanted.clone();
    if wish.overrides.iter().any(|rule| rule == "skill") {
        asked.skills.clear();
    }
    if wish.overrides.iter().any(|rule| rule == "zone") {
        asked.zones.clear();
    }
    let range = actors::board::snapshot::span(&snapshot.range);
    let behind = match wish.append_to {
        Some(_) => who
            .stops_but(&wish.job_id)
            .map(|stop| stop.end_s)
            .filter(|end_s| *end_s < range.end_s)
            .max(),
        None => beside_s,
    };
    let from = |start_s: i64| {
        let range = scheduler::day::Span { start_s, ..range };
        let search = Search { range, now_s: snapshot.now.as_second(), limit: 1 };
        slot_for(&asked, who, search, &house.knowledge)
    };
    let at_the_end = from(range.start_s.max(behind.unwrap_or(range.start_s)));
    let elsewhere = at_the_end.is_err() && wish.append_to.is_some() && behind.is_some();
    let slot = match elsewhere {
        true => from(range.start_s),
        false => at_the_end,
    };
    let slot = slot.map_err(|obstacles| {
        no_slot(house, snapshot, reasons(words(house, snapshot.range.start).obstacles(&obstacles)))
    })?;
    let start = Timestamp::from_second(slot.start_s).map_err(|_| Problem::internal())?;
    Ok((start, elsewhere))
}

fn no_slot(_: &House, snapshot: &Snapshot, why: Reasons) -> Problem {
    let name = snapshot.technicians.first().map_or("", |known| known.technician.name.as_str());
    let fr = format!("Aucun moment ne convient pour {name}. {}", why.fr.join(" "));
    let en = format!("No time fits for {name}. {}", why.en.join(" "));
    crate::refusals::invalid("board.no_slot", &fr, &en).pointer("/technician_id", "no slot")
}
