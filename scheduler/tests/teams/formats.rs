//! The challenge's files: what is written is read again, and no text brings the reader down.

use proptest::prelude::*;
use scheduler::formats::roadef2007::{read, read_plan, write};
use scheduler::teams::check;

use super::{random, solved};

const INSTANCE: &str = "name domains levels techs interv abandon\nsmall 2 2 2 2 50\n";
const TECHS: &str = "tech d1 d2 dispo\n1 2 1 [ 3 5 ]\n2 0 1 [ ]\n";
const JOBS: &str = "number time preds prio cost d1_1 d1_2 d2_1 d2_2\n\
                    1 60 [ ] 1 100 1 1 0 0\n2 15 [ 1 ] 4 30 0 0 2 0\n";

fn refused(instance: &str, techs: &str, jobs: &str) -> String {
    read(instance, techs, jobs).unwrap_err().to_string()
}

#[test]
fn an_instance_is_read_field_by_field() {
    let instance = read(INSTANCE, TECHS, JOBS).unwrap();
    let problem = instance.problem;
    assert_eq!((instance.name.as_str(), problem.budget), ("small", 50));
    assert_eq!(problem.technicians[0].days_off, vec![3, 5]);
    assert_eq!(problem.interventions[1].predecessors, vec![1]);
    assert_eq!(problem.interventions[1].needs, vec![0, 0, 2, 0]);
    solved(&problem, 1, 50);
}

#[test]
fn an_error_names_file_line_and_field() {
    let bad = "name\nsmall 2 x 2 2 50";
    assert!(refused(bad, TECHS, JOBS).starts_with("instance, line 2, levels: `x`"));
    assert!(refused("", TECHS, JOBS).starts_with("instance, line 2, name: missing"));
    assert!(refused("\ns 9999999 9999999 1 1 0", "", "").starts_with("instance, line 2, levels"));
    let bad = TECHS.replace("[ 3 5 ]", "[ 3 -5 ]");
    assert!(refused(INSTANCE, &bad, JOBS).starts_with("tech_list, line 2, dispo: `-5`"));
    let bad = TECHS.replace("2 0 1 [", "2 0 [");
    assert!(refused(INSTANCE, &bad, JOBS).starts_with("tech_list, line 3, level of a domain"));
    let bad = JOBS.replace("4 30", "4 99999999999999999999999");
    assert!(refused(INSTANCE, TECHS, &bad).starts_with("interv_list, line 3, cost"));
    let bad = JOBS.replace("[ 1 ]", "[ 1");
    assert!(refused(INSTANCE, TECHS, &bad).starts_with("interv_list, line 3, brackets"));
    let bad = TECHS.replace("2 0 1 [ ]\n", "");
    assert_eq!(
        refused(INSTANCE, &bad, JOBS),
        "tech_list: 1 listed, but the instance file announces 2"
    );
}

proptest! {
    #[test]
    fn a_written_plan_is_the_same_plan_when_it_is_read(problem in random::problem(8)) {
        let plan = solved(&problem, 1, 16);
        let written = write(&plan);
        let again = read_plan(&written.interv_dates, &written.tech_teams).unwrap();
        prop_assert_eq!(check(&problem, &again), check(&problem, &plan));
        prop_assert_eq!(again, plan);
    }

    #[test]
    fn no_text_brings_a_reader_down(texts in prop::array::uniform3("[0-9x\\[\\] \n-]{0,80}")) {
        let _ = read(&texts[0], &texts[1], &texts[2]);
        let _ = read(INSTANCE, &texts[1], JOBS);
        let _ = read(INSTANCE, TECHS, &texts[2]);
        let _ = read_plan(&texts[0], &texts[1]);
    }

    #[test]
    fn no_damage_brings_a_reader_or_the_door_down(
        at in any::<prop::sample::Index>(),
        which in 0_usize..3,
        new in prop::sample::select(vec!["", " ", "[", "]", "-1", "999999999", "4294967295", "0", "x", "\n"]),
    ) {
        let mut texts = [INSTANCE.to_owned(), TECHS.to_owned(), JOBS.to_owned()];
        let at = at.index(texts[which].len());
        texts[which].replace_range(at..=at, new);
        if let Ok(instance) = read(&texts[0], &texts[1], &texts[2])
            && let Ok(plan) = scheduler::teams::solve(&instance.problem, &super::steps(1, 16))
        {
            prop_assert_eq!(check(&instance.problem, &plan).faults, vec![]);
        }
    }
}
