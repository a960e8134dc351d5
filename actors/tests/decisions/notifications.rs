//! Notifications: who is told what, when, and when nobody is.

use std::sync::Arc;

use actors::board::protocol::VisitStatus;
use actors::conversations::protocol::{Consent, MessageKind};
use actors::engine::component::{Component, Decision};
use actors::engine::refusal::Language;
use actors::event::Event;
use actors::jobs::protocol::JobStatus;
use actors::notifications::protocol::{Command, NotificationEvent, Promise, Telling, Trigger};
use actors::notifications::{JobNotices, TechnicianTold, Told};
use actors::policy::Policy;
use actors::technicians::protocol::{Eta, Person};
use actors::wording::{Facts, Text, Wording};

use crate::world::{at, job, names, technician, visit};

/// The kind and the time that is told: enough to see what would be said.
#[derive(Debug)]
struct Plain;

impl Wording for Plain {
    fn text(&self, kind: MessageKind, _: Language, facts: &Facts) -> Text {
        let time = facts.eta.or(facts.window.map(|window| window.start)).or(facts.start);
        let time = time.map(|at| at.to_string()).unwrap_or_default();
        Text { body: format!("{} {time}", kind.code()), merged: None }
    }
}

fn person(name: &str, phone: &str) -> Person {
    Person { name: name.into(), phone: Some(phone.into()), language: Language::Fr }
}

/// Ana goes to Ruiz at 10:00; nobody was told yet.
fn planned() -> JobNotices {
    let mut room = JobNotices::unknown(Arc::new(Policy::default()), Arc::new(Plain));
    let job = job("job_a");
    room.visit = Some(visit(&job, &technician("Ana", 3), "10:00", VisitStatus::Planned));
    room.job = Some(Box::new(job));
    room.status = JobStatus::Planned;
    room.technician = Some(("tech_ana".into(), person("Ana", "+14505550101")));
    room.customer = Some(("cust_ruiz".into(), person("Ruiz", "+14505550102")));
    room
}

/// A technician was told at `when` to be there at `start`; the text has left.
fn told(technician: &str, start: &str, when: &str) -> TechnicianTold {
    TechnicianTold {
        technician_id: technician.into(),
        visit_id: "visit_job_a".into(),
        start: at(start),
        phone: "+14505550101".into(),
        told_at: at(when),
        kind: MessageKind::JobAssigned,
        waits: false,
        is_written: true,
    }
}

/// The same, with the window 10:00–10:30 told yesterday.
fn promised() -> JobNotices {
    let mut room = planned();
    room.tellings = 2;
    room.technician_told = vec![told("tech_ana", "10:00", "08:00")];
    room.promises.push(Promise {
        number: 1,
        visit_id: "visit_job_a".into(),
        message_id: "msg_a_2".into(),
        kind: MessageKind::VisitPromised,
        start: at("10:00"),
        end: at("10:30"),
        is_eta: false,
        told_at: at("08:00"),
    });
    room
}

fn said(kind: MessageKind, id: &str) -> Told {
    let text = Some((id.into(), "+14505550102".into()));
    Told { kind, visit_id: Some("visit_job_a".into()), text }
}

fn expected(room: &mut JobNotices, time: &str) {
    room.eta = Some(Eta { at: at(time), low: at(time), high: at(time), live: true });
}

fn consider(room: &JobNotices, trigger: Trigger, now: &str) -> Decision {
    room.decide(&Command::Consider { trigger }, at(now)).unwrap()
}

fn to_customer(decision: &Decision) -> Option<(&Telling, Option<&Promise>)> {
    decision.events.iter().find_map(|event| match event {
        Event::Notifications(NotificationEvent::CustomerShouldKnow {
            telling, promise, ..
        }) => Some((telling, promise.as_ref())),
        _ => None,
    })
}

#[test]
fn a_planned_visit_tells_the_technician_and_promises_the_window_to_the_customer() {
    let decision = consider(&planned(), Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["technician_should_know", "customer_should_know"]);
    let (telling, promise) = to_customer(&decision).unwrap();
    let promise = promise.unwrap();
    assert_eq!((promise.number, promise.start, promise.end), (1, at("10:00"), at("10:30")));
    assert_eq!(telling.kind, MessageKind::VisitPromised);
    assert_eq!(telling.due_at, "2026-11-23T09:00:10-05:00".parse().unwrap(), "undo comes first");
}

#[test]
fn what_was_told_is_not_told_again() {
    assert!(consider(&promised(), Trigger::Planned, "09:00").is_nothing());
}

#[test]
fn a_promise_that_will_be_missed_by_ten_minutes_is_told_and_one_by_nine_is_not() {
    let mut room = promised();
    expected(&mut room, "10:39");
    assert!(consider(&room, Trigger::Eta, "09:50").is_nothing());
    expected(&mut room, "10:44");
    let decision = consider(&room, Trigger::Eta, "09:50");
    let (telling, promise) = to_customer(&decision).unwrap();
    assert_eq!(telling.kind, MessageKind::Late);
    let undo = Policy::default().undo;
    assert_eq!(
        telling.due_at,
        at("09:50") + undo,
        "an arrival waits as long as its cause can be undone"
    );
    assert_eq!(telling.expires_at, Some(at("10:05")));
    let promise = promise.unwrap();
    assert_eq!((promise.number, promise.start), (2, at("10:45")), "told in steps of five minutes");
}

