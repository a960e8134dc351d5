//! The house rule as a policy: jobs are placed as they come, and again when the day changes.
//!
//! Visits that stand are left where they are, unless they would come later than promised and somebody else would not.

use super::today::{Ahead, Stage, Today};
use crate::day::{Day, DayTechnician, Span, Stop};
use crate::house_rule::auto_assign;
use crate::travel::{Estimate, Leg, Point, Travel};

/// The estimate of late morning, whatever the hour: the same knowledge that the optimiser's table holds.
pub(super) struct Steady<'a> {
    pub estimate: &'a Estimate,
    pub at_s: i64,
}

impl Travel for Steady<'_> {
    fn leg(&self, from: Point, to: Point, _: i64) -> Leg {
        self.estimate.leg(from, to, self.at_s)
    }
}

/// Places the jobs known before the day, one by one in the order in which they were called in.
pub(super) fn book(today: &mut Today<'_>, travel: &dyn Travel) {
    let now_s = today.drawn.midnight_s - 6 * 3600;
    let mut day = day(today, now_s);
    for job in today.open() {
        if let Some((hand, visit)) = place(today, &mut day, job, travel) {
            today.insert(hand, visit);
        }
    }
}

/// Places again what is open, and what would come too late where it stands.
pub(super) fn changed(today: &mut Today<'_>, now_s: i64, travel: &dyn Travel) {
    let mut open = today.open();
    for hand in 0..today.hands.len() {
        let late = today.expected(hand, now_s).into_iter().find(|visit| {
            let window = today.drawn.tasks[visit.job].window;
            visit.arrive_s > window.end_s && now_s <= window.end_s
        });
        open.extend(late.map(|visit| visit.job));
    }
    for job in open {
        if today.drawn.tasks[job].window.end_s < now_s {
            continue;
        }
        today.refresh(now_s);
        let mut day = day(today, now_s);
        for technician in &mut day.technicians {
            technician.stops.retain(|stop| stop.job_id != today.drawn.tasks[job].wanted.id);
        }
        if let Some((hand, visit)) = place(today, &mut day, job, travel) {
            today.release(job, Stage::Open);
            today.insert(hand, visit);
        }
    }
}

/// Asks the house rule for one job, and notes the stop.
fn place(
    today: &Today<'_>,
    day: &mut Day,
    job: usize,
    travel: &dyn Travel,
) -> Option<(usize, Ahead)> {
    let wanted = &today.drawn.tasks[job].wanted;
    day.jobs = vec![wanted.clone()];
    let plan = auto_assign(day, travel);
    let assigned = plan.assigned.first()?;
    let (start_s, end_s) = (assigned.slot.start_s, assigned.slot.end_s);
    let hand =
        today.company.members.iter().position(|member| member.id == assigned.technician_id)?;
    let technician = day.technicians.iter_mut().find(|one| one.id == assigned.technician_id)?;
    technician.stops.push(stop(today, job, start_s, end_s));
    Some((hand, Ahead { job, start_s }))
}

fn stop(today: &Today<'_>, job: usize, start_s: i64, end_s: i64) -> Stop {
    let wanted = &today.drawn.tasks[job].wanted;
    Stop {
        visit_id: wanted.id.clone(),
        job_id: wanted.id.clone(),
        point: wanted.point,
        start_s,
        end_s,
    }
}

/// The day as the house rule sees it.
fn day(today: &Today<'_>, now_s: i64) -> Day {
    let midnight_s = today.drawn.midnight_s;
    let at_work = (0..today.hands.len()).filter(|hand| !today.hands[*hand].gone);
    Day {
        range: Span::new(midnight_s, midnight_s + 86_400),
        now_s,
        technicians: at_work.map(|hand| technician(today, hand, now_s)).collect(),
        jobs: Vec::new(),
    }
}

fn technician(today: &Today<'_>, index: usize, now_s: i64) -> DayTechnician {
    let (member, hand) = (&today.company.members[index], &today.hands[index]);
    let mut stops: Vec<Stop> = today
        .expected(index, now_s)
        .iter()
        .map(|visit| stop(today, visit.job, visit.start_s, visit.end_s))
        .collect();
    if hand.out {
        // Where he is until he is free; its length does not matter.
        let free_s = today.free_s(index, now_s);
        let id = crate::day::Id::from("here");
        let point = today.point(hand.place);
        stops.push(Stop {
            visit_id: id.clone(),
            job_id: id,
            point,
            start_s: free_s - 60,
            end_s: free_s,
        });
    }
    DayTechnician {
        id: member.id.clone(),
        name: member.id.clone(),
        home: member.home,
        skills: member.skills.clone(),
        shifts: today.drawn.shifts[index].into_iter().collect(),
        absences: Vec::new(),
        stops,
        position: None,
    }
}
