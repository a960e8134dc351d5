//! Series: what a rule yields, what the clocks and holidays do to it, and what an edit leaves alone.

use std::collections::BTreeMap;

use actors::engine::component::{Component, Decision};
use actors::engine::journal::AlarmChange;
use actors::event::Event;
use actors::jobs::protocol::{Job, JobStatus};
use actors::series::holidays::Holidays;
use actors::series::protocol::{
    Change, Command, Occurrence, OnHoliday, Part, Series, SeriesEvent, WallWindow,
};
use actors::series::{Made, SeriesRoom};
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::world::{at, job};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn toronto() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn window(from: &str, to: &str) -> Option<WallWindow> {
    Some(WallWindow { from: from.parse().unwrap(), to: to.parse().unwrap(), days_later: 0 })
}

fn series(rule: &str, from: &str, window: Option<WallWindow>) -> Series {
    let part = Part {
        from: day(from),
        rule: rule.to_owned(),
        window,
        holidays: OnHoliday::Keep,
        except: Vec::new(),
        job: Box::new(Job { arrival_window: None, ..job("job_pattern") }),
    };
    Series {
        id: "series_1".into(),
        zone: "America/Toronto".to_owned(),
        parts: vec![part],
        ends_before: None,
    }
}

#[test]
fn the_wall_s_time_is_kept_over_every_change_of_the_clocks() {
    let zones = [
        "America/Toronto",
        "America/St_Johns",
        "Europe/Paris",
        "Australia/Lord_Howe",
        "America/Santiago",
    ];
    let (first, last) = (day("2020-01-01"), day("2035-12-31"));
    let mut changes = 0;
    for name in zones {
        let zone = TimeZone::get(name).unwrap();
        let begin = first.to_zoned(zone.clone()).unwrap().timestamp();
        let changed: Vec<Timestamp> = zone
            .following(begin)
            .map(|change| change.timestamp())
            .take_while(|change| change.to_zoned(zone.clone()).date() <= last)
            .collect();
        changes += changed.len();
        for (from, to) in
            [("08:00", "10:00"), ("00:00", "00:30"), ("02:30", "03:15"), ("01:15", "01:45")]
        {
            let mut daily = series("RRULE:FREQ=DAILY", "2020-01-01", window(from, to));
            daily.zone = name.to_owned();
            for change in &changed {
                let around = change.to_zoned(zone.clone()).date();
                let (one, two) = (around.saturating_sub(3.days()), around.saturating_add(3.days()));
                let turns = daily.occurrences(one, two, &zone, &Holidays::default()).unwrap();
                assert_eq!(turns.len(), 7, "one a day in {name} around {change}");
                let mut before = Timestamp::MIN;
                for turn in &turns {
                    let made = daily.job(turn, "job_x".into(), &zone).unwrap();
                    let window = made.arrival_window.unwrap();
                    let start = window.start.to_zoned(zone.clone());
                    assert_eq!(start.date(), turn.day, "{name} {from} on {}", turn.day);
                    assert!(window.end > window.start && window.start > before);
                    before = window.start;
                    // Only an hour that the clocks leave out is shown as another one, and never on the day after.
                    let exists = zone
                        .to_ambiguous_timestamp(turn.day.to_datetime(from.parse().unwrap()))
                        .offset();
                    let left_out = matches!(exists, jiff::tz::AmbiguousOffset::Gap { .. });
                    let is_kept = start.time() == from.parse::<Time>().unwrap();
                    assert_eq!(is_kept, !left_out, "{name} {from} on {}", turn.day);
                }
            }
        }
    }
    assert!(changes > 100, "only {changes} changes of the clocks were looked at");
}

#[test]
fn a_holiday_leaves_a_day_out_or_shifts_it_unless_the_next_day_has_one_already() {
    let on = |what, rule: &str| -> Vec<(String, String)> {
        let mut series = series(rule, "2026-12-18", window("08:00", "10:00"));
        series.parts[0].holidays = what;
        let (from, to) = (day("2026-12-18"), day("2027-01-08"));
        let turns = series.occurrences(from, to, &toronto(), &Holidays::default()).unwrap();
        turns.iter().map(|turn| (turn.on.to_string(), turn.day.to_string())).collect()
    };
    let fridays = "RRULE:FREQ=WEEKLY;BYDAY=FR";
    assert_eq!(on(OnHoliday::Keep, fridays).len(), 4);
    let days: Vec<String> = on(OnHoliday::Skip, fridays).into_iter().map(|(on, _)| on).collect();
    assert_eq!(days, ["2026-12-18", "2027-01-08"], "Christmas and New Year are Fridays");
    let shifted = on(OnHoliday::Shift, fridays);
    assert_eq!(shifted[1], ("2026-12-25".to_owned(), "2026-12-28".to_owned()), "over the weekend");
    let daily = on(OnHoliday::Shift, "RRULE:FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR");
    assert!(daily.iter().all(|(on, day)| on == day), "the Monday has one already");
    assert_eq!(daily.len(), 14);
}

