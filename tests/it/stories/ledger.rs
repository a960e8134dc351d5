//! Every window that a customer was told is written down, with its text and who led to it; a move that breaks one is
//! refused until a reason is given, where the asker wants that; and the share of kept promises is a count of rows.

use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::{Job, Technician, text};
use crate::harness::town::minutes_from;

on_both! {
    what_was_told_is_in_the_ledger_with_its_text_and_its_name at "08:00";
    a_move_that_breaks_a_promise_waits_for_a_reason at "08:00";
    a_broken_promise_may_be_kept_from_the_customer_with_a_name at "08:00";
    kept_promises_are_counted_from_rows at "08:00";
    several_moves_name_every_window_that_they_break at "08:00";
    a_plain_move_is_not_guarded at "08:00";
    what_waits_to_be_told_is_told_to_nobody_yet at "08:00" with undo_seconds = "60";
    a_lateness_is_on_the_board_once_its_text_has_left at "09:50" with undo_seconds = "60";
}

async fn ledger(house: &House, job: &Job) -> Vec<Value> {
    let answer = house.see(&format!("/jobs/{}/promises", job.id)).await;
    answer["items"].as_array().unwrap().clone()
}

fn guarded(job: &Job, to: &Technician, start: &str) -> Value {
    json!({
        "job_id": job.id, "technician_id": to.id, "start": moment(start), "guard_promises": true,
    })
}

async fn what_was_told_is_in_the_ledger_with_its_text_and_its_name(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    house.assign(&job, &ana, "14:00").await;
    house.settle().await;
    let rows = ledger(house, &job).await;
    assert_eq!(rows.len(), 2, "{rows:?}");
    let (newest, first) = (&rows[0], &rows[1]);
    assert_eq!((&first["kind"], &first["outcome"]), (&json!("visit_promised"), &json!("replaced")));
    assert_eq!((&newest["kind"], &newest["outcome"]), (&json!("rescheduled"), &json!("open")));
    let texts = house.texts_to(&job.phone).await;
    assert_eq!(newest["body"], texts[1]["body"], "the very words");
    assert_eq!(first["to"], json!(job.phone));
    assert_eq!(first["channel"], "sms");
    assert_ne!(text(&first["by"]), "house", "whoever gave the job away");
    assert_eq!(house.get("/jobs/job_none/promises").await.0, 404);
}

async fn a_move_that_breaks_a_promise_waits_for_a_reason(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    // Inside what was told: nothing breaks.
    house.done("/dispatch/assign", &guarded(&job, &ana, "10:30")).await;
    house.settle().await;
    let (status, refused) = house.post("/dispatch/assign", &guarded(&job, &ana, "14:00")).await;
    assert_eq!((status, &refused["code"]), (409, &json!("promise.broken")), "{refused}");
    assert_eq!(moment(refused["promise"]["start"].as_str().unwrap()), moment("10:00"));
    assert_eq!(refused["text"]["kind"], "rescheduled");
    let announced = text(&refused["text"]["body"]);
    let mut body = guarded(&job, &ana, "14:00");
    body["break_promise"] = json!({"reason": " ", "tell": true});
    assert_eq!(house.post("/dispatch/assign", &body).await.0, 422, "a reason says something");
    body["break_promise"] = json!({"reason": "urgence à l'hôpital", "tell": true});
    house.done("/dispatch/assign", &body).await;
    house.settle().await;
    let texts = house.texts_to(&job.phone).await;
    let words = |body: &str| body.split("/track/").next().unwrap().to_owned();
    assert_eq!(words(&text(&texts[1]["body"])), words(&announced), "as it was shown");
    let rows = ledger(house, &job).await;
    assert_eq!(rows[1]["broken"]["reason"], "urgence à l'hôpital");
    assert_ne!(text(&rows[1]["broken"]["by"]), "");
    // Off the board breaks it as well.
    let off = json!({"job_id": job.id, "guard_promises": true});
    let (status, refused) = house.post("/dispatch/unassign", &off).await;
    assert_eq!((status, &refused["code"]), (409, &json!("promise.broken")), "{refused}");
}

async fn a_broken_promise_may_be_kept_from_the_customer_with_a_name(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let mut body = guarded(&job, &ana, "14:00");
    body["break_promise"] = json!({"reason": "le client a appelé", "tell": false});
    house.done("/dispatch/assign", &body).await;
    house.settle().await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised"], "nobody was told");
    assert_eq!(ledger(house, &job).await[0]["broken"]["tell"], false);
    // An edit does not tell it by the back door.
    let path = format!("/jobs/{}", job.id);
    let request = house.request(reqwest::Method::PATCH, &path);
    house.answer(request.json(&json!({"notes": "sonner deux fois"}))).await;
    house.settle().await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised"]);
}

async fn kept_promises_are_counted_from_rows(house: &House) {
    let (ana, luc) = (house.technician("Ana").await, house.technician("Luc").await);
    let kept = house.promised("Ruiz", &ana, ("09:00", "10:00")).await;
    let late = house.promised("Tremblay", &luc, ("09:00", "09:30")).await;
    house.promised("Gagnon", &ana, ("14:00", "15:00")).await;
    house.at("09:20").await;
    house.status(&kept.id, "on_site").await;
    house.at("09:50").await;
    house.status(&late.id, "on_site").await;
    house.settle().await;
    let day = house.see("/promises?from=2026-11-23").await;
    assert_eq!((&day["kept"], &day["late"], &day["open"]), (&json!(1), &json!(1), &json!(1)));
    assert_eq!(day["kept_percent"], 50.0);
    assert_eq!(day["items"].as_array().unwrap().len(), 3, "each can be opened: {day}");
    let nothing = house.see("/promises?from=2026-11-24").await;
    assert_eq!((&nothing["items"], &nothing["kept_percent"]), (&json!([]), &Value::Null));
    assert_eq!(house.get("/promises?from=2026-11-23&to=2026-11-01").await.0, 422);
}

