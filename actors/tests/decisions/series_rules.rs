//! Rules of recurrence: which days they yield, held against another reading of the RFC, and which are refused.

use actors::series::rule::{Rule, RuleProblem};
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use proptest::prelude::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn toronto() -> TimeZone {
    TimeZone::get("America/Toronto").unwrap()
}

fn days(rule: &str, from: &str, last: &str) -> Vec<String> {
    let rule = Rule::read(rule, &toronto()).unwrap();
    let days = rule.days(day(from), day(last), Time::midnight());
    days.into_iter().map(|day| day.to_string()).collect()
}

#[test]
fn a_weekly_monday_agreed_on_a_friday_begins_on_the_monday() {
    let mondays = days("RRULE:FREQ=WEEKLY;BYDAY=MO", "2026-11-20", "2026-12-08");
    assert_eq!(mondays, ["2026-11-23", "2026-11-30", "2026-12-07"]);
    let three = days("RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-11-20", "2027-12-08");
    assert_eq!(three, ["2026-11-23", "2026-11-30", "2026-12-07"], "the Friday does not count");
    let other = days("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=FR,MO", "2026-11-20", "2026-12-15");
    assert_eq!(other, ["2026-11-20", "2026-11-30", "2026-12-04", "2026-12-14"]);
}

#[test]
fn rules_that_are_not_understood_are_refused_by_name() {
    let read = |rule: &str| Rule::read(rule, &toronto()).unwrap_err();
    for (rule, problem) in [
        ("FREQ=DAILY", RuleProblem::NotARule),
        ("RRULE:", RuleProblem::NotARule),
        ("RRULE:COUNT=3", RuleProblem::NotARule),
        ("RRULE:bogus", RuleProblem::NotARule),
        ("RRULE:FREQ=SECONDLY", RuleProblem::TooOften),
        ("RRULE:FREQ=MINUTELY;INTERVAL=1", RuleProblem::TooOften),
        ("RRULE:FREQ=HOURLY", RuleProblem::TooOften),
        ("RRULE:FREQ=DAILY;BYHOUR=8,9", RuleProblem::TooOften),
        ("RRULE:FREQ=DAILY;INTERVAL=0", RuleProblem::BadValue("INTERVAL".into())),
        ("RRULE:FREQ=DAILY;COUNT=99999999999999999999", RuleProblem::BadValue("COUNT".into())),
        ("RRULE:FREQ=DAILY;COUNT=2;UNTIL=20270101", RuleProblem::TwoEnds),
        ("RRULE:FREQ=DAILY;UNTIL=20270231", RuleProblem::BadValue("UNTIL".into())),
        ("RRULE:FREQ=WEEKLY;BYDAY=2MO", RuleProblem::BadValue("BYDAY".into())),
        ("RRULE:FREQ=WEEKLY;BYDAY=é", RuleProblem::BadValue("BYDAY".into())),
        ("RRULE:FREQ=MONTHLY;BYMONTHDAY=0", RuleProblem::BadValue("BYMONTHDAY".into())),
        ("RRULE:FREQ=MONTHLY;BYSETPOS=1", RuleProblem::BadValue("BYSETPOS".into())),
        ("RRULE:FREQ=YEARLY;BYWEEKNO=3", RuleProblem::Unknown("BYWEEKNO".into())),
        ("RRULE:FREQ=DAILY;FREQ=DAILY", RuleProblem::BadValue("FREQ".into())),
    ] {
        assert_eq!(read(rule), problem, "{rule}");
    }
}

#[test]
fn the_last_day_is_that_of_the_wall_also_where_it_is_written_in_utc() {
    let until = |end: &str| {
        let rule = format!("RRULE:FREQ=DAILY;UNTIL={end}");
        let rule = Rule::read(&rule, &toronto()).unwrap();
        let at = Time::constant(20, 0, 0, 0);
        rule.days(day("2026-11-20"), day("2027-01-01"), at).last().unwrap().to_string()
    };
    assert_eq!(until("20261124"), "2026-11-24");
    assert_eq!(until("20261124T200000"), "2026-11-24");
    assert_eq!(until("20261124T195959"), "2026-11-23");
    // 01:00 of the 25th in Greenwich is 20:00 of the 24th in Toronto.
    assert_eq!(until("20261125T010000Z"), "2026-11-24");
    assert_eq!(until("20261125T005959Z"), "2026-11-23");
}

fn some_rule() -> impl Strategy<Value = String> {
    let weekday = prop::sample::select(vec!["MO", "TU", "WE", "TH", "FR", "SA", "SU"]);
    let numbered = (prop::sample::select(vec![1, 2, 4, -1, -2]), weekday.clone())
        .prop_map(|(n, day)| format!("{n}{day}"));
    let weekdays = prop::collection::btree_set(weekday, 1..4)
        .prop_map(|days| days.into_iter().collect::<Vec<_>>().join(","));
    let months = prop::collection::btree_set(1..=12, 1..4).prop_map(|months| {
        months.iter().map(|month: &i32| month.to_string()).collect::<Vec<_>>().join(",")
    });
    let every = (1..4, prop::option::of(1..20))
        .prop_map(|(n, count)| (n, count.map_or(String::new(), |count| format!(";COUNT={count}"))));
    let start = prop::sample::select(vec!["MO", "SU"]);
    let daily = prop::option::of(months.clone()).prop_map(|months| match months {
        Some(months) => format!("DAILY;BYMONTH={months}"),
        None => "DAILY".to_owned(),
    });
    let weekly = (weekdays.clone(), start).prop_map(|(d, w)| format!("WEEKLY;BYDAY={d};WKST={w}"));
    let monthly = prop_oneof![
        Just("MONTHLY".to_owned()),
        numbered.clone().prop_map(|day| format!("MONTHLY;BYDAY={day}")),
        prop::sample::select(vec![1, 15, 29, 31, -1, -3])
            .prop_map(|n| format!("MONTHLY;BYMONTHDAY={n}")),
        (weekdays, prop::sample::select(vec![1, 2, -1]))
            .prop_map(|(d, n)| format!("MONTHLY;BYDAY={d};BYSETPOS={n}")),
    ];
    let yearly = prop_oneof![
        Just("YEARLY".to_owned()),
        (months.clone(), numbered.clone())
            .prop_map(|(m, d)| format!("YEARLY;BYMONTH={m};BYDAY={d}")),
        numbered.prop_map(|d| format!("YEARLY;BYDAY={d}")),
        months.prop_map(|m| format!("YEARLY;BYMONTH={m};BYMONTHDAY=13")),
    ];
    (prop_oneof![daily, weekly, monthly, yearly], every)
        .prop_map(|(rule, (n, end))| format!("RRULE:FREQ={rule};INTERVAL={n}{end}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Another implementation of the RFC says the same days.
    #[test]
    fn days_are_those_of_another_reading_of_the_rfc(rule in some_rule(), late in 0_i64..900) {
        let from = day("2026-01-01").saturating_add(late.days());
        let mine = days(&rule, &from.to_string(), "2030-12-31");
        let text = format!("DTSTART:{}T080000Z\n{rule}", from.strftime("%Y%m%d"));
        let theirs: rrule::RRuleSet = text.parse().unwrap();
        let theirs: Vec<String> = theirs
            .into_iter()
            .map(|at| at.format("%Y-%m-%d").to_string())
            .take_while(|day| day.as_str() <= "2030-12-31")
            .take(2000)
            .collect();
        prop_assert_eq!(mine, theirs, "{} from {}", rule, from);
    }
}
