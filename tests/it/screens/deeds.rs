//! Each deed of the board from its first press to its last, with the mouse, and with the keyboard alone.

use serde_json::{Value, json};

use super::ask;
use super::hand::{By, Hand, by_both_hands};
use super::hands::{CONTROL, Scene, bar, becomes, chord, stands};

by_both_hands! {
    an_absence_is_planned_approved_and_ended;
    an_urgent_job_is_let_in;
    a_job_is_offered_and_taken_back;
    a_day_is_imagined_dropped_and_adopted;
    a_slot_is_kept_and_given_back;
    a_day_is_planned_anew_and_taken_back;
    what_the_planner_proposes_is_dismissed_and_accepted;
    a_draft_is_filled_and_published;
    whoever_was_slower_takes_theirs_or_keeps_their_own;
    what_waits_moves_along;
    an_outside_calendar_is_followed_and_left;
    a_clock_is_written_down_paused_and_resumed;
    the_board_of_an_earlier_moment_is_looked_at_and_left;
    shares_and_kept_promises_are_looked_at;
}

fn pool(job: &str) -> String {
    format!("[data-pool-job='{job}']")
}

fn name(technician: &str) -> String {
    format!("[data-technician='{technician}']")
}

async fn ana(scene: &Scene) -> String {
    let job = scene.town.api.get(&format!("/jobs/{}", scene.one)).await.1;
    job["visit"]["technician_id"].as_str().unwrap().to_owned()
}

async fn an_absence_is_planned_approved_and_ended(hand: &Hand, scene: &Scene) {
    let Scene { town, bob, one, two, .. } = scene;
    let ana = ana(scene).await;
    hand.menu(&name(&ana), "absent").await;
    hand.sees(&format!("[data-hit='{one}'] [data-to='{bob}']")).await;
    let known = town.api.get(&format!("/technicians/{ana}")).await.1;
    assert_eq!(known["absences"], json!([]), "nothing before the approval");
    hand.press("[data-action=approve-absence]").await;
    hand.misses(".absence").await;
    for job in [one, two] {
        becomes(town, job, |job| job["visit"]["technician_id"] == json!(bob)).await;
    }
    hand.press(&name(&ana)).await;
    hand.press("[data-action=end-absence]").await;
    hand.misses("[data-away]").await;
    // It had begun: it ends now, a few minutes after ten to ten.
    let known = town.api.get(&format!("/technicians/{ana}")).await.1;
    let ends = known["absences"][0]["end"].as_str().unwrap_or("2026-11-23T14:50");
    assert!(ends < "2026-11-23T15:30", "{known}");
}

async fn an_urgent_job_is_let_in(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    hand.press(&pool(&waiting[0])).await;
    hand.press("[data-action=urgent]").await;
    hand.sees("[data-way=fewest_broken] [data-action=apply-way]").await;
    let ways = "return document.querySelectorAll('[data-way]').length;";
    assert_eq!(ask(&hand.browser, ways, vec![]).await, 3);
    hand.press("[data-way=fewest_broken] [data-action=apply-way]").await;
    becomes(town, &waiting[0], |job| job["status"] == "planned").await;
    hand.sees(&bar(&waiting[0])).await;
}

async fn a_job_is_offered_and_taken_back(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    hand.press(&pool(&waiting[0])).await;
    hand.press("[data-action=offer]").await;
    hand.press("[data-action=make-offer]").await;
    hand.sees("[data-offer][data-state=open]").await;
    hand.press("[data-action=withdraw-offer]").await;
    hand.sees("[data-offer][data-state=withdrawn]").await;
    let offers = town.api.get("/offers").await.1;
    assert_eq!(offers["items"][0]["state"], "withdrawn", "{offers}");
}

/// The dialog of a job of the pool, and the first slot there.
async fn gives(hand: &Hand, job: &str) {
    hand.menu(&pool(job), "assign").await;
    hand.press("dialog [data-action=choose-slot]").await;
}

async fn a_day_is_imagined_dropped_and_adopted(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    for way in ["drop-whatif", "adopt-whatif"] {
        hand.tool("whatif").await;
        hand.sees("[data-whatif]").await;
        gives(hand, &waiting[0]).await;
        hand.sees(&format!("[data-imagined='{}']", waiting[0])).await;
        let held = town.api.get(&format!("/jobs/{}", waiting[0])).await.1;
        assert_eq!((&held["status"], &held["visit"]), (&json!("unassigned"), &Value::Null));
        hand.press(&format!("[data-action={way}]")).await;
        hand.misses("[data-whatif]").await;
    }
    becomes(town, &waiting[0], |job| job["status"] == "planned").await;
}