#[test]
fn arrivals_are_told_at_most_once_in_thirty_minutes_and_looked_at_again_then() {
    let mut room = promised();
    let late = Promise {
        number: 2,
        kind: MessageKind::Late,
        message_id: "msg_a_3".into(),
        start: at("10:45"),
        end: at("10:45"),
        is_eta: true,
        told_at: at("09:50"),
        ..room.promises[0].clone()
    };
    room.promises.push(late);
    expected(&mut room, "11:10");
    let soon = consider(&room, Trigger::Eta, "10:05");
    assert!(soon.events.is_empty());
    assert_eq!(soon.alarms.len(), 1, "it is looked at again when the half hour is over");
    let decision = consider(&room, Trigger::Eta, "10:20");
    assert_eq!(to_customer(&decision).unwrap().0.kind, MessageKind::EtaChanged);
    expected(&mut room, "10:50");
    assert!(consider(&room, Trigger::Eta, "10:20").is_nothing(), "the new promise holds");
}

#[test]
fn quiet_hours_hold_promises_back_but_not_arrivals() {
    let mut room = planned();
    let evening = consider(&room, Trigger::Planned, "21:30");
    let morning: jiff::Timestamp = "2026-11-24T08:00:00-05:00".parse().unwrap();
    assert_eq!(to_customer(&evening).unwrap().0.due_at, morning);
    room = promised();
    expected(&mut room, "22:00");
    let arrival = consider(&room, Trigger::Eta, "21:30");
    assert_eq!(to_customer(&arrival).unwrap().0.due_at, at("21:30") + room.policy.undo);
}

#[test]
fn nobody_is_told_who_said_stop_or_has_no_number_and_that_is_shown() {
    let mut room = planned();
    room.consent = Consent::Withdrawn;
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["technician_should_know", "cannot_tell"]);
    room = planned();
    room.technician = Some(("tech_ana".into(), Person { phone: None, ..person("Ana", "") }));
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["cannot_tell", "customer_should_know"]);
}

#[test]
fn a_move_within_the_undo_time_replaces_the_unsaid_promise() {
    let mut room = promised();
    room.waiting = vec!["msg_a_2".into()];
    let job = actors::jobs::protocol::Job { arrival_window: None, ..job("job_a") };
    room.visit = Some(visit(&job, &technician("Ana", 3), "13:00", VisitStatus::Planned));
    room.job = Some(Box::new(job));
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(
        names(&decision),
        ["technician_should_know", "telling_recalled", "customer_should_know"]
    );
    let (telling, promise) = to_customer(&decision).unwrap();
    assert_eq!(telling.kind, MessageKind::VisitPromised, "the customer never heard of the first");
    assert_eq!(promise.unwrap().start, at("13:00"));
    room.waiting.clear();
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(to_customer(&decision).unwrap().0.kind, MessageKind::Rescheduled);
}

#[test]
fn a_visit_that_comes_back_to_who_was_told_of_it_is_no_news() {
    let mut room = promised();
    // Back from the pool it is another visit, at the hour that was told.
    room.visit.as_mut().unwrap().id = "visit_another".into();
    assert!(consider(&room, Trigger::Planned, "09:00").is_nothing());
    room.visit.as_mut().unwrap().start = at("10:15");
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["technician_should_know"]);
}

#[test]
fn a_move_that_is_undone_before_its_text_left_tells_nobody() {
    for away in [("tech_bob", "10:00"), ("tech_ana", "10:15")] {
        let mut room = promised();
        let unsaid =
            TechnicianTold { waits: true, is_written: false, ..told(away.0, away.1, "09:00") };
        room.technician_told.push(unsaid);
        let decision = consider(&room, Trigger::Planned, "09:00");
        assert_eq!(names(&decision), ["telling_recalled"], "{away:?}");
        // Once it has left, the way back is news again.
        let decision = consider(&room, Trigger::Planned, "09:01");
        assert!(names(&decision).contains(&"technician_should_know".into()), "{away:?}");
    }
}

#[test]
fn leaving_is_told_once_with_the_arrival_that_is_expected() {
    let mut room = promised();
    room.status = JobStatus::EnRoute;
    room.visit.as_mut().unwrap().status = VisitStatus::EnRoute;
    expected(&mut room, "10:12");
    let decision = consider(&room, Trigger::Status, "09:50");
    let (telling, promise) = to_customer(&decision).unwrap();
    assert_eq!(telling.kind, MessageKind::OnTheWay);
    assert_eq!(promise.unwrap().start, at("10:10"));
    room.told.push(said(MessageKind::OnTheWay, "msg_a_3"));
    assert!(consider(&room, Trigger::Status, "09:51").is_nothing());
}

