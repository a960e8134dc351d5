//! What a dispatcher reads: the sentences, word for word, in both languages. `~` stands for a space that does not
//! break.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod monday;

use monday::{Ruler, at, job, minutes_away, stop, technician, words};
use scheduler::{
    Absence, Day, DayTechnician, Loss, Need, Priority, Reasons, Search, Skill, Span, Wanted,
    allows, auto_assign, slot_for, suggest, warnings,
};

fn said(reasons: &Reasons) -> (Vec<String>, Vec<&str>) {
    let fr = reasons.fr.iter().map(|sentence| sentence.replace('\u{a0}', "~")).collect();
    (fr, reasons.en.iter().map(String::as_str).collect())
}

#[track_caller]
fn says(reasons: &Reasons, fr: &[&str], en: &[&str]) {
    let (french, english) = said(reasons);
    assert_eq!((french, english), (fr.iter().map(|s| (*s).to_owned()).collect(), en.to_vec()));
}

fn skilled(mut technician: DayTechnician, tag: &str, level: u8) -> DayTechnician {
    technician.skills.push(Skill { tag: tag.into(), level, expires_s: None });
    technician
}

fn needing(mut job: Wanted, tag: &str, level: u8) -> Wanted {
    job.skills.push(Need { tag: tag.into(), level, required: true });
    job
}

fn day(technicians: Vec<DayTechnician>, jobs: Vec<Wanted>) -> Day {
    Day { range: Span::new(at("00:00"), at("23:59")), now_s: at("07:00"), technicians, jobs }
}

fn search() -> Search {
    Search { range: Span::new(at("00:00"), at("23:59")), now_s: at("07:00"), limit: 10 }
}

#[test]
fn the_chosen_one_and_everyone_else_hear_why() {
    let mut ana = skilled(technician("tech_1", "Ana"), "Fibre", 5);
    ana.home = minutes_away(1);
    let marc = skilled(technician("tech_2", "Marc"), "Fibre", 3);
    let mut julie = skilled(technician("tech_3", "Julie"), "Fibre", 3);
    julie.home = minutes_away(-15);
    let twin = DayTechnician { id: "tech_4".into(), name: "Luc".into(), ..marc.clone() };
    let novice = skilled(technician("tech_5", "Paul"), "Fibre", 2);
    let mut wanted = needing(job("job_1", 10, 90), "Fibre", 3);
    wanted.window = Some(Span::new(at("10:00"), at("11:00")));
    let day = day(vec![ana, marc.clone(), julie, twin, novice], vec![wanted.clone()]);
    let plan = auto_assign(&day, &Ruler);
    let assigned = &plan.assigned[0];
    assert_eq!(&*assigned.technician_id, "tech_2");
    says(
        &words().chosen(&wanted, &marc, assigned.slot, &assigned.rejected),
        &[
            "Niveau 3 en Fibre, juste ce qui est exigé.",
            "Libre de 10~h~00 à 11~h~30.",
            "Ajoute 20~min de route~; le choix suivant en ajouterait 50.",
            "Le niveau le plus juste~: une personne plus qualifiée reste libre pour un travail plus difficile.",
        ],
        &[
            "Level 3 in Fibre, exactly what is required.",
            "Free from 10:00 to 11:30.",
            "Adds 20 min of driving; the next best would add 50.",
            "The lowest level that will do: one better qualified technician stays free for harder work.",
        ],
    );
    let loss = |id: &str| {
        let found = assigned.rejected.iter().find(|other| &*other.technician_id == id).unwrap();
        words().loss(&found.loss, "Marc")
    };
    says(
        &loss("tech_1"),
        &[
            "Pourrait venir, mais dépasse l’exigence de 2~niveaux, contre 0 pour Marc~: mieux vaut garder cette compétence libre.",
        ],
        &[
            "Could come, but is 2 levels above what is required, against 0 for Marc: better kept free for harder work.",
        ],
    );
    says(
        &loss("tech_3"),
        &["Ferait 30~min de route de plus que Marc (50~min contre 20)."],
        &["Would drive 30 min more than Marc (50 against 20)."],
    );
    says(
        &loss("tech_4"),
        &[
            "À égalité avec Marc (même niveau, 20~min de route de plus)~; l’ordre des identifiants a tranché.",
        ],
        &["Tied with Marc (same surplus, 20 min more driving); the order of ids decided."],
    );
    says(&loss("tech_5"), &["Niveau 2 en Fibre, 3 exigé."], &["Level 2 in Fibre, 3 required."]);
}

