//! Makes the invented company known to an empty server, through its doors: tags, technicians, customers with their houses, and jobs.
//! It remembers the ids that the server gave. Nothing here moves in time.

use futures_util::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::client::{DoorError, Doors, text_at};
use super::work::{Job, SKILLS};
use super::world::World;

/// Requests under way at once; more would only stand in the server's queue.
pub const AT_ONCE: usize = 24;

/// The server's ids, by the world's indices.
#[derive(Debug, Default)]
pub struct Ids {
    pub technicians: Vec<String>,
    /// Customer and location.
    pub customers: Vec<(String, String)>,
}

/// RFC 3339 in UTC; out-of-range seconds give the epoch.
pub fn instant(unix_s: i64) -> String {
    Timestamp::from_second(unix_s).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

fn clock_face(minute: i64) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn skills(skills: &[(usize, u8)], required: bool) -> Vec<Value> {
    skills
        .iter()
        .map(|(skill, level)| {
            let mut entry = json!({ "tag": SKILLS[*skill].0, "level": level });
            if required {
                entry["required"] = json!(true);
            }
            entry
        })
        .collect()
}

/// Creates tags, templates to start with, technicians, customers and locations.
///
/// # Errors
/// A door refused or did not answer.
pub async fn found(doors: &Doors, world: &World) -> Result<Ids, DoorError> {
    for (name, color) in SKILLS {
        doors.post("/tags", &json!({ "name": name, "color": color })).await?;
    }
    doors.post("/templates/starters", &json!({})).await?;
    // One after the other: ids rise in this order, the house rule breaks ties by id, and so the same seed gives the same day.
    let mut technicians = Vec::with_capacity(world.technicians.len());
    for who in 0..world.technicians.len() {
        technicians.push(hire(doors, world, who).await?);
    }
    let customers = stream::iter(0..world.customers.len())
        .map(|who| enrol(doors, world, who))
        .buffered(AT_ONCE)
        .try_collect()
        .await?;
    Ok(Ids { technicians, customers })
}

async fn hire(doors: &Doors, world: &World, who: usize) -> Result<String, DoorError> {
    let technician = &world.technicians[who];
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let week: serde_json::Map<String, Value> = days
        .iter()
        .zip(technician.week)
        .filter_map(|(day, shift)| {
            let (start, end) = shift?;
            let shift = json!([{ "start": clock_face(start), "end": clock_face(end) }]);
            Some(((*day).to_owned(), shift))
        })
        .collect();
    let body = json!({
        "name": technician.name,
        "phone": technician.phone,
        "email": technician.email,
        "language": technician.language.code(),
        "home": {
            "lat": technician.home.point.lat,
            "lon": technician.home.point.lon,
            "address": technician.home.address,
        },
        "skills": skills(&technician.skills, false),
        "weekly_schedule": week,
        "gps_device_id": technician.tracker,
    });
    let made = doors.create("/technicians", &body, &format!("demo-technician-{who}")).await?;
    text_at("/technicians", &made, "id")
}

async fn enrol(doors: &Doors, world: &World, who: usize) -> Result<(String, String), DoorError> {
    let customer = &world.customers[who];
    let mut body = json!({ "name": customer.name, "language": customer.language.code() });
    if let Some(phone) = &customer.phone {
        body["phone"] = json!(phone);
    }
    if let Some(email) = &customer.email {
        body["email"] = json!(email);
    }
    let made = doors.create("/customers", &body, &format!("demo-customer-{who}")).await?;
    let id = text_at("/customers", &made, "id")?;
    let mut body = json!({
        "customer_id": id,
        "address": customer.house.address,
        "lat": customer.house.point.lat,
        "lon": customer.house.point.lon,
    });
    if let Some(notes) = customer.notes {
        body["notes"] = json!(notes);
    }
    let made = doors.create("/locations", &body, &format!("demo-location-{who}")).await?;
    Ok((id, text_at("/locations", &made, "id")?))
}

/// Creates one job of a day that began at `midnight_s`; gives its id.
///
/// # Errors
/// A door refused or did not answer.
pub async fn take_call(
    doors: &Doors,
    ids: &Ids,
    job: &Job,
    midnight_s: i64,
    key: &str,
) -> Result<String, DoorError> {
    let (customer_id, location_id) = ids
        .customers
        .get(job.customer)
        .ok_or_else(|| DoorError::Shape { door: "/customers".to_owned(), field: "id" })?;
    let mut body = json!({
        "customer_id": customer_id,
        "location_id": location_id,
        "title": job.title,
        "kind": job.kind,
        "duration_min": job.duration_min,
        "priority": job.priority.word(),
        "skills": skills(&job.skills, true),
    });
    if let Some((start, end)) = job.window {
        body["arrival_window"] = json!({
            "start": instant(midnight_s + start * 60),
            "end": instant(midnight_s + end * 60),
        });
    }
    let made = doors.create("/jobs", &body, key).await?;
    text_at("/jobs", &made, "id")
}

/// Creates the jobs known in the morning, one after the other for the same reason as technicians; the ids come in the jobs' order.
///
/// # Errors
/// A door refused or did not answer.
pub async fn take_calls(
    doors: &Doors,
    ids: &Ids,
    jobs: &[Job],
    midnight_s: i64,
) -> Result<Vec<Option<String>>, DoorError> {
    let mut made = Vec::with_capacity(jobs.len());
    for (number, job) in jobs.iter().enumerate() {
        let key = format!("demo-job-{midnight_s}-{number}");
        made.push(Some(take_call(doors, ids, job, midnight_s, &key).await?));
    }
    Ok(made)
}

/// Lets the house rule place jobs on a date (`YYYY-MM-DD`) at once; gives how many found a place.
///
/// # Errors
/// A door refused or did not answer.
pub async fn place(doors: &Doors, date: &str, job_ids: &[String]) -> Result<usize, DoorError> {
    if job_ids.is_empty() {
        return Ok(0);
    }
    let body = json!({ "date": date, "job_ids": job_ids, "mode": "apply" });
    let answer = doors.post("/dispatch/auto-assign", &body).await?;
    Ok(answer.get("assigned").and_then(Value::as_array).map_or(0, Vec::len))
}