#[test]
fn a_visit_taken_off_before_anything_was_said_leaves_no_word() {
    let mut room = promised();
    room.waiting = vec!["msg_a_1".into(), "msg_a_2".into()];
    let decision = consider(&room, Trigger::Removed, "08:00");
    assert_eq!(names(&decision), ["telling_recalled", "telling_recalled"]);
    room.waiting.clear();
    assert!(consider(&room, Trigger::Removed, "08:00").is_nothing());
}

#[test]
fn lateness_is_told_although_somebody_else_comes_in_the_same_window() {
    let mut room = promised();
    if let Some(visit) = &mut room.visit {
        visit.id = "visit_another".into();
        visit.technician_id = "tech_bob".into();
    }
    expected(&mut room, "11:10");
    let decision = consider(&room, Trigger::Eta, "09:30");
    let (telling, _) = to_customer(&decision).unwrap();
    assert_eq!(telling.kind, MessageKind::Late);
}

#[test]
fn a_cancelled_visit_is_named_by_the_day_that_was_told_and_not_by_what_never_left() {
    let mut room = promised();
    room.status = JobStatus::Cancelled;
    room.visit = None;
    let rescheduled = Promise {
        number: 2,
        message_id: "msg_a_3".into(),
        kind: MessageKind::Rescheduled,
        start: at("14:00"),
        end: at("14:30"),
        ..room.promises[0].clone()
    };
    room.promises.push(rescheduled);
    room.waiting = vec!["msg_a_3".into()];
    let decision = consider(&room, Trigger::Status, "09:00");
    let (telling, _) = to_customer(&decision).unwrap();
    assert!(names(&decision).iter().any(|name| name == "telling_recalled"), "{decision:?}");
    assert_eq!(telling.body, format!("cancelled {}", at("10:00")));
}

#[test]
fn a_visit_that_is_on_again_in_the_same_window_is_told_to_who_read_that_it_was_off() {
    let mut room = promised();
    room.told = vec![said(MessageKind::VisitPromised, "msg_a_2")];
    room.told.push(said(MessageKind::Cancelled, "msg_a_3"));
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(to_customer(&decision).unwrap().0.kind, MessageKind::VisitPromised);
    // Told anew, it is not told a third time.
    room.told.push(said(MessageKind::VisitPromised, "msg_a_4"));
    assert!(consider(&room, Trigger::Planned, "09:00").is_nothing());
    room.told.pop();
    // Nobody read yet that it was off: that is taken back, and what was promised stands.
    room.waiting = vec!["msg_a_3".into()];
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["telling_recalled"]);
}

#[test]
fn a_second_cancellation_is_told_as_the_first_was_even_where_no_visit_is_left() {
    let mut room = promised();
    (room.status, room.visit) = (JobStatus::Cancelled, None);
    room.told = vec![said(MessageKind::Cancelled, "msg_a_3")];
    assert!(consider(&room, Trigger::Status, "09:00").is_nothing());
    room.told.push(said(MessageKind::VisitPromised, "msg_a_4"));
    let decision = consider(&room, Trigger::Status, "09:00");
    assert_eq!(to_customer(&decision).unwrap().0.kind, MessageKind::Cancelled);
}

#[test]
fn a_text_is_taken_back_where_it_waits_even_if_the_customer_has_another_number_since() {
    let mut room = promised();
    room.told = vec![said(MessageKind::VisitPromised, "msg_a_2")];
    room.waiting = vec!["msg_a_2".into()];
    room.technician_told.clear();
    room.customer = Some(("cust_ruiz".into(), person("Ruiz", "+14505550177")));
    let decision = consider(&room, Trigger::Removed, "08:00");
    let [Event::Notifications(NotificationEvent::TellingRecalled { phone, .. })] =
        &decision.events[..]
    else {
        panic!("one text is taken back: {:?}", names(&decision));
    };
    assert_eq!(&**phone, "+14505550102");
}

#[test]
fn a_second_look_tells_who_comes_instead_of_one_who_has_read() {
    for read in [told("tech_bob", "09:00", "08:00"), by_digest("tech_bob", "09:00")] {
        let mut room = planned();
        room.technician_told = vec![read];
        let decision = consider(&room, Trigger::Recalled, "09:00");
        assert_eq!(names(&decision), ["technician_should_know", "customer_should_know"]);
    }
    // What still waits for another one is of a decision of its own.
    let mut room = planned();
    room.technician_told =
        vec![TechnicianTold { waits: true, ..told("tech_bob", "09:00", "08:00") }];
    assert!(consider(&room, Trigger::Recalled, "09:00").is_nothing());
}

#[test]
fn a_second_look_at_what_was_just_published_leaves_the_technician_to_the_digest() {
    let mut room = planned();
    room.is_published = true;
    let decision = consider(&room, Trigger::Recalled, "09:00");
    assert_eq!(names(&decision), ["customer_should_know"]);
    // A plan that is not a publish is told as ever.
    let decision = consider(&room, Trigger::Planned, "09:00");
    assert_eq!(names(&decision), ["technician_should_know", "customer_should_know"]);
}

/// The same by the one text of a publish, which waits.
fn by_digest(technician: &str, start: &str) -> TechnicianTold {
    let kind = MessageKind::SchedulePublished;
    TechnicianTold { kind, waits: true, ..told(technician, start, "08:00") }
}
