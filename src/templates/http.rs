//! What the paths of templates take, what a template may hold, and applying one, which makes jobs that wait for each other,
//! all in one commit. Editing a template leaves jobs alone.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use actors::engine::refusal::Language;
use actors::engine::shell::Circumstances;
use actors::ids::{JobId, TemplateId};
use actors::jobs::protocol::{ArrivalWindow, Job};
use actors::templates::{Both, Command, Step, Template};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::starters::starters;
use crate::auth::Caller;
use crate::error::Problem;
use crate::house::House;
use crate::input::{self, Create};
use crate::jobs::http::{JobInput, checked};
use crate::jobs::links::cycle;
use crate::kept::store::{Known, all};
use crate::kept::{Kept, http as kept};

/// Steps of a template at most.
const STEPS_MAX: usize = 40;
/// Longest wait between two steps: ninety days.
const OFFSET_MAX_MIN: i64 = 90 * 24 * 60;

/// A template, or one as edited.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TemplateInput {
    /// A short name for programs: letters, digits, `_`.
    pub code: String,
    /// Its name.
    pub name: Both,
    /// Its steps.
    pub steps: Vec<Step>,
}

/// For whom and where a template is applied.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyInput {
    /// For whom.
    pub customer_id: String,
    /// Where.
    pub location_id: String,
    /// What the customer is promised for the first step.
    #[serde(default)]
    pub arrival_window: Option<ArrivalWindow>,
    /// What the technicians should know.
    #[serde(default)]
    pub notes: Option<String>,
}

fn named(both: &Both, pointer: &str) -> Result<Both, Problem> {
    Ok(Both {
        fr: input::said(&both.fr, &format!("{pointer}/fr"))?,
        en: input::said(&both.en, &format!("{pointer}/en"))?,
    })
}

fn whole(input: &TemplateInput, id: TemplateId, number: i64) -> Result<Template, Problem> {
    let code = input.code.trim().to_lowercase();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if code.is_empty() || code.len() > 60 || !code.chars().all(is_plain) {
        return Err(Problem::invalid("/code", "1 to 60 letters, digits and underscores."));
    }
    if input.steps.is_empty() {
        return Err(Problem::invalid("/steps", "A template has a step at least."));
    }
    input::at_most(&input.steps, STEPS_MAX, "/steps")?;
    let mut steps: Vec<Step> = Vec::with_capacity(input.steps.len());
    for (index, step) in input.steps.iter().enumerate() {
        let at = |field: &str| format!("/steps/{index}/{field}");
        let key = input::said(&step.key, &at("key"))?;
        if steps.iter().any(|other| other.key == key) {
            return Err(Problem::invalid(at("key"), "Another step has this key."));
        }
        if !(1..=24 * 60).contains(&step.duration_min) {
            return Err(Problem::invalid(at("duration_min"), "A job takes 1 to 1440 minutes."));
        }
        if !(0..=OFFSET_MAX_MIN).contains(&step.offset_min) {
            return Err(Problem::invalid(at("offset_min"), "At most ninety days."));
        }
        for need in &step.depends_on {
            if !input.steps.iter().any(|other| other.key.trim() == need) {
                return Err(Problem::invalid(at("depends_on"), "There is no step of this key."));
            }
        }
        for (number, need) in step.skills.iter().enumerate() {
            input::said(&need.tag, &at(&format!("skills/{number}/tag")))?;
            if !(1..=5).contains(&need.level) {
                let pointer = at(&format!("skills/{number}/level"));
                return Err(Problem::invalid(pointer, "A level is between 1 and 5."));
            }
        }
        let title = named(&step.title, &at("title"))?;
        steps.push(Step { key, title, ..step.clone() });
    }
    Ok(Template { id, code, name: named(&input.name, "/name")?, number, steps: ordered(steps)? })
}

/// The steps with those that others wait for first.
fn ordered(mut left: Vec<Step>) -> Result<Vec<Step>, Problem> {
    let mut done: Vec<Step> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free = |step: &Step| {
            step.depends_on.iter().all(|key| done.iter().any(|other| other.key == *key))
        };
        let Some(next) = left.iter().position(is_free) else {
            return Err(cycle(&round(&left)).pointer("/steps", "a cycle"));
        };
        done.push(left.remove(next));
    }
    Ok(done)
}

/// A cycle among steps that all wait for another one of them, by title, from one back to itself.
fn round(left: &[Step]) -> Vec<String> {
    let mut path: Vec<&Step> = left.first().into_iter().collect();
    while let Some(last) = path.last() {
        let next = left.iter().find(|step| last.depends_on.contains(&step.key));
        let Some(next) = next else { break };
        if let Some(from) = path.iter().position(|step| step.key == next.key) {
            path.drain(..from);
            path.push(next);
            break;
        }
        path.push(next);
    }
    path.iter().map(|step| step.title.fr.clone()).collect()
}

impl From<Template> for TemplateInput {
    fn from(template: Template) -> Self {
        Self { code: template.code, name: template.name, steps: template.steps }
    }
}