async fn several_moves_name_every_window_that_they_break(house: &House) {
    let (ana, bob) = (house.technician("Ana").await, house.technician("Bob").await);
    let one = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let two = house.promised("Roy", &ana, ("13:00", "14:00")).await;
    let three = house.promised("Caron", &ana, ("15:00", "15:30")).await;
    let head = house.inside.head();
    // One to another hour, one to another technician at its own, one off the board.
    let moves = json!([
        {"job_id": one.id, "technician_id": bob.id, "start": moment("12:00")},
        {"job_id": two.id, "technician_id": bob.id, "start": moment("13:00")},
        {"job_id": three.id},
    ]);
    let mut body = json!({"moves": moves, "guard_promises": true});
    let (status, refused) = house.post("/dispatch/assign-many", &body).await;
    assert_eq!((status, &refused["code"]), (409, &json!("promise.broken")), "{refused}");
    let broken = refused["broken"].as_array().unwrap();
    let ids: Vec<String> = broken.iter().map(|each| text(&each["job_id"])).collect();
    assert_eq!(ids, [one.id.clone(), three.id.clone()], "each that breaks, and no other");
    assert_eq!(broken[0]["text"]["kind"], "rescheduled");
    assert_eq!(house.inside.head(), head, "nothing has moved");
    body["break_promise"] = json!({"reason": " ", "tell": true});
    assert_eq!(house.post("/dispatch/assign-many", &body).await.0, 422, "a reason says something");
    body["break_promise"] = json!({"reason": "Ana est malade", "tell": true});
    house.done("/dispatch/assign-many", &body).await;
    house.settle().await;
    for job in [&one, &three] {
        let rows = ledger(house, job).await;
        let kept = rows.iter().find(|row| !row["broken"].is_null()).unwrap_or(&Value::Null);
        assert_eq!(kept["broken"]["reason"], "Ana est malade", "{rows:?}");
    }
    assert!(ledger(house, &two).await.iter().all(|row| row["broken"].is_null()));
}

async fn a_plain_move_is_not_guarded(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    house.assign(&job, &ana, "14:00").await;
    house.settle().await;
    assert_eq!(house.kinds_to(&job.phone).await, ["visit_promised", "rescheduled"]);
}

/// What the board says that the customer was told, and what waits.
async fn on_board(house: &House) -> (Value, Value) {
    let visit = house.board().await["technicians"][0]["visits"][0].clone();
    (visit["promise"]["number"].clone(), visit["next_promise"]["number"].clone())
}

async fn what_waits_to_be_told_is_told_to_nobody_yet(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "11:00")).await;
    let first = ledger(house, &job).await.remove(0);
    assert_eq!((&first["outcome"], &first["state"]), (&json!("waiting"), &json!("queued")));
    assert_eq!(moment(first["due_at"].as_str().unwrap()), moment("08:01"), "{first}");
    let day = house.see("/promises?from=2026-11-23").await;
    assert_eq!((&day["waiting"], &day["open"]), (&json!(1), &json!(0)), "{day}");
    assert_eq!(on_board(house).await, (Value::Null, json!(1)));
    house.at("08:02").await;
    assert_eq!(ledger(house, &job).await[0]["outcome"], "open");
    assert_eq!(on_board(house).await, (json!(1), Value::Null));
    // A second window waits: the first is what the customer knows, until the second has left.
    let watch = house.watch("dispatch", Some(house.inside.head())).await;
    house.assign(&job, &ana, "14:00").await;
    house.settle().await;
    let outcomes = async || {
        let rows = ledger(house, &job).await;
        rows.iter().map(|row| text(&row["outcome"])).collect::<Vec<_>>()
    };
    assert_eq!(outcomes().await, ["waiting", "open"]);
    assert_eq!(on_board(house).await, (json!(1), json!(2)));
    let told = watch.of("promise.told").pop().unwrap().data["data"].clone();
    assert_eq!(moment(told["due_at"].as_str().unwrap()), moment("08:03"), "{told}");
    let waits = house.texts_to(&job.phone).await.pop().unwrap();
    house.done(&format!("/outbox/{}/recall", text(&waits["id"])), &json!({})).await;
    assert_eq!(outcomes().await, ["unsaid", "open"]);
    assert_eq!(on_board(house).await, (json!(1), Value::Null), "what was told is there again");
    house.assign(&job, &ana, "15:00").await;
    // What it asks to be told is due from its own moment on.
    house.settle().await;
    house.at("08:10").await;
    assert_eq!(outcomes().await, ["open", "unsaid", "replaced"]);
    assert_eq!(on_board(house).await, (json!(2), Value::Null), "what nobody read has no number");
}

async fn a_lateness_is_on_the_board_once_its_text_has_left(house: &House) {
    let ana = house.technician("Ana").await;
    let job = house.promised("Ruiz", &ana, ("10:00", "10:30")).await;
    house.at("09:52").await;
    house.fix(&ana, minutes_from(job.place, 55)).await;
    assert_eq!(on_board(house).await, (json!(1), json!(2)), "nobody told them of the delay yet");
    house.at("09:55").await;
    assert_eq!(on_board(house).await, (json!(2), Value::Null));
}
