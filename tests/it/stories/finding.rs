//! Whoever is on the phone is found by the first thing they say: a name, a number, a street, an id.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::house::{House, moment, on_both};
use crate::harness::people::text;

on_both! {
    a_caller_is_found_by_name_number_address_and_id at "09:50";
    the_best_hit_comes_first_and_says_what_matched at "09:50";
    what_changes_is_found_by_its_new_words_alone at "09:50";
    a_search_that_cannot_be_understood_is_refused_by_its_field at "09:50";
    lists_are_searched_by_the_same_words at "09:50";
}

async fn hits(house: &House, question: &str) -> Vec<Value> {
    let pairs = [("q", question)];
    let (status, answer) = house.answer(house.request(Method::GET, "/search").query(&pairs)).await;
    assert_eq!(status, 200, "{question}: {answer}");
    answer["items"].as_array().unwrap().clone()
}

async fn found(house: &House, question: &str) -> Vec<(String, String)> {
    let pair = |hit: &Value| (text(&hit["kind"]), text(&hit["title"]));
    hits(house, question).await.iter().map(pair).collect()
}

/// Élise Tremblay of St-Rémi, and a job at her place.
async fn elise(house: &House) -> (Value, Value, Value) {
    let body = json!({
        "name": "Élise Tremblay", "phone": "450 555-0123", "email": "elise@example.org",
        "external_id": "CRM-7741",
    });
    let customer = house.make("/customers", body).await;
    let body = json!({
        "customer_id": customer["id"], "address": "12, boul. St-Rémi, Ste-Clotilde, QC J0L 1W0",
        "lat": 45.16, "lon": -73.68, "external_id": "SITE-9",
    });
    let location = house.make("/locations", body).await;
    let body = json!({
        "customer_id": customer["id"], "location_id": location["id"], "title": "Pas d'Internet",
        "duration_min": 60, "external_id": "WO 5512",
    });
    let job = house.make("/jobs", body).await;
    (customer, location, job)
}

async fn a_caller_is_found_by_name_number_address_and_id(house: &House) {
    let (customer, location, job) = elise(house).await;
    house.technician("Ana").await;
    let title = |of: &Value, name: &str| text(&of[name]);
    let person = ("customer".to_owned(), title(&customer, "name"));
    let place = ("location".to_owned(), title(&location, "address"));
    let work = ("job".to_owned(), title(&job, "title"));
    for question in [
        "elise tremblay",
        "TREMBLAY élise",
        "trem",
        "450 555-0123",
        "(450) 555.0123",
        "+14505550123",
        "555-0123",
        "0123",
        "elise@example.org",
    ] {
        let found = found(house, question).await;
        assert_eq!(found, [person.clone(), work.clone()], "{question}");
    }
    for question in
        ["12 boulevard saint-remi", "12 boul st-rémi", "j0l1w0", "ste clotilde", "site-9"]
    {
        assert_eq!(found(house, question).await, [place.clone(), work.clone()], "{question}");
    }
    // A name and a street together mean the work there, then the place.
    assert_eq!(found(house, "tremblay clotilde").await, [work.clone(), place.clone()]);
    for question in [text(&job["id"]), "wo5512".into(), "WO 5512".into(), "d'internet".into()] {
        let expected: &[_] = if question == "wo5512" { &[] } else { std::slice::from_ref(&work) };
        assert_eq!(found(house, &question).await, expected, "{question}");
    }
    for id in [text(&customer["id"]), "CRM-7741".into()] {
        assert_eq!(found(house, &id).await[0], person, "{id}");
    }
    assert_eq!(found(house, "ana roy").await, [("technician".to_owned(), "Ana Roy".to_owned())]);
    assert!(found(house, "nobody").await.is_empty());
    assert!(found(house, " % _ ").await.is_empty(), "signs are not words");
    assert!(found(house, "").await.is_empty());
}