impl Kept for Template {
    type Input = TemplateInput;

    const NOUN: &'static str = "template";

    fn id(&self) -> &str {
        self.id.as_str()
    }

    /// The one of this id, or of this code.
    async fn find(house: &House, id: &str) -> Result<Option<Known<Self>>, Problem> {
        let all = all::<Self>(&mut *house.read().await?).await?;
        Ok(all.into_iter().find(|one| one.thing.id.as_str() == id || one.thing.code == id))
    }

    async fn checked(
        house: &House,
        input: TemplateInput,
        before: Option<&Self>,
    ) -> Result<Self, Problem> {
        match before {
            Some(before) => whole(&input, before.id.clone(), before.number),
            None => whole(&input, TemplateId::new(house.clock.now(), house.entropy()), 1),
        }
    }

    async fn make(self, house: &House, why: Circumstances) -> Result<(), Problem> {
        house.rooms.templates(Command::Create(Box::new(self)), why).await?;
        Ok(())
    }

    async fn change(
        self,
        house: &House,
        _: Self,
        version: i64,
        why: Circumstances,
    ) -> Result<(), Problem> {
        let command = Command::Change { after: Box::new(self), version: Some(version) };
        house.rooms.templates(command, why).await?;
        Ok(())
    }

    async fn delete(house: &House, id: &str, why: Circumstances) -> Result<(), Problem> {
        let id = kept::known::<Self>(house, id).await?.thing.id;
        house.rooms.templates(Command::Delete { id }, why).await?;
        Ok(())
    }
}

/// POST /templates/starters
///
/// # Errors
/// Faults only: those that the house has already stay as they are.
pub async fn start(house: web::Data<House>, caller: Caller) -> Result<HttpResponse, Problem> {
    let held = all::<Template>(&mut *house.read().await?).await?;
    for input in starters() {
        if held.iter().any(|one| one.thing.code == input.code) {
            continue;
        }
        let why = Circumstances::by(caller.name.clone());
        Template::checked(&house, input, None).await?.make(&house, why).await?;
    }
    kept::list::<Template>(house).await
}

/// POST /templates/{id}/apply
///
/// # Errors
/// 404, 422 naming the field.
pub async fn apply(
    house: web::Data<House>,
    caller: Caller,
    id: web::Path<String>,
    body: Create<ApplyInput>,
) -> Result<HttpResponse, Problem> {
    let (input, once) = body.split();
    let template = kept::known::<Template>(&house, &id).await?.thing;
    once.answer(&house, &caller, |inbox| {
        let (house, name) = (house.clone(), caller.name.clone());
        async move {
            let jobs = jobs(&house, &template, &input).await?;
            let made: Vec<Value> = jobs
                .iter()
                .zip(&template.steps)
                .map(|(job, step)| {
                    json!({
                        "id": job.id, "step": step.key, "title": job.title,
                        "duration_min": job.duration_min, "depends_on": job.depends_on,
                        "lag_min": job.lag_min,
                    })
                })
                .collect();
            let answer = json!({
                "template_id": template.id, "template_number": template.number, "jobs": made,
            });
            let mark = inbox.map(|mark| mark.answering(201, answer.to_string()));
            let command = Command::Apply { id: template.id.clone(), jobs };
            house.rooms.templates(command, Circumstances::by(name).with_inbox(mark)).await?;
            Ok((StatusCode::CREATED, answer))
        }
    })
    .await
}

async fn jobs(house: &House, template: &Template, input: &ApplyInput) -> Result<Vec<Job>, Problem> {
    let now = house.clock.now();
    let ids: BTreeMap<&str, JobId> = template
        .steps
        .iter()
        .map(|step| (step.key.as_str(), JobId::new(now, house.entropy())))
        .collect();
    let mut jobs = Vec::with_capacity(template.steps.len());
    for (index, step) in template.steps.iter().enumerate() {
        let Some(id) = ids.get(step.key.as_str()) else { continue };
        let plain = JobInput {
            customer_id: input.customer_id.as_str().into(),
            location_id: input.location_id.as_str().into(),
            title: step.title.fr.clone(),
            kind: step.kind.clone(),
            duration_min: step.duration_min,
            crew_size: 1,
            priority: step.priority,
            skills: step.skills.clone(),
            arrival_window: input.arrival_window.filter(|_| index == 0),
            recurrence: None,
            exceptions: None,
            holidays: None,
            depends_on: Vec::new(),
            lag_min: 0,
            notes: input.notes.clone(),
            external_id: None,
        };
        let mut job = checked(house, &plain, id.clone()).await?;
        // What the customer reads is in the customer's language.
        if job.customer_language == Language::En {
            job.title.clone_from(&step.title.en);
        }
        job.depends_on =
            step.depends_on.iter().filter_map(|key| ids.get(key.as_str()).cloned()).collect();
        job.lag_min = step.offset_min;
        jobs.push(job);
    }
    Ok(jobs)
}
