//! A small world for decisions: Ana, who knows fibre, the Ruiz family, and a job of theirs on a Monday.

use actors::board::protocol::{Placement, Reasons, Visit, VisitStatus};
use actors::engine::component::{Component, Decision};
use actors::engine::refusal::Language;
use actors::event::Event;
use actors::ids::VisitId;
use actors::jobs::protocol::{Job, Priority, SkillNeed};
use actors::technicians::protocol::{Home, SkillLevel, Span, Technician};
use jiff::Timestamp;

/// A time on Monday 2026-11-23 in Toronto: `"09:50"`.
pub fn at(time: &str) -> Timestamp {
    format!("2026-11-23T{time}:00-05:00").parse().unwrap()
}

pub fn span(start: &str, end: &str) -> Span {
    Span { start: at(start), end: at(end) }
}

pub fn job(id: &str) -> Job {
    Job {
        id: id.into(),
        external_id: None,
        customer_id: "cust_ruiz".into(),
        location_id: "loc_1".into(),
        title: "Pas d'Internet".to_owned(),
        kind: Some("repair".to_owned()),
        duration_min: 60,
        crew_size: 1,
        priority: Priority::Normal,
        skills: vec![SkillNeed { tag: "Fibre".to_owned(), level: 2, required: true }],
        arrival_window: Some(span("10:00", "10:30")),
        recurrence: None,
        series: None,
        depends_on: Vec::new(),
        lag_min: 0,
        notes: None,
        customer_name: "Ruiz".to_owned(),
        customer_phone: Some("+14505550102".to_owned()),
        customer_language: Language::Fr,
        address: "12, rang Sainte-Anne".to_owned(),
        lat: 45.08,
        lon: -73.61,
    }
}

pub fn technician(name: &str, level: u8) -> Technician {
    Technician {
        id: format!("tech_{}", name.to_lowercase()).as_str().into(),
        external_id: None,
        name: name.to_owned(),
        phone: "+14505550101".to_owned(),
        email: None,
        language: Language::Fr,
        home: Home { lat: 45.05, lon: -73.58, address: None },
        skills: vec![SkillLevel { tag: "fibre".to_owned(), level, expires_on: None }],
        weekly_schedule: Default::default(),
        extra_shifts: Vec::new(),
        absences: Vec::new(),
        calendars: Vec::new(),
        gps_device_id: None,
    }
}

/// `job` for `who` at that time, as a dispatcher who saw version 7 of the job and 5 of the technician asks for it.
pub fn placement(job: Job, who: Technician, start: &str) -> Placement {
    Placement {
        crew: Default::default(),
        hold_id: None,
        breaks: None,
        over: Vec::new(),
        visit_id: VisitId::from_text(&format!("visit_{}", job.id)),
        job,
        job_version: 7,
        technician: who,
        technician_version: 5,
        shifts: vec![span("08:00", "16:00")],
        start: at(start),
        travel_min: 12,
        pinned: true,
        overrides: Vec::new(),
        reasons: Reasons::default(),
    }
}

pub fn visit(job: &Job, who: &Technician, start: &str, status: VisitStatus) -> Visit {
    let start = at(start);
    Visit {
        id: VisitId::from_text(&format!("visit_{}", job.id)),
        job_id: job.id.clone(),
        technician_id: who.id.clone(),
        assistants: Vec::new(),
        materials: Vec::new(),
        start,
        end: start + jiff::SignedDuration::from_mins(job.duration_min),
        status,
        pinned: true,
        travel_min: 12,
        overrides: Vec::new(),
        lat: job.lat,
        lon: job.lon,
        kind: job.kind.clone(),
        en_route_at: None,
        on_site_at: None,
        finished_at: None,
    }
}

/// Asks at 09:00, applies what was decided, and gives it back.
pub fn ask<C: Component>(room: &mut C, command: &C::Command) -> Result<Decision, C::Refusal> {
    ask_at(room, command, at("09:00"))
}

/// Asks at that moment, applies what was decided, and gives it back.
pub fn ask_at<C: Component>(
    room: &mut C,
    command: &C::Command,
    now: Timestamp,
) -> Result<Decision, C::Refusal> {
    let decision = room.decide(command, now)?;
    for event in &decision.events {
        room.apply(event, 8, now);
    }
    Ok(decision)
}

/// The names of what was decided, in order: `visit_planned`.
pub fn names(decision: &Decision) -> Vec<String> {
    let name = |event: &Event| {
        let value = serde_json::to_value(event).unwrap();
        value["what"].as_str().unwrap().to_owned()
    };
    decision.events.iter().map(name).collect()
}