async fn the_best_hit_comes_first_and_says_what_matched(house: &House) {
    let ana = house.technician("Ana").await;
    for name in ["Royer Luc", "Claude Roy", "Roy Hélène"] {
        house.make("/customers", json!({"name": name})).await;
    }
    let names: Vec<String> = found(house, "roy").await.into_iter().map(|hit| hit.1).collect();
    assert_eq!(names, ["Roy Hélène", "Ana Roy", "Claude Roy", "Royer Luc"]);
    // Of a customer's jobs the open one comes first, however old it is.
    let ruiz = house.customer("Ruiz").await;
    let (open, over) = (house.job(&ruiz, None).await, house.job(&ruiz, None).await);
    house.assign(&open, &ana, "13:00").await;
    assert_eq!(house.status(&over.id, "cancelled").await.0, 200);
    let all = hits(house, "ruiz").await;
    let kinds: Vec<&Value> = all.iter().map(|hit| &hit["kind"]).collect();
    assert_eq!(kinds, ["customer", "job", "job"]);
    assert_eq!(all[1]["id"], json!(open.id));
    assert_eq!(all[1]["status"], "planned");
    assert_eq!(all[1]["technician_id"], json!(ana.id));
    assert_eq!(all[1]["start"], json!(moment("13:00")));
    assert_eq!(all[1]["matched"], json!([{"field": "customer_name", "text": "Ruiz"}]));
    assert_eq!(all[2]["status"], "cancelled");
    let number = &hits(house, &ruiz.phone).await[0];
    assert_eq!(number["matched"], json!([{"field": "phone", "text": ruiz.phone}]));
    let of = |kinds: &str, limit: u32| format!("/search?q=roy&kinds={kinds}&limit={limit}");
    let some = house.see(&of("customer", 2)).await["items"].clone();
    assert_eq!(some.as_array().unwrap().len(), 2);
    let some = house.see(&of("technician,job", 2)).await["items"].clone();
    assert_eq!(some.as_array().unwrap().len(), 1);
}

async fn what_changes_is_found_by_its_new_words_alone(house: &House) {
    let (customer, location, job) = elise(house).await;
    let edit = |path: String, body: Value| async move {
        let request = house.request(Method::PATCH, &path).json(&body);
        assert_eq!(house.answer(request).await.0, 200);
    };
    edit(format!("/customers/{}", text(&customer["id"])), json!({"name": "Élise Gagnon"})).await;
    edit(format!("/locations/{}", text(&location["id"])), json!({"address": "4, rue Neuve"})).await;
    assert!(found(house, "tremblay").await.is_empty());
    assert!(found(house, "clotilde").await.is_empty());
    let kinds = async |question: &str| -> Vec<String> {
        found(house, question).await.into_iter().map(|hit| hit.0).collect()
    };
    assert_eq!(kinds("gagnon").await, ["customer", "job"]);
    assert_eq!(kinds("4 rue neuve").await, ["location", "job"]);
    edit(format!("/jobs/{}", text(&job["id"])), json!({"title": "Fibre à réparer"})).await;
    assert!(found(house, "internet").await.is_empty());
    assert_eq!(kinds("reparer gagnon neuve").await, ["job"], "its customer's words stay with it");
}

async fn a_search_that_cannot_be_understood_is_refused_by_its_field(house: &House) {
    house.customer("Ruiz").await;
    for (path, status, pointer) in [
        ("/search".to_owned(), 400, "/q"),
        ("/search?q=a&kinds=customer,cat".to_owned(), 422, "/kinds"),
        ("/search?q=a&limit=0".to_owned(), 422, "/limit"),
        ("/search?q=a&limit=51".to_owned(), 422, "/limit"),
        (format!("/search?q={}", "a".repeat(201)), 422, "/q"),
    ] {
        let (answered, problem) = house.get(&path).await;
        let told = (answered, &problem["errors"][0]["pointer"]);
        assert_eq!(told, (status, &json!(pointer)), "{path}: {problem}");
    }
    assert_eq!(house.answer(house.bare(Method::GET, "/search?q=a")).await.0, 401);
    // Any number of words is taken; those beyond what anybody says are not looked at.
    assert!(found(house, &"mot ".repeat(40)).await.is_empty());
}

async fn lists_are_searched_by_the_same_words(house: &House) {
    let (customer, _, job) = elise(house).await;
    house.customer("Ruiz").await;
    let ids = async |path: &str| -> Vec<String> {
        let items = house.see(path).await["items"].as_array().unwrap().clone();
        items.iter().map(|item| text(&item["id"])).collect()
    };
    let (customer, job) = (text(&customer["id"]), text(&job["id"]));
    for question in
        ["elise", "450%20555-0123", "boulevard%20st-remi", "tremblay%20clotilde", "CRM-7741"]
    {
        let path = format!("/customers?search={question}");
        assert_eq!(ids(&path).await, [customer.as_str()], "{path}");
        let path = format!("/jobs?search={question}");
        assert_eq!(ids(&path).await, [job.as_str()], "{path}");
    }
    assert_eq!(ids("/customers").await.len(), 2);
    assert_eq!(ids("/customers?search=").await.len(), 2, "nothing asked, nothing left out");
    assert!(ids("/customers?search=%25").await.is_empty());
    assert!(ids("/jobs?search=%25").await.is_empty());
    assert_eq!(ids("/jobs?search=").await.len(), 1);
}