#[test]
fn each_obstacle_has_its_sentence() {
    let mut wanted = job("job_1", 10, 60);
    wanted.window = Some(Span::new(at("10:00"), at("10:30")));
    let why = |wanted: &Wanted, technician: &DayTechnician| {
        words().obstacles(&slot_for(wanted, technician, search(), &Ruler).unwrap_err())
    };
    let mut busy = technician("tech_1", "Ana");
    busy.stops.push(stop("visit_1", 5, "10:00", "11:30"));
    says(
        &why(&wanted, &busy),
        &["Une autre visite de 10~h~00 à 11~h~30."],
        &["Busy with another visit from 10:00 to 11:30."],
    );
    let mut away = technician("tech_1", "Ana");
    let midnight = Span::new(at("00:00"), at("24:00"));
    away.absences.push(Absence { span: midnight, reason: Some("maladie".into()), busy: false });
    says(
        &why(&wanted, &away),
        &["Absence toute la journée (maladie)."],
        &["Away all day (maladie)."],
    );
    let mut off = technician("tech_1", "Ana");
    off.shifts.clear();
    says(
        &why(&wanted, &off),
        &["Ne travaille pas de 10~h~00 à 11~h~30."],
        &["Does not work from 10:00 to 11:30."],
    );
    let mut far = technician("tech_1", "Ana");
    far.home = minutes_away(-180);
    says(
        &why(&wanted, &far),
        &["Pas assez de temps pour la route~: il en faudrait 190~min avant et après cette visite."],
        &["Not enough time to drive: 190 min would be needed before and after this visit."],
    );
    let mut early = wanted.clone();
    early.window = Some(Span::new(at("05:00"), at("06:00")));
    says(
        &why(&early, &technician("tech_1", "Ana")),
        &["L’heure demandée est passée (6~h~00)."],
        &["The time asked for is over (6:00)."],
    );
    let mut tomorrow = wanted.clone();
    tomorrow.window = Some(Span::new(at("34:00"), at("34:30")));
    says(
        &why(&tomorrow, &technician("tech_1", "Ana")),
        &["La plage d’arrivée est ailleurs~: le 24~novembre de 10~h~00 à 10~h~30."],
        &["The arrival window lies elsewhere: on November 24 from 10:00 to 10:30."],
    );
    let long = Wanted { window: None, ..job("job_1", 10, 600) };
    says(
        &why(&long, &technician("tech_1", "Ana")),
        &["Au mieux 510~min d’affilée~; l’intervention en demande 600."],
        &["At best 510 min free in a row; the job takes 600."],
    );
}

#[test]
fn a_manual_assignment_hears_which_rules_it_breaks() {
    let wanted = needing(needing(job("job_1", 10, 60), "Fibre", 3), "Hauteur", 1);
    let mut ana = technician("tech_1", "Ana");
    ana.skills.push(Skill { tag: "Fibre".into(), level: 4, expires_s: Some(at("00:00")) });
    ana.stops.push(stop("visit_1", 5, "16:00", "16:45"));
    let broken = allows(&wanted, &ana, at("16:15"), at("17:15"));
    let rules: Vec<&str> = broken.iter().map(|violation| violation.rule()).collect();
    assert_eq!(rules, ["skill", "skill", "shift", "overlap"]);
    says(
        &words().violations(&broken),
        &[
            "La compétence Fibre n’est plus valide depuis le 23~novembre 2026.",
            "N’a pas la compétence Hauteur (niveau 1 exigé).",
            "Le quart va de 8~h~00 à 16~h~30~; la visite irait de 16~h~15 à 17~h~15.",
            "Une autre visite de 16~h~00 à 16~h~45.",
        ],
        &[
            "The skill Fibre has not been valid since November 23, 2026.",
            "Does not have the skill Hauteur (level 1 required).",
            "The shift runs from 8:00 to 16:30; the visit would run from 16:15 to 17:15.",
            "Busy with another visit from 16:00 to 16:45.",
        ],
    );
}