fn first_job(series: &Series, on: &str) -> Job {
    let holidays = Holidays::default();
    let turns = series.occurrences(day(on), day(on), &toronto(), &holidays).unwrap();
    let made = series.job(&turns[0], "job_first".into(), &toronto()).unwrap();
    let mark =
        Occurrence { begins: Some(Box::new(series.clone())), ..made.series.clone().unwrap() };
    Job { series: Some(mark), ..made }
}

/// Applies a decision as the rows would show it at the next command.
fn then(room: &mut SeriesRoom, decision: &Decision) {
    for event in &decision.events {
        if let Event::Series(SeriesEvent::OccurrenceJoined { on, .. }) = event {
            let job = Box::new(first_job(room.series.as_ref().unwrap(), &on.to_string()));
            room.made.insert(*on, Made { job, status: JobStatus::Unassigned });
        }
        room.apply(event, 1, at("10:00"));
    }
}

fn begun(rule: &str, now: Timestamp) -> (SeriesRoom, Decision) {
    let series = series(rule, "2026-11-20", window("08:00", "10:00"));
    let on = series
        .occurrences(day("2026-11-20"), day("2027-11-20"), &toronto(), &Holidays::default())
        .unwrap()[0]
        .on;
    let first = first_job(&series, &on.to_string());
    let mut room = SeriesRoom::default();
    let command = Command::Begin { series: Box::new(series), job: Box::new(first) };
    let decision = room.decide(&command, now).unwrap();
    then(&mut room, &decision);
    assert!(room.decide(&command, now).unwrap().is_nothing(), "a second time is none");
    (room, decision)
}

fn made(decision: &Decision) -> Vec<String> {
    let on = |event: &Event| match event {
        Event::Series(SeriesEvent::OccurrenceMade { on, .. }) => Some(on.to_string()),
        _ => None,
    };
    decision.events.iter().filter_map(on).collect()
}

fn told(decision: &Decision) -> BTreeMap<&'static str, usize> {
    let mut all = BTreeMap::new();
    for event in &decision.events {
        let Event::Series(event) = event else { panic!("{event:?}") };
        *all.entry(match event {
            SeriesEvent::SeriesChanged { .. } => "changed",
            SeriesEvent::OccurrenceJoined { .. } => "joined",
            SeriesEvent::OccurrenceMade { .. } => "made",
            SeriesEvent::OccurrenceRewritten { .. } => "rewritten",
            SeriesEvent::OccurrenceDropped { .. } => "dropped",
        })
        .or_default() += 1;
    }
    all
}

#[test]
fn occurrences_are_made_as_far_as_the_horizon_and_once_each() {
    let (mut room, decision) = begun("RRULE:FREQ=WEEKLY;BYDAY=MO", at("09:50"));
    assert_eq!(told(&decision), [("changed", 1), ("joined", 1), ("made", 8)].into());
    assert_eq!(made(&decision).last().unwrap(), "2027-01-18");
    let AlarmChange::Set { due_at, .. } = &decision.alarms[0] else { panic!() };
    assert_eq!(
        due_at.to_string(),
        "2026-11-26T08:00:00Z",
        "60 days before the next, at 3 in the morning"
    );
    let early = room.decide(&Command::Extend, at("10:00")).unwrap();
    assert!(early.events.is_empty());
    let next = room.decide(&Command::Extend, *due_at).unwrap();
    assert_eq!(made(&next), ["2027-01-25"]);
    then(&mut room, &next);
    assert!(made(&room.decide(&Command::Extend, *due_at).unwrap()).is_empty());
    // After a long sleep everything up to the new horizon is made, and nothing in the past.
    let late = room.decide(&Command::Extend, "2027-06-01T12:00:00Z".parse().unwrap()).unwrap();
    assert_eq!(made(&late).first().unwrap(), "2027-06-07");
    assert_eq!(made(&late).len(), 8);
}

#[test]
fn a_rule_that_is_over_asks_for_no_further_timer() {
    let (_, decision) = begun("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3", at("09:50"));
    assert_eq!(told(&decision)["made"], 2);
    assert_eq!(decision.alarms, [AlarmChange::Cleared { name: "extend".into() }]);
}

