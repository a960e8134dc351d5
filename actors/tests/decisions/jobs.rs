//! Jobs: what may be changed, called off and opened again.

use actors::board::protocol::{BoardEvent, VisitStatus};
use actors::engine::component::Component;
use actors::engine::journal::Expect;
use actors::event::Event;
use actors::jobs::JobRoom;
use actors::jobs::protocol::{Command, JobRefusal, JobStatus};

use crate::world::{ask, at, job, names, technician, visit};

fn known() -> JobRoom {
    let mut room = JobRoom::default();
    ask(&mut room, &Command::Create(Box::new(job("job_a")))).unwrap();
    room
}

fn follows_its_visit(room: &mut JobRoom, status: VisitStatus) {
    let visit = visit(&job("job_a"), &technician("Ana", 3), "10:00", status);
    let event = BoardEvent::VisitStatusChanged {
        job: Box::new(job("job_a")),
        before: visit.clone(),
        after: visit,
        note: None,
    };
    room.apply(&Event::Board(event), 9, at("10:00"));
}

#[test]
fn a_job_is_created_once_and_only_a_known_one_can_be_asked_anything() {
    let mut room = known();
    let again = ask(&mut room, &Command::Create(Box::new(job("job_a"))));
    assert_eq!(again.unwrap_err(), JobRefusal::KnownAlready);
    let unknown = ask(&mut JobRoom::default(), &Command::Reopen);
    assert_eq!(unknown.unwrap_err(), JobRefusal::Unknown);
}

#[test]
fn a_change_asks_for_the_version_the_editor_saw_and_no_change_is_nothing() {
    let mut room = known();
    let same = Command::Change { after: Box::new(job("job_a")), version: Some(3) };
    assert!(ask(&mut room, &same).unwrap().is_nothing());
    let after = actors::jobs::protocol::Job { duration_min: 90, ..job("job_a") };
    let decision = ask(&mut room, &Command::Change { after: Box::new(after), version: Some(3) });
    let decision = decision.unwrap();
    assert_eq!(names(&decision), ["job_changed"]);
    assert_eq!(decision.expects, [Expect { entity: "job_a".into(), version: 3 }]);
}

#[test]
fn a_job_with_a_visit_is_called_off_on_the_board_and_one_without_here() {
    let mut room = known();
    follows_its_visit(&mut room, VisitStatus::EnRoute);
    let cancel = Command::Cancel { note: None };
    assert_eq!(ask(&mut room, &cancel).unwrap_err(), JobRefusal::HasVisit);
    let mut room = known();
    assert_eq!(names(&ask(&mut room, &cancel).unwrap()), ["job_cancelled"]);
    assert_eq!(room.status, JobStatus::Cancelled);
    assert!(ask(&mut room, &cancel).unwrap().is_nothing());
}

#[test]
fn no_access_stays_out_of_the_pool_until_somebody_opens_it_again() {
    let mut room = known();
    assert_eq!(ask(&mut room, &Command::Reopen).unwrap_err(), JobRefusal::OpenAlready);
    follows_its_visit(&mut room, VisitStatus::NoAccess);
    assert_eq!(room.status, JobStatus::NoAccess);
    assert_eq!(names(&ask(&mut room, &Command::Reopen).unwrap()), ["job_reopened"]);
    assert_eq!(room.status, JobStatus::Unassigned);
}

#[test]
fn what_is_done_stays_as_it_was() {
    let mut room = known();
    follows_its_visit(&mut room, VisitStatus::Done);
    let after = actors::jobs::protocol::Job { duration_min: 90, ..job("job_a") };
    for command in [
        Command::Change { after: Box::new(after), version: None },
        Command::Cancel { note: None },
        Command::Reopen,
    ] {
        assert_eq!(ask(&mut room, &command).unwrap_err(), JobRefusal::Over, "{command:?}");
    }
}