#[test]
fn a_tight_assignment_is_allowed_with_a_warning() {
    let mut wanted = job("job_1", 30, 60);
    wanted.window = Some(Span::new(at("10:00"), at("10:30")));
    let mut ana = technician("tech_1", "Ana");
    ana.stops.push(stop("visit_1", 0, "08:30", "09:45"));
    ana.stops.push(stop("visit_2", 0, "11:10", "12:00"));
    assert_eq!(allows(&wanted, &ana, at("09:55"), at("10:55")), vec![]);
    says(
        &words().warnings(&warnings(
            &wanted,
            &ana,
            (at("09:55"), at("10:55")),
            at("07:00"),
            &Ruler,
        )),
        &[
            "30~min de route depuis la visite précédente, 10~min de disponibles.",
            "30~min de route jusqu’à la visite suivante, 15~min de disponibles.",
            "Hors de la plage d’arrivée, de 10~h~00 à 10~h~30.",
        ],
        &[
            "30 min of driving from the previous visit, 10 min available.",
            "30 min of driving to the next visit, 15 min available.",
            "Outside the arrival window, from 10:00 to 10:30.",
        ],
    );
}

#[test]
fn an_unassigned_job_hears_what_is_missing() {
    let hard = needing(job("job_1", 10, 60), "Fibre", 4);
    let technicians = vec![
        skilled(technician("tech_1", "Ana"), "Fibre", 3),
        skilled(technician("tech_2", "Marc"), "Fibre", 1),
    ];
    let plan = auto_assign(&day(technicians.clone(), vec![hard.clone()]), &Ruler);
    says(
        &words().unassigned(&hard, &plan.unassigned[0].not_possible),
        &["Personne n’a le niveau 4 en Fibre~; le meilleur est 3."],
        &["Nobody has level 4 in Fibre; the best is 3."],
    );
    let mut easy = needing(job("job_1", 10, 60), "Fibre", 1);
    easy.window = Some(Span::new(at("10:00"), at("10:30")));
    let mut busy = technicians;
    busy[0].stops.push(stop("visit_1", 5, "09:00", "12:00"));
    busy[1].absences.push(Absence {
        span: Span::new(at("08:00"), at("12:00")),
        reason: None,
        busy: false,
    });
    let plan = auto_assign(&day(busy, vec![easy.clone()]), &Ruler);
    says(
        &words().unassigned(&easy, &plan.unassigned[0].not_possible),
        &[
            "2~personnes ont ce qu’il faut, sans place de 10~h~00 à 10~h~30.",
            "Parmi elles~: 1~hors du travail, 1~déjà en visite.",
        ],
        &[
            "2 technicians have what it takes; none has room from 10:00 to 10:30.",
            "Of these: 1 not at work, 1 busy.",
        ],
    );
}

#[test]
fn no_sentence_shouts_or_stays_unfinished() {
    let mut plan_words = Vec::new();
    for level in 1..=5 {
        let technicians: Vec<DayTechnician> = (1..=5)
            .map(|number| {
                let id = format!("tech_{number}");
                skilled(technician(&id, "Ana"), "Fibre", u8::try_from(number).unwrap())
            })
            .collect();
        let wanted =
            Wanted { priority: Priority::High, ..needing(job("j", 9, 60), "Fibre", level) };
        let found = suggest(&wanted, &technicians, search(), &Ruler);
        let refused = found.not_possible.iter().map(|n| words().obstacles(&n.obstacles));
        plan_words.extend(refused);
        let plan = auto_assign(&day(technicians, vec![wanted]), &Ruler);
        let lost = plan.assigned.iter().flat_map(|a| &a.rejected);
        plan_words.extend(lost.map(|other| words().loss(&other.loss, "Ana")));
    }
    let impossible = Loss::Impossible(vec![]);
    assert_eq!(words().loss(&impossible, "Ana"), Reasons::default());
    for sentence in plan_words.iter().flat_map(|reasons| reasons.fr.iter().chain(&reasons.en)) {
        assert!(sentence.ends_with('.') && !sentence.contains(['!', '{', '}', '\'']), "{sentence}");
    }
}