async fn a_slot_is_kept_and_given_back(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    let held = async || town.api.get("/dispatch/holds").await.1["items"].clone();
    hand.menu(&pool(&waiting[0]), "assign").await;
    hand.press("dialog li:nth-child(1) [data-action=hold-slot]").await;
    hand.sees("[data-action=hold-slot][aria-pressed=true]").await;
    assert_eq!(held().await[0]["job_id"], json!(waiting[0]));
    // A second thought: another slot of the list is kept, and the first let go.
    hand.press("dialog li:nth-child(2) [data-action=hold-slot]").await;
    hand.sees("dialog li:nth-child(2) [data-action=hold-slot][aria-pressed=true]").await;
    hand.sees("dialog li:nth-child(1) [data-action=hold-slot][aria-pressed=false]").await;
    assert_eq!(held().await.as_array().unwrap().len(), 1);
    hand.escape().await;
    hand.sees("[data-hold]").await;
    hand.press("[data-hold]").await;
    hand.misses("[data-hold]").await;
    assert_eq!(held().await, json!([]));
}

/// Ctrl and Z, or the button of the note that offers it.
async fn takes_back(hand: &Hand) {
    match hand.by {
        By::Mouse => hand.press(".toast .undo").await,
        By::Keyboard => chord(&hand.browser, CONTROL, 'z').await,
    }
}

async fn a_day_is_planned_anew_and_taken_back(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    match hand.by {
        By::Mouse => hand.press("[data-action=plan]").await,
        By::Keyboard => hand.keys("p").await,
    }
    hand.press("[data-action=search]").await;
    hand.sees(&format!("[data-ghost='{}']", waiting[0])).await;
    hand.press("[data-action=apply-plan]").await;
    becomes(town, &waiting[0], |job| job["status"] == "planned").await;
    hand.sees(&bar(&waiting[0])).await;
    takes_back(hand).await;
    for job in waiting {
        becomes(town, job, |job| job["status"] == "unassigned").await;
        hand.sees(&pool(job)).await;
    }
}

async fn what_the_planner_proposes_is_dismissed_and_accepted(hand: &Hand, scene: &Scene) {
    let Scene { town, one, .. } = scene;
    let pattern = town.api.get(&format!("/jobs/{one}")).await.1;
    for answer in ["dismiss", "accept"] {
        let urgent = json!({
            "customer_id": pattern["customer_id"], "location_id": pattern["location_id"],
            "title": "Câble coupé", "duration_min": 30, "priority": "urgent", "skills": [],
        });
        let urgent = town.make("/jobs", urgent).await;
        hand.press(&format!("[data-proposal] [data-action={answer}]")).await;
        hand.misses("[data-proposal]").await;
        let wanted = if answer == "accept" { "planned" } else { "unassigned" };
        becomes(town, urgent["id"].as_str().unwrap(), |job| job["status"] == wanted).await;
    }
}

async fn a_draft_is_filled_and_published(hand: &Hand, scene: &Scene) {
    let Scene { town, waiting, .. } = scene;
    hand.tool("drafts").await;
    hand.writes("[name=draft]", "Demain").await;
    hand.press("[data-action=new-draft]").await;
    hand.sees("[data-action=leave-draft]").await;
    gives(hand, &waiting[0]).await;
    hand.sees(&format!("[data-entry='{}']", waiting[0])).await;
    let held = town.api.get(&format!("/jobs/{}", waiting[0])).await.1;
    assert_eq!(held["status"], "unassigned", "a draft promises nothing");
    hand.press("[data-action=publish]").await;
    becomes(town, &waiting[0], |job| job["status"] == "planned").await;
}

async fn whoever_was_slower_takes_theirs_or_keeps_their_own(hand: &Hand, scene: &Scene) {
    let Scene { town, bob, one, .. } = scene;
    hand.sees(&bar(one)).await;
    // What is sent bears the version of before somebody else's edit: as if its event were still on the way.
    let late = "
        const real = window.fetch;
        window.fetch = (path, init) => {
          if (String(path) !== '/dispatch/assign' || !window.__version) return real(path, init);
          const body = JSON.parse(init.body);
          const version = window.__version;
          window.__version = undefined;
          return real(path, { ...init, body: JSON.stringify({ ...body, version }) });
        };
        return true;";
    ask(&hand.browser, late, vec![]).await;
    let ana = ana(scene).await;
    for (answer, stands_with) in [("take-theirs", &ana), ("keep-mine", bob)] {
        let seen = town.api.get(&format!("/jobs/{one}")).await.1;
        let edit = json!({"title": format!("Vu par {answer}"), "version": seen["version"]});
        let request = crate::harness::server::client();
        let request = request.patch(format!("{}/jobs/{one}", town.plan.url())).json(&edit);
        let status = request.bearer_auth(crate::harness::server::TOKEN).send().await.unwrap();
        assert_eq!(status.status(), 200);
        let version = seen["version"].clone();
        ask(&hand.browser, "window.__version = arguments[0]; return true;", vec![version]).await;
        hand.carries_down(one, bob).await;
        hand.sees("[data-clash]").await;
        let said = "return document.querySelector('dialog h2').textContent;";
        let said = ask(&hand.browser, said, vec![]).await;
        assert!(said.as_str().unwrap().contains("programme"), "who was quicker: {said}");
        hand.press(&format!("[data-action={answer}]")).await;
        hand.misses("[data-clash]").await;
        becomes(town, one, |job| job["visit"]["technician_id"] == json!(stands_with)).await;
    }
}