fn change(room: &SeriesRoom, on: &str, is_from: bool, edit: impl Fn(&mut Job)) -> Change {
    let before = (*room.made[&day(on)].job).clone();
    let mut after = before.clone();
    edit(&mut after);
    Change {
        from: is_from.then(|| day(on)),
        window: after.arrival_window.map(|window| WallWindow::of(&window, &toronto())),
        before,
        after,
        holidays: None,
        except: None,
        job_version: Some(7),
    }
}

#[test]
fn an_edit_of_all_leaves_what_has_begun_and_what_was_changed_alone() {
    let (mut room, _) = begun("RRULE:FREQ=WEEKLY;BYDAY=MO", at("09:50"));
    room.made.get_mut(&day("2026-11-23")).unwrap().status = JobStatus::Done;
    room.made.get_mut(&day("2026-11-30")).unwrap().job.duration_min = 90;
    let all = change(&room, "2026-12-07", false, |job| {
        job.duration_min = 45;
        job.title = "Ronde".to_owned();
    });
    let decision = room.decide(&Command::Change(Box::new(all)), at("09:50")).unwrap();
    assert_eq!(told(&decision), [("changed", 1), ("rewritten", 8)].into());
    assert_eq!(decision.expects[0].version, 7);
    then(&mut room, &decision);
    assert_eq!(room.made[&day("2026-11-23")].job.title, "Pas d'Internet", "it is done");
    let alone = &room.made[&day("2026-11-30")].job;
    assert_eq!((alone.duration_min, alone.title.as_str()), (90, "Ronde"));
    assert_eq!(room.made[&day("2027-01-18")].job.duration_min, 45);
    let next = room.decide(&Command::Extend, "2027-02-01T12:00:00Z".parse().unwrap()).unwrap();
    let Some(Event::Series(SeriesEvent::OccurrenceMade { job, .. })) = next.events.first() else {
        panic!()
    };
    assert_eq!(job.duration_min, 45, "and those to come are like it");
}

#[test]
fn an_edit_of_this_and_after_splits_the_series_and_counts_on() {
    let (mut room, _) = begun("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=6", at("09:50"));
    let later = change(&room, "2026-12-07", true, |job| {
        let window = job.arrival_window.as_mut().unwrap();
        (window.start, window.end) = (window.start + 5.hours(), window.end + 5.hours());
    });
    let decision = room.decide(&Command::Change(Box::new(later)), at("09:50")).unwrap();
    assert_eq!(told(&decision), [("changed", 1), ("rewritten", 4)].into());
    then(&mut room, &decision);
    let parts = &room.series.as_ref().unwrap().parts;
    assert_eq!(parts[1].rule, "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=4", "two were before");
    let hour = |on: &str| {
        let window = room.made[&day(on)].job.arrival_window.unwrap();
        window.start.to_zoned(toronto()).hour()
    };
    assert_eq!((hour("2026-11-30"), hour("2026-12-07"), hour("2026-12-28")), (8, 13, 13));
    assert_eq!(room.made.len(), 6);
}

#[test]
fn another_rule_drops_and_makes_days_but_none_that_has_begun() {
    let (mut room, _) = begun("RRULE:FREQ=WEEKLY;BYDAY=MO", at("09:50"));
    room.made.get_mut(&day("2026-11-30")).unwrap().status = JobStatus::OnSite;
    let tuesdays = change(&room, "2026-11-30", true, |job| {
        job.recurrence = Some("RRULE:FREQ=WEEKLY;BYDAY=TU".to_owned());
    });
    let decision = room.decide(&Command::Change(Box::new(tuesdays)), at("09:50")).unwrap();
    assert_eq!(told(&decision), [("changed", 1), ("dropped", 7), ("made", 8)].into());
    assert_eq!(made(&decision)[0], "2026-12-01");
    then(&mut room, &decision);
    assert!(room.made.contains_key(&day("2026-11-30")));
    let end = Command::End { from: day("2026-12-08"), version: None };
    let decision = room.decide(&end, at("09:50")).unwrap();
    assert_eq!(told(&decision), [("changed", 1), ("dropped", 7)].into());
    then(&mut room, &decision);
    assert!(room.decide(&end, at("09:50")).unwrap().is_nothing());
    let never = change(&room, "2026-12-01", false, |job| {
        job.recurrence = Some("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".to_owned());
    });
    assert!(room.decide(&Command::Change(Box::new(never)), at("09:50")).is_err());
}
