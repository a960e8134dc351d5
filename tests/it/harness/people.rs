//! Who lives around a house and what they do: technicians, customers, their jobs and visits, and the phones that
//! report where somebody is. Everything goes through the public doors.

use reqwest::Method;
use scheduler::travel::Point;
use serde_json::{Value, json};

use super::house::{House, moment};

/// Where customers live unless a story says otherwise.
pub const VILLAGE: Point = Point { lat: 45.08, lon: -73.61 };

/// A technician.
#[derive(Debug, Clone)]
pub struct Technician {
    /// Id.
    pub id: String,
    /// E.164.
    pub phone: String,
    /// The tracker in the van.
    pub device: String,
}

/// A customer with a place.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Id.
    pub id: String,
    /// E.164.
    pub phone: String,
    /// The place's id.
    pub location: String,
    /// Where that is.
    pub place: Point,
}

/// A job, and where it is.
#[derive(Debug, Clone)]
pub struct Job {
    /// Id.
    pub id: String,
    /// The customer's number.
    pub phone: String,
    /// Where it is.
    pub place: Point,
}

/// A number that belongs to a name: the same in every story.
fn number(name: &str) -> String {
    let sum = name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("+1450555{:04}", sum % 10_000)
}

impl House {
    /// A technician who knows fibre at level 3 and works from 8 to 16:30 on every weekday.
    pub async fn technician(&self, name: &str) -> Technician {
        self.post("/tags", &json!({"name": "Fibre"})).await;
        let day = json!([{"start": "08:00", "end": "16:30"}]);
        let week = json!({"mon": day, "tue": day, "wed": day, "thu": day, "fri": day});
        let (phone, device) = (number(name), format!("van-{}", name.to_lowercase()));
        let body = json!({
            "name": format!("{name} Roy"), "phone": phone, "language": "fr",
            "home": {"lat": 45.05, "lon": -73.58}, "weekly_schedule": week,
            "skills": [{"tag": "Fibre", "level": 3}], "gps_device_id": device,
        });
        let made = self.make("/technicians", body).await;
        Technician { id: text(&made["id"]), phone, device }
    }

    /// A French-speaking customer in the village.
    pub async fn customer(&self, name: &str) -> Customer {
        let phone = number(name);
        let body = json!({"name": name, "phone": phone, "language": "fr"});
        let made = self.make("/customers", body).await;
        let place = json!({
            "customer_id": made["id"], "address": "12, rang Sainte-Anne",
            "lat": VILLAGE.lat, "lon": VILLAGE.lon,
        });
        let location = self.make("/locations", place).await;
        Customer { id: text(&made["id"]), phone, location: text(&location["id"]), place: VILLAGE }
    }

    /// An hour's job for a customer, with an arrival window on the Monday or without.
    pub async fn job(&self, customer: &Customer, window: Option<(&str, &str)>) -> Job {
        let window = window.map(|(start, end)| json!({"start": moment(start), "end": moment(end)}));
        let body = json!({
            "customer_id": customer.id, "location_id": customer.location,
            "title": "Pas d'Internet", "duration_min": 60, "priority": "normal",
            "skills": [{"tag": "Fibre", "level": 2, "required": true}], "arrival_window": window,
        });
        let made = self.make("/jobs", body).await;
        Job { id: text(&made["id"]), phone: customer.phone.clone(), place: customer.place }
    }

    /// Asks for a job to be given to a technician at a time.
    pub async fn try_assign(&self, job: &Job, to: &Technician, start: &str) -> (u16, Value) {
        let body = json!({"job_id": job.id, "technician_id": to.id, "start": moment(start)});
        self.post("/dispatch/assign", &body).await
    }

    /// The same, when it must work.
    pub async fn assign(&self, job: &Job, to: &Technician, start: &str) -> Value {
        let (status, answer) = self.try_assign(job, to, start).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// A job that was promised to a customer for that window, and all texts about it gone.
    pub async fn promised(&self, name: &str, to: &Technician, window: (&str, &str)) -> Job {
        let customer = self.customer(name).await;
        let job = self.job(&customer, Some(window)).await;
        self.assign(&job, to, window.0).await;
        self.settle().await;
        job
    }

    /// The van reports where it is, now; and all that follows is done.
    pub async fn fix(&self, who: &Technician, at: Point) {
        let answer = self.try_fix(&who.device, at, &self.now().as_second().to_string(), "8").await;
        assert_eq!(answer.0, 200, "{}", answer.1);
        self.settle().await;
    }

    /// A phone reports something; its answer.
    pub async fn try_fix(&self, id: &str, at: Point, time: &str, accuracy: &str) -> (u16, Value) {
        let query = format!(
            "id={id}&lat={}&lon={}&timestamp={time}&accuracy={accuracy}&speed=27",
            at.lat, at.lon
        );
        self.answer(self.bare(Method::GET, &format!("/traccar/osmand?{query}"))).await
    }

    /// The link of this kind (`/track/`, `/t/`) in the newest text to a number that bears one, as a path.
    pub async fn link_to(&self, phone: &str, kind: &str) -> String {
        let texts = self.texts_to(phone).await;
        let body = texts.iter().rev().find(|item| text(&item["body"]).contains(kind));
        let body = text(&body.unwrap_or_else(|| panic!("no {kind} in {texts:?}"))["body"]);
        let from = body.find(kind).unwrap();
        body[from..].split_whitespace().next().unwrap().trim_end_matches(['.', ',']).to_owned()
    }
}

/// A JSON text.
pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}