async fn what_waits_moves_along(hand: &Hand, scene: &Scene) {
    let Scene { town, one, two, .. } = scene;
    let body = json!({"depends_on": [one]});
    let request = crate::harness::server::client();
    let request = request.patch(format!("{}/jobs/{two}", town.plan.url())).json(&body);
    let answer = request.bearer_auth(crate::harness::server::TOKEN).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    // With somebody else, so that nothing but the order is in the way.
    let to_bob = json!({
        "job_id": two, "technician_id": scene.bob, "start": "2026-11-23T13:00:00-05:00",
    });
    assert_eq!(town.ask("/dispatch/assign", &to_bob).await.0, 200);
    stands(&hand.browser, two, &scene.bob).await;
    // From eleven to half past twelve: the other one, at one, would begin before this one ends.
    hand.carries_later(one, 6).await;
    hand.press(".toast [data-action=insist]").await;
    becomes(town, one, |job| job["visit"]["start"] == "2026-11-23T17:30:00Z").await;
    let then = becomes(town, two, |job| job["visit"]["start"] != "2026-11-23T18:00:00Z").await;
    assert!(then["visit"]["start"].as_str() >= Some("2026-11-23T18:30:00Z"), "{then}");
}

async fn an_outside_calendar_is_followed_and_left(hand: &Hand, scene: &Scene) {
    use crate::stories::following::{GOOGLE, Server};
    let server = Server::serving(GOOGLE).await;
    hand.press(&name(&scene.bob)).await;
    hand.press("[data-action=add-calendar]").await;
    hand.writes("[name=calendar-url]", &server.url).await;
    hand.press("[data-action=follow]").await;
    hand.sees("[data-busy]").await;
    hand.press("[data-action=unfollow]").await;
    hand.misses("[data-busy]").await;
    hand.misses("[data-calendar]").await;
}

async fn a_clock_is_written_down_paused_and_resumed(hand: &Hand, scene: &Scene) {
    let town = &scene.town;
    hand.tool("sla").await;
    hand.press("[data-action=new-policy]").await;
    hand.writes("[name=policy-name]", "Pannes").await;
    hand.writes("[name=policy-arrive]", "180").await;
    hand.press("[data-action=save-policy]").await;
    hand.sees("[data-policy]").await;
    let job = town.job("Cinq", None).await;
    let id = job["id"].as_str().unwrap();
    hand.sees(&format!("{} [data-sla-state=running]", pool(id))).await;
    hand.press("[data-sla-panel] header button").await;
    hand.press(&pool(id)).await;
    hand.chooses("[name=sla-reason]", "parts").await;
    hand.press("[data-action=pause-sla]").await;
    let paused = becomes(town, id, |job| job["sla"]["state"] == "paused").await;
    assert_eq!(paused["sla"]["paused"]["reason"], "parts");
    hand.press("[data-action=resume-sla]").await;
    becomes(town, id, |job| job["sla"]["state"] == "running").await;
}

async fn the_board_of_an_earlier_moment_is_looked_at_and_left(hand: &Hand, scene: &Scene) {
    hand.sees(&bar(&scene.one)).await;
    hand.tool("past").await;
    // Five minutes ago nobody was there.
    hand.press(".past-panel .when button:nth-of-type(1)").await;
    hand.sees("[data-past]").await;
    hand.misses("[data-job]").await;
    hand.press("[data-action=back-to-now]").await;
    hand.misses("[data-past]").await;
    hand.sees(&bar(&scene.one)).await;
}

async fn shares_and_kept_promises_are_looked_at(hand: &Hand, scene: &Scene) {
    hand.tool("fairness").await;
    hand.press("[data-counter=far]").await;
    hand.sees("[data-counter=far][aria-pressed=true]").await;
    hand.press("[data-fair-span=week]").await;
    hand.sees(&format!("[data-share='{}']", scene.bob)).await;
    hand.sees(".fairness [data-mean]").await;
    hand.tool("kept").await;
    hand.press("[data-kept-span='1']").await;
    hand.sees("[data-kept-span='1'][aria-pressed=true]").await;
    hand.sees("[data-kept] .share").await;
}
